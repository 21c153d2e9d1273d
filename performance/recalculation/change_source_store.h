// SQL that finds edits where they were recorded. No rules. The statements: change_queries.h.
//
// Each source is a table that others write; none of them knows of this. What says again what was
// known is no edit; what no calculation has read before is none either, and its first calculation
// will read it. So loading a payer's history makes no events.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/database.h"
#include "performance/recalculation/change_event.h"

namespace sluice::performance {

// What was recorded after `after` and by `until`.
struct ScanWindow {
  PayerId payer;
  Instant after;
  Instant until;
  // The first calculation of the payer; nothing that was recorded before it is an edit.
  Instant first_calculation;
};

// The first instant as known at which something was calculated for these contracts.
std::optional<Instant> FirstCalculation(pg::Transaction& tx,
                                        std::span<const ContractId> contracts);

// The sources of contracts: "fact", "terms", "contract_move", "panel_span", ... Events come without
// id and noticed_at, by time.
const std::vector<std::string_view>& ContractSources();
std::vector<ChangeEvent> FindContractEdits(pg::Transaction& tx, std::string_view source,
                                           const ScanWindow& window);

// The sources of a payer's members. An edit names a member; whose contracts he is in is another
// question (ContractsOfMembers). Claims come as one event per recording and member.
const std::vector<std::string_view>& MemberSources();
std::vector<ChangeEvent> FindMemberEdits(pg::Transaction& tx, std::string_view source,
                                         const ScanWindow& window);

// Edits of the hierarchy with a number above `after`, up to `until`. They name the party that is
// above what changed.
std::vector<ChangeEvent> FindHierarchyEdits(pg::Transaction& tx, PayerId payer,
                                            std::int64_t after, std::int64_t until);

// Facts of these sources are what engines make of details.
const std::vector<std::string>& EngineFactSources();

// Which of the contracts have the member on a list, a panel or among their episodes at any time
// that overlaps the days. By member, contract.
struct MemberContract {
  std::int64_t member = 0;
  ContractId contract;
  DateRange days;
};
std::vector<MemberContract> ContractsOfMembers(pg::Transaction& tx,
                                               std::span<const ContractId> contracts,
                                               std::span<const std::int64_t> members);

// The parties, and everybody above one of them on a day of the range, as known now.
std::set<PartyId> PartiesAbove(pg::Transaction& tx, PayerId payer, std::set<PartyId> parties,
                               const DateRange& days);

}  // namespace sluice::performance
