// Looks at new account versions as they come in: what speaks against them, whom to tell, what to
// alert about. One object for the versions of one call, within its transaction.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/contact.h"
#include "payments/enrollment/account_proof_store.h"
#include "payments/enrollment/account_risk.h"
#include "payments/notices/notice.h"
#include "payments/payee_store.h"

namespace sluice::payments {

// A version about to be stored, with what only its number tells.
struct NewAccount {
  BankAccount account;
  std::string routing_number;
  Digest blind_index{};
  bool from_bank = false;  // proposed by the payee's bank, not by the payee
};

class AccountIntake {
 public:
  AccountIntake(pg::Transaction& tx, PayerId payer, Instant now)
      : tx_(tx), payer_(payer), now_(now) {}

  // Fills institution, holder, whether it is the payee's first, the risk and who approves.
  // InvalidArgument for a routing number that the directory does not have, NotFound for an unknown
  // payee, FailedPrecondition for a change within a day of a change of contacts.
  Status Assess(std::span<NewAccount> accounts);
  // Alerts, and notices of changes. After the versions were stored.
  void Tell(std::span<const NewAccount> accounts, IdGenerator& ids);

 private:
  void Load(std::span<const NewAccount> accounts);
  Status AssessOne(NewAccount& fresh);
  Status CheckInstitution(NewAccount& fresh, bool& known) const;
  void LoadContacts(const std::vector<PartyId>& parties, int days_ago);
  const std::vector<hierarchy::Contact>& Contacts(const Payee& payee, int days_ago);
  bool ContactsChanged(const Payee& payee);
  void Notify(const BankAccount& account, const Payee& payee, IdGenerator& ids);
  void Alert(AccountAlertKind kind, const BankAccount& account, std::string detail,
             std::optional<PayeeId> other, IdGenerator& ids);

  pg::Transaction& tx_;
  PayerId payer_;
  Instant now_;
  std::map<PayeeId, Payee> payees_;
  std::map<PayeeId, std::string> holders_;  // of the newest version
  std::set<PayeeId> had_account_;
  std::map<PayeeId, CertifiedHolder> certified_;
  std::optional<InstitutionImport> directory_;
  std::map<std::string, Institution> institutions_;
  std::multimap<Digest, AccountUser> users_;
  std::map<std::pair<PartyId, int>, std::vector<hierarchy::Contact>> contacts_;
  std::vector<PayeeNotice> notices_;
  std::vector<AccountAlert> alerts_;
};

}  // namespace sluice::payments
