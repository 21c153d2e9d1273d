#include "performance/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "performance/split_level.h"

namespace sluice::performance {
namespace {

constexpr int kMaxLevels = 64;

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
  if (node.earned.Sign() < 0 || node.earned > Ratio(1)) {
    return InvalidArgument("split: {} has earned {} of its share; it is 0 to 1", NodeName(node),
                           node.earned.ToFractionString());
  }
  const auto unearned = [](const SplitNode& child) { return child.earned != Ratio(1); };
  if (node.forfeit_to == ForfeitTo::kPool &&
      (node.redistribute || std::ranges::any_of(node.children, unearned))) {
    return InvalidArgument("split: what is not earned below {} goes to its parent or the payer",
                           NodeName(node));
  }
  if (node.redistribute &&
      (*node.redistribute < Rate() || *node.redistribute > Rate::FromPercent(100))) {
    return InvalidArgument("split: {} shares {} of forfeits again; it is 0 to 100 %",
                           NodeName(node), node.redistribute->ToString());
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
    if (fixed.amount < Money() || fixed.party == PartyId() ||
        fixed.share.value_or(Rate()) < Rate()) {
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
  Money AddFixed(const SplitNode& node, std::size_t at, Money received, Money pool);
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
Money Splitter::AddFixed(const SplitNode& node, std::size_t at, Money received, Money pool) {
  std::vector<const FixedShare*> items;
  for (const FixedShare& fixed : node.fixed_first) items.push_back(&fixed);
  std::ranges::sort(items, {}, &FixedShare::node_id);
  for (const FixedShare* fixed : items) {
    SplitShare line = Below(at, ShareKind::kFixed, fixed->node_id);
    line.party = fixed->party;
    line.label = fixed->label;
    line.weight = Ratio(1);
    line.exact = fixed->share ? Exact(received) * *fixed->share : Exact(fixed->amount);
    const Money due = Round(line.exact, Rounding::kHalfAwayFromZero);
    line.received = line.amount = std::min(due, pool);
    if (fixed->share) {
      line.detail = fmt::format("{} of {}", fixed->share->ToString(), received);
    }
    if (line.amount < due) {
      line.detail = fmt::format("{} of {}: the pool is used up", line.amount, due);
    }
    if (line.amount.IsZero()) {
      line.zero_reason = line.exact.IsZero() && !received.IsZero() ? ReasonCode::kZeroWeight
                         : due.IsZero() && !received.IsZero()      ? ReasonCode::kRoundedToZero
                                                                   : ReasonCode::kPoolEmpty;
    }
    pool -= line.amount;
    Append(std::move(line));
  }
  return pool;
}

// Why a child of a divided pool receives nothing.
ReasonCode ChildZeroReason(const ChildShare& share, Money pool) {
  const SplitNode& child = *share.node;
  if (child.ineligible) return *child.ineligible;
  if (share.weight.IsZero()) return child.weightless.value_or(ReasonCode::kZeroWeight);
  if (pool.IsZero()) return ReasonCode::kPoolEmpty;
  if (child.earned.IsZero()) return ReasonCode::kScoreZero;
  if (child.cap && child.cap->IsZero()) return ReasonCode::kAnnualLimitUsed;
  return ReasonCode::kRoundedToZero;
}

void AddDetail(std::string text, std::string& detail) {
  if (text.empty()) return;
  detail += detail.empty() ? std::move(text) : "; " + text;
}

// What the share says about itself on its line.
void Describe(const ChildShare& share, const SplitNode& parent, SplitShare& line) {
  const SplitNode& child = *share.node;
  line.notes = child.notes;
  line.notes.insert(line.notes.end(), share.notes.begin(), share.notes.end());
  line.detail = child.detail;
  AddDetail(share.detail, line.detail);
  if (!share.forfeited.IsZero()) {
    line.notes.push_back(ReasonCode::kForfeited);
    const std::string_view place =
        parent.forfeit_to == ForfeitTo::kPayer ? "the payer" : "the parent";
    AddDetail(parent.redistribute
                  ? fmt::format("{} of {} forfeited", share.forfeited, share.granted)
                  : fmt::format("{} forfeited to {}", share.forfeited, place),
              line.detail);
  } else if (child.ineligible && parent.forfeit_to == ForfeitTo::kPool) {
    AddDetail("share stays in the pool", line.detail);
  }
  if (!share.again.IsZero()) {
    AddDetail(fmt::format("{} of what others forfeited", share.again), line.detail);
  }
}

// Returns what the children did not take: it stays with the node.
Money Splitter::AddChildren(const SplitNode& node, std::size_t at, Money pool) {
  const SplitLevelShares level = DivideLevel(node, pool);
  Money back = level.left_over;
  for (const ChildShare& share : level.children) {
    const SplitNode& child = *share.node;
    SplitShare line = Below(at, child.party == PartyId() ? ShareKind::kRolePool : ShareKind::kParty,
                            child.node_id);
    line.party = child.party;
    line.label = child.label;
    line.weight = share.weight;
    line.exact = share.exact;
    line.received = share.granted - share.forfeited + share.again;
    Describe(share, node, line);
    std::optional<ReasonCode> why;
    if (line.received.IsZero()) why = ChildZeroReason(share, pool);
    back += Add(child, std::move(line), why);
  }
  if (node.forfeit_to == ForfeitTo::kPayer) {
    AddForfeits(at, level.forfeited);
  } else {
    back += level.forfeited;
  }
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
    const Money pool = AddFixed(node, at, received, received - retained);
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
