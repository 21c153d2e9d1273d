#include "performance/recalculation/recalculator.h"

#include <utility>
#include <vector>

#include "hierarchy/hierarchy_store.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

// A calculation asks for one day at a few versions, one after the other.
constexpr std::size_t kKeptSnapshots = 16;

// Whether the contract's split takes whoever was a member on any day of the period.
StatusOr<bool> TakesWholePeriod(pg::Transaction& tx, ContractId contract, Date on,
                                Instant known_at) {
  const std::vector<ContractId> ids = {contract};
  for (const TermsRow& row : TermsOn(tx, ids, on, known_at)) {
    ASSIGN_OR_RETURN(const Terms terms, DecodeTerms(row.content));
    const Split* split = FindSplit(terms);
    return split != nullptr && split->membership == Membership::kDuringPeriod;
  }
  return false;
}

}  // namespace

ProgramRecalculator::ProgramRecalculator(const pg::Database& database, PayerId payer, Clock& clock,
                                         IdGenerator& ids, Prepare prepare)
    : database_(database.ForPayer(payer)),
      payer_(payer),
      clock_(clock),
      ids_(ids),
      prepare_(std::move(prepare)),
      hierarchy_(database_, clock),
      programs_(database_, clock, ids) {}

StatusOr<ContractTexts> ProgramRecalculator::Run(const RecalculationTarget& target) {
  ProgramRun run(database_, payer_, clock_, ids_);
  if (prepare_) prepare_(run, target.program);
  ASSIGN_OR_RETURN(ProgramRunSummary summary, run.Run({.program = target.program,
                                                       .dates = target.dates,
                                                       .known_at = std::nullopt,
                                                       .contracts = target.contracts,
                                                       .actor = "recalculation",
                                                       .progress = nullptr}));
  return std::move(summary.unbooked);
}

StatusOr<const hierarchy::HierarchySnapshot*> ProgramRecalculator::Hierarchy(
    Date as_of, std::int64_t version) {
  const std::pair key(as_of, version);
  if (const auto known = snapshots_.find(key); known != snapshots_.end()) return &known->second;
  hierarchy::HierarchySnapshot snapshot;
  if (version > 0) {
    ASSIGN_OR_RETURN(snapshot,
                     hierarchy_.PinnedSnapshot(payer_, {.as_of = as_of, .version = version}));
  }
  if (snapshots_.size() >= kKeptSnapshots) snapshots_.erase(snapshots_.begin());
  return &snapshots_.emplace(key, std::move(snapshot)).first->second;
}

StatusOr<std::vector<hierarchy::HierarchySnapshot>> ProgramRecalculator::OtherDays(
    ContractId contract, const DateRange& period, Date as_of, Instant known_at) {
  PartyId party;
  ASSIGN_OR_RETURN(const bool needed,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
                     const std::vector<ContractId> ids = {contract};
                     const std::vector<Contract> found = FindContracts(tx, ids);
                     if (found.empty()) return NotFound("contract {} is not known", contract);
                     party = found.front().party;
                     return TakesWholePeriod(tx, contract, period.from, known_at);
                   }));
  std::vector<hierarchy::HierarchySnapshot> days;
  if (!needed) return days;
  ASSIGN_OR_RETURN(const hierarchy::AffiliationsOverTime affiliations,
                   hierarchy_.OverTime(payer_, known_at));
  std::vector<Date> others = affiliations.ChangeDays(party, period);
  others.insert(others.begin(), period.from);
  for (const Date day : others) {
    if (day == as_of) continue;
    ASSIGN_OR_RETURN(hierarchy::HierarchySnapshot snapshot,
                     hierarchy_.PinnedSnapshot(
                         payer_, {.as_of = day, .version = affiliations.Version()}));
    days.push_back(std::move(snapshot));
  }
  return days;
}

StatusOr<Award> ProgramRecalculator::AsKnown(ContractId contract, const CalculationDates& dates,
                                             Date hierarchy_as_of, Instant known_at) {
  ASSIGN_OR_RETURN(const std::int64_t version,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
                     return hierarchy::VersionAt(tx, payer_, known_at);
                   }));
  ASSIGN_OR_RETURN(const std::vector<hierarchy::HierarchySnapshot> other_days,
                   OtherDays(contract, dates.period, hierarchy_as_of, known_at));
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot* snapshot,
                   Hierarchy(hierarchy_as_of, version));
  return programs_.AsKnown(contract, dates, known_at, *snapshot, other_days);
}

}  // namespace sluice::performance
