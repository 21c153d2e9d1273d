// The bank against our books, remittances on their way and notices to payees, over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/delivery/remittance_store.h"
#include "payments/notices/notice_store.h"
#include "tests/api/server/money_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ReconciliationCalls : public MoneyCalls {
 protected:
  void SetUp() override {
    MoneyCalls::SetUp();
    AddPerson(UserId(38), "treasury", {Role::kTreasury});
    treasury_ = SignIn("treasury");
  }
  std::string RunName(payments::RunId run) {
    return fmt::format("{}/cycles/{}/runs/{}", program_name_, Cycles().Find(run)->cycle, run);
  }

  std::string treasury_;
};

// feature:M04
TEST_F(ReconciliationCalls, ARunMatchesOnceTheBankHasShownIt) {
  const payments::RunId run = Release();
  const std::string before = Get(RunName(run) + ":reconcile", maker_);
  EXPECT_THAT(before, HasSubstr(R"("whole":false)"));
  EXPECT_THAT(before, HasSubstr("RECONCILIATION_LEG_DEPOSIT"));
  ASSERT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
  const std::string after = Get(RunName(run) + ":reconcile", maker_);
  EXPECT_THAT(after, HasSubstr(R"("matched":"2")"));
  EXPECT_EQ(Https("GET", "/v1/" + RunName(run) + ":reconcile", SignIn("aco")).status, 403);
  const std::string clock = Get(RunName(run) + ":remittanceClock", maker_);
  EXPECT_EQ(FieldOf(clock, "remittances"), "2");
}

// feature:M04
TEST_F(ReconciliationCalls, ALineOfTheStatementIsExplainedByTwoPeople) {
  Deposit(Dollars(50), "WIRE 1 UNKNOWN");
  Deposit(Dollars(70), "WIRE 2 UNKNOWN");
  const std::string list = program_name_ + "/bankLines";
  const std::string first_page = Get(list + "?pageSize=1", treasury_);
  const std::string token = FieldOf(first_page, "nextPageToken");
  EXPECT_THAT(
      Texts(list + "?pageSize=1&pageToken=" + token, "bankLines", "bankReference", treasury_),
      ElementsAre("WIRE 2 UNKNOWN"));
  const std::string line = Texts(list, "bankLines", "name", treasury_).front();
  const std::string assigned =
      Done(line + ":assign", treasury_,
           fmt::format(R"({{"owner":"{}","note":"ask the funder"}})", Person(kMaker.user)));
  EXPECT_EQ(FieldOf(assigned, "owner"), Person(kMaker.user));
  const std::string parts =
      R"({"parts":[{"kind":"LINE_PART_KIND_DEPOSIT","reference":"main","amount":{"cents":"5000"}}],
          "reason":"the funder confirmed it"})";
  EXPECT_EQ(Post(line + ":split", maker_, parts).status, 403);
  const std::string split = Done(line + ":split", treasury_, parts);
  EXPECT_EQ(FieldOf(split, "state"), "BANK_LINE_SPLIT_STATE_WAITS");
  EXPECT_EQ(Post(line + ":split", treasury_, parts).status, 409);
  EXPECT_THAT(Texts(program_name_ + "/bankLineSplits", "bankLineSplits", "name", treasury_),
              ElementsAre(FieldOf(split, "name")));
  EXPECT_EQ(Post(FieldOf(split, "name") + ":approve", checker_, "", "\"old\"").status, 409);
  const std::string posted =
      Done(FieldOf(split, "name") + ":approve", checker_, "", FieldOf(split, "etag"));
  EXPECT_EQ(FieldOf(posted, "state"), "BANK_LINE_SPLIT_STATE_POSTED");
  EXPECT_THAT(Texts(list, "bankLines", "bankReference", treasury_), ElementsAre("WIRE 2 UNKNOWN"));
  EXPECT_THAT(Get(PoolName(), treasury_), HasSubstr(R"("balance":{"cents":"5000"})"));
  const std::string other = Texts(list, "bankLines", "name", treasury_).front();
  const std::string wrong = Done(
      other + ":split", treasury_,
      R"({"parts":[{"kind":"LINE_PART_KIND_DEPOSIT","reference":"main","amount":{"cents":"7000"}}],
          "reason":"it looks like one"})");
  const std::string rejected = Done(FieldOf(wrong, "name") + ":reject", checker_,
                                    R"({"reason":"ask the bank"})", FieldOf(wrong, "etag"));
  EXPECT_EQ(FieldOf(rejected, "state"), "BANK_LINE_SPLIT_STATE_REJECTED");
  EXPECT_THAT(Texts(list, "bankLines", "name", treasury_), ElementsAre(other));
}

// feature:Q11
TEST_F(ReconciliationCalls, APayeeMarksItsOwnPaymentsAndSetsItsOwnDrop) {
  const auto payments = PaymentsOf(Release());
  AddPerson(UserId(39), "practice", {Role::kProviderAdmin}, practice_);
  const std::string practice = SignIn("practice");
  const std::string list = program_name_ + "/paymentMarks";
  EXPECT_THAT(Texts(list, "paymentMarks", "payment", maker_), SizeIs(2));
  const auto own = Texts(list, "paymentMarks", "name", practice);
  ASSERT_THAT(own, SizeIs(1));
  const std::string marked =
      Done(own.front() + ":mark", practice,
           R"({"kind":"PAYMENT_MARK_KIND_RECONCILED","note":"in our statement"})");
  EXPECT_THAT(marked, HasSubstr(R"("reconciled":true)"));
  for (const payments::Disbursement& payment : payments) {
    if (payment.payee == first_payee_) continue;
    EXPECT_EQ(Post(fmt::format("{}/{}:mark", list, payment.id), practice,
                   R"({"kind":"PAYMENT_MARK_KIND_RECONCILED"})")
                  .status,
              403);
  }
  const std::string drops = fmt::format("{}/payees/{}/remittanceDrops", payer_name_, first_payee_);
  const std::string drop = R"({"server":"elm","receiverId":"ELM-1","directory":"in",)"
                           R"("reason":"our own system reads it"})";
  EXPECT_EQ(Post(drops + ":register", maker_, drop).status, 403);
  const std::string registered = Done(drops + ":register", practice, drop);
  EXPECT_EQ(FieldOf(registered, "receiverQualifier"), "ZZ");
  EXPECT_EQ(Post(drops + ":register", practice, drop).status, 400);
  Done(drops + ":end", practice, R"({"reason":"the server is gone"})");
  EXPECT_THAT(Texts(drops, "remittanceDrops", "reason", maker_),
              ElementsAre("our own system reads it", "the server is gone"));
  EXPECT_EQ(
      Https("GET", fmt::format("/v1/{}/payees/{}/remittanceDrops", payer_name_, second_payee_),
            practice)
          .status,
      403);
}

// feature:M13
TEST_F(ReconciliationCalls, SomebodyBringsARemittanceAndSaysSo) {
  const auto payments = PaymentsOf(Release());
  const payments::QueuedRemittance queued{
      .disbursement = payments[0].id,
      .run = payments[0].run,
      .payee = payments[0].payee,
      .errand = {.way = payments::RemittanceDelivery::kPaper, .note = ""}};
  Do([&](pg::Transaction& tx) -> Status {
    payments::InsertQueue(tx, program_.book, {&queued, 1}, db_.Clock().Now());
    return OkStatus();
  });
  AddPerson(UserId(40), "releaser", {Role::kReleaser});
  const std::string releaser = SignIn("releaser", true);
  const std::string list = program_name_ + "/queuedRemittances";
  const std::string name = Texts(list, "queuedRemittances", "name", maker_).front();
  const std::string etag = Texts(list, "queuedRemittances", "etag", maker_).front();
  const std::string brought =
      fmt::format(R"({{"date":{},"how":"a letter by courier"}})", Day(kBusinessDate));
  EXPECT_EQ(Post(name + ":markDelivered", maker_, brought, etag).status, 403);
  const std::string done = Done(name + ":markDelivered", releaser, brought, etag);
  EXPECT_THAT(done, HasSubstr(R"("delivered":true)"));
  EXPECT_EQ(Post(name + ":markDelivered", releaser, brought, etag).status, 409);
  EXPECT_THAT(Texts(list, "queuedRemittances", "name", maker_), IsEmpty());
  EXPECT_THAT(Texts(list + "?showDelivered=true", "queuedRemittances", "how", maker_),
              ElementsAre("a letter by courier"));
}

// feature:M12
TEST_F(ReconciliationCalls, ANoticeIsToldByAPersonAndItsAddressStaysMasked) {
  const PayeeId payee = AddPaidPayee(practice_.Value());
  const payments::PayeeNotice notice{.id = db_.Ids().NextValue(),
                                     .kind = payments::NoticeKind::kAccountChange,
                                     .payee = payee,
                                     .account = accounts_.at(payee).id,
                                     .version = accounts_.at(payee).version,
                                     .channel = payments::NoticeChannel::kPhone,
                                     .address = "612-555-0123",
                                     .recipient = "Pay desk",
                                     .body = "another account was entered"};
  Do([&](pg::Transaction& tx) -> Status {
    payments::InsertNotices(tx, payer_, {&notice, 1}, db_.Clock().Now());
    return OkStatus();
  });
  AddPerson(UserId(41), "bank", {Role::kBankEnrollment});
  const std::string bank = SignIn("bank", true);
  const std::string list = payer_name_ + "/notices";
  const std::string shown = Get(list + "?filter=channel%20%3D%20PHONE", maker_);
  EXPECT_THAT(shown, HasSubstr("***0123"));
  EXPECT_THAT(shown, Not(HasSubstr("612-555")));
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, "sluice.payments.v1.NoticeService/ListNotices"),
            1);
  const std::string name = Texts(list, "notices", "name", maker_).front();
  const std::string etag = Texts(list, "notices", "etag", maker_).front();
  const std::string told =
      R"({"verdict":"NOTICE_VERDICT_TOLD","how":"called back on file number"})";
  EXPECT_EQ(Post(name + ":mark", SignIn("maker", true), told, etag).status, 403);
  const std::string done = Done(name + ":mark", bank, told, etag);
  EXPECT_EQ(FieldOf(done, "state"), "NOTICE_STATE_SENT");
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20WAITS", "notices", "name", maker_), IsEmpty());
  EXPECT_EQ(Post(name + ":mark", bank, told, FieldOf(done, "etag")).status, 400);
}

}  // namespace
}  // namespace sluice::api
