// The ledger: posts journals to books, durably and once, and answers what is in them.
//
//   1. One posting touches one book, under the lock of its head. Lock order: everything of the
//      domain first, the head of the book after it, balances last. So a caller that combines other
//      writes with a posting locks its own rows before it calls PostIn.
//   2. Accepted and state-refused journals are stored in the transaction that decides them; a
//      malformed journal and a reused id are not. A refusal is an answer, not a failure: it commits
//      its own row, and the caller must look at the results before it writes anything that
//      depends on them.
//   3. Every batch is sealed by a hash that covers it and the batch before it (chain.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/ledger/chain.h"
#include "payments/ledger/journal.h"
#include "payments/ledger/posting.h"

namespace sluice::payments {

// The stored answer to one journal.
struct PostResult {
  Uuid journal_id{};
  PostStatus status = PostStatus::kAccepted;
  std::string message;  // empty when accepted; else names the thing, the rule and what to do
  std::vector<std::string> differing_fields;  // ID_REUSED only
  bool replayed = false;                      // the id was known: nothing was done now
  std::int64_t batch_seq = 0;                 // 0 when nothing is stored
  std::int32_t first_position = 0;            // of its transfers in the batch
  std::int32_t line_count = 0;

  bool Accepted() const { return status == PostStatus::kAccepted; }
  // Ok; InvalidArgument (malformed); AlreadyExists (id reused); FailedPrecondition (refused on
  // state). The message begins with the status name.
  Status ToStatus() const;
};
// The first result that is not accepted, as a Status; ok when all are.
Status RequireAccepted(std::span<const PostResult> results);

// One account with its balance at some point.
struct AccountLine {
  std::int64_t account_id = 0;
  AccountKey key;
  Counters counters;
  Money overdraft;

  static AccountLine FromRow(const pg::Row& row);
};

// One transfer as listed, in posting order.
struct EntryLine {
  std::int64_t batch_seq = 0;
  std::int32_t position = 0;
  Uuid journal_id{};
  Event event{};
  TransferKind kind{};
  AccountKey debit;
  AccountKey credit;
  Money amount;
  Date effective_date{};
  std::int64_t source_id = 0;
  UserId actor;

  static EntryLine FromRow(const pg::Row& row);
};

// Where a listing goes on: after this place. {0, 0} is the beginning.
struct EntryCursor {
  std::int64_t batch_seq = 0;
  std::int32_t position = 0;
};

struct EntryFilter {
  std::optional<AccountKey> account;  // debit or credit
  EntryCursor after;
  std::int32_t limit = 100;  // 1 to 1,000
};

class Ledger {
 public:
  // The clock gives the time of sealing; no rule reads it but the expiry of holds.
  explicit Ledger(Clock& clock) : clock_(clock) {}

  // Posts journals of one book in the caller's transaction: one batch, at most kMaxBatchTransfers
  // transfers (InvalidArgument otherwise). One result per journal, in the order given; a repeated
  // id answers from store. NotFound when the book does not exist for this payer.
  StatusOr<std::vector<PostResult>> PostIn(pg::Transaction& tx, BookId book,
                                           std::span<const Journal> journals) const;

  // The same in transactions of its own, as many batches as the transfers need. After an error the
  // journals of earlier batches stay posted: send the same journals again.
  StatusOr<std::vector<PostResult>> Post(const pg::Database& db, BookId book,
                                         std::span<const Journal> journals) const;

 private:
  Clock& clock_;
};

// Reads. All are of one book, in the caller's transaction.

// NotFound when no batch has opened the account: an absent account is not a zero balance.
StatusOr<AccountLine> FindBalance(pg::Transaction& tx, BookId book, const AccountKey& account);
// What an account has on its credit side; zero for one that no batch has opened.
Money CreditBalanceOf(pg::Transaction& tx, BookId book, const AccountKey& account);
// The balance when batch `batch_seq` was sealed. NotFound when the account was not open then.
StatusOr<AccountLine> FindBalanceAsOfBatch(pg::Transaction& tx, BookId book,
                                           const AccountKey& account, std::int64_t batch_seq);
// All accounts by class and owner: the trial balance now, and by business date (posted counters
// of transfers effective on or before `date`; pending counters are zero).
std::vector<AccountLine> TrialBalance(pg::Transaction& tx, BookId book);
std::vector<AccountLine> TrialBalanceOnDate(pg::Transaction& tx, BookId book, Date date);
// Text for people and golden files: one line per account that is not zero, debits and credits in
// dollars, totals last.
std::string FormatTrialBalance(std::span<const AccountLine> accounts);
// Transfers in posting order, a page at a time.
std::vector<EntryLine> ListEntries(pg::Transaction& tx, BookId book, const EntryFilter& filter);
// The head of the book's chain: batch 0 when nothing was posted. NotFound for an unknown book.
StatusOr<ChainHead> FindHead(pg::Transaction& tx, BookId book);

}  // namespace sluice::payments
