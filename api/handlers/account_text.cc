#include "api/handlers/account_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "core/id.h"

namespace sluice::api {
namespace {

using payments::AccountClass;
using payments::AccountKey;

// The kinds of owners that have an id, as the ledger and as ids write them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOwners = {{
    {"bank", payments::BankAccountTag::kPrefix},
    {"book", BookTag::kPrefix},
    {"contract", ContractTag::kPrefix},
    {"file", payments::PaymentFileTag::kPrefix},
    {"payee", PayeeTag::kPrefix},
    {"pool", payments::PoolTag::kPrefix},
    {"program", ProgramTag::kPrefix},
    {"run", payments::RunTag::kPrefix},
}};

std::vector<std::string_view> PartsOf(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "pye_..." of "payee:77"; "2026" of "year:2026".
std::string PartText(std::string_view part) {
  const std::size_t colon = part.find(':');
  if (colon == std::string_view::npos) return std::string(part);
  const std::string_view value = part.substr(colon + 1);
  const auto owner = std::ranges::find(kOwners, part.substr(0, colon),
                                       &std::pair<std::string_view, std::string_view>::first);
  const auto number = WholeNumber(value);
  if (owner == kOwners.end() || !number) return std::string(value);
  return FormatId(owner->second, *number);
}

// What a part without an id is, by the class of its account.
std::string_view PlainKind(AccountClass account_class) {
  switch (account_class) {
    case AccountClass::kTaxWithheld:
    case AccountClass::kLevyWithheld:
      return "authority";
    case AccountClass::kUnclaimed:
      return "jurisdiction";
    default:
      return "year";
  }
}

std::string KeyPart(AccountClass account_class, std::string_view text) {
  for (const auto& [kind, prefix] : kOwners) {
    if (const auto id = ParseId(prefix, text); id.ok()) return fmt::format("{}:{}", kind, *id);
  }
  return fmt::format("{}:{}", PlainKind(account_class), text);
}

}  // namespace

std::string OwnerText(const AccountKey& account) {
  std::string text;
  for (const std::string_view part : PartsOf(account.owner_key)) {
    text += (text.empty() ? "" : "/") + PartText(part);
  }
  return text;
}

std::string AccountText(const AccountKey& account) {
  return fmt::format("{} {}", payments::RuleOf(account.account_class).name, OwnerText(account));
}

StatusOr<AccountKey> ParseAccountText(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const auto& chart = payments::ChartOfAccounts();
  const auto rule = std::ranges::find(chart, text.substr(0, blank), &payments::ClassRule::name);
  if (blank == std::string_view::npos || rule == chart.end()) {
    return InvalidArgument(
        "an account is written with its class and its owner, as \"PAYEE_PAYABLE pye_...\"");
  }
  AccountKey account{.account_class = rule->account_class, .owner_key = {}};
  for (const std::string_view part : PartsOf(text.substr(blank + 1))) {
    account.owner_key +=
        (account.owner_key.empty() ? "" : "/") + KeyPart(account.account_class, part);
  }
  return account;
}

}  // namespace sluice::api
