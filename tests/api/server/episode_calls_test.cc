// Episodes over the API: referrals taken on, their progress, documents and budgets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/detail_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EpisodeCalls : public DetailFixture {
 protected:
  void SetUp() override {
    DetailFixture::SetUp();
    AddMember(1, "");
    AddMember(2, "");
    const auto types = Post(payer_name_ + "/episodeTypes:set", analyst_,
                            R"({"types":[{"code":"KNS","displayName":"Knee"},
                                {"code":"HPS","displayName":"Hip"}]})");
    ASSERT_EQ(types.status, 200) << types.body;
  }
  testing::HttpAnswer Accept(std::int64_t member, const std::string& patient,
                             const std::string& type = "KNS") {
    Later();
    return Post(contract_name_ + "/episodes:accept", analyst_,
                fmt::format(R"({{"episode":{{"type":"{}","patientName":"{}","patientNumber":"P-{}",
                    "member":"{}","openedOn":{{"year":2026,"month":9,"day":1}}}}}})",
                            type, patient, member, Member(member)));
  }
  testing::HttpAnswer Advance(const std::string& episode, const std::string& to) {
    Later();
    return Post(episode + ":advance", analyst_, fmt::format(R"({{"to":"EPISODE_STATE_{}"}})", to),
                Text(Get(episode, analyst_), "etag"));
  }
};

// feature:E01
TEST_F(EpisodeCalls, AReferralIsTakenOnAndItsBudgetShared) {
  const auto accepted = Accept(1, "Ann Alder");
  ASSERT_EQ(accepted.status, 200) << accepted.body;
  EXPECT_EQ(Repeat().body, accepted.body);
  const std::string episode = FieldOf(accepted.body, "name");
  EXPECT_EQ(FieldOf(accepted.body, "state"), "EPISODE_STATE_ACCEPTED");
  EXPECT_EQ(FieldOf(accepted.body, "memberNumber"), "M1");
  EXPECT_EQ(Accept(9, "Nobody").status, 400);  // no member of the payer

  EXPECT_EQ(Advance(episode, "PAYMENT").status, 400);  // not the next one
  const std::string etag = Text(Get(episode, analyst_), "etag");
  ASSERT_EQ(Advance(episode, "SERVICES_RENDERED").status, 200);
  EXPECT_EQ(Post(episode + ":advance", analyst_, R"({"to":"EPISODE_STATE_DISPOSAL"})", etag).status,
            409);
  const auto attached =
      Post(episode + ":attachDocument", analyst_,
           fmt::format(R"({{"document":{{"displayName":"discharge summary","reference":"dms/7",
          "sha256":"{}"}}}})",
                       std::string(64, 'a')));
  ASSERT_EQ(attached.status, 200) << attached.body;

  const auto shared = Post(
      episode + ":postBudget", analyst_,
      fmt::format(R"({{"due":{{"cents":"100000"}},"participants":[{{"party":"{}","weight":"2/5"}},
          {{"party":"{}","weight":"3/5"}}]}})",
                  Party(practice_), Party(other_)),
      FieldOf(attached.body, "etag"));
  ASSERT_EQ(shared.status, 200) << shared.body;
  EXPECT_THAT(Texts(Parse(shared.body), "postings", "due.cents"), ElementsAre("40000", "60000"));
  EXPECT_THAT(Texts(Parse(shared.body), "documents", "displayName"),
              ElementsAre("discharge summary"));
  EXPECT_THAT(shared.body, HasSubstr("Services Rendered"));
}

// feature:E01 feature:X01
TEST_F(EpisodeCalls, ThePartyOfTheContractSeesItsEpisodes) {
  const std::string first = FieldOf(Accept(1, "Ann Alder").body, "name");
  const std::string second = FieldOf(Accept(2, "Bob Birch", "HPS").body, "name");
  const std::string all = payer_name_ + "/episodes";
  EXPECT_THAT(Texts(Get(all + "?orderBy=patient", analyst_), "episodes", "name"),
              ElementsAre(first, second));
  EXPECT_THAT(Texts(Get(all + "?filter=patient%20%3A%20%22BIRCH%22", aco_), "episodes", "name"),
              ElementsAre(second));
  const Struct page = Get(all + "?pageSize=1&orderBy=patient", analyst_);
  EXPECT_THAT(
      Texts(Get(all + "?pageSize=1&orderBy=patient&pageToken=" + Text(page, "nextPageToken"),
                analyst_),
            "episodes", "name"),
      ElementsAre(second));
  // A practice of the network does not have the contract.
  EXPECT_THAT(Texts(Get(all, clinic_), "episodes", "name"), IsEmpty());
  EXPECT_EQ(Https("GET", "/v1/" + first, clinic_).status, 403);
  EXPECT_EQ(Https("GET", "/v1/" + first, aco_).status, 200);
  EXPECT_EQ(Post(first + ":advance", aco_, R"({"to":"EPISODE_STATE_DISPOSAL"})", "\"x\"").status,
            403);

  const Struct overview = Get(all + ":overview?filter=type%20%3D%20KNS", analyst_);
  EXPECT_EQ(Text(overview, "total"), "1");
  EXPECT_THAT(Texts(overview, "counts", "count"),
              ElementsAre("0", "0", "0", "0", "0", "1", "0", "0", "0", "0"));
  EXPECT_EQ(Text(Get(all + ":overview", clinic_), "total"), "0");
  EXPECT_THAT(Texts(Get(payer_name_ + "/episodeTypes", clinic_), "episodeTypes", "code"),
              ElementsAre("HPS", "KNS"));
}

}  // namespace
}  // namespace sluice::api
