// Everything about a bank file that differs from bank to bank (FORMATS section 0, decision 7).
//
// Bytes that the bank assigned (immediate destination and origin, company id) are kept exactly as
// assigned: ten characters, blanks included. Nothing here is derived from anything else.
#pragma once

#include <cstdint>
#include <string>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

enum class LineEnd : std::uint8_t { kLf = 0, kCrLf = 1, kNone = 2 };

// Whether the operator refuses the whole file or only the batch for a fault in a batch.
enum class RejectLevel : std::uint8_t { kFile = 0, kBatch = 1 };

struct BankProfile {
  std::string immediate_destination;       // exactly 10 characters
  std::string immediate_origin;            // exactly 10 characters
  std::string destination_name;            // at most 23
  std::string origin_name;                 // at most 23
  std::string company_name;                // at most 16; the plan's name as the receiver knows it
  std::string company_discretionary_data;  // at most 20
  std::string company_id;                  // exactly 10, for instance "1" and the EIN
  std::string trn_company_id;              // "1" and the payer's EIN: TRN03 in addenda and 835
  std::string odfi_routing_number;         // 9 digits; the batch carries the first 8
  AccountNumber funding_account;           // 835 BPR09, and the offset entry of a balanced file
  AccountKind funding_account_kind = AccountKind::kChecking;
  LineEnd line_end = LineEnd::kLf;
  bool balanced = false;  // true: each batch ends with an offsetting debit, class 200
  RejectLevel reject_level = RejectLevel::kFile;
  bool same_day = false;  // the bank offers same-day entries to us
  Money entry_limit = Money::FromCents(99'999'999'99);
  Money same_day_entry_limit = Money::FromCents(1'000'000'00);
  Money batch_limit = Money::FromCents(9'999'999'999'99);
  Money file_limit = Money::FromCents(9'999'999'999'99);
  Money day_limit = Money::FromCents(9'999'999'999'99);
  std::int64_t file_line_limit = 10'000;  // lines with padding
  int cut_off_minute = 18 * 60;           // minutes after midnight, Eastern time
};

// InvalidArgument names the field, its value and the rule. Called before a file is written.
Status CheckBankProfile(const BankProfile& profile);

// The check digit of the first eight digits of a routing number (weights 3 7 1), '0' to '9'.
// Requires: `eight` holds 8 digits.
char RoutingCheckDigit(std::string_view eight);
// True for 9 digits with the right check digit and a prefix that a payee may have (01-12, 21-32,
// 61-72; FORMATS section 1).
bool IsPayeeRoutingNumber(std::string_view routing_number);

}  // namespace sluice::payments
