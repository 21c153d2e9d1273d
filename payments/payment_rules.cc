#include "payments/payment_rules.h"

#include <utility>

#include "payments/payment_rules_store.h"

namespace sluice::payments {
namespace {

constexpr Money kMostOfAch = Money::FromCents(99'999'999'99);
constexpr int kMostBankingDays = 60;

std::string InWords(const std::optional<Money>& from) { return from ? from->ToString() : "never"; }

class Differences {
 public:
  void Add(std::string_view field, const std::string& before, const std::string& after) {
    if (before != after) lines_.push_back(fmt::format("{}: {} -> {}", field, before, after));
  }
  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

constexpr int kMostDays = 365;
constexpr int kMostDueDays = 1000;

Status ValidateWork(const PaymentRules& rules) {
  if (rules.line_cap && *rules.line_cap <= Money{}) {
    return InvalidArgument("a cap of a line lies above zero, not at {}", *rules.line_cap);
  }
  if (rules.recoup_notice_days < 0 || rules.recoup_notice_days > kMostDays) {
    return InvalidArgument("notice of an offset is given 0 to {} days before, not {}", kMostDays,
                           rules.recoup_notice_days);
  }
  const CycleSchedule& schedule = rules.schedule;
  if (schedule.due_banking_days &&
      (*schedule.due_banking_days < 0 || *schedule.due_banking_days > kMostDueDays)) {
    return InvalidArgument("a cycle is due 0 to {} banking days after its period, not {}",
                           kMostDueDays, *schedule.due_banking_days);
  }
  if (schedule.alert_banking_days < 0 || schedule.alert_banking_days > kMostBankingDays) {
    return InvalidArgument("an alert comes 0 to {} banking days before the due date, not {}",
                           kMostBankingDays, schedule.alert_banking_days);
  }
  if (schedule.review_days < 0 || schedule.review_days > kMostDays) {
    return InvalidArgument("a review window is 0 to {} days long, not {}", kMostDays,
                           schedule.review_days);
  }
  return OkStatus();
}

}  // namespace

PaymentRules RulesOf(const ProgramPayments& program) {
  return {.minimum_payment = program.plan.minimum_payment,
          .ach_limit = program.plan.ach_limit,
          .offset_rate = program.plan.offset_rate,
          .require_onboarding = program.plan.require_onboarding,
          .approval_tiers = program.approval_tiers,
          .approval_banking_days = program.approval_banking_days,
          .line_cap = program.plan.line_cap,
          .recoup_notice_days = program.plan.recoup_notice_days,
          .schedule = program.schedule};
}

ProgramPayments WithRules(ProgramPayments program, const PaymentRules& rules) {
  program.plan.minimum_payment = rules.minimum_payment;
  program.plan.ach_limit = rules.ach_limit;
  program.plan.offset_rate = rules.offset_rate;
  program.plan.require_onboarding = rules.require_onboarding;
  program.approval_tiers = rules.approval_tiers;
  program.approval_banking_days = rules.approval_banking_days;
  program.plan.line_cap = rules.line_cap;
  program.plan.recoup_notice_days = rules.recoup_notice_days;
  program.schedule = rules.schedule;
  return program;
}

Status ValidatePaymentRules(const PaymentRules& rules) {
  if (rules.minimum_payment < Money{}) {
    return InvalidArgument("a minimum payment of {} is negative", rules.minimum_payment);
  }
  if (rules.ach_limit <= Money{} || rules.ach_limit > kMostOfAch) {
    return InvalidArgument("the limit of one ACH entry is from 0.01 to {}, not {}", kMostOfAch,
                           rules.ach_limit);
  }
  if (rules.ach_limit < rules.minimum_payment) {
    return InvalidArgument("nothing lies between a minimum of {} and a limit of {}",
                           rules.minimum_payment, rules.ach_limit);
  }
  if (rules.offset_rate < Rate() || rules.offset_rate > Rate::FromPercent(100)) {
    return InvalidArgument("from 0 % to 100 % of a payment may be offset, not {}",
                           rules.offset_rate.ToString());
  }
  const ApprovalTiers& tiers = rules.approval_tiers;
  for (const auto& from : {tiers.three_from, tiers.four_from}) {
    if (from && *from <= Money{}) {
      return InvalidArgument("more approvers are needed from an amount above zero, not {}", *from);
    }
  }
  if (tiers.four_from && tiers.three_from && *tiers.four_from <= *tiers.three_from) {
    return InvalidArgument("four approvers from {} must lie above three from {}", *tiers.four_from,
                           *tiers.three_from);
  }
  if (rules.approval_banking_days < 1 || rules.approval_banking_days > kMostBankingDays) {
    return InvalidArgument("an approval is good for 1 to {} banking days, not {}", kMostBankingDays,
                           rules.approval_banking_days);
  }
  return ValidateWork(rules);
}

std::vector<std::string> DiffPaymentRules(const PaymentRules& before, const PaymentRules& after) {
  const auto yes = [](bool value) { return std::string(value ? "yes" : "no"); };
  Differences differences;
  differences.Add("minimum payment", before.minimum_payment.ToString(),
                  after.minimum_payment.ToString());
  differences.Add("limit of one ACH entry", before.ach_limit.ToString(),
                  after.ach_limit.ToString());
  differences.Add("share of a payment that may be offset", before.offset_rate.ToString(),
                  after.offset_rate.ToString());
  differences.Add("onboarding required", yes(before.require_onboarding),
                  yes(after.require_onboarding));
  differences.Add("three approvers from", InWords(before.approval_tiers.three_from),
                  InWords(after.approval_tiers.three_from));
  differences.Add("four approvers from", InWords(before.approval_tiers.four_from),
                  InWords(after.approval_tiers.four_from));
  differences.Add("banking days that an approval is good for",
                  std::to_string(before.approval_banking_days),
                  std::to_string(after.approval_banking_days));
  differences.Add("cap of one line", InWords(before.line_cap), InWords(after.line_cap));
  differences.Add("days of notice before an offset", std::to_string(before.recoup_notice_days),
                  std::to_string(after.recoup_notice_days));
  const auto due = [](const CycleSchedule& schedule) {
    return schedule.due_banking_days ? std::to_string(*schedule.due_banking_days)
                                     : std::string("not agreed");
  };
  differences.Add("banking days after the period until payees are paid", due(before.schedule),
                  due(after.schedule));
  differences.Add("banking days before a due date that an alert comes",
                  std::to_string(before.schedule.alert_banking_days),
                  std::to_string(after.schedule.alert_banking_days));
  differences.Add("days of review before a run closes", std::to_string(before.schedule.review_days),
                  std::to_string(after.schedule.review_days));
  return differences.Take();
}

StatusOr<std::vector<std::string>> PaymentRulesService::Set(const PaymentRules& rules,
                                                            Date effective_from,
                                                            const std::string& reason,
                                                            Actor actor) {
  RETURN_IF_ERROR(ValidatePaymentRules(rules));
  if (reason.empty()) return InvalidArgument("say why the payment rules change");
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<std::string>> {
    const std::vector<PaymentRulesVersion> versions = LoadPaymentRules(tx, program_.book);
    const PaymentRules before = versions.empty() ? RulesOf(program_) : versions.back().rules;
    std::vector<std::string> differences = DiffPaymentRules(before, rules);
    if (differences.empty()) {
      return FailedPrecondition("the payment rules of {} are these already", program_.program_name);
    }
    if (!versions.empty() && effective_from < versions.back().effective_from) {
      return FailedPrecondition(
          "version {} of the payment rules begins on {}: a new one begins then or later",
          versions.back().version, FormatDate(versions.back().effective_from));
    }
    InsertPaymentRules(tx, program_.book,
                       {.version = static_cast<std::int32_t>(versions.size()) + 1,
                        .effective_from = effective_from,
                        .rules = rules,
                        .reason = reason},
                       recorded);
    return differences;
  });
}

StatusOr<PaymentRules> PaymentRulesService::On(Date date) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<PaymentRules> {
    return RulesOf(ProgramOn(tx, program_, date));
  });
}

StatusOr<std::vector<PaymentRulesVersion>> PaymentRulesService::History() {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentRulesVersion>> {
    return LoadPaymentRules(tx, program_.book);
  });
}

}  // namespace sluice::payments
