// Whether a taxpayer's name and number fit: the file that asks the authority, and its answer.
//
//   Request, one line each:  type;TIN;name;account      type: 1 EIN, 2 SSN
//   Answer:                  type;TIN;name;account;code
//
// The account is ours: the payee and the date of its form. At most 100,000 lines are asked at once.
// A mismatch stops nothing by itself: backup withholding begins with a notice.
// Source: FORMATS 10.4 (bulk TIN matching).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/secret.h"
#include "core/status.h"
#include "payments/tax/tax_form.h"

namespace sluice::payments {

// What the authority answers. The numbers are theirs.
enum class TinMatchCode : std::int16_t {
  kMatch = 0,
  kMissing = 1,
  kNotIssued = 2,
  kMismatch = 3,
  kBadRequest = 4,
  kDuplicate = 5,
  kMatchSsn = 6,
  kMatchEin = 7,
  kMatchBoth = 8,
};
inline constexpr int kTinMatchCodes = 9;
// "name and number do not fit".
std::string_view TinMatchText(TinMatchCode code);
bool IsMatch(TinMatchCode code);

struct TinMatchRequest {
  PayeeId payee;
  Date certified_on{};
  TinKind kind = TinKind::kEin;
  SecretString tin;
  std::string name;
};
// InvalidArgument above 100,000 lines. The text holds numbers of taxpayers.
StatusOr<SecretString> WriteTinMatchRequest(std::span<const TinMatchRequest> requests);

struct TinMatchAnswer {
  PayeeId payee;
  Date certified_on{};
  TinMatchCode code{};
};
// InvalidArgument names the line and what is wrong with it, never a number of a taxpayer.
StatusOr<std::vector<TinMatchAnswer>> ReadTinMatchAnswer(std::string_view text);

}  // namespace sluice::payments
