// Feeds over the API: declared, how they stand, what came and what was refused of it.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>

#include "performance/feeds/feed_service.h"
#include "tests/api/server/detail_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FeedCalls : public DetailFixture {
 protected:
  testing::HttpAnswer Declare(const std::string& name, const std::string& kind,
                              const std::string& mapping, const std::string& more = "") {
    Later();
    Struct feed = Parse(fmt::format(
        R"({{"displayName":"{}","kind":"FEED_KIND_{}","owner":"Data team","intervalDays":30,
            "graceDays":5,"leastRows":"1","startsOn":{{"year":2026,"month":7,"day":1}}}})",
        name, kind));
    (*feed.mutable_fields())["mapping"].set_string_value(mapping);
    Struct request = Parse(more.empty() ? "{}" : more);
    *(*request.mutable_fields())["feed"].mutable_struct_value() = feed;
    return Post(payer_name_ + "/feeds:declare", analyst_, JsonOf(request));
  }
  static std::string JsonOf(const Struct& message);
  // What the job does that takes a file.
  void Receive(const std::string& feed, const std::string& text) {
    Later();
    const std::string path = fmt::format("{}/{}.csv", directory_, feed);
    std::ofstream(path, std::ios::binary) << text;
    performance::FeedService service(db_.App(), payer_, db_.Clock(), db_.Ids());
    const auto delivery = service.Receive(
        {.feed = feed,
         .path = path,
         .period = DateRange::Between(MakeDate(2026, 9, 1), MakeDate(2026, 10, 1))});
    ASSERT_TRUE(delivery.ok()) << StatusMessage(delivery.status());
    Later();
  }

  static constexpr char kMembers[] =
      "name = \"members\"\nkind = \"eligibility\"\n[columns]\n"
      "member_number = \"id\"\nvalid_from = \"from\"\n";
  static constexpr char kClaims[] =
      "name = \"claims\"\nkind = \"medical_claim\"\n[columns]\nmember_number = \"id\"\n"
      "claim_number = \"claim\"\nline_number = \"line\"\nservice_from = \"day\"\npaid = \"paid\"\n"
      "[constants]\nkind = \"professional\"\n";
};

std::string FeedCalls::JsonOf(const Struct& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

// feature:D01
TEST_F(FeedCalls, AFeedIsDeclaredDeliversAndIsLookedAt) {
  EXPECT_EQ(Declare("members", "ELIGIBILITY", kMembers, R"({"validateOnly":true})").status, 200);
  EXPECT_THAT(Texts(Get(payer_name_ + "/feeds", analyst_), "feeds", "name"), SizeIs(0));
  const auto declared = Declare("members", "ELIGIBILITY", kMembers);
  ASSERT_EQ(declared.status, 200) << declared.body;
  EXPECT_EQ(FieldOf(declared.body, "color"), "FEED_COLOR_RED");  // nothing came since July
  EXPECT_EQ(Declare("members", "CLAIMS", kMembers).status, 400);
  EXPECT_EQ(Declare("members", "MEDICAL_CLAIM", kClaims).status, 400);  // it keeps its kind
  ASSERT_EQ(Declare("claims", "MEDICAL_CLAIM", kClaims).status, 200);

  Receive("members", "id,from\nM1,2026-01-01\n");
  Receive("claims",
          "id,claim,line,day,paid\nM1,C1,1,2026-09-02,10.00\nM9,C2,1,2026-09-03,20.00\n"
          "M8,C3,1,2026-09-03,20.00\n");
  Receive("claims",
          "id,claim,line,day,paid\nM1,C1,1,2026-09-02,10.00\nM9,C2,1,2026-09-03,20.00\n"
          "M8,C3,1,2026-09-03,20.00\n");  // again
  EXPECT_THAT(Texts(Get(payer_name_ + "/feeds?filter=color%20%3D%20GREEN", analyst_), "feeds",
                    "displayName"),
              ElementsAre("members"));
  EXPECT_THAT(Texts(Get(payer_name_ + "/feeds?orderBy=display_name%20desc", analyst_), "feeds",
                    "displayName"),
              ElementsAre("members", "claims"));

  const std::string deliveries = payer_name_ + "/feeds/claims/deliveries";
  const Struct came = Get(deliveries, analyst_);
  EXPECT_THAT(Texts(came, "deliveries", "refusedCode"), ElementsAre("DUPLICATE", ""));
  const Struct page = Get(deliveries + "?pageSize=1", analyst_);
  EXPECT_THAT(
      Texts(Get(deliveries + "?pageSize=1&pageToken=" + Text(page, "nextPageToken"), analyst_),
            "deliveries", "rowsRejected"),
      ElementsAre("2"));
  const std::string taken = Texts(came, "deliveries", "name").at(1);
  const Struct rows = Get(taken + "/quarantinedRows?filter=code%20%3D%20unknown_member", analyst_);
  EXPECT_THAT(Texts(rows, "quarantinedRows", "row"), ElementsAre("3", "4"));
  EXPECT_THAT(Texts(rows, "quarantinedRows", "column"), ElementsAre("id", "id"));
  EXPECT_EQ(Https("GET", "/v1/" + payer_name_ + "/feeds/nothing/deliveries", analyst_).status, 404);
  // Another feed's delivery is not this one's.
  const std::string id = taken.substr(taken.rfind('/') + 1);
  EXPECT_EQ(
      Https("GET",
            fmt::format("/v1/{}/feeds/members/deliveries/{}/quarantinedRows", payer_name_, id),
            analyst_)
          .status,
      404);
}

// feature:X01
TEST_F(FeedCalls, FeedsAreThePayersOwn) {
  EXPECT_EQ(Https("GET", "/v1/" + payer_name_ + "/feeds", aco_).status, 403);
  EXPECT_EQ(Https("GET", "/v1/" + payer_name_ + "/feeds/claims/deliveries", aco_).status, 403);
  EXPECT_EQ(Https("GET", "/v1/" + payer_name_ + "/feeds", SignIn("maker")).status, 200);
  EXPECT_EQ(Post(payer_name_ + "/feeds:declare", SignIn("maker"), "{}").status, 403);
}

}  // namespace
}  // namespace sluice::api
