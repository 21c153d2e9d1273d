// The deficit account as arithmetic: lots, recovery, later versions, interest, expiry.
#include "performance/savings/deficit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

DeficitPosting Posting(std::int64_t award, int version, int year, std::int64_t recovered,
                       std::int64_t carried) {
  return {.award = {.contract = ContractId(1), .award = AwardId(award), .version = version},
          .effective_on = MakeDate(year, 10, 1),
          .recovered = Dollars(recovered),
          .carried = Dollars(carried)};
}

// Books a posting, or reports why not.
Status Book(std::vector<DeficitEntry>& entries, const CarryForward& terms,
            const DeficitPosting& posting) {
  const auto plan =
      PlanPosting(entries, terms, posting, static_cast<std::int64_t>(1'000 + entries.size()));
  if (!plan.ok()) return plan.status();
  entries.insert(entries.end(), plan->begin(), plan->end());
  return OkStatus();
}

TEST(Deficit, OldLotsAreRecoveredFirst) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 300)).ok());
  ASSERT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 0, 200)).ok());
  EXPECT_EQ(BalanceOf(entries), Dollars(500));
  ASSERT_TRUE(Book(entries, terms, Posting(3, 1, 2026, 350, 0)).ok());
  const std::vector<DeficitLot> open = OpenLots(entries);
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].opened_on, MakeDate(2025, 10, 1));
  EXPECT_EQ(open[0].outstanding, Dollars(150));
  EXPECT_EQ(BalanceWithout(entries, AwardId(3)), Dollars(500));
}

TEST(Deficit, ALaterVersionBooksOnlyTheDifference) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 300)).ok());
  ASSERT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 250, 0)).ok());
  const std::size_t before = entries.size();
  ASSERT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 250, 0)).ok());
  EXPECT_THAT(entries, SizeIs(before));  // the same again books nothing
  ASSERT_TRUE(Book(entries, terms, Posting(2, 2, 2025, 100, 0)).ok());
  EXPECT_EQ(entries.back().amount, Dollars(150));  // given back
  EXPECT_EQ(BalanceOf(entries), Dollars(200));
  ASSERT_TRUE(Book(entries, terms, Posting(2, 3, 2025, 0, 80)).ok());  // a loss after all
  EXPECT_EQ(BalanceOf(entries), Dollars(380));
  ASSERT_TRUE(Book(entries, terms, Posting(1, 2, 2024, 0, 260)).ok());
  EXPECT_EQ(BalanceOf(entries), Dollars(340));
}

TEST(Deficit, RecoveringMoreThanIsOutstandingIsRefused) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 300)).ok());
  EXPECT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 300, 0)).ok());  // exactly all
  const Status refused = Book(entries, terms, Posting(3, 1, 2026, 1, 0));
  EXPECT_THAT(StatusMessage(refused), HasSubstr("more than is outstanding"));
}

TEST(Deficit, InterestFallsDueOnTheAnniversaryAndOnlyOnce) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true, .yearly_interest = Rate::FromPercent(5)};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 1'000)).ok());
  EXPECT_THAT(PlanAccrual(entries, terms, MakeDate(2025, 9, 30)), IsEmpty());
  std::vector<DeficitEntry> plan = PlanAccrual(entries, terms, MakeDate(2026, 10, 1));
  ASSERT_THAT(plan, SizeIs(2));
  EXPECT_EQ(plan[0].amount, Dollars(50));
  EXPECT_EQ(plan[1].amount, Money::FromCents(52'50));
  entries.insert(entries.end(), plan.begin(), plan.end());
  EXPECT_THAT(PlanAccrual(entries, terms, MakeDate(2026, 10, 1)), IsEmpty());
}

TEST(Deficit, WhatIsLeftOnTheDayOfExpiryIsForgiven) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true, .expires_after_years = 3};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 300)).ok());
  ASSERT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 100, 0)).ok());
  EXPECT_THAT(PlanAccrual(entries, terms, MakeDate(2027, 9, 30)), IsEmpty());
  const std::vector<DeficitEntry> plan = PlanAccrual(entries, terms, MakeDate(2027, 10, 1));
  ASSERT_THAT(plan, SizeIs(1));
  EXPECT_EQ(plan[0].kind, DeficitKind::kExpired);
  EXPECT_EQ(plan[0].amount, Dollars(-200));
}

TEST(Deficit, ALotOfALeapDayExpiresOnMarchFirst) {
  std::vector<DeficitEntry> entries;
  DeficitPosting posting = Posting(1, 1, 2024, 0, 300);
  posting.effective_on = MakeDate(2024, 2, 29);
  ASSERT_TRUE(
      Book(entries, CarryForward{.carry_losses = true, .expires_after_years = 1}, posting).ok());
  EXPECT_EQ(entries[0].expires_on, MakeDate(2025, 3, 1));
}

// Whatever versions arrive in whatever order, the account says what the newest version of each
// award says, and no lot goes below zero.
TEST(Deficit, AnyHistoryOfVersionsEndsAtTheNewest) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::int64_t most) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
    };
    std::vector<DeficitEntry> entries;
    std::map<std::int64_t, Money> owed;  // what each award's newest version adds or takes
    std::map<std::int64_t, int> versions;
    const CarryForward terms{.carry_losses = true};
    for (int i = 0; i < 20; ++i) {
      const std::int64_t award = 1 + pick(4);
      const bool loss = pick(1) == 0;
      const Money most = BalanceWithout(entries, AwardId(award));
      const std::int64_t amount =
          loss ? pick(500) : std::min(pick(500), std::max(most, Money()).Cents() / 100);
      // What a gain recovers of later losses may have come from this award's own earlier loss:
      // such a history is refused, and changes nothing.
      std::vector<DeficitEntry> attempt = entries;
      const Status booked = Book(attempt, terms,
                                 Posting(award, ++versions[award], 2020 + static_cast<int>(award),
                                         loss ? 0 : amount, loss ? amount : 0));
      if (!booked.ok()) continue;
      entries = std::move(attempt);
      owed[award] = Dollars(loss ? amount : -amount);
    }
    Money expected;
    for (const auto& [award, amount] : owed) expected += amount;
    EXPECT_EQ(BalanceOf(entries), expected);
    for (const DeficitEntry& entry : entries) EXPECT_FALSE(entry.amount.IsZero());
  }
}

TEST(Deficit, TheStatementShowsEachEntryWithItsBalance) {
  std::vector<DeficitEntry> entries;
  const CarryForward terms{.carry_losses = true, .expires_after_years = 3};
  ASSERT_TRUE(Book(entries, terms, Posting(1, 1, 2024, 0, 300)).ok());
  ASSERT_TRUE(Book(entries, terms, Posting(2, 1, 2025, 120, 0)).ok());
  const std::string text = StatementOf("ACO 1", entries);
  EXPECT_THAT(text, HasSubstr("opened"));
  EXPECT_THAT(text, HasSubstr("-120.00"));
  EXPECT_THAT(text, HasSubstr("lot of 2024-10-01, until 2027-10-01"));
  EXPECT_THAT(text, HasSubstr("balance 180.00"));
}

}  // namespace
}  // namespace sluice::performance
