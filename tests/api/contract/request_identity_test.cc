#include "api/contract/request_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sluice/enrollment/v1/payee.pb.h"
#include "sluice/payments/v1/ledger.pb.h"
#include "sluice/performance/v1/contract.pb.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

sluice::payments::v1::FundPoolRequest Deposit(std::int64_t cents) {
  sluice::payments::v1::FundPoolRequest request;
  request.set_name("payers/p/programs/g/pools/o");
  request.mutable_amount()->set_cents(cents);
  request.set_request_id("one");
  return request;
}

TEST(RequestHash, IsOfTheContentAndNotOfTheId) {
  const SecretKey key = RandomKey();
  auto again = Deposit(1200);
  again.set_request_id("two");
  EXPECT_EQ(RequestHash(key, Deposit(1200)), RequestHash(key, again));
  EXPECT_NE(RequestHash(key, Deposit(1200)), RequestHash(key, Deposit(1300)));
  EXPECT_NE(RequestHash(key, Deposit(1200)), RequestHash(RandomKey(), Deposit(1200)));
}

TEST(RequestHash, DoesNotDependOnTheOrderOfAMap) {
  const SecretKey key = RandomKey();
  sluice::performance::v1::TemplateUse forward;
  sluice::performance::v1::TemplateUse backward;
  for (int i = 0; i < 50; ++i) {
    (*forward.mutable_values())["k" + std::to_string(i)] = "v";
    (*backward.mutable_values())["k" + std::to_string(49 - i)] = "v";
  }
  EXPECT_EQ(RequestHash(key, forward), RequestHash(key, backward));
}

TEST(RequestHash, AnotherTypeIsAnotherRequest) {
  const SecretKey key = RandomKey();
  EXPECT_NE(RequestHash(key, sluice::payments::v1::FundPoolRequest()),
            RequestHash(key, sluice::payments::v1::GetPoolRequest()));
}

TEST(DifferingFields, NamesEachWithBothValues) {
  auto sent = Deposit(1300);
  sent.set_name("payers/p/programs/g/pools/other");
  EXPECT_THAT(DifferingFields(KeptRequest(Deposit(1200)), sent),
              ElementsAre("name stored \"payers/p/programs/g/pools/o\", sent "
                          "\"payers/p/programs/g/pools/other\"",
                          "amount.cents stored 1200, sent 1300"));
}

// feature:M12
TEST(DifferingFields, AnAccountNumberCountsAndIsNeitherKeptNorNamed) {
  const SecretKey key = RandomKey();
  sluice::enrollment::v1::SubmitBankAccountRequest first;
  first.mutable_numbers()->set_account_number("000123456789");
  auto second = first;
  second.mutable_numbers()->set_account_number("000999999999");
  EXPECT_NE(RequestHash(key, first), RequestHash(key, second));
  const std::string kept = KeptRequest(first);
  EXPECT_THAT(kept, Not(HasSubstr("123456789")));
  EXPECT_THAT(DifferingFields(kept, second), ElementsAre("a field that is not kept"));
}

}  // namespace
}  // namespace sluice::api
