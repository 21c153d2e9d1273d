// How payees want to be paid and told, over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/payee_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PreferenceCalls : public PayeeFixture {
 protected:
  void SetUp() override {
    PayeeFixture::SetUp();
    alder_ = Enrolled(practice_, "Alder Clinic", "410000001");
    program_name_ = fmt::format("{}/programs/{}", payer_name_, program_.program);
  }

  testing::HttpAnswer Record(const std::string& token, const std::string& payee,
                             const std::string& method, const std::string& more = "") {
    return Post(payee + "/preferences:record", token,
                fmt::format(R"({{"preference":{{"method":"PREFERENCE_METHOD_{}",
                    "delivery":"REMITTANCE_DELIVERY_PORTAL","reason":"they asked for it",
                    "effectiveFrom":{{"year":2026,"month":9,"day":1}}{}}}}})",
                            method, more));
  }
  // As a run of a day explains it that is late enough for what was recorded today.
  std::string Explained(const std::string& payee, const std::string& token) {
    const auto answer = Get(payee + ":explainRoute?program=" + program_name_ +
                                "&businessDate.year=2026&businessDate.month=12&businessDate.day=1",
                            token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }

  std::string alder_;
  std::string program_name_;
};

// feature:M11
TEST_F(PreferenceCalls, APracticeSaysHowItIsPaidAndSeesWhy) {
  const std::string alder = SignIn("alder");
  EXPECT_EQ(FieldOf(Explained(alder_, alder), "method"), "PREFERENCE_METHOD_ACH");
  const auto recorded = Record(alder, alder_, "CHECK");
  ASSERT_EQ(recorded.status, 200) << recorded.body;
  EXPECT_THAT(recorded.body, Not(HasSubstr("410000001")));
  EXPECT_EQ(Record(alder, alder_, "CHECK").status, 400);  // says this already
  const auto card = Record(alder, alder_, "CARD");
  EXPECT_EQ(card.status, 400);
  EXPECT_THAT(card.body, HasSubstr("record who did, and how"));
  const auto narrow =
      Record(alder, alder_, "ACH", fmt::format(R"(,"program":"{}")", program_name_));
  ASSERT_EQ(narrow.status, 200) << narrow.body;
  const std::string list = alder_ + "/preferences";
  EXPECT_THAT(Texts(list + "?filter=method%20%3D%20CHECK", alder, "preferences", "name"),
              ElementsAre(FieldOf(recorded.body, "name")));
  const auto page = Get(list + "?pageSize=1", alder);
  EXPECT_THAT(Texts(list + "?pageSize=1&pageToken=" + FieldOf(page.body, "nextPageToken"), alder,
                    "preferences", "name"),
              ElementsAre(FieldOf(narrow.body, "name")));
  const std::string explained = Explained(alder_, alder);
  EXPECT_EQ(FieldOf(explained, "method"), "PREFERENCE_METHOD_ACH");
  EXPECT_THAT(explained, HasSubstr("the most specific preference that fits"));
  EXPECT_THAT(explained, HasSubstr("is more specific"));
  EXPECT_EQ(Record(SignIn("maker"), alder_, "CHECK").status, 403);
}

// feature:Q08
TEST_F(PreferenceCalls, WhoNamesAnotherPayeeIsConfirmedByASecondPerson) {
  const std::string birch = Enrolled(other_, "Birch Clinic", "410000002");
  const std::string cedar = Enrolled(outside_, "Cedar Clinic", "410000003");
  const std::string aco = SignIn("aco");
  const auto outside = Record(aco, alder_, "ACH", fmt::format(R"(,"payTo":"{}")", cedar));
  EXPECT_EQ(outside.status, 403) << outside.body;
  const auto wish = Record(aco, alder_, "ACH", fmt::format(R"(,"payTo":"{}")", birch));
  ASSERT_EQ(wish.status, 200) << wish.body;
  EXPECT_EQ(FieldOf(Explained(alder_, aco), "payee"), alder_);  // not confirmed
  const std::string name = FieldOf(wish.body, "name");
  const std::string etag = FieldOf(wish.body, "etag");
  const std::string compliance = SignIn("compliance", true);
  EXPECT_EQ(Post(name + ":confirm", SignIn("aco", true), "{}", etag).status, 403);
  EXPECT_EQ(Post(name + ":confirm", compliance, "{}", "\"old\"").status, 409);
  const auto confirmed = Post(name + ":confirm", compliance, "{}", etag);
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_THAT(FieldOf(confirmed.body, "confirmedBy"), HasSubstr("/users/"));
  EXPECT_EQ(Post(name + ":confirm", compliance, "{}", etag).status, 409);
  EXPECT_EQ(FieldOf(Explained(alder_, aco), "payee"), birch);
}

// feature:X02
TEST_F(PreferenceCalls, NobodyDecidesForTheOtherPartsOfATaxpayer) {
  // The same taxpayer has a practice elsewhere.
  const std::string elsewhere = Enrolled(outside_, "Alder South", "410000001");
  const std::string alder = SignIn("alder");
  EXPECT_EQ(Record(alder, alder_, "CHECK").status, 403);
  EXPECT_EQ(Record(alder, elsewhere, "CHECK").status, 403);
  const auto at = [&](PartyId location) {
    return fmt::format(R"(,"location":"{}")", PartyPath(location));
  };
  EXPECT_EQ(Record(alder, alder_, "CHECK", at(outside_)).status, 403);
  const auto own = Record(alder, alder_, "CHECK", at(practice_));
  ASSERT_EQ(own.status, 200) << own.body;
  AddPerson(UserId(41), "cedar", {Role::kProviderAdmin}, outside_);
  const std::string cedar = SignIn("cedar");
  EXPECT_THAT(Texts(elsewhere + "/preferences", cedar, "preferences", "name"), ElementsAre());
  EXPECT_THAT(Explained(elsewhere, cedar), Not(HasSubstr(practice_.ToString())));
}

}  // namespace
}  // namespace sluice::api
