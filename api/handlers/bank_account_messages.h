// Bank accounts as the contract writes them: found by their names, read in a transaction. No number
// is here: the vault gives none to the service.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "api/handlers/bank_account_list_store.h"
#include "api/handlers/run_messages.h"
#include "api/service/call.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/payee_store.h"
#include "sluice/enrollment/v1/payee.pb.h"

namespace sluice::api {

// What "payers/p/payees/y/bankAccounts/b" names. Version 0 is the newest.
struct BankAccountPlace {
  PayeeId payee;
  payments::BankAccountId account;
  std::int32_t version = 0;
};
// InvalidArgument says which part is none.
StatusOr<BankAccountPlace> BankAccountPlaceOf(const std::string& name);

enrollment::v1::BankAccount BankAccountMessage(const Call& call, const BankAccountRow& row);
// Where the caller's right covers the payee. NotFound where the payee has no such account, or the
// account no such version.
StatusOr<enrollment::v1::BankAccount> LoadBankAccountMessage(const Call& call, pg::Transaction& tx,
                                                             const BankAccountPlace& place,
                                                             Locked locked);

// A command on one version: the one that the etag is of, so that also an older version, which is
// still in use, can be stopped.
struct BankAccountCommandCall {
  std::string name;
  std::string etag;
  std::string reason;  // for the audit log; may be empty
};
using BankAccountWork =
    std::function<Status(const pg::Database&, const payments::AccountVersion& version)>;
StatusOr<enrollment::v1::BankAccount> CommandBankAccount(Call& call,
                                                         const BankAccountCommandCall& command,
                                                         const BankAccountWork& work);

// Makes the keys of the payer where it has none. A change does not: it is one transaction.
Status EnsureSealingKeys(Call& call);

}  // namespace sluice::api
