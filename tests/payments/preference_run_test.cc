// Preferences as runs use them: the payee, the method and what approvers sign.
#include <gmock/gmock.h>

#include <algorithm>

#include "payments/obligation_store.h"
#include "payments/routing/preference_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

class PreferenceRunTest : public RunFixture {
 protected:
  PreferenceService Preferences() { return {db_.App(), payer_, db_.Clock(), db_.Ids()}; }

  static std::string TinOf(std::int64_t party) { return fmt::format("{:09}", 410000000 + party); }

  // Recorded well before the cut-off of a run of October 1.
  PaymentPreference Record(PaymentPreference wish) {
    wish.reason = "asked for";
    wish.effective_from = MakeDate(2026, 1, 1);
    const auto recorded = Preferences().Record(wish, kBankOffice);
    EXPECT_TRUE(recorded.ok()) << StatusMessage(recorded.status());
    return recorded.value_or(wish);
  }
  void Confirm(const PaymentPreference& wish) {
    const Status confirmed = Preferences().Confirm(wish.id, kCompliance);
    EXPECT_TRUE(confirmed.ok()) << StatusMessage(confirmed);
  }
  void SetUp() override {
    RunFixture::SetUp();
    db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 1)));
  }
  void ToOctober() { db_.Clock().Set(Instant::AtMidnight(kBusinessDate)); }
};

// feature:H08
TEST_F(PreferenceRunTest, FourRolesOfOnePersonArePaidToFourAccountsAndAddUpToTheAward) {
  // A doctor with work of their own, in a group, at a clinic by carve-out, and as a director.
  const PayeeId own = AddPaidPayee(10);
  const PayeeId in_group = AddPaidPayee(10, PartyId(20));
  const PayeeId director = AddPaidPayee(10, PartyId(20), "medical_director");
  const PayeeId at_clinic = AddPaidPayee(11);
  Confirm(Record({.key = {.tin = TinOf(10), .location = PartyId(30), .npi = "1234567893"},
                  .payee = at_clinic}));
  Confirm(Record({.key = {.tin = TinOf(10), .program = program_.program}, .payee = own}));
  ToOctober();
  AwardToPay award = Award(1, {{.party = 10, .amount = Dollars(100)},
                               {.party = 10, .amount = Dollars(200), .ancestors = {30}}});
  award.shares.push_back(
      {.position = 3, .party = PartyId(10), .ancestors = {PartyId(20)}, .amount = Dollars(300)});
  award.shares.push_back({.position = 4,
                          .party = PartyId(10),
                          .ancestors = {PartyId(20)},
                          .role = "medical_director",
                          .amount = Dollars(400)});
  award.payable = award.gross = Dollars(1'000);
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  // The preference of the program takes what the directory gave to the group and the director.
  EXPECT_EQ(PayeeOf(run, at_clinic).net, Dollars(200));
  EXPECT_EQ(PayeeOf(run, own).net, Dollars(800));
  const auto routes = Preferences().ExplainRun(program_, run, at_clinic);
  ASSERT_TRUE(routes.ok()) << StatusMessage(routes.status());
  ASSERT_EQ(routes->size(), 1U);
  EXPECT_EQ(routes->front().usual, own);
  EXPECT_EQ(routes->front().resolution.candidates.size(), 2U);
  EXPECT_THAT(routes->front().resolution.candidates[1].text, HasSubstr("more specific"));

  // Without it each role is paid to its own payee: four lines, four accounts, the sum of the award.
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 2)));
  Record({.key = {.tin = TinOf(10), .program = program_.program}, .withdrawn = true});
  ToOctober();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  std::set<BankAccountId> accounts;
  Money sum;
  for (const PayeeId payee : {own, in_group, director, at_clinic}) {
    const RunPayee row = PayeeOf(run, payee);
    EXPECT_TRUE(row.IsPaid());
    accounts.insert(row.account);
    sum += row.net;
  }
  EXPECT_EQ(accounts.size(), 4U);
  EXPECT_EQ(sum, award.payable);
}

// feature:M11
TEST_F(PreferenceRunTest, AMethodThatTheProgramDoesNotPayByHoldsThePayee) {
  const PayeeId payee = AddPaidPayee(10);
  Record({.key = {.tin = TinOf(10)}, .method = PayoutMethod::kCheck});
  ToOctober();
  const RunId run = Open();
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)}});
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kMethodUnavailable);
  program_.plan.pays_by_check = true;
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  const RunPayee row = PayeeOf(run, payee);
  EXPECT_TRUE(row.IsPaid());
  EXPECT_EQ(row.rail, Rail::kCheck);
  EXPECT_EQ(row.account_version, 0);  // a check goes to no account
}

TEST_F(PreferenceRunTest, LinesThatAskForDifferentWaysHoldTheirPayee) {
  const PayeeId payee = AddPaidPayee(10);
  Record(
      {.key = {.tin = TinOf(10), .location = PartyId(30)}, .delivery = RemittanceDelivery::kPaper});
  ToOctober();
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)},
                               {.party = 10, .amount = Dollars(200), .ancestors = {30}}});
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kRouteConflict);
}

// feature:M11
TEST_F(PreferenceRunTest, AChangeAfterTheCutOffWaitsForTheNextCycle) {
  const PayeeId payee = AddPaidPayee(10);
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 30)));  // the cut-off was the 29th
  Record({.key = {.tin = TinOf(10)}, .delivery = RemittanceDelivery::kPortal});
  ToOctober();
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)}});
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{award}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).delivery, RemittanceDelivery::kClearinghouse);
  const auto now = Preferences().Explain(program_, payee, {}, kBusinessDate);
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->candidates.front().verdict, RouteVerdict::kAfterCutOff);
  const auto next = Preferences().Explain(program_, payee, {}, MakeDate(2026, 11, 2));
  EXPECT_EQ(next->route.delivery, RemittanceDelivery::kPortal);
  const auto history = Preferences().History(payee);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->size(), 1U);
}

TEST_F(PreferenceRunTest, TheDigestHoldsTheWayAPayeeIsPaid) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  ToOctober();
  const auto award = Award(1, {{.party = 10, .amount = Dollars(100)}});
  const RunId run = Open();
  const Digest before = Submit(run, {award});
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 2)));
  Record({.key = {.tin = TinOf(10)}, .delivery = RemittanceDelivery::kPortal});
  ToOctober();
  ASSERT_TRUE(Cycles().Return(run, "a preference came", kFirst).ok());
  const Digest after = Submit(run, {award});
  EXPECT_NE(before, after);
  EXPECT_EQ(PayeeOf(run, payee).delivery, RemittanceDelivery::kPortal);
  // The auditor computes the same digest on its own.
  Approve(run, after);
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  ExpectBooksInOrder();
}

TEST_F(PreferenceRunTest, WhoRedirectsMoneyDoesNotApproveTheRunThatFollows) {
  AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  const PaymentPreference wish = Record({.key = {.tin = TinOf(10)}, .payee = other});
  EXPECT_EQ(Preferences().Confirm(wish.id, kBankOffice).code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(Preferences().Confirm(wish.id, kFirst).ok());
  Fund(Dollars(1'000));
  ToOctober();
  const RunId run = Open();
  const Digest digest = Submit(run, {Award(1, {{.party = 10, .amount = Dollars(100)}})});
  EXPECT_EQ(PayeeOf(run, other).net, Dollars(100));
  EXPECT_EQ(Cycles().Approve(run, digest, {}, kFirst).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Cycles().Approve(run, digest, {}, kSecond).ok());
}

TEST_F(PreferenceRunTest, TheTableRefusesOneWhoConfirmsTheirOwn) {
  AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  PaymentPreference wish = Record({.key = {.tin = TinOf(10)}, .payee = other});
  const Status refused = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    InsertPreferenceConfirmation(tx, payer_, wish, {wish.recorded_by, db_.Clock().Now()});
    return OkStatus();
  });
  EXPECT_THAT(StatusMessage(refused), HasSubstr("payment_preference_confirmation"));
}

// What was paid by a preference is taken back from who had it, wherever the share goes now.
TEST_F(PreferenceRunTest, ARestatementTakesFromThePayeeThatHadTheMoney) {
  const PayeeId usual = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  Confirm(Record({.key = {.tin = TinOf(10)}, .payee = other}));
  Fund(Dollars(1'000));
  ToOctober();
  const RunId run = Approved({Award(1, {{.party = 10, .amount = Dollars(100)}})});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 3)));
  Record({.key = {.tin = TinOf(10)}, .withdrawn = true});
  ToOctober();
  const RunId second = Open(2, RunKind::kOffCycle);
  const auto less = Award(1, {{.party = 10, .amount = Dollars(60)}}, Money{}, 2);
  ASSERT_TRUE(Cycles().Calculate(second, std::vector{less}, kMaker).ok());
  EXPECT_EQ(PayeeOf(second, other).recoup, Dollars(40));
  const auto plan = Cycles().Plan(second);
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(
      std::ranges::none_of(plan->payees, [&](const RunPayee& row) { return row.payee == usual; }));
}

}  // namespace
}  // namespace sluice::payments
