// Payments by check, and money that nobody took, over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/checks/check_service.h"
#include "tests/api/server/money_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CheckCalls : public MoneyCalls {
 protected:
  void SetUp() override {
    MoneyCalls::SetUp();
    AddPerson(UserId(37), "treasury", {Role::kTreasury});
    treasury_ = SignIn("treasury", true);
    program_.plan.pays_by_check = true;
  }

  // Two practices without an account: numbers over the API, a run in which each is paid by check.
  payments::RunId ReleaseChecks() {
    const std::string stock = Done(program_name_ + "/checkStocks:add", treasury_,
                                   R"({"firstNumber":"1001","lastNumber":"1099"})");
    EXPECT_EQ(FieldOf(stock, "nextNumber"), "1001");
    first_payee_ = AddPayee(practice_.Value());
    second_payee_ = AddPayee(other_.Value());
    Fund(Dollars(1'000));
    const payments::RunId run = Open();
    EXPECT_TRUE(Cycles()
                    .Calculate(run,
                               std::vector{Award(1, {{practice_.Value(), Dollars(100)},
                                                     {other_.Value(), Dollars(90)}})},
                               kMaker)
                    .ok());
    run_name_ = fmt::format("{}/cycles/{}/runs/{}", program_name_, Cycles().Find(run)->cycle, run);
    for (const PayeeId payee : {first_payee_, second_payee_}) {
      Done(run_name_ + ":payByCheck", maker_,
           fmt::format(R"({{"payee":"{}/payees/{}","reason":"it has no account yet"}})",
                       payer_name_, payee),
           EtagOfRun(maker_));
    }
    const auto digest = Cycles().Submit(run, kMaker);
    EXPECT_TRUE(digest.ok());
    Approve(run, *digest);
    auto layout = payments::LoadCheckLayout("deploy/config/checks/csv.toml");
    EXPECT_TRUE(layout.ok());
    payments::ReleaseSettings settings = Settings();
    settings.check_layout = *layout;
    payments::ReleaseService releases(db_.App(), db_.Files(), program_, settings, *keys_,
                                      db_.Clock(), db_.Ids(), {});
    const Status released = releases.Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run;
  }
  std::string CheckName(int number) { return fmt::format("{}/checks/{}", program_name_, number); }
  // Sessions end meanwhile.
  void GoTo(Date day) {
    const auto days = (day - db_.Clock().Now().UtcDate()).count();
    db_.Clock().AdvanceMicros(days * 86'400 * std::int64_t{1'000'000});
    maker_ = SignIn("maker");
    checker_ = SignIn("first", true);
    treasury_ = SignIn("treasury", true);
  }

  std::string treasury_;
};

// feature:R06
TEST_F(CheckCalls, ACheckIsStoppedByTwoPeople) {
  ReleaseChecks();
  const std::string list = program_name_ + "/checks";
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20OUTSTANDING%20AND%20amount%20%3E%209000",
                    "checks", "number", maker_),
              ElementsAre("1001"));
  EXPECT_THAT(Texts(list + "?pageSize=1", "checks", "number", maker_), ElementsAre("1002"));
  EXPECT_THAT(Texts(program_name_ + "/checkStocks", "checkStocks", "nextNumber", maker_),
              ElementsAre("1003"));
  const std::string name = CheckName(1001);
  const std::string etag = FieldOf(Get(name, maker_), "etag");
  const std::string by_maker =
      fmt::format(R"({{"firstPerson":"{}","reason":"lost in the mail"}})", Person(kMaker.user));
  EXPECT_EQ(Post(name + ":void", checker_, by_maker, etag).status, 400);
  const std::string proposed =
      Done(name + ":proposeVoid", maker_, R"({"reason":"the payee never got it"})", etag);
  EXPECT_EQ(FieldOf(proposed, "voidProposedBy"), Person(kMaker.user));
  EXPECT_EQ(Post(name + ":void", SignIn("second", true),
                 fmt::format(R"({{"firstPerson":"{}","reason":"x"}})", Person(kFirst.user)), etag)
                .status,
            400);
  EXPECT_EQ(Post(name + ":void", SignIn("aco", true), by_maker, etag).status, 403);
  const std::string stopped = Done(name + ":void", checker_, by_maker, etag);
  EXPECT_EQ(FieldOf(stopped, "state"), "CHECK_STATE_VOID");
  EXPECT_THAT(stopped, HasSubstr("\"secondPerson\":\"" + Person(kFirst.user)));
  EXPECT_EQ(
      Post(name + ":proposeVoid", maker_, R"({"reason":"again"})", FieldOf(stopped, "etag")).status,
      400);
}

// feature:R06
TEST_F(CheckCalls, WhatNobodyCashedEndsWithTheState) {
  ReleaseChecks();
  const std::string name = CheckName(1001);
  const auto early = Post(name + ":expire", maker_, "", FieldOf(Get(name, maker_), "etag"));
  EXPECT_EQ(early.status, 400) << early.body;
  GoTo(MakeDate(2027, 6, 1));
  const std::string ended = Done(name + ":expire", maker_, "", FieldOf(Get(name, maker_), "etag"));
  EXPECT_EQ(FieldOf(ended, "state"), "CHECK_STATE_STALE");

  const std::string rules = payer_name_ + "/dormancyRules";
  const std::string minnesota = R"({"dormancyRules":[{"state":"MN","fromDate":{"year":2000,
      "month":1,"day":1},"months":36,"letterDays":90,"reportMonth":11,"reportDay":1,
      "source":"an invented rule"}]})";
  EXPECT_THAT(Done(rules + ":add", treasury_, minnesota), HasSubstr(R"("added":"1")"));
  EXPECT_THAT(Done(rules + ":add", treasury_, minnesota), HasSubstr(R"("added":"0")"));
  EXPECT_THAT(Texts(rules, "dormancyRules", "source", maker_), ElementsAre("an invented rule"));

  const std::string list = program_name_ + "/unclaimedProperties";
  EXPECT_THAT(Texts(list, "unclaimedProperties", "stage", maker_),
              ElementsAre("DORMANCY_STAGE_RUNNING"));
  const std::string property = Texts(list, "unclaimedProperties", "name", maker_).front();
  Done(property + ":recordContact", maker_,
       fmt::format(R"({{"kind":"UNCLAIMED_EVENT_KIND_LETTER","date":{},"note":"letter 17"}})",
                   Day(MakeDate(2027, 6, 1))));
  const std::string decide = fmt::format(
      R"({{"action":"UNCLAIMED_ACTION_SET_ASIDE","firstPerson":"{}","note":"nobody answers"}})",
      Person(kMaker.user));
  const auto propose = [&](const std::string& action) {
    return Done(property + ":propose", maker_,
                fmt::format(R"({{"action":"{}","note":"as agreed"}})", action),
                FieldOf(Get(property, maker_), "etag"));
  };
  std::string etag = FieldOf(propose("UNCLAIMED_ACTION_SET_ASIDE"), "etag");
  // Not before it is dormant.
  EXPECT_EQ(Post(property + ":decide", checker_, decide, etag).status, 400);
  GoTo(MakeDate(2029, 10, 2));
  const std::string aside = Done(property + ":decide", checker_, decide, etag);
  EXPECT_THAT(aside, HasSubstr(R"("setAside":{"cents":"10000"})"));
  // The owner comes after all: another proposal, of what stands now.
  const std::string claim = fmt::format(
      R"({{"action":"UNCLAIMED_ACTION_CLAIM","firstPerson":"{}","note":"with papers"}})",
      Person(kMaker.user));
  etag = FieldOf(aside, "etag");
  EXPECT_EQ(Post(property + ":decide", checker_, claim, etag).status, 400);
  etag = FieldOf(propose("UNCLAIMED_ACTION_CLAIM"), "etag");
  const std::string claimed = Done(property + ":decide", checker_, claim, etag);
  EXPECT_THAT(claimed, HasSubstr(R"("setAside":{"cents":"0"})"));
  EXPECT_THAT(claimed, HasSubstr("UNCLAIMED_EVENT_KIND_CLAIMED"));
  // It waits for the next run.
  EXPECT_THAT(Texts(list, "unclaimedProperties", "amount.cents", maker_), ElementsAre("10000"));
}

}  // namespace
}  // namespace sluice::api
