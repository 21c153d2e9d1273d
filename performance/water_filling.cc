#include "performance/water_filling.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

// Where lambda x weight leaves the floor of a claim, or reaches its cap.
struct BreakPoint {
  Ratio lambda;
  bool is_cap;
  std::size_t claim;
};

std::vector<BreakPoint> SortedBreakPoints(std::span<const Claim> claims) {
  std::vector<BreakPoint> points;
  points.reserve(claims.size() * 2);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    points.push_back({claims[i].floor / claims[i].weight, false, i});
    if (claims[i].cap) points.push_back({*claims[i].cap / claims[i].weight, true, i});
  }
  std::ranges::sort(points, [](const BreakPoint& a, const BreakPoint& b) {
    return std::pair(a.lambda, a.is_cap) < std::pair(b.lambda, b.is_cap);
  });
  return points;
}

// Requires: the floors do not exceed the pool, and the caps reach it.
Ratio SolveLambda(const Ratio& pool, std::span<const Claim> claims) {
  Ratio constant;  // the sum of claims that stand at a floor or a cap
  Ratio slope;     // the weights of the others
  for (const Claim& claim : claims) constant = constant + claim.floor;
  const std::vector<BreakPoint> points = SortedBreakPoints(claims);
  for (const BreakPoint& point : points) {
    if (constant + point.lambda * slope >= pool) {
      return slope.IsZero() ? point.lambda : (pool - constant) / slope;
    }
    const Claim& claim = claims[point.claim];
    if (point.is_cap) {
      constant = constant + *claim.cap;
      slope = slope - claim.weight;
    } else {
      constant = constant - claim.floor;
      slope = slope + claim.weight;
    }
  }
  if (slope.IsZero()) return points.back().lambda;
  return (pool - constant) / slope;
}

Ratio Clamp(const Ratio& amount, const Claim& claim) {
  if (amount < claim.floor) return claim.floor;
  if (claim.cap && amount > *claim.cap) return *claim.cap;
  return amount;
}

}  // namespace

Filling FillPool(const Ratio& pool, std::span<const Claim> claims) {
  CHECK(pool.Sign() >= 0 && !claims.empty());
  Ratio floors;
  Ratio caps;
  bool all_capped = true;
  for (const Claim& claim : claims) {
    CHECK(claim.weight.Sign() > 0 && claim.floor.Sign() >= 0);
    CHECK(!claim.cap || *claim.cap >= claim.floor);
    floors = floors + claim.floor;
    if (claim.cap) {
      caps = caps + *claim.cap;
    } else {
      all_capped = false;
    }
  }

  Filling filling;
  filling.amounts.reserve(claims.size());
  if (floors > pool) {
    filling.floors_prorated = true;
    const Ratio part = pool / floors;
    for (const Claim& claim : claims) filling.amounts.push_back(claim.floor * part);
  } else if (all_capped && caps < pool) {
    filling.left_over = pool - caps;
    for (const Claim& claim : claims) filling.amounts.push_back(*claim.cap);
  } else {
    filling.lambda = SolveLambda(pool, claims);
    for (const Claim& claim : claims) {
      filling.amounts.push_back(Clamp(*filling.lambda * claim.weight, claim));
    }
  }
  return filling;
}

}  // namespace sluice::performance
