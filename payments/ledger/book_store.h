// SQL of ledger books: one per program, and one treasury book per payer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::payments {

// The numbers are stored.
enum class BookKind : std::int16_t { kProgram = 0, kTreasury = 1 };

struct BookRecord {
  BookId id;
  PayerId payer;
  std::optional<ProgramId> program;  // set exactly when the kind is kProgram
  BookKind kind = BookKind::kProgram;

  static BookRecord FromRow(const pg::Row& row);
};

// Stores a book unless it is there already.
void InsertBook(pg::Transaction& tx, const BookRecord& book);
// The books of the payer that the transaction acts for, by id.
std::vector<BookRecord> ListBooks(pg::Transaction& tx);

}  // namespace sluice::payments
