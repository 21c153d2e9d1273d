// Enrolls payees and changes their bank accounts, one transaction each.
//
//   1. Nothing of a call is stored when one of its rows is refused; the message names the row.
//   2. A bank account is paid only after it went SUBMITTED, VALIDATING, APPROVED, ACTIVE, and the
//      person who submitted it is not the one who approved or activated it.
//   3. Activating a version supersedes the payee's active one in the same transaction. A version
//      becomes active on its date, not before: until then the old one stays in use.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/bank_account.h"
#include "payments/bank_account_vault.h"
#include "payments/key_provider.h"
#include "payments/payee.h"
#include "payments/payee_store.h"
#include "payments/tax/tax_form.h"

namespace sluice::payments {

// A new account of a payee, or a new version of one (`account` set).
struct BankAccountRequest {
  PayeeId payee;
  std::optional<BankAccountId> account;
  BankAccountDetails details;
  AccountOwnership ownership = AccountOwnership::kBusiness;
  AccountKind kind = AccountKind::kChecking;
  Date effective_from{};
};

class PayeeService {
 public:
  PayeeService(pg::Database database, PayerId payer, const KeyProvider& keys, Clock& clock,
               IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), keys_(keys), clock_(clock), ids_(ids) {}

  // Ids are made here; the payees come back in the order given. AlreadyExists when a party has a
  // payee already, under the same parent and in the same role. They are screened against the lists
  // in force, and held where one may be listed.
  StatusOr<std::vector<Payee>> AddPayees(std::vector<Payee> payees, Actor actor);

  // Records W-9s, as tax/tax_service.h says.
  Status RecordTaxForms(std::span<const TaxForm> forms, Actor actor);

  // Seals and stores the numbers; the versions start SUBMITTED.
  StatusOr<std::vector<BankAccount>> SubmitBankAccounts(
      std::span<const BankAccountRequest> requests, Actor actor);

  // Moves versions by one command, all or none. `today` is the business date: activation waits for
  // a version's date.
  struct Change {
    BankAccountCommand command{};
    std::string reason;
    Date today{};
  };
  Status ChangeBankAccounts(std::span<const AccountVersion> versions, const Change& change,
                            Actor actor);

  // Payees whose accounts have the same number: for a person to look at.
  StatusOr<std::vector<SharedAccount>> FindShared();

 private:
  StatusOr<AccountSealer> LoadSealer();

  pg::Database database_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
};

// The current data key of a payer for a purpose, made when there is none. Two processes that ask
// at once get the same one.
StatusOr<DataKey> EnsureDataKey(const pg::Database& database, PayerId payer, DataKeyPurpose purpose,
                                const KeyProvider& keys, Clock& clock, IdGenerator& ids);
// All data keys of a payer, unwrapped: for the file builder.
StatusOr<std::vector<DataKey>> UnwrapDataKeys(const pg::Database& database, PayerId payer,
                                              const KeyProvider& keys);

}  // namespace sluice::payments
