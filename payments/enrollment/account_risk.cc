#include "payments/enrollment/account_risk.h"

#include "payments/screening/name_match.h"

namespace sluice::payments {

bool IsSameHolder(std::string_view holder, std::string_view legal_name,
                  std::string_view business_name) {
  const std::string signature = SignatureOf(SplitName(holder));
  if (signature.empty()) return false;
  return signature == SignatureOf(SplitName(legal_name)) ||
         signature == SignatureOf(SplitName(business_name));
}

Status CheckHolder(std::string_view holder, std::string_view tin,
                   const std::optional<CertifiedHolder>& certified) {
  if (!certified) return OkStatus();
  if (!IsSameHolder(holder, certified->legal_name, certified->business_name)) {
    return FailedPrecondition(
        "the account is held by \"{}\" and the W-9 is of \"{}\": get a W-9 of the holder, or an "
        "account of the taxpayer",
        holder, certified->legal_name);
  }
  if (!certified->tin_last4.empty() && !tin.ends_with(certified->tin_last4)) {
    return FailedPrecondition(
        "the payee is enrolled with another TIN than the W-9, which ends {}: correct one of them",
        certified->tin_last4);
  }
  return OkStatus();
}

AccountRisk ScoreAccount(const AccountRiskFacts& facts) {
  AccountRisk risk;
  const auto add = [&](bool applies, int points, std::string_view reason) {
    if (!applies) return;
    risk.score += points;
    risk.reasons.push_back(fmt::format("{} ({})", reason, points));
  };
  add(!facts.has_tax_form, 40, "no W-9 on file");
  add(!facts.holder_matches, 60, "held by another name than that of the W-9");
  add(!facts.institution_known, 10, "no directory names the institution");
  add(facts.consumer_account_of_organization, 40, "a consumer account of an organization");
  add(facts.shared_with_other_taxpayer, 60, "another taxpayer has the same account");
  add(facts.shared_with_same_taxpayer, 10, "another payee of the taxpayer has the same account");
  add(!facts.somebody_to_tell, 20, "no contact to tell of it");
  add(facts.contacts_changed_lately, 40, "contacts changed in the days before");
  return risk;
}

std::string AccountRisk::ToString() const {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

}  // namespace sluice::payments
