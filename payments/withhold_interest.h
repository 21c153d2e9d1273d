// Interest on withheld money that is paid out, by the terms of the withhold.
//
//   1. It is owed on top of each release, in the same run, and is the payer's expense: accrued and
//      paid out of the pool as any other obligation, on a line of its own (INTEREST).
//   2. It is what the statement of the reserve (performance/withhold/account.h) earns by the
//   release
//      on the run's business date, rounded on the sum of the account.
//   3. A later version of the award that releases less does not take interest back.
//
// Money that was withheld in another system is in no reserve of this book: no interest is known.
#pragma once

#include <map>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/collect.h"
#include "payments/obligation_store.h"
#include "performance/withhold/account.h"

namespace sluice::payments {

// What the account earns more by a release. The day is the last posting's when `on` is before it.
StatusOr<Money> InterestOnRelease(const performance::Withhold& terms,
                                  const performance::WithholdAccountKey& key,
                                  std::vector<performance::WithholdPost> posts, Money released,
                                  Date on);

// Adds interest to what one run collects, award by award.
class InterestOnReleases {
 public:
  InterestOnReleases(pg::Transaction& tx, BookId book, ProgramId program, Date on, IdGenerator& ids)
      : tx_(tx), book_(book), program_(program), on_(on), ids_(ids) {}

  // One obligation for each of the collection's releases that earns a cent or more.
  Status AddTo(const AwardToPay& award, Collection& collection);

 private:
  pg::Transaction& tx_;
  BookId book_;
  ProgramId program_;
  Date on_;
  IdGenerator& ids_;
  // The postings of a reserve, and after them the releases of this run.
  std::map<ReserveKey, std::vector<performance::WithholdPost>> posts_;
};

}  // namespace sluice::payments
