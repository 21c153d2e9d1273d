// Disputes over the API: drafted, filed, asked about, decided; and what their clock does meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/attribution/attribution_service.h"
#include "tests/api/server/detail_fixture.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::api {
namespace {

using performance::testing::kNpiA;
using performance::testing::kNpiB;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kHash[] = "aa00000000000000000000000000000000000000000000000000000000000001";
constexpr char kOtherHash[] = "aa00000000000000000000000000000000000000000000000000000000000002";

class DisputeCalls : public DetailFixture {
 protected:
  // A published list: 1 at the practice, 3 at the other one.
  void SetUp() override {
    DetailFixture::SetUp();
    AddMember(1, kNpiA);
    AddMember(3, kNpiB);
    Later();
    performance::AttributionService service(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    ASSERT_TRUE(service
                    .SetMethod(contract_, DateRange::From(MakeDate(2025, 1, 1)),
                               performance::testing::PluralityMethod(), {}, "test")
                    .ok());
    Later();
    ASSERT_TRUE(service
                    .PrepareList({.contract = contract_,
                                  .period = DateRange::Year(2026),
                                  .known_at = std::nullopt,
                                  .actor = "test"},
                                 HierarchyAtYearEnd())
                    .ok());
    ASSERT_TRUE(service.PublishList(contract_, MakeDate(2026, 1, 1), "test").ok());
    Later();
  }

  // Drafts to take members 1 and 3 off the list.
  std::vector<std::string> Draft(const std::string& more = "") {
    const auto draft = [&](std::int64_t member, PartyId practice) {
      return fmt::format(
          R"({{"operation":"DISPUTE_OPERATION_REMOVE","reasonCode":"not_my_patient",
              "provisionalEffect":{{"cents":"-12345"}},
              "evidence":[{{"kind":"chart","reference":"doc-1","sha256":"{}"}}],
              "entry":{{"member":"{}","plan":"gold","practice":"{}",
                "attributed":{{"from":{{"year":2026,"month":1,"day":1}},
                               "to":{{"year":2027,"month":1,"day":1}}}}}}}})",
          kHash, Member(member), Party(practice));
    };
    const auto drafted = Post(contract_name_ + "/disputes:draft", analyst_,
                              fmt::format(R"({{"periodFrom":{{"year":2026,"month":1,"day":1}},
                 "drafts":[{},{}]{}}})",
                                          draft(1, practice_), draft(3, other_), more));
    EXPECT_EQ(drafted.status, 200) << drafted.body;
    if (more.empty()) {
      EXPECT_EQ(Repeat().body, drafted.body);
    }
    return Texts(Parse(drafted.body), "disputes", "name");
  }
  testing::HttpAnswer Step(const std::string& dispute, const std::string& verb,
                           const std::string& body = "{}") {
    Later();
    return Post(dispute + ":" + verb, analyst_, body, Text(Get(dispute, analyst_), "etag"));
  }
  std::string Assignment() {
    return fmt::format(R"({{"owner":"{}/users/{}","due":{{"year":2026,"month":11,"day":1}}}})",
                       payer_name_, kAnalyst);
  }
  static std::string Proof(const char* hash) {
    return fmt::format(R"({{"evidence":[{{"kind":"chart","reference":"doc-2","sha256":"{}"}}]}})",
                       hash);
  }
};

// feature:A04
TEST_F(DisputeCalls, ADisputeGoesFromItsDraftToTheLetter) {
  EXPECT_THAT(Draft(R"(,"validateOnly":true)"), SizeIs(2));
  EXPECT_THAT(Texts(Get(contract_name_ + "/disputes", analyst_), "disputes", "name"), SizeIs(0));
  const std::vector<std::string> drafts = Draft();
  ASSERT_THAT(drafts, SizeIs(2));
  const std::string& first = drafts[0];
  const Struct drafted = Get(first, analyst_);
  EXPECT_EQ(Text(drafted, "state"), "DISPUTE_STATE_DRAFTED");
  EXPECT_EQ(Text(drafted, "entry.member"), Member(1));
  EXPECT_EQ(Text(drafted, "filer"), fmt::format("{}/users/{}", payer_name_, kAnalyst));
  EXPECT_EQ(Https("GET", "/v1/" + first + ":letter", analyst_).status, 400);  // nothing decided

  const auto filed = Step(first, "file");
  ASSERT_EQ(filed.status, 200) << filed.body;
  EXPECT_EQ(Post(first + ":withdraw", analyst_, "{}", Text(drafted, "etag")).status, 409);
  ASSERT_EQ(Step(first, "assign", Assignment()).status, 200);
  ASSERT_EQ(Step(first, "ask", R"({"reason":"please send the chart"})").status, 200);
  EXPECT_EQ(Text(Get(first, analyst_), "state"), "DISPUTE_STATE_INFO_REQUESTED");
  EXPECT_EQ(Step(first, "answer", Proof("no hash")).status, 400);
  const auto answered = Step(first, "answer", Proof(kOtherHash));
  ASSERT_EQ(answered.status, 200) << answered.body;
  EXPECT_EQ(Step(first, "decide", R"({"decision":"DISPUTE_STATE_FILED",
      "reason":"the chart says so"})")
                .status,
            400);
  const auto decided = Step(first, "decide", R"({"decision":"DISPUTE_STATE_ACCEPTED",
      "reason":"the chart says so"})");
  ASSERT_EQ(decided.status, 200) << decided.body;
  EXPECT_EQ(Text(Parse(decided.body), "state"), "DISPUTE_STATE_ACCEPTED");
  EXPECT_THAT(Texts(Parse(decided.body), "steps", "event"),
              ElementsAre("file", "assign", "ask", "answer", "accept"));
  EXPECT_THAT(Texts(Parse(decided.body), "evidence", "reference"), ElementsAre("doc-1", "doc-2"));

  const Struct letter = Get(first + ":letter", clinic_);
  EXPECT_THAT(Text(letter, "subject"), HasSubstr("accepted"));
  EXPECT_THAT(Text(letter, "text"), HasSubstr("Reason: the chart says so"));
  EXPECT_THAT(Text(letter, "text"), Not(HasSubstr("M1")));
}

// feature:A04 feature:X01
TEST_F(DisputeCalls, EachSeesDisputesAboutTheirOwn) {
  const std::vector<std::string> drafts = Draft();
  const std::string all = contract_name_ + "/disputes";
  EXPECT_THAT(Texts(Get(all, aco_), "disputes", "name"), SizeIs(2));
  EXPECT_THAT(Texts(Get(all, clinic_), "disputes", "name"), ElementsAre(drafts[0]));
  EXPECT_EQ(Https("GET", "/v1/" + all, stranger_).status, 403);
  EXPECT_EQ(Https("GET", "/v1/" + drafts[0], clinic_).status, 200);
  EXPECT_EQ(Https("GET", "/v1/" + drafts[1], clinic_).status, 403);
  EXPECT_EQ(Post(drafts[0] + ":file", clinic_, "{}", "\"x\"").status, 403);

  ASSERT_EQ(Step(drafts[1], "file").status, 200);
  EXPECT_THAT(Texts(Get(all + "?filter=state%20%3D%20FILED", analyst_), "disputes", "name"),
              ElementsAre(drafts[1]));
  const Struct page = Get(all + "?pageSize=1&orderBy=name", analyst_);
  EXPECT_THAT(Texts(page, "disputes", "name"), ElementsAre(drafts[0]));
  EXPECT_THAT(Texts(Get(all + "?pageSize=1&orderBy=name&pageToken=" + Text(page, "nextPageToken"),
                        analyst_),
                    "disputes", "name"),
              ElementsAre(drafts[1]));
}

// feature:A04
TEST_F(DisputeCalls, WhatTheClockDidStandsWhenAStepIsRefusedForIt) {
  const std::string dispute = Draft()[0];
  ASSERT_EQ(Step(dispute, "file").status, 200);
  Later(31LL * 24 * 3600);
  analyst_ = SignIn("analyst");
  // Nobody answered in 30 days, and no step says so yet.
  EXPECT_EQ(Text(Get(dispute, analyst_), "state"), "DISPUTE_STATE_OVERDUE");
  EXPECT_THAT(Texts(Get(contract_name_ + "/disputes?filter=state%20%3D%20OVERDUE", analyst_),
                    "disputes", "name"),
              ElementsAre(dispute));
  const auto refused = Step(dispute, "withdraw");
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(FieldOf(refused.body, "code"), "FAILED_PRECONDITION");
  EXPECT_EQ(FieldOf(Repeat().body, "detail"), FieldOf(refused.body, "detail"));
  EXPECT_THAT(Texts(Get(dispute, analyst_), "steps", "event"), ElementsAre("file", "clock_ends"));

  const auto rejected = Step(dispute, "decide", R"({"decision":"DISPUTE_STATE_REJECTED",
      "rule":"exhibit B, 2.1","reason":"the visits are the practice's"})");
  ASSERT_EQ(rejected.status, 200) << rejected.body;
  EXPECT_THAT(Text(Get(dispute + ":letter", analyst_), "text"), HasSubstr("exhibit B, 2.1"));
  EXPECT_EQ(Post(dispute + ":refile", analyst_, Proof(kHash)).status, 400);  // it had that
  const auto again = Post(dispute + ":refile", analyst_, Proof(kOtherHash));
  ASSERT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(Text(Parse(again.body), "refiledFrom"), dispute);
  EXPECT_EQ(Text(Parse(again.body), "state"), "DISPUTE_STATE_DRAFTED");
}

}  // namespace
}  // namespace sluice::api
