#include "performance/recalculation/override_service.h"

#include <utility>

#include "performance/award_store.h"
#include "performance/package.h"
#include "performance/recalculation/override_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kShortestReason = 10;
constexpr pg::TransactOptions kSerializable{.isolation = pg::Isolation::kSerializable};

// The newest version of the award as its package replays it.
StatusOr<std::optional<ReplayReport>> NewestAward(pg::Transaction& tx, ContractId contract,
                                                  const DateRange& period) {
  const std::vector<ContractId> ids = {contract};
  const LatestAwards latest = FindLatestAwards(tx, ids, period);
  const auto newest = latest.newest.find(contract);
  if (newest == latest.newest.end()) return std::optional<ReplayReport>();
  const StoredAward& award = newest->second;
  const std::optional<std::string> package =
      FindPackage(tx, {award.contract, award.award, award.version});
  if (!package) return DataLoss("award {} version {} has no package", award.award, award.version);
  ASSIGN_OR_RETURN(ReplayReport report, ReplayPackage(*package));
  return std::optional<ReplayReport>(std::move(report));
}

Status CheckProposal(const NewOverride& entry, UserId author) {
  if (!entry.period.to || entry.period.IsEmpty()) {
    return InvalidArgument("an override needs the closed period of an award; {} is not",
                           entry.period.ToString());
  }
  if (entry.reason.size() < kShortestReason) {
    return InvalidArgument("an override needs a reason of at least {} characters", kShortestReason);
  }
  if (author == UserId()) return InvalidArgument("an override needs an author");
  if (entry.under != PartyId() && entry.party == PartyId()) {
    return InvalidArgument("an override names a parent but no party under it");
  }
  return OkStatus();
}

// What an override that is in effect already has in its place.
std::optional<Money> CalculatedBefore(const Award& award, const std::string& what) {
  for (const Step& step : award.steps) {
    if (step.component == "override" && step.description == "override of " + what) {
      return Round(step.before, Rounding::kHalfAwayFromZero);
    }
  }
  return std::nullopt;
}

OverrideView Beside(AwardOverride entry, const std::optional<ReplayReport>& newest) {
  OverrideView view{.entry = std::move(entry)};
  const Step* step = newest ? FindOverrideStep(newest->settlement.award, view.entry.id) : nullptr;
  if (step != nullptr) {
    view.calculated_now = Round(step->before, Rounding::kHalfAwayFromZero);
  }
  return view;
}

// What is calculated now for what the override is about.
StatusOr<Money> CalculatedFor(const NewOverride& entry, const ReplayReport& report) {
  const Award& award = report.settlement.award;
  if (award.status == AwardStatus::kBlocked) {
    return FailedPrecondition("the award of contract {} is blocked ({}); what is missing comes "
                              "first",
                              entry.contract, award.missing);
  }
  if (entry.party == PartyId()) {
    if (report.terms && FindMemberMonthSum(*report.terms) != nullptr) {
      return FailedPrecondition("contract {} pays payees by member-months: override the share of a "
                                "payee",
                                entry.contract);
    }
    return CalculatedBefore(award, "what is payable").value_or(award.payable);
  }
  const std::int64_t lines = CountOverridable(report.settlement.shares, entry.party, entry.under);
  if (lines == 0) {
    return NotFound("party {} has no share of the award of contract {}", entry.party,
                    entry.contract);
  }
  if (lines > 1) {
    return FailedPrecondition("party {} has {} shares of the award of contract {}: name the parent",
                              entry.party, lines, entry.contract);
  }
  const SplitShare* share =
      FindOverridable(report.settlement.shares, entry.party, entry.under);
  return CalculatedBefore(award, "the share of " + share->label).value_or(share->amount);
}

}  // namespace

StatusOr<OverrideView> ViewOverride(pg::Transaction& tx, ContractId contract, OverrideId id) {
  std::optional<AwardOverride> entry = FindAwardOverride(tx, contract, id);
  if (!entry) return NotFound("contract {} has no override {}", contract, id);
  ASSIGN_OR_RETURN(const std::optional<ReplayReport> newest,
                   NewestAward(tx, contract, entry->period));
  return Beside(*std::move(entry), newest);
}

StatusOr<OverrideId> OverrideService::Propose(const NewOverride& entry, UserId author) {
  RETURN_IF_ERROR(CheckProposal(entry, author));
  const OverrideId id = entry.id == OverrideId() ? ids_.Next<OverrideTag>() : entry.id;
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<OverrideId> {
    ASSIGN_OR_RETURN(const std::optional<ReplayReport> report,
                     NewestAward(tx, entry.contract, entry.period));
    if (!report) {
      return NotFound("contract {} has no award for {}; calculate it first", entry.contract,
                      entry.period.ToString());
    }
    ASSIGN_OR_RETURN(const Money calculated, CalculatedFor(entry, *report));
    InsertAwardOverride(tx, {.id = id,
                             .contract = entry.contract,
                             .period = entry.period,
                             .party = entry.party,
                             .under = entry.under,
                             .calculated = calculated,
                             .amount = entry.amount,
                             .reason = entry.reason,
                             .author = author,
                             .proposed_at = now});
    return id;
  });
}

StatusOr<AwardOverride> OverrideService::Decide(ContractId contract, OverrideId id,
                                                OverrideStep step) {
  step.at = clock_.Now();
  return database_.Transact(kSerializable, [&](pg::Transaction& tx) -> StatusOr<AwardOverride> {
    std::optional<AwardOverride> entry = FindAwardOverride(tx, contract, id);
    if (!entry) return NotFound("contract {} has no override {}", contract, id);
    RETURN_IF_ERROR(CheckOverrideStep(*entry, step));
    entry->steps.push_back(step);
    InsertOverrideStep(tx, *entry);
    return *std::move(entry);
  });
}

StatusOr<AwardOverride> OverrideService::Approve(ContractId contract, OverrideId id,
                                                 UserId approver) {
  return Decide(contract, id, {.move = OverrideMove::kApprove, .actor = approver});
}

StatusOr<AwardOverride> OverrideService::Reject(ContractId contract, OverrideId id, UserId actor,
                                                const std::string& reason) {
  return Decide(contract, id, {.move = OverrideMove::kReject, .actor = actor, .reason = reason});
}

StatusOr<AwardOverride> OverrideService::Withdraw(ContractId contract, OverrideId id, UserId actor,
                                                  const std::string& reason) {
  return Decide(contract, id, {.move = OverrideMove::kWithdraw, .actor = actor, .reason = reason});
}

StatusOr<std::vector<OverrideView>> OverrideService::List(ContractId contract,
                                                          const DateRange& period) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<OverrideView>> {
        ASSIGN_OR_RETURN(const std::optional<ReplayReport> report,
                         NewestAward(tx, contract, period));
        std::vector<OverrideView> views;
        for (AwardOverride& entry : OverridesOf(tx, contract, period)) {
          views.push_back(Beside(std::move(entry), report));
        }
        return views;
      });
}

}  // namespace sluice::performance
