#include "performance/attribution/attribution_service.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/check.h"
#include "performance/attribution/dispute_store.h"
#include "performance/attribution/method_codec.h"
#include "performance/members/member_store.h"

namespace sluice::performance {
namespace {

constexpr pg::TransactOptions kSerializable{.isolation = pg::Isolation::kSerializable};

StatusOr<AttributedContract> RequireContract(pg::Transaction& tx, ContractId contract) {
  const auto found = FindAttributedContract(tx, contract);
  if (!found) return NotFound("contract {} is not known", contract);
  return *found;
}

StatusOr<StoredList> RequireList(pg::Transaction& tx, ContractId contract, Date period_from,
                                 std::optional<std::int32_t> version, Instant known_at) {
  auto stored = ReadList(tx, contract, period_from, version, known_at);
  if (!stored) {
    return NotFound("contract {} has no{} attribution list for the period from {}", contract,
                    version ? fmt::format(" version {} of the", *version) : "",
                    FormatDate(period_from));
  }
  return *std::move(stored);
}

// The accepted disputes that the version is the first to know, applied in the order of their ids.
StatusOr<std::vector<Dispute>> ApplyAccepted(pg::Transaction& tx, AttributionList& list) {
  ASSIGN_OR_RETURN(const auto disputes, ReadDisputes(tx, list.contract, list.period.from));
  std::vector<Dispute> applied;
  for (const Dispute& dispute : disputes) {
    if (dispute.state != DisputeState::kAccepted || dispute.against_version >= list.version) {
      continue;
    }
    const Status status = ApplyToList(dispute, list);
    if (!status.ok()) return Annotate(status, fmt::format("dispute {}", dispute.id));
    applied.push_back(dispute);
  }
  return applied;
}

// What a run reads before it streams the members.
struct RunInputs {
  AttributedContract contract;
  MethodVersion method;
  std::vector<ProviderTaxonomy> taxonomies;
  std::optional<StoredList> previous;
};

StatusOr<RunInputs> ReadInputs(pg::Transaction& tx, const PrepareListRequest& request,
                               Instant known_at, Instant now) {
  RunInputs inputs;
  ASSIGN_OR_RETURN(inputs.contract, RequireContract(tx, request.contract));
  ASSIGN_OR_RETURN(auto method, FindMethod(tx, request.contract, request.period.from, known_at));
  if (!method) {
    return FailedPrecondition("contract {} has no attribution method on {}; set one first",
                              request.contract, FormatDate(request.period.from));
  }
  inputs.method = *std::move(method);
  inputs.taxonomies = ReadTaxonomies(tx, inputs.contract.payer, known_at);
  inputs.previous =
      ReadList(tx, request.contract, request.period.from, std::nullopt, now);
  return inputs;
}

// The plan that covers the member in the month; the first by line of business, product and plan.
std::string PlanIn(const AttributionMethod& method, const MemberRecord& record, Month month) {
  const DateRange days{month.FirstDay(), month.End()};
  for (const CoverageSpan& span : record.coverage) {
    const bool counts = method.lines_of_business.empty() ||
                        std::ranges::binary_search(method.lines_of_business,
                                                   span.line_of_business);
    if (counts && span.covered.Overlaps(days)) return span.plan;
  }
  return {};
}

// Gathers the rows of one run.
class Collector {
 public:
  Collector(const AttributionMethod& method, const AttributedContract& contract,
            const hierarchy::HierarchySnapshot& hierarchy)
      : method_(method) {
    const std::vector<PartyId> below = hierarchy.Descendants(contract.party);
    under_.insert(below.begin(), below.end());
    under_.insert(contract.party);
  }

  void Add(const MemberRecord& record, const std::vector<AttributionRow>& rows) {
    std::vector<ListedMonth> months;
    std::set<std::string> reasons;
    bool elsewhere = false;
    for (const AttributionRow& row : rows) {
      if (row.reason != UnattributedReason::kNone) {
        const std::string reason(UnattributedReasonName(row.reason));
        ++unattributed[reason].member_months;
        if (reasons.insert(reason).second) ++unattributed[reason].members;
      } else if (IsUnder(row.to)) {
        months.push_back({row.month, PlanIn(method_, record, row.month), row.to});
      } else {
        elsewhere = true;
      }
    }
    members_elsewhere += elsewhere && months.empty() ? 1 : 0;
    for (ListEntry& entry : ToEntries(record.member.id, months)) {
      entries.push_back(std::move(entry));
    }
  }

  std::vector<ListEntry> entries;
  UnattributedCounts unattributed;
  std::int64_t members_elsewhere = 0;

 private:
  // The practice says whose the member is; without one, the provider.
  bool IsUnder(const AttributedTo& to) const {
    const std::optional<PartyId> place = to.practice ? to.practice : to.provider;
    return place && under_.contains(*place);
  }

  const AttributionMethod& method_;
  std::set<PartyId> under_;
};

}  // namespace

StatusOr<std::int32_t> AttributionService::SetMethod(ContractId contract,
                                                     const DateRange& effective,
                                                     const AttributionMethod& method,
                                                     const DisputeRules& rules,
                                                     const std::string& actor) {
  RETURN_IF_ERROR(ValidateMethod(method));
  if (rules.filing_days < 1 || rules.decision_days < 1) {
    return InvalidArgument("disputes need at least one day to file and one to decide");
  }
  if (effective.IsEmpty()) return InvalidArgument("the method would be in force on no day");
  const Instant now = clock_.Now();
  return database_.Transact(
      kSerializable, [&](pg::Transaction& tx) -> StatusOr<std::int32_t> {
        RETURN_IF_ERROR(RequireContract(tx, contract).status());
        const std::int32_t version = NewestMethodVersion(tx, contract) + 1;
        InsertMethod(tx, {contract, version, effective, method, rules}, now, actor);
        return version;
      });
}

Status AttributionService::RecordTaxonomies(PayerId payer,
                                            const std::vector<ProviderTaxonomy>& taxonomies) {
  const Recording recording{payer, clock_.Now(), ids_.NextValue()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    AddTaxonomies(tx, recording, taxonomies, false);
    return OkStatus();
  });
}

StatusOr<PreparedList> AttributionService::PrepareList(
    const PrepareListRequest& request, const hierarchy::HierarchySnapshot& hierarchy) {
  const ListChangeStamp stamp = Stamp(request.actor);
  const Instant known_at = request.known_at.value_or(stamp.at);
  const DateRange& period = request.period;
  if (!period.to || period.IsEmpty() || Month::Of(period.from).FirstDay() != period.from ||
      Month::Of(*period.to).FirstDay() != *period.to) {
    return InvalidArgument("a list's period is of whole months, and {} is not", period.ToString());
  }
  const auto inputs =
      database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<RunInputs> {
        return ReadInputs(tx, request, known_at, stamp.at);
      });
  if (!inputs.ok()) return inputs.status();
  const AttributionMethod& method = inputs->method.method;
  const ProviderDirectory directory(hierarchy, inputs->taxonomies, method);
  const AttributionEngine engine(method, directory, period);
  Collector collector(method, inputs->contract, hierarchy);
  RETURN_IF_ERROR(ForEachMember(
      database_,
      {.payer = inputs->contract.payer, .known_at = known_at, .claims = engine.ClaimsWindow()},
      [&](MemberRecord& record) -> Status {
        const std::vector<AttributionRow> rows = engine.Attribute(record);
        if (request.on_row) {
          for (const AttributionRow& row : rows) RETURN_IF_ERROR(request.on_row(record, row));
        }
        collector.Add(record, rows);
        return OkStatus();
      }));
  const AttributionList* const previous = inputs->previous ? &inputs->previous->list : nullptr;
  if (previous != nullptr && previous->period != period) {
    return InvalidArgument("the list from {} is of {}; its period cannot change",
                           FormatDate(period.from), previous->period.ToString());
  }
  ASSIGN_OR_RETURN(const AttributionList draft,
                   NextVersion(previous, request.contract, period, collector.entries));
  const ListOrigin origin{stamp.at, known_at, HashMethod(method), hierarchy.Header()};
  return database_.Transact(kSerializable, [&](pg::Transaction& tx) -> StatusOr<PreparedList> {
    const auto newest = ReadList(tx, request.contract, period.from, std::nullopt, stamp.at);
    if ((newest ? newest->list.version : 0) != draft.version - 1) {
      return Aborted("version {} of the list was made meanwhile; prepare it again", draft.version);
    }
    PreparedList prepared{draft, collector.unattributed, collector.members_elsewhere};
    RETURN_IF_ERROR(ApplyAccepted(tx, prepared.list).status());
    InsertList(tx, prepared.list, origin, prepared.unattributed, stamp);
    return prepared;
  });
}

StatusOr<AttributionList> AttributionService::ChangeList(ContractId contract, Date period_from,
                                                         const std::string& actor,
                                                         const Change& change) {
  const ListChangeStamp stamp = Stamp(actor);
  return database_.Transact(
      kSerializable, [&](pg::Transaction& tx) -> StatusOr<AttributionList> {
        ASSIGN_OR_RETURN(const StoredList stored,
                         RequireList(tx, contract, period_from, std::nullopt, stamp.at));
        AttributionList list = stored.list;
        RETURN_IF_ERROR(change(tx, stored, list));
        WriteListChange(tx, stored.list, list, stamp);
        return list;
      });
}

StatusOr<AttributionList> AttributionService::Add(ContractId contract, Date period_from,
                                                  const ListEntry& entry,
                                                  const std::string& actor) {
  return ChangeList(contract, period_from, actor,
                    [&](pg::Transaction&, const StoredList&, AttributionList& list) {
                      return AddEntry(list, entry);
                    });
}

StatusOr<AttributionList> AttributionService::Remove(ContractId contract, Date period_from,
                                                     const EntryKey& key,
                                                     const std::string& actor) {
  return ChangeList(contract, period_from, actor,
                    [&](pg::Transaction&, const StoredList&, AttributionList& list) {
                      return RemoveEntry(list, key);
                    });
}

StatusOr<AttributionList> AttributionService::PublishList(ContractId contract, Date period_from,
                                                          const std::string& actor) {
  const Instant now = clock_.Now();
  return ChangeList(
      contract, period_from, actor,
      [&](pg::Transaction& tx, const StoredList&, AttributionList& list) -> Status {
        if (list.status != ListStatus::kDraft) return Publish(list);
        // Also those that were accepted since the draft was made.
        ASSIGN_OR_RETURN(const std::vector<Dispute> accepted, ApplyAccepted(tx, list));
        RETURN_IF_ERROR(Publish(list));
        for (const Dispute& dispute : accepted) {
          ASSIGN_OR_RETURN(const Dispute applied,
                           Advance(dispute, {.event = DisputeEvent::kListPublished,
                                             .at = now,
                                             .actor = actor,
                                             .list_version = list.version}));
          InsertDisputeStep(tx, applied);
        }
        return OkStatus();
      });
}

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

StatusOr<ListNames> AttributionService::NamesOf(pg::Transaction& tx, PayerId payer,
                                                const AttributionList& list,
                                                const hierarchy::HierarchySnapshot& hierarchy) {
  std::set<std::int64_t> distinct;
  for (const ListEntry& entry : list.entries) distinct.insert(entry.member_id);
  const std::vector<std::int64_t> ids(distinct.begin(), distinct.end());
  const auto numbers = std::make_shared<std::map<std::int64_t, std::string>>();
  for (Member& member : MembersById(tx, payer, ids)) {
    numbers->emplace(member.id, std::move(member.number));
  }
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

StatusOr<std::string> AttributionService::ExportCsv(
    ContractId contract, Date period_from, const hierarchy::HierarchySnapshot& hierarchy) {
  const Instant now = clock_.Now();
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::string> {
        ASSIGN_OR_RETURN(const AttributedContract found, RequireContract(tx, contract));
        ASSIGN_OR_RETURN(const StoredList stored,
                         RequireList(tx, contract, period_from, std::nullopt, now));
        ASSIGN_OR_RETURN(const ListNames names,
                         NamesOf(tx, found.payer, stored.list, hierarchy));
        return WriteListCsv(stored.list, names,
                            ReadResponses(tx, contract, period_from, stored.list.version, now));
      });
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

StatusOr<AuditResult> AttributionService::Audit(ContractId contract, Date period_from, Month month,
                                                const hierarchy::HierarchySnapshot& hierarchy,
                                                const std::vector<Closure>& closures,
                                                const std::string& actor) {
  const ListChangeStamp stamp = Stamp(actor);
  AttributedContract found;
  std::optional<StoredList> current, previous;
  const Status read = database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(found, RequireContract(tx, contract));
    ASSIGN_OR_RETURN(current, RequireList(tx, contract, period_from, std::nullopt, stamp.at));
    previous =
        ReadList(tx, contract, period_from, current->list.version - 1, stamp.at);
    return OkStatus();
  });
  RETURN_IF_ERROR(read);
  const AttributionList* const before = previous ? &previous->list : nullptr;
  ListAudit audit(before, current->list, hierarchy,
                  {.month = month, .contract_party = found.party, .closures = closures});
  const DateRange window = audit.ClaimsWindow();
  std::map<std::int64_t, MemberCost> costs;
  RETURN_IF_ERROR(ForEachMember(
      database_,
      {.payer = found.payer, .known_at = stamp.at, .claims = window, .drugs = window},
      [&](MemberRecord& record) -> Status {
        audit.Add(record);
        MemberCost& cost = costs[record.member.id];
        for (Month m = Month::Of(window.from); m.FirstDay() < *window.to; m = m + 1) {
          cost.member_months +=
              std::ranges::any_of(record.coverage, [&](const CoverageSpan& span) {
                return span.covered.Contains(m.FirstDay());
              });
        }
        const auto add = [&](const auto& lines) {
          for (const auto& line : lines) {
            if (line.status == ClaimStatus::kFinal) cost.paid += line.paid.value_or(Money());
          }
        };
        add(record.claims);
        add(record.drugs);
        return OkStatus();
      }));
  AuditResult result{audit.Finish(), MeasureErosion(before, current->list, costs)};
  const Status stored = database_.Transact([&](pg::Transaction& tx) -> Status {
    InsertAudit(tx, current->list, month, result.findings, result.erosion, stamp);
    return OkStatus();
  });
  RETURN_IF_ERROR(stored);
  return result;
}

StatusOr<std::vector<StoredAudit>> AttributionService::Audits(ContractId contract,
                                                              Date period_from) {
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return ReadAudits(tx, contract, period_from);
  });
}

}  // namespace sluice::performance
