// The payments a program made during the performance year, posted to its book: deposit, funding,
// accrual, recognition, withhold, disbursement and settlement, quarter by quarter.
#pragma once

#include <map>
#include <span>

#include "api/demo/demo_source.h"
#include "core/pg/database.h"
#include "payments/ledger/ledger.h"
#include "payments/pool.h"
#include "performance/terms.h"

namespace sluice::demo {

struct BasePaymentPosting {
  BookId book;
  ProgramId program;
  payments::Pool pool;
  UserId actor;
  int performance_year = 0;
  performance::Withhold withhold;
  std::map<PartyId, PayeeId> payees;
  std::map<PartyId, ContractId> contracts;
};

// Posts all of them; a second call with the same ids changes nothing. Requires: every party has a
// payee and a contract.
Status PostBasePayments(const payments::Ledger& ledger, const pg::Database& database,
                        const BasePaymentPosting& posting,
                        std::span<const BasePayment> base_payments, IdGenerator& ids);

// What was withheld of a party's payments, as posted to the cent.
Money WithheldOf(PartyId party, const performance::Withhold& withhold,
                 std::span<const BasePayment> base_payments);

}  // namespace sluice::demo
