// Takes the enrollment form of a payee: its account into the vault, its wish for remittances to the
// preferences, the rest as it was given.
#pragma once

#include <string_view>
#include <vector>

#include "payments/enrollment/enrollment_store.h"
#include "payments/payee_service.h"

namespace sluice::payments {

class EnrollmentService {
 public:
  EnrollmentService(const pg::Database& database, PayerId payer, const KeyProvider& keys,
                    Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), keys_(keys), clock_(clock), ids_(ids) {}

  // In one transaction: the form is taken whole or not at all.
  // New: the payee's first account, SUBMITTED. Change: the next version of the one in use, which
  // stays in use until the new one is proved. Cancel: the account in use is stopped.
  // InvalidArgument lists the faults of the form, or says that it is of another taxpayer;
  // FailedPrecondition when the reason does not fit what the payee has.
  StatusOr<EnrollmentRecord> Enroll(PayeeId payee, std::string_view form, Date today, Actor actor);

  StatusOr<std::vector<EnrollmentRecord>> History(PayeeId payee);

 private:
  pg::Database database_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::payments
