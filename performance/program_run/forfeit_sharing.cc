#include "performance/program_run/forfeit_sharing.h"

#include <algorithm>
#include <map>

#include "performance/award_store.h"
#include "performance/package.h"
#include "performance/program_run/run_facts.h"
#include "performance/quality/redistribution.h"

namespace sluice::performance {
namespace {

// The withhold whose forfeits the award states.
ForfeitTo ForfeitsTo(const Terms& terms) {
  return terms.payment_withhold ? terms.payment_withhold->forfeit_to : ForfeitTo::kPool;
}

// Contracts that share with one another.
struct Group {
  Redistribute rule;
  std::vector<const DetailContract*> contracts;
};

std::vector<Group> GroupsOf(std::span<const DetailContract> contracts) {
  std::vector<Group> groups;
  for (const DetailContract& contract : contracts) {
    const Redistribute* rule = FindRedistribute(contract.terms);
    if (rule == nullptr) continue;
    const auto known = std::ranges::find(groups, *rule, &Group::rule);
    Group& group = known == groups.end() ? groups.emplace_back(Group{*rule, {}}) : *known;
    group.contracts.push_back(&contract);
  }
  return groups;
}

class Sharing {
 public:
  Sharing(const DetailScope& scope, std::span<const DetailContract> contracts, pg::Transaction& tx)
      : scope_(scope), contracts_(contracts), tx_(tx), now_(scope.clock.Now()) {}

  StatusOr<SharingOutcome> Run() {
    std::vector<ContractId> ids;
    for (const DetailContract& contract : contracts_) ids.push_back(contract.contract.id);
    latest_ = FindLatestAwards(tx_, ids, scope_.dates.period);
    ASSIGN_OR_RETURN(facts_, LoadFacts(tx_, ids, scope_.dates.period, now_));
    std::vector<FactChange> changes;
    for (const Group& group : GroupsOf(contracts_)) {
      RETURN_IF_ERROR(ShareGroup(group, changes));
    }
    ASSIGN_OR_RETURN(outcome_.facts,
                     RecordChanges(tx_, changes, now_, scope_.ids, "redistributed forfeits"));
    return std::move(outcome_);
  }

 private:
  Status ShareGroup(const Group& group, std::vector<FactChange>& changes) {
    std::vector<RedistributionParty> parties;
    const std::size_t waiting = outcome_.pending.size();
    for (const DetailContract* contract : group.contracts) {
      const ContractId id = contract->contract.id;
      const auto award = latest_.newest.find(id);
      if (award == latest_.newest.end()) {
        outcome_.pending.emplace_back(id, "it has no award of the period yet");
      } else if (award->second.status == AwardStatus::kBlocked) {
        outcome_.pending.emplace_back(id, award->second.missing);
      } else {
        ASSIGN_OR_RETURN(RedistributionParty party,
                         PartyOf(*contract, award->second, group.rule.weight_fact));
        parties.push_back(std::move(party));
      }
    }
    if (outcome_.pending.size() > waiting) return OkStatus();
    const StatusOr<ForfeitShares> shares = RedistributeForfeits(group.rule, parties);
    if (shares.status().code() == absl::StatusCode::kFailedPrecondition) {
      outcome_.pending.emplace_back(group.contracts.front()->contract.id,
                                    StatusMessage(shares.status()));
      return OkStatus();
    }
    RETURN_IF_ERROR(shares.status());
    for (const RedistributionLine& line : shares->lines) Pay(line, changes);
    return OkStatus();
  }

  StatusOr<RedistributionParty> PartyOf(const DetailContract& contract, const StoredAward& award,
                                        const std::string& weight_fact) {
    const auto package = FindPackage(tx_, {award.contract, award.award, award.version});
    if (!package) {
      return DataLoss("award {} version {} has no package", award.award, award.version);
    }
    ASSIGN_OR_RETURN(const ReplayReport report, ReplayPackage(*package));
    if (!report.Matches()) {
      return DataLoss("award {} version {}: its package does not replay: {}", award.award,
                      award.version, report.differences.front());
    }
    RedistributionParty party{.contract = award.contract};
    if (ForfeitsTo(contract.terms) == ForfeitTo::kPool) party.forfeited = award.forfeited;
    party.score = report.settlement.award.score;
    ASSIGN_OR_RETURN(party.weight, facts_[award.contract].own.Count(weight_fact));
    return party;
  }

  // The contract that pays the share of another: of the same party, by the redistributed amount.
  void Pay(const RedistributionLine& line, std::vector<FactChange>& changes) {
    const auto owner = std::ranges::find(contracts_, line.contract, [](const DetailContract& c) {
      return c.contract.id;
    });
    const auto payer = std::ranges::find_if(contracts_, [&](const DetailContract& c) {
      return c.contract.party == owner->contract.party && PaysRedistribution(c.terms);
    });
    if (payer == contracts_.end()) {
      if (!line.amount.IsZero()) {
        outcome_.unpaid.emplace_back(
            line.contract,
            fmt::format("a share of {} in the forfeits: add a contract of {} in this program whose "
                        "basis is {}",
                        line.amount, owner->contract.party, kRedistributedFact));
      }
      return;
    }
    FactChange change{.set = {.contract = payer->contract.id, .period = scope_.dates.period},
                      .gone = {}};
    change.set.facts.SetAmount(kRedistributedFact, line.amount);
    changes.push_back(std::move(change));
  }

  const DetailScope& scope_;
  std::span<const DetailContract> contracts_;
  pg::Transaction& tx_;
  Instant now_;
  LatestAwards latest_;
  std::map<ContractId, ContractFacts> facts_;
  SharingOutcome outcome_;
};

}  // namespace

bool PaysRedistribution(const Terms& terms) {
  const auto* basis = FindBasis<PercentOfFact>(terms);
  return basis != nullptr && basis->fact == kRedistributedFact;
}

StatusOr<SharingOutcome> ShareForfeits(const DetailScope& scope,
                                       std::span<const DetailContract> contracts) {
  return scope.database.Transact([&](pg::Transaction& tx) -> StatusOr<SharingOutcome> {
    return Sharing(scope, contracts, tx).Run();
  });
}

}  // namespace sluice::performance
