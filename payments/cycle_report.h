// What a finance person reads about a run, and the two files that describe it.
//
//   1. Every amount is read from the ledger or from stored rows after the fact, never from what the
//      file writers were given: the control file is evidence, not an echo.
//   2. One report may cover the runs of several programs that were released to one directory.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/file_builder.h"
#include "payments/ledger/ledger.h"
#include "payments/release_service.h"
#include "payments/remittance/cycle_files.h"

namespace sluice::payments {

struct HeldPayee {
  PayeeId payee;     // unset for a line that is held by itself
  std::string name;  // of the payee, or the party's id
  HoldReason reason{};
  std::string note;
  Money amount;
};

// One program's run as it stands.
struct RunSummary {
  Run run;
  std::string program_name;
  std::int64_t awards = 0;  // contracts collected, zeros included
  std::int64_t zero_awards = 0;
  Money earned;  // positive awards, gross
  Money losses;  // negative awards, as a positive amount
  RunTotals totals;
  std::map<std::string, std::int64_t> zero_reasons;
  std::vector<HeldPayee> held;  // by payee, then lines held by themselves
};

// The summary of a run's newest revision. NotFound when there is no such run.
StatusOr<RunSummary> SummarizeRun(const pg::Database& database, const ProgramPayments& program,
                                  RunId run);

// The summary as text: one block per program, amounts aligned, holds with their reasons. At most
// `held_limit` holds are listed per program; the rest is counted.
std::string FormatRunSummaries(std::span<const RunSummary> summaries, std::size_t held_limit = 10);

// A released run and the service that released it.
struct ReleasedRun {
  ReleaseService* service = nullptr;
  RunId run;
};

// The report over released runs: programs, payments, holds, ledger balances, files.
StatusOr<CycleReport> MakeCycleReport(const pg::Database& database, const std::string& payer_name,
                                      const std::string& cycle_name,
                                      std::span<const ReleasedRun> runs);

// Writes cycle_control.csv and cycle_report.csv into the directory, replacing older ones. The
// report lists the control file as well, so that it seals everything that lies there.
Status WriteCycleFiles(const std::string& directory, CycleReport report);

}  // namespace sluice::payments
