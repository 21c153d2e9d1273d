#include "performance/program_run/run_facts.h"

#include <map>
#include <set>

namespace sluice::performance {
namespace {

const Facts& KnownOf(const ContractFacts& known, const FactSet& set) {
  static const Facts kNothing;
  if (set.party == PartyId()) return known.own;
  const auto found = known.participants.find({set.party, set.under});
  return found == known.participants.end() ? kNothing : found->second;
}

}  // namespace

StatusOr<std::int64_t> RecordChanges(pg::Transaction& tx, std::span<const FactChange> changes,
                                     Instant now, IdGenerator& ids, const std::string& source) {
  if (changes.empty()) return 0;
  std::set<ContractId> contracts;
  for (const FactChange& change : changes) contracts.insert(change.set.contract);
  const std::vector<ContractId> wanted(contracts.begin(), contracts.end());
  ASSIGN_OR_RETURN(auto known, LoadFacts(tx, wanted, changes.front().set.period, now));
  const std::int64_t batch = ids.NextValue();
  std::vector<FactSet> sets;
  std::int64_t rows = 0;
  for (const FactChange& change : changes) {
    const Facts& before = KnownOf(known[change.set.contract], change.set);
    FactSet set = change.set;
    set.facts = Facts();
    for (const auto& [name, value] : change.set.facts.Values()) {
      const auto found = before.Values().find(name);
      if (found == before.Values().end() || found->second != value) set.facts.Set(name, value);
    }
    for (const std::string& name : change.gone) {
      if (!before.Has(name)) continue;
      InsertRetraction(tx, set, name, now, batch, source);
      ++rows;
    }
    if (!set.facts.Values().empty()) sets.push_back(std::move(set));
  }
  if (!sets.empty()) rows += InsertFacts(tx, sets, now, batch, source);
  return rows;
}

StatusOr<std::int64_t> RecordChanges(const pg::Database& database,
                                     std::span<const FactChange> changes, Clock& clock,
                                     IdGenerator& ids, const std::string& source) {
  const Instant now = clock.Now();
  return database.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    return RecordChanges(tx, changes, now, ids, source);
  });
}

StatusOr<ContractFacts> FactsOf(const pg::Database& database, ContractId contract,
                                const DateRange& period, Instant known_at) {
  return database.Transact([&](pg::Transaction& tx) -> StatusOr<ContractFacts> {
    const std::vector<ContractId> wanted = {contract};
    ASSIGN_OR_RETURN(auto known, LoadFacts(tx, wanted, period, known_at));
    return std::move(known[contract]);
  });
}

}  // namespace sluice::performance
