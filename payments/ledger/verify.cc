#include "payments/ledger/verify.h"

#include <algorithm>

#include "payments/ledger/verify_book.h"
#include "payments/ledger/verify_chart.h"
#include "payments/ledger/verify_runs.h"
#include "payments/ledger/verify_store.h"

namespace sluice::payments {

std::string_view LedgerFindingName(LedgerFindingKind kind) {
  switch (kind) {
    case LedgerFindingKind::kHashMismatch:
      return "HASH_MISMATCH";
    case LedgerFindingKind::kSequenceGap:
      return "SEQUENCE_GAP";
    case LedgerFindingKind::kHeadMismatch:
      return "HEAD_MISMATCH";
    case LedgerFindingKind::kTailTruncated:
      return "TAIL_TRUNCATED";
    case LedgerFindingKind::kBalanceMismatch:
      return "BALANCE_MISMATCH";
    case LedgerFindingKind::kLimitViolation:
      return "LIMIT_VIOLATION";
    case LedgerFindingKind::kPendingResolvedTwice:
      return "PENDING_RESOLVED_TWICE";
    case LedgerFindingKind::kPendingInvalid:
      return "PENDING_INVALID";
    case LedgerFindingKind::kIdentityF:
      return "IDENTITY_F";
    case LedgerFindingKind::kIdentityC:
      return "IDENTITY_C";
    case LedgerFindingKind::kClearingOverdue:
      return "CLEARING_OVERDUE";
    case LedgerFindingKind::kRunTieOut:
      return "RUN_TIE_OUT";
    case LedgerFindingKind::kApprovalInvalid:
      return "APPROVAL_INVALID";
  }
  return "UNKNOWN";
}

std::string LedgerFinding::ToString() const {
  return fmt::format("{} book {} batch {}: {}", LedgerFindingName(kind), book, batch_seq, detail);
}

StatusOr<LedgerVerifyReport> VerifyLedger(const pg::Database& db,
                                          const LedgerVerifyOptions& options) {
  ASSIGN_OR_RETURN(
      std::vector<BookId> books,
      db.Transact(audit::kAuditOptions, [](pg::Transaction& tx) -> StatusOr<std::vector<BookId>> {
        return audit::Books(tx);
      }));
  const auto known = [&](BookId book) { return std::ranges::find(books, book) != books.end(); };
  for (const ChainHead& head : options.exported_heads) {
    if (!known(head.book)) {
      return FailedPrecondition("the exported head is of book {}, which is not this payer's",
                                head.book);
    }
  }
  if (options.book) {
    if (!known(*options.book)) {
      return NotFound("book {} does not exist for this payer", *options.book);
    }
    books = {*options.book};
  }
  LedgerVerifyReport report;
  for (const BookId book : books) {
    // The replay and the stream of balance_after read at once, each on a connection of its own.
    LedgerVerifyReport of_book;
    RETURN_IF_ERROR(db.Transact(audit::kAuditOptions, [&](pg::Transaction& tx) -> Status {
      // This statement takes the snapshot. The stream's is then newer, and what it has beyond the
      // last batch of the replay was posted since.
      (void)audit::Head(tx, book);
      return db.Transact(audit::kAuditOptions, [&](pg::Transaction& stream_tx) -> Status {
        of_book = report;
        audit::BalanceAfterStream after(stream_tx, book);
        AuditBook(tx, after, book, options, of_book);
        AuditRuns(tx, book, of_book);
        while (after.Peek()) after.Advance();
        return OkStatus();
      });
    }));
    report = std::move(of_book);
  }
  return report;
}

}  // namespace sluice::payments
