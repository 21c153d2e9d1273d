// What people learn of a file whose delivery was unknown. It needs neither the bytes of files nor a
// way to deliver them.
// Source: LEDGER_RELIABILITY_SECURITY 6.3.
#pragma once

#include <string>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/disbursement.h"

namespace sluice::payments {

class UnknownDelivery {
 public:
  UnknownDelivery(const pg::Database& app, PayerId payer, BookId book, Clock& clock)
      : app_(app.ForPayer(payer)), book_(book), clock_(clock) {}

  // The other side has it. FailedPrecondition when the file is not one whose delivery is unknown.
  Status Confirm(RunId run, PaymentFileId file, const std::string& evidence, Actor actor);
  // It was never taken, as two people say: then it is delivered again, same bytes, same name.
  Status DeclareNotDelivered(RunId run, PaymentFileId file, const std::string& evidence,
                             Actor first, Actor second);

 private:
  pg::Database app_;
  BookId book_;
  Clock& clock_;
};

}  // namespace sluice::payments
