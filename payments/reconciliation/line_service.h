// Lines of bank statements that nothing explains, as people work them: a list with age and owner,
// and what a line is, in one part or several.
//
//   1. A split is posted in one transaction: each part clears its share of bank suspense and does
//      what the automatic match would have done (a file that is settled whole settles its payments,
//      a check is paid, a return has its money), and the line is closed.
//   2. Parts that move the money of a pool or a payee wait for another person; the tables refuse
//      the same one (migration 0109).
//   3. What was open when it was asked for must be open when it is posted.
// Source: LEDGER_RELIABILITY_SECURITY 2.3, 2.4.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/open_lines.h"
#include "payments/ledger/ledger.h"
#include "payments/reconciliation/line_split_store.h"

namespace sluice::payments {

struct LineException {
  BankLineId id;
  UnmatchedLine open;
  std::optional<LineOwner> owner;
  std::optional<LineSplitId> waiting;  // a split that another person is to decide about
};

// Those of a book, oldest first.
std::vector<LineException> LineExceptionsOf(pg::Transaction& tx, BookId book, Date today);

struct SplitRequest {
  BankLineId line;
  std::vector<SplitPart> parts;
  std::string reason;
};

struct SplitOutcome {
  LineSplitId id;
  bool posted = false;  // or it waits for another person
};

class LineService {
 public:
  LineService(const pg::Database& app, PayerId payer, BookId book, Clock& clock, IdGenerator& ids)
      : app_(app.ForPayer(payer)), book_(book), clock_(clock), ids_(ids), ledger_(clock) {}

  // Oldest first.
  StatusOr<std::vector<LineException>> Exceptions(Date today);
  // NotFound when the line is not open.
  Status Assign(BankLineId line, const LineOwner& owner, Actor actor);

  // Posts what one person may say; else writes it down for another. NotFound when the line is not
  // open, AlreadyExists when a split of it waits, InvalidArgument for one that does not add up.
  StatusOr<SplitOutcome> Split(const SplitRequest& request, Actor actor);
  // By another person than the one who asked.
  Status Approve(LineSplitId id, Actor actor);
  // By anybody, with a reason.
  Status Reject(LineSplitId id, const std::string& reason, Actor actor);
  StatusOr<std::vector<LineSplitRow>> Waiting();

 private:
  pg::Database app_;
  BookId book_;
  Clock& clock_;
  IdGenerator& ids_;
  Ledger ledger_;
};

}  // namespace sluice::payments
