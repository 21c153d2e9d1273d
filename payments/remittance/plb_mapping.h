// Which 835 reason code (PLB03-1) a line of a payment travels under.
//
// Configuration, never code: a contract or trading partner may want another code of the 41 valid
// ones. The default is the mapping of FORMATS section 8.4. The sign is not part of the mapping: a
// PLB amount is always the line's amount with its sign turned round.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/money.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// True for the 41 adjustment reason codes that 005010X221A1 allows in a PLB segment.
bool IsPlbCode(std::string_view code);

// The stable name of a kind in configuration, control files and CSV: "QUALITY_BONUS".
std::string_view LineKindName(LineKind kind);
// The reverse. InvalidArgument names the text.
StatusOr<LineKind> ParseLineKind(std::string_view name);
// The kind in words for a payee: "Quality bonus".
std::string_view LineKindWords(LineKind kind);

// The columns of a statement: earned, withheld (and released), offsets.
enum class StatementColumn : std::uint8_t { kEarned = 0, kWithheld = 1, kOffset = 2 };
StatementColumn ColumnOf(LineKind kind);

class PlbMapping {
 public:
  // The default mapping.
  PlbMapping();
  // InvalidArgument when the code is not one of the 41.
  Status Set(LineKind kind, std::string_view code);
  std::string_view CodeOf(LineKind kind) const;

 private:
  std::array<std::string, kLineKinds> codes_;
};

}  // namespace sluice::payments
