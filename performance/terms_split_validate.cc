// Which splits make sense. Each refusal names the rule, and what to change where it is not plain.
#include <map>
#include <set>

#include "hierarchy/affiliation.h"
#include "hierarchy/party.h"
#include "performance/terms_split.h"

namespace sluice::performance {
namespace {

constexpr Rate kWhole = Rate::FromPercent(100);
// The root and the leaves are levels too, and each role pool is one between two parties.
constexpr std::size_t kMaxLevels = 62;

Status NeedShare(Rate share, std::string_view what) {
  if (share > Rate() && share <= kWhole) return OkStatus();
  return InvalidArgument("{} must be above 0 % and at most 100 %, not {}", what, share.ToString());
}

Status CheckBounds(const std::optional<Money>& floor, const std::optional<Money>& cap) {
  if (floor && *floor < Money()) return InvalidArgument("a floor is negative");
  if (cap && *cap < Money()) return InvalidArgument("a cap is negative");
  if (floor && cap && *floor > *cap) return InvalidArgument("a floor is above its cap");
  return OkStatus();
}

Status CheckFactor(const ScoreFactor& factor, std::string_view what) {
  if (factor.fact.empty()) return InvalidArgument("{} must name a fact", what);
  for (std::size_t i = 0; i < factor.steps.size(); ++i) {
    const FactorStep& step = factor.steps[i];
    if (step.at_least.Sign() < 0 || step.factor.Sign() < 0) {
      return InvalidArgument("{} by {} has a negative step", what, factor.fact);
    }
    if (i > 0 && step.at_least <= factor.steps[i - 1].at_least) {
      return InvalidArgument("{} by {}: steps must grow and not overlap", what, factor.fact);
    }
  }
  return OkStatus();
}

Status CheckEarned(const std::vector<EarnedPart>& earned) {
  if (earned.empty()) return OkStatus();
  Ratio sum;
  for (const EarnedPart& part : earned) {
    RETURN_IF_ERROR(NeedShare(part.share, "a part that is earned"));
    RETURN_IF_ERROR(CheckFactor(part.by, "a part that is earned"));
    for (const FactorStep& step : part.by.steps) {
      if (step.factor > Ratio(1)) {
        return InvalidArgument("a part by {} is earned more than whole", part.by.fact);
      }
    }
    sum = sum + Ratio(part.share);
  }
  if (sum != Ratio(1)) {
    return InvalidArgument("the parts that are earned sum to {}, not to 100 %",
                           sum.ToPercentString());
  }
  return OkStatus();
}

Status CheckManualShares(const SplitRefinement& refinement) {
  std::map<PartyId, Ratio> sums;
  std::set<std::pair<PartyId, PartyId>> seen;
  for (const ManualShare& share : refinement.shares) {
    if (share.party == PartyId()) return InvalidArgument("a stated percentage names no party");
    if (share.share < Rate() || share.share > kWhole) {
      return InvalidArgument("the percentage of {} must be within 0 % and 100 %, not {}",
                             share.party.ToString(), share.share.ToString());
    }
    if (!seen.emplace(share.under, share.party).second) {
      return InvalidArgument("{} has two percentages under one party", share.party.ToString());
    }
    sums[share.under] = sums[share.under] + Ratio(share.share);
  }
  // With joiners and leavers it is their parts of the period that make a whole; those are known
  // when the tree is built.
  if (refinement.proration != Proration::kNone) return OkStatus();
  for (const auto& [under, sum] : sums) {
    if (JudgeShares(sum) == WholeShares::kRefuse) {
      return InvalidArgument("the stated percentages sum to {}; 99.9 % to 100.1 % is accepted",
                             sum.ToPercentString());
    }
  }
  return OkStatus();
}

// A level, or a pool of one: how an amount is divided over members.
template <typename Members>
Status CheckMembers(const Members& rule, Membership membership) {
  if (rule.basis == SplitBasis::kWeights && rule.weight_name.empty()) {
    return InvalidArgument("a split by weights must name a fact");
  }
  RETURN_IF_ERROR(CheckBounds(rule.floor, rule.cap));
  const SplitRefinement& refinement = rule.refinement;
  if (!refinement.risk_name.empty() && rule.basis != SplitBasis::kRiskWeightedMemberMonths) {
    return InvalidArgument("only risk-weighted member months have a risk score");
  }
  if (refinement.quality) RETURN_IF_ERROR(CheckFactor(*refinement.quality, "quality"));
  RETURN_IF_ERROR(CheckEarned(refinement.earned));
  if (refinement.redistribution) {
    RETURN_IF_ERROR(NeedShare(refinement.redistribution->share, "what is shared again"));
    for (const ScoreMinimum& minimum : refinement.redistribution->when) {
      if (minimum.fact.empty() || minimum.at_least.Sign() < 0) {
        return InvalidArgument("sharing again needs a named score and a minimum of 0 or more");
      }
    }
  }
  const bool forfeits = !refinement.earned.empty() || refinement.redistribution.has_value();
  if (forfeits && rule.forfeit_to == ForfeitTo::kPool) {
    return InvalidArgument(
        "what is not earned cannot stay in the pool that it was not earned from; forfeit it to the "
        "parent or the payer");
  }
  if (!refinement.shares.empty() && rule.basis != SplitBasis::kManual) {
    return InvalidArgument("percentages are stated, but the split is not by stated percentages");
  }
  RETURN_IF_ERROR(CheckManualShares(refinement));
  if (refinement.proration != Proration::kNone && membership != Membership::kDuringPeriod) {
    return InvalidArgument("pro-rating needs the members of the whole period, not of one day");
  }
  return OkStatus();
}

Status CheckFixedItems(const SplitLevel& level) {
  std::set<std::string> labels;
  Ratio taken(level.keep);
  for (const FixedItem& item : level.fixed_first) {
    if (item.label.empty() || !labels.insert(item.label).second) {
      return InvalidArgument("a fixed-first item needs a label of its own, not '{}'", item.label);
    }
    if (const auto* amount = std::get_if<Money>(&item.amount)) {
      if (*amount <= Money()) {
        return InvalidArgument("the fixed-first item {} must be above zero", item.label);
      }
    } else if (const auto* share = std::get_if<Rate>(&item.amount)) {
      RETURN_IF_ERROR(NeedShare(*share, "the fixed-first item " + item.label));
      taken = taken + Ratio(*share);
    } else if (std::get<std::string>(item.amount).empty()) {
      return InvalidArgument("the fixed-first item {} must name a fact", item.label);
    }
  }
  if (taken > Ratio(1)) {
    return InvalidArgument("the keep share and the fixed-first shares are more than 100 %: {}",
                           taken.ToPercentString());
  }
  return OkStatus();
}

Status CheckPool(const RolePool& pool, Membership membership) {
  if (pool.roles.empty() && pool.kinds.empty()) {
    return InvalidArgument("it lists no role and no party kind: nobody belongs to it");
  }
  for (const std::string& role : pool.roles) RETURN_IF_ERROR(hierarchy::CheckRole(role));
  for (const std::string& kind : pool.kinds) {
    RETURN_IF_ERROR(hierarchy::ParsePartyKind(kind).status());
  }
  if (pool.basis == SplitBasis::kRolePools) return InvalidArgument("a pool has no pools in it");
  return CheckMembers(pool, membership);
}

Status CheckPools(const SplitLevel& level, Membership membership) {
  std::set<std::string> names;
  std::set<std::string> roles;
  std::set<std::string> kinds;
  Ratio sum(level.keep);
  for (const RolePool& pool : level.pools) {
    const std::string where = fmt::format("the pool '{}'", pool.name);
    if (pool.name.empty() || !names.insert(pool.name).second) {
      return InvalidArgument("{} needs a name of its own", where);
    }
    RETURN_IF_ERROR(NeedShare(pool.share, where));
    RETURN_IF_ERROR(Annotate(CheckPool(pool, membership), where));
    for (const std::string& role : pool.roles) {
      if (!roles.insert(role).second) return InvalidArgument("the role {} is in two pools", role);
    }
    for (const std::string& kind : pool.kinds) {
      if (!kinds.insert(kind).second) {
        return InvalidArgument("the party kind {} is in two pools", kind);
      }
    }
    sum = sum + Ratio(pool.share);
  }
  if (sum != Ratio(1)) {
    return InvalidArgument("the keep share and the role pools sum to {}, not to 100 %",
                           sum.ToPercentString());
  }
  if (level.floor || level.cap || level.refinement != SplitRefinement()) {
    return InvalidArgument("bounds and factors belong to the role pools, not to their level");
  }
  return OkStatus();
}

Status CheckLevel(const SplitLevel& level, Membership membership) {
  if (level.keep < Rate() || level.keep > kWhole) {
    return InvalidArgument("the share that a node keeps must be within 0 % and 100 %");
  }
  RETURN_IF_ERROR(CheckFixedItems(level));
  if (level.basis == SplitBasis::kRolePools) return CheckPools(level, membership);
  if (!level.pools.empty()) {
    return InvalidArgument("there are role pools, but the split is not by role pools");
  }
  return CheckMembers(level, membership);
}

}  // namespace

Status ValidateSplit(const Split& split) {
  if (split.levels.empty()) return InvalidArgument("a split needs at least one level");
  std::size_t generations = 0;
  for (const SplitLevel& level : split.levels) generations += level.pools.empty() ? 1U : 2U;
  if (generations > kMaxLevels) {
    return InvalidArgument("a split has at most {} levels, each with role pools counting twice",
                           kMaxLevels);
  }
  for (std::size_t i = 0; i < split.levels.size(); ++i) {
    RETURN_IF_ERROR(
        Annotate(CheckLevel(split.levels[i], split.membership), fmt::format("level {}", i + 1)));
  }
  return OkStatus();
}

}  // namespace sluice::performance
