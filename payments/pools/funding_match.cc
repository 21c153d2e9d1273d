#include "payments/pools/funding_match.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

#include "core/calendar.h"

namespace sluice::payments {
namespace {

constexpr int kMostBankingDaysApart = 5;

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return upper;
}

bool ByReference(const OpenDeposit& deposit, const ExpectedFunding& expected) {
  return deposit.amount == expected.amount && !expected.reference.empty() &&
         Upper(deposit.text).find(Upper(expected.reference)) != std::string::npos;
}

bool ByAmount(const OpenDeposit& deposit, const ExpectedFunding& expected) {
  return deposit.amount == expected.amount &&
         std::abs(BankingDaysBetween(expected.expected_on, deposit.day)) <= kMostBankingDaysApart;
}

}  // namespace

std::vector<FundingMatch> MatchFunding(std::span<const OpenDeposit> deposits,
                                       std::span<const ExpectedFunding> expected) {
  std::vector<FundingMatch> matches;
  std::set<std::size_t> used_deposits, used_expected;
  const auto apply = [&](std::string_view rule, auto fits) {
    // All pairs first: a pair counts only where neither side has another one.
    std::vector<FundingMatch> pairs;
    for (std::size_t d = 0; d < deposits.size(); ++d) {
      if (used_deposits.contains(d)) continue;
      for (std::size_t e = 0; e < expected.size(); ++e) {
        if (used_expected.contains(e) || !fits(deposits[d], expected[e])) continue;
        pairs.push_back({d, e, rule});
      }
    }
    for (const FundingMatch& pair : pairs) {
      const bool one_of_deposit =
          std::ranges::count(pairs, pair.deposit, &FundingMatch::deposit) == 1;
      const bool one_of_expected =
          std::ranges::count(pairs, pair.expected, &FundingMatch::expected) == 1;
      if (!one_of_deposit || !one_of_expected) continue;
      used_deposits.insert(pair.deposit);
      used_expected.insert(pair.expected);
      matches.push_back(pair);
    }
  };
  apply("reference", ByReference);
  apply("amount", ByAmount);
  return matches;
}

}  // namespace sluice::payments
