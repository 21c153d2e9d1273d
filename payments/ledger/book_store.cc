#include "payments/ledger/book_store.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertBook{"insert_book", R"sql(
  INSERT INTO payments.book (book_id, payer_id, program_id, kind)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (book_id) DO NOTHING
)sql"};

constexpr pg::Query kListBooks{"list_books", R"sql(
  SELECT book_id, payer_id, program_id, kind
  FROM payments.book
  ORDER BY book_id
)sql"};

}  // namespace

BookRecord BookRecord::FromRow(const pg::Row& row) {
  return BookRecord{.id = row.Get<BookId>(0),
                    .payer = row.Get<PayerId>(1),
                    .program = row.Get<std::optional<ProgramId>>(2),
                    .kind = static_cast<BookKind>(row.Get<std::int16_t>(3))};
}

void InsertBook(pg::Transaction& tx, const BookRecord& book) {
  tx.Execute(kInsertBook, book.id, book.payer, book.program, static_cast<std::int16_t>(book.kind));
}

std::vector<BookRecord> ListBooks(pg::Transaction& tx) {
  return tx.Query(kListBooks).All<BookRecord>();
}

}  // namespace sluice::payments
