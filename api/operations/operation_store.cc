#include "api/operations/operation_store.h"

#include <array>

#include "core/bytes.h"

namespace sluice::api {
namespace {

constexpr pg::Query kFindOperationOfJob{"core_find_operation_of_job", R"sql(
  SELECT operation_id
  FROM core.operation
  WHERE payer_id = $1 AND job = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kInsertOperation{"core_insert_operation", R"sql(
  INSERT INTO core.operation (payer_id, operation_id, method, target, job, user_id, is_service,
    request, state, phase, items_done, items_total, attempts, not_before, cancel_requested,
    created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', 0, 0, 0, $9, FALSE, $9)
  ON CONFLICT (payer_id, job) WHERE ended_at IS NULL DO NOTHING
)sql"};

constexpr pg::Query kFindOperation{"core_find_operation", R"sql(
  SELECT operation_id, method, target, job, user_id, is_service, request, state, phase, items_done,
    items_total, attempts, cancel_requested, created_at, ended_at, result
  FROM core.operation
  WHERE payer_id = $1 AND operation_id = $2
)sql"};

constexpr pg::Query kLockOperation{"core_lock_operation", R"sql(
  SELECT operation_id, method, target, job, user_id, is_service, request, state, phase, items_done,
    items_total, attempts, cancel_requested, created_at, ended_at, result
  FROM core.operation
  WHERE payer_id = $1 AND operation_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kLockFreeOperation{"core_lock_free_operation", R"sql(
  SELECT operation_id, method, target, job, user_id, is_service, request, state, phase, items_done,
    items_total, attempts, cancel_requested, created_at, ended_at, result
  FROM core.operation
  WHERE payer_id = $1 AND operation_id = $2
  FOR UPDATE SKIP LOCKED
)sql"};

constexpr pg::Query kLoadDue{"core_load_due_operations", R"sql(
  SELECT o.operation_id
  FROM core.operation AS o
  LEFT JOIN core.lease AS l ON l.payer_id = o.payer_id AND l.name = o.job
  WHERE o.payer_id = $1 AND o.ended_at IS NULL AND o.method = ANY ($2) AND o.not_before <= $3
    AND (l.expires_at IS NULL OR l.expires_at <= $3)
  ORDER BY o.operation_id
  LIMIT $4
)sql"};

constexpr pg::Query kSetProgress{"core_set_operation_progress", R"sql(
  UPDATE core.operation
  SET phase = $3, items_done = $4, items_total = $5
  WHERE payer_id = $1 AND operation_id = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kSetState{"core_set_operation_state", R"sql(
  UPDATE core.operation
  SET state = $3, phase = $4, items_done = $5, items_total = $6, attempts = $7, not_before = $8
  WHERE payer_id = $1 AND operation_id = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kSetCancelRequested{"core_set_operation_cancel", R"sql(
  UPDATE core.operation
  SET cancel_requested = TRUE
  WHERE payer_id = $1 AND operation_id = $2 AND ended_at IS NULL
)sql"};

constexpr pg::Query kSetEnded{"core_set_operation_ended", R"sql(
  UPDATE core.operation
  SET state = $3, ended_at = $4, result = $5
  WHERE payer_id = $1 AND operation_id = $2 AND ended_at IS NULL
)sql"};

const std::array kFields = {
    ListField{.name = "method", .type = FieldType::kText, .column = "r.method"},
    ListField{.name = "target", .type = FieldType::kText, .column = "r.target"},
    ListField{.name = "done", .type = FieldType::kBoolean, .column = "(r.ended_at IS NOT NULL)"},
    ListField{.name = "start_time",
              .type = FieldType::kInstant,
              .column = "r.created_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.operation_id",
              .prefix = OperationTag::kPrefix,
              .sortable = true},
};

constexpr char kListSql[] = R"sql(
  SELECT r.operation_id, r.method, r.target, r.job, r.user_id, r.is_service, r.request, r.state,
    r.phase, r.items_done, r.items_total, r.attempts, r.cancel_requested, r.created_at, r.ended_at,
    r.result
  FROM core.operation AS r
  WHERE r.payer_id = $1 AND r.method = ANY ($2))sql";

std::string Text(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Operation OperationOf(const pg::Row& row) {
  Operation operation{.id = row.Get<OperationId>(0),
                      .method = row.Get<std::string>(1),
                      .target = row.Get<std::string>(2),
                      .job = row.Get<std::string>(3),
                      .actor = {row.Get<UserId>(4), !row.Get<bool>(5)},
                      .request = Text(row.Get<ByteView>(6)),
                      .state = static_cast<OperationState>(row.Get<std::int16_t>(7)),
                      .phase = row.Get<std::string>(8),
                      .items_done = row.Get<std::int64_t>(9),
                      .items_total = row.Get<std::int64_t>(10),
                      .attempts = row.Get<std::int32_t>(11),
                      .cancel_requested = row.Get<bool>(12),
                      .created_at = row.Get<Instant>(13),
                      .ended_at = row.Get<std::optional<Instant>>(14),
                      .result = {}};
  if (operation.HasEnded()) operation.result = Text(row.Get<ByteView>(15));
  return operation;
}

std::optional<Operation> OneOf(const pg::Result& rows) {
  return rows.Empty() ? std::nullopt : std::optional(OperationOf(rows[0]));
}

}  // namespace

std::optional<OperationId> FindOperationOfJob(pg::Transaction& tx, PayerId payer,
                                              const std::string& job) {
  return tx.Query(kFindOperationOfJob, payer, job).OneOrNone<OperationId>();
}

bool InsertOperation(pg::Transaction& tx, PayerId payer, const Operation& operation) {
  return tx.Execute(kInsertOperation, payer, operation.id, operation.method, operation.target,
                    operation.job, operation.actor.user, !operation.actor.human,
                    AsBytes(operation.request), operation.created_at) == 1;
}

std::optional<Operation> FindOperation(pg::Transaction& tx, PayerId payer, OperationId id) {
  return OneOf(tx.Query(kFindOperation, payer, id));
}

std::optional<Operation> LockOperation(pg::Transaction& tx, PayerId payer, OperationId id) {
  return OneOf(tx.Query(kLockOperation, payer, id));
}

std::optional<Operation> LockFreeOperation(pg::Transaction& tx, PayerId payer, OperationId id) {
  return OneOf(tx.Query(kLockFreeOperation, payer, id));
}

std::vector<OperationId> LoadDueOperations(pg::Transaction& tx, PayerId payer,
                                           std::span<const std::string> methods, Instant now,
                                           std::int32_t most) {
  return tx.Query(kLoadDue, payer, methods, now, static_cast<std::int64_t>(most))
      .All<OperationId>();
}

void SetProgress(pg::Transaction& tx, PayerId payer, const Operation& operation) {
  tx.Execute(kSetProgress, payer, operation.id, operation.phase, operation.items_done,
             operation.items_total);
}

void SetWaitingOrRunning(pg::Transaction& tx, PayerId payer, const Operation& operation,
                         Instant not_before) {
  tx.Execute(kSetState, payer, operation.id, static_cast<std::int16_t>(operation.state),
             operation.phase, operation.items_done, operation.items_total, operation.attempts,
             not_before);
}

void SetCancelRequested(pg::Transaction& tx, PayerId payer, OperationId id) {
  tx.Execute(kSetCancelRequested, payer, id);
}

void SetEnded(pg::Transaction& tx, PayerId payer, const Operation& operation) {
  tx.Execute(kSetEnded, payer, operation.id, static_cast<std::int16_t>(operation.state),
             operation.ended_at.value(), AsBytes(operation.result));
}

std::span<const ListField> OperationFields() { return kFields; }

OperationPage LoadOperationPage(pg::Transaction& tx, PayerId payer,
                                std::span<const std::string> methods, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kListSql, {pg::Encode(payer), pg::Encode(methods)});
  OperationPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.operations.push_back(OperationOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Operation& last = loaded.operations.back();
    if (field == "start_time") return last.created_at;
    return last.id.Value();
  });
  return loaded;
}

}  // namespace sluice::api
