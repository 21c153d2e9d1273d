#include "payments/reconciliation/line_split_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertSplit{"reconcile_insert_split", R"sql(
  INSERT INTO payments.line_split (book_id, split_id, line_id, two_people, reason, requested_by,
    requested_at, state, decision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')
)sql"};

constexpr pg::Query kInsertParts{"reconcile_insert_split_parts", R"sql(
  INSERT INTO payments.line_split_part (book_id, split_id, part_no, two_people, kind, reference,
    amount_cents)
  SELECT $1, $2, u.number, $3, u.kind, u.reference, u.cents
  FROM unnest ($4::int[], $5::smallint[], $6::text[], $7::bigint[])
    AS u (number, kind, reference, cents)
)sql"};

constexpr pg::Query kLockSplit{"reconcile_lock_split", R"sql(
  SELECT split_id, line_id, two_people, reason, requested_by, requested_at, state, decision
  FROM payments.line_split
  WHERE book_id = $1 AND split_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kFindSplit{"reconcile_find_split", R"sql(
  SELECT split_id, line_id, two_people, reason, requested_by, requested_at, state, decision
  FROM payments.line_split
  WHERE book_id = $1 AND split_id = $2
)sql"};

constexpr pg::Query kNewestSplit{"reconcile_newest_split", R"sql(
  SELECT split_id, line_id, two_people, reason, requested_by, requested_at, state, decision
  FROM payments.line_split
  WHERE book_id = $1 AND line_id = $2
  ORDER BY split_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kWaitingSplits{"reconcile_waiting_splits", R"sql(
  SELECT split_id, line_id, two_people, reason, requested_by, requested_at, state, decision
  FROM payments.line_split
  WHERE book_id = $1 AND state = 0
  ORDER BY split_id
)sql"};

constexpr pg::Query kLoadParts{"reconcile_load_split_parts", R"sql(
  SELECT kind, reference, amount_cents
  FROM payments.line_split_part
  WHERE book_id = $1 AND split_id = $2
  ORDER BY part_no
)sql"};

constexpr pg::Query kDecideSplit{"reconcile_decide_split", R"sql(
  UPDATE payments.line_split
  SET state = $3, decision = $4, decided_by = $5, decided_at = $6
  WHERE book_id = $1 AND split_id = $2 AND state = 0
)sql"};

constexpr pg::Query kInsertOwner{"reconcile_insert_line_owner", R"sql(
  INSERT INTO payments.bank_line_owner (book_id, line_id, seq_no, owner_id, note, assigned_by,
    assigned_at)
  SELECT $1, $2,
    (SELECT COALESCE(max(o.seq_no), 0) + 1 FROM payments.bank_line_owner AS o
     WHERE o.book_id = $1 AND o.line_id = $2),
    $3, $4, $5, $6
)sql"};

constexpr pg::Query kLoadOwners{"reconcile_load_line_owners", R"sql(
  SELECT DISTINCT ON (o.line_id) o.line_id, o.owner_id, o.note
  FROM payments.bank_line_owner AS o
  JOIN payments.bank_line AS l ON l.book_id = $1 AND l.line_id = o.line_id AND l.state = 0
  WHERE o.book_id = $1
  ORDER BY o.line_id, o.seq_no DESC
)sql"};

LineSplitRow SplitOf(pg::Transaction& tx, BookId book, const pg::Row& row) {
  LineSplitRow split{.id = row.Get<LineSplitId>(0),
                     .line = row.Get<BankLineId>(1),
                     .two_people = row.Get<bool>(2),
                     .reason = row.Get<std::string>(3),
                     .requested = {row.Get<UserId>(4), row.Get<Instant>(5)},
                     .state = static_cast<LineSplitState>(row.Get<std::int16_t>(6)),
                     .decision = row.Get<std::string>(7)};
  const pg::Result parts = tx.Query(kLoadParts, book, split.id);
  for (int i = 0; i < parts.Size(); ++i) {
    split.parts.push_back({.kind = static_cast<BankTargetKind>(parts[i].Get<std::int16_t>(0)),
                           .reference = parts[i].Get<std::string>(1),
                           .amount = parts[i].Get<Money>(2)});
  }
  return split;
}

}  // namespace

void InsertLineSplit(pg::Transaction& tx, BookId book, const LineSplitRow& row) {
  tx.Execute(kInsertSplit, book, row.id, row.line, row.two_people, row.reason, row.requested.by,
             row.requested.at);
  std::vector<std::int32_t> numbers;
  for (std::size_t i = 0; i < row.parts.size(); ++i) {
    numbers.push_back(static_cast<std::int32_t>(i + 1));
  }
  tx.Execute(kInsertParts, book, row.id, row.two_people, numbers,
             Pluck(row.parts, [](const SplitPart& part) { return Stored(part.kind); }),
             Pluck(row.parts, &SplitPart::reference), Pluck(row.parts, &SplitPart::amount));
}

std::optional<LineSplitRow> FindLineSplit(pg::Transaction& tx, BookId book, LineSplitId id) {
  const pg::Result result = tx.Query(kFindSplit, book, id);
  if (result.Empty()) return std::nullopt;
  return SplitOf(tx, book, result[0]);
}

std::optional<LineSplitRow> FindNewestSplit(pg::Transaction& tx, BookId book, BankLineId line) {
  const pg::Result result = tx.Query(kNewestSplit, book, line);
  if (result.Empty()) return std::nullopt;
  return SplitOf(tx, book, result[0]);
}

std::optional<LineSplitRow> LockLineSplit(pg::Transaction& tx, BookId book, LineSplitId id) {
  const pg::Result result = tx.Query(kLockSplit, book, id);
  if (result.Empty()) return std::nullopt;
  return SplitOf(tx, book, result[0]);
}

std::vector<LineSplitRow> LoadWaitingSplits(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kWaitingSplits, book);
  std::vector<LineSplitRow> splits;
  for (int i = 0; i < result.Size(); ++i) splits.push_back(SplitOf(tx, book, result[i]));
  return splits;
}

void DecideLineSplit(pg::Transaction& tx, BookId book, LineSplitId id, LineSplitState state,
                     const std::string& decision, const Recorded& recorded) {
  tx.Execute(kDecideSplit, book, id, Stored(state), decision, recorded.by, recorded.at);
}

void InsertLineOwner(pg::Transaction& tx, BookId book, BankLineId line, const LineOwner& owner,
                     const Recorded& recorded) {
  tx.Execute(kInsertOwner, book, line, owner.owner, owner.note, recorded.by, recorded.at);
}

std::map<BankLineId, LineOwner> LoadLineOwners(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadOwners, book);
  std::map<BankLineId, LineOwner> owners;
  for (int i = 0; i < result.Size(); ++i) {
    owners.emplace(result[i].Get<BankLineId>(0),
                   LineOwner{result[i].Get<UserId>(1), result[i].Get<std::string>(2)});
  }
  return owners;
}

}  // namespace sluice::payments
