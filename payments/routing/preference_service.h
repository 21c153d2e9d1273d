// The payees' own office: records how they want to be paid, and shows what follows from it.
//
// Who records a preference and who confirms it are two people, and neither of them approves the
// next run that it redirects (cycle_service.h).
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/routing/preference_store.h"

namespace sluice::payments {

// A line of a run and the route that it took.
struct LineRoute {
  ObligationId obligation;
  ShareOwner owner;
  PayeeId payee;  // who is paid
  PayeeId usual;  // who would be without any preference
  Resolution resolution;
};

class PreferenceService {
 public:
  PreferenceService(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  // Records a preference; id and instants are made here. InvalidArgument as CheckPreference says;
  // NotFound for a payee or program that the payer does not have; FailedPrecondition when a
  // preference of these levels says the same already.
  StatusOr<PaymentPreference> Record(PaymentPreference preference, Actor actor);
  Status Confirm(PreferenceId id, Actor actor);

  // All there ever was for the taxpayer of a payee, by id.
  StatusOr<std::vector<PaymentPreference>> History(PayeeId payee);
  // How a share would be paid by a run of this day. Without an owner: the payee's own.
  StatusOr<Resolution> Explain(const ProgramPayments& program, PayeeId payee,
                               const ShareOwner& owner, Date business_date);
  // How the lines of a run's latest revision that pay this payee came to it, and go out.
  StatusOr<std::vector<LineRoute>> ExplainRun(const ProgramPayments& program, RunId run,
                                              PayeeId payee);

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

// Record() inside the caller's transaction, for a use case that does more in it.
StatusOr<PaymentPreference> RecordPreference(pg::Transaction& tx, PayerId payer,
                                             PaymentPreference preference, const Recorded& recorded,
                                             IdGenerator& ids);

}  // namespace sluice::payments
