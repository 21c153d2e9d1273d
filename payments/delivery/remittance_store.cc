#include "payments/delivery/remittance_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertDrop{"payments_insert_remittance_drop", R"sql(
  INSERT INTO payments.remittance_drop (payer_id, payee_id, drop_no, server, directory,
    receiver_qualifier, receiver_id, ended, reason, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (payer_id, payee_id, drop_no) DO NOTHING
)sql"};

constexpr pg::Query kLoadDrops{"payments_load_remittance_drops", R"sql(
  SELECT payee_id, drop_no, server, directory, receiver_qualifier, receiver_id, ended, reason,
    recorded_by, recorded_at
  FROM payments.remittance_drop
  WHERE payer_id = $1 AND payee_id = $2
  ORDER BY drop_no
)sql"};

constexpr pg::Query kLoadCurrentDrops{"payments_load_current_remittance_drops", R"sql(
  SELECT DISTINCT ON (payee_id) payee_id, drop_no, server, directory, receiver_qualifier,
    receiver_id, ended, reason, recorded_by, recorded_at
  FROM payments.remittance_drop
  WHERE payer_id = $1 AND payee_id = ANY ($2::bigint[])
  ORDER BY payee_id, drop_no DESC
)sql"};

constexpr pg::Query kInsertAddresses{"payments_insert_file_addresses", R"sql(
  INSERT INTO payments.file_address (book_id, file_id, way, receiver_qualifier, receiver_id, server,
    directory)
  SELECT $1, u.file, u.way, u.qualifier, u.receiver, u.server, u.directory
  FROM unnest ($2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS u (file, way, qualifier, receiver, server, directory)
)sql"};

constexpr pg::Query kInsertQueue{"payments_insert_remittance_queue", R"sql(
  INSERT INTO payments.remittance_queue (book_id, disbursement_id, run_id, payee_id, way, note,
    state, recorded_at)
  SELECT $1, u.payment, u.run, u.payee, u.way, u.note, 0, $2
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::text[])
    AS u (payment, run, payee, way, note)
)sql"};

// Not those that were voided (7) or refused (6) before they left.
constexpr pg::Query kLoadQueue{"payments_load_remittance_queue", R"sql(
  SELECT q.disbursement_id, q.run_id, q.payee_id, q.way, q.note, p.name, d.payment_key,
    d.amount_cents, d.effective_date, q.state, q.delivered_on, COALESCE(q.how, '')
  FROM payments.remittance_queue AS q
  JOIN payments.disbursement AS d
    ON d.book_id = q.book_id AND d.disbursement_id = q.disbursement_id
  JOIN payments.payee AS p ON p.payee_id = q.payee_id
  WHERE q.book_id = $1 AND (q.state = 0 OR $2) AND d.state NOT IN (6, 7)
  ORDER BY d.effective_date, d.payment_key
)sql"};

constexpr pg::Query kLockQueued{"payments_lock_queued_remittance", R"sql(
  SELECT q.disbursement_id, q.run_id, q.payee_id, q.way, q.note, p.name, d.payment_key,
    d.amount_cents, d.effective_date, q.state, q.delivered_on, COALESCE(q.how, '')
  FROM payments.remittance_queue AS q
  JOIN payments.disbursement AS d
    ON d.book_id = q.book_id AND d.disbursement_id = q.disbursement_id
  JOIN payments.payee AS p ON p.payee_id = q.payee_id
  WHERE q.book_id = $1 AND d.payment_key = $2 AND d.state NOT IN (6, 7)
  FOR UPDATE OF q
)sql"};

constexpr pg::Query kSetDelivered{"payments_set_remittance_delivered", R"sql(
  UPDATE payments.remittance_queue
  SET state = 1, delivered_on = $3, how = $4, done_by = $5, done_at = $6
  WHERE book_id = $1 AND disbursement_id = $2 AND state = 0
)sql"};

// 835: kind 2; DELIVERED: state 3 of a file, VOIDED: state 7; by ACH: rail 1. A file may be
// DELIVERED once more after two people declared that it was not: what they declared is in its
// events, and the last delivery counts.
constexpr pg::Query kLoadTimes{"payments_load_remittance_times", R"sql(
  SELECT d.payment_key, d.payee_id, p.name, d.amount_cents, d.effective_date,
    COALESCE(q.way, a.way, 0::smallint), COALESCE(f.name, ''),
    CASE WHEN q.disbursement_id IS NOT NULL THEN q.delivered_on
      ELSE (SELECT (max(e.recorded_at) AT TIME ZONE 'UTC')::date
            FROM payments.payment_file_event AS e
            WHERE e.book_id = f.book_id AND e.file_id = f.file_id AND e.state = 3) END
  FROM payments.disbursement AS d
  JOIN payments.payee AS p ON p.payee_id = d.payee_id
  LEFT JOIN (payments.remittance AS r
    JOIN payments.payment_file AS f
      ON f.book_id = r.book_id AND f.file_id = r.file_id AND f.kind = 2
        AND f.state <> 7)
    ON r.book_id = d.book_id AND r.disbursement_id = d.disbursement_id
  LEFT JOIN payments.file_address AS a ON a.book_id = f.book_id AND a.file_id = f.file_id
  LEFT JOIN payments.remittance_queue AS q
    ON q.book_id = d.book_id AND q.disbursement_id = d.disbursement_id
  WHERE d.book_id = $1 AND d.run_id = $2 AND d.rail = 1 AND d.state NOT IN (6, 7)
    AND (f.file_id IS NOT NULL OR q.disbursement_id IS NOT NULL)
  ORDER BY d.payment_key
)sql"};

RemittanceDrop DropOf(const pg::Row& row) {
  return {.payee = row.Get<PayeeId>(0),
          .number = row.Get<std::int32_t>(1),
          .to = {.way = RemittanceDelivery::kSftp,
                 .receiver_qualifier = row.Get<std::string>(4),
                 .receiver_id = row.Get<std::string>(5),
                 .server = row.Get<std::string>(2),
                 .directory = row.Get<std::string>(3)},
          .ended = row.Get<bool>(6),
          .reason = row.Get<std::string>(7),
          .recorded_by = row.Get<UserId>(8),
          .recorded_at = row.Get<Instant>(9)};
}

QueuedRemittance QueuedOf(const pg::Row& row) {
  return {.disbursement = row.Get<DisbursementId>(0),
          .run = row.Get<RunId>(1),
          .payee = row.Get<PayeeId>(2),
          .errand = {.way = static_cast<RemittanceDelivery>(row.Get<std::int16_t>(3)),
                     .note = row.Get<std::string>(4)},
          .payee_name = row.Get<std::string>(5),
          .payment_key = row.Get<std::string>(6),
          .amount = row.Get<Money>(7),
          .effective_date = row.Get<Date>(8),
          .delivered = row.Get<std::int16_t>(9) == 1,
          .delivered_on = row.Get<std::optional<Date>>(10),
          .how = row.Get<std::string>(11)};
}

}  // namespace

Status InsertDrop(pg::Transaction& tx, PayerId payer, const RemittanceDrop& drop) {
  if (tx.Execute(kInsertDrop, payer, drop.payee, drop.number, drop.to.server, drop.to.directory,
                 drop.to.receiver_qualifier, drop.to.receiver_id, drop.ended, drop.reason,
                 drop.recorded_by, drop.recorded_at) == 1) {
    return OkStatus();
  }
  return AlreadyExists("the drop of payee {} was changed by somebody else meanwhile: look again",
                       drop.payee);
}

std::vector<RemittanceDrop> LoadDrops(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  const pg::Result result = tx.Query(kLoadDrops, payer, payee);
  std::vector<RemittanceDrop> drops;
  for (int i = 0; i < result.Size(); ++i) drops.push_back(DropOf(result[i]));
  return drops;
}

RemittanceDrops LoadCurrentDrops(pg::Transaction& tx, PayerId payer,
                                 std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadCurrentDrops, payer, payees);
  RemittanceDrops drops;
  for (int i = 0; i < result.Size(); ++i) {
    RemittanceDrop drop = DropOf(result[i]);
    if (!drop.ended) drops.emplace(drop.payee, std::move(drop.to));
  }
  return drops;
}

void InsertFileAddresses(pg::Transaction& tx, BookId book, std::span<const PaymentFile> files) {
  std::vector<PaymentFileId> ids;
  std::vector<RemittanceAddress> addresses;
  for (const PaymentFile& file : files) {
    if (!file.to) continue;
    ids.push_back(file.id);
    addresses.push_back(*file.to);
  }
  if (ids.empty()) return;
  tx.Execute(kInsertAddresses, book, ids,
             Pluck(addresses, [](const RemittanceAddress& to) { return Stored(to.way); }),
             Pluck(addresses, &RemittanceAddress::receiver_qualifier),
             Pluck(addresses, &RemittanceAddress::receiver_id),
             Pluck(addresses, &RemittanceAddress::server),
             Pluck(addresses, &RemittanceAddress::directory));
}

void InsertQueue(pg::Transaction& tx, BookId book, std::span<const QueuedRemittance> rows,
                 Instant at) {
  if (rows.empty()) return;
  tx.Execute(kInsertQueue, book, at, Pluck(rows, &QueuedRemittance::disbursement),
             Pluck(rows, &QueuedRemittance::run), Pluck(rows, &QueuedRemittance::payee),
             Pluck(rows, [](const QueuedRemittance& row) { return Stored(row.errand.way); }),
             Pluck(rows, [](const QueuedRemittance& row) { return row.errand.note; }));
}

std::vector<QueuedRemittance> LoadQueue(pg::Transaction& tx, BookId book, bool all) {
  const pg::Result result = tx.Query(kLoadQueue, book, all);
  std::vector<QueuedRemittance> rows;
  for (int i = 0; i < result.Size(); ++i) rows.push_back(QueuedOf(result[i]));
  return rows;
}

std::optional<QueuedRemittance> LockQueued(pg::Transaction& tx, BookId book,
                                           const std::string& payment_key) {
  const pg::Result result = tx.Query(kLockQueued, book, payment_key);
  if (result.Empty()) return std::nullopt;
  return QueuedOf(result[0]);
}

bool SetDelivered(pg::Transaction& tx, BookId book, const BroughtRemittance& brought,
                  const Recorded& recorded) {
  return tx.Execute(kSetDelivered, book, brought.disbursement, brought.on, brought.how, recorded.by,
                    recorded.at) == 1;
}

std::vector<RemittanceTime> LoadRemittanceTimes(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kLoadTimes, book, run);
  std::vector<RemittanceTime> times;
  times.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    times.push_back({.payment_key = row.Get<std::string>(0),
                     .payee = row.Get<PayeeId>(1),
                     .payee_name = row.Get<std::string>(2),
                     .amount = row.Get<Money>(3),
                     .effective_date = row.Get<Date>(4),
                     .way = static_cast<RemittanceDelivery>(row.Get<std::int16_t>(5)),
                     .file = row.Get<std::string>(6),
                     .delivered_on = row.Get<std::optional<Date>>(7)});
  }
  return times;
}

}  // namespace sluice::payments
