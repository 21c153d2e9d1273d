// The office of remittances: drops of payees, what people bring to them, and the clock.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/delivery/remittance_store.h"

namespace sluice::payments {

class RemittanceService {
 public:
  RemittanceService(const pg::Database& database, PayerId payer, sluice::Clock& clock)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock) {}

  // The payee's own drop from the next release on; number, person and time are made here.
  // InvalidArgument as CheckDrop says; NotFound for a payee that the payer does not have;
  // FailedPrecondition when it has this drop already.
  StatusOr<RemittanceDrop> RegisterDrop(RemittanceDrop drop, Actor actor);
  // From here on it has none. FailedPrecondition when it has none already.
  StatusOr<RemittanceDrop> EndDrop(PayeeId payee, const std::string& reason, Actor actor);
  // All there ever were, by number.
  StatusOr<std::vector<RemittanceDrop>> Drops(PayeeId payee);

  // What waits for somebody to bring it, or all of it.
  StatusOr<std::vector<QueuedRemittance>> Queue(BookId book, bool all);
  // A person brought it. InvalidArgument without how, or for a day that has not come; NotFound when
  // nothing is queued for the payment; FailedPrecondition when it was brought before.
  StatusOr<QueuedRemittance> MarkDelivered(BookId book, const std::string& payment_key, Date on,
                                           const std::string& how, Actor actor);

  // Every ACH payment of the run with the time between it and its remittance, the worst first.
  StatusOr<std::vector<TimedRemittance>> TimesOf(BookId book, RunId run, Date today);

 private:
  pg::Database database_;
  PayerId payer_;
  sluice::Clock& clock_;
};

}  // namespace sluice::payments
