// SQL of attribution methods, lists, answers and findings.
//
//   1. A change of a list within a version writes only the entries that differ, as newer rows.
//   2. Reading takes the instant of knowledge: a version as it was then, with its status then.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "hierarchy/graph.h"
#include "performance/attribution/audit.h"
#include "performance/attribution/decision.h"
#include "performance/attribution/directory.h"
#include "performance/attribution/dispute.h"
#include "performance/attribution/list.h"
#include "performance/attribution/method.h"

namespace sluice::performance {

// What attribution needs of a contract.
struct AttributedContract {
  ContractId id;
  PayerId payer;
  PartyId party;
  DateRange effective;
};
std::optional<AttributedContract> FindAttributedContract(pg::Transaction& tx, ContractId contract);

struct MethodVersion {
  ContractId contract;
  std::int32_t version = 0;
  DateRange effective;
  AttributionMethod method;
  DisputeRules rules;
};
void InsertMethod(pg::Transaction& tx, const MethodVersion& version, Instant recorded_at,
                  const std::string& actor);
std::int32_t NewestMethodVersion(pg::Transaction& tx, ContractId contract);
// The method in force on a day, as known at an instant. DataLoss when its bytes do not decode.
StatusOr<std::optional<MethodVersion>> FindMethod(pg::Transaction& tx, ContractId contract,
                                                  Date day, Instant known_at);

// Rows that say what is known are skipped. `withdrawn` says that the provider lost the taxonomy.
std::int64_t AddTaxonomies(pg::Transaction& tx, const Recording& recording,
                           std::span<const ProviderTaxonomy> rows, bool withdrawn);
std::vector<ProviderTaxonomy> ReadTaxonomies(pg::Transaction& tx, PayerId payer, Instant known_at);

// What a version was made of.
struct ListOrigin {
  Instant recorded_at;
  Instant known_at;
  Digest method_sha256{};
  hierarchy::SnapshotHeader hierarchy;
  std::optional<std::int64_t> batch_id;  // of the run; none of a list from before runs were named
};

// Covered member-months that a version gave to nobody.
struct UnattributedCount {
  std::int64_t members = 0;
  std::int64_t member_months = 0;

  friend bool operator==(const UnattributedCount&, const UnattributedCount&) = default;
};
using UnattributedCounts = std::map<std::string, UnattributedCount>;  // by reason name

// Consecutive covered months of a member that a version gave to nobody, for one reason.
struct UnattributedMember {
  std::int64_t member_id = 0;
  DateRange months;  // closed
  std::string reason;
  std::string detail;  // for people

  friend bool operator==(const UnattributedMember&, const UnattributedMember&) = default;
};

// A list as stored.
struct StoredList {
  AttributionList list;
  ListOrigin origin;
  std::optional<Instant> opened_at;  // when it was published
};

// Who changes a list, and when. The batch orders changes of one instant.
struct ListChangeStamp {
  Instant at;
  std::int64_t batch_id = 0;
  std::string actor;
};

void InsertList(pg::Transaction& tx, const AttributionList& list, const ListOrigin& origin,
                const UnattributedCounts& unattributed, const ListChangeStamp& stamp);
// Writes what differs between two states of one version, the status included.
void WriteListChange(pg::Transaction& tx, const AttributionList& before,
                     const AttributionList& after, const ListChangeStamp& stamp);
// The newest version recorded by then when `version` is unset. None when there is no such version.
std::optional<StoredList> ReadList(pg::Transaction& tx, ContractId contract, Date period_from,
                                   std::optional<std::int32_t> version, Instant known_at);
// The first days of the periods for which the contract has a list, ascending.
std::vector<Date> ListPeriods(pg::Transaction& tx, ContractId contract, Instant known_at);
UnattributedCounts ReadUnattributed(pg::Transaction& tx, ContractId contract, Date period_from,
                                    std::int32_t version);

// The rows of a run, before its list.
void InsertUnattributedMembers(pg::Transaction& tx, ContractId contract, Date period_from,
                               std::int64_t batch_id, std::span<const UnattributedMember> rows);
// By member and month.
std::vector<UnattributedMember> ReadUnattributedMembers(pg::Transaction& tx, ContractId contract,
                                                        Date period_from, std::int64_t batch_id);

// An entry put in or taken out by hand. `decision.number` is the batch.
void InsertOverride(pg::Transaction& tx, const AttributionList& list, const ListDecision& decision,
                    const std::string& actor);
std::vector<ListDecision> ReadOverrides(pg::Transaction& tx, ContractId contract, Date period_from);

// The active entries of some members on the newest open or final lists of the other contracts of
// the contract's program, where the list's period overlaps `period`; by member, contract and day.
std::vector<ListedElsewhere> FindListedElsewhere(pg::Transaction& tx, ContractId contract,
                                                 const DateRange& period,
                                                 std::span<const std::int64_t> members,
                                                 Instant known_at);

// An answer to an entry.
struct ListResponse {
  bool accepted = true;
  std::string reason;  // of a rejection

  friend bool operator==(const ListResponse&, const ListResponse&) = default;
};
using ListResponses = std::map<EntryKey, ListResponse>;
void InsertResponses(pg::Transaction& tx, const AttributionList& list,
                     const ListResponses& responses, const ListChangeStamp& stamp);
ListResponses ReadResponses(pg::Transaction& tx, ContractId contract, Date period_from,
                            std::int32_t version, Instant known_at);

// A monthly audit as stored: the erosion metric of the month.
struct StoredAudit {
  std::int32_t version = 0;
  Month month;
  Instant recorded_at;
  std::int32_t findings = 0;
  Erosion erosion;
};
// Stores that the audit ran, with its findings, of which there may be none.
void InsertAudit(pg::Transaction& tx, const AttributionList& list, Month month,
                 std::span<const Finding> findings, const Erosion& erosion,
                 const ListChangeStamp& stamp);
// Of the newest audit of the version and month.
std::vector<Finding> ReadFindings(pg::Transaction& tx, const AttributionList& list, Month month);
// The newest audit of each version and month of a list, by month and version.
StatusOr<std::vector<StoredAudit>> ReadAudits(pg::Transaction& tx, ContractId contract,
                                              Date period_from);

}  // namespace sluice::performance
