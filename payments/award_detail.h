// What an award of a detail engine is made of, as its payees read it: member-months by rate cell,
// each change of an earlier month with its cause, deductions, events by measure, and what refused
// the others.
//
//   1. The lines are the stored ones that the award names. They add up to what each payee of the
//      award is owed, and to the award, to the cent; otherwise it is DataLoss and no cycle pays.
//   2. Members are named by the payer's own number, to the practice that has them.
//   3. The first kMostLines changes or refused events are listed one by one; the rest is counted by
//      its reason.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/obligation.h"
#include "performance/package.h"
#include "performance/program.h"

namespace sluice::payments {

struct AwardDetail {
  std::vector<ExplanationStep> award;                       // of the award as a whole
  std::map<PartyId, std::vector<ExplanationStep>> payees;  // of each payee's part
};

class AwardDetails {
 public:
  static constexpr std::size_t kMostLines = 50;

  // Acts for `payer`. Clock and ids outlive it.
  AwardDetails(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  // Empty for awards without stored lines.
  StatusOr<AwardDetail> Of(const performance::StoredAward& stored,
                           const performance::ReplayReport& replay) const;

 private:
  StatusOr<AwardDetail> Months(const performance::StoredAward& stored,
                               const performance::ReplayReport& replay) const;
  StatusOr<AwardDetail> Events(const performance::StoredAward& stored,
                               const performance::ReplayReport& replay) const;

  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::payments
