#include "performance/attribution/decision.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace sluice::performance {
namespace {

// What is left of the entry when the days are cut out: before them, after them, both or nothing.
void KeepTheRest(ListEntry entry, const ListDecision& decision, std::vector<ListEntry>& kept) {
  const DateRange& days = decision.entry.attributed;
  if (decision.entry.dispute) entry.dispute = decision.entry.dispute;
  if (entry.attributed.from < days.from) {
    kept.push_back(entry);
    kept.back().attributed.to = days.from;
  }
  if (*entry.attributed.to > *days.to) {
    kept.push_back(std::move(entry));
    kept.back().attributed.from = *days.to;
  }
}

void Apply(const ListDecision& decision, std::vector<ListEntry>& entries) {
  std::vector<ListEntry> kept;
  for (ListEntry& entry : entries) {
    if (entry.member_id == decision.entry.member_id && entry.plan == decision.entry.plan &&
        entry.attributed.Overlaps(decision.entry.attributed)) {
      KeepTheRest(std::move(entry), decision, kept);
    } else {
      kept.push_back(std::move(entry));
    }
  }
  if (!decision.removes) kept.push_back(decision.entry);
  entries = std::move(kept);
}

// Whether two entries say the same, but for how they compare with an earlier version.
bool SaysTheSame(const ListEntry& a, const ListEntry& b) {
  return std::tie(a.attributed.from, a.attributed.to, a.provider, a.practice, a.location, a.basis,
                  a.dispute) == std::tie(b.attributed.from, b.attributed.to, b.provider,
                                         b.practice, b.location, b.basis, b.dispute);
}

}  // namespace

std::optional<ListDecision> DecisionOf(const Dispute& dispute) {
  if (dispute.state != DisputeState::kAccepted && dispute.state != DisputeState::kApplied) {
    return std::nullopt;
  }
  const auto accepted =
      std::ranges::find(dispute.history, DisputeEvent::kAccept, &DisputeAction::event);
  ListDecision decision{.at = accepted->at,
                        .number = dispute.id.Value(),
                        .removes = dispute.operation == DisputeOperation::kRemove,
                        .entry = dispute.entry};
  decision.entry.basis = "dispute";
  decision.entry.dispute = dispute.id;
  return decision;
}

std::vector<ListEntry> ApplyDecisions(std::vector<ListEntry> entries,
                                      std::vector<ListDecision> decisions) {
  std::ranges::sort(decisions, {}, [](const ListDecision& decision) {
    return std::pair(decision.at, decision.number);
  });
  // Only the members decided about are gone through again and again.
  std::set<std::int64_t> members;
  for (const ListDecision& decision : decisions) members.insert(decision.entry.member_id);
  const auto others = std::ranges::stable_partition(entries, [&](const ListEntry& entry) {
    return !members.contains(entry.member_id);
  });
  std::vector<ListEntry> decided(std::make_move_iterator(others.begin()),
                                 std::make_move_iterator(others.end()));
  entries.erase(others.begin(), others.end());
  for (const ListDecision& decision : decisions) Apply(decision, decided);
  for (ListEntry& entry : decided) entries.push_back(std::move(entry));
  std::ranges::sort(entries, {}, &ListEntry::Key);
  return entries;
}

Status SetActiveEntries(AttributionList& list, const std::vector<ListEntry>& entries) {
  std::map<EntryKey, const ListEntry*> wanted;
  for (const ListEntry& entry : entries) wanted.emplace(entry.Key(), &entry);
  std::vector<EntryKey> gone;
  for (const ListEntry& entry : list.entries) {
    if (entry.inactive) continue;
    const auto same = wanted.find(entry.Key());
    if (same == wanted.end() || !SaysTheSame(*same->second, entry)) gone.push_back(entry.Key());
  }
  for (const EntryKey& key : gone) RETURN_IF_ERROR(RemoveEntry(list, key));
  for (const ListEntry& entry : entries) {
    const ListEntry* const known = list.Find(entry.Key());
    if (known == nullptr || known->inactive) RETURN_IF_ERROR(AddEntry(list, entry));
  }
  return OkStatus();
}

}  // namespace sluice::performance
