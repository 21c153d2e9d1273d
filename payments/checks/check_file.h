// Writes a file of issued checks in a bank's layout, and reads one back by itself.
//
// Writer and reader share the layout as data and no code: the reader takes the finished bytes apart
// and compares them with what was to be written, so that a file leaves only when a second party
// reads the same checks, totals and account out of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "payments/checks/check_issue.h"
#include "payments/checks/check_layout.h"
#include "payments/remittance/finding.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// The checks of one account. InvalidArgument names the check and the field that does not fit, or
// whose name the bank would read as another.
StatusOr<std::string> WriteCheckFile(const CheckLayout& layout, const AccountNumber& account,
                                     Date file_date, std::span<const CheckIssue> checks);

// What a file says. A name is as the file has it: cut, in capitals.
struct ReadChecks {
  std::vector<CheckIssue> checks;
  std::vector<Finding> findings;
};
// Reads finished bytes. Findings name line and column; the account is compared, never shown.
// A date without a century lies in the hundred years that end 20 years after `file_date`.
ReadChecks ReadCheckFile(const CheckLayout& layout, std::string_view name, std::string_view bytes,
                         const AccountNumber& account, Date file_date);

// Every finding of a file that should tell the bank exactly these checks.
std::vector<Finding> VerifyCheckFile(const CheckLayout& layout, std::string_view name,
                                     std::string_view bytes, const AccountNumber& account,
                                     Date file_date, std::span<const CheckIssue> expected);

}  // namespace sluice::payments
