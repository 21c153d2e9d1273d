// From participants and terms to the tree of a split: who takes part with which weight.
#include <algorithm>
#include <optional>
#include <utility>

#include "performance/participants.h"

namespace sluice::performance {
namespace {

constexpr Date kFirstDay = Date::min();

// --- Days and months ----------------------------------------------------------------------------

std::optional<DateRange> Overlap(const DateRange& a, const DateRange& b) {
  DateRange both{.from = std::max(a.from, b.from), .to = a.to};
  if (b.to && (!both.to || *b.to < *both.to)) both.to = b.to;
  if (both.IsEmpty()) return std::nullopt;
  return both;
}

bool AnyContains(const std::vector<DateRange>& ranges, Date day) {
  return std::ranges::any_of(ranges, [&](const DateRange& r) { return r.Contains(day); });
}

// The part of the period that the ranges hold, by the rule.
Ratio PartOfPeriod(Proration rule, const std::vector<DateRange>& ranges, const DateRange& period) {
  std::int64_t held = 0;
  std::int64_t all = 0;
  if (rule == Proration::kDays) {
    for (Date day = period.from; day < *period.to; day += Days(1)) {
      ++all;
      if (AnyContains(ranges, day)) ++held;
    }
    return Ratio(held, all);
  }
  for (Month month = Month::Of(period.from); month.FirstDay() < *period.to; month = month + 1) {
    ++all;
    const Date first = std::max(month.FirstDay(), period.from);
    const DateRange days{.from = first, .to = std::min(month.End(), *period.to)};
    const bool counts =
        rule == Proration::kMonthsOnFirstDay
            ? AnyContains(ranges, first)
            : std::ranges::any_of(ranges, [&](const DateRange& r) { return r.Overlaps(days); });
    if (counts) ++held;
  }
  return Ratio(held, all);
}

// --- What a member's facts say ------------------------------------------------------------------

Status Missing(const Participant& participant, std::string_view name) {
  return FailedPrecondition("{} of participant {} ({})", name, participant.party, participant.name);
}

// A weight may be recorded as a count, a ratio or an amount (points are often dollars earned).
StatusOr<Ratio> WeightOf(const Participant& participant, const std::string& name) {
  const auto found = participant.facts.Values().find(name);
  if (found == participant.facts.Values().end()) return Missing(participant, name);
  if (const auto* amount = std::get_if<Exact>(&found->second)) {
    return *amount / Exact(Money::FromCents(100));
  }
  ASSIGN_OR_RETURN(const std::optional<Ratio> weight, participant.facts.RatioOf(name));
  return *weight;
}

StatusOr<Ratio> ScoreOf(const Participant& participant, const std::string& name) {
  ASSIGN_OR_RETURN(const std::optional<Ratio> score, participant.facts.RatioOf(name));
  if (!score) return Missing(participant, name);
  return *score;
}

StatusOr<Ratio> FactorOf(const Participant& participant, const ScoreFactor& factor) {
  ASSIGN_OR_RETURN(const Ratio score, ScoreOf(participant, factor.fact));
  if (factor.steps.empty()) return std::clamp(score, Ratio(), Ratio(1));
  Ratio value;
  for (const FactorStep& step : factor.steps) {
    if (score >= step.at_least) value = step.factor;
  }
  return value;
}

StatusOr<Ratio> EarnedOf(const Participant& participant, const std::vector<EarnedPart>& parts) {
  if (parts.empty()) return Ratio(1);
  Ratio earned;
  for (const EarnedPart& part : parts) {
    ASSIGN_OR_RETURN(const Ratio factor, FactorOf(participant, part.by));
    earned = earned + Ratio(part.share) * factor;
  }
  return earned;
}

StatusOr<bool> MeetsMinimum(const Participant& participant, const Redistribution& again) {
  for (const ScoreMinimum& minimum : again.when) {
    ASSIGN_OR_RETURN(const Ratio score, ScoreOf(participant, minimum.fact));
    if (score < minimum.at_least) return false;
  }
  return true;
}

// --- Members ------------------------------------------------------------------------------------

// The rule of a level or of one of its pools.
struct MemberRule {
  SplitBasis basis;
  const std::string& weight_name;
  const std::optional<Money>& floor;
  const std::optional<Money>& cap;
  const SplitRefinement& refinement;
};
template <typename Rule>
MemberRule RuleOf(const Rule& rule) {
  return {.basis = rule.basis,
          .weight_name = rule.weight_name,
          .floor = rule.floor,
          .cap = rule.cap,
          .refinement = rule.refinement};
}

// A child of a node, and the days of those of its affiliations that count.
struct Member {
  const Participant* participant = nullptr;
  std::vector<DateRange> days;  // no entry: always
};

class Builder {
 public:
  Builder(const Split& split, const SplitDates& dates, PartyId root)
      : split_(split), dates_(dates), root_(root) {}

  StatusOr<SplitNode> Build(const Participant& participant, std::size_t depth) const;

 private:
  StatusOr<std::vector<SplitNode>> BuildMembers(const MemberRule& rule, PartyId parent,
                                                const std::vector<Member>& members,
                                                std::size_t depth) const;
  StatusOr<SplitNode> BuildMember(const MemberRule& rule, PartyId parent, const Member& member,
                                  std::size_t depth) const;
  Status AddFixed(const SplitLevel& level, const Participant& participant, SplitNode& node) const;
  Status AddPools(const SplitLevel& level, const Participant& participant, std::size_t depth,
                  SplitNode& node) const;
  StatusOr<Ratio> Weigh(const MemberRule& rule, PartyId parent, const Participant& member) const;
  StatusOr<std::vector<DateRange>> Standing(const Member& member) const;
  Status CheckManual(const MemberRule& rule, PartyId parent, const std::vector<Member>& members,
                     std::vector<SplitNode>& nodes) const;
  bool IsUnder(const ManualShare& share, PartyId parent) const {
    return share.under == parent || (share.under == PartyId() && parent == root_);
  }

  const Split& split_;
  const SplitDates& dates_;
  PartyId root_;
};

StatusOr<std::vector<RoleSpan>> SpansOf(const Participant& participant) {
  ASSIGN_OR_RETURN(const auto text, participant.facts.Text(kAffiliationFact));
  if (!text) return std::vector<RoleSpan>{};
  return ParseAffiliation(*text);
}

std::vector<DateRange> DaysOf(const std::vector<RoleSpan>& spans) {
  std::vector<DateRange> days;
  for (const RoleSpan& span : spans) days.push_back(span.valid);
  return days;
}

// The days on which the member was affiliated and in standing by its dated facts.
StatusOr<std::vector<DateRange>> Builder::Standing(const Member& member) const {
  const Facts& facts = member.participant->facts;
  ASSIGN_OR_RETURN(const auto from, facts.DateOf("standing_from"));
  ASSIGN_OR_RETURN(const auto to, facts.DateOf("standing_to"));
  const DateRange stated{.from = from.value_or(kFirstDay), .to = to};
  if (stated.IsEmpty()) return std::vector<DateRange>{};
  if (member.days.empty()) return std::vector<DateRange>{stated};
  std::vector<DateRange> days;
  for (const DateRange& range : member.days) {
    if (const auto both = Overlap(range, stated)) days.push_back(*both);
  }
  return days;
}

StatusOr<Ratio> Builder::Weigh(const MemberRule& rule, PartyId parent,
                               const Participant& member) const {
  const std::string name = WeightName(rule.basis, rule.weight_name);
  switch (rule.basis) {
    case SplitBasis::kEqual:
    case SplitBasis::kRolePools:
      return Ratio(1);
    case SplitBasis::kRiskWeightedMemberMonths: {
      const std::string& risk_name = rule.refinement.risk_name;
      ASSIGN_OR_RETURN(const Ratio months, WeightOf(member, name));
      ASSIGN_OR_RETURN(const Ratio risk,
                       ScoreOf(member, risk_name.empty() ? "risk_score" : risk_name));
      return months * risk;
    }
    case SplitBasis::kManual:
      if (!rule.refinement.shares.empty()) {
        for (const ManualShare& share : rule.refinement.shares) {
          if (share.party == member.party && IsUnder(share, parent)) return Ratio(share.share);
        }
        return Ratio();
      }
      return WeightOf(member, name);
    case SplitBasis::kWeights:
    case SplitBasis::kMemberMonths:
    case SplitBasis::kPoints:
    case SplitBasis::kAllowedDollars:
    case SplitBasis::kRelativeValueUnits:
    case SplitBasis::kFte:
      return WeightOf(member, name);
  }
  return InvalidArgument("split: a basis that this version does not know");
}

StatusOr<SplitNode> Builder::BuildMember(const MemberRule& rule, PartyId parent,
                                         const Member& member, std::size_t depth) const {
  const Participant& participant = *member.participant;
  const SplitRefinement& refinement = rule.refinement;
  ASSIGN_OR_RETURN(SplitNode node, Build(participant, depth + 1));
  ASSIGN_OR_RETURN(node.basis, Weigh(rule, parent, participant));
  ASSIGN_OR_RETURN(const std::vector<DateRange> days, Standing(member));
  const bool on_service = split_.standing == StandingDay::kServiceDate;
  const bool stands =
      on_service
          ? std::ranges::any_of(days, [&](const auto& r) { return r.Overlaps(dates_.period); })
          : AnyContains(days, dates_.standing_day);
  if (!stands) node.ineligible = ReasonCode::kStandingLost;
  if (refinement.proration != Proration::kNone) {
    const std::vector<DateRange> always = {DateRange::From(kFirstDay)};
    const std::vector<DateRange>& affiliated = member.days.empty() ? always : member.days;
    const Ratio part =
        PartOfPeriod(refinement.proration, on_service ? days : affiliated, dates_.period);
    if (part != Ratio(1)) {
      node.basis = node.basis * part;
      node.detail = fmt::format("{} of the period", part.ToFractionString());
      if (part.IsZero()) node.weightless = ReasonCode::kPartyNotEligible;
    }
  }
  if (refinement.quality) {
    ASSIGN_OR_RETURN(node.quality, FactorOf(participant, *refinement.quality));
    node.detail += fmt::format("{}{}: factor {}", node.detail.empty() ? "" : "; ",
                               refinement.quality->fact, node.quality.ToString());
    if (node.quality.IsZero()) node.weightless = ReasonCode::kBelowThreshold;
  }
  ASSIGN_OR_RETURN(node.earned, EarnedOf(participant, refinement.earned));
  if (refinement.redistribution) {
    ASSIGN_OR_RETURN(node.meets_minimum, MeetsMinimum(participant, *refinement.redistribution));
  }
  node.floor = rule.floor;
  node.cap = rule.cap;
  return node;
}

// Stated percentages make a whole, as printed: of all members, or of the parts of the period in
// which they held.
Status Builder::CheckManual(const MemberRule& rule, PartyId parent,
                            const std::vector<Member>& members,
                            std::vector<SplitNode>& nodes) const {
  if (rule.basis != SplitBasis::kManual || nodes.empty()) return OkStatus();
  for (const ManualShare& share : rule.refinement.shares) {
    const auto is_named = [&](const Member& m) { return m.participant->party == share.party; };
    if (IsUnder(share, parent) && std::ranges::none_of(members, is_named)) {
      return FailedPrecondition(
          "the party {}, to whom a percentage under {} is stated: it is not "
          "below it",
          share.party, parent);
    }
  }
  Ratio stated;
  Ratio held;
  for (std::size_t i = 0; i < members.size(); ++i) {
    ASSIGN_OR_RETURN(const Ratio share, Weigh(rule, parent, *members[i].participant));
    stated = stated + share;
    held = held + nodes[i].basis;
  }
  for (const Ratio& sum : {stated, held}) {
    if (JudgeShares(sum) == WholeShares::kExact) return OkStatus();
  }
  for (const Ratio& sum : {stated, held}) {
    if (JudgeShares(sum) == WholeShares::kRefuse) continue;
    for (SplitNode& node : nodes) {
      if (node.basis.IsZero()) continue;
      node.notes.push_back(ReasonCode::kRenormalizedShares);
      node.detail += fmt::format("{}the percentages sum to {}", node.detail.empty() ? "" : "; ",
                                 sum.ToPercentString());
    }
    return OkStatus();
  }
  return InvalidArgument(
      "split: the stated percentages under {} sum to {}; 99.9 % to 100.1 % is accepted", parent,
      stated.ToPercentString());
}

StatusOr<std::vector<SplitNode>> Builder::BuildMembers(const MemberRule& rule, PartyId parent,
                                                       const std::vector<Member>& members,
                                                       std::size_t depth) const {
  std::vector<SplitNode> nodes;
  nodes.reserve(members.size());
  for (const Member& member : members) {
    ASSIGN_OR_RETURN(SplitNode node, BuildMember(rule, parent, member, depth));
    nodes.push_back(std::move(node));
  }
  RETURN_IF_ERROR(CheckManual(rule, parent, members, nodes));
  return nodes;
}

// --- Nodes that are no participants -------------------------------------------------------------

// Fixed-first items and pools have ids below zero, in the order of the terms, so that they never
// meet the id of a party.
std::int64_t ItemId(const SplitLevel& level, std::size_t index) {
  return static_cast<std::int64_t>(index) -
         static_cast<std::int64_t>(level.fixed_first.size() + level.pools.size());
}
std::int64_t PoolId(const SplitLevel& level, std::size_t index) {
  return ItemId(level, level.fixed_first.size() + index);
}

Status Builder::AddFixed(const SplitLevel& level, const Participant& participant,
                         SplitNode& node) const {
  for (std::size_t i = 0; i < level.fixed_first.size(); ++i) {
    const FixedItem& item = level.fixed_first[i];
    FixedShare fixed{.node_id = ItemId(level, i),
                     .party = item.party == PartyId() ? participant.party : item.party,
                     .label = item.label};
    if (const auto* amount = std::get_if<Money>(&item.amount)) {
      fixed.amount = *amount;
    } else if (const auto* share = std::get_if<Rate>(&item.amount)) {
      fixed.share = *share;
    } else {
      const std::string& name = std::get<std::string>(item.amount);
      ASSIGN_OR_RETURN(const auto recorded, participant.facts.Amount(name));
      if (!recorded) return Missing(participant, name);
      fixed.amount = Round(*recorded, Rounding::kHalfAwayFromZero);
    }
    node.fixed_first.push_back(std::move(fixed));
  }
  return OkStatus();
}

// The affiliations of a child that bring it into a pool; none when it does not belong.
StatusOr<std::optional<Member>> MemberOf(const RolePool& pool, const Participant& child) {
  ASSIGN_OR_RETURN(const std::vector<RoleSpan> spans, SpansOf(child));
  ASSIGN_OR_RETURN(const auto kind, child.facts.Text(kPartyKindFact));
  if (kind && std::ranges::find(pool.kinds, *kind) != pool.kinds.end()) {
    return std::optional<Member>({.participant = &child, .days = DaysOf(spans)});
  }
  Member member{.participant = &child};
  for (const RoleSpan& span : spans) {
    if (std::ranges::find(pool.roles, span.role) != pool.roles.end()) {
      member.days.push_back(span.valid);
    }
  }
  if (member.days.empty()) return std::optional<Member>();
  return std::optional<Member>(std::move(member));
}

// A child that no pool is for stands in the tree, and its line says why it receives nothing.
SplitNode Outside(const Participant& child) {
  SplitNode node{.node_id = child.party.Value(), .party = child.party, .label = child.name};
  node.basis = Ratio();
  node.ineligible = ReasonCode::kPartyNotEligible;
  node.detail = "no role pool is for it";
  return node;
}

Status Builder::AddPools(const SplitLevel& level, const Participant& participant, std::size_t depth,
                         SplitNode& node) const {
  std::vector<bool> placed(participant.children.size());
  for (std::size_t p = 0; p < level.pools.size(); ++p) {
    const RolePool& pool = level.pools[p];
    std::vector<Member> members;
    for (std::size_t c = 0; c < participant.children.size(); ++c) {
      ASSIGN_OR_RETURN(std::optional<Member> member, MemberOf(pool, participant.children[c]));
      if (!member) continue;
      placed[c] = true;
      members.push_back(*std::move(member));
    }
    SplitNode added{.node_id = PoolId(level, p), .label = pool.name, .basis = Ratio(pool.share)};
    added.forfeit_to = pool.forfeit_to;
    if (pool.refinement.redistribution) added.redistribute = pool.refinement.redistribution->share;
    ASSIGN_OR_RETURN(added.children, BuildMembers(RuleOf(pool), participant.party, members, depth));
    const auto takes_part = [](const SplitNode& n) {
      return !n.ineligible && !n.basis.IsZero() && !n.quality.IsZero();
    };
    if (std::ranges::none_of(added.children, takes_part)) {
      added.ineligible = ReasonCode::kPartyNotEligible;
      added.detail = "nobody in the pool takes part";
    }
    node.children.push_back(std::move(added));
  }
  for (std::size_t c = 0; c < placed.size(); ++c) {
    if (!placed[c]) node.children.push_back(Outside(participant.children[c]));
  }
  return OkStatus();
}

StatusOr<SplitNode> Builder::Build(const Participant& participant, std::size_t depth) const {
  SplitNode node{
      .node_id = participant.party.Value(), .party = participant.party, .label = participant.name};
  if (depth >= split_.levels.size()) return node;
  const SplitLevel& level = split_.levels[depth];
  node.keep = level.keep;
  node.forfeit_to = level.forfeit_to;
  RETURN_IF_ERROR(AddFixed(level, participant, node));
  if (level.basis == SplitBasis::kRolePools) {
    RETURN_IF_ERROR(AddPools(level, participant, depth, node));
    return node;
  }
  std::vector<Member> members;
  for (const Participant& child : participant.children) {
    ASSIGN_OR_RETURN(const std::vector<RoleSpan> spans, SpansOf(child));
    members.push_back({.participant = &child, .days = DaysOf(spans)});
  }
  if (level.refinement.redistribution) {
    node.redistribute = level.refinement.redistribution->share;
  }
  ASSIGN_OR_RETURN(node.children, BuildMembers(RuleOf(level), participant.party, members, depth));
  return node;
}

}  // namespace

StatusOr<SplitNode> BuildSplitTree(const Split& split, const Participant& root,
                                   const SplitDates& dates) {
  return Builder(split, dates, root.party).Build(root, 0);
}

}  // namespace sluice::performance
