// The ledger's auditor: replays every book from its first batch and compares all that was derived.
//
// It shares no code with the posting engine, not even the canonical encoder: it reads rows, adds
// them up and hashes them on its own. It streams, so memory grows with accounts, holds and batches
// and not with transfers. It changes nothing and needs only SELECT. Payment runs are audited beside
// their books: verify_runs.h.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "payments/ledger/chain.h"

namespace sluice::payments {

// What can be wrong. The names never change.
enum class LedgerFindingKind {
  kHashMismatch,     // content and hash, or the hash and the batch before it, do not agree
  kSequenceGap,      // a batch, journal or transfer number is missing, extra or out of order
  kHeadMismatch,     // the stored or exported head is not the hash of its batch
  kTailTruncated,    // the head names a batch that is not there any more
  kBalanceMismatch,  // counters, balance_after or the closed period differ from the replay
  kLimitViolation,   // an account breaks its limit at the end of a batch
  kPendingResolvedTwice,
  kPendingInvalid,  // a resolution without its hold, or not of its accounts, amount or time
  kIdentityF,
  kIdentityC,
  kClearingOverdue,  // a clearing account has not returned to zero in time
  kRunTieOut,        // a released run's lines, journals, payments and files are not the same money
  kApprovalInvalid,  // an approved run without the approvals of its content that it needs
};
// "HASH_MISMATCH".
std::string_view LedgerFindingName(LedgerFindingKind kind);

// The first time that a book breaks one rule.
struct LedgerFinding {
  LedgerFindingKind kind{};
  BookId book;
  std::int64_t batch_seq = 0;  // the first bad batch; of a run, the first that posted for it
  std::string detail;

  // "HASH_MISMATCH book bok_... batch 17: ...".
  std::string ToString() const;
};

// A clearing account that is not zero now.
struct OpenClearing {
  BookId book;
  std::string account;
  Money credit_balance;
  Instant open_since;  // when the batch was sealed that took it from zero
};

struct LedgerVerifyReport {
  std::int64_t books = 0;
  std::int64_t batches = 0;
  std::int64_t journals = 0;
  std::int64_t transfers = 0;
  std::int64_t runs = 0;  // approved, released or closed
  std::vector<LedgerFinding> findings;
  std::vector<OpenClearing> open_clearing;
  std::vector<ChainHead> heads;  // as replayed

  bool Clean() const { return findings.empty(); }
  // 0 clean, 1 findings. What could not finish is a Status, for which the program exits with 2.
  int ExitCode() const { return Clean() ? 0 : 1; }
};

struct LedgerVerifyOptions {
  std::optional<BookId> book;             // none: every book of the payer
  std::vector<ChainHead> exported_heads;  // from storage outside the database
  // A clearing account open for longer than this at `now` is a finding. Not checked without `now`.
  std::optional<Instant> now;
  std::int64_t clearing_days = 10;
};

// Verifies the books of the payer that `db` is scoped to. NotFound: `options.book` is unknown.
// FailedPrecondition: an exported head is of a book that is not this payer's.
StatusOr<LedgerVerifyReport> VerifyLedger(const pg::Database& db,
                                          const LedgerVerifyOptions& options);

// The whole of a book as a plain-text journal for `hledger bal --strict`: declarations of commodity
// and accounts, then one transaction per journal with what it posted, in posting order.
Status ExportPlainText(const pg::Database& db, BookId book, std::ostream& out);

}  // namespace sluice::payments
