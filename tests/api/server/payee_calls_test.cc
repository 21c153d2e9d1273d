// Payees over the API: enrolled, found, and seen by nobody but those whose part they are in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/payee_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class PayeeCalls : public PayeeFixture {
 protected:
  testing::HttpAnswer Create(const std::string& token, PartyId party, const std::string& more = "",
                             const std::string& tin = "412345678") {
    return Post(payer_name_ + "/payees", token,
                fmt::format(R"({{"payee":{{"party":"{}","kind":"PAYEE_KIND_ORGANIZATION",
                    "displayName":"Alder Clinic","address":{{"line1":"1 Main Street",
                    "city":"Minneapolis","state":"MN","postalCode":"55401-1234"}}{}}},
                    "tin":"{}"}})",
                            PartyPath(party), more, tin));
  }
};

TEST_F(PayeeCalls, APayeeIsEnrolledOnceAndItsNumberStaysIn) {
  const std::string bank = SignIn("bank", true);
  const auto created = Create(bank, practice_);
  ASSERT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(FieldOf(created.body, "tinMasked"), "ending 5678");
  EXPECT_THAT(created.body, HasSubstr("55401-1234"));
  EXPECT_THAT(created.body, Not(HasSubstr("412345678")));
  EXPECT_EQ(Create(bank, practice_).status, 409);
  const std::string name = FieldOf(created.body, "name");
  const auto read =
      Grpc(kPayees, "GetPayee", fmt::format(R"({{"name":"{}"}})", name), SignIn("maker"));
  EXPECT_EQ(read.code, 0) << read.message;
  EXPECT_EQ(read.json, created.body);
}

TEST_F(PayeeCalls, WhatIsWrongIsNamedAndNeverShown) {
  const std::string bank = SignIn("bank", true);
  const auto wrong = Create(bank, practice_, "", "41234567890");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_THAT(wrong.body, HasSubstr("nine digits"));
  EXPECT_THAT(wrong.body, Not(HasSubstr("41234567890")));
  const auto bare = Post(payer_name_ + "/payees", bank, R"({"payee":{"displayName":"Alder"}})");
  EXPECT_EQ(bare.status, 400) << bare.body;
  EXPECT_THAT(bare.body, HasSubstr("payee.party"));
  EXPECT_THAT(bare.body, HasSubstr("payee.kind"));
  EXPECT_EQ(Create(bank, PartyId(77)).status, 404);
  EXPECT_EQ(Create(SignIn("bank"), practice_).status, 401);  // signed in too long ago
  EXPECT_EQ(Create(SignIn("maker", true), practice_).status, 403);
  EXPECT_THAT(Texts(payer_name_ + "/payees", SignIn("maker"), "payees", "name"), ElementsAre());
}

TEST_F(PayeeCalls, AListGoesOnWhereItsPageEnds) {
  const std::string alder = Enrolled(practice_, "Alder Clinic", "410000001");
  const std::string birch = Enrolled(other_, "Birch Clinic", "410000002");
  const std::string cedar = Enrolled(outside_, "Cedar Clinic", "410000003");
  const std::string maker = SignIn("maker");
  const std::string list = payer_name_ + "/payees";
  const auto first = Get(list + "?pageSize=2", maker);
  const std::string token = FieldOf(first.body, "nextPageToken");
  ASSERT_FALSE(token.empty()) << first.body;
  EXPECT_THAT(Texts(list + "?pageSize=2", maker, "payees", "name"), ElementsAre(alder, birch));
  EXPECT_THAT(Texts(list + "?pageSize=2&pageToken=" + token, maker, "payees", "name"),
              ElementsAre(cedar));
  EXPECT_THAT(Texts(list + "?filter=display_name%20%3A%20%22CEDAR%22", maker, "payees", "name"),
              ElementsAre(cedar));
}

// feature:X02
TEST_F(PayeeCalls, EachSeesThePayeesOfTheirOwnPart) {
  const std::string everywhere = Enrolled(practice_, "Alder Clinic", "410000001");
  const std::string here = Enrolled(practice_, "Alder for the network", "410000001",
                                    fmt::format(R"(,"under":"{}")", PartyPath(network_)));
  const std::string elsewhere = Enrolled(practice_, "Alder for others", "410000001",
                                         fmt::format(R"(,"under":"{}")", PartyPath(outside_)));
  const std::string cedar = Enrolled(outside_, "Cedar Clinic", "410000003");
  const std::string list = payer_name_ + "/payees";
  const std::string aco = SignIn("aco");
  const std::string alder = SignIn("alder");
  EXPECT_THAT(Texts(list, aco, "payees", "name"), UnorderedElementsAre(everywhere, here));
  EXPECT_THAT(Texts(list, alder, "payees", "name"),
              UnorderedElementsAre(everywhere, here, elsewhere));
  EXPECT_THAT(Texts(list, SignIn("birch"), "payees", "name"), ElementsAre());
  EXPECT_EQ(Get(elsewhere, alder).status, 200);
  EXPECT_EQ(Get(elsewhere, aco).status, 403);
  EXPECT_EQ(Get(cedar, aco).status, 403);
  // Nor does a network enroll somebody else's practice.
  EXPECT_EQ(Create(SignIn("aco", true), outside_).status, 403);
  EXPECT_EQ(CountEvents(AuditDecision::kDenied, std::string(kPayees) + "/GetPayee"), 2);
}

}  // namespace
}  // namespace sluice::api
