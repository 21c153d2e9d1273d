// What payees owe is taken after notice and by plan, never as a surprise; what is paid late earns
// interest where the contract says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "payments/due_dates.h"
#include "payments/payment_rules.h"
#include "payments/recoup/recoup_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(OffsetPlan, TheSmallestOfAllLimitsIsTaken) {
  const Rate all = Rate::FromPercent(100);
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), all, {}), Dollars(100));
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(30), all, {}), Dollars(30));
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), Rate::FromPercent(50), {}), Dollars(50));
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), Rate::FromPercent(50),
                       {.of_payment = Rate::FromPercent(25)}),
            Dollars(25));
  // The plan cannot allow more than the program does.
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), Rate::FromPercent(20),
                       {.of_payment = Rate::FromPercent(25)}),
            Dollars(20));
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), all, {.most = Dollars(7)}), Dollars(7));
  EXPECT_EQ(MostOffset(Dollars(100), Dollars(500), all, {.most = Money{}}), Money{});
  // A share is cut to the cent in the payee's favor.
  EXPECT_EQ(MostOffset(Money::FromCents(101), Dollars(5), Rate::FromPercent(50), {}),
            Money::FromCents(50));
}

TEST(OffsetPlan, InstallmentsPayAllInSoManyCycles) {
  EXPECT_EQ(InstallmentOf(Dollars(100), 3), Money::FromCents(33'34));
  EXPECT_EQ(InstallmentOf(Dollars(99), 3), Dollars(33));
  const OffsetPlan plan{.installment = Dollars(40)};
  EXPECT_EQ(LimitsOf(plan, Dollars(15)).most, Dollars(25));
  EXPECT_EQ(LimitsOf(plan, Dollars(45)).most, Money{});
  EXPECT_FALSE(LimitsOf(std::nullopt, Dollars(45)).most.has_value());
}

TEST(LateInterest, IsSimpleByDaysAndRoundedOnce) {
  const LateInterestTerms terms{.annual = Rate::FromPercent(12), .reason = "clause 9"};
  // 10,000.00 x 12 % x 31 / 365 = 101.9178...
  EXPECT_EQ(LateInterestOn(Dollars(10'000), terms, 31), Money::FromCents(101'92));
  LateInterestTerms banker = terms;
  banker.days_in_year = 360;
  EXPECT_EQ(LateInterestOn(Dollars(10'000), banker, 31), Money::FromCents(103'33));
  LateInterestTerms grace = terms;
  grace.grace_days = 30;
  EXPECT_EQ(LateInterestOn(Dollars(10'000), grace, 30), Money{});
  EXPECT_EQ(LateInterestOn(Dollars(10'000), grace, 31), Money::FromCents(101'92));
  EXPECT_EQ(LateInterestOn(Dollars(10'000), terms, 0), Money{});
  EXPECT_EQ(DaysLate(MakeDate(2026, 3, 31), MakeDate(2026, 3, 31)), 0);
  EXPECT_EQ(DaysLate(MakeDate(2026, 3, 31), MakeDate(2026, 4, 1)), 1);
  const std::vector<LateInterestTerms> versions = {
      {.version = 1, .effective_from = MakeDate(2026, 1, 1)},
      {.version = 2, .effective_from = MakeDate(2026, 7, 1)}};
  EXPECT_EQ(TermsFor(versions, MakeDate(2025, 12, 31)), nullptr);
  EXPECT_EQ(TermsFor(versions, MakeDate(2026, 6, 30))->version, 1);
  EXPECT_EQ(TermsFor(versions, MakeDate(2026, 7, 1))->version, 2);
}

class RecoupTest : public RunFixture {
 protected:
  RecoupService Recoup() { return {db_.App(), program_, db_.Clock()}; }

  void SetRules(const PaymentRules& rules, Date from = kBusinessDate) {
    const auto set =
        PaymentRulesService(db_.App(), program_, db_.Clock()).Set(rules, from, "test", kMaker);
    ASSERT_TRUE(set.ok()) << StatusMessage(set.status());
  }

  // A regular run of a year, released on its day; the clock goes there.
  RunId Release(int year, Date day, const std::vector<AwardToPay>& awards,
                RunKind kind = RunKind::kRegular, std::int32_t seq = 1) {
    db_.Clock().Set(Instant::AtMidnight(day));
    const auto run = Cycles().Open({.name = fmt::format("Shared savings {}", year),
                                    .period = DateRange::Year(year),
                                    .kind = kind,
                                    .seq = seq,
                                    .business_date = day},
                                   kMaker);
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    Approve(run->id, Submit(run->id, awards));
    const Status released = Releases()->Release(run->id, kFirst);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run->id;
  }
};

TEST_F(RecoupTest, NothingIsTakenBeforeTheNoticeIsOldEnough) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(10'000));
  PaymentRules rules = RulesOf(program_);
  rules.recoup_notice_days = 30;
  SetRules(rules);
  Release(2020, kBusinessDate, {Award(1, {{10, -Dollars(50)}})});
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Dollars(50));
  auto owed = Recoup().Owed(kBusinessDate);
  ASSERT_TRUE(owed.ok()) << StatusMessage(owed.status());
  ASSERT_THAT(*owed, SizeIs(1));
  EXPECT_EQ((*owed)[0].owed, Dollars(50));
  EXPECT_EQ((*owed)[0].not_yet, Dollars(50));
  ASSERT_THAT((*owed)[0].notices, SizeIs(1));
  EXPECT_EQ((*owed)[0].notices[0].how, "remittance advice");
  EXPECT_EQ((*owed)[0].notices[0].offset_from, kBusinessDate + Days(30));

  // The day before: paid in full. On the day: taken.
  const RunId early = Release(2021, kBusinessDate + Days(29), {Award(2, {{10, Dollars(20)}})});
  EXPECT_EQ(PayeeOf(early, payee).net, Dollars(20));
  EXPECT_EQ(PayeeOf(early, payee).offset, Money{});
  const RunId due = Release(2022, kBusinessDate + Days(30), {Award(3, {{10, Dollars(20)}})});
  EXPECT_EQ(PayeeOf(due, payee).net, Money{});
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Dollars(30));
  owed = Recoup().Owed(kBusinessDate + Days(30));
  EXPECT_EQ((*owed)[0].not_yet, Money{});
  ExpectBooksInOrder();
}

TEST_F(RecoupTest, APayeeWithoutAnAdviceIsToldByALetterFirst) {
  const PayeeId payee = AddPayee(10);  // without an account: held, so no advice
  Fund(Dollars(10'000));
  const RunId run =
      Release(2020, kBusinessDate, {Award(1, {{10, -Dollars(50)}}), Award(2, {{10, Dollars(5)}})});
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kNoBankAccount);
  AddAccount(payee, "550000123");
  const RunId next = Release(2021, kBusinessDate + Days(1), {Award(3, {{10, Dollars(20)}})});
  EXPECT_EQ(PayeeOf(next, payee).offset, Money{});
  EXPECT_EQ(PayeeOf(next, payee).net, Dollars(25));

  EXPECT_EQ(Recoup().RecordNotice(run, payee, kBusinessDate + Days(9), "letter", kMaker).code(),
            absl::StatusCode::kInvalidArgument);
  const Status told = Recoup().RecordNotice(run, payee, kBusinessDate + Days(1), "letter", kMaker);
  ASSERT_TRUE(told.ok()) << StatusMessage(told);
  EXPECT_EQ(Recoup().RecordNotice(run, payee, kBusinessDate + Days(1), "again", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);
  const RunId after = Release(2022, kBusinessDate + Days(4), {Award(4, {{10, Dollars(20)}})});
  EXPECT_EQ(PayeeOf(after, payee).offset, Dollars(20));
}

TEST_F(RecoupTest, APlanLimitsWhatACycleTakes) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(10'000));
  Release(2020, kBusinessDate, {Award(1, {{10, -Dollars(90)}})});
  EXPECT_FALSE(
      Recoup()
          .SetPlan({.payee = payee, .installment = Money{}, .agreed_with = "x", .reason = "y"},
                   kMaker)
          .ok());
  EXPECT_FALSE(Recoup().SetPlan({.payee = payee, .installment = Dollars(1)}, kMaker).ok());
  const auto installment = Recoup().SetInstallments({.payee = payee,
                                                     .effective_from = kBusinessDate,
                                                     .agreed_with = "Dr. Hall, by phone",
                                                     .reason = "cash flow of the practice"},
                                                    3, kMaker);
  ASSERT_TRUE(installment.ok()) << StatusMessage(installment.status());
  EXPECT_EQ(*installment, Dollars(30));

  const RunId first = Release(2021, kBusinessDate + Days(1), {Award(2, {{10, Dollars(25)}})});
  EXPECT_EQ(PayeeOf(first, payee).offset, Dollars(25));
  // Another run of the same cycle takes what is left of the installment, and no more.
  const RunId second =
      Release(2021, kBusinessDate + Days(4), {Award(3, {{10, Dollars(25)}})}, RunKind::kOffCycle);
  EXPECT_EQ(PayeeOf(second, payee).offset, Dollars(5));
  EXPECT_EQ(PayeeOf(second, payee).net, Dollars(20));
  const RunId next = Release(2022, kBusinessDate + Days(5), {Award(4, {{10, Dollars(100)}})});
  EXPECT_EQ(PayeeOf(next, payee).offset, Dollars(30));
  // A new plan: a tenth of each payment.
  ASSERT_TRUE(Recoup()
                  .SetPlan({.payee = payee,
                            .effective_from = kBusinessDate,
                            .of_payment = Rate::FromPercent(10),
                            .agreed_with = "Dr. Hall",
                            .reason = "slower"},
                           kMaker)
                  .ok());
  const RunId last = Release(2023, kBusinessDate + Days(6), {Award(5, {{10, Dollars(100)}})});
  EXPECT_EQ(PayeeOf(last, payee).offset, Dollars(10));
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Dollars(20));
  ExpectBooksInOrder();
}

TEST_F(RecoupTest, WhatIsPaidLateEarnsInterestOnALineOfItsOwn) {
  const PayeeId payee = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(20);
  Fund(Dollars(20'000));
  PaymentRules rules = RulesOf(program_);
  rules.schedule.due_banking_days = 180;  // after 2025
  SetRules(rules, MakeDate(2025, 1, 1));
  const Date due = *DueDateOf(DateRange::Year(2025), rules.schedule);
  ASSERT_TRUE(Recoup()
                  .SetLateInterest({.contract = ContractId(1'000'001),
                                    .effective_from = MakeDate(2025, 1, 1),
                                    .annual = Rate::FromPercent(12),
                                    .reason = "clause 9.2"},
                                   kMaker)
                  .ok());
  const RunId run = Open();
  const std::vector<AwardToPay> awards = {Award(1, {{10, Dollars(10'000)}}),
                                          Award(2, {{20, Dollars(100)}})};
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  const auto found = Cycles().Find(run);
  const std::int32_t days = DaysLate(due, found->effective_date);
  ASSERT_GT(days, 0);
  // 10,000.00 x 12 % / 365 for each day.
  const Money expected =
      Round(Exact(Dollars(1'200)) * Ratio(days, 365), Rounding::kHalfAwayFromZero);
  EXPECT_EQ(PayeeOf(run, payee).gross, Dollars(10'000) + expected);
  EXPECT_EQ(PayeeOf(run, other).gross, Dollars(100));  // its contract says nothing
  // Calculated again: not twice.
  const auto totals = Cycles().Calculate(run, awards, kMaker);
  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(PayeeOf(run, payee).gross, Dollars(10'000) + expected);
  EXPECT_EQ(Balance(ProgramObligationAccount(ContractId(1'000'001))), Dollars(10'000) + expected);

  // A new version of the award earns its own, and what the old one had earned is gone with it.
  const std::vector<AwardToPay> restated = {Award(1, {{10, Dollars(5'000)}}, Money{}, 2)};
  ASSERT_TRUE(Cycles().Calculate(run, restated, kMaker).ok());
  const Money half = Round(Exact(Dollars(600)) * Ratio(days, 365), Rounding::kHalfAwayFromZero);
  EXPECT_EQ(PayeeOf(run, payee).gross, Dollars(5'000) + half);
  EXPECT_EQ(Balance(ProgramObligationAccount(ContractId(1'000'001))), Dollars(5'000) + half);
  const auto digest = Cycles().Submit(run, kMaker);
  ASSERT_TRUE(digest.ok());
  Approve(run, *digest);
  const Status released = Releases()->Release(run, kFirst);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  bool said = false;
  for (const auto& [name, bytes] : DeliveredFiles()) {
    if (name.ends_with(".835")) said = said || bytes.find("L6") != std::string::npos;
  }
  EXPECT_TRUE(said);
  ExpectBooksInOrder();
}

TEST(Penalty, IsShownAsSuchAndNotAsASharedLoss) {
  EXPECT_EQ(LineKindOfStream("qip", true), LineKind::kPenalty);
  EXPECT_EQ(LineKindWords(LineKind::kPenalty), "Penalty");
  EXPECT_EQ(LineKindOfStream("ssl", true), LineKind::kDownsideLoss);
  EXPECT_EQ(LineKindOfStream("pcpcp", true), LineKind::kCapitationRetro);
}

}  // namespace
}  // namespace sluice::payments
