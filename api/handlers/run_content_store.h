// What a run's newest revision holds, as lists show it. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/obligation.h"
#include "payments/run_plan.h"

namespace sluice::api {

// A payee of a run, with its name and the last digits of its account.
struct RunPayeeRow {
  payments::RunPayee payee;
  std::string name;
  std::string last4;  // empty without an account
};
struct RunPayeePage {
  std::vector<RunPayeeRow> payees;
  std::string next_page_token;
};
std::span<const ListField> RunPayeeFields();
RunPayeePage LoadRunPayeePage(pg::Transaction& tx, const payments::Run& run, const ListPage& page);

// A line of a run, with what it came from.
struct RunLineRow {
  payments::ObligationId line;
  ContractId contract;
  AwardId award;
  std::int32_t award_version = 0;
  PartyId party;
  std::optional<PayeeId> payee;
  Money amount;
  Money withheld;
  payments::HoldReason hold = payments::HoldReason::kNone;
};
struct RunLinePage {
  std::vector<RunLineRow> lines;
  std::string next_page_token;
};
std::span<const ListField> RunLineFields();
RunLinePage LoadRunLinePage(pg::Transaction& tx, const payments::Run& run, const ListPage& page);

// A move of a run; numbers count from 1 without gaps.
struct RunMoveRow {
  std::int64_t number = 0;
  std::int32_t revision = 0;  // afterward
  payments::RunCommand command{};
  payments::RunState state{};  // afterward
  UserId actor;
  std::string reason;
  Instant at;
};
struct RunMovePage {
  std::vector<RunMoveRow> moves;
  std::string next_page_token;
};
std::span<const ListField> RunMoveFields();
RunMovePage LoadRunMovePage(pg::Transaction& tx, const payments::Run& run, const ListPage& page);
// Those behind a number, at most so many, the first one first.
std::vector<RunMoveRow> LoadRunMovesBehind(pg::Transaction& tx, const payments::Run& run,
                                           std::int64_t number, std::int64_t most);

}  // namespace sluice::api
