// What people and the bank do to a run after its files were made: no file is touched, so no key is
// needed.
#pragma once

#include <string>
#include <utility>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/cycle_service.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

class RunSettlement {
 public:
  // The clock outlives it.
  RunSettlement(const pg::Database& database, ProgramPayments program, Clock& clock)
      : database_(database.ForPayer(program.payer)),
        program_(std::move(program)),
        clock_(clock),
        ledger_(clock) {}

  // Lets a blocked run go on, after its cause was removed; then the release is resumed.
  Status Unblock(RunId run, const std::string& reason, Actor actor);
  // Posts what the bank statement of `date` shows for the run's delivered files: a debit of each
  // file's total, matched to it. Repeating it posts nothing again.
  Status PostSettlement(RunId run, Date date, Actor actor);
  // Ends the run: every line is settled, returned or held, every disbursement is terminal, deposit,
  // remittance and ledger match in every payment (payments/reconciliation/three_way.h), and the
  // program's days of review are over. FailedPrecondition names what is missing.
  Status Close(RunId run, Actor actor);

 private:
  pg::Database database_;
  ProgramPayments program_;
  Clock& clock_;
  Ledger ledger_;
};

}  // namespace sluice::payments
