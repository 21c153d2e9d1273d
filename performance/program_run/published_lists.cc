#include "performance/program_run/published_lists.h"

#include <algorithm>
#include <tuple>

namespace sluice::performance {

std::vector<StoredList> PublishedLists(pg::Transaction& tx, ContractId contract,
                                       Instant known_at) {
  std::vector<StoredList> lists;
  for (const Date from : ListPeriods(tx, contract, known_at)) {
    std::optional<StoredList> list = ReadList(tx, contract, from, std::nullopt, known_at);
    while (list && list->list.status == ListStatus::kDraft && list->list.version > 1) {
      list = ReadList(tx, contract, from, list->list.version - 1, known_at);
    }
    if (list && list->list.status != ListStatus::kDraft) lists.push_back(*std::move(list));
  }
  return lists;
}

const StoredList* ListOf(const std::vector<StoredList>& lists, const DateRange& period) {
  for (const StoredList& stored : lists) {
    const DateRange& of_list = stored.list.period;
    if (of_list.from <= period.from && period.to && *of_list.to >= *period.to) return &stored;
  }
  return nullptr;
}

std::map<std::int64_t, std::vector<ListEntry>> ActiveEntries(
    const std::vector<StoredList>& lists) {
  std::map<std::int64_t, std::vector<ListEntry>> entries;
  for (const StoredList& stored : lists) {
    for (const ListEntry& entry : stored.list.entries) {
      if (!entry.inactive) entries[entry.member_id].push_back(entry);
    }
  }
  for (auto& [member, of_member] : entries) {
    std::ranges::sort(of_member, {}, [](const ListEntry& entry) {
      return std::tie(entry.attributed.from, entry.plan);
    });
  }
  return entries;
}

std::int64_t AttributedMembers(const std::map<std::int64_t, std::vector<ListEntry>>& entries,
                               const DateRange& period) {
  return std::ranges::count_if(entries, [&](const auto& of_member) {
    return std::ranges::any_of(of_member.second, [&](const ListEntry& entry) {
      return entry.attributed.Overlaps(period);
    });
  });
}

}  // namespace sluice::performance
