// Versions of attribution lists, their entries and who is on none, as the API shows them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/attribution/list.h"

namespace sluice::api {

// Which version, and what of it.
struct ListView {
  PayerId payer;
  ContractId contract;
  Date period_from{};
  std::optional<std::int32_t> version;  // unset: the newest
  PartyId party;                        // the contract's
  // As ContractReach has them. Unset: everything; set: no drafts.
  std::optional<std::vector<PartyId>> among;
  std::vector<PartyId> roots;
};

struct ListHead {
  DateRange period;  // closed
  std::int32_t version = 0;
  performance::ListStatus status = performance::ListStatus::kDraft;
  Instant known_at;
  std::optional<std::int64_t> run;  // that made it; names who is on no list
  std::int64_t last_change = 0;     // the batch of the newest entry
  std::int64_t active_members = 0;  // of those that are shown
  std::int64_t unattributed_members = 0;
};
// None when there is no such version, or it is not shown.
std::optional<ListHead> LoadListHead(pg::Transaction& tx, const ListView& view);

// Their last field is the entry.
std::span<const ListField> AttributionEntryFields();

struct AttributionEntryRow {
  performance::ListEntry entry;
  std::string member_number;
};
struct AttributionEntryPage {
  std::vector<AttributionEntryRow> entries;
  std::string next_page_token;
};
// `view.version` is set.
AttributionEntryPage LoadAttributionEntryPage(pg::Transaction& tx, const ListView& view,
                                              const ListPage& page);
// The entries of one member that are shown.
std::vector<performance::ListEntry> LoadEntriesOfMember(pg::Transaction& tx, const ListView& view,
                                                        std::int64_t member);

std::span<const ListField> UnattributedMemberFields();

struct UnattributedRow {
  std::string member_number;
  DateRange months;  // closed
  std::string reason;
  std::string detail;
};
struct UnattributedPage {
  std::vector<UnattributedRow> rows;
  std::string next_page_token;
};
// Of the run that made a version.
UnattributedPage LoadUnattributedPage(pg::Transaction& tx, const ListView& view, std::int64_t run,
                                      const ListPage& page);

}  // namespace sluice::api
