// The head of a book: the lock that posting takes, and the newest hash of the chain.
#include "payments/ledger/ledger_store.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kLockHead{"ledger_lock_head", R"sql(
  SELECT batch_seq, hash, sealed_at_us, closed_through
  FROM payments.book_head
  WHERE book_id = $1
  FOR UPDATE
)sql"};

constexpr pg::Query kFindHead{"ledger_find_head", R"sql(
  SELECT batch_seq, hash, sealed_at_us, closed_through
  FROM payments.book_head
  WHERE book_id = $1
)sql"};

// A book of another payer is not visible and gets no head.
constexpr pg::Query kOpenBook{"ledger_open_book", R"sql(
  INSERT INTO payments.book_head (book_id, batch_seq, hash, sealed_at_us)
  SELECT b.book_id, 0, $2, 0
  FROM payments.book AS b
  WHERE b.book_id = $1
  ON CONFLICT (book_id) DO NOTHING
)sql"};

constexpr pg::Query kBookExists{"ledger_book_exists", R"sql(
  SELECT b.book_id
  FROM payments.book AS b
  WHERE b.book_id = $1
)sql"};

}  // namespace

StoredHead StoredHead::FromRow(const pg::Row& row) {
  return StoredHead{row.Get<std::int64_t>(0), row.Get<Digest>(1),
                    Instant::FromMicros(row.Get<std::int64_t>(2)), row.Get<std::optional<Date>>(3)};
}

std::optional<StoredHead> LockHead(pg::Transaction& tx, BookId book) {
  return tx.Query(kLockHead, book).OneOrNone<StoredHead>();
}

std::optional<StoredHead> FindStoredHead(pg::Transaction& tx, BookId book) {
  return tx.Query(kFindHead, book).OneOrNone<StoredHead>();
}

void OpenBook(pg::Transaction& tx, BookId book) { tx.Execute(kOpenBook, book, Digest{}); }

bool BookExists(pg::Transaction& tx, BookId book) { return !tx.Query(kBookExists, book).Empty(); }

}  // namespace sluice::payments
