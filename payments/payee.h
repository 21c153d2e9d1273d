// Payees: who is paid, and where to write to them.
//
// A payee is the payment side of a party. Most parties have one. Who is paid to several accounts
// has a payee for each: for the work under one party (a doctor in two practices), in one role of a
// split (physician, medical director), or both. A party without a payee is paid through its nearest
// ancestor that has one, along the path of its share. The TIN here is that of the taxpayer who
// receives the income; it goes to no file name and no log.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// Whose share it is: of a party, under the party above it, in a role pool of the split. As the key
// of a payee: no parent means under everybody, no role in every role.
struct ShareOwner {
  PartyId party;
  PartyId under;
  std::string role;
  friend auto operator<=>(const ShareOwner&, const ShareOwner&) = default;
};

struct Payee {
  PayeeId id;
  PartyId party;
  PayeeKind kind = PayeeKind::kOrganization;
  std::string name;
  std::string tin;        // 9 digits
  std::string npi;        // 10 digits, or empty when the payee has none
  bool provider = false;  // a health care provider: gets an 835 with the payment
  PostalAddress address;
  PartyId under;     // unset: under everybody
  std::string role;  // empty: in every role

  ShareOwner Owner() const { return {party, under, role}; }
};

// The payees of some parties.
class PayeeDirectory {
 public:
  void Add(const ShareOwner& owner, PayeeId payee) { payees_.emplace(owner, payee); }
  // The payee of exactly this owner.
  std::optional<PayeeId> At(const ShareOwner& owner) const;
  // The narrowest payee that fits: by parent and role, by parent, by role, then the party's.
  std::optional<PayeeId> Find(const ShareOwner& owner) const;
  std::vector<PayeeId> All() const;

  // Who is paid after all, where preferences may name another payee (routing/preference.h).
  using Preferences = std::function<PayeeId(const ShareOwner&, PayeeId)>;
  void SetPreferences(Preferences preferences) { preferences_ = std::move(preferences); }
  PayeeId AfterPreferences(const ShareOwner& owner, PayeeId usual) const {
    return preferences_ ? preferences_(owner, usual) : usual;
  }

 private:
  std::map<ShareOwner, PayeeId> payees_;
  Preferences preferences_;
};

// InvalidArgument names the payee and the field that no bank or 835 would accept.
Status ValidatePayee(const Payee& payee);

}  // namespace sluice::payments
