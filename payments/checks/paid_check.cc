#include "payments/checks/paid_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kMostDigits = 12;  // check_issue: up to 999,999,999,999

PaidCheckRuling RuleOn(const PaidCheckLine& line, std::int64_t number, const RegisteredCheck& check,
                       bool paid_before) {
  using enum PaidCheckVerdict;
  if (check.state == CheckState::kPaid || paid_before) {
    return {kPaidTwice,
            {},
            fmt::format("check {} was paid by another line: ask for the money back", number)};
  }
  if (check.state == CheckState::kVoid) {
    return {kVoid, {}, fmt::format("check {} is void: ask the bank to return it", number)};
  }
  if (check.state == CheckState::kStale) {
    return {kStale,
            {},
            fmt::format("check {} is stale, its payee is owed the money again: ask the "
                        "bank to return it",
                        number)};
  }
  if (check.state == CheckState::kSpoiled) {
    return {kSpoiled, {}, fmt::format("check {} never left: ask the bank to return it", number)};
  }
  if (line.amount != check.amount) {
    return {kWrongAmount,
            {},
            fmt::format("check {} is of {}, and the bank paid {}: ask the bank to "
                        "correct it",
                        number, check.amount, line.amount)};
  }
  if (!check.sent) {
    return {kNotSent,
            {},
            fmt::format("check {} was paid before its file was delivered: find out "
                        "what became of the file",
                        number)};
  }
  return {kPaid, {}, ""};
}

}  // namespace

bool SaysCheckPaid(std::string_view type_code) { return type_code == "475"; }

std::optional<std::int64_t> CheckNumberOf(std::string_view reference) {
  while (reference.starts_with(' ')) reference.remove_prefix(1);
  while (reference.ends_with(' ')) reference.remove_suffix(1);
  while (reference.starts_with('0')) reference.remove_prefix(1);
  if (reference.empty() || reference.size() > kMostDigits) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : reference) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::string_view PaidCheckVerdictName(PaidCheckVerdict verdict) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "CHECK_PAID",  "CHECK_WITHOUT_NUMBER", "CHECK_UNKNOWN",    "CHECK_WRONG_AMOUNT", "CHECK_VOID",
      "CHECK_STALE", "CHECK_SPOILED",        "CHECK_PAID_TWICE", "CHECK_NOT_SENT"};
  const auto index = static_cast<std::size_t>(verdict);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::vector<PaidCheckRuling> RulePaidChecks(std::span<const PaidCheckLine> lines,
                                            std::span<const RegisteredCheck> checks) {
  std::vector<PaidCheckRuling> rulings;
  std::set<std::size_t> paid;
  for (const PaidCheckLine& line : lines) {
    const auto number = CheckNumberOf(line.reference);
    if (!number) {
      rulings.push_back({PaidCheckVerdict::kNoNumber,
                         {},
                         "a check was paid and the line does not say its number in the customer "
                         "reference: ask the bank"});
      continue;
    }
    const auto found = std::ranges::find(checks, *number, &RegisteredCheck::number);
    if (found == checks.end()) {
      rulings.push_back({PaidCheckVerdict::kUnknownNumber,
                         {},
                         fmt::format("check {} was not issued on this account: ask the bank to "
                                     "return it",
                                     *number)});
      continue;
    }
    const auto index = static_cast<std::size_t>(found - checks.begin());
    PaidCheckRuling ruling = RuleOn(line, *number, *found, paid.contains(index));
    ruling.check = index;
    if (ruling.verdict == PaidCheckVerdict::kPaid) paid.insert(index);
    rulings.push_back(std::move(ruling));
  }
  return rulings;
}

}  // namespace sluice::payments
