// From edits to events, decisions and queued calculations, inside one transaction. Internal to the
// service.
#pragma once

#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"
#include "performance/recalculation/recalculation_service.h"

namespace sluice::performance {

class ChangeNoticing {
 public:
  ChangeNoticing(pg::Transaction& tx, PayerId payer, const ChangeRules& rules, Instant now,
                 IdGenerator& ids, ScanSummary& summary);

  // Stores the events that are not known and touch a calculation, with what is decided about each.
  // `always` stores them also when they touch none. Gives the ids of those stored.
  std::vector<ChangeEventId> Notice(std::vector<ChangeEvent> events, bool always = false);

  std::span<const ContractId> Contracts() const { return contracts_; }

 private:
  // The contracts that an event is about.
  std::set<ContractId> ContractsOf(const ChangeEvent& event);
  void LoadMembers(std::span<const ChangeEvent> events);
  // Claims of many members in one recording become one event per contract.
  std::vector<ChangeEvent> ClaimsByContract(std::vector<ChangeEvent> events);
  // The calculations that the event touches.
  std::vector<const KnownCalculation*> Touched(const ChangeEvent& event);
  RecalculationId Queue(const KnownCalculation& calculation);
  void Decide(const ChangeEvent& event, const KnownCalculation& calculation);
  // The calculation that is run for it: of member-months the last month that was run.
  const KnownCalculation& TargetOf(const KnownCalculation& calculation) const;

  pg::Transaction& tx_;
  PayerId payer_;
  const ChangeRules& rules_;
  Instant now_;
  IdGenerator& ids_;
  ScanSummary& summary_;
  std::vector<ContractId> contracts_;
  std::set<ContractId> by_episodes_;
  std::map<ContractId, std::vector<KnownCalculation>> calculations_;
  std::map<ContractId, Month> last_months_;
  std::map<std::int64_t, std::vector<MemberContract>> members_;
  using PartyDays = std::pair<PartyId, std::pair<Date, std::optional<Date>>>;
  std::map<PartyDays, std::vector<ContractId>> above_;
  std::vector<ChangeDecision> decisions_;
};

}  // namespace sluice::performance
