// A payment cycle from its opening to its approval.
//
//   1. Each command is one guarded transition of run_state.h in one transaction with its effects;
//      a command that the table does not have is refused and changes nothing.
//   2. The content of a run is immutable per revision. Any edit makes the next revision, drops the
//      hold on the pool and voids the approvals, which were signatures of the old digest.
//   3. Calculating posts the accrual of awards and nothing else. Approving puts the pool's money on
//      hold. Money moves only at release (release_service.h).
//   4. Repeating Open with the same cycle, kind and number gives the run that is there. Repeating
//      Calculate with the same award versions collects nothing twice.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/ledger/ledger.h"
#include "payments/obligation.h"
#include "payments/obligation_store.h"
#include "payments/run_plan.h"
#include "payments/run_store.h"

namespace sluice::payments {

struct OpenRun {
  std::string name;  // of the cycle: "Shared savings 2024"
  DateRange period;  // with an end
  RunKind kind = RunKind::kRegular;
  std::int32_t seq = 1;
  Date business_date{};
  int banking_days_to_settle = 1;  // the effective entry date lies this many banking days later
};

class CycleService {
 public:
  CycleService(pg::Database database, ProgramPayments program, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(program.payer)),
        program_(std::move(program)),
        clock_(clock),
        ids_(ids),
        ledger_(clock) {}

  // FailedPrecondition when another run of that kind is still under way in the cycle.
  StatusOr<Run> Open(const OpenRun& request, Actor actor);

  // Collects the award versions that are new, accrues them, takes up everything that is open in
  // the book, and makes the next revision. FailedPrecondition when an award is older than what was
  // collected, or was collected with other content.
  StatusOr<RunTotals> Calculate(RunId run, std::span<const AwardToPay> awards, Actor actor);

  // Stops one payee in this run, with the reason a person gives, and lets it go again. Each is a
  // new revision; a later calculation keeps it.
  Status HoldPayee(RunId run, PayeeId payee, const std::string& reason, Actor actor);
  Status ReleasePayee(RunId run, PayeeId payee, const std::string& reason, Actor actor);

  // Stops one line until it is let go, in this run and in later ones (line_decision.h). Letting go
  // also accepts what a rule holds: above the cap, duplicate. Each is a new revision, planned from
  // what is open now. FailedPrecondition when the line is in that state already.
  Status HoldLine(RunId run, ObligationId line, const std::string& reason, Actor actor);
  Status ReleaseLine(RunId run, ObligationId line, const std::string& reason, Actor actor);

  // Pays one payee by check in this run, with the reason a person gives: it has no account, its
  // payment came back, it is above the limit of the ACH network. A new revision.
  Status PayByCheck(RunId run, PayeeId payee, const std::string& reason, Actor actor);

  // Fixes the digest that approvers sign, and returns it.
  StatusOr<Digest> Submit(RunId run, Actor actor);
  Status Return(RunId run, const std::string& reason, Actor actor);

  // One vote. The last one needed takes the pool's money on hold; when the pool is short, the vote
  // does not count and FailedPrecondition names the pool and the amount that is missing.
  // `assertion` is the approver's signature over the digest, or empty where the session proves it.
  StatusOr<RunState> Approve(RunId run, const Digest& seen, const Bytes& assertion, Actor actor);

  // Back to the maker: the hold is dropped and the approvals are void.
  Status Withdraw(RunId run, const std::string& reason, Actor actor);
  // The same when the approval was not used in time; FailedPrecondition before that.
  Status Expire(RunId run, Actor actor);
  // Ends a run before its release.
  Status Cancel(RunId run, const std::string& reason, Actor actor);

  StatusOr<Run> Find(RunId run) const;
  // The content of the newest revision.
  StatusOr<RunPlan> Plan(RunId run) const;
  StatusOr<std::vector<RunEventRow>> History(RunId run) const;

  const ProgramPayments& Program() const { return program_; }

 private:
  StatusOr<RunTotals> StoreCalculation(pg::Transaction& tx, Run run,
                                       std::span<const AwardToPay> awards,
                                       const Recorded& recorded);
  Status CollectNew(pg::Transaction& tx, const Run& run, std::span<const AwardToPay> awards,
                    const Recorded& recorded, std::vector<Journal>& journals);
  StatusOr<RunPlan> PlanOpen(pg::Transaction& tx, const Run& run);
  // Sets the payee of each, and says how it is paid.
  using Routes = std::map<ObligationId, Route>;
  StatusOr<Routes> FindPayees(pg::Transaction& tx, const Run& run,
                              std::vector<ObligationRow>& open);
  // What the plan needs to know of these payees; `lines` are those that take part.
  StatusOr<std::map<PayeeId, PayeeFacts>> FactsOf(pg::Transaction& tx, const Run& run,
                                                  std::span<const PayeeId> ids,
                                                  std::span<const ObligationId> lines,
                                                  const PlanSettings& settings);
  // Takes what `decide` records into the next revision of the run.
  using Decide = std::function<Status(pg::Transaction&, const Run&, const Recorded&)>;
  Status PlanAgain(RunId run, const std::string& reason, Actor actor, const Decide& decide);
  // The preferences that the run knows, for these payees' shares.
  RouteBook LoadRoutes(pg::Transaction& tx, const Run& run, const std::vector<PayeeId>& payees,
                       const std::vector<PartyId>& parties) const;
  // Gives the hold of an approved run back to the pool.
  Status DropHoldOf(pg::Transaction& tx, Run& run, bool expired, const Recorded& recorded);
  // Copies the content into the next revision under a command that leads back to CALCULATED.
  Status BackToCalculated(RunId run, RunCommand command, const std::string& reason, Actor actor);
  StatusOr<ApprovalContext> LoadApprovalContext(pg::Transaction& tx, const Run& run,
                                                const SubmittedRevision& revision);

  pg::Database database_;
  ProgramPayments program_;
  Clock& clock_;
  IdGenerator& ids_;
  Ledger ledger_;
};

// FailedPrecondition names the pool and the amount that is missing for what a run takes from it.
Status CheckPoolCovers(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       Money needed);

// The journal that holds the pool's money for a revision of a run.
Uuid HoldJournalId(const Run& run);
// The digest of the run's newest revision, from what is stored.
Digest StoredDigest(pg::Transaction& tx, const Run& run, const RunPlan& plan);
// Locks the run and checks the command against the table. NotFound names the run.
struct LockedRun {
  Run run;
  RunState next{};
};
StatusOr<LockedRun> LockRunFor(pg::Transaction& tx, BookId book, RunId run, RunCommand command);

}  // namespace sluice::payments
