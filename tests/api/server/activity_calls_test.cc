// Activities over the API: recorded once, voided with a reason, and what a run made of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/activity/activity_service.h"
#include "tests/api/server/detail_fixture.h"
#include "tests/performance/activity/sample_activity.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ActivityCalls : public DetailFixture {
 protected:
  void SetUp() override {
    DetailFixture::SetUp();
    for (const std::int64_t id : {1, 2}) AddMember(id, "");
    Later();
    const performance::NewTerms terms{.contract = contract_,
                                      .effective = DateRange::From(MakeDate(2026, 1, 1)),
                                      .terms = performance::testing::ExampleTerms()};
    const auto added = Programs().AddTerms({&terms, 1});
    ASSERT_TRUE(added.ok()) << StatusMessage(added.status());
  }

  std::string Activity(std::int64_t number, std::int64_t member, PartyId provider,
                       PartyId practice) const {
    return fmt::format(
        R"({{"name":"{}/activities/{}","member":"{}","provider":"{}","practice":"{}",
            "kind":"ACTIVITY_KIND_CLAIM_CODE","code":"G0439","channel":"claim","evidence":"c-1",
            "serviceDate":{{"year":2026,"month":3,"day":2}},
            "receivedOn":{{"year":2026,"month":3,"day":9}}}})",
        contract_name_, number, Member(member), Party(provider), Party(practice));
  }
  testing::HttpAnswer Record(const std::string& activities) {
    Later();
    return Post(contract_name_ + "/activities:record", analyst_,
                fmt::format(R"({{"source":"claims 2026","activities":[{}]}})", activities));
  }
  void Run() {
    Later();
    performance::ActivityService service(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    const auto run = service.Run({.program = program_.program, .period = DateRange::Year(2026)},
                                 HierarchyAtYearEnd());
    ASSERT_TRUE(run.ok()) << StatusMessage(run.status());
    Later();
  }
  static constexpr char kYear[] =
      "/activityLines?period.from.year=2026&period.from.month=1&period.from.day=1"
      "&period.to.year=2027&period.to.month=1&period.to.day=1";
};

// feature:P18
TEST_F(ActivityCalls, EventsEarnOnceAndAVoidTakesItBack) {
  const std::string both =
      Activity(71, 1, doctor_, practice_) + "," + Activity(72, 2, other_doctor_, other_);
  const auto recorded = Record(both);
  ASSERT_EQ(recorded.status, 200) << recorded.body;
  EXPECT_EQ(FieldOf(recorded.body, "recorded"), "2");
  EXPECT_EQ(Repeat().body, recorded.body);
  EXPECT_EQ(FieldOf(Record(both).body, "unchanged"), "2");
  const auto stranger = Record(Activity(73, 9, doctor_, practice_));
  EXPECT_EQ(stranger.status, 400);
  EXPECT_THAT(stranger.body, HasSubstr("activities[0].member"));
  EXPECT_THAT(Texts(Get(contract_name_ + kYear, analyst_), "activityLines", "earned"), IsEmpty());
  Run();

  const Struct all = Get(contract_name_ + kYear + "&orderBy=member", analyst_);
  EXPECT_THAT(Texts(all, "activityLines", "activity.member"), ElementsAre(Member(1), Member(2)));
  EXPECT_THAT(Texts(all, "activityLines", "earned"), ElementsAre("60", "60"));
  EXPECT_THAT(Texts(Get(contract_name_ + kYear, clinic_), "activityLines", "activity.name"),
              ElementsAre(contract_name_ + "/activities/71"));
  EXPECT_THAT(
      Texts(Get(contract_name_ + kYear + "&filter=practice%20%3D%20" + other_.ToString(), aco_),
            "activityLines", "activity.name"),
      ElementsAre(contract_name_ + "/activities/72"));
  EXPECT_EQ(Https("GET", "/v1/" + contract_name_ + kYear, stranger_).status, 403);
  const Struct page = Get(contract_name_ + kYear + "&pageSize=1&orderBy=member", analyst_);
  EXPECT_THAT(Texts(Get(contract_name_ + kYear +
                            "&pageSize=1&orderBy=member&pageToken=" + Text(page, "nextPageToken"),
                        analyst_),
                    "activityLines", "activity.member"),
              ElementsAre(Member(2)));

  const std::string activity = contract_name_ + "/activities/71";
  const std::string body = fmt::format(
      R"({{"activities":["{}"],"source":"claims 2026","reason":"billed for somebody else"}})",
      activity);
  EXPECT_EQ(Post(contract_name_ + "/activities:void", aco_, body).status, 403);
  const auto voided = Post(contract_name_ + "/activities:void", analyst_, body);
  ASSERT_EQ(voided.status, 200) << voided.body;
  EXPECT_EQ(FieldOf(voided.body, "recorded"), "1");
  Run();
  const Struct after =
      Get(contract_name_ + kYear + "&filter=reason%20%3D%20ACTIVITY_VOIDED", analyst_);
  EXPECT_THAT(Texts(after, "activityLines", "activity.name"), ElementsAre(activity));
  EXPECT_THAT(Texts(after, "activityLines", "earned"), ElementsAre("0"));
}

}  // namespace
}  // namespace sluice::api
