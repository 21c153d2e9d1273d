#include "payments/disbursement_store.h"

#include "core/check.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

// 5 settled.
constexpr pg::Query kLoadLastPaid{"payments_load_last_paid", R"sql(
  SELECT payee_id, max(recorded_at)
  FROM payments.disbursement
  WHERE book_id = $1 AND payee_id = ANY ($2::bigint[]) AND state = 5
  GROUP BY payee_id
)sql"};

constexpr pg::Query kInsertDisbursements{"payments_insert_disbursements", R"sql(
  INSERT INTO payments.disbursement (book_id, disbursement_id, run_id, payee_id, rail, account_id,
    account_version, payment_key, amount_cents, effective_date, file_id, state, recorded_at)
  SELECT $1, u.id, u.run, u.payee, u.rail, u.account, u.version, u.key, u.cents, u.effective,
    u.file, u.state, $2
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::bigint[], $8::int[],
    $9::text[], $10::bigint[], $11::date[], $12::bigint[], $13::smallint[])
    AS u (id, run, payee, rail, account, version, key, cents, effective, file, state)
)sql"};

constexpr pg::Query kLoadDisbursementsById{"payments_load_disbursements_by_id", R"sql(
  SELECT disbursement_id, run_id, payee_id, rail, account_id, account_version, payment_key,
    amount_cents, effective_date, file_id, state
  FROM payments.disbursement
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[])
  ORDER BY disbursement_id
)sql"};

constexpr pg::Query kLoadDisbursements{"payments_load_disbursements", R"sql(
  SELECT disbursement_id, run_id, payee_id, rail, account_id, account_version, payment_key,
    amount_cents, effective_date, file_id, state
  FROM payments.disbursement
  WHERE book_id = $1 AND run_id = $2
  ORDER BY payee_id
)sql"};

// Not a join: in a book that the server has no statistics of yet it would read every payment of
// the book again for each payment of the file.
constexpr pg::Query kLoadOfFile{"payments_load_disbursements_of_file", R"sql(
  SELECT disbursement_id, run_id, payee_id, rail, account_id, account_version, payment_key,
    amount_cents, effective_date, file_id, state
  FROM payments.disbursement
  WHERE book_id = $1
    AND disbursement_id = ANY (ARRAY(
      SELECT r.disbursement_id
      FROM payments.remittance AS r
      WHERE r.book_id = $1 AND r.file_id = $2))
  ORDER BY payee_id
)sql"};

constexpr pg::Query kCountRunRows{"payments_count_run_rows", R"sql(
  SELECT payments.count_run_rows()
)sql"};

constexpr pg::Query kMoveDisbursements{"payments_move_disbursements", R"sql(
  UPDATE payments.disbursement AS d
  SET state = u.next
  FROM unnest ($2::bigint[], $3::smallint[], $4::smallint[]) AS u (id, state, next)
  WHERE d.book_id = $1 AND d.disbursement_id = u.id AND d.state = u.state
)sql"};

constexpr pg::Query kInsertClaims{"payments_insert_claims", R"sql(
  INSERT INTO payments.obligation_claim (book_id, obligation_id, attempt_no, disbursement_id, live)
  SELECT $1, u.obligation,
    (SELECT COALESCE(max(c.attempt_no), 0) + 1 FROM payments.obligation_claim AS c
     WHERE c.book_id = $1 AND c.obligation_id = u.obligation),
    u.disbursement, true
  FROM unnest ($2::bigint[], $3::bigint[]) AS u (obligation, disbursement)
)sql"};

constexpr pg::Query kLoadClaims{"payments_load_live_claims", R"sql(
  SELECT obligation_id, disbursement_id, attempt_no
  FROM payments.obligation_claim
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[]) AND live
  ORDER BY obligation_id
)sql"};

constexpr pg::Query kEndClaims{"payments_end_claims", R"sql(
  UPDATE payments.obligation_claim
  SET live = false
  WHERE book_id = $1 AND disbursement_id = ANY ($2::bigint[]) AND live
)sql"};

constexpr pg::Query kReviveClaims{"payments_revive_claims", R"sql(
  UPDATE payments.obligation_claim
  SET live = true
  WHERE book_id = $1 AND disbursement_id = $2 AND NOT live
)sql"};

constexpr pg::Query kInsertFiles{"payments_insert_files", R"sql(
  INSERT INTO payments.payment_file (book_id, file_id, run_id, kind, file_no, name, created_at,
    modifier, first_trace, control_number, entry_count, total_cents, state)
  SELECT $1, u.id, u.run, u.kind, u.number, u.name, u.created, u.modifier, u.trace, u.control,
    u.entries, u.cents, 0
  FROM unnest ($2::bigint[], $3::bigint[], $4::smallint[], $5::int[], $6::text[],
    $7::timestamptz[], $8::smallint[], $9::bigint[], $10::bigint[], $11::int[], $12::bigint[])
    AS u (id, run, kind, number, name, created, modifier, trace, control, entries, cents)
)sql"};

constexpr pg::Query kInsertFileEvents{"payments_insert_file_events", R"sql(
  INSERT INTO payments.payment_file_event (book_id, file_id, event_no, state, actor_id, reason,
    recorded_at)
  SELECT $1, u.id,
    (SELECT COALESCE(max(e.event_no), 0) + 1 FROM payments.payment_file_event AS e
     WHERE e.book_id = $1 AND e.file_id = u.id),
    $3, $4, $5, $6
  FROM unnest ($2::bigint[]) AS u (id)
)sql"};

constexpr pg::Query kLoadFiles{"payments_load_files", R"sql(
  SELECT f.file_id, f.run_id, f.kind, f.file_no, f.name, f.created_at, f.modifier, f.first_trace,
    f.control_number, f.entry_count, f.total_cents, f.state, a.way, a.receiver_qualifier,
    a.receiver_id, a.server, a.directory
  FROM payments.payment_file AS f
  LEFT JOIN payments.file_address AS a ON a.book_id = f.book_id AND a.file_id = f.file_id
  WHERE f.book_id = $1 AND f.run_id = $2
  ORDER BY f.kind, f.file_no
)sql"};

constexpr pg::Query kLockFile{"payments_lock_file", R"sql(
  SELECT f.file_id, f.run_id, f.kind, f.file_no, f.name, f.created_at, f.modifier, f.first_trace,
    f.control_number, f.entry_count, f.total_cents, f.state, a.way, a.receiver_qualifier,
    a.receiver_id, a.server, a.directory
  FROM payments.payment_file AS f
  LEFT JOIN payments.file_address AS a ON a.book_id = f.book_id AND a.file_id = f.file_id
  WHERE f.book_id = $1 AND f.file_id = $2
  FOR UPDATE OF f
)sql"};

constexpr pg::Query kMoveFile{"payments_move_file", R"sql(
  UPDATE payments.payment_file
  SET state = $4
  WHERE book_id = $1 AND file_id = $2 AND state = $3
)sql"};

constexpr pg::Query kInsertRemittances{"payments_insert_remittances", R"sql(
  INSERT INTO payments.remittance (book_id, disbursement_id, file_id, bpr_cents)
  SELECT $1, u.disbursement, u.file, u.cents
  FROM unnest ($2::bigint[], $3::bigint[], $4::bigint[]) AS u (disbursement, file, cents)
)sql"};

constexpr pg::Query kInsertEntries{"payments_insert_file_entries", R"sql(
  INSERT INTO payments.file_entry (book_id, file_id, odfi, disbursement_id, batch_number, trace,
    amount_cents)
  SELECT $1, $2, $3, u.disbursement, u.batch, u.trace, u.cents
  FROM unnest ($4::bigint[], $5::int[], $6::bigint[], $7::bigint[])
    AS u (disbursement, batch, trace, cents)
)sql"};

// LATERAL: one look by key for each payment, whatever the planner knows of a new file.
constexpr pg::Query kLoadTraces{"payments_load_trace_numbers", R"sql(
  SELECT u.disbursement, e.odfi || lpad(e.trace::text, 7, '0')
  FROM unnest ($2::bigint[], $3::bigint[]) AS u (file, disbursement)
  CROSS JOIN LATERAL (
    SELECT f.odfi, f.trace
    FROM payments.file_entry AS f
    WHERE f.book_id = $1 AND f.file_id = u.file AND f.disbursement_id = u.disbursement
    OFFSET 0
  ) AS e
  WHERE e.odfi IS NOT NULL
)sql"};

constexpr pg::Query kInsertContent{"payments_insert_file_content", R"sql(
  INSERT INTO payments.payment_file_content (book_id, file_id, size_bytes, sha256, entry_count,
    total_cents, key_id, nonce, ciphertext, tag, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kFindContent{"payments_find_file_content", R"sql(
  SELECT size_bytes, sha256, entry_count, total_cents, key_id, nonce, ciphertext, tag
  FROM payments.payment_file_content
  WHERE book_id = $1 AND file_id = $2
)sql"};

constexpr pg::Query kFindRange{"payments_find_number_range", R"sql(
  SELECT scope, first_number, count
  FROM payments.number_range
  WHERE kind = $1 AND book_id = $2 AND file_id = $3
)sql"};

constexpr pg::Query kEnsureCounter{"payments_ensure_number_counter", R"sql(
  INSERT INTO payments.number_counter (kind, scope, next_number)
  VALUES ($1, $2, $3)
  ON CONFLICT (kind, scope) DO NOTHING
)sql"};

constexpr pg::Query kTakeNumbers{"payments_take_numbers", R"sql(
  UPDATE payments.number_counter
  SET next_number = next_number + $3
  WHERE kind = $1 AND scope = $2 AND next_number <= $4 - $3
  RETURNING next_number - $3
)sql"};

constexpr pg::Query kInsertRange{"payments_insert_number_range", R"sql(
  INSERT INTO payments.number_range (kind, scope, first_number, count, book_id, file_id)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kInsertBatch{"payments_insert_run_batch", R"sql(
  INSERT INTO payments.run_batch (book_id, run_id, batch_no, recorded_at)
  VALUES ($1, $2, $3, $4)
)sql"};

constexpr pg::Query kLoadBatches{"payments_load_posted_batches", R"sql(
  SELECT batch_no
  FROM payments.run_batch
  WHERE book_id = $1 AND run_id = $2
  ORDER BY batch_no
)sql"};

constexpr pg::Query kTakeFence{"payments_take_fence", R"sql(
  UPDATE payments.run
  SET fence = fence + 1
  WHERE book_id = $1 AND run_id = $2 AND version = $3 AND fence = $4
)sql"};

std::optional<RemittanceAddress> AddressIn(const pg::Row& row) {
  const auto way = row.Get<std::optional<std::int16_t>>(12);
  if (!way) return std::nullopt;
  return RemittanceAddress{.way = static_cast<RemittanceDelivery>(*way),
                           .receiver_qualifier = row.Get<std::string>(13),
                           .receiver_id = row.Get<std::string>(14),
                           .server = row.Get<std::string>(15),
                           .directory = row.Get<std::string>(16)};
}

PaymentFile FileOf(const pg::Row& row) {
  return PaymentFile{.id = row.Get<PaymentFileId>(0),
                     .run = row.Get<RunId>(1),
                     .kind = static_cast<FileKind>(row.Get<std::int16_t>(2)),
                     .file_no = row.Get<std::int32_t>(3),
                     .name = row.Get<std::string>(4),
                     .created_at = row.Get<Instant>(5),
                     .modifier = row.Get<std::int16_t>(6),
                     .first_trace = row.Get<std::int64_t>(7),
                     .control_number = row.Get<std::int64_t>(8),
                     .entry_count = row.Get<std::int32_t>(9),
                     .total = row.Get<Money>(10),
                     .state = static_cast<FileState>(row.Get<std::int16_t>(11)),
                     .to = AddressIn(row)};
}

void InsertFileEvents(pg::Transaction& tx, BookId book, const std::vector<PaymentFileId>& files,
                      FileState state, const std::string& reason, const Recorded& recorded) {
  tx.Execute(kInsertFileEvents, book, files, Stored(state), recorded.by, reason, recorded.at);
}

}  // namespace

std::vector<Disbursement> DisbursementsOf(const pg::Result& result) {
  std::vector<Disbursement> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.id = row.Get<DisbursementId>(0),
                    .run = row.Get<RunId>(1),
                    .payee = row.Get<PayeeId>(2),
                    .rail = static_cast<Rail>(row.Get<std::int16_t>(3)),
                    .account = row.Get<BankAccountId>(4),
                    .account_version = row.Get<std::int32_t>(5),
                    .payment_key = row.Get<std::string>(6),
                    .amount = row.Get<Money>(7),
                    .effective_date = row.Get<Date>(8),
                    .file = row.Get<std::optional<PaymentFileId>>(9),
                    .state = static_cast<DisbursementState>(row.Get<std::int16_t>(10))});
  }
  return rows;
}

std::map<PayeeId, Instant> LoadLastPaid(pg::Transaction& tx, BookId book,
                                        std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadLastPaid, book, payees);
  std::map<PayeeId, Instant> paid;
  for (int i = 0; i < result.Size(); ++i) {
    paid.emplace(result[i].Get<PayeeId>(0), result[i].Get<Instant>(1));
  }
  return paid;
}

void InsertDisbursements(pg::Transaction& tx, std::span<const Disbursement> rows, BookId book,
                         Instant at) {
  tx.Execute(kInsertDisbursements, book, at, Pluck(rows, &Disbursement::id),
             Pluck(rows, &Disbursement::run), Pluck(rows, &Disbursement::payee),
             Pluck(rows, [](const Disbursement& row) { return Stored(row.rail); }),
             Pluck(rows, &Disbursement::account), Pluck(rows, &Disbursement::account_version),
             Pluck(rows, &Disbursement::payment_key), Pluck(rows, &Disbursement::amount),
             Pluck(rows, &Disbursement::effective_date), Pluck(rows, &Disbursement::file),
             Pluck(rows, [](const Disbursement& row) { return Stored(row.state); }));
}

std::vector<Disbursement> LoadDisbursements(pg::Transaction& tx, BookId book, RunId run) {
  return DisbursementsOf(tx.Query(kLoadDisbursements, book, run));
}

std::vector<Disbursement> LoadDisbursementsById(pg::Transaction& tx, BookId book,
                                                std::span<const DisbursementId> ids) {
  return DisbursementsOf(tx.Query(kLoadDisbursementsById, book, ids));
}

std::vector<Disbursement> LoadDisbursementsOfFile(pg::Transaction& tx, BookId book,
                                                  PaymentFileId file) {
  return DisbursementsOf(tx.Query(kLoadOfFile, book, file));
}

Status MoveDisbursements(pg::Transaction& tx, BookId book,
                         std::span<const DisbursementMove> moves) {
  if (moves.empty()) return OkStatus();
  const std::int64_t rows =
      tx.Execute(kMoveDisbursements, book, Pluck(moves, &DisbursementMove::id),
                 Pluck(moves, [](const DisbursementMove& move) { return Stored(move.from); }),
                 Pluck(moves, [](const DisbursementMove& move) { return Stored(move.to); }));
  if (rows != static_cast<std::int64_t>(moves.size())) {
    return FailedPrecondition("{} of {} disbursements are in another state than expected",
                              static_cast<std::int64_t>(moves.size()) - rows, moves.size());
  }
  return OkStatus();
}

void InsertClaims(pg::Transaction& tx, BookId book, std::span<const Claim> claims) {
  tx.Execute(kInsertClaims, book, Pluck(claims, &Claim::obligation),
             Pluck(claims, &Claim::disbursement));
}

std::vector<Claim> LoadLiveClaims(pg::Transaction& tx, BookId book,
                                  std::span<const DisbursementId> disbursements) {
  const pg::Result result = tx.Query(kLoadClaims, book, disbursements);
  std::vector<Claim> claims;
  claims.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    claims.push_back({result[i].Get<ObligationId>(0), result[i].Get<DisbursementId>(1),
                      result[i].Get<std::int32_t>(2)});
  }
  return claims;
}

void EndClaims(pg::Transaction& tx, BookId book, std::span<const DisbursementId> disbursements) {
  tx.Execute(kEndClaims, book, disbursements);
}

void ReviveClaims(pg::Transaction& tx, BookId book, DisbursementId disbursement) {
  tx.Execute(kReviveClaims, book, disbursement);
}

void InsertFiles(pg::Transaction& tx, std::span<const PaymentFile> files, BookId book,
                 const Recorded& recorded) {
  const auto ids = Pluck(files, &PaymentFile::id);
  tx.Execute(kInsertFiles, book, ids, Pluck(files, &PaymentFile::run),
             Pluck(files, [](const PaymentFile& file) { return Stored(file.kind); }),
             Pluck(files, &PaymentFile::file_no), Pluck(files, &PaymentFile::name),
             Pluck(files, &PaymentFile::created_at), Pluck(files, &PaymentFile::modifier),
             Pluck(files, &PaymentFile::first_trace), Pluck(files, &PaymentFile::control_number),
             Pluck(files, &PaymentFile::entry_count), Pluck(files, &PaymentFile::total));
  InsertFileEvents(tx, book, ids, FileState::kBuilding, "planned", recorded);
}

std::vector<PaymentFile> LoadFiles(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kLoadFiles, book, run);
  std::vector<PaymentFile> files;
  for (int i = 0; i < result.Size(); ++i) files.push_back(FileOf(result[i]));
  return files;
}

std::optional<PaymentFile> LockFile(pg::Transaction& tx, BookId book, PaymentFileId file) {
  const pg::Result result = tx.Query(kLockFile, book, file);
  if (result.Empty()) return std::nullopt;
  return FileOf(result[0]);
}

Status MoveFile(pg::Transaction& tx, BookId book, PaymentFile& file, FileState to,
                const std::string& reason, const Recorded& recorded) {
  if (tx.Execute(kMoveFile, book, file.id, Stored(file.state), Stored(to)) != 1) {
    return FailedPrecondition("file {} is no longer {}", file.name, FileStateName(file.state));
  }
  InsertFileEvents(tx, book, {file.id}, to, reason, recorded);
  file.state = to;
  return OkStatus();
}

void CountRunRows(pg::Transaction& tx) { tx.Execute(kCountRunRows); }

void InsertRemittances(pg::Transaction& tx, BookId book, std::span<const RemittanceRow> rows) {
  tx.Execute(kInsertRemittances, book, Pluck(rows, &RemittanceRow::disbursement),
             Pluck(rows, &RemittanceRow::file), Pluck(rows, &RemittanceRow::amount));
}

void InsertFileEntries(pg::Transaction& tx, BookId book, PaymentFileId file,
                       const std::string& odfi, std::span<const FileEntryRow> rows) {
  tx.Execute(kInsertEntries, book, file, odfi, Pluck(rows, &FileEntryRow::disbursement),
             Pluck(rows, &FileEntryRow::batch_number), Pluck(rows, &FileEntryRow::trace),
             Pluck(rows, &FileEntryRow::amount));
}

std::map<DisbursementId, std::string> LoadTraceNumbers(pg::Transaction& tx, BookId book,
                                                       std::span<const Disbursement> payments) {
  std::vector<std::int64_t> files, ids;
  for (const Disbursement& row : payments) {
    if (row.rail != Rail::kAch || !row.file) continue;
    files.push_back(row.file->Value());
    ids.push_back(row.id.Value());
  }
  std::map<DisbursementId, std::string> traces;
  if (ids.empty()) return traces;
  const pg::Result result = tx.Query(kLoadTraces, book, files, ids);
  for (int i = 0; i < result.Size(); ++i) {
    traces.emplace(result[i].Get<DisbursementId>(0), result[i].Get<std::string>(1));
  }
  return traces;
}

void InsertFileContent(pg::Transaction& tx, BookId book, PaymentFileId file,
                       const FileContent& content, Instant at) {
  tx.Execute(kInsertContent, book, file, content.size, content.sha256,
             static_cast<std::int32_t>(content.entry_count), content.total, content.sealed.key_id,
             content.sealed.nonce, content.sealed.ciphertext, content.sealed.tag, at);
}

std::optional<FileContent> FindFileContent(pg::Transaction& tx, BookId book, PaymentFileId file) {
  const pg::Result result = tx.Query(kFindContent, book, file);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return FileContent{.size = row.Get<std::int64_t>(0),
                     .sha256 = row.Get<Digest>(1),
                     .entry_count = row.Get<std::int32_t>(2),
                     .total = row.Get<Money>(3),
                     .sealed = {.key_id = row.Get<std::int64_t>(4),
                                .nonce = row.Get<Bytes>(5),
                                .ciphertext = row.Get<Bytes>(6),
                                .tag = row.Get<Bytes>(7)}};
}

std::optional<NumberRange> FindNumberRange(pg::Transaction& tx, const std::string& kind,
                                           BookId book, PaymentFileId file) {
  const pg::Result result = tx.Query(kFindRange, kind, book, file);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return NumberRange{row.Get<std::string>(0), row.Get<std::int64_t>(1), row.Get<std::int64_t>(2)};
}

std::optional<NumberRange> TakeNumbers(pg::Transaction& tx, const NumberRequest& request,
                                       BookId book, PaymentFileId file) {
  tx.Execute(kEnsureCounter, request.kind, request.scope, request.starts_at);
  const auto first =
      tx.Query(kTakeNumbers, request.kind, request.scope, request.count, request.limit)
          .OneOrNone<std::int64_t>();
  if (!first) return std::nullopt;
  tx.Execute(kInsertRange, request.kind, request.scope, *first, request.count, book, file);
  return NumberRange{request.scope, *first, request.count};
}

void InsertRunBatch(pg::Transaction& tx, BookId book, RunId run, std::int32_t batch_no,
                    Instant at) {
  tx.Execute(kInsertBatch, book, run, batch_no, at);
}

std::vector<std::int32_t> LoadPostedBatches(pg::Transaction& tx, BookId book, RunId run) {
  return tx.Query(kLoadBatches, book, run).All<std::int32_t>();
}

Status TakeFence(pg::Transaction& tx, Run& run) {
  if (tx.Execute(kTakeFence, run.book, run.id, run.version, run.fence) != 1) {
    return Aborted("run {} was taken over by somebody else", run.id);
  }
  ++run.fence;
  return OkStatus();
}

}  // namespace sluice::payments
