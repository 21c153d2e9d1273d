#include "api/payee_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "payments/tax/tax_store.h"

namespace sluice::api {
namespace {

std::string InLowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsTin(std::string_view text) {
  return text.size() == 9 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

StatusOr<PayeeId> FindPayee(Session& session, std::string_view text) {
  if (const auto id = PayeeId::Parse(text); id.ok()) return *id;
  ASSIGN_OR_RETURN(
      const auto payees,
      session.Database().Transact(
          [&](pg::Transaction& tx) -> StatusOr<std::vector<payments::TaxPayee>> {
            std::vector<payments::TaxPayee> all;
            for (auto& [id, payee] : payments::LoadTaxPayees(tx, session.Payer(), {})) {
              all.push_back(std::move(payee));
            }
            return all;
          }));
  const std::string wanted = InLowerCase(text);
  std::string list;
  std::vector<PayeeId> found;
  for (const payments::TaxPayee& payee : payees) {
    if (payee.tin != text && InLowerCase(payee.name) != wanted) continue;
    found.push_back(payee.id);
    list += fmt::format("\n  {}  {}", payee.id, payee.name);
  }
  if (found.size() == 1) return found.front();
  const std::string_view shown = IsTin(text) ? "that TIN" : text;
  if (found.empty()) return NotFound("no payee has {} as its id, TIN or exact name", shown);
  return InvalidArgument("{} payees have {}; name one by its id:{}", found.size(), shown, list);
}

StatusOr<payments::FileKeyProvider> OpenKeys(const Session& session) {
  const std::string& directory = session.Data().DataDir();
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);  // Open says what is wrong
  return payments::FileKeyProvider::Open(directory + "/key-encryption.key");
}

}  // namespace sluice::api
