#include "payments/payment_rules_store.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace sluice::payments {
namespace {

constexpr pg::Query kInsert{"payments_insert_payment_rules", R"sql(
  INSERT INTO payments.payment_rules (book_id, version, effective_from, minimum_cents,
    ach_limit_cents, offset_millionths, require_onboarding, three_from_cents, four_from_cents,
    approval_banking_days, reason, recorded_by, recorded_at, line_cap_cents, recoup_notice_days,
    due_banking_days, alert_banking_days, review_days)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
)sql"};

constexpr pg::Query kLoad{"payments_load_payment_rules", R"sql(
  SELECT version, effective_from, minimum_cents, ach_limit_cents, offset_millionths,
    require_onboarding, three_from_cents, four_from_cents, approval_banking_days, reason,
    recorded_by, line_cap_cents, recoup_notice_days, due_banking_days, alert_banking_days,
    review_days
  FROM payments.payment_rules
  WHERE book_id = $1
  ORDER BY version
)sql"};

}  // namespace

void InsertPaymentRules(pg::Transaction& tx, BookId book, const PaymentRulesVersion& version,
                        const Recorded& recorded) {
  const PaymentRules& rules = version.rules;
  const std::optional<std::int32_t> due = rules.schedule.due_banking_days;
  tx.Execute(kInsert, book, version.version, version.effective_from, rules.minimum_payment,
             rules.ach_limit, rules.offset_rate.Millionths(), rules.require_onboarding,
             rules.approval_tiers.three_from, rules.approval_tiers.four_from,
             static_cast<std::int32_t>(rules.approval_banking_days), version.reason, recorded.by,
             recorded.at, rules.line_cap, static_cast<std::int32_t>(rules.recoup_notice_days), due,
             static_cast<std::int32_t>(rules.schedule.alert_banking_days),
             static_cast<std::int32_t>(rules.schedule.review_days));
}

std::vector<PaymentRulesVersion> LoadPaymentRules(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoad, book);
  std::vector<PaymentRulesVersion> versions;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    PaymentRulesVersion version{
        .version = row.Get<std::int32_t>(0),
        .effective_from = row.Get<Date>(1),
        .rules = {.minimum_payment = row.Get<Money>(2),
                  .ach_limit = row.Get<Money>(3),
                  .offset_rate = Rate::FromMillionths(row.Get<std::int64_t>(4)),
                  .require_onboarding = row.Get<bool>(5),
                  .approval_tiers = {row.Get<std::optional<Money>>(6),
                                     row.Get<std::optional<Money>>(7)},
                  .approval_banking_days = row.Get<std::int32_t>(8),
                  .line_cap = row.Get<std::optional<Money>>(11),
                  .recoup_notice_days = row.Get<std::int32_t>(12),
                  .schedule = {.due_banking_days = row.Get<std::optional<std::int32_t>>(13),
                               .alert_banking_days = row.Get<std::int32_t>(14),
                               .review_days = row.Get<std::int32_t>(15)}},
        .reason = row.Get<std::string>(9),
        .recorded_by = row.Get<UserId>(10)};
    versions.push_back(std::move(version));
  }
  return versions;
}

ProgramPayments ProgramOn(pg::Transaction& tx, const ProgramPayments& program, Date date) {
  const std::vector<PaymentRulesVersion> versions = LoadPaymentRules(tx, program.book);
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->effective_from <= date) return WithRules(program, version->rules);
  }
  return program;
}

}  // namespace sluice::payments
