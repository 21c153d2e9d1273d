// Use cases of attribution: methods, lists and their versions, answers, audits.
//
//   1. A version of a list is made from what was known at one instant, names the method, the
//      hierarchy and that instant, and can be asked for again as it was.
//   2. Lists are changed under serializable isolation: two changes at once, and one is run again.
//   3. What people decided, by an accepted dispute or by hand, holds in every later version until
//      they decide otherwise (decision.h). Opening a version moves its accepted disputes to
//      applied. See dispute_service.h.
//   4. Months that belong to nobody stay, with their reason; and of every member it can be asked
//      again how a version came to where they are.
//
// A contract's list is held in memory: some 100 bytes per entry. The payer's members are streamed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/graph.h"
#include "performance/attribution/list_file.h"
#include "performance/attribution/list_store.h"

namespace sluice::performance {

struct PrepareListRequest {
  ContractId contract;
  DateRange period;  // closed, whole months
  // Members, claims and taxonomies recorded later are not seen. Unset: the service's clock.
  std::optional<Instant> known_at;
  std::string actor;
  // Every row of the engine, attributed to the contract, to somebody else, or to nobody. May be
  // empty.
  std::function<Status(const MemberRecord&, const AttributionRow&)> on_row;
};

struct PreparedList {
  AttributionList list;
  UnattributedCounts unattributed;
  std::int64_t members_elsewhere = 0;  // attributed, but not under the contract
};

// Entries put on a list by hand, and taken off it.
struct ListEdit {
  std::vector<EntryKey> remove;
  std::vector<ListEntry> add;
};

// What of a list is written to a file.
struct ListExport {
  std::optional<std::int32_t> version;  // unset: the newest
  // Unset: all of the entries.
  std::function<bool(const ListEntry&)> shows = nullptr;
  // Tax numbers as "ending 1234".
  bool masks_tins = false;
};

struct AuditResult {
  std::vector<Finding> findings;
  Erosion erosion;
};

class AttributionService {
 public:
  // `database` acts for the payer. All outlive the service.
  AttributionService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Adds a version and returns its number. InvalidArgument for a method or rules that break a rule;
  // NotFound for an unknown contract.
  StatusOr<std::int32_t> SetMethod(ContractId contract, const DateRange& effective,
                                   const AttributionMethod& method, const DisputeRules& rules,
                                   const std::string& actor);
  Status RecordTaxonomies(PayerId payer, const std::vector<ProviderTaxonomy>& taxonomies);

  // Attributes every member of the payer and stores a draft, the next version of the list.
  // FailedPrecondition when no method is in force on the period's first day or the last version is
  // not final; Aborted when another version was made meanwhile.
  StatusOr<PreparedList> PrepareList(const PrepareListRequest& request,
                                     const hierarchy::HierarchySnapshot& hierarchy);

  // The changes of list.h to the newest version, and what they decide for the later ones. They give
  // the list after the change. To add is refused as in entry_check.h.
  StatusOr<AttributionList> Add(ContractId contract, Date period_from, const ListEntry& entry,
                                const std::string& actor);
  StatusOr<AttributionList> Remove(ContractId contract, Date period_from, const EntryKey& key,
                                   const std::string& actor);
  // Several of both at once, all or none; what is removed goes first. InvalidArgument for none.
  StatusOr<AttributionList> Change(ContractId contract, Date period_from, const ListEdit& edit,
                                   const std::string& actor);
  StatusOr<AttributionList> PublishList(ContractId contract, Date period_from,
                                        const std::string& actor);

  // NotFound when there is no such version. Unset: the newest, as known now.
  StatusOr<StoredList> List(ContractId contract, Date period_from,
                            std::optional<std::int32_t> version = std::nullopt,
                            std::optional<Instant> known_at = std::nullopt);
  StatusOr<UnattributedCounts> Unattributed(ContractId contract, Date period_from,
                                            std::int32_t version);
  // The members that the version gave to nobody in some covered months, and why; and as CSV.
  StatusOr<std::vector<UnattributedMember>> UnattributedMembers(ContractId contract,
                                                                Date period_from,
                                                                std::int32_t version);
  StatusOr<std::string> ExportUnattributedCsv(ContractId contract, Date period_from,
                                              std::int32_t version);
  // The rows of one member as the engine made them for the version (Explain() says them in words):
  // worked out again from what was known then. FailedPrecondition unless `hierarchy` is the
  // snapshot that the version names; NotFound for a member not known then.
  StatusOr<std::vector<AttributionRow>> Why(ContractId contract, Date period_from,
                                            std::int32_t version, std::int64_t member_id,
                                            const hierarchy::HierarchySnapshot& hierarchy);

  // A version as CSV, with the answers there are.
  StatusOr<std::string> ExportCsv(ContractId contract, Date period_from,
                                  const hierarchy::HierarchySnapshot& hierarchy,
                                  const ListExport& options = {});
  // The same as FHIR resources, one on a line (list_group.h).
  StatusOr<std::string> ExportNdjson(ContractId contract, Date period_from,
                                     const hierarchy::HierarchySnapshot& hierarchy,
                                     const ListExport& options = {});
  // Stores the answers of a file to the newest version. With an issue nothing is stored: the
  // result names them all.
  StatusOr<ResponseFile> ImportResponses(ContractId contract, Date period_from, std::string text,
                                         const std::string& name, const std::string& actor);

  // Audits the newest version against the one before, for a month, and stores the findings.
  StatusOr<AuditResult> Audit(ContractId contract, Date period_from, Month month,
                              const hierarchy::HierarchySnapshot& hierarchy,
                              const std::vector<Closure>& closures, const std::string& actor);
  // The newest audit of each version and month: the erosion metric over time.
  StatusOr<std::vector<StoredAudit>> Audits(ContractId contract, Date period_from);

 private:
  using ListChanger = std::function<Status(pg::Transaction&, AttributionList&)>;
  StatusOr<AttributionList> ChangeList(ContractId contract, Date period_from,
                                       const ListChangeStamp& stamp, const ListChanger& change);
  // What a file of a list is made of.
  struct ListContent {
    AttributedContract contract;
    AttributionList list;
    ListNames names;
    ListResponses responses;
  };
  StatusOr<ListContent> ContentOf(ContractId contract, Date period_from,
                                  const hierarchy::HierarchySnapshot& hierarchy,
                                  const ListExport& options);
  StatusOr<ListNames> NamesOf(pg::Transaction& tx, PayerId payer, const AttributionList& list,
                              const hierarchy::HierarchySnapshot& hierarchy);
  ListChangeStamp Stamp(const std::string& actor) {
    return {clock_.Now(), ids_.NextValue(), actor};
  }

  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
