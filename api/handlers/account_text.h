// Accounts of the ledger as the contract writes them: "PAYEE_PAYABLE pye_...", with the ids of the
// API in place of the ledger's numbers. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/status.h"
#include "payments/ledger/account.h"

namespace sluice::api {

// "pye_.../2026": the owner of a reserve.
std::string OwnerText(const payments::AccountKey& account);
// With the class before it.
std::string AccountText(const payments::AccountKey& account);
// The reverse. InvalidArgument says how an account is written.
StatusOr<payments::AccountKey> ParseAccountText(std::string_view text);

}  // namespace sluice::api
