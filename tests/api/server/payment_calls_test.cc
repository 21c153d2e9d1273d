// Payments, the files that carry them and what came back, worked over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/inbound/inbound_service.h"
#include "payments/inbound/return_store.h"
#include "payments/run_store.h"
#include "tests/api/server/money_fixture.h"

namespace sluice::api {
namespace {

using payments::Disbursement;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PaymentCalls : public MoneyCalls {
 protected:
  // A payment of the run came back with this code.
  void Return(const Disbursement& payment, const std::string& code,
              payments::ReturnActions actions) {
    const payments::ReturnedPayment row{.disbursement = payment.id,
                                        .home = program_.book,
                                        .file = db_.Ids().Next<payments::InboundFileTag>(),
                                        .item_no = 1,
                                        .payee = payment.payee,
                                        .code = code,
                                        .actions = actions,
                                        .amount = payment.amount,
                                        .returned_on = kBusinessDate,
                                        .recorded_by = kService.user,
                                        .recorded_at = db_.Clock().Now()};
    Do([&](pg::Transaction& tx) -> Status {
      payments::InsertReturnedPayments(tx, program_.book, {&row, 1});
      return OkStatus();
    });
  }
  std::string ReturnedName(const Disbursement& payment) {
    return fmt::format("{}/returnedPayments/{}", payer_name_, payment.id);
  }
  std::string EtagOf(const std::string& list, const std::string& items) {
    return Texts(list, items, "etag", maker_).front();
  }
};

// feature:X02
TEST_F(PaymentCalls, PaymentsAreFoundByTheFinanceTeamAndByTheirOwnPayee) {
  const auto payments = PaymentsOf(Release());
  ASSERT_THAT(payments, SizeIs(2));
  const std::string list = payer_name_ + "/payments";
  const std::string first_page = Get(list + "?pageSize=1&orderBy=amount%20desc", maker_);
  EXPECT_THAT(first_page, HasSubstr("\"cents\":\"10000\""));
  const std::string next = FieldOf(first_page, "nextPageToken");
  EXPECT_THAT(Texts(list + "?pageSize=1&orderBy=amount%20desc&pageToken=" + next, "payments",
                    "amount.cents", maker_),
              ElementsAre("9000"));
  EXPECT_THAT(
      Texts(list + "?filter=state%20%3D%20SENT%20AND%20payee%20%3D%20" + first_payee_.ToString(),
            "payments", "accountMasked", maker_),
      ElementsAre("ending 1000"));

  // A practice sees what was paid to it and nothing else; the other's is denied, there or not.
  AddPerson(UserId(31), "practice", {Role::kProviderViewer}, practice_);
  const std::string practice = SignIn("practice");
  EXPECT_THAT(Texts(list, "payments", "payee", practice),
              ElementsAre(fmt::format("{}/payees/{}", payer_name_, first_payee_)));
  for (const Disbursement& payment : payments) {
    const auto answer = Https("GET", "/v1/" + PaymentName(payment), practice);
    EXPECT_EQ(answer.status, payment.payee == first_payee_ ? 200 : 403) << answer.body;
  }
  EXPECT_EQ(Https("GET", "/v1/" + list.substr(0, list.rfind('/')) + "/payments/dis_0000000000001",
                  practice)
                .status,
            403);
  const auto by_grpc =
      Grpc("sluice.payments.v1.PaymentService", "GetPayment",
           fmt::format(R"({{"name":"{}"}})", PaymentName(payments.front())), maker_);
  EXPECT_EQ(by_grpc.code, 0) << by_grpc.message;
  EXPECT_THAT(by_grpc.json, HasSubstr("/lines/obl_"));
}

// feature:M05
TEST_F(PaymentCalls, AComplianceReturnIsClearedByTwoPeopleWhoBothSaidSo) {
  const auto payments = PaymentsOf(Release());
  using enum payments::ReturnAction;
  Return(payments[0], "R16", {kStop, kHold, kCompliance});
  const std::string list = payer_name_ + "/returnedPayments";
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20OPEN", "returnedPayments", "code", maker_),
              ElementsAre("R16"));
  const std::string name = ReturnedName(payments[0]);
  const std::string etag = EtagOf(list, "returnedPayments");
  const std::string closed =
      fmt::format(R"({{"decision":"RETURNED_PAYMENT_STATE_CLOSED","note":"OFAC asked",)"
                  R"("secondPerson":"{}"}})",
                  Person(kMaker.user));
  // Nobody proposed it: naming somebody is not enough.
  const auto alone = Post(name + ":decide", checker_, closed, etag);
  EXPECT_EQ(alone.status, 400) << alone.body;
  EXPECT_THAT(FieldOf(alone.body, "detail"), HasSubstr("nobody proposed it"));

  const std::string proposed =
      Done(name + ":propose", maker_,
           R"({"decision":"RETURNED_PAYMENT_STATE_CLOSED","note":"counsel says so"})", etag);
  EXPECT_EQ(FieldOf(proposed, "proposedBy"), Person(kMaker.user));
  EXPECT_EQ(FieldOf(proposed, "state"), "RETURNED_PAYMENT_STATE_OPEN");
  // Another decision than the proposed one, and an old etag, are refused.
  const auto other =
      Post(name + ":decide", checker_,
           fmt::format(R"({{"decision":"RETURNED_PAYMENT_STATE_PAY_AGAIN","note":"pay it",)"
                       R"("secondPerson":"{}"}})",
                       Person(kMaker.user)),
           etag);
  EXPECT_EQ(other.status, 400) << other.body;
  EXPECT_EQ(Post(name + ":decide", checker_, closed, "\"old\"").status, 409);
  EXPECT_EQ(Post(name + ":decide", SignIn("maker", true), closed, etag).status, 403);

  const std::string done = Done(name + ":decide", checker_, closed, etag);
  EXPECT_EQ(FieldOf(done, "state"), "RETURNED_PAYMENT_STATE_CLOSED");
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20OPEN", "returnedPayments", "code", maker_),
              IsEmpty());
}

TEST_F(PaymentCalls, AnOrdinaryReturnIsPaidAgainByOnePersonWithTheRight) {
  const auto payments = PaymentsOf(Release());
  using enum payments::ReturnAction;
  Return(payments[0], "R03", {kStop, kRepay});
  const std::string etag = EtagOf(payer_name_ + "/returnedPayments", "returnedPayments");
  const std::string done = Done(
      ReturnedName(payments[0]) + ":decide", checker_,
      R"({"decision":"RETURNED_PAYMENT_STATE_PAY_AGAIN","note":"the account is corrected"})", etag);
  EXPECT_EQ(FieldOf(done, "state"), "RETURNED_PAYMENT_STATE_PAY_AGAIN");
  EXPECT_THAT(FieldOf(done, "meaning"), HasSubstr("o account"));
}

// feature:M05
TEST_F(PaymentCalls, AFileWhoseDeliveryIsUnknownIsDecidedByTwo) {
  const payments::RunId run = Release();
  const std::string list = payer_name_ + "/files";
  const std::string ach = list + "?filter=kind%20%3D%20ACH";
  ASSERT_THAT(Texts(ach, "paymentFiles", "state", maker_),
              ElementsAre("PAYMENT_FILE_STATE_DELIVERED"));
  const std::string name = Texts(ach, "paymentFiles", "name", maker_).front();
  const auto file = payments::PaymentFileId::Parse(name.substr(name.rfind('/') + 1)).value();
  Do([&](pg::Transaction& tx) -> Status {
    payments::LockRun(tx, program_.book, run);
    auto locked = payments::LockFile(tx, program_.book, file);
    return payments::MoveFile(tx, program_.book, *locked, payments::FileState::kSentUnknown,
                              "the line broke", {kService.user, db_.Clock().Now()});
  });
  AddPerson(UserId(32), "releaser", {Role::kReleaser});
  const std::string releaser = SignIn("releaser", true);
  const std::string etag = FieldOf(Get(name, releaser), "etag");
  const std::string declare =
      fmt::format(R"({{"firstPerson":"{}","evidence":"bank desk, call 17"}})", Person(UserId(32)));
  EXPECT_EQ(Post(name + ":declareNotDelivered", checker_, declare, etag).status, 400);
  EXPECT_EQ(Post(name + ":proposeNotDelivered", maker_, R"({"evidence":"x"})", etag).status, 403);
  const std::string proposed =
      Done(name + ":proposeNotDelivered", releaser, R"({"evidence":"bank desk, call 16"})", etag);
  EXPECT_EQ(FieldOf(proposed, "notDeliveredProposedBy"), Person(UserId(32)));
  const std::string declared = Done(name + ":declareNotDelivered", checker_, declare, etag);
  EXPECT_EQ(FieldOf(declared, "state"), "PAYMENT_FILE_STATE_READY");
  EXPECT_EQ(Post(name + ":confirmDelivered", releaser, R"({"evidence":"they have it"})",
                 FieldOf(declared, "etag"))
                .status,
            400);
  // Unknown once more, and this time the bank finds it.
  Do([&](pg::Transaction& tx) -> Status {
    payments::LockRun(tx, program_.book, run);
    auto locked = payments::LockFile(tx, program_.book, file);
    return payments::MoveFile(tx, program_.book, *locked, payments::FileState::kSentUnknown,
                              "the line broke again", {kService.user, db_.Clock().Now()});
  });
  // What was proposed was of another state of the file.
  const std::string again = FieldOf(Get(name, releaser), "etag");
  EXPECT_EQ(Post(name + ":declareNotDelivered", checker_, declare, again).status, 400);
  const std::string there =
      Done(name + ":confirmDelivered", releaser, R"({"evidence":"bank desk, call 19"})", again);
  EXPECT_EQ(FieldOf(there, "state"), "PAYMENT_FILE_STATE_DELIVERED");
  // A practice is told of payments, not of files.
  EXPECT_EQ(Https("GET", "/v1/" + list, SignIn("aco")).status, 403);
}

// feature:M05
TEST_F(PaymentCalls, WhatCameInIsReadAndItsItemsAreDealtWith) {
  payments::InboundService inbound(db_.App(), db_.Files(), payer_, *keys_, db_.Clock(), db_.Ids());
  const auto received =
      inbound.Receive("balance.bai",
                      "01,091000019,123456789,261001,0600,1,80,,2/\n02,123456789,091000019,1,261001"
                      ",0600,USD,2/\n03,551234567,USD,015,100000,,/\n49,100000,2/\n98,100000,1,4/\n"
                      "99,100000,1,6/\n",
                      kService);
  ASSERT_TRUE(received.ok()) << StatusMessage(received.status());
  const std::string files = payer_name_ + "/inboundFiles";
  EXPECT_THAT(Texts(files, "inboundFiles", "fileName", maker_), ElementsAre("balance.bai"));
  EXPECT_THAT(Texts(files + "?filter=kind%20%3D%20ACH", "inboundFiles", "fileName", maker_),
              IsEmpty());
  const std::string file = Texts(files, "inboundFiles", "name", maker_).front();
  EXPECT_EQ(FieldOf(Get(file, maker_), "kind"), "INBOUND_FILE_KIND_BAI2");
  const auto open = Texts(files + "/-/items?filter=state%20%3D%20STAGED&pageSize=1", "inboundItems",
                          "name", maker_);
  ASSERT_THAT(open, SizeIs(1));
  const std::string etag = Texts(files + "/-/items?filter=state%20%3D%20STAGED&pageSize=1",
                                 "inboundItems", "etag", maker_)
                               .front();
  const std::string resolved =
      Done(open.front() + ":resolve", maker_, R"({"note":"of an account that is closed"})", etag);
  EXPECT_EQ(FieldOf(resolved, "state"), "INBOUND_ITEM_STATE_RESOLVED");
  EXPECT_EQ(
      Post(open.front() + ":resolve", maker_, R"({"note":"again"})", FieldOf(resolved, "etag"))
          .status,
      400);
  // No number of an account is in it.
  EXPECT_THAT(Get(files + "/-/items", maker_), Not(HasSubstr("551234567")));
}

}  // namespace
}  // namespace sluice::api
