// What people decided about single lines of a run, and about a payee in one run.
//
//   1. A line that a person holds takes no part in the run: nothing of it is recognized, taken from
//      the pool or paid. A later run takes it up once it is let go.
//   2. A hold is of the share (award, party, parent, role), so a recalculation of the award does
//      not lose it. What a rule holds (over the cap, duplicate) is accepted for the version and the
//      amount that the person saw, and for no other.
//   3. Decisions are added, never edited. Of one cause the last one counts.
// Source: LEDGER_RELIABILITY_SECURITY 5.1, PRODUCT M16.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/obligation_store.h"
#include "payments/payee_store.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// Why a line waits. The numbers are stored.
enum class LineHoldCause : std::int16_t {
  kPerson = 1,
  kOverCap = 2,    // above the cap of the program
  kDuplicate = 3,  // same member, activity and period in another contract
};
std::string_view LineHoldCauseName(LineHoldCause cause);
// The cause behind a line's hold. InvalidArgument for a hold that a decision does not end: a line
// without a payee, or one that is not held.
StatusOr<LineHoldCause> CauseOfHold(HoldReason reason);

// What a hold is of.
struct ShareKey {
  AwardId award;
  PartyId party;
  PartyId under;
  std::string role;
  friend auto operator<=>(const ShareKey&, const ShareKey&) = default;
};
ShareKey ShareOf(const ObligationRow& row);

struct LineDecision {
  ShareKey share;
  std::int32_t number = 1;
  bool held = false;  // else let go, or accepted
  LineHoldCause cause = LineHoldCause::kPerson;
  RunId run;
  ObligationId obligation;  // the line that the person looked at
  std::int32_t award_version = 0;
  Money amount;
  std::string reason;
  UserId decided_by;
  Instant decided_at;
};

// The decisions about some awards, and what follows from them for a line.
class LineDecisions {
 public:
  LineDecisions() = default;
  // In the order of their numbers.
  explicit LineDecisions(std::vector<LineDecision> decisions);

  // The hold of a person that stands, or null.
  const LineDecision* HoldOf(const ObligationRow& row) const;
  // The acceptance of what a rule holds, or null: of this version, and of this amount or more.
  const LineDecision* AcceptanceOf(const ObligationRow& row, LineHoldCause cause) const;
  std::int32_t NextNumber(const ShareKey& share) const;

 private:
  const LineDecision* LastOf(const ShareKey& share, LineHoldCause cause) const;

  std::map<ShareKey, std::vector<LineDecision>> decisions_;
};

// A payee in one run: stopped, or let go again.
struct RunStop {
  PayeeId payee;
  std::int32_t number = 1;
  bool stopped = true;
  std::string reason;
  UserId decided_by;
  Instant decided_at;
};

void InsertLineDecision(pg::Transaction& tx, BookId book, const LineDecision& decision);
LineDecisions LoadLineDecisions(pg::Transaction& tx, BookId book, std::span<const AwardId> awards);

void InsertRunStop(pg::Transaction& tx, const Run& run, const RunStop& stop);
// By payee: the last one of each.
std::map<PayeeId, RunStop> LoadRunStops(pg::Transaction& tx, const Run& run);

}  // namespace sluice::payments
