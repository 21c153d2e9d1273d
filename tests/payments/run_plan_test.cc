#include "payments/run_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "payments/run_digest.h"

namespace sluice::payments {
namespace {

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

PayeeFacts Payable(std::int32_t version = 1) {
  return PayeeFacts{.account = PayeeAccount{.account = BankAccountId(900),
                                            .version = version,
                                            .state = BankAccountState::kActive}};
}

OpenObligation Owed(std::int64_t id, std::int64_t payee, Money amount, Money withhold = Money{}) {
  return {.id = ObligationId(id),
          .party = PartyId(payee),
          .payee = PayeeId(payee),
          .amount = amount,
          .withhold = withhold};
}

const RunPayee& Of(const RunPlan& plan, std::int64_t payee) {
  return *std::ranges::find(plan.payees, PayeeId(payee), &RunPayee::payee);
}

TEST(RunPlan, NetIsGrossLessWithholdAndOffset) {
  PayeeFacts facts = Payable();
  facts.receivable = Dollars(4'000);
  const RunPlan plan =
      PlanRun(std::vector{Owed(1, 7, Dollars(60'000), Dollars(6'000))}, {{PayeeId(7), facts}}, {});
  EXPECT_EQ(Of(plan, 7).net, Dollars(50'000));
  EXPECT_EQ(Of(plan, 7).offset, Dollars(4'000));
  EXPECT_TRUE(Of(plan, 7).IsPaid());
  EXPECT_EQ(TotalsOf(plan).hold, Dollars(60'000));
}

TEST(RunPlan, AReceivableLargerThanThePaymentLeavesZeroAndNeverLess) {
  PayeeFacts facts = Payable();
  facts.receivable = Dollars(9'000);
  const RunPlan plan = PlanRun(std::vector{Owed(1, 7, Dollars(100))}, {{PayeeId(7), facts}}, {});
  EXPECT_EQ(Of(plan, 7).net, Money{});
  EXPECT_EQ(Of(plan, 7).offset, Dollars(100));
  EXPECT_EQ(Of(plan, 7).hold, HoldReason::kNone);
}

TEST(RunPlan, TheContractLimitsTheShareThatMayBeOffset) {
  PayeeFacts facts = Payable();
  facts.receivable = Dollars(9'000);
  const RunPlan plan = PlanRun(std::vector{Owed(1, 7, Money::FromCents(101))},
                               {{PayeeId(7), facts}}, {.offset_rate = Rate::FromPercent(50)});
  EXPECT_EQ(Of(plan, 7).offset, Money::FromCents(50));
  EXPECT_EQ(Of(plan, 7).net, Money::FromCents(51));
}

TEST(RunPlan, ALossBecomesAReceivableAndNeverANegativePayment) {
  const RunPlan plan = PlanRun(std::vector{Owed(1, 7, -Dollars(500)), Owed(2, 7, Dollars(300))},
                               {{PayeeId(7), Payable()}}, {});
  EXPECT_EQ(Of(plan, 7).recoup, Dollars(500));
  EXPECT_EQ(Of(plan, 7).net, Dollars(300));
  EXPECT_EQ(plan.lines[0].posting, LinePosting::kRecoup);
  EXPECT_EQ(TotalsOf(plan).hold, Dollars(300));
}

struct HoldCase {
  const char* name;
  PayeeFacts facts;
  Money amount;
  HoldReason expected;
};

class RunPlanHolds : public ::testing::TestWithParam<HoldCase> {};

TEST_P(RunPlanHolds, AHeldPayeeDoesNotStopTheOthers) {
  PayeeFacts facts = GetParam().facts;
  facts.receivable = Money::FromCents(5);
  const RunPlan plan =
      PlanRun(std::vector{Owed(1, 7, GetParam().amount), Owed(2, 8, Dollars(10))},
              {{PayeeId(7), facts}, {PayeeId(8), Payable()}}, {.minimum_payment = Dollars(1)});
  EXPECT_EQ(Of(plan, 7).hold, GetParam().expected);
  EXPECT_EQ(Of(plan, 7).IsPaid(), GetParam().expected == HoldReason::kNone);
  if (GetParam().expected != HoldReason::kNone) {
    // Nothing is taken from money that does not leave.
    EXPECT_EQ(Of(plan, 7).offset, Money{});
    EXPECT_EQ(Of(plan, 7).net, GetParam().amount);
    EXPECT_EQ(Of(plan, 7).account_version, 0);
  }
  EXPECT_TRUE(Of(plan, 8).IsPaid());
}

PayeeFacts InState(BankAccountState state) {
  PayeeFacts facts = Payable();
  facts.account->state = state;
  return facts;
}

PayeeFacts Stopped() {
  PayeeFacts facts = Payable();
  facts.stop_note = "ownership in doubt";
  return facts;
}

PayeeFacts WithoutTaxForm(PayeeFacts facts) {
  facts.tax_form = false;
  return facts;
}

PayeeFacts Consumer(PayeeKind kind) {
  PayeeFacts facts = Payable();
  facts.kind = kind;
  facts.account->ownership = AccountOwnership::kConsumer;
  return facts;
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RunPlanHolds,
    ::testing::Values(
        HoldCase{"paid", Payable(), Dollars(5), HoldReason::kNone},
        HoldCase{"no account", PayeeFacts{}, Dollars(5), HoldReason::kNoBankAccount},
        HoldCase{"unvalidated", InState(BankAccountState::kApproved), Dollars(5),
                 HoldReason::kUnvalidated},
        HoldCase{"suspended", InState(BankAccountState::kSuspended), Dollars(5),
                 HoldReason::kSuspended},
        HoldCase{"organization to consumer", Consumer(PayeeKind::kOrganization), Dollars(5),
                 HoldReason::kWrongOwnership},
        HoldCase{"person to consumer", Consumer(PayeeKind::kPerson), Dollars(5), HoldReason::kNone},
        HoldCase{"stopped", Stopped(), Dollars(5), HoldReason::kByPerson},
        HoldCase{"no tax form", WithoutTaxForm(Payable()), Dollars(5), HoldReason::kNoTaxForm},
        HoldCase{"no tax form and no account", WithoutTaxForm(PayeeFacts{}), Dollars(5),
                 HoldReason::kNoTaxForm},
        HoldCase{"stopped without a tax form", WithoutTaxForm(Stopped()), Dollars(5),
                 HoldReason::kByPerson},
        HoldCase{"below minimum", Payable(), Money::FromCents(104), HoldReason::kBelowMinimum},
        HoldCase{"at minimum", Payable(), Money::FromCents(105), HoldReason::kNone},
        HoldCase{"at limit", Payable(), Money::FromCents(9'999'999'999 + 5), HoldReason::kNone},
        HoldCase{"above limit", Payable(), Money::FromCents(10'000'000'000 + 5),
                 HoldReason::kAboveAchLimit}));

TEST(RunPlan, ALineWithoutAPayeeIsHeldAndTakesNoMoney) {
  OpenObligation nobody = Owed(1, 7, Dollars(5));
  nobody.payee.reset();
  const RunPlan plan = PlanRun(std::vector{nobody}, {}, {});
  EXPECT_EQ(plan.lines[0].hold, HoldReason::kNoPayee);
  EXPECT_EQ(plan.lines[0].posting, LinePosting::kNothing);
  EXPECT_EQ(TotalsOf(plan).hold, Money{});
  EXPECT_EQ(TotalsOf(plan).held, Dollars(5));
}

TEST(RunPlan, CarriedMoneyIsPaidAndNotTakenFromThePoolAgain) {
  OpenObligation held = Owed(1, 7, Dollars(50), Dollars(5));
  held.recognized = true;
  const RunPlan plan = PlanRun(std::vector{held}, {{PayeeId(7), Payable()}}, {});
  EXPECT_EQ(Of(plan, 7).carried, Dollars(45));
  EXPECT_EQ(Of(plan, 7).net, Dollars(45));
  EXPECT_EQ(TotalsOf(plan).hold, Money{});
}

TEST(RunPlan, AChangedAccountStopsThePaymentAndMovesItNowhere) {
  const RunPlan plan = HoldChangedAccounts(
      PlanRun(std::vector{Owed(1, 7, Dollars(5))}, {{PayeeId(7), Payable()}}, {}), {PayeeId(7)});
  EXPECT_EQ(Of(plan, 7).hold, HoldReason::kAccountChanged);
  EXPECT_EQ(TotalsOf(plan).hold, Dollars(5));
  EXPECT_EQ(TotalsOf(plan).paid, Money{});
}

// feature:H06
TEST(RunPlan, APartyWhoseOnboardingIsNotFinishedIsHeldAndStopsNobodyElse) {
  PayeeFacts waiting = Payable();
  waiting.onboarded = false;
  const RunPlan plan = PlanRun(std::vector{Owed(1, 7, Dollars(5)), Owed(2, 8, Dollars(6))},
                               {{PayeeId(7), waiting}, {PayeeId(8), Payable()}}, {});
  EXPECT_EQ(Of(plan, 7).hold, HoldReason::kNotOnboarded);
  EXPECT_EQ(HoldReasonName(Of(plan, 7).hold), "NOT_ONBOARDED");
  EXPECT_EQ(Of(plan, 8).hold, HoldReason::kNone);
  EXPECT_EQ(TotalsOf(plan).paid, Dollars(6));
}

TEST(RunPlan, BatchesNeverSplitAPayee) {
  std::vector<OpenObligation> obligations;
  std::map<PayeeId, PayeeFacts> payees;
  for (std::int64_t i = 1; i <= 500; ++i) {
    obligations.push_back(Owed(i, 1 + i % 90, Dollars(i)));
    payees.emplace(PayeeId(1 + i % 90), Payable());
  }
  const RunPlan plan =
      PlanRun(obligations, payees, {.payees_per_batch = 20, .lines_per_batch = 60});
  std::map<std::int32_t, int> lines;
  std::int32_t last = 1;
  for (const RunPayee& payee : plan.payees) {
    EXPECT_TRUE(payee.batch_no == last || payee.batch_no == last + 1);
    last = payee.batch_no;
  }
  for (const RunLine& line : plan.lines) ++lines[Of(plan, line.payee->Value()).batch_no];
  for (const auto& [batch, count] : lines) EXPECT_LE(count, 60) << batch;
  EXPECT_GT(last, 4);
}

TEST(RunPlan, TheOrderOfInputDoesNotMatterAndMoneyIsKept) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::vector<OpenObligation> obligations;
    std::map<PayeeId, PayeeFacts> payees;
    for (std::int64_t i = 1; i <= 40; ++i) {
      const auto payee = static_cast<std::int64_t>(1 + random() % 9);
      const auto cents = static_cast<std::int64_t>(random() % 100'000) - 20'000;
      if (cents == 0) continue;
      obligations.push_back(
          Owed(i, payee, Money::FromCents(cents), Money::FromCents(cents > 0 ? cents / 20 : 0)));
      PayeeFacts facts = random() % 4 == 0 ? PayeeFacts{} : Payable();
      facts.receivable = Money::FromCents(static_cast<std::int64_t>(random() % 30'000));
      payees.emplace(PayeeId(payee), facts);
    }
    const RunPlan plan = PlanRun(obligations, payees, {});
    std::ranges::shuffle(obligations, random);
    const RunPlan again = PlanRun(obligations, payees, {});
    EXPECT_EQ(RunDigest({}, plan), RunDigest({}, again));
    const RunTotals totals = TotalsOf(plan);
    EXPECT_EQ(totals.gross - totals.withhold - totals.offset, totals.paid + totals.held);
  }
}

TEST(RunDigest, AnyEditChangesIt) {
  const RunPlan plan =
      PlanRun(std::vector{Owed(1, 7, Dollars(50), Dollars(5)), Owed(2, 8, Dollars(20))},
              {{PayeeId(7), Payable(1)}, {PayeeId(8), Payable(1)}}, {});
  const DigestHeader header{.book = BookId(1), .run = RunId(2), .revision = 1};
  const Digest original = RunDigest(header, plan);
  auto differs = [&](auto edit) {
    RunPlan copy = plan;
    DigestHeader head = header;
    edit(copy, head);
    return RunDigest(head, copy) != original;
  };
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.payees[0].account_version = 2; }));
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.payees[0].account = BankAccountId(1); }));
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.payees[1].net += Money::FromCents(1); }));
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.lines[0].withhold = Money{}; }));
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.lines[1].payee = PayeeId(7); }));
  EXPECT_TRUE(differs([](RunPlan& p, DigestHeader&) { p.payees[1].hold_note = "x"; }));
  EXPECT_TRUE(differs([](RunPlan&, DigestHeader& h) { h.revision = 2; }));
  EXPECT_TRUE(differs([](RunPlan&, DigestHeader& h) { h.effective_date += Days(1); }));
  EXPECT_TRUE(differs([](RunPlan&, DigestHeader& h) { h.awards.push_back({}); }));
  EXPECT_FALSE(differs([](RunPlan&, DigestHeader&) {}));
}

}  // namespace
}  // namespace sluice::payments
