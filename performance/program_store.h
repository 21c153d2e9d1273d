// SQL and row mapping of programs, contracts, terms and facts. No rules.
//
// Reads are set-based over many contracts; the caller bounds how many it asks for at once.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/database.h"
#include "performance/participants.h"
#include "performance/program.h"

namespace sluice::performance {

// --- Programs and contracts ---

void InsertProgram(pg::Transaction& tx, const Program& program);
std::optional<Program> FindProgram(pg::Transaction& tx, ProgramId id);
std::vector<Program> ListPrograms(pg::Transaction& tx);
void InsertContracts(pg::Transaction& tx, std::span<const Contract> contracts);
std::vector<Contract> FindContracts(pg::Transaction& tx, std::span<const ContractId> ids);
// By id.
std::vector<Contract> ContractsOfProgram(pg::Transaction& tx, ProgramId program);

// Those whose range overlaps a period, by id; only the wanted ones when some are named. Ids of
// other programs are left out.
std::vector<Contract> ContractsInPeriod(pg::Transaction& tx, ProgramId program,
                                        const DateRange& period,
                                        const std::optional<std::vector<ContractId>>& wanted);

// --- Terms ---

struct TermsRow {
  ContractId contract;
  std::int32_t version = 0;
  TermsState state = TermsState::kInForce;
  DateRange effective;
  std::string title;
  Bytes content;
  Digest sha256{};
  Instant recorded_at;
};
// The highest version of each contract that has one.
std::map<ContractId, TermsRow> NewestTerms(pg::Transaction& tx,
                                           std::span<const ContractId> contracts);
void InsertTerms(pg::Transaction& tx, std::span<const TermsRow> rows);
// The highest version whose range holds `on` and that was known at `known_at`, for each contract
// that has one; withdrawn versions included.
std::vector<TermsRow> TermsOn(pg::Transaction& tx, std::span<const ContractId> contracts, Date on,
                              Instant known_at);

// --- Facts ---

// The name that the result of a measure is stored under: "measure:" and its id.
std::string MeasureFactName(std::string_view measure);
// Returns the number of rows.
std::int64_t InsertFacts(pg::Transaction& tx, std::span<const FactSet> sets, Instant recorded_at,
                         std::int64_t batch_id, const std::string& source);
// Records that a fact no longer holds. A measure is named as above.
void InsertRetraction(pg::Transaction& tx, const FactSet& which, const std::string& name,
                      Instant recorded_at, std::int64_t batch_id, const std::string& source);

struct ContractFacts {
  Facts own;
  ParticipantFacts participants;
};
// Facts of exactly this period, as known at an instant. DataLoss names a row that does not parse.
StatusOr<std::map<ContractId, ContractFacts>> LoadFacts(pg::Transaction& tx,
                                                        std::span<const ContractId> contracts,
                                                        const DateRange& period, Instant known_at);

}  // namespace sluice::performance
