// Ties the lines of a bank statement to what we expect of the bank. Pure.
//
// Rules, each over what the ones before left open; a line and a target are used once:
//   1. `booked`: a cash journal that is in the ledger already, of the same direction and amount.
//   2. `reference`: same direction and amount, and the bank names the target.
//   3. `day`: same direction, amount and day.
//   4. `amount`: same direction and amount, at most five banking days apart, and neither has
//      another candidate.
//   5. `sum of several`: a line is exactly the sum of targets of one kind (a bank that settles
//      several files at once), or several lines of a day are one target (one that settles a file by
//      batch).
//   6. `netted`: a debit is a file less returns that the bank kept for itself.
// Where more than one choice adds up, nobody chooses: the line stays open for a person.
// A line that says a check was paid is left out of all of them: it pays the check that it names
// (payments/checks/paid_check.h), never a file or a journal of the same amount.
// Source: FORMATS 10.2, LEDGER_RELIABILITY_SECURITY 2.4 (SETTLE, SETTLE_NETTED, RETURN_CASH).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "payments/inbound/bai2_reader.h"

namespace sluice::payments {

struct OpenBankLine {
  std::int64_t id = 0;
  BankDirection direction = BankDirection::kNone;
  Money amount;
  Date as_of{};
  std::string text;         // references and text together
  bool posted = false;      // the ledger has a cash journal of this very line
  bool check_paid = false;  // SaysCheckPaid
};

// The numbers are stored.
enum class BankTargetKind : std::int16_t {
  kFile = 1,      // a payment file in transit: a debit of what is left of it
  kReturned = 2,  // a returned payment whose money is still due: a credit
  kBooked = 3,    // a cash journal without a statement line
  kFunding = 4,   // a deposit that was announced for a pool (payments/pools)
  kCheck = 5,     // an outstanding check: a debit of its amount
  // Only a person says these (payments/reconciliation/line_split.h):
  kLine = 6,        // another line of the account, the other way
  kFee = 7,         // the bank's fee, borne by a pool
  kInterest = 8,    // the bank's interest, to a pool
  kRefund = 9,      // a payee pays back
  kOverpaid = 10,   // a payee got what it is not owed, and owes it
  kPool = 11,       // a deposit that funds a pool, without an instruction
  kTakenBack = 12,  // money of a return that is un-applied: a debit
  kReversal = 13,   // of a payment that we took back: a credit; when it bounced after it, a debit
};

struct BankTarget {
  BankTargetKind kind{};
  std::int64_t id = 0;
  BankDirection direction = BankDirection::kNone;
  Money amount;
  Date date{};
  std::vector<std::string> references;  // any of them in a line's text names the target
};

struct BankMatch {
  std::size_t line = 0;    // index into the lines
  std::size_t target = 0;  // index into the targets
  Money amount;            // of the line that it explains; of a netted return, what was kept
  std::string_view rule;
  bool netted = false;
};

std::vector<BankMatch> MatchBankLines(std::span<const OpenBankLine> lines,
                                      std::span<const BankTarget> targets);

}  // namespace sluice::payments
