#include "performance/savings/recalibration.h"

namespace sluice::performance {
namespace {

std::string ResultOf(const Award& award) {
  if (award.status == AwardStatus::kBlocked) return "blocked: " + award.missing;
  std::string text = fmt::format("award {}, payable {}", award.amount, award.payable);
  if (award.zero_reason) text += fmt::format(" ({})", ReasonName(*award.zero_reason));
  return text;
}

}  // namespace

StatusOr<EffectStatement> DescribeRecalibration(const ModelVersion& before,
                                                const ModelVersion& after, const Terms& terms,
                                                const Facts& facts, const Facts& restated,
                                                const CalculationDates& dates) {
  if (before.name.empty() || after.name.empty() || before.sha256 == after.sha256) {
    return InvalidArgument("a recalibration names two versions of a model that differ");
  }
  if (!restated.Measures().empty()) {
    return InvalidArgument("a recalibration restates scores, not measures");
  }
  EffectStatement statement;
  statement.text = fmt::format("recalibration of risk, {}\n  from {} ({})\n  to   {} ({})\n",
                               dates.period.ToString(), before.name, ToHex(before.sha256),
                               after.name, ToHex(after.sha256));
  Facts changed = facts;
  int changes = 0;
  for (const auto& [name, value] : restated.Values()) {
    const auto known = facts.Values().find(name);
    if (known == facts.Values().end()) {
      return InvalidArgument("{} is not recorded, so it cannot be restated", name);
    }
    if (known->second == value) continue;
    ++changes;
    statement.text += fmt::format("  {}: {} -> {}\n", name, FormatFactValue(known->second),
                                  FormatFactValue(value));
    changed.Set(name, value);
  }
  if (changes == 0) return InvalidArgument("no score changes: there is nothing to restate");
  statement.before = Calculate(terms, facts, dates);
  statement.after = Calculate(terms, changed, dates);
  statement.text += fmt::format("  before: {}\n  after:  {}\n", ResultOf(statement.before),
                                ResultOf(statement.after));
  if (statement.before.status == AwardStatus::kComputed &&
      statement.after.status == AwardStatus::kComputed) {
    statement.change = statement.after.payable - statement.before.payable;
    statement.text += fmt::format("  effect: {}\n", statement.change);
  }
  return statement;
}

}  // namespace sluice::performance
