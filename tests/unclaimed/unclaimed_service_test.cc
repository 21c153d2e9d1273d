// Money that payments left behind: listed, written about, set aside, claimed.
#include "payments/unclaimed/unclaimed_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AnswersOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kDormantOn = MakeDate(2029, 10, 2);  // three years after the payment of the fixture

class UnclaimedServiceTest : public InboundFixture {
 protected:
  UnclaimedService Service() { return {db_.App(), payer_, program_.book, db_.Clock()}; }
  std::vector<UntakenOfPayee> List(Date today = kDormantOn) {
    auto list = Service().List(today);
    EXPECT_TRUE(list.ok()) << StatusMessage(list.status());
    return list.ok() ? *list : std::vector<UntakenOfPayee>();
  }
  // The first of three payments comes back.
  PayeeId ReturnOne() {
    const RunId run = ReleaseThree();
    Receive(Write(AnswersOf({{entries_[0], "R03"}})));
    Apply();
    return PaymentOf(run, entries_[0]).payee;
  }
  void LoadRule() {
    const DormancyRule rule{
        .state = "MN", .from = MakeDate(2000, 1, 1), .months = 36, .source = "an invented rule"};
    const auto loaded = Service().LoadRules(std::span(&rule, 1), kMaker);
    ASSERT_TRUE(loaded.ok()) << StatusMessage(loaded.status());
    EXPECT_EQ(*loaded, 1);
    EXPECT_EQ(*Service().LoadRules(std::span(&rule, 1), kMaker), 0);
  }
  UnclaimedService::Request By(PayeeId payee, Actor second = kSecond) {
    return {.payee = payee,
            .note = "nobody answers",
            .today = kDormantOn,
            .first = kFirst,
            .second = second};
  }
  Money SetAsideBalance(PayeeId payee) { return Balance(UnclaimedAccount(payee, "MN")); }
};

// feature:R06
TEST_F(UnclaimedServiceTest, MoneyIsListedWithItsClockAndItsLetter) {
  const PayeeId payee = ReturnOne();
  ASSERT_THAT(List(), SizeIs(1));
  EXPECT_EQ(List().front().clock.stage, DormancyStage::kNoRule);
  LoadRule();
  EXPECT_EQ(List(MakeDate(2026, 11, 1)).front().clock.stage, DormancyStage::kRunning);
  EXPECT_EQ(List(kDormantOn - Days(1)).front().clock.stage, DormancyStage::kLetterDue);
  UnclaimedService service = Service();
  const Status written = service.Note(payee, UnclaimedEventKind::kLetter, kDormantOn - Days(2),
                                      "letter to the last address", kMaker);
  ASSERT_TRUE(written.ok()) << StatusMessage(written);
  EXPECT_EQ(List(kDormantOn - Days(1)).front().clock.stage, DormancyStage::kRunning);
  const auto list = List();
  EXPECT_EQ(list.front().clock.stage, DormancyStage::kDormant);
  EXPECT_EQ(list.front().amount, Dollars(100));
  EXPECT_THAT(WriteUnclaimedCsv(list),
              HasSubstr(",MN,55401,100.00," + list.front().payments.front().key +
                        ",2026-10-02,DORMANT,2029-10-02,"));
  // An owner who is heard of starts the clock anew.
  ASSERT_TRUE(
      service.Note(payee, UnclaimedEventKind::kHeardOf, kDormantOn, "called us", kMaker).ok());
  EXPECT_EQ(List().front().clock.stage, DormancyStage::kRunning);
  EXPECT_EQ(service.Note(payees_[1], UnclaimedEventKind::kLetter, kDormantOn, "x", kMaker).code(),
            absl::StatusCode::kNotFound);
}

// feature:R06
TEST_F(UnclaimedServiceTest, TwoPeopleSetDormantMoneyAsideAndGiveItBack) {
  const PayeeId payee = ReturnOne();
  UnclaimedService service = Service();
  EXPECT_THAT(StatusMessage(service.SetAside(By(payee)).status()), HasSubstr("NO_RULE"));
  LoadRule();
  UnclaimedService::Request early = By(payee);
  early.today = kDormantOn - Days(1);
  EXPECT_EQ(service.SetAside(early).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(service.SetAside(By(payee, kFirst)).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(service.SetAside(By(payee, kService)).status().code(),
            absl::StatusCode::kPermissionDenied);

  const auto aside = service.SetAside(By(payee));
  ASSERT_TRUE(aside.ok()) << StatusMessage(aside.status());
  EXPECT_EQ(*aside, Dollars(100));
  EXPECT_EQ(SetAsideBalance(payee), Dollars(100));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  EXPECT_THAT(List(), IsEmpty());
  EXPECT_EQ(service.SetAside(By(payee)).status().code(), absl::StatusCode::kNotFound);

  EXPECT_EQ(service.Claim(By(payee, kFirst)).status().code(), absl::StatusCode::kPermissionDenied);
  const auto claimed = service.Claim(By(payee));
  ASSERT_TRUE(claimed.ok()) << StatusMessage(claimed.status());
  EXPECT_EQ(*claimed, Dollars(100));
  EXPECT_EQ(SetAsideBalance(payee), Money{});
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(100));
  EXPECT_THAT(List(), SizeIs(1));
  EXPECT_EQ(service.Claim(By(payee)).status().code(), absl::StatusCode::kFailedPrecondition);
  ExpectBooksInOrder();
}

TEST_F(UnclaimedServiceTest, MoneyThatARunIsAboutToPayIsNotTouched) {
  const PayeeId payee = ReturnOne();
  LoadRule();
  const auto back = inbound_->ReturnedPayments();
  ASSERT_THAT(*back, SizeIs(1));
  ASSERT_TRUE(inbound_
                  ->DecideReturned(program_.book, back->front().payment.disbursement,
                                   {.note = "new account"}, kFirst)
                  .ok());
  AddAccount(payee, "123450001");
  const RunId next = Open(2, RunKind::kReissue);
  ASSERT_TRUE(Cycles().Calculate(next, {}, kMaker).ok());
  EXPECT_THAT(StatusMessage(Service().SetAside(By(payee)).status()), HasSubstr("is about to pay"));
  ASSERT_TRUE(Cycles().Cancel(next, "the owner is dead", kMaker).ok());
  EXPECT_TRUE(Service().SetAside(By(payee)).ok());
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
