// How a program pays, as configuration that people change: the minimum, the limit of the rail, how
// much of a payment may be offset, who is held, who approves.
//
//   1. A version holds from its date until the next one. A run goes by the version of its business
//      date; without one, by the settings that the program was opened with.
//   2. Versions are added, never edited. Each has a person, a reason and its difference in words.
//
// Rounding, split and the dates that a contract agrees on are its terms (performance/terms.h,
// terms_operations.h). Source: PRODUCT M06.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/date.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/cycle.h"

namespace sluice::payments {

struct PaymentRules {
  Money minimum_payment;  // what is below it is carried; at the minimum it is paid
  Money ach_limit = Money::FromCents(99'999'999'99);
  Rate offset_rate = Rate::FromPercent(100);
  bool require_onboarding = false;
  ApprovalTiers approval_tiers;
  int approval_banking_days = 5;
  std::optional<Money> line_cap;  // a line above it waits for a person
  int recoup_notice_days = 0;     // 0: the next run may take what the last one said is owed
  CycleSchedule schedule;
};

struct PaymentRulesVersion {
  std::int32_t version = 1;
  Date effective_from{};
  PaymentRules rules;
  std::string reason;
  UserId recorded_by;
};

// The settings that the program was opened with, and the program under other rules.
PaymentRules RulesOf(const ProgramPayments& program);
ProgramPayments WithRules(ProgramPayments program, const PaymentRules& rules);

// InvalidArgument names the first rule that is out of range.
Status ValidatePaymentRules(const PaymentRules& rules);
// One line for each field that differs: "minimum payment: 0.00 -> 25.00".
std::vector<std::string> DiffPaymentRules(const PaymentRules& before, const PaymentRules& after);

class PaymentRulesService {
 public:
  PaymentRulesService(const pg::Database& database, ProgramPayments program, Clock& clock)
      : database_(database.ForPayer(program.payer)), program_(std::move(program)), clock_(clock) {}

  // Adds a version and returns what it changes. FailedPrecondition when it changes nothing, or
  // begins before the newest version; InvalidArgument for rules out of range or without a reason.
  StatusOr<std::vector<std::string>> Set(const PaymentRules& rules, Date effective_from,
                                         const std::string& reason, Actor actor);
  // What a run of the date goes by.
  StatusOr<PaymentRules> On(Date date);
  // By version.
  StatusOr<std::vector<PaymentRulesVersion>> History();

 private:
  pg::Database database_;
  ProgramPayments program_;
  Clock& clock_;
};

}  // namespace sluice::payments
