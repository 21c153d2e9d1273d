#include "payments/payee.h"

#include <algorithm>

namespace sluice::payments {
namespace {

bool AllDigits(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Luhn over "80840" and the NPI (45 CFR 162.408 and the NPI check digit rule).
bool ValidNpi(const std::string& npi) {
  if (npi.size() != 10 || !AllDigits(npi)) return false;
  int sum = 24;  // what the prefix 80840 adds
  for (std::size_t i = 0; i < 10; ++i) {
    int digit = npi[i] - '0';
    if (i % 2 == 0) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10 == 0;
}

}  // namespace

std::optional<PayeeId> PayeeDirectory::At(const ShareOwner& owner) const {
  const auto found = payees_.find(owner);
  if (found == payees_.end()) return std::nullopt;
  return found->second;
}

std::optional<PayeeId> PayeeDirectory::Find(const ShareOwner& owner) const {
  for (const ShareOwner& key :
       {owner, ShareOwner{owner.party, owner.under, ""}, ShareOwner{owner.party, {}, owner.role},
        ShareOwner{owner.party, {}, ""}}) {
    if (const auto found = At(key)) return found;
  }
  return std::nullopt;
}

std::vector<PayeeId> PayeeDirectory::All() const {
  std::vector<PayeeId> all;
  all.reserve(payees_.size());
  for (const auto& [owner, payee] : payees_) all.push_back(payee);
  return all;
}

Status ValidatePayee(const Payee& payee) {
  if (payee.name.empty()) return InvalidArgument("payee {} has no name", payee.id);
  if (payee.under == payee.party) {
    return InvalidArgument("payee {} ({}): a party is not under itself", payee.id, payee.name);
  }
  if (payee.tin.size() != 9 || !AllDigits(payee.tin)) {
    return InvalidArgument("payee {} ({}): the TIN must have nine digits", payee.id, payee.name);
  }
  if (!payee.npi.empty() && !ValidNpi(payee.npi)) {
    return InvalidArgument("payee {} ({}): NPI {} has a wrong length or check digit", payee.id,
                           payee.name, payee.npi);
  }
  const PostalAddress& at = payee.address;
  const bool any = !at.street.empty() || !at.city.empty() || !at.state.empty() || !at.zip.empty();
  if (any && (at.street.empty() || at.city.empty() || at.state.size() != 2 ||
              (at.zip.size() != 5 && at.zip.size() != 9) || !AllDigits(at.zip))) {
    return InvalidArgument(
        "payee {} ({}): an address needs a street, a city, a two-letter state and a ZIP code "
        "of 5 or 9 digits",
        payee.id, payee.name);
  }
  return OkStatus();
}

}  // namespace sluice::payments
