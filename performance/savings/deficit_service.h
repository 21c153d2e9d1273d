// Use cases of deficit accounts. One transaction each; repeating a call changes nothing.
#pragma once

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/savings/deficit_store.h"

namespace sluice::performance {

class DeficitService {
 public:
  // `database` acts for one payer. All outlive the service.
  DeficitService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Books interest and expiry through a day, by the carry-forward rule of the terms.
  Status Accrue(const DeficitAccount& account, const CarryForward& terms, Date through);

  // What an award is calculated from (its fact "deficit_balance"): the balance without the bookings
  // of the award itself, so that calculating again starts from the same amount; nor those of later
  // days than `through`, its pay date, so that what came after it does not reach back.
  StatusOr<Money> BalanceFor(const DeficitAccount& account, AwardId award,
                             std::optional<Date> through = std::nullopt);
  StatusOr<Money> Balance(const DeficitAccount& account);

  // Books what a stored version of an award says: what it recovered, and the loss it carried. The
  // numbers are those of the replayed package, not the caller's. NotFound when the version is not
  // stored; FailedPrecondition when its terms carry nothing forward, it is not the newest version,
  // it is blocked, or it was calculated from another balance.
  Status Post(const AwardKey& key);

  // From a day on, `to` carries on what `from` owes: all open lots move, whole and with their
  // dates. Repeating it moves what came to `from` since (a later version of an old loss), or
  // nothing; another successor is AlreadyExists; a link without evidence, or one that would close a
  // circle, is InvalidArgument.
  Status Link(DeficitLink link);

  // The account as people read it.
  StatusOr<std::string> Statement(const DeficitAccount& account, const std::string& title);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
