// SQL of the ledger: the head (head_store.cc), what posting reads (snapshot_store.cc) and writes
// (batch_store.cc), and the listings (listing_store.cc). No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "payments/ledger/chain.h"
#include "payments/ledger/journal.h"
#include "payments/ledger/ledger.h"
#include "payments/ledger/posting.h"

namespace sluice::payments {

// The head of a book as stored.
struct StoredHead {
  std::int64_t batch_seq = 0;
  Digest hash{};
  Instant sealed_at;
  std::optional<Date> closed_through;

  static StoredHead FromRow(const pg::Row& row);
};

// A journal as its row has it.
struct StoredJournal {
  Uuid id{};
  PostStatus outcome = PostStatus::kAccepted;
  Digest body_hash{};
  std::int64_t batch_seq = 0;
  std::int32_t first_position = 0;
  std::int32_t line_count = 0;
  std::optional<Bytes> refused_body;

  static StoredJournal FromRow(const pg::Row& row);
};

// Takes the lock of the book; nothing when the book has no head yet or belongs to another payer.
std::optional<StoredHead> LockHead(pg::Transaction& tx, BookId book);
// Makes the head of a book that has none, if the book exists for this payer.
void OpenBook(pg::Transaction& tx, BookId book);
std::optional<StoredHead> FindStoredHead(pg::Transaction& tx, BookId book);
bool BookExists(pg::Transaction& tx, BookId book);

// Tells the planner, for the rest of the transaction, that rows are found by key.
void PreferKeys(pg::Transaction& tx);
std::vector<StoredJournal> FindJournals(pg::Transaction& tx, BookId book,
                                        std::span<const Uuid> ids);
// The accounts that exist among `keys`, their balances locked in the order of account ids.
std::vector<AccountBalance> LockAccounts(pg::Transaction& tx, BookId book,
                                         std::span<const AccountKey> keys);
std::map<HoldRef, Hold> FindHolds(pg::Transaction& tx, BookId book, std::span<const HoldRef> refs);
std::map<Uuid, CorrectedJournal> FindCorrected(pg::Transaction& tx, BookId book,
                                               std::span<const Uuid> ids);
// An accepted journal, rebuilt from its rows. Requires: it is stored and accepted.
Journal LoadAccepted(pg::Transaction& tx, BookId book, const Uuid& id);

// Everything that one batch writes.
struct SealedBatch {
  BookId book;
  PostedBatch posted;
  std::span<const Journal> journals;    // as given to Post(); the caller's
  std::span<const Digest> body_hashes;  // of the journals; the caller's
  BatchSeal seal;
  Digest hash{};
};
// Aborted when a guarded update did not find the rows that were locked.
Status InsertBatch(pg::Transaction& tx, const SealedBatch& batch);

std::optional<AccountLine> SelectBalance(pg::Transaction& tx, BookId book, const AccountKey& key);
std::optional<AccountLine> SelectBalanceAsOfBatch(pg::Transaction& tx, BookId book,
                                                  const AccountKey& key, std::int64_t batch_seq);
std::vector<AccountLine> SelectBalances(pg::Transaction& tx, BookId book);
std::vector<AccountLine> SelectBalancesOnDate(pg::Transaction& tx, BookId book, Date date);
std::vector<EntryLine> SelectEntries(pg::Transaction& tx, BookId book, const EntryFilter& filter);

}  // namespace sluice::payments
