// Enrolls payees and changes their bank accounts, one transaction each.
//
//   1. Nothing of a call is stored when one of its rows is refused; the message names the row.
//   2. A bank account is paid only after it went SUBMITTED, VALIDATING, APPROVED, ACTIVE, and the
//      person who submitted it is not the one who approved or activated it.
//   3. A version is approved only with a proof, and with the name and TIN of the W-9. A change
//   waits
//      for its hold after that, and is told to the contacts that were known before it.
//   4. Activating a version supersedes the payee's active one in the same transaction. A version
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
#include "payments/enrollment/account_proof.h"
#include "payments/enrollment/account_proof_store.h"
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
  std::string holder_name = {};  // whose account it is; empty: as before, or the payee's own name
  bool from_bank = false;        // a notice of change proposes it, not the payee
};

class PayeeService {
 public:
  PayeeService(pg::Database database, PayerId payer, const KeyProvider& keys, Clock& clock,
               IdGenerator& ids, AccountControls controls = {})
      : database_(database.ForPayer(payer)),
        payer_(payer),
        keys_(keys),
        clock_(clock),
        ids_(ids),
        controls_(controls) {}

  // Ids are made here; the payees come back in the order given. AlreadyExists when a party has a
  // payee already, under the same parent and in the same role. They are screened against the lists
  // in force, and held where one may be listed.
  StatusOr<std::vector<Payee>> AddPayees(std::vector<Payee> payees, Actor actor);

  // Records W-9s, as tax/tax_service.h says.
  Status RecordTaxForms(std::span<const TaxForm> forms, Actor actor);

  // Seals and stores the numbers; the versions start SUBMITTED, with what speaks against them.
  // Raises alerts, and queues notices of changes. InvalidArgument for a routing number that the
  // directory does not have.
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

  // A person proves versions that are VALIDATING: by a bank letter or as converted. The one who
  // submitted a version does not, where it needs a second person.
  struct RecordedProof {
    AccountProofKind kind = AccountProofKind::kBankLetter;
    std::string detail;  // what was seen, and who was called back
    Date today{};
  };
  Status RecordProof(std::span<const AccountVersion> versions, const RecordedProof& proof,
                     Actor actor);

  StatusOr<std::vector<AccountAlert>> Alerts(bool open_only = true);
  // FailedPrecondition when it was cleared before.
  Status ClearAlert(std::int64_t alert, const std::string& note, Actor actor);
  // All versions of a payee's accounts, by account and version.
  StatusOr<std::vector<BankAccount>> Accounts(PayeeId payee);

  // Takes a directory of institutions, whole or not at all; the number of its rows. A file that is
  // there already changes nothing.
  StatusOr<std::int64_t> ImportInstitutions(const std::string& name, std::string_view bytes,
                                            Date as_of, Actor actor);

  // Payees whose accounts have the same number: for a person to look at.
  StatusOr<std::vector<SharedAccount>> FindShared();

 private:
  pg::Database database_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  AccountControls controls_;
};

// The same inside the caller's transaction, for a use case that does more in it.
StatusOr<std::vector<BankAccount>> SubmitBankAccounts(pg::Transaction& tx, PayerId payer,
                                                      std::span<const BankAccountRequest> requests,
                                                      const AccountSealer& sealer,
                                                      const Recorded& recorded, IdGenerator& ids);
Status ChangeBankAccounts(pg::Transaction& tx, PayerId payer,
                          std::span<const AccountVersion> versions,
                          const PayeeService::Change& change, const AccountControls& controls,
                          const Recorded& recorded);

// What seals the numbers of a payer. Its keys are made when there are none, in a transaction of
// their own.
StatusOr<AccountSealer> LoadAccountSealer(const pg::Database& database, PayerId payer,
                                          const KeyProvider& keys, Clock& clock, IdGenerator& ids);
// The current data key of a payer for a purpose, made when there is none. Two processes that ask
// at once get the same one. Only reads where there is one.
StatusOr<DataKey> EnsureDataKey(const pg::Database& database, PayerId payer, DataKeyPurpose purpose,
                                const KeyProvider& keys, Clock& clock, IdGenerator& ids);
// All data keys of a payer, unwrapped: for the file builder.
StatusOr<std::vector<DataKey>> UnwrapDataKeys(const pg::Database& database, PayerId payer,
                                              const KeyProvider& keys);

}  // namespace sluice::payments
