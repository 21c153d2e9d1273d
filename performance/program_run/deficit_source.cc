#include "performance/program_run/deficit_source.h"

#include "performance/program_run/run_facts.h"
#include "performance/savings/deficit_service.h"

namespace sluice::performance {
namespace {

const CarryForward* FindCarryForward(const Terms& terms) {
  for (const Component& component : terms.components) {
    if (const auto* carry = std::get_if<CarryForward>(&component.rule)) return carry;
  }
  return nullptr;
}

// The newest award of a contract and period, if there is one.
StatusOr<std::optional<StoredAward>> NewestAward(const DetailScope& scope, ContractId contract) {
  return scope.database.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::optional<StoredAward>> {
        const std::vector<ContractId> ids = {contract};
        LatestAwards latest = FindLatestAwards(tx, ids, scope.dates.period);
        const auto found = latest.newest.find(contract);
        if (found == latest.newest.end()) return std::optional<StoredAward>();
        return std::optional<StoredAward>(std::move(found->second));
      });
}

}  // namespace

bool DeficitSource::Serves(const Terms& terms) const { return FindCarryForward(terms) != nullptr; }

StatusOr<DetailOutcome> DeficitSource::Refresh(const DetailScope& scope,
                                               std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  DeficitService service(scope.database, scope.clock, scope.ids);
  for (const DetailContract& detail : contracts) {
    const ContractId id = detail.contract.id;
    const CarryForward& carry = *FindCarryForward(detail.terms);
    const DeficitAccount account{scope.payer, scope.program, detail.contract.party};
    ASSIGN_OR_RETURN(const bool has_account,
                     scope.database.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
                       return !LoadDeficits(tx, account).empty();
                     }));
    ASSIGN_OR_RETURN(const ContractFacts known,
                     FactsOf(scope.database, id, scope.dates.period, scope.clock.Now()));
    if (!has_account && known.own.Has(carry.balance_fact)) continue;
    RETURN_IF_ERROR(service.Accrue(account, carry, scope.dates.pay_date));
    ASSIGN_OR_RETURN(const std::optional<StoredAward> award, NewestAward(scope, id));
    ASSIGN_OR_RETURN(const Money balance,
                     service.BalanceFor(account, award ? award->award : AwardId(),
                                        scope.dates.pay_date));
    FactChange change{.set = {.contract = id, .period = scope.dates.period}, .gone = {}};
    change.set.facts.SetAmount(carry.balance_fact, balance);
    ASSIGN_OR_RETURN(const std::int64_t rows,
                     RecordChanges(scope.database, {&change, 1}, scope.clock, scope.ids,
                                   "deficit account"));
    outcome.rows += rows;
  }
  return outcome;
}

StatusOr<ContractTexts> BookDeficits(const DetailScope& scope,
                                     std::span<const DetailContract> contracts) {
  ContractTexts refused;
  DeficitService service(scope.database, scope.clock, scope.ids);
  for (const DetailContract& detail : contracts) {
    if (FindCarryForward(detail.terms) == nullptr) continue;
    ASSIGN_OR_RETURN(const std::optional<StoredAward> award,
                     NewestAward(scope, detail.contract.id));
    if (!award || award->status == AwardStatus::kBlocked) continue;
    const Status booked = service.Post({award->contract, award->award, award->version});
    if (booked.code() == absl::StatusCode::kFailedPrecondition) {
      refused.emplace_back(award->contract, StatusMessage(booked));
      continue;
    }
    RETURN_IF_ERROR(booked);
  }
  return refused;
}

}  // namespace sluice::performance
