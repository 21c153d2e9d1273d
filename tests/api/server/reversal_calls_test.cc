// Payments taken back, and the rules that programs pay by, over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/program_service.h"
#include "tests/api/server/money_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReversalCalls : public MoneyCalls {};

// feature:M05
TEST_F(ReversalCalls, OneAsksAnotherApproves) {
  const auto payments = PaymentsOf(Release());
  const std::string list = program_name_ + "/reversals";
  const std::string wrong =
      fmt::format(R"({{"payment":"{}","reason":"REVERSAL_REASON_WRONG_AMOUNT",)"
                  R"("detail":"paid twice the award"}})",
                  PaymentName(payments[0]));
  EXPECT_EQ(Post(list + ":request", SignIn("aco"), wrong).status, 403);
  const std::string asked = Done(list + ":request", maker_, wrong);
  EXPECT_EQ(FieldOf(asked, "state"), "REVERSAL_STATE_REQUESTED");
  const std::string name = FieldOf(asked, "name");
  // Once, and of a duplicate the twin is named.
  EXPECT_EQ(Post(list + ":request", maker_, wrong).status, 409);
  EXPECT_EQ(Post(list + ":request", maker_,
                 fmt::format(R"({{"payment":"{}","reason":"REVERSAL_REASON_DUPLICATE",)"
                             R"("detail":"the same again"}})",
                             PaymentName(payments[1])))
                .status,
            400);
  // Not by whoever asked, not with what is not there any more, not without a fresh sign-in.
  const std::string etag = FieldOf(asked, "etag");
  EXPECT_EQ(Post(name + ":approve", SignIn("maker", true), "", etag).status, 403);
  EXPECT_EQ(Post(name + ":approve", SignIn("first"), "", etag).status, 401);
  EXPECT_EQ(Post(name + ":approve", checker_, "", "\"old\"").status, 409);
  const std::string approved = Done(name + ":approve", checker_, "", etag);
  EXPECT_EQ(FieldOf(approved, "state"), "REVERSAL_STATE_APPROVED");
  EXPECT_EQ(FieldOf(approved, "decidedBy"), Person(kFirst.user));
  EXPECT_EQ(Post(name + ":reject", checker_, R"({"reason":"too late"})", FieldOf(approved, "etag"))
                .status,
            400);
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20APPROVED", "reversals", "name", maker_),
              ElementsAre(name));
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20REQUESTED", "reversals", "name", maker_),
              IsEmpty());
  const std::string other =
      Done(list + ":request", maker_,
           fmt::format(
               R"({{"payment":"{}","reason":"REVERSAL_REASON_WRONG_DATE","detail":"too early"}})",
               PaymentName(payments[1])));
  const std::string rejected = Done(FieldOf(other, "name") + ":reject", checker_,
                                    R"({"reason":"the date was right"})", FieldOf(other, "etag"));
  EXPECT_EQ(FieldOf(rejected, "state"), "REVERSAL_STATE_REJECTED");
  const auto one = Grpc("sluice.payments.v1.ReversalService", "GetReversal",
                        fmt::format(R"({{"name":"{}"}})", name), maker_);
  EXPECT_EQ(one.code, 0) << one.message;
}

class PaymentRulesCalls : public MoneyCalls {
 protected:
  void SetUp() override {
    MoneyCalls::SetUp();
    AddPerson(UserId(35), "treasury", {Role::kTreasury});
    treasury_ = SignIn("treasury", true);
    name_ = program_name_ + "/paymentRules";
  }
  std::string Rules(const std::string& minimum, const std::string& ach_limit) {
    return fmt::format(
        R"({{"rules":{{"minimumPayment":{{"cents":"{}"}},"achLimit":{{"cents":"{}"}},)"
        R"("offsetMillionths":"500000","onboardingRule":"ONBOARDING_RULE_NOT_REQUIRED",)"
        R"("approvalBankingDays":5,"alertBankingDays":2}},"effectiveDate":{},)"
        R"("reason":"the board decided so"}})",
        minimum, ach_limit, Day(kBusinessDate));
  }

  std::string treasury_, name_;
};

// feature:M06
TEST_F(PaymentRulesCalls, RulesAreVersionsWithADifferenceInWords) {
  const std::string before = Get(name_, maker_);
  EXPECT_THAT(before, HasSubstr(R"("minimumPayment":{"cents":"0"})"));
  const std::string etag = FieldOf(before, "etag");
  EXPECT_EQ(Post(name_ + ":set", maker_, Rules("2500", "1000000"), etag).status, 403);
  EXPECT_EQ(Post(name_ + ":set", treasury_, Rules("2500", "0"), etag).status, 400);
  const std::string set = Done(name_ + ":set", treasury_, Rules("2500", "1000000"), etag);
  EXPECT_THAT(set, HasSubstr(R"("minimumPayment":{"cents":"2500"})"));
  // Whoever read the old ones reads again; the same ones are no change.
  EXPECT_EQ(Post(name_ + ":set", treasury_, Rules("3000", "1000000"), etag).status, 409);
  EXPECT_EQ(Post(name_ + ":set", treasury_, Rules("2500", "1000000"), FieldOf(set, "etag")).status,
            400);
  const std::string versions = Get(program_name_ + "/paymentRulesVersions", maker_);
  EXPECT_THAT(versions, HasSubstr("limit of one ACH entry: 99,999,999.99 "));
  // Of a day before it, what was there.
  EXPECT_THAT(Get(name_ + "?date.year=2026&date.month=9&date.day=1", maker_),
              HasSubstr(R"("minimumPayment":{"cents":"0"})"));
  EXPECT_EQ(Https("GET", "/v1/" + name_, SignIn("aco")).status, 403);
}

// feature:M09
TEST_F(PaymentRulesCalls, AContractAgreesOnInterestForPayingLate) {
  const ContractId contract = db_.Ids().Next<ContractTag>();
  performance::ProgramService programs(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
  const performance::Contract agreed{.id = contract,
                                     .payer = payer_,
                                     .program = program_.program,
                                     .party = network_,
                                     .effective = DateRange::Year(2026)};
  ASSERT_TRUE(programs.CreateContracts({&agreed, 1}).ok());
  AddPerson(UserId(42), "contracts", {Role::kContractMaker});
  const std::string contracts = SignIn("contracts");
  const std::string list = fmt::format("{}/contracts/{}/lateInterestTerms", payer_name_, contract);
  const std::string eight =
      fmt::format(R"({{"effectiveDate":{},"annualMillionths":"80000","graceDays":3,)"
                  R"("reason":"clause 7 says so"}})",
                  Day(kBusinessDate));
  EXPECT_EQ(Post(list + ":set", maker_, eight).status, 403);
  const std::string set = Done(list + ":set", contracts, eight);
  EXPECT_THAT(set, HasSubstr(R"("daysInYear":365)"));
  EXPECT_THAT(Texts(list, "lateInterestTerms", "annualMillionths", maker_), ElementsAre("80000"));
  // Not more than all of it, and not before the newest.
  EXPECT_EQ(Post(list + ":set", contracts,
                 fmt::format(R"({{"effectiveDate":{},"annualMillionths":"2000000",)"
                             R"("reason":"clause 7 says so"}})",
                             Day(kBusinessDate)))
                .status,
            400);
  EXPECT_EQ(Post(list + ":set", contracts,
                 fmt::format(R"({{"effectiveDate":{},"reason":"clause 7 says so"}})",
                             Day(kBusinessDate - Days(1))))
                .status,
            400);
}

class PoolTransferCalls : public MoneyCalls {
 protected:
  void SetUp() override {
    MoneyCalls::SetUp();
    AddPerson(UserId(36), "treasury", {Role::kTreasury});
    treasury_ = SignIn("treasury", true);
    const payments::Pool pool{.id = db_.Ids().Next<payments::PoolTag>(),
                              .book = program_.book,
                              .name = "reserve",
                              .bank_account = program_.pool.bank_account};
    Do([&](pg::Transaction& tx) -> Status {
      payments::InsertPool(tx, pool);
      return OkStatus();
    });
    reserve_ = fmt::format("{}/pools/{}", program_name_, pool.id);
  }
  std::string Ask(std::int64_t cents) {
    return Done(program_name_ + "/poolTransfers:request", treasury_,
                fmt::format(R"({{"fromPool":"{}","toPool":"{}","amount":{{"cents":"{}"}},)"
                            R"("reason":"the reserve is short"}})",
                            PoolName(), reserve_, cents));
  }

  std::string treasury_, reserve_;
};

// feature:M02
TEST_F(PoolTransferCalls, MoneyIsMovedByTwoPeopleAndOnlyWhatIsThere) {
  Fund(payments::Dollars(100));
  const std::string small = Ask(4'000);
  const std::string large = Ask(9'000);
  EXPECT_EQ(Post(FieldOf(small, "name") + ":approve", treasury_, "", FieldOf(small, "etag")).status,
            403);
  const std::string posted =
      Done(FieldOf(small, "name") + ":approve", checker_, "", FieldOf(small, "etag"));
  EXPECT_EQ(FieldOf(posted, "state"), "POOL_TRANSFER_STATE_POSTED");
  EXPECT_THAT(Get(reserve_, maker_), HasSubstr(R"("balance":{"cents":"4000"})"));
  // What is not there is over, and says so again for the same id.
  const auto refused =
      Post(FieldOf(large, "name") + ":approve", checker_, "", FieldOf(large, "etag"));
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_THAT(FieldOf(refused.body, "detail"), HasSubstr("ask for another one"));
  const std::string list = program_name_ + "/poolTransfers";
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20SHORT", "poolTransfers", "name", maker_),
              ElementsAre(FieldOf(large, "name")));
  EXPECT_THAT(Texts(list + "?pageSize=1", "poolTransfers", "name", maker_), SizeIs(1));
  const std::string unwanted = Ask(1'000);
  const std::string rejected = Done(FieldOf(unwanted, "name") + ":reject", checker_,
                                    R"({"reason":"not this month"})", FieldOf(unwanted, "etag"));
  EXPECT_EQ(FieldOf(rejected, "state"), "POOL_TRANSFER_STATE_REJECTED");
}

TEST_F(PoolTransferCalls, AnAnnouncedDepositFundsItsPoolWhenItComes) {
  const std::string parent = program_name_ + "/fundingInstructions";
  const auto expect = [&](const std::string& reference) {
    return Done(parent + ":expect", treasury_,
                fmt::format(R"({{"pool":"{}","amount":{{"cents":"25000"}},"expectedDate":{},)"
                            R"("reference":"{}"}})",
                            reserve_, Day(kBusinessDate), reference));
  };
  expect("ACME Q3");
  const std::string never = expect("NEVER");
  Deposit(payments::Dollars(250), "WIRE 77 ACME Q3");
  const std::string matched = Done(program_name_ + ":matchDeposits", treasury_, "");
  EXPECT_THAT(matched, HasSubstr("ACME Q3"));
  EXPECT_THAT(Get(reserve_, maker_), HasSubstr(R"("balance":{"cents":"25000"})"));
  const std::string gone = Done(FieldOf(never, "name") + ":withdraw", treasury_, "");
  EXPECT_EQ(FieldOf(gone, "state"), "FUNDING_INSTRUCTION_STATE_WITHDRAWN");
  EXPECT_THAT(Texts(parent, "fundingInstructions", "name", maker_), IsEmpty());
  EXPECT_EQ(Post(FieldOf(never, "name") + ":withdraw", treasury_, "").status, 400);
}

}  // namespace
}  // namespace sluice::api
