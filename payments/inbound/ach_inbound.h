// Reads the ACH files that a bank sends: returns, notices of change, dishonored and contested
// returns, our own entries sent back with a reject code, and empty deliveries.
//
//   1. Parsing and checks are those of remittance/ach_reader.h; here each finding becomes a fault
//      with a scope, and each entry an item with its match key.
//   2. Several files in one delivery are read one after the other; each has its own faults.
//   3. An item is usable when no fault of its record, its batch or its file stops it.
//   4. Control totals that are there must be right, or nothing of the file is used. A batch without
//      any control total over it is not used either: nothing vouches for its money.
//   5. No account number is in an item or a message; the corrected data of a notice of change is a
//      secret.
// Source: FORMATS sections 5, 6, 7 and 11 (48, 49).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/secret.h"
#include "payments/inbound/fault.h"

namespace sluice::payments {

// What an entry of a bank's file tells us. The numbers are stored.
enum class AchItemKind : std::int16_t {
  kReturn = 1,         // R01 to R53, R80 to R85, R90: the money comes back
  kChange = 2,         // C01 to C14: the account data is to be corrected
  kDishonored = 3,     // R61 to R70: the ODFI sent a return back
  kContested = 4,      // R71 to R77: the RDFI contests the dishonor
  kChangeRefused = 5,  // C61 to C69
  kReject = 6,         // our own entry, refused by our bank before it left
  kForward = 7,        // an entry that is none of these: somebody else's debit or credit
};
// "return", "notice of change", ...
std::string_view AchItemKindName(AchItemKind kind);

struct AchItem {
  AchItemKind kind = AchItemKind::kForward;
  std::size_t record = 0;  // line of its 6 record in the delivery
  std::size_t batch = 0;   // of its file, from 1
  std::string code;        // "R03", "C01"; for a reject the bank's four digits
  bool known_code = true;
  // The match key. A reject tells the last seven digits of the trace only; the rest is blank.
  std::string original_trace;  // 15 digits
  std::string original_rdfi;   // 8 digits
  Money amount;
  std::string company_id;
  std::string identification;  // 40-54 of the entry: our payment key, where it was kept
  bool debit = false;          // the entry was a debit (a reversal of ours, or somebody else's)
  std::string entry_trace;     // of the returning entry
  std::string disputed_trace;  // of the return that a dishonored or contested one is about
  std::string information;     // 36-79 of a return, with long runs of digits masked
  std::optional<Date> death;   // R14, R15
  SecretString corrected;      // the 29 columns of a notice of change
  FaultScope stopped = FaultScope::kDeviation;  // the worst fault over it
  std::string stop_reason;                      // that fault's message

  bool IsUsable() const { return stopped == FaultScope::kDeviation; }
};

struct AchInboundFile {
  std::size_t first_line = 1;  // in the delivery
  std::string origin;          // immediate origin, without blanks
  std::string created;         // YYMMDD, as it stands
  std::vector<AchItem> items;
  std::vector<InboundFault> faults;
  // A header and a control of zeros: the bank had nothing for us.
  bool empty = false;
};

// The files of a delivery, in their order; one at least. `name` is for messages.
std::vector<AchInboundFile> ReadInboundAch(std::string_view name, std::string_view bytes);

// Cuts a delivery where a file header follows a file control or its padding. Each part is a view
// into `bytes`; `line` is the number of its first line.
struct AchPart {
  std::string_view bytes;
  std::size_t line = 1;
};
std::vector<AchPart> SplitAchDelivery(std::string_view bytes);

// The text with every run of more than five digits turned into "*" and its last four.
std::string MaskDigits(std::string_view text);

}  // namespace sluice::payments
