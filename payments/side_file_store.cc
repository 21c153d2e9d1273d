#include "payments/side_file_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertFile{"payments_insert_side_file", R"sql(
  INSERT INTO payments.side_file (payer_id, file_id, book_id, kind, name, created_at, modifier,
    first_trace, effective_date, entry_count, state, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)
)sql"};

constexpr pg::Query kLockUnfinished{"payments_lock_unfinished_side_file", R"sql(
  SELECT file_id, book_id, kind, name, created_at, modifier, first_trace, effective_date,
    entry_count, total_cents, state
  FROM payments.side_file
  WHERE payer_id = $1 AND book_id = $2 AND kind = $3 AND state < 3
  ORDER BY file_id
  LIMIT 1
  FOR UPDATE
)sql"};

constexpr pg::Query kMoveSideFile{"payments_move_side_file", R"sql(
  UPDATE payments.side_file
  SET state = $4
  WHERE payer_id = $1 AND file_id = $2 AND state = $3
)sql"};

constexpr pg::Query kStoreFile{"payments_store_side_file", R"sql(
  UPDATE payments.side_file
  SET state = 1, sha256 = $3, key_id = $4, nonce = $5, ciphertext = $6, tag = $7, total_cents = $8
  WHERE payer_id = $1 AND file_id = $2 AND state = 0
)sql"};

constexpr pg::Query kFindSideFileContent{"payments_find_side_file_content", R"sql(
  SELECT sha256, key_id, nonce, ciphertext, tag
  FROM payments.side_file
  WHERE payer_id = $1 AND file_id = $2 AND state > 0
)sql"};

}  // namespace

void InsertSideFile(pg::Transaction& tx, PayerId payer, const SideFile& file,
                    const Recorded& recorded) {
  tx.Execute(kInsertFile, payer, file.id, file.book, Stored(file.kind), file.name, file.created_at,
             file.modifier, file.first_trace, file.effective_date, file.entry_count, recorded.by,
             recorded.at);
}

std::optional<SideFile> LockUnfinishedSideFile(pg::Transaction& tx, PayerId payer, BookId book,
                                               SideFileKind kind) {
  const pg::Result result = tx.Query(kLockUnfinished, payer, book, Stored(kind));
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return SideFile{.id = row.Get<PaymentFileId>(0),
                  .book = row.Get<BookId>(1),
                  .kind = static_cast<SideFileKind>(row.Get<std::int16_t>(2)),
                  .name = row.Get<std::string>(3),
                  .created_at = row.Get<Instant>(4),
                  .modifier = row.Get<std::int16_t>(5),
                  .first_trace = row.Get<std::int64_t>(6),
                  .effective_date = row.Get<Date>(7),
                  .entry_count = row.Get<std::int32_t>(8),
                  .total = row.Get<std::optional<Money>>(9),
                  .state = static_cast<SideFileState>(row.Get<std::int16_t>(10))};
}

bool MoveSideFile(pg::Transaction& tx, PayerId payer, PaymentFileId file, SideFileState from,
                  SideFileState to) {
  return tx.Execute(kMoveSideFile, payer, file, Stored(from), Stored(to)) == 1;
}

bool StoreSideFile(pg::Transaction& tx, PayerId payer, PaymentFileId file,
                   const SideFileContent& content, Money total) {
  return tx.Execute(kStoreFile, payer, file, content.sha256, content.sealed.key_id,
                    content.sealed.nonce, content.sealed.ciphertext, content.sealed.tag,
                    total) == 1;
}

std::optional<SideFileContent> FindSideFileContent(pg::Transaction& tx, PayerId payer,
                                                   PaymentFileId file) {
  const pg::Result result = tx.Query(kFindSideFileContent, payer, file);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return SideFileContent{.sha256 = row.Get<Digest>(0),
                         .sealed = {.key_id = row.Get<std::int64_t>(1),
                                    .nonce = row.Get<Bytes>(2),
                                    .ciphertext = row.Get<Bytes>(3),
                                    .tag = row.Get<Bytes>(4)}};
}

}  // namespace sluice::payments
