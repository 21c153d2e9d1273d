// The rules of capitation terms.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/status.h"
#include "performance/excluded_products.h"
#include "performance/terms_capitation.h"

namespace sluice::performance {
namespace {

// No age is larger; a cell without a last age ends here for the check of gaps.
constexpr int kLastAge = 150;
// A price at most, in millionths: a line is then exact in 128 bits (performance/capitation/line.h).
constexpr std::int64_t kLargestPrice = 100'000'000'000;  // 100,000 dollars
constexpr std::int64_t kLargestDays = 36'525;            // a century
constexpr std::size_t kMostCells = 10'000;

bool IsShare(Rate rate) { return rate > Rate() && rate <= Rate::FromPercent(100); }

bool SameOrAny(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

int LastAge(const RateCell& cell) { return cell.age_to.value_or(kLastAge); }

// Whether one member could fall into both.
bool Overlap(const RateCell& a, const RateCell& b) {
  return a.age_from <= LastAge(b) && b.age_from <= LastAge(a) &&
         (a.sex == b.sex || a.sex == CellSex::kAny || b.sex == CellSex::kAny) &&
         SameOrAny(a.product, b.product) && SameOrAny(a.region, b.region) &&
         SameOrAny(a.tier, b.tier);
}

Status CheckCell(const RateCell& cell) {
  if (cell.label.empty()) return InvalidArgument("a rate cell needs a label");
  if (cell.age_from < 0 || LastAge(cell) > kLastAge || LastAge(cell) < cell.age_from) {
    return InvalidArgument("rate cell {}: its ages must grow within 0 to {}", cell.label, kLastAge);
  }
  if (cell.price.Millionths() < 0 || cell.price.Millionths() > kLargestPrice) {
    return InvalidArgument("rate cell {}: a price is 0 to 100,000 dollars, not {}", cell.label,
                           cell.price.ToString());
  }
  return OkStatus();
}

// A combination that cells speak of. Empty stands for every value that no cell names.
struct Combination {
  std::string product;
  std::string region;
  std::string tier;
  friend auto operator<=>(const Combination&, const Combination&) = default;
};

bool SpeaksOf(const RateCell& cell, const Combination& of) {
  const auto fits = [](const std::string& own, const std::string& value) {
    return own.empty() || own == value;
  };
  return fits(cell.product, of.product) && fits(cell.region, of.region) && fits(cell.tier, of.tier);
}

std::string Describe(const Combination& of, CellSex sex, int age) {
  std::string text = fmt::format("age {}, {}", age, sex == CellSex::kFemale ? "female" : "male");
  if (!of.product.empty()) text += ", product " + of.product;
  if (!of.region.empty()) text += ", region " + of.region;
  if (!of.tier.empty()) text += ", tier " + of.tier;
  return text;
}

Status CheckGaps(const RateTable& table, const RateVersion& version, const Combination& of,
                 CellSex sex) {
  std::vector<std::pair<int, int>> ages;
  for (const RateCell& cell : version.cells) {
    if (!SpeaksOf(cell, of) || (cell.sex != CellSex::kAny && cell.sex != sex)) continue;
    ages.emplace_back(cell.age_from, LastAge(cell));
  }
  std::ranges::sort(ages);
  int next = table.age_from;
  for (const auto& [from, to] : ages) {
    if (from > next) break;
    next = std::max(next, to + 1);
  }
  if (next <= table.age_to.value_or(kLastAge)) {
    return InvalidArgument("the rates from {} have a gap: no cell for {}", version.from.ToString(),
                           Describe(of, sex, next));
  }
  return OkStatus();
}

Status CheckVersion(const RateTable& table, const RateVersion& version) {
  if (version.cells.empty() || version.cells.size() > kMostCells) {
    return InvalidArgument("the rates from {} need 1 to {} cells", version.from.ToString(),
                           kMostCells);
  }
  std::set<std::string> labels;
  std::set<Combination> combinations;
  for (std::size_t i = 0; i < version.cells.size(); ++i) {
    const RateCell& cell = version.cells[i];
    RETURN_IF_ERROR(CheckCell(cell));
    if (!labels.insert(cell.label).second) {
      return InvalidArgument("the rates from {} have two cells {}", version.from.ToString(),
                             cell.label);
    }
    combinations.insert({cell.product, cell.region, cell.tier});
    for (std::size_t j = 0; j < i; ++j) {
      if (Overlap(cell, version.cells[j])) {
        return InvalidArgument("the rates from {}: cells {} and {} overlap",
                               version.from.ToString(), version.cells[j].label, cell.label);
      }
    }
  }
  for (const Combination& of : combinations) {
    for (const CellSex sex : {CellSex::kFemale, CellSex::kMale}) {
      RETURN_IF_ERROR(CheckGaps(table, version, of, sex));
    }
  }
  return OkStatus();
}

Status CheckBase(const MonthBase& base) {
  if (const auto* share = std::get_if<PercentOfPremium>(&base)) {
    if (!IsShare(share->rate)) {
      return InvalidArgument("a share of premium is above 0 % and at most 100 %");
    }
    return OkStatus();
  }
  const auto& table = std::get<RateTable>(base);
  if (table.versions.empty()) return InvalidArgument("a rate table needs a version");
  if (table.age_from < 0 || table.age_to.value_or(kLastAge) < table.age_from ||
      table.age_to.value_or(kLastAge) > kLastAge) {
    return InvalidArgument("the ages that a contract covers must grow within 0 to {}", kLastAge);
  }
  for (std::size_t i = 0; i < table.versions.size(); ++i) {
    if (i > 0 && table.versions[i].from <= table.versions[i - 1].from) {
      return InvalidArgument("the rates from {} come after those from {}: versions must grow",
                             table.versions[i].from.ToString(),
                             table.versions[i - 1].from.ToString());
    }
    RETURN_IF_ERROR(CheckVersion(table, table.versions[i]));
  }
  return OkStatus();
}

Status CheckRetro(const std::vector<RetroRule>& rules) {
  if (rules.empty()) return InvalidArgument("changes need a rule for how far they reach back");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RetroRule& rule = rules[i];
    if (rule.days && (*rule.days < 0 || *rule.days > kLargestDays)) {
      return InvalidArgument("changes reach back 0 to {} days, not {}", kLargestDays, *rule.days);
    }
    const bool everything = rule.product.empty() && !rule.reason;
    const bool last = i + 1 == rules.size();
    if (everything != last) {
      return InvalidArgument(
          "the last rule for how far changes reach back fits every product and reason, and only "
          "the last");
    }
  }
  return OkStatus();
}

}  // namespace

Status ValidateMemberMonthSum(const MemberMonthSum& basis) {
  RETURN_IF_ERROR(CheckBase(basis.base));
  if (basis.month.day < 1 || basis.month.day > 31) {
    return InvalidArgument("the day of a month rule is 1 to 31, not {}", basis.month.day);
  }
  if (basis.month.end_dated != EndDay::kFirstUncovered &&
      basis.month.method != MonthMethod::kFifteenThirty) {
    return InvalidArgument(
        "only the 15/30 rule dates an end by the last covered day; the other methods go by the "
        "days "
        "of coverage");
  }
  if (basis.new_members.weights.size() > 36) {
    return InvalidArgument("the weights of a new member cover at most 36 months");
  }
  for (const Rate weight : basis.new_members.weights) {
    if (weight < Rate() || weight > Rate::FromPercent(100)) {
      return InvalidArgument("the weight of a new member is 0 % to 100 %, not {}",
                             weight.ToString());
    }
  }
  const RiskRule& risk = basis.risk;
  if (risk.kind == RiskKind::kNone && (risk.most_below || risk.most_above)) {
    return InvalidArgument("limits of a risk factor need a risk factor");
  }
  for (const auto& limit : {risk.most_below, risk.most_above}) {
    if (limit && (*limit < Rate() || *limit > Rate::FromPercent(100))) {
      return InvalidArgument("a limit of the risk factor is 0 % to 100 %, not {}",
                             limit->ToString());
    }
  }
  if (basis.minimum &&
      (basis.minimum->Millionths() <= 0 || basis.minimum->Millionths() > kLargestPrice)) {
    return InvalidArgument("a guaranteed minimum is above 0 and at most 100,000 dollars");
  }
  RETURN_IF_ERROR(CheckExcludedProducts(basis.excluded_products));
  const std::set<std::string> excluded(basis.excluded_products.begin(),
                                       basis.excluded_products.end());
  if (const auto* table = std::get_if<RateTable>(&basis.base)) {
    for (const RateVersion& version : table->versions) {
      for (const RateCell& cell : version.cells) {
        if (excluded.contains(cell.product)) {
          return InvalidArgument("the product {} is excluded and has the rate cell {}",
                                 cell.product, cell.label);
        }
      }
    }
  }
  return CheckRetro(basis.retro);
}

Status ValidateAdjustment(const Adjustment& adjustment) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (adjustment.name.empty() || !std::ranges::all_of(adjustment.name, allowed)) {
    return InvalidArgument("a deduction needs a name of letters, digits and '_', not '{}'",
                           adjustment.name);
  }
  // The names of the other deductions, whose totals are facts beside this one's.
  if (adjustment.name == "withhold" || adjustment.name == "recoupment") {
    return InvalidArgument("a deduction cannot be named '{}': use that component", adjustment.name);
  }
  if (!IsShare(adjustment.maximum)) {
    return InvalidArgument("{}: the most that is taken is above 0 % and at most 100 %",
                           adjustment.name);
  }
  if (adjustment.of_losses && !std::holds_alternative<ShareOfValue>(adjustment.amount)) {
    return InvalidArgument("{}: of a loss only a share can be taken", adjustment.name);
  }
  if (const auto* share = std::get_if<ShareOfValue>(&adjustment.amount)) {
    if (!IsShare(share->rate)) {
      return InvalidArgument("{}: a share is above 0 % and at most 100 %", adjustment.name);
    }
  } else if (const auto* stated = std::get_if<StatedAmount>(&adjustment.amount)) {
    if (stated->fact.empty()) return InvalidArgument("{} must name a fact", adjustment.name);
  } else {
    const auto& unit = std::get<PricePerUnit>(adjustment.amount);
    if (unit.count_fact.empty()) return InvalidArgument("{} must name a count", adjustment.name);
    if (unit.price.Millionths() <= 0) {
      return InvalidArgument("{}: a price per unit is above zero", adjustment.name);
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
