#include "performance/attribution/attribution_service.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "performance/attribution/attribution_reads.h"
#include "performance/attribution/dispute_store.h"
#include "performance/attribution/entry_check.h"
#include "performance/attribution/method_codec.h"

namespace sluice::performance {
namespace {

constexpr pg::TransactOptions kSerializable{.isolation = pg::Isolation::kSerializable};

// Everything that people decided about the list of a period.
std::vector<ListDecision> DecisionsOf(pg::Transaction& tx, ContractId contract, Date period_from,
                                      const std::vector<Dispute>& disputes) {
  std::vector<ListDecision> decisions = ReadOverrides(tx, contract, period_from);
  for (const Dispute& dispute : disputes) {
    if (auto decision = DecisionOf(dispute)) decisions.push_back(*std::move(decision));
  }
  return decisions;
}

// Opens a draft: with what was decided since it was made, which settles the accepted disputes.
Status OpenDraft(pg::Transaction& tx, AttributionList& list, const ListChangeStamp& stamp) {
  ASSIGN_OR_RETURN(const auto disputes, ReadDisputes(tx, list.contract, list.period.from));
  std::vector<ListEntry> active;
  std::ranges::copy_if(list.entries, std::back_inserter(active),
                       [](const ListEntry& entry) { return !entry.inactive; });
  RETURN_IF_ERROR(SetActiveEntries(
      list, ApplyDecisions(std::move(active),
                           DecisionsOf(tx, list.contract, list.period.from, disputes))));
  RETURN_IF_ERROR(Publish(list));
  for (const Dispute& dispute : disputes) {
    if (dispute.state != DisputeState::kAccepted) continue;
    ASSIGN_OR_RETURN(const Dispute applied,
                     Advance(dispute, {.event = DisputeEvent::kListPublished,
                                       .at = stamp.at,
                                       .actor = stamp.actor,
                                       .list_version = list.version}));
    InsertDisputeStep(tx, applied);
  }
  return OkStatus();
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

// Keeps the months of a run that belong to nobody, by the thousand.
class UnattributedWriter {
 public:
  UnattributedWriter(pg::Database& database, ContractId contract, Date period_from,
                     std::int64_t batch_id)
      : database_(database), contract_(contract), period_from_(period_from), batch_id_(batch_id) {}

  Status Add(const std::vector<AttributionRow>& rows) {
    for (const AttributionRow& row : rows) {
      if (row.reason == UnattributedReason::kNone) continue;
      const std::string reason(UnattributedReasonName(row.reason));
      if (!rows_.empty()) {
        UnattributedMember& last = rows_.back();
        if (last.member_id == row.member_id && last.months.to == row.month.FirstDay() &&
            last.reason == reason && last.detail == row.detail) {
          last.months.to = row.month.End();
          continue;
        }
      }
      rows_.push_back(
          {row.member_id, {row.month.FirstDay(), row.month.End()}, reason, row.detail});
    }
    return rows_.size() < kRowsAtOnce ? OkStatus() : Flush();
  }

  Status Flush() {
    const Status status = database_.Transact([&](pg::Transaction& tx) -> Status {
      InsertUnattributedMembers(tx, contract_, period_from_, batch_id_, rows_);
      return OkStatus();
    });
    rows_.clear();
    return status;
  }

 private:
  static constexpr std::size_t kRowsAtOnce = 20'000;

  pg::Database& database_;
  ContractId contract_;
  Date period_from_;
  std::int64_t batch_id_;
  std::vector<UnattributedMember> rows_;
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
  const AttributionList* const previous = inputs->previous ? &inputs->previous->list : nullptr;
  if (previous != nullptr && previous->period != period) {
    return InvalidArgument("the list from {} is of {}; its period cannot change",
                           FormatDate(period.from), previous->period.ToString());
  }
  // What could only fail later fails before the members are streamed.
  RETURN_IF_ERROR(NextVersion(previous, request.contract, period, {}).status());
  const AttributionMethod& method = inputs->method.method;
  const ProviderDirectory directory(hierarchy, inputs->taxonomies, method);
  const AttributionEngine engine(method, directory, period);
  Collector collector(method, inputs->contract, hierarchy);
  UnattributedWriter unattributed(database_, request.contract, period.from, stamp.batch_id);
  RETURN_IF_ERROR(ForEachMember(
      database_,
      {.payer = inputs->contract.payer, .known_at = known_at, .claims = engine.ClaimsWindow()},
      [&](MemberRecord& record) -> Status {
        const std::vector<AttributionRow> rows = engine.Attribute(record);
        if (request.on_row) {
          for (const AttributionRow& row : rows) RETURN_IF_ERROR(request.on_row(record, row));
        }
        collector.Add(record, rows);
        return unattributed.Add(rows);
      }));
  RETURN_IF_ERROR(unattributed.Flush());
  const ListOrigin origin{stamp.at, known_at, HashMethod(method), hierarchy.Header(),
                          stamp.batch_id};
  return database_.Transact(kSerializable, [&](pg::Transaction& tx) -> StatusOr<PreparedList> {
    ASSIGN_OR_RETURN(const auto disputes, ReadDisputes(tx, request.contract, period.from));
    ASSIGN_OR_RETURN(
        AttributionList draft,
        NextVersion(previous, request.contract, period,
                    ApplyDecisions(collector.entries,
                                   DecisionsOf(tx, request.contract, period.from, disputes))));
    const auto newest = ReadList(tx, request.contract, period.from, std::nullopt, stamp.at);
    if ((newest ? newest->list.version : 0) != draft.version - 1) {
      return Aborted("version {} of the list was made meanwhile; prepare it again", draft.version);
    }
    PreparedList prepared{std::move(draft), collector.unattributed, collector.members_elsewhere};
    InsertList(tx, prepared.list, origin, prepared.unattributed, stamp);
    return prepared;
  });
}

StatusOr<AttributionList> AttributionService::ChangeList(ContractId contract, Date period_from,
                                                         const ListChangeStamp& stamp,
                                                         const ListChanger& change) {
  return database_.Transact(
      kSerializable, [&](pg::Transaction& tx) -> StatusOr<AttributionList> {
        ASSIGN_OR_RETURN(const StoredList stored,
                         RequireList(tx, contract, period_from, std::nullopt, stamp.at));
        AttributionList list = stored.list;
        RETURN_IF_ERROR(change(tx, list));
        WriteListChange(tx, stored.list, list, stamp);
        return list;
      });
}

StatusOr<AttributionList> AttributionService::Add(ContractId contract, Date period_from,
                                                  const ListEntry& entry,
                                                  const std::string& actor) {
  return Change(contract, period_from, {.remove = {}, .add = {entry}}, actor);
}

StatusOr<AttributionList> AttributionService::Remove(ContractId contract, Date period_from,
                                                     const EntryKey& key,
                                                     const std::string& actor) {
  return Change(contract, period_from, {.remove = {key}, .add = {}}, actor);
}

StatusOr<AttributionList> AttributionService::Change(ContractId contract, Date period_from,
                                                     const ListEdit& edit,
                                                     const std::string& actor) {
  if (edit.add.empty() && edit.remove.empty()) {
    return InvalidArgument("a change of a list adds or removes at least one entry");
  }
  const ListChangeStamp stamp = Stamp(actor);
  return ChangeList(
      contract, period_from, stamp, [&](pg::Transaction& tx, AttributionList& list) -> Status {
        ASSIGN_OR_RETURN(const AttributedContract found, RequireContract(tx, contract));
        for (const EntryKey& key : edit.remove) {
          const ListEntry* const known = list.Find(key);
          const ListEntry removed = known == nullptr ? ListEntry{} : *known;
          RETURN_IF_ERROR(RemoveEntry(list, key));
          InsertOverride(tx, list, {stamp.at, ids_.NextValue(), true, removed}, stamp.actor);
        }
        for (ListEntry added : edit.add) {
          added.basis = "added";
          added.dispute = std::nullopt;
          RETURN_IF_ERROR(AddEntry(list, added));
          RETURN_IF_ERROR(CheckAffiliations(tx, found, added, stamp.at.UtcDate()));
          InsertOverride(tx, list, {stamp.at, ids_.NextValue(), false, added}, stamp.actor);
        }
        return OkStatus();
      });
}

StatusOr<AttributionList> AttributionService::PublishList(ContractId contract, Date period_from,
                                                          const std::string& actor) {
  const ListChangeStamp stamp = Stamp(actor);
  return ChangeList(contract, period_from, stamp,
                    [&](pg::Transaction& tx, AttributionList& list) -> Status {
                      if (list.status != ListStatus::kDraft) return Publish(list);
                      return OpenDraft(tx, list, stamp);
                    });
}

StatusOr<AuditResult> AttributionService::Audit(ContractId contract, Date period_from, Month month,
                                                const hierarchy::HierarchySnapshot& hierarchy,
                                                const std::vector<Closure>& closures,
                                                const std::string& actor) {
  const ListChangeStamp stamp = Stamp(actor);
  AttributedContract found;
  std::optional<StoredList> current, previous;
  std::vector<ListedElsewhere> elsewhere;
  const Status read = database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(found, RequireContract(tx, contract));
    ASSIGN_OR_RETURN(current, RequireList(tx, contract, period_from, std::nullopt, stamp.at));
    previous =
        ReadList(tx, contract, period_from, current->list.version - 1, stamp.at);
    std::set<std::int64_t> members;
    for (const ListEntry& entry : current->list.entries) members.insert(entry.member_id);
    elsewhere = FindListedElsewhere(tx, contract, current->list.period,
                                    std::vector<std::int64_t>(members.begin(), members.end()),
                                    stamp.at);
    return OkStatus();
  });
  RETURN_IF_ERROR(read);
  const AttributionList* const before = previous ? &previous->list : nullptr;
  ListAudit audit(before, current->list, hierarchy,
                  {.month = month,
                   .contract_party = found.party,
                   .closures = closures,
                   .elsewhere = std::move(elsewhere)});
  const DateRange window = audit.ClaimsWindow();
  std::map<std::int64_t, MemberSpending> costs;
  RETURN_IF_ERROR(ForEachMember(
      database_,
      {.payer = found.payer, .known_at = stamp.at, .claims = window, .drugs = window},
      [&](MemberRecord& record) -> Status {
        audit.Add(record);
        MemberSpending& cost = costs[record.member.id];
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

}  // namespace sluice::performance
