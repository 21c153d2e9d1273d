// What `sluice_bench cycle` does in SQL: inventing facts, the bare COPY of them, the same awards
// computed by the database, and the comparison. Nothing here is part of Sluice.
//
//   1. Facts are keyed and laid out by contract first, then by member, as a feed loads them.
//   2. Of a hundred members one has a corrected span, two changed the payee, two left, one joined
//      or left within the month, one has a corrected measure result.
//   3. The SQL asks for what the services answer: the newest version of each row, the month's
//      method, rate cell by age, sex and product, risk factor, each line rounded to the cent, the
//      payee's withhold; measures to points, to a score, to an amount.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"

namespace sluice::bench {

// What the invented facts are about.
struct CyclePlan {
  std::int64_t members = 1'000'000;
  std::int64_t contracts = 1'000;
  std::int64_t payees_of_contract = 10;

  std::int64_t MembersOfContract() const { return members / contracts; }
  // Contract numbers run from 0.
  ContractId Capitation(std::int64_t contract) const { return ContractId(100'000 + contract); }
  ContractId Quality(std::int64_t contract) const { return ContractId(200'000 + contract); }
  PartyId Party(std::int64_t contract) const { return PartyId(1'000'000 + contract * 100); }
  // Payees of a contract run from 1.
  PartyId Payee(std::int64_t contract, std::int64_t payee) const {
    return PartyId(Party(contract).Value() + payee);
  }
};

// A cell of the rates as the SQL has it: who was born after the one day and up to the other.
struct CycleCell {
  Date born_after{};
  Date born_until{};
  std::int16_t sex = 0;
  std::string product;
  std::int64_t price_millionths = 0;
};
// A measure of the terms, in hundredths.
struct CycleMeasure {
  std::string id;
  std::int64_t threshold_percent = 0;
  std::int64_t target_percent = 0;
  std::int64_t minimum_denominator = 0;
};

// Tables of the bench, beside those of Sluice. As the administrator.
void MakeCycleTables(pg::Transaction& tx, const std::vector<CycleCell>& cells,
                     const std::vector<CycleMeasure>& measures);
// The facts that an earlier run left in the directory; none when it left none, or did not finish.
struct CycleFacts {
  CyclePlan plan;
  PayerId payer;
  ProgramId capitation;
  ProgramId quality;
};
std::optional<CycleFacts> FindFacts(pg::Transaction& tx);
// Spans and measure results of the members `first` to `last`. As the administrator: foreign keys
// are not checked, which would take most of the time.
void InventFacts(pg::Transaction& tx, const CyclePlan& plan, std::int64_t first, std::int64_t last,
                 Instant recorded_at);
// Statistics as autovacuum would have them, and no more autovacuum while there is something to
// measure. Remembers the facts of contracts for ForgetResults, and all of it for FindFacts.
void SettleFacts(pg::Transaction& tx, const CycleFacts& facts);
// Everything that was computed, by the services and by SQL.
void ForgetResults(pg::Transaction& tx);

// Rows that a bare binary COPY of the whole tables gives.
struct CycleRows {
  std::int64_t spans = 0;
  std::int64_t measures = 0;
};
CycleRows CopyFacts(pg::Transaction& tx);

// The awards by SQL: nothing but totals, or with a row for each line, which the services keep too.
// As the service's role. Results of an earlier statement are forgotten first.
void CapitationBySql(pg::Transaction& tx, Instant known_at, bool with_lines);
void QualityBySql(pg::Transaction& tx, ProgramId program, Instant known_at);

// How many results were compared, and how many differ by a cent or are only on one side.
struct CycleDifferences {
  std::int64_t payees = 0;
  std::int64_t payees_differ = 0;
  std::int64_t contracts = 0;
  std::int64_t contracts_differ = 0;
  Money capitation;
  Money quality;
};
CycleDifferences CompareResults(pg::Transaction& tx, ProgramId capitation, ProgramId quality);
// Bytes of the lines that the services stored.
std::int64_t StoredLineBytes(pg::Transaction& tx);

}  // namespace sluice::bench
