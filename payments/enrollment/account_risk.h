// What speaks against a new bank account: whether its holder is the payee, and how risky it is.
//
//   1. The holder's name is that of the W-9, its legal or its business name, but for legal forms,
//      case, accents, punctuation and the order of words. Another name, or another TIN, stops the
//      account until the form or the W-9 is corrected.
//   2. A first account is approved by a second person when its score is above kSecondPersonScore; a
//      change always is.
//   3. The score is a sum of whole points, each with its reason.
// Source: LEDGER_RELIABILITY_SECURITY 8.3, PRODUCT M12. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice::payments {

inline constexpr int kSecondPersonScore = 30;

// Rule 1, for the names of the W-9. Empty names are the same as nothing.
bool IsSameHolder(std::string_view holder, std::string_view legal_name,
                  std::string_view business_name);

// What the W-9 that holds says.
struct CertifiedHolder {
  std::string legal_name;
  std::string business_name;
  std::string tin_last4;
};
// FailedPrecondition says which differs and what to do. Ok without a W-9: nothing is paid then.
Status CheckHolder(std::string_view holder, std::string_view tin,
                   const std::optional<CertifiedHolder>& certified);

struct AccountRiskFacts {
  bool has_tax_form = true;
  bool holder_matches = true;
  bool institution_known = true;  // a directory is there and has the routing number
  bool consumer_account_of_organization = false;
  bool shared_with_other_taxpayer = false;
  bool shared_with_same_taxpayer = false;
  bool somebody_to_tell = true;  // an active contact is on file
  bool contacts_changed_lately = false;
};

struct AccountRisk {
  int score = 0;
  std::vector<std::string> reasons;  // "no W-9 on file (40)"

  bool NeedsSecond(bool is_first) const { return !is_first || score > kSecondPersonScore; }
  std::string ToString() const;  // the reasons, "; " between them
};
AccountRisk ScoreAccount(const AccountRiskFacts& facts);

}  // namespace sluice::payments
