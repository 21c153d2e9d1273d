// Rows of cycles, runs, their transitions, revisions and approvals. No rules.
//
// A transition is one guarded UPDATE with its event row. Lock order: the run's row comes before
// obligations, disbursements, files and the head of the book.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/payee_store.h"

namespace sluice::payments {

void InsertPool(pg::Transaction& tx, const Pool& pool);
std::optional<Pool> FindPool(pg::Transaction& tx, BookId book, PoolId pool);
std::optional<Pool> FindPoolByName(pg::Transaction& tx, BookId book, const std::string& name);

void InsertCycle(pg::Transaction& tx, const Cycle& cycle, const Recorded& recorded);
std::optional<Cycle> FindCycle(pg::Transaction& tx, BookId book, CycleId cycle);
std::optional<Cycle> FindCycleOfPeriod(pg::Transaction& tx, BookId book, const DateRange& period);

void InsertRun(pg::Transaction& tx, const Run& run, Instant at);
std::optional<Run> FindRun(pg::Transaction& tx, BookId book, RunId run);
std::vector<Run> LoadRuns(pg::Transaction& tx, BookId book, CycleId cycle);
// Takes the lock under which a run changes.
std::optional<Run> LockRun(pg::Transaction& tx, BookId book, RunId run);

struct RunMove {
  RunCommand command{};
  RunState to{};
  std::string reason;
};
// Applies the move to the locked run: state, and the revision, fence, attempt and expiry that `run`
// carries. Updates `run`. Aborted when another process moved it first.
Status MoveRun(pg::Transaction& tx, Run& run, const RunMove& move, const Recorded& recorded);
// Stores a changed attempt number without a transition.
Status SetHoldAttempt(pg::Transaction& tx, Run& run, std::int32_t attempt);

void InsertRunEditor(pg::Transaction& tx, const Run& run, const std::string& reason,
                     const Recorded& recorded);
std::vector<UserId> LoadRunEditors(pg::Transaction& tx, BookId book, RunId run);

void InsertRevision(pg::Transaction& tx, const Run& run, const SubmittedRevision& revision,
                    Instant at);
std::optional<SubmittedRevision> FindRevision(pg::Transaction& tx, const Run& run);
void InsertApproval(pg::Transaction& tx, const Run& run, const SubmittedRevision& revision,
                    const Bytes& assertion, const Recorded& recorded);
std::vector<ApprovalVote> LoadApprovals(pg::Transaction& tx, const Run& run);

// One row of a run's history, for people.
struct RunEventRow {
  RunCommand command{};
  RunState from{};
  RunState to{};
  UserId actor;
  std::string reason;
  Instant at;
};
std::vector<RunEventRow> LoadRunEvents(pg::Transaction& tx, BookId book, RunId run);

}  // namespace sluice::payments
