#include "performance/attribution/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 6> kChangeNames = {"",         "new",     "changed",
                                                          "nochange", "dropped", "cancelled"};

// Where and when an entry is; what makes two entries of one key the same.
auto Content(const ListEntry& entry) {
  return std::tuple(entry.attributed.from, entry.attributed.to, entry.provider, entry.practice,
                    entry.location);
}

Status CheckEntry(const ListEntry& entry, const DateRange& period) {
  if (!entry.attributed.to || entry.attributed.IsEmpty() || entry.attributed.from < period.from ||
      *entry.attributed.to > *period.to) {
    return InvalidArgument("member {} is attributed {}, which is not within the list's period {}",
                           entry.member_id, entry.attributed.ToString(), period.ToString());
  }
  return OkStatus();
}

// Active entries of one member and plan must not overlap. `entries` are by key.
Status CheckOverlaps(const std::vector<ListEntry>& entries) {
  const ListEntry* last = nullptr;
  for (const ListEntry& entry : entries) {
    if (entry.inactive) continue;
    if (last != nullptr && last->member_id == entry.member_id && last->plan == entry.plan &&
        last->attributed.Overlaps(entry.attributed)) {
      return FailedPrecondition(
          "member {} is attributed twice in plan '{}': {} and {}; one time has one provider",
          entry.member_id, entry.plan, last->attributed.ToString(), entry.attributed.ToString());
    }
    last = &entry;
  }
  return OkStatus();
}

Status RequireOpen(const AttributionList& list) {
  if (list.status != ListStatus::kFinal) return OkStatus();
  return FailedPrecondition(
      "version {} of the list is final; file a dispute, which lands in the next version",
      list.version);
}

auto Place(AttributionList& list, const EntryKey& key) {
  return std::ranges::lower_bound(list.entries, key, {}, &ListEntry::Key);
}

// The entry of the key, when it is active.
StatusOr<ListEntry*> FindActive(AttributionList& list, const EntryKey& key) {
  const auto place = Place(list, key);
  if (place == list.entries.end() || place->Key() != key || place->inactive) {
    return NotFound("member {} has no active entry from {} in plan '{}'", key.member_id,
                    FormatDate(key.from), key.plan);
  }
  return &*place;
}

// The active entries of each member, in order.
std::map<std::int64_t, std::vector<const ListEntry*>> ByMember(const AttributionList* list) {
  std::map<std::int64_t, std::vector<const ListEntry*>> members;
  if (list == nullptr) return members;
  for (const ListEntry& entry : list->entries) {
    if (!entry.inactive) members[entry.member_id].push_back(&entry);
  }
  return members;
}

bool SameContent(const std::vector<const ListEntry*>& a, const std::vector<const ListEntry*>& b) {
  return std::ranges::equal(a, b, [](const ListEntry* x, const ListEntry* y) {
    return x->plan == y->plan && Content(*x) == Content(*y);
  });
}

}  // namespace

std::string_view ListStatusName(ListStatus status) {
  switch (status) {
    case ListStatus::kDraft:
      return "draft";
    case ListStatus::kOpen:
      return "open";
    case ListStatus::kFinal:
      return "final";
  }
  CHECK(false);
  return {};
}

std::string_view ChangeTypeName(ChangeType type) {
  return kChangeNames.at(static_cast<std::size_t>(type));
}

StatusOr<ChangeType> ParseChangeType(std::string_view name) {
  const auto found = std::find(kChangeNames.begin() + 1, kChangeNames.end(), name);
  if (found == kChangeNames.end()) return InvalidArgument("'{}' is no change type of a list", name);
  return static_cast<ChangeType>(found - kChangeNames.begin());
}

const ListEntry* AttributionList::Find(const EntryKey& key) const {
  const auto place = std::ranges::lower_bound(entries, key, {}, &ListEntry::Key);
  return place == entries.end() || place->Key() != key ? nullptr : &*place;
}

std::int64_t AttributionList::ActiveMembers() const {
  return static_cast<std::int64_t>(ByMember(this).size());
}

std::vector<ListEntry> ToEntries(std::int64_t member_id, const std::vector<ListedMonth>& months) {
  std::vector<ListEntry> entries;
  for (const ListedMonth& month : months) {
    const std::string basis(StepKindName(month.to.kind));
    if (!entries.empty()) {
      ListEntry& last = entries.back();
      if (last.attributed.to == month.month.FirstDay() && last.plan == month.plan &&
          last.provider == month.to.provider && last.practice == month.to.practice &&
          last.location == month.to.location && last.basis == basis) {
        last.attributed.to = month.month.End();
        continue;
      }
    }
    entries.push_back({.member_id = member_id,
                       .plan = month.plan,
                       .attributed = {month.month.FirstDay(), month.month.End()},
                       .provider = month.to.provider,
                       .practice = month.to.practice,
                       .location = month.to.location,
                       .basis = basis,
                       .dispute = std::nullopt});
  }
  return entries;
}

StatusOr<AttributionList> NextVersion(const AttributionList* previous, ContractId contract,
                                      DateRange period, std::vector<ListEntry> wanted) {
  AttributionList list{.contract = contract, .period = period, .entries = std::move(wanted)};
  if (previous != nullptr) {
    if (previous->status != ListStatus::kFinal) {
      return FailedPrecondition("version {} of the list is {}; make it final before the next one",
                                previous->version, ListStatusName(previous->status));
    }
    list.version = previous->version + 1;
  }
  std::ranges::sort(list.entries, {}, &ListEntry::Key);
  const auto before = ByMember(previous);
  for (ListEntry& entry : list.entries) {
    RETURN_IF_ERROR(CheckEntry(entry, period));
    entry.inactive = false;
    const auto known = before.find(entry.member_id);
    entry.change = known == before.end() ? ChangeType::kNew : ChangeType::kChanged;
    if (known == before.end()) continue;
    for (const ListEntry* const old : known->second) {
      if (old->plan == entry.plan && Content(*old) == Content(entry)) {
        entry.change = ChangeType::kNoChange;
      }
    }
  }
  if (std::ranges::adjacent_find(list.entries, {}, &ListEntry::Key) != list.entries.end()) {
    return InvalidArgument("an entry of the list is given twice");
  }
  RETURN_IF_ERROR(CheckOverlaps(list.entries));
  std::vector<ListEntry> gone;
  for (const auto& [member, entries] : before) {
    for (const ListEntry* const old : entries) {
      if (list.Find(old->Key()) != nullptr) continue;
      gone.push_back(*old);
      gone.back().change = ChangeType::kDropped;
      gone.back().inactive = true;
    }
  }
  list.entries.insert(list.entries.end(), gone.begin(), gone.end());
  std::ranges::sort(list.entries, {}, &ListEntry::Key);
  return list;
}

Status AddEntry(AttributionList& list, ListEntry entry) {
  RETURN_IF_ERROR(RequireOpen(list));
  RETURN_IF_ERROR(CheckEntry(entry, list.period));
  entry.inactive = false;
  entry.change = ChangeType::kNew;
  AttributionList changed = list;
  const auto place = Place(changed, entry.Key());
  if (place != changed.entries.end() && place->Key() == entry.Key()) {
    if (!place->inactive) {
      return AlreadyExists("member {} is on the list from {} in plan '{}'", entry.member_id,
                           FormatDate(entry.attributed.from), entry.plan);
    }
    // Dropped before and back: as it was, or changed.
    if (place->change == ChangeType::kDropped) {
      entry.change =
          Content(*place) == Content(entry) ? ChangeType::kNoChange : ChangeType::kChanged;
    }
    *place = std::move(entry);
  } else {
    changed.entries.insert(place, std::move(entry));
  }
  RETURN_IF_ERROR(CheckOverlaps(changed.entries));
  list = std::move(changed);
  return OkStatus();
}

Status RemoveEntry(AttributionList& list, const EntryKey& key) {
  RETURN_IF_ERROR(RequireOpen(list));
  ASSIGN_OR_RETURN(ListEntry* const entry, FindActive(list, key));
  if (list.status == ListStatus::kOpen) {
    list.entries.erase(Place(list, key));
    return OkStatus();
  }
  entry->inactive = true;
  entry->change =
      entry->change == ChangeType::kNew ? ChangeType::kCancelled : ChangeType::kDropped;
  return OkStatus();
}

Status Publish(AttributionList& list) {
  RETURN_IF_ERROR(RequireOpen(list));
  if (list.status == ListStatus::kDraft) {
    list.status = ListStatus::kOpen;
    return OkStatus();
  }
  list.status = ListStatus::kFinal;
  std::erase_if(list.entries, [](const ListEntry& entry) { return entry.inactive; });
  return OkStatus();
}

std::vector<ListChange> DiffLists(const AttributionList* before, const AttributionList& after) {
  const auto old_members = ByMember(before);
  const auto new_members = ByMember(&after);
  std::vector<ListChange> changes;
  for (const auto& [member, entries] : old_members) {
    const auto now = new_members.find(member);
    if (now == new_members.end()) {
      changes.push_back({ListChangeKind::kDropped, member});
    } else if (!SameContent(entries, now->second)) {
      changes.push_back({ListChangeKind::kChanged, member});
    }
  }
  for (const auto& [member, entries] : new_members) {
    if (!old_members.contains(member)) changes.push_back({ListChangeKind::kAdded, member});
  }
  std::ranges::sort(changes, {}, &ListChange::member_id);
  return changes;
}

}  // namespace sluice::performance
