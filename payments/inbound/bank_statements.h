// Bank statements against the ledger: every booked line once, and what it settles.
//
//   1. A line is a fact: BANK_CREDIT or BANK_DEBIT moves cash and bank suspense, unless the ledger
//      has that cash journal already. It is never refused.
//   2. A matched line clears suspense: SETTLE of the file it pays, RETURN_CASH of the payments it
//      brings back, SETTLE_NETTED of the returns the bank kept. Payments of a file that is settled
//      whole become SETTLED. A paid check (type 475) settles its own payment, by its number. A
//      credit for a reversal waits until it is final (reversal_apply.h).
//   3. What matches nothing stays in bank suspense, is tried again with every apply, and is listed
//      with its age.
//   4. One transaction per deposit account, which belongs to exactly one book. Lock order: runs,
//      lines, checks, obligations, payments, reversals, then the head of the book.
// Source: LEDGER_RELIABILITY_SECURITY 2.3, 2.4; FORMATS 10.2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/open_lines.h"
#include "payments/inbound/statement_store.h"
#include "payments/key_provider.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// What is at the bank, by the bank and by the ledger, on the day of the newest statement.
struct CashPosition {
  DepositAccount account;
  std::optional<StatementRow> statement;  // none: no statement came yet
  Money ledger_cash;                      // by the end of the statement's day, else now
  Money unmatched_credits, unmatched_debits;
  // Statement less ledger; none without a closing balance. Zero when every line was booked.
  std::optional<Money> difference;
};

class BankStatements {
 public:
  BankStatements(const pg::Database& app, PayerId payer, const KeyProvider& keys, Clock& clock,
                 IdGenerator& ids);

  // Names the number of a deposit account, so that statements find it. AlreadyExists when the
  // account or the number is registered.
  StatusOr<DepositAccount> Register(BookId book, BankAccountId account, const AccountNumber& number,
                                    Actor actor);

  // Books the staged items of statements and matches every open line. `items` are those of `home`
  // that are staged or in suspense.
  StatusOr<std::vector<ItemMove>> Apply(BookId home, std::span<const InboundItemRow> items,
                                        Actor actor);

  StatusOr<std::vector<CashPosition>> Positions();
  StatusOr<std::vector<UnmatchedLine>> Exceptions(Date today);

 private:
  Status ApplyAccount(BookId home, const DepositAccount& account,
                      std::span<const InboundItemRow> items, Actor actor,
                      std::vector<ItemMove>& moves);

  pg::Database app_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  Ledger ledger_;
};

}  // namespace sluice::payments
