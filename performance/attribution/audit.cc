#include "performance/attribution/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 11> kNames = {
    "",           "added",     "dropped",   "changed",       "closed_location",  "deceased",
    "terminated", "duplicate", "no_claims", "two_providers", "ended_affiliation"};

FindingKind KindOf(ListChangeKind kind) {
  switch (kind) {
    case ListChangeKind::kAdded:
      return FindingKind::kAdded;
    case ListChangeKind::kDropped:
      return FindingKind::kDropped;
    case ListChangeKind::kChanged:
      return FindingKind::kChanged;
  }
  CHECK(false);
  return FindingKind::kAdded;
}

// Whether the provider is at the practice, directly or at one of its locations.
bool WorksAt(const hierarchy::HierarchySnapshot& hierarchy, PartyId provider, PartyId practice) {
  for (const hierarchy::SnapshotEdge& edge : hierarchy.Parents(provider)) {
    if (edge.parent == practice) return true;
    for (const hierarchy::SnapshotEdge& above : hierarchy.Parents(edge.parent)) {
      if (above.parent == practice) return true;
    }
  }
  return false;
}

std::set<std::int64_t> ActiveMembersOf(const AttributionList* list) {
  std::set<std::int64_t> members;
  if (list == nullptr) return members;
  for (const ListEntry& entry : list->entries) {
    if (!entry.inactive) members.insert(entry.member_id);
  }
  return members;
}

std::optional<Exact> Pmpm(const std::set<std::int64_t>& members,
                          const std::map<std::int64_t, MemberSpending>& costs) {
  std::int64_t months = 0;
  Money paid;
  for (const std::int64_t member : members) {
    const auto cost = costs.find(member);
    if (cost == costs.end()) continue;
    months += cost->second.member_months;
    paid += cost->second.paid;
  }
  if (months == 0) return std::nullopt;
  return Exact(paid) * Ratio(1, months);
}

std::optional<Exact> Less(const std::optional<Exact>& a, const std::optional<Exact>& b) {
  if (!a || !b) return std::nullopt;
  return *a - *b;
}

}  // namespace

std::string_view FindingKindName(FindingKind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::vector<Closure> ClosuresIn(const hierarchy::HierarchySnapshot& at_start, Month month) {
  std::vector<Closure> closures;
  for (const hierarchy::SnapshotParty& party : at_start.Parties()) {
    if (party.kind != hierarchy::PartyKind::kLocation) continue;
    std::optional<Date> last;
    bool stays = false;
    for (const hierarchy::SnapshotEdge& edge : at_start.Parents(party.id)) {
      stays = stays || !edge.valid.to || *edge.valid.to > month.End();
      if (edge.valid.to) last = std::max(last.value_or(*edge.valid.to), *edge.valid.to);
    }
    if (last && !stays) closures.push_back({party.id, *last});
  }
  return closures;
}

ListAudit::ListAudit(const AttributionList* previous, const AttributionList& current,
                     const hierarchy::HierarchySnapshot& hierarchy, AuditOptions options)
    : previous_(previous),
      current_(current),
      hierarchy_(hierarchy),
      options_(std::move(options)),
      before_(ActiveMembersOf(previous)) {
  const std::vector<PartyId> below = hierarchy_.Descendants(options_.contract_party);
  under_contract_.insert(below.begin(), below.end());
  under_contract_.insert(options_.contract_party);
  for (const ListEntry& entry : current_.entries) {
    if (!entry.inactive) active_[entry.member_id].push_back(&entry);
  }
}

DateRange ListAudit::ClaimsWindow() const {
  return {(options_.month + 1 + -options_.no_claims_months).FirstDay(), options_.month.End()};
}

bool ListAudit::HoldsInMonth(const ListEntry& entry) const {
  return entry.attributed.Overlaps({options_.month.FirstDay(), options_.month.End()});
}

std::string ListAudit::WhyGone(const MemberRecord& record) const {
  const DateRange month{options_.month.FirstDay(), options_.month.End()};
  if (const auto death = DeathOf(record); death && *death < *month.to) {
    return fmt::format("died {}", FormatDate(*death));
  }
  const bool covered = std::ranges::any_of(record.coverage, [&](const CoverageSpan& span) {
    return span.covered.Overlaps(month);
  });
  return covered ? "" : "no coverage in " + options_.month.ToString();
}

void ListAudit::Add(const MemberRecord& record) {
  const auto entries = active_.find(record.member.id);
  if (entries == active_.end()) {
    if (!before_.contains(record.member.id)) return;
    if (std::string why = WhyGone(record); !why.empty()) gone_[record.member.id] = std::move(why);
    return;
  }
  seen_.insert(record.member.id);
  if (std::ranges::none_of(entries->second,
                           [&](const ListEntry* entry) { return HoldsInMonth(*entry); })) {
    return;
  }
  const auto add = [&](FindingKind kind, std::string detail) {
    findings_.insert({kind, record.member.id, std::nullopt, std::move(detail)});
  };
  const DateRange month{options_.month.FirstDay(), options_.month.End()};
  if (const auto death = DeathOf(record); death && *death < *month.to) {
    add(FindingKind::kDeceased, fmt::format("died {}", FormatDate(*death)));
  }
  if (std::ranges::none_of(record.coverage, [&](const CoverageSpan& span) {
        return span.covered.Overlaps(month);
      })) {
    add(FindingKind::kTerminated, "no coverage in " + options_.month.ToString());
  }
  const DateRange window = ClaimsWindow();
  if (std::ranges::none_of(record.claims, [&](const MedicalClaimLine& line) {
        return line.status == ClaimStatus::kFinal && window.Contains(line.service_from);
      })) {
    add(FindingKind::kNoClaims, "no claim " + window.ToString());
  }
}

void ListAudit::CheckPlace(const ListEntry& entry) {
  for (const Closure& closure : options_.closures) {
    const bool there = entry.location == closure.party || entry.practice == closure.party;
    if (there && *entry.attributed.to > closure.closed_on) {
      findings_.insert({FindingKind::kClosedLocation, entry.member_id, closure.party,
                        fmt::format("closed {}", FormatDate(closure.closed_on))});
    }
  }
  if (!HoldsInMonth(entry)) return;
  if (entry.provider && entry.practice && !WorksAt(hierarchy_, *entry.provider, *entry.practice)) {
    findings_.insert({FindingKind::kEndedAffiliation, entry.member_id, entry.provider,
                      fmt::format("not at {}", hierarchy_.NameOf(*entry.practice))});
  }
  const std::optional<PartyId> place = entry.practice ? entry.practice : entry.provider;
  if (place && !under_contract_.contains(*place)) {
    findings_.insert({FindingKind::kEndedAffiliation, entry.member_id, place,
                      fmt::format("not under {}", hierarchy_.NameOf(options_.contract_party))});
  }
}

void ListAudit::CheckOverlaps() {
  for (const auto& [member, entries] : active_) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (std::size_t j = i + 1; j < entries.size(); ++j) {
        const ListEntry& a = *entries[i];
        const ListEntry& b = *entries[j];
        if (!a.attributed.Overlaps(b.attributed)) continue;
        const bool same = a.provider == b.provider && a.practice == b.practice;
        findings_.insert({same ? FindingKind::kDuplicate : FindingKind::kTwoProviders, member,
                          std::nullopt, fmt::format("plans '{}' and '{}'", a.plan, b.plan)});
      }
    }
  }
}

void ListAudit::CheckOtherLists() {
  for (const ListedElsewhere& other : options_.elsewhere) {
    const auto entries = active_.find(other.member_id);
    if (entries == active_.end()) continue;
    if (std::ranges::any_of(entries->second, [&](const ListEntry* entry) {
          return entry->attributed.Overlaps(other.attributed);
        })) {
      findings_.insert({FindingKind::kTwoProviders, other.member_id, other.party,
                        fmt::format("also on the list of contract {}, {}", other.contract,
                                    other.attributed.ToString())});
    }
  }
}

std::vector<Finding> ListAudit::Finish() {
  for (const ListChange& change : DiffLists(previous_, current_)) {
    const auto gone = gone_.find(change.member_id);
    const bool says = change.kind == ListChangeKind::kDropped && gone != gone_.end();
    findings_.insert({KindOf(change.kind), change.member_id, std::nullopt,
                      says ? gone->second : std::string()});
  }
  for (const auto& [member, entries] : active_) {
    for (const ListEntry* const entry : entries) CheckPlace(*entry);
    if (!seen_.contains(member)) {
      findings_.insert({FindingKind::kTerminated, member, std::nullopt, "not a known member"});
    }
  }
  CheckOverlaps();
  CheckOtherLists();
  return {findings_.begin(), findings_.end()};
}

void ComputeEffects(Erosion& erosion) {
  erosion.from_dropped = Less(erosion.pmpm_kept, erosion.pmpm_before);
  erosion.from_added = Less(erosion.pmpm_after, erosion.pmpm_kept);
  erosion.effect = Less(erosion.pmpm_after, erosion.pmpm_before);
}

Erosion MeasureErosion(const AttributionList* before, const AttributionList& after,
                       const std::map<std::int64_t, MemberSpending>& costs) {
  const std::set<std::int64_t> old_members = ActiveMembersOf(before);
  const std::set<std::int64_t> new_members = ActiveMembersOf(&after);
  std::set<std::int64_t> kept;
  std::ranges::set_intersection(old_members, new_members, std::inserter(kept, kept.end()));
  Erosion erosion;
  const auto count = [](const auto& members) { return static_cast<std::int64_t>(members.size()); };
  erosion.members_before = count(old_members);
  erosion.members_after = count(new_members);
  erosion.added = erosion.members_after - count(kept);
  erosion.dropped = erosion.members_before - count(kept);
  erosion.pmpm_before = Pmpm(old_members, costs);
  erosion.pmpm_kept = Pmpm(kept, costs);
  erosion.pmpm_after = Pmpm(new_members, costs);
  ComputeEffects(erosion);
  return erosion;
}

}  // namespace sluice::performance
