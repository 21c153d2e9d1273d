// What happens to the runs of a program without a person, on a day: approved ones are released on
// their date, interrupted ones go on, unused approvals lapse, settled ones close.
//
//   1. A tick does what is due and nothing else. Repeating it on the same day changes nothing more.
//   2. It never approves, and never settles: people approve, the bank's statement settles.
//   3. One run that cannot go on is reported with its reason and does not stop the others.
//   4. Files that a receiver did not take are tried again while their run settles.
//   5. A run closes when each of its items is settled, returned or held, and its review window is
//      over.
// Source: LEDGER_RELIABILITY_SECURITY 5.1, PRODUCT M08, M09, M17, Q10.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/cycle_service.h"
#include "payments/due_dates.h"
#include "payments/release_service.h"

namespace sluice::payments {

// A run beside its cycle and its due date.
struct RunStanding {
  Cycle cycle;
  Run run;
  DueStatus due;
  Date close_from{};
};
// Every run of the program, by period, kind and number. The schedule is the one that holds on the
// last day of the period.
StatusOr<std::vector<RunStanding>> Standings(const pg::Database& database,
                                             const ProgramPayments& program, Date today);

enum class TickOutcome : std::uint8_t {
  kDone,     // something was done
  kWaiting,  // nothing to do yet
  kAlert,    // it is late, or will be soon
  kFailed,   // what was due could not be done
};
std::string_view TickOutcomeName(TickOutcome outcome);

struct TickLine {
  RunId run;
  std::string name;  // "Shared savings 2025, regular run 1"
  TickOutcome outcome{};
  std::string what;
};

class CycleScheduler {
 public:
  // Whether somebody else works on a run now; then the tick leaves it alone.
  using AtWork = std::function<StatusOr<bool>(RunId)>;

  // All outlive it; both services are of the same program.
  CycleScheduler(const pg::Database& database, CycleService& cycles, ReleaseService& releases,
                 AtWork at_work = {})
      : database_(database), cycles_(cycles), releases_(releases), at_work_(std::move(at_work)) {}

  // `service` is not a person. One line or more for each live run.
  StatusOr<std::vector<TickLine>> Tick(Date today, Actor service);

 private:
  TickLine Advance(const RunStanding& standing, Date today, Actor service);

  pg::Database database_;
  CycleService& cycles_;
  ReleaseService& releases_;
  AtWork at_work_;
};

}  // namespace sluice::payments
