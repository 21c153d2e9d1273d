#include "performance/terms_split.h"

#include <algorithm>
#include <utility>

namespace sluice::performance {
namespace {

struct BasisWords {
  std::string_view fact;
  std::string_view text;
};

BasisWords WordsOf(SplitBasis basis) {
  switch (basis) {
    case SplitBasis::kEqual:
      return {"", "equally"};
    case SplitBasis::kWeights:
      return {"", ""};
    case SplitBasis::kMemberMonths:
      return {"member_months", "by panel member months"};
    case SplitBasis::kRiskWeightedMemberMonths:
      return {"member_months", "by risk-weighted member months"};
    case SplitBasis::kPoints:
      return {"points", "by points"};
    case SplitBasis::kAllowedDollars:
      return {"allowed_amount", "by allowed dollars"};
    case SplitBasis::kRelativeValueUnits:
      return {"rvu", "by RVU"};
    case SplitBasis::kFte:
      return {"fte", "by FTE"};
    case SplitBasis::kManual:
      return {"share", "by stated percentages"};
    case SplitBasis::kRolePools:
      return {"", "by role pools"};
  }
  return {"", ""};
}

std::string FactorText(const ScoreFactor& factor) {
  if (factor.steps.empty()) return factor.fact;
  std::string text = factor.fact + " (";
  for (std::size_t i = 0; i < factor.steps.size(); ++i) {
    const FactorStep& step = factor.steps[i];
    text += fmt::format("{}{} from {}", i == 0 ? "" : ", ", step.factor.ToString(),
                        step.at_least.ToString());
  }
  return text + ")";
}

std::string ForfeitText(ForfeitTo forfeit_to) {
  switch (forfeit_to) {
    case ForfeitTo::kPool:
      return "the pool";
    case ForfeitTo::kParent:
      return "the node above";
    case ForfeitTo::kPayer:
      return "the payer";
  }
  return "";
}

std::string ProrationText(Proration proration) {
  switch (proration) {
    case Proration::kNone:
      return "";
    case Proration::kDays:
      return "joiners and leavers by days";
    case Proration::kMonthsOnFirstDay:
      return "joiners and leavers by months held on their first day";
    case Proration::kMonthsAnyDay:
      return "joiners and leavers by months held on any day";
  }
  return "";
}

// Everything that a level or pool without a refinement does not say. Terms that have none keep the
// description that their packages hold.
std::string RefinementText(const SplitRefinement& refinement, ForfeitTo forfeit_to) {
  std::string text;
  if (refinement.quality) text += " x " + FactorText(*refinement.quality);
  for (const EarnedPart& part : refinement.earned) {
    text += fmt::format(", {} earned by {}", part.share.ToString(), FactorText(part.by));
  }
  if (refinement.redistribution) {
    text +=
        fmt::format(", {} of forfeits shared again", refinement.redistribution->share.ToString());
    for (const ScoreMinimum& minimum : refinement.redistribution->when) {
      text += fmt::format(", where {} is at least {}", minimum.fact, minimum.at_least.ToString());
    }
    text += ", else to " + ForfeitText(forfeit_to);
  }
  for (const ManualShare& share : refinement.shares) {
    text += fmt::format(", {} {}", share.party.ToString(), share.share.ToString());
  }
  if (refinement.proration != Proration::kNone) text += ", " + ProrationText(refinement.proration);
  return text;
}

std::string FixedText(const FixedItem& item) {
  struct Visitor {
    std::string operator()(Money amount) const { return amount.ToString(); }
    std::string operator()(Rate share) const { return share.ToString(); }
    std::string operator()(const std::string& fact) const { return fact; }
  };
  return fmt::format(", first {} for {}", std::visit(Visitor{}, item.amount), item.label);
}

std::string PoolText(const RolePool& pool) {
  std::string text = fmt::format("{} to {} {}", pool.share.ToString(), pool.name,
                                 DescribeBasis(pool.basis, pool.weight_name));
  if (pool.floor) text += ", at least " + pool.floor->ToString();
  if (pool.cap) text += ", at most " + pool.cap->ToString();
  return text + RefinementText(pool.refinement, pool.forfeit_to);
}

std::string LevelText(const SplitLevel& level) {
  std::string text = fmt::format("keep {}", level.keep.ToString());
  for (const FixedItem& item : level.fixed_first) text += FixedText(item);
  if (level.basis != SplitBasis::kRolePools) {
    text += ", rest " + DescribeBasis(level.basis, level.weight_name);
    return text + RefinementText(level.refinement, level.forfeit_to);
  }
  for (const RolePool& pool : level.pools) text += ", " + PoolText(pool);
  return text;
}

}  // namespace

std::string_view DefaultWeightName(SplitBasis basis) { return WordsOf(basis).fact; }

std::string WeightName(SplitBasis basis, const std::string& given) {
  return given.empty() ? std::string(DefaultWeightName(basis)) : given;
}

std::string DescribeBasis(SplitBasis basis, const std::string& weight_name) {
  if (basis == SplitBasis::kWeights) return "by " + weight_name;
  std::string text(WordsOf(basis).text);
  if (!weight_name.empty()) text += " (" + weight_name + ")";
  return text;
}

WholeShares JudgeShares(const Ratio& sum) {
  if (sum == Ratio(1)) return WholeShares::kExact;
  const bool printed = sum >= Ratio(999, 1000) && sum <= Ratio(1001, 1000);
  return printed ? WholeShares::kRenormalize : WholeShares::kRefuse;
}

bool ReadsAffiliations(const Split& split) {
  return split.membership == Membership::kDuringPeriod ||
         std::ranges::any_of(split.levels, [](const SplitLevel& l) { return !l.pools.empty(); });
}

std::string DescribeSplit(const Split& split) {
  std::string text;
  for (const SplitLevel& level : split.levels) {
    if (!text.empty()) text += "; then ";
    text += LevelText(level);
  }
  return text;
}

}  // namespace sluice::performance
