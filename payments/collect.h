// From award versions to obligations: what a cycle owes for an award that it has not seen yet.
//
//   1. The first version of an award gives one obligation per share.
//   2. A later version replaces what was not recognized yet: those obligations are voided and their
//      accrual is taken back. What was recognized stays; the difference to it, party by party, is a
//      restatement: positive is paid by the next run, negative becomes a receivable. Never a debit
//      of the payee's bank account.
//   3. A share goes to the payee of its party, under the party above and in its role where there is
//      one of its own; without any, to the nearest ancestor on its path that has one.
//   4. An award that releases withheld money is paid out of the payee's reserve in this book as far
//      as the reserve goes; what was withheld elsewhere is accrued and paid out of the pool.
//   5. What is taken back takes its part of the withhold with it: the reserve of the year gives it
//      back as far as it goes, and the payee owes the rest (RESTATE_WITHHOLD, RECOUP). A withhold
//      that is given back beside money that is paid is released to the payee. More withheld of
//      money that was paid already is not asked back: the next award withholds.
// Source: LEDGER_RELIABILITY_SECURITY 2.4 (restatement delta), 5.1.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "payments/cycle.h"
#include "payments/obligation.h"
#include "payments/obligation_store.h"
#include "payments/payee.h"

namespace sluice::payments {

// What collecting one award version changes.
struct Collection {
  std::vector<ObligationRow> obligations;  // new ones
  std::vector<ObligationId> voided;        // earlier ones that were never recognized
  Money accrued;                           // ACCRUE_AWARD: positive new ones that the pool pays
  Money restated;                          // RESTATE_UNPAID: what the voided ones had accrued
};

// `earlier` are the obligations of the same award. `reserves` is what the reserves hold and nobody
// is promised; what is taken is taken off, so that two awards do not promise it twice, and what
// a voided obligation was promised is put back.
// Requires: CheckAwardToPay(award) is ok.
Collection CollectAward(const Cycle& cycle, const AwardToPay& award,
                        std::span<const ObligationRow> earlier, const PayeeDirectory& payees,
                        std::map<ReserveKey, Money>& reserves, IdGenerator& ids);

}  // namespace sluice::payments
