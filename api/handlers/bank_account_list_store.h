// Versions of bank accounts as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/handlers/payee_reach.h"
#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/bank_account.h"
#include "payments/enrollment/account_proof.h"

namespace sluice::api {

// A version, what proves it, and how often it moved.
struct BankAccountRow {
  payments::BankAccount account;
  std::optional<payments::AccountProofKind> proof;
  std::int64_t moves = 0;
};

// Whose accounts.
struct BankAccountView {
  PayerId payer;
  std::optional<PayeeId> payee;  // unset: of all payees within reach
  PayeeReach reach;
};

// The fields of a list of versions; the last one is theirs alone. Only the payer's own people ask
// for a risk.
std::span<const ListField> BankAccountFields(bool with_risk);

struct BankAccountPage {
  std::vector<BankAccountRow> accounts;
  std::string next_page_token;
};
BankAccountPage LoadBankAccountPage(pg::Transaction& tx, const BankAccountView& view,
                                    const ListPage& page);
// All versions of one account, by version.
std::vector<BankAccountRow> LoadBankAccountVersions(pg::Transaction& tx, PayerId payer,
                                                    payments::BankAccountId account);

}  // namespace sluice::api
