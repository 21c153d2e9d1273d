#include "payments/run_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertPool{"payments_insert_pool", R"sql(
  INSERT INTO payments.pool (book_id, pool_id, name, bank_account_id)
  VALUES ($1, $2, $3, $4)
)sql"};

constexpr pg::Query kFindPool{"payments_find_pool", R"sql(
  SELECT pool_id, book_id, name, bank_account_id
  FROM payments.pool
  WHERE book_id = $1 AND pool_id = $2
)sql"};

constexpr pg::Query kFindPoolByName{"payments_find_pool_by_name", R"sql(
  SELECT pool_id, book_id, name, bank_account_id
  FROM payments.pool
  WHERE book_id = $1 AND name = $2
)sql"};

constexpr pg::Query kInsertCycle{"payments_insert_cycle", R"sql(
  INSERT INTO payments.cycle (book_id, cycle_id, program_id, name, period_from, period_to,
    opened_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kFindCycle{"payments_find_cycle", R"sql(
  SELECT cycle_id, book_id, program_id, name, period_from, period_to
  FROM payments.cycle
  WHERE book_id = $1 AND cycle_id = $2
)sql"};

constexpr pg::Query kFindCycleOfPeriod{"payments_find_cycle_of_period", R"sql(
  SELECT cycle_id, book_id, program_id, name, period_from, period_to
  FROM payments.cycle
  WHERE book_id = $1 AND period_from = $2 AND period_to = $3
)sql"};

constexpr pg::Query kInsertRun{"payments_insert_run", R"sql(
  INSERT INTO payments.run (book_id, run_id, cycle_id, kind, seq, pool_id, business_date,
    effective_date, state, version, revision, fence, hold_attempt, hold_expires_at, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, $14)
)sql"};

constexpr pg::Query kFindRun{"payments_find_run", R"sql(
  SELECT run_id, book_id, cycle_id, kind, seq, pool_id, business_date, effective_date, state,
    version, revision, fence, hold_attempt, hold_expires_at
  FROM payments.run
  WHERE book_id = $1 AND run_id = $2
)sql"};

constexpr pg::Query kLockRun{"payments_lock_run", R"sql(
  SELECT run_id, book_id, cycle_id, kind, seq, pool_id, business_date, effective_date, state,
    version, revision, fence, hold_attempt, hold_expires_at
  FROM payments.run
  WHERE book_id = $1 AND run_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadRuns{"payments_load_runs", R"sql(
  SELECT run_id, book_id, cycle_id, kind, seq, pool_id, business_date, effective_date, state,
    version, revision, fence, hold_attempt, hold_expires_at
  FROM payments.run
  WHERE book_id = $1 AND cycle_id = $2
  ORDER BY kind, seq
)sql"};

constexpr pg::Query kMoveRun{"payments_move_run", R"sql(
  UPDATE payments.run
  SET state = $5, version = version + 1, revision = $6, fence = $7, hold_attempt = $8,
    hold_expires_at = $9
  WHERE book_id = $1 AND run_id = $2 AND state = $3 AND version = $4
)sql"};

constexpr pg::Query kSetAttempt{"payments_set_hold_attempt", R"sql(
  UPDATE payments.run
  SET hold_attempt = $4
  WHERE book_id = $1 AND run_id = $2 AND version = $3
)sql"};

constexpr pg::Query kInsertEvent{"payments_insert_run_event", R"sql(
  INSERT INTO payments.run_event (book_id, run_id, version, command, from_state, to_state,
    actor_id, reason, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kLoadEvents{"payments_load_run_events", R"sql(
  SELECT command, from_state, to_state, actor_id, reason, recorded_at
  FROM payments.run_event
  WHERE book_id = $1 AND run_id = $2
  ORDER BY version
)sql"};

constexpr pg::Query kInsertEditor{"payments_insert_run_editor", R"sql(
  INSERT INTO payments.run_editor (book_id, run_id, revision, editor_id, reason, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (book_id, run_id, revision, editor_id) DO NOTHING
)sql"};

constexpr pg::Query kLoadEditors{"payments_load_run_editors", R"sql(
  SELECT DISTINCT editor_id
  FROM payments.run_editor
  WHERE book_id = $1 AND run_id = $2
  ORDER BY editor_id
)sql"};

constexpr pg::Query kInsertRevision{"payments_insert_run_revision", R"sql(
  INSERT INTO payments.run_revision (book_id, run_id, revision, submitted_by, digest,
    required_approvals, hold_cents, net_cents, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kFindRevision{"payments_find_run_revision", R"sql(
  SELECT revision, submitted_by, digest, required_approvals, hold_cents, net_cents
  FROM payments.run_revision
  WHERE book_id = $1 AND run_id = $2 AND revision = $3
)sql"};

constexpr pg::Query kInsertApproval{"payments_insert_run_approval", R"sql(
  INSERT INTO payments.run_approval (book_id, run_id, revision, approver_id, submitted_by, digest,
    assertion, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kLoadApprovals{"payments_load_run_approvals", R"sql(
  SELECT approver_id, recorded_at
  FROM payments.run_approval
  WHERE book_id = $1 AND run_id = $2 AND revision = $3
  ORDER BY recorded_at, approver_id
)sql"};

std::optional<Pool> PoolOf(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return Pool{.id = row.Get<PoolId>(0),
              .book = row.Get<BookId>(1),
              .name = row.Get<std::string>(2),
              .bank_account = row.Get<BankAccountId>(3)};
}

std::optional<Cycle> CycleOf(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return Cycle{.id = row.Get<CycleId>(0),
               .book = row.Get<BookId>(1),
               .program = row.Get<ProgramId>(2),
               .name = row.Get<std::string>(3),
               .period = DateRange::Between(row.Get<Date>(4), row.Get<Date>(5))};
}

Run RunOf(const pg::Row& row) {
  return Run{.id = row.Get<RunId>(0),
             .book = row.Get<BookId>(1),
             .cycle = row.Get<CycleId>(2),
             .kind = static_cast<RunKind>(row.Get<std::int16_t>(3)),
             .seq = row.Get<std::int32_t>(4),
             .pool = row.Get<PoolId>(5),
             .business_date = row.Get<Date>(6),
             .effective_date = row.Get<Date>(7),
             .state = static_cast<RunState>(row.Get<std::int16_t>(8)),
             .version = row.Get<std::int64_t>(9),
             .revision = row.Get<std::int32_t>(10),
             .fence = row.Get<std::int64_t>(11),
             .hold_attempt = row.Get<std::int32_t>(12),
             .hold_expires_at = row.Get<std::optional<Instant>>(13)};
}

std::optional<Run> OneRun(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  return RunOf(result[0]);
}

}  // namespace

void InsertPool(pg::Transaction& tx, const Pool& pool) {
  tx.Execute(kInsertPool, pool.book, pool.id, pool.name, pool.bank_account);
}

std::optional<Pool> FindPool(pg::Transaction& tx, BookId book, PoolId pool) {
  return PoolOf(tx.Query(kFindPool, book, pool));
}

std::optional<Pool> FindPoolByName(pg::Transaction& tx, BookId book, const std::string& name) {
  return PoolOf(tx.Query(kFindPoolByName, book, name));
}

void InsertCycle(pg::Transaction& tx, const Cycle& cycle, const Recorded& recorded) {
  tx.Execute(kInsertCycle, cycle.book, cycle.id, cycle.program, cycle.name, cycle.period.from,
             cycle.period.to.value(), recorded.by, recorded.at);
}

std::optional<Cycle> FindCycle(pg::Transaction& tx, BookId book, CycleId cycle) {
  return CycleOf(tx.Query(kFindCycle, book, cycle));
}

std::optional<Cycle> FindCycleOfPeriod(pg::Transaction& tx, BookId book, const DateRange& period) {
  return CycleOf(tx.Query(kFindCycleOfPeriod, book, period.from, period.to.value()));
}

void InsertRun(pg::Transaction& tx, const Run& run, Instant at) {
  tx.Execute(kInsertRun, run.book, run.id, run.cycle, Stored(run.kind), run.seq, run.pool,
             run.business_date, run.effective_date, Stored(run.state), run.version, run.revision,
             run.fence, run.hold_attempt, at);
}

std::optional<Run> FindRun(pg::Transaction& tx, BookId book, RunId run) {
  return OneRun(tx.Query(kFindRun, book, run));
}

std::vector<Run> LoadRuns(pg::Transaction& tx, BookId book, CycleId cycle) {
  const pg::Result result = tx.Query(kLoadRuns, book, cycle);
  std::vector<Run> runs;
  for (int i = 0; i < result.Size(); ++i) runs.push_back(RunOf(result[i]));
  return runs;
}

std::optional<Run> LockRun(pg::Transaction& tx, BookId book, RunId run) {
  return OneRun(tx.Query(kLockRun, book, run));
}

Status MoveRun(pg::Transaction& tx, Run& run, const RunMove& move, const Recorded& recorded) {
  const std::int64_t rows =
      tx.Execute(kMoveRun, run.book, run.id, Stored(run.state), run.version, Stored(move.to),
                 run.revision, run.fence, run.hold_attempt, run.hold_expires_at);
  if (rows != 1) return Aborted("run {} was changed by somebody else: look again", run.id);
  ++run.version;
  tx.Execute(kInsertEvent, run.book, run.id, run.version, Stored(move.command), Stored(run.state),
             Stored(move.to), recorded.by, move.reason, recorded.at);
  run.state = move.to;
  return OkStatus();
}

Status SetHoldAttempt(pg::Transaction& tx, Run& run, std::int32_t attempt) {
  if (tx.Execute(kSetAttempt, run.book, run.id, run.version, attempt) != 1) {
    return Aborted("run {} was changed by somebody else: look again", run.id);
  }
  run.hold_attempt = attempt;
  return OkStatus();
}

void InsertRunEditor(pg::Transaction& tx, const Run& run, const std::string& reason,
                     const Recorded& recorded) {
  tx.Execute(kInsertEditor, run.book, run.id, run.revision, recorded.by, reason, recorded.at);
}

std::vector<UserId> LoadRunEditors(pg::Transaction& tx, BookId book, RunId run) {
  return tx.Query(kLoadEditors, book, run).All<UserId>();
}

void InsertRevision(pg::Transaction& tx, const Run& run, const SubmittedRevision& revision,
                    Instant at) {
  tx.Execute(kInsertRevision, run.book, run.id, revision.revision, revision.submitted_by,
             revision.digest, static_cast<std::int16_t>(revision.required_approvals), revision.hold,
             revision.net, at);
}

std::optional<SubmittedRevision> FindRevision(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kFindRevision, run.book, run.id, run.revision);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return SubmittedRevision{.revision = row.Get<std::int32_t>(0),
                           .submitted_by = row.Get<UserId>(1),
                           .digest = row.Get<Digest>(2),
                           .required_approvals = row.Get<std::int16_t>(3),
                           .hold = row.Get<Money>(4),
                           .net = row.Get<Money>(5)};
}

void InsertApproval(pg::Transaction& tx, const Run& run, const SubmittedRevision& revision,
                    const Bytes& assertion, const Recorded& recorded) {
  tx.Execute(kInsertApproval, run.book, run.id, revision.revision, recorded.by,
             revision.submitted_by, revision.digest, assertion, recorded.at);
}

std::vector<ApprovalVote> LoadApprovals(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kLoadApprovals, run.book, run.id, run.revision);
  std::vector<ApprovalVote> votes;
  for (int i = 0; i < result.Size(); ++i) {
    votes.push_back({result[i].Get<UserId>(0), result[i].Get<Instant>(1)});
  }
  return votes;
}

std::vector<RunEventRow> LoadRunEvents(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kLoadEvents, book, run);
  std::vector<RunEventRow> events;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    events.push_back({.command = static_cast<RunCommand>(row.Get<std::int16_t>(0)),
                      .from = static_cast<RunState>(row.Get<std::int16_t>(1)),
                      .to = static_cast<RunState>(row.Get<std::int16_t>(2)),
                      .actor = row.Get<UserId>(3),
                      .reason = row.Get<std::string>(4),
                      .at = row.Get<Instant>(5)});
  }
  return events;
}

}  // namespace sluice::payments
