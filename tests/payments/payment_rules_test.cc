// Payment rules of a program: versions with dates, a difference in words, and runs that go by them.
#include "payments/payment_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PaymentRulesTest : public RunFixture {
 protected:
  PaymentRulesService Rules() { return {db_.App(), program_, db_.Clock()}; }
};

// feature:M06
TEST_F(PaymentRulesTest, ARunGoesByTheRulesOfItsDate) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Open();  // of 2026-10-01
  const std::vector<AwardToPay> awards = {Award(1, {{10, Dollars(20)}})};
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_TRUE(PayeeOf(run, payee).IsPaid());

  PaymentRules rules = RulesOf(program_);
  rules.minimum_payment = Money::FromCents(20'01);
  const auto tomorrow = Rules().Set(rules, kBusinessDate + Days(1), "small checks", kMaker);
  ASSERT_TRUE(tomorrow.ok()) << StatusMessage(tomorrow.status());
  EXPECT_THAT(*tomorrow, ElementsAre("minimum payment: 0.00 -> 20.01"));
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_TRUE(PayeeOf(run, payee).IsPaid());  // not yet

  program_.plan.minimum_payment = Dollars(500);  // what a version says counts
  rules.minimum_payment = Dollars(20);
  EXPECT_EQ(Rules().Set(rules, kBusinessDate, "back", kMaker).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Rules().On(kBusinessDate)->minimum_payment, Dollars(500));
  EXPECT_EQ(Rules().On(kBusinessDate + Days(1))->minimum_payment, Money::FromCents(20'01));
  EXPECT_EQ(Rules().History()->size(), 1U);
}

TEST_F(PaymentRulesTest, HoldsAndApprovalsAreRulesToo) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  PaymentRules rules = RulesOf(program_);
  rules.require_onboarding = true;
  const auto held = Rules().Set(rules, kBusinessDate, "audit finding 7", kFirst);
  ASSERT_TRUE(held.ok()) << StatusMessage(held.status());
  EXPECT_THAT(*held, ElementsAre("onboarding required: no -> yes"));
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(20)}})}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kNotOnboarded);

  rules.require_onboarding = false;
  rules.approval_tiers.three_from = Dollars(20);
  ASSERT_TRUE(Rules().Set(rules, kBusinessDate, "three people", kFirst).ok());
  const Digest digest = Submit(run, {});
  ASSERT_EQ(*Cycles().Approve(run, digest, {}, kFirst), RunState::kInReview);
  ASSERT_EQ(*Cycles().Approve(run, digest, {}, kSecond), RunState::kInReview);
  EXPECT_EQ(*Cycles().Approve(run, digest, {}, Actor{UserId(13)}), RunState::kApproved);

  const auto history = *Rules().History();
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].reason, "audit finding 7");
  EXPECT_EQ(history[0].recorded_by, kFirst.user);
  EXPECT_TRUE(history[0].rules.require_onboarding);
}

TEST_F(PaymentRulesTest, WhatMakesNoSenseOrNoDifferenceIsRefused) {
  const PaymentRules same = RulesOf(program_);
  EXPECT_THAT(StatusMessage(Rules().Set(same, kBusinessDate, "nothing", kMaker).status()),
              HasSubstr("are these already"));
  struct Case {
    void (*change)(PaymentRules&);
    const char* message;
  };
  const Case cases[] = {
      {[](PaymentRules& r) { r.minimum_payment = -Dollars(1); }, "is negative"},
      {[](PaymentRules& r) { r.ach_limit = Money(); }, "the limit of one ACH entry"},
      {[](PaymentRules& r) { r.ach_limit = Dollars(100'000'000); }, "the limit of one ACH entry"},
      {[](PaymentRules& r) { r.ach_limit = Dollars(1), r.minimum_payment = Dollars(2); },
       "nothing lies between"},
      {[](PaymentRules& r) { r.offset_rate = Rate::FromPercent(101); }, "may be offset"},
      {[](PaymentRules& r) { r.approval_tiers.three_from = Money(); }, "above zero"},
      {[](PaymentRules& r) {
         r.approval_tiers = {Dollars(5), Dollars(5)};
       },
       "must lie above"},
      {[](PaymentRules& r) { r.approval_banking_days = 0; }, "1 to 60 banking days"},
  };
  for (const Case& test : cases) {
    PaymentRules rules = same;
    test.change(rules);
    EXPECT_THAT(StatusMessage(Rules().Set(rules, kBusinessDate, "test", kMaker).status()),
                HasSubstr(test.message));
  }
  PaymentRules changed = same;
  changed.minimum_payment = Dollars(1);
  EXPECT_THAT(StatusMessage(Rules().Set(changed, kBusinessDate, "", kMaker).status()),
              HasSubstr("say why"));
  EXPECT_TRUE(Rules().History()->empty());
}

}  // namespace
}  // namespace sluice::payments
