// Splitting an award down the hierarchy, to the cent and with a reason on every zero.
//
//   1. A split is a tree for one contract, period and date. At each node: the keep share, then the
//      fixed-first items, then the rest over the children by weight = basis x quality x standing.
//   2. Cents move top-down: each level divides whole cents by largest remainder, ties to the lowest
//      node id, so every level balances. Nothing depends on the order of children in the input.
//   3. Floors and caps are water filling: amount = clamp(lambda x weight, floor, cap) with the one
//      lambda, an exact fraction, that makes the sum equal the pool.
//   4. A node that appears under two parents is two nodes: it is paid once for each path.
//   5. A part of a share that is not earned is forfeited, like the share of a child without
//      standing: some of it is shared again over those that meet the minimum, the rest goes to the
//      parent or the payer.
//   6. A negative award (a loss) is split as its absolute value and negated, or stays whole with
//      the contract party, as the contract says.
//
// Pure: no database, clock or order of rows enters.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/terms.h"

namespace sluice::performance {

// An amount that is paid before the weights, for instance administration, reserve or deficit. When
// the pool is smaller, it receives what is left.
struct FixedShare {
  std::int64_t node_id = 0;
  PartyId party;
  std::string label;
  Money amount;
  // Instead of `amount`: a share of what the node receives.
  std::optional<Rate> share = {};
};

// One node of the tree: how it takes part in its parent's split, and how it splits what it
// receives.
struct SplitNode {
  // Unique among its siblings and their fixed-first items; the tie order. For a party, its id.
  std::int64_t node_id = 0;
  // Whom the retained amount is owed to. Unset for a role pool ("staff"), which retains nothing:
  // what it cannot pass on goes up to the nearest node that is a party.
  PartyId party;
  std::string label;

  // Its part in the parent's split. Both factors are >= 0.
  Ratio basis{1};
  Ratio quality{1};
  // Set when standing does not hold: the weight is zero and this is the reason, usually
  // STANDING_LOST, PARTY_NOT_ELIGIBLE or SANCTION_HOLD.
  std::optional<ReasonCode> ineligible;
  // The reason when its weight is zero although it stands, for instance BELOW_THRESHOLD. Unset:
  // ZERO_WEIGHT.
  std::optional<ReasonCode> weightless;
  // The part of its share that it has earned, 0 to 1. The rest is forfeited.
  Ratio earned{1};
  // Whether it takes part when forfeits are shared again.
  bool meets_minimum = false;
  // Said on its line: RENORMALIZED_SHARES, and how its weight came about.
  std::vector<ReasonCode> notes;
  std::string detail;
  // Bounds in dollars on what it receives. A child of weight zero receives nothing, floor or not.
  std::optional<Money> floor;
  std::optional<Money> cap;

  // Its own split. Without children and fixed-first items everything is kept.
  Rate keep;
  std::vector<FixedShare> fixed_first;
  // Where the share of an ineligible child goes: to its siblings, to this node, or to the payer. In
  // the last two cases the siblings receive what they would have received.
  ForfeitTo forfeit_to = ForfeitTo::kPool;
  // The share of what the children forfeit that goes to those which meet the minimum, by weight and
  // within their caps. Then, and when a child has not earned all, forfeit_to is not kPool.
  std::optional<Rate> redistribute;
  std::vector<SplitNode> children;
};

enum class ShareKind : std::uint8_t {
  kParty = 0,     // a party of the tree
  kRolePool = 1,  // a node that is no party
  kFixed = 2,     // a fixed-first item
  kPayer = 3,     // what goes back to the payer
};
// "party", "role pool", "fixed first", "payer".
std::string ShareKindName(ShareKind kind);

// One line of a split. Lines are in pre-order: a node, its fixed-first items, its children by node
// id, and what goes back to the payer. For each node
//   received = amount + handed_up + sum of (received - handed_up) over the lines directly below it.
struct SplitShare {
  std::int32_t position = 0;          // 0 is the contract party
  std::int32_t parent_position = -1;  // -1 for the contract party
  ShareKind kind = ShareKind::kParty;
  std::int64_t node_id = 0;
  PartyId party;
  std::string label;
  // Node ids from the contract party to this node, both included: "17/204/9".
  std::string path;

  // basis x quality x standing; for the root and fixed items 1.
  Ratio weight;
  // The share of the pool in proportion to the weight, before floors and caps.
  Exact exact;
  // What the level above gave it.
  Money received;
  // What a role pool could not pass on, or zero.
  Money handed_up;
  // What stays with this node and is owed to its party.
  Money amount;

  // Why `amount` is zero; set exactly when it is.
  std::optional<ReasonCode> zero_reason;
  // CAP_APPLIED, FLOOR_APPLIED, FORFEITED, RENORMALIZED_SHARES.
  std::vector<ReasonCode> notes;
  // For people: "37.5 % of 2,669.80", "lambda 10663/22615, cap 560.00".
  std::string detail;

  friend bool operator==(const SplitShare&, const SplitShare&) = default;
};

// Splits `award` over the tree under `root`. InvalidArgument names the node and the rule when the
// tree is not usable: a root that is no party, a negative weight, a keep share outside 0 to 100 %,
// a floor above its cap, two siblings with one id, more than 64 levels.
StatusOr<std::vector<SplitShare>> SplitAward(Money award, const SplitNode& root, LossSplit losses);

// Adds a split up again from its lines: every level balances, the amounts sum to `award`, and every
// zero has a reason. FailedPrecondition SPLIT_DOES_NOT_BALANCE names the line.
Status CheckSplit(Money award, std::span<const SplitShare> shares);

// A table of the lines that a practice manager can read.
std::string SplitToText(std::span<const SplitShare> shares);

}  // namespace sluice::performance
