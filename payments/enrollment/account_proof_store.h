// Rows of proofs, alerts and the directory of institutions. No rules.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "payments/enrollment/account_proof.h"
#include "payments/enrollment/institution.h"
#include "payments/payee_store.h"

namespace sluice::payments {

// Stores each as the next proof of its version and points the version at it.
void InsertProofs(pg::Transaction& tx, PayerId payer, std::span<const AccountProof> proofs,
                  const Recorded& recorded);
// All of a payee's, by account, version and number.
std::vector<AccountProof> LoadProofs(pg::Transaction& tx, PayerId payer, PayeeId payee);

void InsertAlerts(pg::Transaction& tx, PayerId payer, std::span<const AccountAlert> alerts);
// By id; those that nobody cleared, or all.
std::vector<AccountAlert> LoadAlerts(pg::Transaction& tx, PayerId payer, bool open_only);
// False when there is no such alert, or it was cleared.
bool ClearAlert(pg::Transaction& tx, PayerId payer, std::int64_t alert, const std::string& note,
                const Recorded& recorded);

// Who else has an account with one of these blind indexes, whatever its state.
struct AccountUser {
  Digest blind_index{};
  PayeeId payee;
  std::string tin;
};
std::vector<AccountUser> LoadAccountUsers(pg::Transaction& tx, PayerId payer,
                                          std::span<const Digest> blind_indexes);

struct InstitutionImport {
  std::int64_t id = 0;
  Date as_of{};
  std::string source_name;
  Digest sha256{};
  std::int32_t rows = 0;
};
// False when the same bytes are there already.
bool InsertInstitutions(pg::Transaction& tx, PayerId payer, const InstitutionImport& import,
                        std::span<const Institution> institutions, const Recorded& recorded);
// The directory in use: the newest by its date, then by its import.
std::optional<InstitutionImport> FindDirectory(pg::Transaction& tx, PayerId payer);
// Its rows with these routing numbers.
std::map<std::string, Institution> LoadInstitutions(pg::Transaction& tx, PayerId payer,
                                                    std::int64_t import,
                                                    std::span<const std::string> routing_numbers);

}  // namespace sluice::payments
