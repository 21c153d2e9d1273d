// The three-way match of a run: deposit = remittance = ledger, payment by payment. Pure.
//
//   1. Deposit: the bank took the payment's amount. An ACH entry of that amount stands in a file of
//      which the bank's statement shows all that left in it, and no more; a check was paid by a
//      line of the statement.
//   2. Remittance: an 835 or a statement that explains the payment is delivered, and each of them
//      says the payment's amount.
//   3. Ledger: DISBURSE of that amount is posted, and nothing of its bank file is in transit.
//   4. A payment that never left (stopped, refused by the bank, void, stale) matches when the bank
//      shows nothing of it. A notice of zero needs its remittance alone.
//   5. A line that paid a check of the run and does not settle it is a gap of the run.
// The run is whole when there is no gap; until then it does not close.
// Source: PRODUCT P4; FORMATS 11 (rule 47); LEDGER_RELIABILITY_SECURITY 1 (P4), 5.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "payments/disbursement.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// An 835 or a statement with the payment in it.
struct RemittanceCopy {
  FileKind kind{};
  FileState state{};
  Money amount;
};

struct PaymentEvidence {
  DisbursementId id;
  std::string key;
  PayeeId payee;
  Rail rail = Rail::kNone;
  DisbursementState state{};
  Money amount;                       // zero: a notice
  std::optional<PaymentFileId> file;  // the bank file
  std::optional<Money> entry;         // in the bank file: an ACH entry, a check in the register
  std::optional<Money> paid_by_line;  // of a check: what a line of the statement settled
  std::vector<RemittanceCopy> copies;
  Money disbursed;  // DISBURSE in the ledger
};

struct BankFileEvidence {
  PaymentFileId id;
  std::string name;
  FileKind kind{};
  Money by_statement;  // lines of statements, with the returns that the bank kept out of them
  Money by_hand;       // settlement that was posted from a statement by hand
  Money in_transit;    // left in the ledger
};

// An open line of a statement that names a check of the run.
struct OpenCheckLine {
  Date as_of{};
  std::int64_t number = 0;
  Money amount;
  std::string name;  // "CHECK_VOID"
  std::string what;
};

struct RunEvidence {
  std::vector<PaymentEvidence> payments;  // by id
  std::vector<BankFileEvidence> files;
  std::vector<OpenCheckLine> open_checks;
};

enum class MatchLeg { kDeposit, kRemittance, kLedger };
// "deposit", "remittance", "ledger".
std::string_view MatchLegName(MatchLeg leg);

struct ThreeWayGap {
  MatchLeg leg{};
  std::string what;  // names the payment, file or check, and what is missing
};

struct ThreeWayRow {
  DisbursementId id;
  std::string key;
  PayeeId payee;
  DisbursementState state{};
  Money amount;
  bool left = true;  // the money did, or is to
  // What each side shows; none where it shows nothing, or something that does not add up.
  std::optional<Money> deposit, remittance, ledger;
  bool matched = false;
};

struct ThreeWayMatch {
  std::vector<ThreeWayRow> rows;  // as in the evidence
  std::vector<ThreeWayGap> gaps;
  Money deposit, remittance, ledger;  // sums over the payments that left
  std::int64_t matched = 0;           // rows

  bool IsWhole() const { return gaps.empty(); }
};

ThreeWayMatch MatchThreeWays(const RunEvidence& evidence);

// Ok when it is whole. FailedPrecondition names the run, how much of it matches, and what is
// missing (the first five, and how many there are).
Status RequireWhole(const ThreeWayMatch& match, RunId run);

}  // namespace sluice::payments
