// Lines of a bank statement that say a check was paid, against the register of checks. Pure.
//
//   1. A line pays the check whose number is its customer reference: to the cent, once, while the
//      check is outstanding and the bank has the file that announced it.
//   2. Everything else is an exception with a name, and pays nothing. An amount alone never finds a
//      check.
// Source: FORMATS 10.1, 10.2 (type code 475); PRODUCT R06.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "payments/checks/check_issue.h"

namespace sluice::payments {

// Whether a line of this BAI2 type code is about one check that was paid.
bool SaysCheckPaid(std::string_view type_code);
// The number that a reference is: digits, with leading zeros or without, spaces around aside. None
// for any other text, and for a number that no check can have.
std::optional<std::int64_t> CheckNumberOf(std::string_view reference);

enum class PaidCheckVerdict {
  kPaid,           // the line pays the check
  kNoNumber,       // its reference is no check number
  kUnknownNumber,  // no such check was issued on this account
  kWrongAmount,    // the check is of another amount
  kVoid,           // the check was stopped
  kStale,          // the check was ended as stale
  kSpoiled,        // the check never left
  kPaidTwice,      // another line has paid it
  kNotSent,        // the bank has not got the file that announces it, as far as we know
};
// "CHECK_PAID", "CHECK_WRONG_AMOUNT".
std::string_view PaidCheckVerdictName(PaidCheckVerdict verdict);

struct RegisteredCheck {
  std::int64_t number = 0;
  Money amount;
  CheckState state = CheckState::kOutstanding;
  bool sent = false;  // its file was delivered
};

struct PaidCheckLine {
  std::string reference;  // the customer reference
  Money amount;
};

struct PaidCheckRuling {
  PaidCheckVerdict verdict = PaidCheckVerdict::kNoNumber;
  std::optional<std::size_t> check;  // index into the register; none when it has no such check
  std::string reason;                // what is wrong and what to do; empty for kPaid
};

// One ruling for each line, in their order: of two lines that fit one check the first pays it.
// `checks` are those of the account with the numbers of the lines, each once.
std::vector<PaidCheckRuling> RulePaidChecks(std::span<const PaidCheckLine> lines,
                                            std::span<const RegisteredCheck> checks);

}  // namespace sluice::payments
