#include "payments/remittance/bank_profile.h"

#include <algorithm>
#include <string_view>

#include "core/check.h"

namespace sluice::payments {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

bool IsBlankOrZero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '0'; });
}

Status CheckText(std::string_view field, std::string_view value, std::size_t most) {
  if (value.size() > most) {
    return InvalidArgument("bank profile: {} \"{}\" is longer than {} characters", field, value,
                           most);
  }
  if (!std::ranges::all_of(value, IsPrintable)) {
    return InvalidArgument("bank profile: {} holds a character outside ASCII 20-7E", field);
  }
  return OkStatus();
}

Status CheckAssigned(std::string_view field, std::string_view value) {
  if (value.size() != 10) {
    return InvalidArgument(
        "bank profile: {} \"{}\" must be exactly 10 characters, blanks included, as the bank "
        "assigned it",
        field, value);
  }
  if (IsBlankOrZero(value)) return InvalidArgument("bank profile: {} is blank or zeros", field);
  return CheckText(field, value, 10);
}

Status CheckLimits(const BankProfile& profile) {
  const Money zero;
  if (profile.entry_limit <= zero || profile.entry_limit > Money::FromCents(99'999'999'99)) {
    return InvalidArgument("bank profile: entry_limit {} must be above 0 and at most 99,999,999.99",
                           profile.entry_limit);
  }
  const Money most = Money::FromCents(9'999'999'999'99);
  if (profile.batch_limit <= zero || profile.batch_limit > most || profile.file_limit <= zero ||
      profile.file_limit > most) {
    return InvalidArgument(
        "bank profile: batch_limit {} and file_limit {} must be above 0 and at most "
        "9,999,999,999.99",
        profile.batch_limit, profile.file_limit);
  }
  if (profile.entry_limit > profile.batch_limit || profile.batch_limit > profile.file_limit) {
    return InvalidArgument(
        "bank profile: entry_limit {} <= batch_limit {} <= file_limit {} does not hold",
        profile.entry_limit, profile.batch_limit, profile.file_limit);
  }
  if (profile.file_line_limit < 10) {
    return InvalidArgument("bank profile: file_line_limit {} must be at least 10",
                           profile.file_line_limit);
  }
  return OkStatus();
}

}  // namespace

char RoutingCheckDigit(std::string_view eight) {
  CHECK(eight.size() == 8);
  constexpr int kWeights[] = {3, 7, 1, 3, 7, 1, 3, 7};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += kWeights[i] * (eight[i] - '0');
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool IsPayeeRoutingNumber(std::string_view routing_number) {
  if (routing_number.size() != 9 || !std::ranges::all_of(routing_number, IsDigit)) return false;
  const int prefix = (routing_number[0] - '0') * 10 + (routing_number[1] - '0');
  const bool known = (prefix >= 1 && prefix <= 12) || (prefix >= 21 && prefix <= 32) ||
                     (prefix >= 61 && prefix <= 72);
  return known && RoutingCheckDigit(routing_number.substr(0, 8)) == routing_number[8];
}

Status CheckBankProfile(const BankProfile& profile) {
  RETURN_IF_ERROR(CheckAssigned("immediate_destination", profile.immediate_destination));
  RETURN_IF_ERROR(CheckAssigned("immediate_origin", profile.immediate_origin));
  RETURN_IF_ERROR(CheckAssigned("company_id", profile.company_id));
  if (profile.trn_company_id.size() != 10 || profile.trn_company_id[0] != '1' ||
      !std::ranges::all_of(profile.trn_company_id, IsDigit)) {
    return InvalidArgument("bank profile: trn_company_id \"{}\" must be \"1\" and the payer's EIN",
                           profile.trn_company_id);
  }
  RETURN_IF_ERROR(CheckText("destination_name", profile.destination_name, 23));
  RETURN_IF_ERROR(CheckText("origin_name", profile.origin_name, 23));
  RETURN_IF_ERROR(CheckText("company_name", profile.company_name, 16));
  RETURN_IF_ERROR(CheckText("company_discretionary_data", profile.company_discretionary_data, 20));
  if (IsBlankOrZero(profile.company_name)) {
    return InvalidArgument("bank profile: company_name is blank or zeros");
  }
  if (!IsPayeeRoutingNumber(profile.odfi_routing_number)) {
    return InvalidArgument("bank profile: odfi_routing_number \"{}\" is not a valid routing number",
                           profile.odfi_routing_number);
  }
  if (profile.balanced && profile.funding_account.IsEmpty()) {
    return InvalidArgument("bank profile: a balanced file needs the funding_account to debit");
  }
  return CheckLimits(profile);
}

}  // namespace sluice::payments
