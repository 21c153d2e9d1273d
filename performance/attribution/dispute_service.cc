#include "performance/attribution/dispute_service.h"

#include <set>

#include "performance/attribution/attribution_reads.h"
#include "performance/attribution/entry_check.h"

namespace sluice::performance {
namespace {

constexpr pg::TransactOptions kSerializable{.isolation = pg::Isolation::kSerializable};

// The newest version that somebody outside has seen.
StatusOr<StoredList> PublishedList(pg::Transaction& tx, ContractId contract, Date period_from,
                                   Instant now) {
  auto stored = ReadList(tx, contract, period_from, std::nullopt, now);
  if (stored && stored->list.status == ListStatus::kDraft && stored->list.version > 1) {
    stored = ReadList(tx, contract, period_from, stored->list.version - 1, now);
  }
  if (!stored || stored->list.status == ListStatus::kDraft) {
    return FailedPrecondition("contract {} has no published list for the period from {}; there is "
                              "nothing to dispute yet",
                              contract, FormatDate(period_from));
  }
  return *std::move(stored);
}

StatusOr<Dispute> Require(pg::Transaction& tx, ContractId contract, DisputeId id) {
  ASSIGN_OR_RETURN(std::optional<Dispute> dispute, ReadDispute(tx, contract, id));
  if (!dispute) return NotFound("contract {} has no dispute {}", contract, id);
  return *std::move(dispute);
}

// Takes what the clock does by now.
StatusOr<Dispute> TakeClockSteps(pg::Transaction& tx, Dispute dispute, Instant now) {
  for (const DisputeAction& action : ClockActions(dispute, now)) {
    ASSIGN_OR_RETURN(dispute, Advance(dispute, action));
    InsertDisputeStep(tx, dispute);
  }
  return dispute;
}

// An entry that the dispute would put on the list must be one that may be there.
Status CheckWanted(pg::Transaction& tx, ContractId contract, DisputeOperation operation,
                   const ListEntry& entry, Instant now) {
  if (operation == DisputeOperation::kRemove) return OkStatus();
  ASSIGN_OR_RETURN(const AttributedContract found, RequireContract(tx, contract));
  return CheckAffiliations(tx, found, entry, now.UtcDate());
}

Status CheckDraft(const DisputeDraft& draft, const DateRange& period) {
  const DateRange& days = draft.entry.attributed;
  if (!days.to || days.IsEmpty() || days.from < period.from || *days.to > *period.to) {
    return InvalidArgument("member {}: the disputed time {} is not within the list's period {}",
                           draft.entry.member_id, days.ToString(), period.ToString());
  }
  if (draft.reason_code.empty()) {
    return InvalidArgument("member {}: a dispute needs a reason code", draft.entry.member_id);
  }
  return OkStatus();
}

}  // namespace

StatusOr<Dispute> TryAction(pg::Transaction& tx, const Dispute& dispute,
                            const DisputeAction& action) {
  ASSIGN_OR_RETURN(Dispute moved, Advance(dispute, action));
  if (action.event == DisputeEvent::kAccept) {
    RETURN_IF_ERROR(
        CheckWanted(tx, dispute.contract, dispute.operation, dispute.entry, action.at));
  }
  return moved;
}

StatusOr<std::vector<DisputeId>> DisputeService::Draft(ContractId contract, Date period_from,
                                                       const std::vector<DisputeDraft>& drafts,
                                                       const std::string& filer) {
  if (filer.empty()) return InvalidArgument("a dispute needs a filer");
  const Instant now = clock_.Now();
  std::optional<std::int64_t> bulk;
  if (drafts.size() > 1) bulk = ids_.NextValue();
  std::vector<DisputeId> ids;
  for (const DisputeDraft& draft : drafts) {
    ids.push_back(draft.id ? *draft.id : ids_.Next<DisputeTag>());
  }
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<DisputeId>> {
    ASSIGN_OR_RETURN(const StoredList stored, PublishedList(tx, contract, period_from, now));
    ASSIGN_OR_RETURN(const auto method, FindMethod(tx, contract, period_from, now));
    if (!method) {
      return FailedPrecondition("contract {} has no attribution method on {}", contract,
                                FormatDate(period_from));
    }
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      RETURN_IF_ERROR(CheckDraft(drafts[i], stored.list.period));
      RETURN_IF_ERROR(CheckWanted(tx, contract, drafts[i].operation, drafts[i].entry, now));
      Dispute dispute{.id = ids[i],
                      .contract = contract,
                      .period = stored.list.period,
                      .against_version = stored.list.version,
                      .window_from = *stored.opened_at,
                      .operation = drafts[i].operation,
                      .entry = drafts[i].entry,
                      .reason_code = drafts[i].reason_code,
                      .filer = filer,
                      .bulk_id = bulk,
                      .refiled_from = std::nullopt,
                      .provisional_effect = drafts[i].provisional_effect,
                      .rules = method->rules};
      dispute.evidence = drafts[i].evidence;
      InsertDispute(tx, dispute, now);
    }
    return ids;
  });
}

StatusOr<Dispute> DisputeService::Act(ContractId contract, DisputeId id, DisputeAction action) {
  if (action.event == DisputeEvent::kListPublished) {
    return InvalidArgument("a dispute is applied by publishing a list, not by itself");
  }
  action.at = clock_.Now();
  // Of an action that was refused after the clock had moved the dispute: its steps are kept.
  std::optional<Status> refused;
  const StatusOr<Dispute> moved = database_.Transact(
      kSerializable, [&](pg::Transaction& tx) -> StatusOr<Dispute> {
        refused.reset();
        ASSIGN_OR_RETURN(const Dispute known, Require(tx, contract, id));
        ASSIGN_OR_RETURN(const Dispute ticked, TakeClockSteps(tx, known, action.at));
        StatusOr<Dispute> acted = TryAction(tx, ticked, action);
        if (acted.ok()) {
          InsertDisputeStep(tx, *acted);
          return acted;
        }
        if (ticked.history.size() == known.history.size()) return acted.status();
        refused = acted.status();
        return ticked;
      });
  if (moved.ok() && refused) return *refused;
  return moved;
}

StatusOr<DisputeId> DisputeService::FileAgain(ContractId contract, DisputeId rejected,
                                              std::vector<Evidence> evidence,
                                              std::optional<DisputeId> chosen) {
  const DisputeId id = chosen ? *chosen : ids_.Next<DisputeTag>();
  const Instant now = clock_.Now();
  return database_.Transact(kSerializable, [&](pg::Transaction& tx) -> StatusOr<DisputeId> {
    ASSIGN_OR_RETURN(const Dispute dispute, Require(tx, contract, rejected));
    ASSIGN_OR_RETURN(const auto all, ReadDisputes(tx, contract, dispute.period.from));
    for (const Dispute& other : all) {
      if (other.refiled_from == rejected) {
        return AlreadyExists("dispute {} was filed again as {}", rejected, other.id);
      }
    }
    ASSIGN_OR_RETURN(const auto draft, Refile(dispute, id, evidence));
    InsertDispute(tx, draft, now);
    return id;
  });
}

StatusOr<std::vector<DisputeId>> DisputeService::RunClock(ContractId contract, Date period_from) {
  const Instant now = clock_.Now();
  return database_.Transact(
      kSerializable, [&](pg::Transaction& tx) -> StatusOr<std::vector<DisputeId>> {
        ASSIGN_OR_RETURN(const auto disputes, ReadDisputes(tx, contract, period_from));
        std::vector<DisputeId> moved;
        for (const Dispute& dispute : disputes) {
          ASSIGN_OR_RETURN(const Dispute after, TakeClockSteps(tx, dispute, now));
          if (after.state != dispute.state) moved.push_back(dispute.id);
        }
        return moved;
      });
}

StatusOr<Dispute> DisputeService::Find(ContractId contract, DisputeId dispute) {
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return Require(tx, contract, dispute);
  });
}

StatusOr<std::vector<Dispute>> DisputeService::All(ContractId contract, Date period_from) {
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) {
    return ReadDisputes(tx, contract, period_from);
  });
}

StatusOr<std::vector<AffectedCalculation>> DisputeService::Affected(
    ContractId contract, const std::vector<DisputeId>& disputes) {
  return database_.Transact(
      {.read_only = true},
      [&](pg::Transaction& tx) -> StatusOr<std::vector<AffectedCalculation>> {
        std::vector<AffectedCalculation> affected;
        std::set<AwardId> seen;
        for (const DisputeId id : disputes) {
          ASSIGN_OR_RETURN(const Dispute dispute, Require(tx, contract, id));
          std::vector<ContractId> contracts = OtherContractsOf(tx, dispute);
          contracts.insert(contracts.begin(), contract);
          for (const ContractId touched : contracts) {
            for (const AffectedCalculation& calculation :
                 FindAffected(tx, touched, dispute.entry.attributed)) {
              if (seen.insert(calculation.award).second) affected.push_back(calculation);
            }
          }
        }
        return affected;
      });
}

Status DisputeService::LinkToAward(ContractId contract, const std::vector<DisputeId>& disputes,
                                   const AwardVersion& award) {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    for (const DisputeId dispute : disputes) LinkAward(tx, contract, dispute, award, now);
    return OkStatus();
  });
}

StatusOr<std::vector<AwardVersion>> DisputeService::AwardsOfDispute(ContractId contract,
                                                                    DisputeId dispute) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<AwardVersion>> {
        return AwardsOf(tx, contract, dispute);
      });
}

StatusOr<std::vector<DisputeId>> DisputeService::DisputesOfAward(ContractId contract,
                                                                 const AwardVersion& award) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<DisputeId>> {
        return DisputesOf(tx, contract, award);
      });
}

}  // namespace sluice::performance
