// The pools of a program's book: what they have, what funds them, and money between them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/statement_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/pools/pool_store.h"

namespace sluice::payments {

struct PoolPosition {
  Pool pool;
  Money balance;    // posted
  Money held;       // by approved runs
  Money available;  // what may still be taken
  std::vector<FundingRow> expected;
};

struct MatchedDeposit {
  FundingRow funding;
  std::int64_t line = 0;
  std::string rule;
};

// A deposit that no instruction explains.
struct UnmatchedDeposit {
  BankLineRow line;
  int banking_days_old = 0;
};

// A deposit that the bank's statement shows, as a person reads it there.
struct StatementDeposit {
  PoolId pool;
  Money amount;
  Date on{};
  std::string reference;  // of the bank: part of the line's references or text
};

class PoolService {
 public:
  PoolService(const pg::Database& database, PayerId payer, BookId book, Clock& clock,
              IdGenerator& ids)
      : database_(database.ForPayer(payer)),
        book_(book),
        clock_(clock),
        ids_(ids),
        ledger_(clock) {}

  // By name.
  StatusOr<std::vector<PoolPosition>> Positions();

  // Asks for a transfer. InvalidArgument for an amount or reason that makes no sense, NotFound for
  // an unknown pool, FailedPrecondition when the pools' money lies at different bank accounts.
  StatusOr<PoolTransferId> RequestTransfer(const PoolMove& move, Money amount,
                                           const std::string& reason, Actor actor);
  // By another person than the one who asked. FailedPrecondition when it is decided, or when the
  // pool has not enough that is free: the transfer is over then.
  Status ApproveTransfer(PoolTransferId id, Actor actor);
  Status RejectTransfer(PoolTransferId id, const std::string& reason, Actor actor);
  StatusOr<std::vector<PoolTransferRow>> Transfers(bool all);

  // A deposit that the funder announced.
  StatusOr<FundingId> ExpectFunding(PoolId pool, Money amount, Date expected_on,
                                    const std::string& reference, Actor actor);
  Status WithdrawFunding(FundingId id, Actor actor);
  // Funds a pool with a deposit that nobody announced. FailedPrecondition unless exactly one open
  // credit of the pool's account has this amount, day and reference; NotFound for an unknown pool.
  Status FundFromStatement(const StatementDeposit& deposit, Actor actor);
  // Funds pools with the deposits that statements have brought. Repeating it funds nothing again.
  StatusOr<std::vector<MatchedDeposit>> MatchDeposits(Actor actor);
  // The same in the caller's transaction.
  StatusOr<std::vector<MatchedDeposit>> MatchDepositsIn(pg::Transaction& tx, Actor actor);
  // The credits of the book's accounts that nothing explains, oldest first.
  StatusOr<std::vector<UnmatchedDeposit>> Unmatched(Date today);

 private:
  pg::Database database_;
  BookId book_;
  Clock& clock_;
  IdGenerator& ids_;
  Ledger ledger_;
};

}  // namespace sluice::payments
