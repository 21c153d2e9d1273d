#include "payments/inbound/inbound_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertFile{"inbound_insert_file", R"sql(
  INSERT INTO payments.inbound_file (book_id, file_id, fingerprint, name, kind, state, size_bytes,
    reason, received_by, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr pg::Query kInsertContent{"inbound_insert_content", R"sql(
  INSERT INTO payments.inbound_content (book_id, file_id, sha256, key_id, nonce, ciphertext, tag)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr pg::Query kInsertDelivery{"inbound_insert_delivery", R"sql(
  INSERT INTO payments.inbound_delivery (book_id, file_id, delivery_no, name, received_by,
    received_at)
  SELECT $1, $2, COALESCE(max(d.delivery_no), 0) + 1, $3, $4, $5
  FROM payments.inbound_delivery AS d
  WHERE d.book_id = $1 AND d.file_id = $2
)sql"};

constexpr pg::Query kFindFile{"inbound_find_file", R"sql(
  SELECT file_id, fingerprint, name, kind, state, size_bytes, reason, received_by, received_at
  FROM payments.inbound_file
  WHERE book_id = $1 AND file_id = $2
)sql"};

constexpr pg::Query kLockFile{"inbound_lock_file", R"sql(
  SELECT file_id, fingerprint, name, kind, state, size_bytes, reason, received_by, received_at
  FROM payments.inbound_file
  WHERE book_id = $1 AND file_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kFindByFingerprint{"inbound_find_by_fingerprint", R"sql(
  SELECT file_id, fingerprint, name, kind, state, size_bytes, reason, received_by, received_at
  FROM payments.inbound_file
  WHERE book_id = $1 AND fingerprint = $2
)sql"};

constexpr pg::Query kLoadFiles{"inbound_load_files", R"sql(
  SELECT file_id, fingerprint, name, kind, state, size_bytes, reason, received_by, received_at
  FROM payments.inbound_file
  WHERE book_id = $1
  ORDER BY received_at DESC, file_id DESC
  LIMIT $2
)sql"};

constexpr pg::Query kSetKind{"inbound_set_kind", R"sql(
  UPDATE payments.inbound_file
  SET kind = $3
  WHERE book_id = $1 AND file_id = $2
)sql"};

constexpr pg::Query kSetState{"inbound_set_state", R"sql(
  UPDATE payments.inbound_file
  SET state = $3, reason = $4
  WHERE book_id = $1 AND file_id = $2
)sql"};

constexpr pg::Query kFindContent{"inbound_find_content", R"sql(
  SELECT sha256, key_id, nonce, ciphertext, tag
  FROM payments.inbound_content
  WHERE book_id = $1 AND file_id = $2
)sql"};

constexpr pg::Query kInsertFaults{"inbound_insert_faults", R"sql(
  INSERT INTO payments.inbound_fault (book_id, file_id, fault_no, scope, code, rule, record_no,
    position, message, advice)
  SELECT $1, $2, u.number, u.scope, u.code, u.rule, u.record, u.position, u.message, u.advice
  FROM unnest ($3::int[], $4::smallint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
    $9::text[], $10::text[]) AS u (number, scope, code, rule, record, position, message, advice)
)sql"};

constexpr pg::Query kLoadFaults{"inbound_load_faults", R"sql(
  SELECT scope, code, rule, record_no, position, message, advice
  FROM payments.inbound_fault
  WHERE book_id = $1 AND file_id = $2
  ORDER BY fault_no
)sql"};

constexpr pg::Query kInsertItems{"inbound_insert_items", R"sql(
  INSERT INTO payments.inbound_item (book_id, file_id, item_no, kind, record_no, item_key, code,
    amount_cents, debit, original_trace, original_rdfi, company_id, reference, other_reference,
    information, occurred_on, account_blind, account_last4, state, reason, target_book_id,
    target_id, due_on, changed_by, changed_at)
  SELECT $1, u.file, u.number, u.kind, u.record, u.key, u.code, u.cents, u.debit <> 0, u.trace,
    u.rdfi, u.company, u.reference, u.other, u.information, u.occurred, u.blind, u.last4, u.state,
    u.reason, NULL, NULL, u.due, $22, $23
  FROM unnest ($2::bigint[], $3::int[], $4::smallint[], $5::bigint[], $6::bytea[], $7::text[],
    $8::bigint[], $9::smallint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
    $15::text[], $16::date[], $17::bytea[], $18::text[], $19::smallint[], $20::text[],
    $21::date[])
    AS u (file, number, kind, record, key, code, cents, debit, trace, rdfi, company, reference,
      other, information, occurred, blind, last4, state, reason, due)
)sql"};

constexpr pg::Query kLoadItems{"inbound_load_items", R"sql(
  SELECT file_id, item_no, kind, record_no, item_key, code, amount_cents, debit, original_trace,
    original_rdfi, company_id, reference, other_reference, information, occurred_on,
    account_blind, account_last4, state, reason, target_book_id, target_id, due_on
  FROM payments.inbound_item
  WHERE book_id = $1 AND file_id = $2
  ORDER BY item_no
)sql"};

constexpr pg::Query kFindItem{"inbound_find_item", R"sql(
  SELECT file_id, item_no, kind, record_no, item_key, code, amount_cents, debit, original_trace,
    original_rdfi, company_id, reference, other_reference, information, occurred_on,
    account_blind, account_last4, state, reason, target_book_id, target_id, due_on
  FROM payments.inbound_item
  WHERE book_id = $1 AND file_id = $2 AND item_no = $3
)sql"};

constexpr pg::Query kLoadInState{"inbound_load_items_in_state", R"sql(
  SELECT file_id, item_no, kind, record_no, item_key, code, amount_cents, debit, original_trace,
    original_rdfi, company_id, reference, other_reference, information, occurred_on,
    account_blind, account_last4, state, reason, target_book_id, target_id, due_on
  FROM payments.inbound_item
  WHERE book_id = $1 AND state = ANY ($2::smallint[])
  ORDER BY file_id, item_no
)sql"};

constexpr pg::Query kFindByKey{"inbound_find_items_by_key", R"sql(
  SELECT file_id, item_no, kind, record_no, item_key, code, amount_cents, debit, original_trace,
    original_rdfi, company_id, reference, other_reference, information, occurred_on,
    account_blind, account_last4, state, reason, target_book_id, target_id, due_on
  FROM payments.inbound_item
  WHERE book_id = $1 AND file_id <> $2 AND item_key = ANY ($3::bytea[])
  ORDER BY file_id, item_no
)sql"};

constexpr pg::Query kMoveItems{"inbound_move_items", R"sql(
  UPDATE payments.inbound_item AS i
  SET state = u.state, reason = u.reason, changed_by = $9, changed_at = $10,
    target_book_id = COALESCE(u.book, i.target_book_id),
    target_id = COALESCE(u.target, i.target_id), due_on = COALESCE(u.due, i.due_on)
  FROM unnest ($2::bigint[], $3::int[], $4::smallint[], $5::text[], $6::bigint[], $7::bigint[],
    $8::date[]) AS u (file, number, state, reason, book, target, due)
  WHERE i.book_id = $1 AND i.file_id = u.file AND i.item_no = u.number
)sql"};

constexpr pg::Query kFinishFiles{"inbound_finish_staged_files", R"sql(
  UPDATE payments.inbound_file AS f
  SET state = 2
  WHERE f.book_id = $1 AND f.state = 1
    AND NOT EXISTS (
      SELECT 1
      FROM payments.inbound_item AS i
      WHERE i.book_id = $1 AND i.file_id = f.file_id AND i.state = 0)
)sql"};

InboundFileRow FileOf(const pg::Row& row) {
  return {.id = row.Get<InboundFileId>(0),
          .fingerprint = row.Get<Digest>(1),
          .name = row.Get<std::string>(2),
          .kind = static_cast<InboundKind>(row.Get<std::int16_t>(3)),
          .state = static_cast<InboundState>(row.Get<std::int16_t>(4)),
          .size = row.Get<std::int64_t>(5),
          .reason = row.Get<std::string>(6),
          .received_by = row.Get<UserId>(7),
          .received_at = row.Get<Instant>(8)};
}

std::optional<InboundFileRow> OneFile(const pg::Result& result) {
  if (result.Empty()) return std::nullopt;
  return FileOf(result[0]);
}

std::vector<InboundItemRow> ItemsOf(const pg::Result& result) {
  std::vector<InboundItemRow> items;
  items.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    items.push_back({.file = row.Get<InboundFileId>(0),
                     .item_no = row.Get<std::int32_t>(1),
                     .kind = static_cast<ItemKind>(row.Get<std::int16_t>(2)),
                     .record_no = row.Get<std::int64_t>(3),
                     .key = row.Get<Digest>(4),
                     .code = row.Get<std::string>(5),
                     .amount = row.Get<Money>(6),
                     .debit = row.Get<bool>(7),
                     .original_trace = row.Get<std::string>(8),
                     .original_rdfi = row.Get<std::string>(9),
                     .company_id = row.Get<std::string>(10),
                     .reference = row.Get<std::string>(11),
                     .other_reference = row.Get<std::string>(12),
                     .information = row.Get<std::string>(13),
                     .occurred_on = row.Get<std::optional<Date>>(14),
                     .account_blind = row.Get<std::optional<Digest>>(15),
                     .account_last4 = row.Get<std::string>(16),
                     .state = static_cast<ItemState>(row.Get<std::int16_t>(17)),
                     .reason = row.Get<std::string>(18),
                     .target_book = row.Get<std::optional<BookId>>(19),
                     .target_id = row.Get<std::optional<std::int64_t>>(20),
                     .due_on = row.Get<std::optional<Date>>(21)});
  }
  return items;
}

}  // namespace

void InsertInboundFile(pg::Transaction& tx, BookId home, const InboundFileRow& file,
                       const Digest& sha256, const SealedBytes& content) {
  tx.Execute(kInsertFile, home, file.id, file.fingerprint, file.name, Stored(file.kind),
             Stored(file.state), file.size, file.reason, file.received_by, file.received_at);
  tx.Execute(kInsertContent, home, file.id, sha256, content.key_id, content.nonce,
             content.ciphertext, content.tag);
}

void InsertInboundDelivery(pg::Transaction& tx, BookId home, InboundFileId file,
                           const std::string& name, const Recorded& recorded) {
  tx.Execute(kInsertDelivery, home, file, name, recorded.by, recorded.at);
}

std::optional<InboundFileRow> FindInboundFile(pg::Transaction& tx, BookId home,
                                              InboundFileId file) {
  return OneFile(tx.Query(kFindFile, home, file));
}

std::optional<InboundFileRow> FindInboundByFingerprint(pg::Transaction& tx, BookId home,
                                                       const Digest& fingerprint) {
  return OneFile(tx.Query(kFindByFingerprint, home, fingerprint));
}

std::optional<InboundFileRow> LockInboundFile(pg::Transaction& tx, BookId home,
                                              InboundFileId file) {
  return OneFile(tx.Query(kLockFile, home, file));
}

std::vector<InboundFileRow> LoadInboundFiles(pg::Transaction& tx, BookId home, std::int32_t limit) {
  const pg::Result result = tx.Query(kLoadFiles, home, std::int64_t{limit});
  std::vector<InboundFileRow> files;
  for (int i = 0; i < result.Size(); ++i) files.push_back(FileOf(result[i]));
  return files;
}

void SetInboundKind(pg::Transaction& tx, BookId home, InboundFileId file, InboundKind kind) {
  tx.Execute(kSetKind, home, file, Stored(kind));
}

void SetInboundState(pg::Transaction& tx, BookId home, InboundFileId file, InboundState state,
                     const std::string& reason) {
  tx.Execute(kSetState, home, file, Stored(state), reason);
}

std::optional<InboundContent> FindInboundContent(pg::Transaction& tx, BookId home,
                                                 InboundFileId file) {
  const pg::Result result = tx.Query(kFindContent, home, file);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return InboundContent{.sha256 = row.Get<Digest>(0),
                        .sealed = {.key_id = row.Get<std::int64_t>(1),
                                   .nonce = row.Get<Bytes>(2),
                                   .ciphertext = row.Get<Bytes>(3),
                                   .tag = row.Get<Bytes>(4)}};
}

void InsertInboundFaults(pg::Transaction& tx, BookId home, InboundFileId file,
                         std::span<const InboundFault> faults) {
  std::vector<std::int32_t> numbers;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    numbers.push_back(static_cast<std::int32_t>(i) + 1);
  }
  tx.Execute(
      kInsertFaults, home, file, numbers,
      Pluck(faults, [](const InboundFault& fault) { return Stored(fault.scope); }),
      Pluck(faults, &InboundFault::code), Pluck(faults, &InboundFault::rule),
      Pluck(faults, [](const auto& fault) { return static_cast<std::int64_t>(fault.record); }),
      Pluck(faults, [](const auto& fault) { return static_cast<std::int64_t>(fault.position); }),
      Pluck(faults, &InboundFault::message), Pluck(faults, &InboundFault::advice));
}

std::vector<InboundFault> LoadInboundFaults(pg::Transaction& tx, BookId home, InboundFileId file) {
  const pg::Result result = tx.Query(kLoadFaults, home, file);
  std::vector<InboundFault> faults;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    faults.push_back({.scope = static_cast<FaultScope>(row.Get<std::int16_t>(0)),
                      .code = row.Get<std::string>(1),
                      .rule = row.Get<std::string>(2),
                      .record = static_cast<std::size_t>(row.Get<std::int64_t>(3)),
                      .position = static_cast<std::size_t>(row.Get<std::int64_t>(4)),
                      .message = row.Get<std::string>(5),
                      .advice = row.Get<std::string>(6)});
  }
  return faults;
}

void InsertInboundItems(pg::Transaction& tx, BookId home, std::span<const InboundItemRow> items,
                        const Recorded& recorded) {
  using Row = InboundItemRow;
  tx.Execute(kInsertItems, home, Pluck(items, &Row::file), Pluck(items, &Row::item_no),
             Pluck(items, [](const Row& row) { return Stored(row.kind); }),
             Pluck(items, &Row::record_no), Pluck(items, &Row::key), Pluck(items, &Row::code),
             Pluck(items, &Row::amount),
             Pluck(items, [](const Row& row) { return static_cast<std::int16_t>(row.debit); }),
             Pluck(items, &Row::original_trace), Pluck(items, &Row::original_rdfi),
             Pluck(items, &Row::company_id), Pluck(items, &Row::reference),
             Pluck(items, &Row::other_reference), Pluck(items, &Row::information),
             Pluck(items, &Row::occurred_on), Pluck(items, &Row::account_blind),
             Pluck(items, &Row::account_last4),
             Pluck(items, [](const Row& row) { return Stored(row.state); }),
             Pluck(items, &Row::reason), Pluck(items, &Row::due_on), recorded.by, recorded.at);
}

std::vector<InboundItemRow> LoadInboundItems(pg::Transaction& tx, BookId home, InboundFileId file) {
  return ItemsOf(tx.Query(kLoadItems, home, file));
}

std::optional<InboundItemRow> FindInboundItem(pg::Transaction& tx, BookId home, InboundFileId file,
                                              std::int32_t item_no) {
  std::vector<InboundItemRow> items = ItemsOf(tx.Query(kFindItem, home, file, item_no));
  if (items.empty()) return std::nullopt;
  return std::move(items.front());
}

std::vector<InboundItemRow> LoadItemsInState(pg::Transaction& tx, BookId home,
                                             std::span<const ItemState> states) {
  return ItemsOf(
      tx.Query(kLoadInState, home, Pluck(states, [](ItemState state) { return Stored(state); })));
}

std::vector<InboundItemRow> FindItemsByKey(pg::Transaction& tx, BookId home, InboundFileId not_of,
                                           std::span<const Digest> keys) {
  return ItemsOf(tx.Query(kFindByKey, home, not_of, keys));
}

void FinishStagedFiles(pg::Transaction& tx, BookId home) { tx.Execute(kFinishFiles, home); }

void MoveItems(pg::Transaction& tx, BookId home, std::span<const ItemMove> moves,
               const Recorded& recorded) {
  if (moves.empty()) return;
  tx.Execute(kMoveItems, home, Pluck(moves, &ItemMove::file), Pluck(moves, &ItemMove::item_no),
             Pluck(moves, [](const ItemMove& move) { return Stored(move.to); }),
             Pluck(moves, &ItemMove::reason), Pluck(moves, &ItemMove::target_book),
             Pluck(moves, &ItemMove::target_id), Pluck(moves, &ItemMove::due_on), recorded.by,
             recorded.at);
}

}  // namespace sluice::payments
