#include "performance/split_level.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "performance/water_filling.h"

namespace sluice::performance {
namespace {

Ratio InDollars(Money amount) { return Ratio(amount.Cents(), 100); }
Exact AsExact(const Ratio& dollars) { return Exact(Money::FromCents(100)) * dollars; }

std::vector<ChildShare> WeighChildren(const SplitNode& node) {
  std::vector<ChildShare> children;
  children.reserve(node.children.size());
  for (const SplitNode& child : node.children) {
    ChildShare share{.node = &child};
    const Ratio full = child.basis * child.quality;
    share.weight = child.ineligible ? Ratio() : full;
    share.claim = child.ineligible && node.forfeit_to == ForfeitTo::kPool ? Ratio() : full;
    children.push_back(std::move(share));
  }
  std::ranges::sort(children, {}, [](const ChildShare& c) { return c.node->node_id; });
  return children;
}

void DescribeBounds(const Filling& filling, const Ratio& amount, ChildShare& share) {
  if (filling.floors_prorated) {
    share.notes.push_back(ReasonCode::kFloorApplied);
    share.detail = fmt::format("floor {} pro-rated: the floors exceed the pool",
                               share.node->floor.value_or(Money()));
    return;
  }
  if (!filling.lambda) {
    share.notes.push_back(ReasonCode::kCapApplied);
    share.detail = fmt::format("cap {}: the caps do not use up the pool", *share.node->cap);
    return;
  }
  const Ratio open = *filling.lambda * share.claim;
  if (open > amount) {
    share.notes.push_back(ReasonCode::kCapApplied);
    share.detail = fmt::format("cap {}", *share.node->cap);
  } else if (open < amount) {
    share.notes.push_back(ReasonCode::kFloorApplied);
    share.detail = fmt::format("floor {}", *share.node->floor);
  } else if (share.exact != AsExact(amount)) {
    share.detail = fmt::format("lambda {} x weight = {}", filling.lambda->ToFractionString(),
                               AsExact(amount).ToString());
  }
}

// A pool over claims, in cents. Every cap is in whole cents, so what is beyond all of them is too.
struct Division {
  std::vector<Money> cents;
  Money left_over;
  Filling filling;
};

Division Divide(Money pool, std::span<const Claim> claims) {
  Division division{.cents = std::vector<Money>(claims.size()),
                    .filling = FillPool(InDollars(pool), claims)};
  division.left_over = Round(AsExact(division.filling.left_over), Rounding::kTowardZero);
  const Money divided = pool - division.left_over;
  if (!divided.IsZero()) division.cents = Allocate(divided, division.filling.amounts);
  return division;
}

void GrantPool(Money pool, SplitLevelShares& level) {
  std::vector<Claim> claims;
  std::vector<ChildShare*> claimants;
  Ratio sum;
  for (ChildShare& share : level.children) {
    if (share.claim.IsZero()) continue;
    sum = sum + share.claim;
    claimants.push_back(&share);
    claims.push_back(
        {.weight = share.claim, .floor = InDollars(share.node->floor.value_or(Money()))});
    if (share.node->cap) claims.back().cap = InDollars(*share.node->cap);
  }
  if (claims.empty()) {
    level.left_over = pool;
    return;
  }
  if (pool.IsZero()) return;
  const Division division = Divide(pool, claims);
  level.left_over = division.left_over;
  const Ratio per_weight = InDollars(pool) / sum;
  for (std::size_t i = 0; i < claimants.size(); ++i) {
    ChildShare& share = *claimants[i];
    share.exact = AsExact(per_weight * share.claim);
    share.granted = division.cents[i];
    DescribeBounds(division.filling, division.filling.amounts[i], share);
  }
}

void TakeForfeits(SplitLevelShares& level) {
  for (ChildShare& share : level.children) {
    if (share.node->ineligible) {
      share.forfeited = share.granted;
    } else if (share.node->earned != Ratio(1)) {
      const Money earned =
          Round(Exact(share.granted) * share.node->earned, Rounding::kHalfAwayFromZero);
      share.forfeited = share.granted - earned;
      std::string text =
          fmt::format("earned {} = {}", share.node->earned.ToPercentString(), earned);
      share.detail += share.detail.empty() ? text : "; " + text;
    }
    level.forfeited += share.forfeited;
  }
}

void ShareAgain(Rate part, SplitLevelShares& level) {
  if (level.forfeited.IsZero()) return;
  const Ratio again(part);
  const Ratio parts[] = {again, Ratio(1) - again};
  const Money pool = Allocate(level.forfeited, parts).front();
  std::vector<Claim> claims;
  std::vector<ChildShare*> claimants;
  for (ChildShare& share : level.children) {
    if (!share.node->meets_minimum || share.weight.IsZero()) continue;
    claims.push_back({.weight = share.weight, .floor = Ratio(), .cap = {}});
    claimants.push_back(&share);
    if (share.node->cap) {
      claims.back().cap = InDollars(*share.node->cap - (share.granted - share.forfeited));
    }
  }
  if (claims.empty() || pool.IsZero()) return;
  const Division division = Divide(pool, claims);
  for (std::size_t i = 0; i < claimants.size(); ++i) {
    claimants[i]->again = division.cents[i];
    level.forfeited -= division.cents[i];
  }
}

}  // namespace

SplitLevelShares DivideLevel(const SplitNode& node, Money pool) {
  SplitLevelShares level{.children = WeighChildren(node)};
  GrantPool(pool, level);
  TakeForfeits(level);
  if (node.redistribute) ShareAgain(*node.redistribute, level);
  return level;
}

}  // namespace sluice::performance
