// Gates over the API: what a program demands of its feeds, what they said, and who lets it pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/feeds/feed_service.h"
#include "performance/feeds/gate_service.h"
#include "tests/api/server/detail_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class GateCalls : public DetailFixture {
 protected:
  void SetUp() override {
    DetailFixture::SetUp();
    Later();
    performance::FeedService feeds(db_.App(), payer_, db_.Clock(), db_.Ids());
    const auto declared =
        feeds.Declare({.name = "members",
                       .kind = performance::FeedKind::kEligibility,
                       .owner = "Data",
                       .mapping = "name = \"members\"\nkind = \"eligibility\"\n[columns]\n"
                                  "member_number = \"id\"\nvalid_from = \"from\"\n",
                       .starts_on = MakeDate(2026, 9, 1),
                       .interval_days = 30,
                       .grace_days = 5});
    ASSERT_TRUE(declared.ok()) << StatusMessage(declared.status());
    program_name_ = fmt::format("{}/programs/{}", payer_name_, program_.program);
  }

  testing::HttpAnswer Set(const std::string& name, const std::string& kind,
                          const std::string& limit = "") {
    Later();
    return Post(program_name_ + "/gates:set", analyst_,
                fmt::format(R"({{"gate":{{"displayName":"{}","feed":"{}/feeds/members",
                    "kind":"GATE_KIND_{}"{}}}}})",
                            name, payer_name_, kind, limit));
  }
  // What happens after a calculation.
  void Check() {
    Later();
    performance::GateService gates(db_.App(), payer_, db_.Clock(), db_.Ids());
    const auto checks = gates.Check(
        program_.program, DateRange::Between(MakeDate(2026, 9, 1), MakeDate(2026, 10, 1)));
    ASSERT_TRUE(checks.ok()) << StatusMessage(checks.status());
  }

  static constexpr char kSeptember[] =
      "?period.from.year=2026&period.from.month=9&period.from.day=1"
      "&period.to.year=2026&period.to.month=10&period.to.day=1";
  std::string program_name_;
};

// feature:D02
TEST_F(GateCalls, AGateThatFailedIsPassedByAPersonOnce) {
  const auto set = Set("members_came", "DELIVERED");
  ASSERT_EQ(set.status, 200) << set.body;
  const std::string gate = FieldOf(set.body, "name");
  const auto share = Set("few_rejected", "REJECTED_SHARE", R"(,"ratioLimit":"1/100")");
  ASSERT_EQ(share.status, 200) << share.body;
  EXPECT_EQ(FieldOf(share.body, "ratioLimit"), "1/100");
  EXPECT_EQ(Set("broken", "REJECTED_SHARE", R"(,"ratioLimit":"a few")").status, 400);
  EXPECT_EQ(Set("Broken", "DELIVERED").status, 400);
  const Struct gates = Get(program_name_ + "/gates?pageSize=1", analyst_);
  EXPECT_THAT(Texts(gates, "gates", "displayName"), ElementsAre("few_rejected"));
  EXPECT_THAT(
      Texts(Get(program_name_ + "/gates?pageSize=1&pageToken=" + Text(gates, "nextPageToken"),
                analyst_),
            "gates", "name"),
      ElementsAre(gate));
  EXPECT_EQ(Https("GET", "/v1/" + program_name_ + "/gates", aco_).status, 403);

  const std::string checks = program_name_ + "/gateChecks" + kSeptember;
  EXPECT_THAT(Texts(Get(checks, analyst_), "gateChecks", "name"), IsEmpty());
  Check();
  EXPECT_THAT(Texts(Get(checks + "&filter=passed%20%3D%20false", analyst_), "gateChecks", "name"),
              SizeIs(2));
  const Struct failed = Get(checks + "&filter=gate%20%3D%20members_came", analyst_);
  ASSERT_THAT(Texts(failed, "gateChecks", "gate"), ElementsAre(gate));
  const std::string check = Texts(failed, "gateChecks", "name").front();

  const std::string reason = R"({"reason":"the same members as in August"})";
  EXPECT_EQ(Post(check + ":override", SignIn("maker", true), reason).status, 403);
  EXPECT_EQ(Post(check + ":override", SignIn("first"), reason).status, 401);  // sign in again
  const auto passed = Post(check + ":override", SignIn("first", true), reason);
  ASSERT_EQ(passed.status, 200) << passed.body;
  EXPECT_EQ(FieldOf(passed.body, "overriddenBy"),
            fmt::format("{}/users/{}", payer_name_, payments::RunFixture::kFirst.user));
  EXPECT_EQ(Repeat().body, passed.body);
  EXPECT_EQ(Post(check + ":override", SignIn("second", true), reason).status, 400);  // once

  const auto removed =
      Post(gate + ":remove", analyst_, R"({"reason":"the feed has ended for good"})");
  ASSERT_EQ(removed.status, 200) << removed.body;
  EXPECT_EQ(FieldOf(removed.body, "name"), gate);
  EXPECT_THAT(Texts(Get(program_name_ + "/gates", analyst_), "gates", "displayName"),
              ElementsAre("few_rejected"));
  EXPECT_EQ(Post(gate + ":remove", analyst_, R"({"reason":"the feed has ended for good"})").status,
            404);
}

}  // namespace
}  // namespace sluice::api
