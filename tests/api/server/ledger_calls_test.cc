// Books, pools and withheld money over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/money_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class LedgerCalls : public MoneyCalls {
 protected:
  std::string BookName() { return fmt::format("{}/books/{}", payer_name_, program_.book); }
  static std::string Quoted(const std::string& field, const std::string& value) {
    std::string text = field + "%20%3D%20%22" + value + "%22";
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ')) {
      text.replace(at, 1, "%20");
    }
    return text;
  }
};

// feature:M01
TEST_F(LedgerCalls, ABookIsReadToItsLastTransfer) {
  Release();
  EXPECT_THAT(Texts(payer_name_ + "/books", "books", "program", maker_),
              ElementsAre(program_name_));
  EXPECT_THAT(FieldOf(Get(BookName(), maker_), "headSha256"), SizeIs(64));
  const std::string balance = Get(BookName() + ":trialBalance", maker_);
  EXPECT_THAT(balance, HasSubstr(program_.pool.id.ToString()));
  EXPECT_THAT(balance, HasSubstr("PROGRAM_EXPENSE"));
  // By a day before anything was posted, nothing is there.
  const std::string before =
      Get(BookName() + ":trialBalance?on.year=2026&on.month=9&on.day=1", maker_);
  EXPECT_THAT(before, Not(HasSubstr("PROGRAM_EXPENSE")));

  const std::string entries = BookName() + "/entries";
  const std::string account = fmt::format("PAYEE_PAYABLE {}", first_payee_);
  const auto events =
      Texts(entries + "?filter=" + Quoted("account", account), "entries", "event", maker_);
  EXPECT_THAT(events, ElementsAre("RECOGNIZE", "DISBURSE"));
  // A page at a time, over gRPC as well.
  const auto page = Grpc("sluice.payments.v1.LedgerService", "ListEntries",
                         fmt::format(R"({{"parent":"{}","pageSize":1}})", BookName()), maker_);
  ASSERT_EQ(page.code, 0) << page.message;
  const std::string token = FieldOf(page.json, "nextPageToken");
  EXPECT_THAT(Texts(entries + "?pageSize=1&pageToken=" + token, "entries", "name", maker_),
              SizeIs(1));
  EXPECT_EQ(
      Https("GET", "/v1/" + entries + "?filter=" + Quoted("account", "nonsense"), maker_).status,
      400);
  EXPECT_EQ(Https("GET", "/v1/" + entries, SignIn("aco")).status, 403);
}

// feature:M02
TEST_F(LedgerCalls, APoolIsFundedWithADepositOfTheStatementOnce) {
  AddPerson(UserId(33), "treasury", {Role::kTreasury});
  const std::string treasury = SignIn("treasury");
  Deposit(Dollars(250), "WIRE 77 ACME Q3");
  Deposit(Dollars(250), "WIRE 78 OTHER");
  const std::string etag = FieldOf(Get(PoolName(), treasury), "etag");
  const std::string fund = fmt::format(
      R"({{"amount":{{"cents":"25000"}},"effectiveDate":{},"bankReference":"ACME Q3"}})",
      Day(kBusinessDate));
  EXPECT_EQ(Post(PoolName() + ":fund", maker_, fund, etag).status, 403);
  EXPECT_EQ(Post(PoolName() + ":fund", treasury, fund, "\"old\"").status, 409);
  const std::string funded = Done(PoolName() + ":fund", treasury, fund, etag);
  EXPECT_THAT(funded, HasSubstr(R"("balance":{"cents":"25000"})"));
  // Its line is explained now.
  const auto again = Post(PoolName() + ":fund", treasury, fund, FieldOf(funded, "etag"));
  EXPECT_EQ(again.status, 400) << again.body;
  EXPECT_THAT(FieldOf(again.body, "detail"), HasSubstr("0 open credits"));
  EXPECT_THAT(Texts(payer_name_ + "/programs/-/pools", "pools", "displayName", treasury),
              ElementsAre("main"));
}

// feature:M03
TEST_F(LedgerCalls, AReserveIsSeenByItsPayeeAndSettledByTheFinanceTeam) {
  first_payee_ = AddPaidPayee(practice_.Value());
  second_payee_ = AddPaidPayee(other_.Value());
  Fund(Dollars(1'000));
  const payments::RunId run = Approved(
      {Award(1, {{practice_.Value(), Dollars(100)}, {other_.Value(), Dollars(90)}}, Dollars(19))});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  const std::string list = program_name_ + "/withholdReserves";
  const auto balances =
      Texts(list + "?orderBy=balance%20desc", "withholdReserves", "balance.cents", maker_);
  ASSERT_THAT(balances, SizeIs(2));
  const std::string top =
      Texts(list + "?orderBy=balance%20desc&filter=performance_year%20%3D%202025",
            "withholdReserves", "name", maker_)
          .front();
  const std::string reserve = Get(top, maker_);
  EXPECT_THAT(reserve, HasSubstr("WITHHOLD_MOVE_TAKEN"));

  AddPerson(UserId(34), "practice", {Role::kProviderAdmin}, practice_);
  const std::string practice = SignIn("practice");
  EXPECT_THAT(Texts(list, "withholdReserves", "payee", practice),
              ElementsAre(fmt::format("{}/payees/{}", payer_name_, first_payee_)));
  EXPECT_EQ(
      Https("GET", fmt::format("/v1/{}/withholdReserves/{}-2025", program_name_, second_payee_),
            practice)
          .status,
      403);
  const std::string settle = fmt::format(R"({{"on":{}}})", Day(kBusinessDate));
  EXPECT_EQ(Post(program_name_ + ":settleWithholds", practice, settle).status, 403);
  const std::string settled = Done(program_name_ + ":settleWithholds", maker_, settle);
  EXPECT_THAT(settled, HasSubstr(R"("forfeited":{"cents":"0"})"));
  const std::string forfeited = Done(
      program_name_ + ":forfeitWithholds", maker_,
      fmt::format(R"({{"period":{{"from":{},"to":{}}},"effectiveDate":{},"validateOnly":true}})",
                  Day(MakeDate(2025, 1, 1)), Day(MakeDate(2026, 1, 1)), Day(kBusinessDate)));
  EXPECT_THAT(forfeited, HasSubstr(R"("blocked":"0")"));
}

}  // namespace
}  // namespace sluice::api
