#include "performance/savings/rebase.h"

namespace sluice::performance {
namespace {

// The mean of what each year of the agreement gives, carried by the trend to `year` (from 0).
template <typename Pick>
Exact MeanCarried(int years, int year, const Ratio& growth, Pick pick) {
  Exact sum;
  for (int back = 1; back <= years; ++back) {
    Exact amount = pick(static_cast<std::size_t>(year - back));
    for (int step = 0; step < back; ++step) amount = amount * growth;
    sum = sum + amount;
  }
  return sum * Ratio(1, years);
}

void Rebased(const Rebase& rule, const RebaseScenario& scenario,
             const std::vector<RebasedYear>& path, RebasedYear& line) {
  const int year = line.year - 1;
  const Ratio growth = Ratio(1) + Ratio(scenario.trend);
  const auto mean = [&](auto pick) {
    return MeanCarried(rule.agreement_years, year, growth, pick);
  };
  const Exact own = mean([&](std::size_t i) { return scenario.own_cost[i]; });
  const Exact regional = mean([&](std::size_t i) { return scenario.regional_cost[i]; });
  const Exact saved =
      mean([&](std::size_t i) { return path[i].saving.Sign() > 0 ? path[i].saving : Exact(); });
  const Exact former = path.back().target * growth;
  const Ratio former_weight = Ratio(1) - rule.own_weight - rule.regional_weight;
  line.rebased = true;
  line.target = own * rule.own_weight + regional * rule.regional_weight + former * former_weight +
                saved * rule.savings_returned;
  line.detail = fmt::format("{} x own {} + {} x regional {} + {} x former {} + {} x saving {}",
                            rule.own_weight.ToFractionString(), own.ToString(2),
                            rule.regional_weight.ToFractionString(), regional.ToString(2),
                            former_weight.ToFractionString(), former.ToString(2),
                            rule.savings_returned.ToFractionString(), saved.ToString(2));
  const Exact lowest = path.back().target * (Ratio(1) + rule.lowest_change);
  if (line.target >= lowest) return;
  line.target = lowest;
  line.at_lowest = true;
  line.detail += fmt::format("; raised to the lowest, {}", lowest.ToString(2));
}

}  // namespace

StatusOr<RebaseModel> ModelRebase(const Rebase& rule, const RebaseScenario& scenario) {
  if (scenario.years < 1) return InvalidArgument("a model needs at least one year");
  const auto years = static_cast<std::size_t>(scenario.years);
  if (scenario.own_cost.size() < years || scenario.regional_cost.size() < years) {
    return InvalidArgument("a model of {} years needs own and regional cost of each year",
                           scenario.years);
  }
  if (scenario.first_target.Sign() <= 0) return InvalidArgument("the first target is above zero");
  RebaseModel model;
  for (std::size_t i = 0; i < years; ++i) {
    RebasedYear line{.year = static_cast<int>(i) + 1, .own_cost = scenario.own_cost[i]};
    if (i == 0) {
      line.target = scenario.first_target;
    } else if (static_cast<int>(i) % rule.agreement_years == 0) {
      Rebased(rule, scenario, model.path, line);
    } else {
      line.target = model.path.back().target * (Ratio(1) + Ratio(scenario.trend));
    }
    if (line.target.Sign() <= 0) {
      return InvalidArgument("year {}: the target {} is not above zero", line.year,
                             line.target.ToString(2));
    }
    if (i > 0) {
      const Exact& before = model.path.back().target;
      line.change = (line.target - before) / before;
      line.flagged = before - line.target > before * rule.flag_decline;
    }
    if (line.flagged) ++model.flags;
    line.saving = line.target - line.own_cost;
    model.path.push_back(std::move(line));
  }
  return model;
}

std::string RebaseModel::ToText() const {
  std::string text = "year  target  own cost  saving  change\n";
  for (const RebasedYear& line : path) {
    text += fmt::format("{}  {}  {}  {}  {}{}{}\n", line.year, line.target.ToString(2),
                        line.own_cost.ToString(2), line.saving.ToString(2),
                        line.change.ToPercentString(2), line.rebased ? "  re-based" : "",
                        line.flagged ? "  FALLS FASTER THAN AGREED" : "");
    if (line.rebased) text += fmt::format("      {}\n", line.detail);
  }
  return text;
}

}  // namespace sluice::performance
