#include "performance/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "performance/water_filling.h"

namespace sluice::performance {
namespace {

constexpr int kMaxLevels = 64;

Ratio InDollars(Money amount) { return Ratio(amount.Cents(), 100); }
Exact AsExact(const Ratio& dollars) { return Exact(Money::FromCents(100)) * dollars; }

std::string NodeName(const SplitNode& node) {
  return fmt::format("node {} ({})", node.node_id, node.label);
}

// --- Validation ---------------------------------------------------------------------------------

Status CheckNode(const SplitNode& node) {
  if (node.basis.Sign() < 0 || node.quality.Sign() < 0) {
    return InvalidArgument("split: {} has a negative weight: basis {}, quality {}", NodeName(node),
                           node.basis.ToFractionString(), node.quality.ToFractionString());
  }
  if (node.keep < Rate() || node.keep > Rate::FromPercent(100)) {
    return InvalidArgument("split: {} keeps {}; a keep share is 0 to 100 %", NodeName(node),
                           node.keep.ToString());
  }
  const Money floor = node.floor.value_or(Money());
  if (floor < Money() || (node.cap && *node.cap < floor)) {
    return InvalidArgument("split: {} has floor {} and cap {}; 0 <= floor <= cap is required",
                           NodeName(node), floor, node.cap.value_or(Money()));
  }
  return OkStatus();
}

Status CheckTree(const SplitNode& node, int level) {
  if (level >= kMaxLevels) {
    return InvalidArgument("split: {} is below level {}; a tree has at most {} levels",
                           NodeName(node), level, kMaxLevels);
  }
  RETURN_IF_ERROR(CheckNode(node));
  std::set<std::int64_t> ids;
  for (const FixedShare& fixed : node.fixed_first) {
    if (fixed.amount < Money() || fixed.party == PartyId()) {
      return InvalidArgument("split: fixed item {} ({}) of {} needs a party and an amount >= 0",
                             fixed.node_id, fixed.label, NodeName(node));
    }
    if (!ids.insert(fixed.node_id).second) {
      return InvalidArgument("split: id {} occurs twice below {}", fixed.node_id, NodeName(node));
    }
  }
  for (const SplitNode& child : node.children) {
    if (!ids.insert(child.node_id).second) {
      return InvalidArgument("split: id {} occurs twice below {}", child.node_id, NodeName(node));
    }
    RETURN_IF_ERROR(CheckTree(child, level + 1));
  }
  return OkStatus();
}

// --- One level ----------------------------------------------------------------------------------

// What one child gets from a level's pool.
struct ChildShare {
  const SplitNode* node = nullptr;
  Ratio weight;           // with standing
  Ratio claim;            // the weight that takes part in the division
  Exact exact;            // before floors and caps
  Money granted;          // what the division gives it
  bool forfeits = false;  // granted goes elsewhere
  std::vector<ReasonCode> notes;
  std::string detail;
};

struct Level {
  std::vector<ChildShare> children;  // by node id
  Money left_over;                   // beyond all caps, or nobody to take it
};

std::vector<ChildShare> WeighChildren(const SplitNode& node) {
  std::vector<ChildShare> children;
  children.reserve(node.children.size());
  for (const SplitNode& child : node.children) {
    ChildShare share{.node = &child};
    const Ratio full = child.basis * child.quality;
    share.forfeits = child.ineligible.has_value();
    share.weight = share.forfeits ? Ratio() : full;
    share.claim = share.forfeits && node.forfeit_to == ForfeitTo::kPool ? Ratio() : full;
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

// Divides `pool` (>= 0) over the children of `node`.
Level DividePool(const SplitNode& node, Money pool) {
  Level level{.children = WeighChildren(node)};
  std::vector<Claim> claims;
  std::vector<std::size_t> claimants;
  Ratio sum;
  for (std::size_t i = 0; i < level.children.size(); ++i) {
    const ChildShare& share = level.children[i];
    if (share.claim.IsZero()) continue;
    sum = sum + share.claim;
    claimants.push_back(i);
    claims.push_back(
        {.weight = share.claim, .floor = InDollars(share.node->floor.value_or(Money()))});
    if (share.node->cap) claims.back().cap = InDollars(*share.node->cap);
  }
  if (claims.empty()) {
    level.left_over = pool;
    return level;
  }
  if (pool.IsZero()) return level;

  const Filling filling = FillPool(InDollars(pool), claims);
  // Every cap is in whole cents, so what is beyond all of them is too.
  level.left_over = Round(AsExact(filling.left_over), Rounding::kTowardZero);
  const Money divided = pool - level.left_over;
  std::vector<Money> cents(claims.size());
  if (!divided.IsZero()) cents = Allocate(divided, filling.amounts);
  const Ratio per_weight = InDollars(pool) / sum;
  for (std::size_t i = 0; i < claimants.size(); ++i) {
    ChildShare& share = level.children[claimants[i]];
    share.exact = AsExact(per_weight * share.claim);
    share.granted = cents[i];
    DescribeBounds(filling, filling.amounts[i], share);
  }
  return level;
}

// --- The tree -----------------------------------------------------------------------------------

class Splitter {
 public:
  explicit Splitter(bool negate) : negate_(negate) {}

  // Adds the line of `node` and everything below it. Returns what goes up to the level above.
  Money Add(const SplitNode& node, SplitShare line, std::optional<ReasonCode> why_nothing);
  std::vector<SplitShare> Take();

 private:
  std::size_t Append(SplitShare line);
  SplitShare Below(std::size_t parent, ShareKind kind, std::int64_t node_id) const;
  Money AddFixed(const SplitNode& node, std::size_t at, Money pool);
  Money AddChildren(const SplitNode& node, std::size_t at, Money pool);
  void AddForfeits(std::size_t at, Money forfeited);

  bool negate_;
  std::vector<SplitShare> lines_;
};

std::size_t Splitter::Append(SplitShare line) {
  line.position = static_cast<std::int32_t>(lines_.size());
  lines_.push_back(std::move(line));
  return lines_.size() - 1;
}

SplitShare Splitter::Below(std::size_t parent, ShareKind kind, std::int64_t node_id) const {
  SplitShare line;
  line.parent_position = static_cast<std::int32_t>(parent);
  line.kind = kind;
  line.node_id = node_id;
  line.path = fmt::format("{}/{}", lines_[parent].path, node_id);
  return line;
}

// Returns what is left of the pool.
Money Splitter::AddFixed(const SplitNode& node, std::size_t at, Money pool) {
  std::vector<const FixedShare*> items;
  for (const FixedShare& fixed : node.fixed_first) items.push_back(&fixed);
  std::ranges::sort(items, {}, &FixedShare::node_id);
  for (const FixedShare* fixed : items) {
    SplitShare line = Below(at, ShareKind::kFixed, fixed->node_id);
    line.party = fixed->party;
    line.label = fixed->label;
    line.weight = Ratio(1);
    line.exact = Exact(fixed->amount);
    line.received = line.amount = std::min(fixed->amount, pool);
    if (line.amount < fixed->amount) {
      line.detail = fmt::format("{} of {}: the pool is used up", line.amount, fixed->amount);
    }
    if (line.amount.IsZero()) {
      line.zero_reason = fixed->amount.IsZero() ? ReasonCode::kZeroWeight : ReasonCode::kPoolEmpty;
    }
    pool -= line.amount;
    Append(std::move(line));
  }
  return pool;
}

// Why a child of a divided pool receives nothing.
ReasonCode ChildZeroReason(const ChildShare& share, Money pool) {
  if (share.node->ineligible) return *share.node->ineligible;
  if (share.weight.IsZero()) return ReasonCode::kZeroWeight;
  if (pool.IsZero()) return ReasonCode::kPoolEmpty;
  if (share.node->cap && share.node->cap->IsZero()) return ReasonCode::kAnnualLimitUsed;
  return ReasonCode::kRoundedToZero;
}

// Returns what the children did not take: it stays with the node.
Money Splitter::AddChildren(const SplitNode& node, std::size_t at, Money pool) {
  Level level = DividePool(node, pool);
  Money back = level.left_over;
  Money forfeited;
  for (ChildShare& share : level.children) {
    const SplitNode& child = *share.node;
    SplitShare line = Below(at, child.party == PartyId() ? ShareKind::kRolePool : ShareKind::kParty,
                            child.node_id);
    line.party = child.party;
    line.label = child.label;
    line.weight = share.weight;
    line.exact = share.exact;
    line.notes = std::move(share.notes);
    line.detail = std::move(share.detail);
    if (share.forfeits) {
      if (!share.granted.IsZero()) {
        line.notes.push_back(ReasonCode::kForfeited);
        line.detail = fmt::format("{} forfeited to the {}", share.granted,
                                  node.forfeit_to == ForfeitTo::kPayer ? "payer" : "parent");
        (node.forfeit_to == ForfeitTo::kPayer ? forfeited : back) += share.granted;
      } else if (node.forfeit_to == ForfeitTo::kPool) {
        line.detail = "share stays in the pool";
      }
    } else {
      line.received = share.granted;
    }
    std::optional<ReasonCode> why;
    if (line.received.IsZero()) why = ChildZeroReason(share, pool);
    back += Add(child, std::move(line), why);
  }
  AddForfeits(at, forfeited);
  return back;
}

void Splitter::AddForfeits(std::size_t at, Money forfeited) {
  if (forfeited.IsZero()) return;
  SplitShare line = Below(at, ShareKind::kPayer, 0);
  line.label = "returned to the payer";
  line.weight = Ratio();
  line.exact = Exact(forfeited);
  line.received = line.amount = forfeited;
  line.notes.push_back(ReasonCode::kForfeited);
  Append(std::move(line));
}

Money Splitter::Add(const SplitNode& node, SplitShare line, std::optional<ReasonCode> why_nothing) {
  const Money received = line.received;
  const std::size_t at = Append(std::move(line));
  Money retained = received;
  const bool divides = !node.children.empty() || !node.fixed_first.empty();
  if (divides) {
    retained = Money();
    if (!received.IsZero()) {
      const Ratio keep(node.keep);
      const Ratio parts[] = {keep, Ratio(1) - keep};
      retained = Allocate(received, parts).front();
    }
    const Money pool = AddFixed(node, at, received - retained);
    retained += AddChildren(node, at, pool);
  }
  SplitShare& own = lines_[at];
  Money up;
  if (node.party == PartyId()) {
    up = own.handed_up = retained;
    retained = Money();
  }
  own.amount = retained;
  if (divides && own.detail.empty() && !received.IsZero()) {
    own.detail = fmt::format("keeps {} of {}", retained, received);
  }
  if (retained.IsZero()) {
    const bool rounded = divides && node.party != PartyId() && node.keep > Rate();
    const ReasonCode passes_on = rounded ? ReasonCode::kRoundedToZero : ReasonCode::kZeroWeight;
    own.zero_reason = why_nothing.value_or(passes_on);
  }
  return up;
}

std::vector<SplitShare> Splitter::Take() {
  if (negate_) {
    for (SplitShare& line : lines_) {
      line.exact = -line.exact;
      line.received = -line.received;
      line.handed_up = -line.handed_up;
      line.amount = -line.amount;
    }
  }
  return std::move(lines_);
}

}  // namespace

std::string ShareKindName(ShareKind kind) {
  switch (kind) {
    case ShareKind::kParty:
      return "party";
    case ShareKind::kRolePool:
      return "role pool";
    case ShareKind::kFixed:
      return "fixed first";
    case ShareKind::kPayer:
      return "payer";
  }
  return "unknown";
}

StatusOr<std::vector<SplitShare>> SplitAward(Money award, const SplitNode& root, LossSplit losses) {
  if (root.party == PartyId()) {
    return InvalidArgument("split: the root {} must be a party", NodeName(root));
  }
  RETURN_IF_ERROR(CheckTree(root, 0));

  SplitShare line;
  line.node_id = root.node_id;
  line.party = root.party;
  line.label = root.label;
  line.path = std::to_string(root.node_id);
  line.weight = Ratio(1);
  line.exact = Exact(award);
  line.received = award;
  std::optional<ReasonCode> why;
  if (award.IsZero()) why = ReasonCode::kPoolEmpty;
  if (award < Money() && losses == LossSplit::kKeptByParty) {
    line.amount = award;
    line.detail = "a loss stays with the contract party";
    return std::vector<SplitShare>{line};
  }
  const bool negative = award < Money();
  line.received = Abs(award);
  line.exact = Exact(line.received);
  Splitter splitter(negative);
  const Money up = splitter.Add(root, std::move(line), why);
  CHECK(up.IsZero());
  std::vector<SplitShare> shares = splitter.Take();
  CHECK(CheckSplit(award, shares).ok());
  return shares;
}

Status CheckSplit(Money award, std::span<const SplitShare> shares) {
  if (shares.empty() || shares.front().received != award) {
    return FailedPrecondition("SPLIT_DOES_NOT_BALANCE: the first line does not receive {}", award);
  }
  Money total;
  std::vector<Money> below(shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const SplitShare& line = shares[i];
    const bool placed =
        line.position == static_cast<std::int32_t>(i) &&
        (i == 0 ? line.parent_position == -1
                : line.parent_position >= 0 && line.parent_position < line.position);
    if (!placed) return FailedPrecondition("SPLIT_DOES_NOT_BALANCE: line {} is out of place", i);
    if (line.amount.IsZero() != line.zero_reason.has_value()) {
      return FailedPrecondition("split line {} ({}): a zero has a reason, and nothing else has", i,
                                line.path);
    }
    total += line.amount;
    if (i > 0)
      below[static_cast<std::size_t>(line.parent_position)] += line.received - line.handed_up;
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const SplitShare& line = shares[i];
    if (line.received != line.amount + line.handed_up + below[i]) {
      return FailedPrecondition(
          "SPLIT_DOES_NOT_BALANCE: line {} ({}) receives {}, but {} leaves it", i, line.path,
          line.received, line.amount + line.handed_up + below[i]);
    }
  }
  if (total != award) {
    return FailedPrecondition("SPLIT_DOES_NOT_BALANCE: the lines sum to {}, the award is {}", total,
                              award);
  }
  return OkStatus();
}

std::string SplitToText(std::span<const SplitShare> shares) {
  std::vector<int> depth(shares.size());
  std::string text;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const SplitShare& line = shares[i];
    if (line.parent_position >= 0) {
      depth[i] = depth[static_cast<std::size_t>(line.parent_position)] + 1;
    }
    const std::string indent(static_cast<std::size_t>(depth[i]) * 2, ' ');
    text += fmt::format("{:<40} {:>16} {:>16}", indent + line.label, line.received, line.amount);
    if (line.zero_reason) text += fmt::format("  {}", ReasonName(*line.zero_reason));
    for (const ReasonCode note : line.notes) text += fmt::format("  {}", ReasonName(note));
    if (!line.detail.empty()) text += fmt::format("  ({})", line.detail);
    text += '\n';
  }
  return text;
}

}  // namespace sluice::performance
