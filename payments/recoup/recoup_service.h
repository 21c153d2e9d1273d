// What people do about money that payees owe, and about interest for being late.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/recoup/recoup_store.h"

namespace sluice::payments {

// One payee that owes something to a program.
struct PayeeOwes {
  PayeeId payee;
  std::string name;
  Money owed;
  Money not_yet;  // of it nothing may be taken yet
  std::vector<RecoupNotice> notices;
  std::optional<OffsetPlan> plan;
};

class RecoupService {
 public:
  RecoupService(const pg::Database& database, ProgramPayments program, Clock& clock)
      : database_(database.ForPayer(program.payer)), program_(std::move(program)), clock_(clock) {}

  // How much is taken from a payee from a day on; its number and recorder are set here.
  // InvalidArgument: see CheckOffsetPlan. NotFound for an unknown payee.
  Status SetPlan(OffsetPlan plan, Actor actor);
  // The same so that what is owed now is taken in so many cycles. FailedPrecondition when nothing
  // is owed. Returns the installment.
  StatusOr<Money> SetInstallments(OffsetPlan plan, std::int32_t cycles, Actor actor);

  // A payee was told otherwise than by its advice; `how` says by what. The days of notice count
  // from `told_on`. FailedPrecondition when it knows already.
  Status RecordNotice(RunId run, PayeeId payee, Date told_on, const std::string& how, Actor actor);

  // Interest that a contract of the program agrees on; number and recorder are set here.
  Status SetLateInterest(LateInterestTerms terms, Actor actor);
  // All versions, by number.
  StatusOr<std::vector<LateInterestTerms>> LateInterest(ContractId contract);

  // Who owes what, by payee.
  StatusOr<std::vector<PayeeOwes>> Owed(Date today);

 private:
  Status AddPlan(pg::Transaction& tx, OffsetPlan plan, const Recorded& recorded);

  pg::Database database_;
  ProgramPayments program_;
  Clock& clock_;
};

}  // namespace sluice::payments
