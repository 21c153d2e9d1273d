// Rows of reversals. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/ledger/account.h"
#include "payments/payee_store.h"
#include "payments/reversals/reversal.h"

namespace sluice::payments {

// AlreadyExists when the payment has a reversal that was not rejected.
Status InsertReversal(pg::Transaction& tx, BookId book, const Reversal& reversal);
std::optional<Reversal> FindReversal(pg::Transaction& tx, BookId book, ReversalId id);
std::optional<Reversal> LockReversal(pg::Transaction& tx, BookId book, ReversalId id);
// Locks those in a state, by id.
std::vector<Reversal> LockReversals(pg::Transaction& tx, BookId book, ReversalState state);
// By id; those that are over only with `all`.
std::vector<Reversal> LoadReversals(pg::Transaction& tx, BookId book, bool all);
// Those of a file, by id.
std::vector<Reversal> LoadReversalsOfFile(pg::Transaction& tx, BookId book, PaymentFileId file);

// The first decision about it.
void DecideReversal(pg::Transaction& tx, BookId book, ReversalId id, ReversalState to,
                    const std::string& result, const Recorded& recorded);
// Puts approved ones into a file that settles on a day.
void PutReversalsInFile(pg::Transaction& tx, BookId book, std::span<const ReversalId> ids,
                        PaymentFileId file, Date effective_date);
// Moves one on. False when it is not in the state `from` any more.
bool MoveReversal(pg::Transaction& tx, BookId book, ReversalId id, ReversalState from,
                  ReversalState to, const std::string& result);
// The bank's credit for one that was sent: a line of its statement.
bool CreditReversal(pg::Transaction& tx, BookId book, ReversalId id, Date on, std::int64_t line);

// What the builder of files, sluice_files, writes: the entry of each.
struct ReversalEntry {
  ReversalId reversal;
  std::string trace;  // 15 digits
  std::string rdfi;   // 8 digits
  std::string company_id;
};
void InsertReversalEntries(pg::Transaction& tx, BookId book, PaymentFileId file,
                           std::span<const ReversalEntry> entries);
// With one of these traces, in any of these books, the newest first.
struct SentReversal {
  BookId book;
  ReversalEntry entry;
  Money amount;
};
std::vector<SentReversal> FindReversalEntries(pg::Transaction& tx, std::span<const BookId> books,
                                              std::span<const std::string> traces);

// A reversal that was sent and that no line of a statement has credited, or that bounced after its
// credit, which the bank takes back; of runs whose money is at the account.
struct ReversalDue {
  ReversalId reversal;
  std::string payment_key;
  Money amount;
  Date effective_date{};
  bool taken_back = false;
};
std::vector<ReversalDue> LoadReversalsDue(pg::Transaction& tx, BookId book, BankAccountId account);

}  // namespace sluice::payments
