// Which check a line of a statement pays, and why another one pays none.
#include "payments/checks/paid_check.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sluice::payments {
namespace {

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

// The verdicts of the lines, in their order.
std::string Verdicts(const std::vector<PaidCheckLine>& lines,
                     const std::vector<RegisteredCheck>& checks) {
  std::string text;
  for (const PaidCheckRuling& ruling : RulePaidChecks(lines, checks)) {
    if (!text.empty()) text += " ";
    text += PaidCheckVerdictName(ruling.verdict);
    EXPECT_EQ(ruling.reason.empty(), ruling.verdict == PaidCheckVerdict::kPaid);
  }
  return text;
}

TEST(PaidCheck, OnlyTheCodeForOnePaidCheckSaysSo) {
  EXPECT_TRUE(SaysCheckPaid("475"));
  for (const char* other : {"466", "451", "470", "474", "476", "575", "395", ""}) {
    EXPECT_FALSE(SaysCheckPaid(other)) << other;
  }
}

TEST(PaidCheck, TheNumberIsTheWholeReference) {
  EXPECT_EQ(CheckNumberOf("1001"), 1001);
  EXPECT_EQ(CheckNumberOf("0000001001"), 1001);
  EXPECT_EQ(CheckNumberOf(" 1001 "), 1001);
  EXPECT_EQ(CheckNumberOf("999999999999"), 999'999'999'999);
  for (const char* none : {"", " ", "0", "000", "CK1001", "1001A", "10 01", "-1", "1000000000000",
                           "99999999999999999999"}) {
    EXPECT_EQ(CheckNumberOf(none), std::nullopt) << none;
  }
}

// feature:R06
TEST(PaidCheck, ACheckIsPaidByItsNumberAndItsAmountTogether) {
  const std::vector<RegisteredCheck> checks = {{1001, Cents(100), CheckState::kOutstanding, true},
                                               {1002, Cents(200), CheckState::kOutstanding, true}};
  EXPECT_EQ(Verdicts({{"1002", Cents(200)}, {"01001", Cents(100)}}, checks),
            "CHECK_PAID CHECK_PAID");
  EXPECT_EQ(RulePaidChecks(std::vector<PaidCheckLine>{{"1002", Cents(200)}}, checks).front().check,
            1U);
  EXPECT_EQ(Verdicts({{"1001", Cents(99)}, {"1001", Cents(101)}}, checks),
            "CHECK_WRONG_AMOUNT CHECK_WRONG_AMOUNT");
  // The amount of a check that exists finds it not.
  EXPECT_EQ(Verdicts({{"1003", Cents(100)}, {"", Cents(100)}}, checks),
            "CHECK_UNKNOWN CHECK_WITHOUT_NUMBER");
}

TEST(PaidCheck, WhatIsNotOutstandingIsNamed) {
  const auto one = [](CheckState state, bool sent) {
    return Verdicts({{"7", Cents(5)}}, {{7, Cents(5), state, sent}});
  };
  EXPECT_EQ(one(CheckState::kOutstanding, true), "CHECK_PAID");
  EXPECT_EQ(one(CheckState::kOutstanding, false), "CHECK_NOT_SENT");
  EXPECT_EQ(one(CheckState::kPaid, true), "CHECK_PAID_TWICE");
  EXPECT_EQ(one(CheckState::kVoid, true), "CHECK_VOID");
  EXPECT_EQ(one(CheckState::kStale, true), "CHECK_STALE");
  EXPECT_EQ(one(CheckState::kSpoiled, false), "CHECK_SPOILED");
  // A void check is void whatever the amount.
  EXPECT_EQ(Verdicts({{"7", Cents(6)}}, {{7, Cents(5), CheckState::kVoid, true}}), "CHECK_VOID");
}

TEST(PaidCheck, OfTwoLinesTheFirstThatFitsPays) {
  const std::vector<RegisteredCheck> check = {{7, Cents(5), CheckState::kOutstanding, true}};
  EXPECT_EQ(Verdicts({{"7", Cents(5)}, {"7", Cents(5)}}, check), "CHECK_PAID CHECK_PAID_TWICE");
  EXPECT_EQ(Verdicts({{"7", Cents(6)}, {"7", Cents(5)}}, check), "CHECK_WRONG_AMOUNT CHECK_PAID");
}

TEST(PaidCheck, WhateverComesNoCheckIsPaidTwiceOrByAnotherAmount) {
  constexpr std::uint64_t kSeed = 475;
  std::mt19937_64 random(kSeed);
  std::cout << "seed " << kSeed << "\n";
  int paid = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<RegisteredCheck> checks;
    for (std::int64_t number = 1; number <= 4; ++number) {
      checks.push_back({number, Cents(static_cast<std::int64_t>(random() % 3 + 1)),
                        static_cast<CheckState>(random() % 5), random() % 4 != 0});
    }
    std::vector<PaidCheckLine> lines;
    for (std::uint64_t i = random() % 8; i > 0; --i) {
      lines.push_back(
          {std::to_string(random() % 6), Cents(static_cast<std::int64_t>(random() % 3 + 1))});
    }
    std::set<std::size_t> seen;
    const auto rulings = RulePaidChecks(lines, checks);
    ASSERT_EQ(rulings.size(), lines.size());
    for (std::size_t i = 0; i < rulings.size(); ++i) {
      if (rulings[i].verdict != PaidCheckVerdict::kPaid) continue;
      const RegisteredCheck& check = checks[rulings[i].check.value()];
      EXPECT_TRUE(seen.insert(*rulings[i].check).second) << kSeed;
      EXPECT_EQ(check.amount, lines[i].amount) << kSeed;
      EXPECT_EQ(std::to_string(check.number), lines[i].reference) << kSeed;
      EXPECT_EQ(check.state, CheckState::kOutstanding) << kSeed;
      EXPECT_TRUE(check.sent) << kSeed;
      ++paid;
    }
  }
  EXPECT_GT(paid, 100);
}

}  // namespace
}  // namespace sluice::payments
