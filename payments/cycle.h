// Payment cycles and their runs: the values.
//
// A cycle is a program and a period. It owns runs: one regular, any number of off-cycle and
// correction runs. A run has revisions: each is the immutable content of the run at one time, and
// any edit makes the next one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "payments/approval.h"
#include "payments/ledger/account.h"
#include "payments/obligation.h"
#include "payments/pool.h"
#include "payments/run_plan.h"
#include "payments/run_state.h"

namespace sluice::payments {

struct Cycle {
  CycleId id;
  BookId book;
  ProgramId program;
  std::string name;
  DateRange period;  // with an end
};

enum class RunKind : std::int16_t { kRegular = 0, kOffCycle = 1, kCorrection = 2, kReissue = 3 };

struct Run {
  RunId id;
  BookId book;
  CycleId cycle;
  RunKind kind = RunKind::kRegular;
  std::int32_t seq = 1;
  PoolId pool;
  Date business_date{};
  Date effective_date{};  // when the payees' banks settle; a banking day after the business date
  RunState state = RunState::kOpen;
  std::int64_t version = 0;
  std::int32_t revision = 0;  // 0 until the first calculation
  std::int64_t fence = 0;
  std::int32_t hold_attempt = 1;
  std::optional<Instant> hold_expires_at;  // set while the pool's money is on hold
};

// A revision as it was submitted for approval.
struct SubmittedRevision {
  std::int32_t revision = 0;
  UserId submitted_by;
  Digest digest{};
  std::int32_t required_approvals = 2;
  Money hold;  // what is taken from the pool
  Money net;   // what leaves
};

// When a program's cycles are due. Without a due date nothing is late.
struct CycleSchedule {
  std::optional<int> due_banking_days;  // payees have their money, after the end of the period
  int alert_banking_days = 2;           // how long before a due date it is said
  int review_days = 0;                  // after settlement, before which a run does not close
};

// How a program pays: configuration of its cycles. Dated rules (payment_rules.h), where there are
// any, stand for the plan, the tiers and the days given here.
struct ProgramPayments {
  PayerId payer;
  ProgramId program;
  BookId book;
  std::string payer_code;    // for file names: letters, digits and dashes
  std::string program_code;  // the same
  std::string program_name;
  Pool pool;
  PlanSettings plan;
  ApprovalTiers approval_tiers;
  int approval_banking_days = 5;  // an approval that is not used lapses after these
  CycleSchedule schedule = {};
};

// "regular run 1".
std::string RunName(RunKind kind, std::int32_t seq);

}  // namespace sluice::payments
