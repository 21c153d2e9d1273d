// A contract's attribution list for a period, in the shape of Da Vinci ATR.
//
//   1. One list per contract and period, in versions. A version is complete in itself: every entry
//      says what it is compared with the last final version (new, changed, nochange, dropped,
//      cancelled).
//   2. An entry is known by member, plan and its first day: a member attributed to two providers in
//      turn has two entries. Entries of one member and plan never overlap.
//   3. draft: a removed entry stays, inactive, until the list is final. open: it leaves at once.
//      final: nothing is added or removed; what is late lands in the next version.
//
// Source: PRODUCT section 5.3 (ATR member attribution list).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "performance/attribution/engine.h"

namespace sluice::performance {

struct DisputeTag { static constexpr std::string_view kPrefix = "dsp"; };
using DisputeId = Id<DisputeTag>;

// The numbers are stored and never reused.
enum class ListStatus : std::int16_t { kDraft = 1, kOpen = 2, kFinal = 3 };
enum class ChangeType : std::int16_t {
  kNew = 1,
  kChanged = 2,
  kNoChange = 3,
  kDropped = 4,    // left; inactive
  kCancelled = 5,  // added in error; inactive
};

// "draft"; "nochange", as ATR writes it.
std::string_view ListStatusName(ListStatus status);
std::string_view ChangeTypeName(ChangeType type);
StatusOr<ChangeType> ParseChangeType(std::string_view name);

struct EntryKey {
  std::int64_t member_id = 0;
  std::string plan;
  Date from{};

  friend auto operator<=>(const EntryKey&, const EntryKey&) = default;
};

struct ListEntry {
  std::int64_t member_id = 0;
  std::string plan;
  DateRange attributed;             // closed
  std::optional<PartyId> provider;  // none: the contract's party stands in
  std::optional<PartyId> practice;
  std::optional<PartyId> location;
  ChangeType change = ChangeType::kNew;
  bool inactive = false;
  std::string basis;                 // the step that won, "dispute", or "added"
  std::optional<DisputeId> dispute;  // that put it so

  EntryKey Key() const { return {member_id, plan, attributed.from}; }
  friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

struct AttributionList {
  ContractId contract;
  DateRange period;  // closed
  std::int32_t version = 1;
  ListStatus status = ListStatus::kDraft;
  std::vector<ListEntry> entries;  // by key

  // Null when there is no such entry.
  const ListEntry* Find(const EntryKey& key) const;
  // Active entries only.
  std::int64_t ActiveMembers() const;

  friend bool operator==(const AttributionList&, const AttributionList&) = default;
};

// One row of the engine that belongs to the contract.
struct ListedMonth {
  Month month;
  std::string plan;
  AttributedTo to;
};

// Consecutive months with one plan, provider and practice become one entry. `months` ascend.
std::vector<ListEntry> ToEntries(std::int64_t member_id, const std::vector<ListedMonth>& months);

// The next version, a draft: `wanted` compared with the active entries of `previous` (none for the
// first version). What is no longer wanted stays, inactive and dropped.
// InvalidArgument when two entries of a member and plan overlap or one lies outside the period.
StatusOr<AttributionList> NextVersion(const AttributionList* previous, ContractId contract,
                                      DateRange period, std::vector<ListEntry> wanted);

// $member-add and $member-remove. FailedPrecondition when the list is final or the member has
// another active entry in that time; NotFound when there is no active entry of the key;
// InvalidArgument outside the period.
Status AddEntry(AttributionList& list, ListEntry entry);
Status RemoveEntry(AttributionList& list, const EntryKey& key);

// draft -> open -> final. FailedPrecondition when final already.
Status Publish(AttributionList& list);

// What differs between the active entries of two lists, by member.
enum class ListChangeKind : std::uint8_t { kAdded, kDropped, kChanged };
struct ListChange {
  ListChangeKind kind = ListChangeKind::kAdded;
  std::int64_t member_id = 0;

  friend bool operator==(const ListChange&, const ListChange&) = default;
};
// By member. `before` may be null: then every member is added.
std::vector<ListChange> DiffLists(const AttributionList* before, const AttributionList& after);

}  // namespace sluice::performance
