#include "performance/participants.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice::performance {
namespace {

Facts FactsOf(const ParticipantFacts& facts, PartyId party, PartyId under) {
  Facts found;
  if (const auto all = facts.find({party, PartyId()}); all != facts.end()) found = all->second;
  const auto one = facts.find({party, under});
  if (under == PartyId() || one == facts.end()) return found;
  for (const auto& [name, value] : one->second.Values()) found.Set(name, value);
  for (const auto& [id, result] : one->second.Measures()) found.SetMeasure(id, result);
  return found;
}

// Walks the hierarchy of one day, or of all days of a period.
class Walker {
 public:
  Walker(const HierarchyView& view, const ParticipantFacts& facts, const Split* split,
         const DateRange& period)
      : view_(view),
        facts_(facts),
        reads_affiliations_(split != nullptr && ReadsAffiliations(*split)),
        whole_period_(split != nullptr && split->membership == Membership::kDuringPeriod),
        period_(period) {}

  Participant Walk(PartyId party, PartyId under, std::size_t levels) const {
    Participant node{.party = party, .facts = FactsOf(facts_, party, under)};
    const hierarchy::SnapshotParty* found = Find(party);
    if (found != nullptr) node.name = found->name;
    if (found != nullptr && reads_affiliations_) {
      node.facts.SetText(kPartyKindFact, std::string(hierarchy::PartyKindName(found->kind)));
    }
    if (levels == 0) return node;
    // One child may have several roles under one parent; it takes part once.
    std::map<PartyId, std::vector<RoleSpan>> children;
    for (const hierarchy::SnapshotEdge& edge : EdgesBelow(party)) {
      children[edge.child].push_back({.role = edge.role, .valid = edge.valid});
    }
    for (const auto& [child, spans] : children) {
      node.children.push_back(Walk(child, party, levels - 1));
      if (reads_affiliations_) {
        node.children.back().facts.SetText(kAffiliationFact, FormatAffiliation(spans));
      }
    }
    return node;
  }

 private:
  const hierarchy::SnapshotParty* Find(PartyId party) const {
    const hierarchy::SnapshotParty* found = view_.on_day.Find(party);
    if (!whole_period_) return found;
    for (std::size_t i = 0; found == nullptr && i < view_.other_days.size(); ++i) {
      found = view_.other_days[i].Find(party);
    }
    return found;
  }

  // By child, role and first day; an edge that several days know once.
  std::vector<hierarchy::SnapshotEdge> EdgesBelow(PartyId party) const {
    const auto on_day = view_.on_day.Children(party);
    std::vector<hierarchy::SnapshotEdge> edges(on_day.begin(), on_day.end());
    if (!whole_period_) return edges;
    for (const hierarchy::HierarchySnapshot& other : view_.other_days) {
      const auto more = other.Children(party);
      edges.insert(edges.end(), more.begin(), more.end());
    }
    std::erase_if(edges, [&](const auto& edge) { return !edge.valid.Overlaps(period_); });
    const auto order = [](const hierarchy::SnapshotEdge& e) {
      return std::tuple(e.child, e.role, e.valid.from);
    };
    std::ranges::sort(edges, {}, order);
    const auto twice = std::ranges::unique(edges);
    edges.erase(twice.begin(), twice.end());
    return edges;
  }

  const HierarchyView& view_;
  const ParticipantFacts& facts_;
  bool reads_affiliations_;
  bool whole_period_;
  const DateRange& period_;
};

StatusOr<RoleSpan> ParseSpan(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::size_t slash = text.find('/');
  if (colon == std::string_view::npos || slash == std::string_view::npos || slash < colon) {
    return InvalidArgument("'{}' is no affiliation: role:first day/end day or -", text);
  }
  RoleSpan span{.role = std::string(text.substr(0, colon))};
  RETURN_IF_ERROR(hierarchy::CheckRole(span.role));
  ASSIGN_OR_RETURN(span.valid.from, ParseDate(text.substr(colon + 1, slash - colon - 1)));
  const std::string_view end = text.substr(slash + 1);
  if (end != "-") {
    ASSIGN_OR_RETURN(const Date to, ParseDate(end));
    span.valid.to = to;
  }
  if (span.valid.IsEmpty()) return InvalidArgument("'{}' ends before it begins", text);
  return span;
}

}  // namespace

std::string FormatAffiliation(std::span<const RoleSpan> spans) {
  std::string text;
  for (const RoleSpan& span : spans) {
    text +=
        fmt::format("{}{}:{}/{}", text.empty() ? "" : ",", span.role, FormatDate(span.valid.from),
                    span.valid.to ? FormatDate(*span.valid.to) : "-");
  }
  return text;
}

StatusOr<std::vector<RoleSpan>> ParseAffiliation(std::string_view text) {
  std::vector<RoleSpan> spans;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    ASSIGN_OR_RETURN(RoleSpan span, ParseSpan(text.substr(0, comma)));
    spans.push_back(std::move(span));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return spans;
}

StatusOr<Participant> ParticipantsUnder(const hierarchy::HierarchySnapshot& snapshot, PartyId party,
                                        std::size_t levels, const ParticipantFacts& facts) {
  if (levels > 0 && snapshot.Find(party) == nullptr) {
    return NotFound("party {} is not in the hierarchy as of {}", party,
                    FormatDate(snapshot.Header().as_of));
  }
  const HierarchyView view{.on_day = snapshot};
  const DateRange any_day;
  return Walker(view, facts, nullptr, any_day).Walk(party, PartyId(), levels);
}

StatusOr<Participant> ParticipantsOf(const Split& split, const HierarchyView& view, PartyId party,
                                     const ParticipantFacts& facts, const DateRange& period) {
  const hierarchy::SnapshotHeader& header = view.on_day.Header();
  for (const hierarchy::HierarchySnapshot& other : view.other_days) {
    if (other.Header().version != header.version) {
      return InvalidArgument(
          "the hierarchy of {} is of version {}, that of {} of version {}; take both of one "
          "version",
          FormatDate(header.as_of), header.version, FormatDate(other.Header().as_of),
          other.Header().version);
    }
  }
  if (view.on_day.Find(party) == nullptr) {
    return NotFound("party {} is not in the hierarchy as of {}", party, FormatDate(header.as_of));
  }
  return Walker(view, facts, &split, period).Walk(party, PartyId(), split.levels.size());
}

}  // namespace sluice::performance
