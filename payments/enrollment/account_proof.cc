#include "payments/enrollment/account_proof.h"

#include <array>

#include "core/check.h"

namespace sluice::payments {

std::string_view AccountProofKindName(AccountProofKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"", "prenote", "micro-deposits",
                                                      "bank letter", "conversion"};
  return kNames.at(static_cast<std::size_t>(kind));
}

StatusOr<AccountProofKind> ParseRecordedProof(std::string_view name) {
  if (name == "bank-letter") return AccountProofKind::kBankLetter;
  if (name == "conversion") return AccountProofKind::kConversion;
  return InvalidArgument("a proof is bank-letter or conversion, not \"{}\"", name);
}

std::optional<Date> HoldUntil(const BankAccount& account, const AccountControls& controls,
                              Date today) {
  if (account.is_first) return std::nullopt;
  return today + Days(controls.hold_days);
}

std::string_view AccountAlertKindName(AccountAlertKind kind) {
  switch (kind) {
    case AccountAlertKind::kShared:
      return "SHARED_ACCOUNT";
    case AccountAlertKind::kNobodyToTell:
      return "NOBODY_TO_TELL";
    case AccountAlertKind::kContactsChanged:
      return "CONTACTS_CHANGED";
  }
  CHECK(false);
}

}  // namespace sluice::payments
