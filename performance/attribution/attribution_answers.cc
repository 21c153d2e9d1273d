// What can be asked of a list once it is made, and the answers of the other side.
#include <map>
#include <memory>
#include <set>

#include "performance/attribution/attribution_reads.h"
#include "performance/attribution/attribution_service.h"
#include "performance/attribution/list_group.h"
#include "performance/attribution/method_codec.h"
#include "performance/members/member_store.h"

namespace sluice::performance {
namespace {

StatusOr<std::vector<UnattributedMember>> UnattributedOf(pg::Transaction& tx, ContractId contract,
                                                         Date period_from, std::int32_t version,
                                                         Instant known_at) {
  ASSIGN_OR_RETURN(const StoredList stored,
                   RequireList(tx, contract, period_from, version, known_at));
  if (!stored.origin.batch_id) return std::vector<UnattributedMember>();
  return ReadUnattributedMembers(tx, contract, period_from, *stored.origin.batch_id);
}

// "ending 6789"; nothing of a number too short to hide.
std::string Masked(const std::string& tin) {
  constexpr std::size_t kShown = 4;
  return tin.size() <= kShown ? "" : "ending " + tin.substr(tin.size() - kShown);
}

std::map<std::int64_t, std::string> NumbersOf(pg::Transaction& tx, PayerId payer,
                                              const std::set<std::int64_t>& members) {
  std::map<std::int64_t, std::string> numbers;
  const std::vector<std::int64_t> ids(members.begin(), members.end());
  for (Member& member : MembersById(tx, payer, ids)) {
    numbers.emplace(member.id, std::move(member.number));
  }
  return numbers;
}

}  // namespace

StatusOr<StoredList> AttributionService::List(ContractId contract, Date period_from,
                                              std::optional<std::int32_t> version,
                                              std::optional<Instant> known_at) {
  const Instant when = known_at.value_or(clock_.Now());
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return RequireList(tx, contract, period_from, version, when);
  });
}

StatusOr<UnattributedCounts> AttributionService::Unattributed(ContractId contract,
                                                              Date period_from,
                                                              std::int32_t version) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<UnattributedCounts> {
        return ReadUnattributed(tx, contract, period_from, version);
      });
}

StatusOr<std::string> AttributionService::ExportUnattributedCsv(ContractId contract,
                                                                Date period_from,
                                                                std::int32_t version) {
  const Instant now = clock_.Now();
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::string> {
        ASSIGN_OR_RETURN(const AttributedContract found, RequireContract(tx, contract));
        ASSIGN_OR_RETURN(const auto rows, UnattributedOf(tx, contract, period_from, version, now));
        std::set<std::int64_t> members;
        for (const UnattributedMember& row : rows) members.insert(row.member_id);
        const auto numbers = NumbersOf(tx, found.payer, members);
        return WriteUnattributedCsv(
            rows, [&](std::int64_t member) { return numbers.at(member); });
      });
}

StatusOr<std::vector<UnattributedMember>> AttributionService::UnattributedMembers(
    ContractId contract, Date period_from, std::int32_t version) {
  const Instant now = clock_.Now();
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return UnattributedOf(tx, contract, period_from, version, now);
  });
}

StatusOr<std::vector<AttributionRow>> AttributionService::Why(
    ContractId contract, Date period_from, std::int32_t version, std::int64_t member_id,
    const hierarchy::HierarchySnapshot& hierarchy) {
  const Instant now = clock_.Now();
  struct Inputs {
    AttributedContract contract;
    StoredList stored;
    MethodVersion method;
    std::vector<ProviderTaxonomy> taxonomies;
  };
  const auto inputs =
      database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<Inputs> {
        Inputs read;
        ASSIGN_OR_RETURN(read.contract, RequireContract(tx, contract));
        ASSIGN_OR_RETURN(read.stored, RequireList(tx, contract, period_from, version, now));
        const ListOrigin& origin = read.stored.origin;
        ASSIGN_OR_RETURN(auto method, FindMethod(tx, contract, period_from, origin.known_at));
        if (!method || HashMethod(method->method) != origin.method_sha256) {
          return DataLoss("the method of version {} of the list is not the one stored for {}",
                          version, origin.known_at.ToString());
        }
        read.method = *std::move(method);
        read.taxonomies = ReadTaxonomies(tx, read.contract.payer, origin.known_at);
        return read;
      });
  if (!inputs.ok()) return inputs.status();
  const ListOrigin& origin = inputs->stored.origin;
  if (hierarchy.Header() != origin.hierarchy) {
    return FailedPrecondition(
        "version {} of the list was made with version {} of the hierarchy as of {}; ask with it",
        version, origin.hierarchy.version, FormatDate(origin.hierarchy.as_of));
  }
  const ProviderDirectory directory(hierarchy, inputs->taxonomies, inputs->method.method);
  const AttributionEngine engine(inputs->method.method, directory, inputs->stored.list.period);
  ASSIGN_OR_RETURN(const std::optional<MemberRecord> record,
                   ReadMember(database_,
                              {.payer = inputs->contract.payer,
                               .known_at = origin.known_at,
                               .claims = engine.ClaimsWindow()},
                              member_id));
  if (!record) return NotFound("member {} was not known when the list was made", member_id);
  return engine.Attribute(*record);
}

StatusOr<ListNames> AttributionService::NamesOf(pg::Transaction& tx, PayerId payer,
                                                const AttributionList& list,
                                                const hierarchy::HierarchySnapshot& hierarchy) {
  std::set<std::int64_t> distinct;
  for (const ListEntry& entry : list.entries) distinct.insert(entry.member_id);
  const auto numbers = std::make_shared<const std::map<std::int64_t, std::string>>(
      NumbersOf(tx, payer, distinct));
  const auto identifier = [&hierarchy](hierarchy::IdentifierType type) {
    return [&hierarchy, type](PartyId party) -> std::string {
      const hierarchy::SnapshotParty* const found = hierarchy.Find(party);
      if (found == nullptr) return {};
      for (const hierarchy::Identifier& id : found->identifiers) {
        if (id.type == type) return id.value;
      }
      return {};
    };
  };
  return ListNames{.member_number =
                       [numbers](std::int64_t member) {
                         const auto found = numbers->find(member);
                         return found == numbers->end() ? std::string() : found->second;
                       },
                   .npi = identifier(hierarchy::IdentifierType::kNpi),
                   .tin = identifier(hierarchy::IdentifierType::kTin)};
}

StatusOr<AttributionService::ListContent> AttributionService::ContentOf(
    ContractId contract, Date period_from, const hierarchy::HierarchySnapshot& hierarchy,
    const ListExport& options) {
  const Instant now = clock_.Now();
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<ListContent> {
        ListContent content;
        ASSIGN_OR_RETURN(content.contract, RequireContract(tx, contract));
        ASSIGN_OR_RETURN(StoredList stored,
                         RequireList(tx, contract, period_from, options.version, now));
        content.list = std::move(stored.list);
        if (options.shows) {
          std::erase_if(content.list.entries,
                        [&](const ListEntry& entry) { return !options.shows(entry); });
        }
        ASSIGN_OR_RETURN(content.names,
                         NamesOf(tx, content.contract.payer, content.list, hierarchy));
        if (options.masks_tins) {
          content.names.tin = [tin = std::move(content.names.tin)](PartyId party) {
            return Masked(tin(party));
          };
        }
        content.responses = ReadResponses(tx, contract, period_from, content.list.version, now);
        return content;
      });
}

StatusOr<std::string> AttributionService::ExportCsv(ContractId contract, Date period_from,
                                                    const hierarchy::HierarchySnapshot& hierarchy,
                                                    const ListExport& options) {
  ASSIGN_OR_RETURN(const ListContent content, ContentOf(contract, period_from, hierarchy, options));
  return WriteListCsv(content.list, content.names, content.responses);
}

StatusOr<std::string> AttributionService::ExportNdjson(
    ContractId contract, Date period_from, const hierarchy::HierarchySnapshot& hierarchy,
    const ListExport& options) {
  ASSIGN_OR_RETURN(const ListContent content, ContentOf(contract, period_from, hierarchy, options));
  return WriteListNdjson(content.list, content.contract.party, content.names);
}

StatusOr<ResponseFile> AttributionService::ImportResponses(ContractId contract, Date period_from,
                                                           std::string text,
                                                           const std::string& name,
                                                           const std::string& actor) {
  const ListChangeStamp stamp = Stamp(actor);
  const hierarchy::HierarchySnapshot nobody;
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ResponseFile> {
    ASSIGN_OR_RETURN(const AttributedContract found, RequireContract(tx, contract));
    ASSIGN_OR_RETURN(const StoredList stored,
                     RequireList(tx, contract, period_from, std::nullopt, stamp.at));
    ASSIGN_OR_RETURN(const ListNames names, NamesOf(tx, found.payer, stored.list, nobody));
    ASSIGN_OR_RETURN(ResponseFile file, ReadResponseCsv(text, name, stored.list, names));
    if (file.issues.empty()) InsertResponses(tx, stored.list, file.responses, stamp);
    return file;
  });
}

StatusOr<std::vector<StoredAudit>> AttributionService::Audits(ContractId contract,
                                                              Date period_from) {
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return ReadAudits(tx, contract, period_from);
  });
}

}  // namespace sluice::performance
