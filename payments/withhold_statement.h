// The statement of what was withheld from a payee, out of the ledger itself.
//
//   1. The withhold reserve of a payee and performance year is the account; its transfers are the
//      postings, and the book is that of the program. Nothing is kept twice.
//   2. A statement whose balance is not the ledger's balance, to the cent, is DataLoss.
//   3. The ledger knows two ways out, release and forfeit; what expired was forfeited there.
//
// The rules of the account are performance/withhold/account.h. Source: PRODUCT M03.
#pragma once

#include <vector>

#include "core/pg/database.h"
#include "payments/ledger/ledger.h"
#include "performance/withhold/account.h"

namespace sluice::payments {

// What was posted to a reserve, in the order of the ledger. Nothing when nothing ever was.
std::vector<performance::WithholdPost> LoadReservePosts(pg::Transaction& tx, BookId book,
                                                        const performance::WithholdAccountKey& key);

// The statement of one reserve as of a business date, with interest by the terms. NotFound when
// nothing was ever withheld from the payee for the year.
StatusOr<performance::WithholdStatement> StateReserve(pg::Transaction& tx, BookId book,
                                                      const performance::Withhold& terms,
                                                      const performance::WithholdAccountKey& key,
                                                      Date as_of);

// The statements of every reserve of a program's book, by payee and year.
StatusOr<std::vector<performance::WithholdStatement>> StateReserves(
    pg::Transaction& tx, BookId book, const performance::Withhold& terms, ProgramId program,
    Date as_of);

}  // namespace sluice::payments
