#include "performance/savings/member_cost.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/check.h"
#include "performance/benchmark.h"
#include "performance/percentile.h"

namespace sluice::performance {
namespace {

const Ratio kMonthsOfYear(12);

// The months of a closed period.
std::vector<Month> MonthsOf(const DateRange& period) {
  std::vector<Month> months;
  for (Month month = Month::Of(period.from); month.FirstDay() < *period.to; month = month + 1) {
    months.push_back(month);
  }
  return months;
}

// Whether somebody who is enrolled in this range counts in the month: on some day of it up to the
// last joining day.
bool CountsIn(Month month, const DateRange& enrolled, int last_joining_day) {
  const Date end = std::min(month.FirstDay() + Days(last_joining_day), month.End());
  return enrolled.Overlaps(DateRange{month.FirstDay(), end});
}

int MonthsBetween(Month from, Month to) {
  return (to.Year() - from.Year()) * 12 + static_cast<int>(to.Number()) -
         static_cast<int>(from.Number());
}

Exact Annualized(const Exact& cost, const Ratio& months) { return cost * (kMonthsOfYear / months); }

Status CheckMember(const MemberCost& member, const std::set<std::string>& types,
                   const DateRange& period) {
  if (!types.contains(member.type)) {
    return InvalidArgument("member {}: the enrollment type '{}' is not one of the contract's",
                           member.member_id, member.type);
  }
  if (member.enrolled.IsEmpty()) {
    return InvalidArgument("member {}: the range of enrollment is empty", member.member_id);
  }
  for (const CostOfMonth& cost : member.costs) {
    const DateRange days{cost.month.FirstDay(), cost.month.End()};
    if (!period.Overlaps(days) || !member.enrolled.Overlaps(days) ||
        std::ranges::binary_search(member.without, cost.month) ||
        std::ranges::binary_search(member.excluded, cost.month)) {
      return InvalidArgument("member {}: cost in {} lies outside the period or the enrollment",
                             member.member_id, cost.month.ToString());
    }
  }
  return OkStatus();
}

// Months and cost that count for one member.
MemberCostLine Weighted(const SavingsDetail& detail, const DateRange& period,
                        const MemberCost& member) {
  MemberCostLine line{.member_id = member.member_id, .type = member.type};
  std::map<Month, Ratio> exposure = ExposureOf(detail.exposure, member.enrolled, period);
  for (const Month month : member.without) exposure.erase(month);
  std::size_t excluded = 0;
  for (const Month month : member.excluded) excluded += exposure.erase(month);
  if (exposure.empty() && excluded > 0) line.zero_reason = ReasonCode::kProductExcluded;
  for (const auto& [month, weight] : exposure) line.months = line.months + weight;
  for (const CostOfMonth& cost : member.costs) {
    const auto weight = exposure.find(cost.month);
    if (weight != exposure.end()) line.cost = line.cost + Exact(cost.cost) * weight->second;
  }
  return line;
}

void Truncate(const Truncation& rule, const Thresholds& thresholds, MemberCostLine& line) {
  if (rule.rule == TruncationRule::kNone || line.months.IsZero()) return;
  Exact limit = thresholds.at(line.type);
  if (rule.annualize) limit = limit * (line.months / kMonthsOfYear);
  if (line.cost <= limit) return;
  line.truncated = line.cost - limit;
  line.notes.push_back(ReasonCode::kCapApplied);
}

void Cover(const StopLoss& rule, MemberCostLine& line) {
  const Exact above = line.cost - line.truncated - Exact(rule.attachment);
  if (above.Sign() <= 0) return;
  line.covered = above * rule.covered;
  if (!rule.maximum || line.covered <= Exact(*rule.maximum)) return;
  line.covered = Exact(*rule.maximum);
  line.notes.push_back(ReasonCode::kCapApplied);
}

void Finish(MemberCostLine& line) {
  line.net = line.cost - line.truncated - line.covered;
  if (!line.net.IsZero() || line.zero_reason) return;
  // Nobody's cost is not a fault: the month did not count, or nothing was spent.
  line.zero_reason =
      line.months.IsZero() ? ReasonCode::kMemberNotPayableThisMonth : ReasonCode::kNoExpenditure;
}

void Add(const MemberCostLine& line, CostOfType& sum) {
  sum.months = sum.months + line.months;
  sum.cost = sum.cost + line.cost;
  sum.truncated = sum.truncated + line.truncated;
  sum.covered = sum.covered + line.covered;
  sum.net = sum.net + line.net;
}

Digest HashLines(const std::vector<MemberCostLine>& lines) {
  CanonicalWriter writer("member-cost-1");
  for (const MemberCostLine& line : lines) {
    writer.I64(line.member_id)
        .Text(line.type)
        .Text(line.months.ToFractionString())
        .Text(line.cost.ToFractionString())
        .Text(line.truncated.ToFractionString())
        .Text(line.covered.ToFractionString())
        .Text(line.net.ToFractionString());
  }
  return writer.Hash();
}

// A whole number of months is a count, as people write it.
void SetMonths(Facts& facts, const std::string& name, const Ratio& months) {
  if (months.Denominator() == 1 && months.Numerator().fits_slong_p()) {
    facts.SetCount(name, months.Numerator().get_si());
  } else {
    facts.SetRatio(name, months);
  }
}

}  // namespace

std::map<Month, Ratio> ExposureOf(const std::optional<Exposure>& rule, const DateRange& enrolled,
                                  const DateRange& period) {
  CHECK(period.to.has_value());
  const Exposure exposure = rule.value_or(Exposure{});
  // The month in which the member first counts; the waiting begins there, maybe before the period.
  Month first = Month::Of(enrolled.from);
  if (!CountsIn(first, enrolled, exposure.last_joining_day)) first = first + 1;
  std::map<Month, Ratio> weights;
  for (const Month month : MonthsOf(period)) {
    if (!CountsIn(month, enrolled, exposure.last_joining_day)) continue;
    const int place = MonthsBetween(first, month);
    if (place < exposure.waiting_months) continue;
    const bool reduced = place < exposure.waiting_months + exposure.reduced_months;
    const Ratio weight = reduced ? exposure.reduced_weight : Ratio(1);
    if (!weight.IsZero()) weights.emplace(month, weight);
  }
  return weights;
}

namespace {

PercentilePlace PlaceOf(std::size_t count, const Truncation& truncation) {
  switch (truncation.definition) {
    case PercentileRule::kNearestRank:
      return NearestRank(count, truncation.percentile);
    case PercentileRule::kInterpolated:
      return Interpolated(count, truncation.percentile);
    case PercentileRule::kNextAbove:
      return NextAbove(count, truncation.percentile);
  }
  CHECK(false);
}

}  // namespace

StatusOr<Thresholds> FindThresholds(const Truncation& truncation,
                                    const std::vector<std::string>& types,
                                    std::span<const MemberCost> population,
                                    const DateRange& period) {
  Thresholds thresholds;
  if (truncation.rule == TruncationRule::kNone) return thresholds;
  if (truncation.rule == TruncationRule::kFixed) {
    for (const std::string& type : types) thresholds.emplace(type, Exact(truncation.threshold));
    return thresholds;
  }
  std::map<std::string, std::vector<Exact>> amounts;
  for (const MemberCost& member : population) {
    const MemberCostLine line = Weighted(SavingsDetail{}, period, member);
    if (line.months.IsZero()) continue;
    amounts[member.type].push_back(truncation.annualize ? Annualized(line.cost, line.months)
                                                        : line.cost);
  }
  for (const std::string& type : types) {
    std::vector<Exact>& of_type = amounts[type];
    if (of_type.empty()) {
      return InvalidArgument("the population '{}' has nobody of the type '{}'",
                             truncation.population, type);
    }
    std::ranges::sort(of_type);
    const PercentilePlace place = PlaceOf(of_type.size(), truncation);
    thresholds.emplace(type, ValueAt<Exact>(of_type, place));
  }
  return thresholds;
}

StatusOr<MemberCostResult> SummarizeMembers(const SavingsDetail& detail,
                                            const std::vector<std::string>& types,
                                            const Thresholds& thresholds, const DateRange& period,
                                            std::span<const MemberCost> members) {
  RETURN_IF_ERROR(ValidateDetail(detail));
  if (!period.to || Month::Of(period.from).FirstDay() != period.from) {
    return InvalidArgument("a period of member costs is closed and starts on the first of a month");
  }
  const std::set<std::string> known(types.begin(), types.end());
  if (detail.truncation.rule != TruncationRule::kNone) {
    for (const std::string& type : known) {
      if (!thresholds.contains(type)) return InvalidArgument("type '{}' has no threshold", type);
    }
  }
  MemberCostResult result{.terms_digest = HashDetail(detail)};
  for (const std::string& type : known) result.types.emplace(type, CostOfType{});
  for (const MemberCost& member : members) {
    RETURN_IF_ERROR(CheckMember(member, known, period));
    MemberCostLine line = Weighted(detail, period, member);
    Truncate(detail.truncation, thresholds, line);
    if (detail.stop_loss) Cover(*detail.stop_loss, line);
    Finish(line);
    result.lines.push_back(std::move(line));
  }
  const auto key = [](const MemberCostLine& line) { return std::tie(line.member_id, line.type); };
  std::sort(result.lines.begin(), result.lines.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < result.lines.size(); ++i) {
    const MemberCostLine& line = result.lines[i];
    if (i > 0 && key(result.lines[i - 1]) == key(line)) {
      return InvalidArgument("member {} of type '{}' is given twice", line.member_id, line.type);
    }
    Add(line, result.types[line.type]);
    Add(line, result.total);
  }
  if (detail.stop_loss) {
    result.pooling_charge = Exact(detail.stop_loss->pooling_charge, 1) * result.total.months;
    result.charge_side = detail.stop_loss->charge_side;
  }
  result.expenditure = result.total.net;
  if (result.charge_side != PoolingSide::kTarget) {
    result.expenditure = result.expenditure + result.pooling_charge;
  }
  result.lines_digest = HashLines(result.lines);
  return result;
}

Facts MemberCostResult::ToFacts(const std::string& year) const {
  Facts facts;
  const bool charged =
      year != "py" && charge_side == PoolingSide::kActualAndBaseYears && !total.months.IsZero();
  for (const auto& [type, sum] : types) {
    const Exact charge = charged ? pooling_charge * (sum.months / total.months) : Exact();
    facts.Set(BenchmarkFact(year, type, "expenditure"), sum.net + charge);
    SetMonths(facts, BenchmarkFact(year, type, "member_months"), sum.months);
  }
  facts.SetText(kDetailTermsFact, ToHex(terms_digest));
  facts.SetText(fmt::format("detail_digest.{}", year), ToHex(lines_digest));
  if (year != "py") return facts;
  facts.Set("expenditure", expenditure);
  facts.Set("stop_loss_covered", total.covered);
  facts.Set("truncated", total.truncated);
  SetMonths(facts, "member_months", total.months);
  return facts;
}

}  // namespace sluice::performance
