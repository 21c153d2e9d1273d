// Attribution lists over the API: made, published, read by those whose members they are, and taken
// away as files.
#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/attribution/attribution_service.h"
#include "performance/attribution/method_codec.h"
#include "tests/api/server/detail_fixture.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::api {
namespace {

using performance::testing::kNpiA;
using performance::testing::kNpiB;
using performance::testing::kNpiD;
using performance::testing::PluralityMethod;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AttributionListCalls : public DetailFixture {
 protected:
  // 1 and 2 see the practice, 3 the other one, 4 one outside of the network, 5 nobody.
  void SetUp() override {
    DetailFixture::SetUp();
    AddMember(1, kNpiA);
    AddMember(2, kNpiA);
    AddMember(3, kNpiB);
    AddMember(4, kNpiD);
    AddMember(5, "");
    list_ = contract_name_ + "/attributionLists/2026-01-01";
  }

  testing::HttpAnswer SetMethod(const std::string& more = "") {
    Later();
    return Post(contract_name_ + "/attributionMethods:set", analyst_,
                fmt::format(R"({{"effective":{{"from":{{"year":2025,"month":1,"day":1}}}},
                    "method":{},"disputeRules":{{"filingDays":60,"decisionDays":30}}{}}})",
                            performance::MethodToJson(PluralityMethod()), more));
  }
  // What the job does that prepares lists.
  void Prepare() {
    Later();
    performance::AttributionService service(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    const auto prepared = service.PrepareList({.contract = contract_,
                                               .period = DateRange::Year(2026),
                                               .known_at = std::nullopt,
                                               .actor = "job"},
                                              HierarchyAtYearEnd());
    ASSERT_TRUE(prepared.ok()) << StatusMessage(prepared.status());
    Later();
  }
  void PublishOne() {
    ASSERT_EQ(SetMethod().status, 200);
    Prepare();
    const auto published =
        Post(list_ + ":publish", analyst_, "{}", Text(Get(list_, analyst_), "etag"));
    ASSERT_EQ(published.status, 200) << published.body;
    Later();
  }
  std::string Export(const std::string& token, const std::string& query = "") {
    std::string content;
    EXPECT_TRUE(
        absl::Base64Unescape(Text(Get(list_ + ":export" + query, token), "content"), &content));
    return content;
  }

  std::string list_;
};

// feature:A03
TEST_F(AttributionListCalls, AListIsMadeChangedAndPublished) {
  const auto checked = SetMethod(R"(,"validateOnly":true)");
  EXPECT_EQ(checked.status, 200) << checked.body;
  const auto set = SetMethod();
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(Text(Parse(set.body), "version"), "1");  // checking wrote nothing
  EXPECT_EQ(Https("GET", "/v1/" + list_, analyst_).status, 404);
  Prepare();

  const Struct draft = Get(list_, analyst_);
  EXPECT_EQ(Text(draft, "status"), "ATTRIBUTION_LIST_STATUS_DRAFT");
  EXPECT_EQ(Text(draft, "activeMembers"), "3");
  EXPECT_EQ(Text(draft, "unattributedMembers"), "1");
  EXPECT_EQ(Https("GET", "/v1/" + list_, aco_).status, 403);  // a draft is the payer's

  const std::string remove = fmt::format(
      R"({{"remove":[{{"member":"{}","plan":"gold",
          "attributed":{{"from":{{"year":2026,"month":1,"day":1}}}}}}],
          "reason":"lives in another state"}})",
      Member(2));
  const std::string etag = Text(draft, "etag");
  const auto changed = Post(list_ + ":change", analyst_, remove, etag);
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(Text(Parse(changed.body), "activeMembers"), "2");
  EXPECT_EQ(Repeat().body, changed.body);
  EXPECT_EQ(Post(list_ + ":change", analyst_, remove, etag).status, 409);  // changed since
  EXPECT_EQ(Post(list_ + ":change", aco_, remove, etag).status, 403);
  const auto nobody = Post(list_ + ":change", analyst_,
                           R"({"add":[{"member":"M1","plan":"gold","attributed":{}}],
                               "reason":"lives in another state"})",
                           Text(Parse(changed.body), "etag"));
  EXPECT_EQ(nobody.status, 400);
  EXPECT_THAT(nobody.body, HasSubstr("add[0].member"));

  const auto published =
      Post(list_ + ":publish", analyst_, "{}", Text(Parse(changed.body), "etag"));
  ASSERT_EQ(published.status, 200) << published.body;
  EXPECT_EQ(Text(Parse(published.body), "status"), "ATTRIBUTION_LIST_STATUS_OPEN");
}

// feature:A03 feature:X01
TEST_F(AttributionListCalls, EachSeesTheirOwnMembers) {
  PublishOne();
  EXPECT_EQ(Text(Get(list_, aco_), "activeMembers"), "3");
  EXPECT_EQ(Text(Get(list_, clinic_), "activeMembers"), "2");
  EXPECT_EQ(Text(Get(list_, clinic_), "unattributedMembers"), "0");
  EXPECT_EQ(Https("GET", "/v1/" + list_, stranger_).status, 403);
  const std::string missing =
      fmt::format("{}/contracts/{}/attributionLists/2026-01-01", payer_name_, ContractId(77));
  EXPECT_EQ(Https("GET", "/v1/" + missing, analyst_).status, 404);
  EXPECT_EQ(Https("GET", "/v1/" + missing, clinic_).status, 403);

  const std::string entries = list_ + "/entries";
  EXPECT_THAT(Texts(Get(entries, clinic_), "attributionEntries", "member"),
              ElementsAre(Member(1), Member(2)));
  EXPECT_THAT(Texts(Get(entries + "?filter=practice%20%3D%20" + other_.ToString(), analyst_),
                    "attributionEntries", "member"),
              ElementsAre(Member(3)));
  EXPECT_THAT(Texts(Get(entries + "?filter=practice%20%3D%20" + other_.ToString(), clinic_),
                    "attributionEntries", "member"),
              IsEmpty());
  const Struct first = Get(entries + "?pageSize=2&orderBy=member%20desc", analyst_);
  EXPECT_THAT(Texts(first, "attributionEntries", "member"), ElementsAre(Member(3), Member(2)));
  EXPECT_THAT(Texts(first, "attributionEntries", "provider"),
              ElementsAre(Party(other_doctor_), Party(doctor_)));
  const Struct second =
      Get(entries + "?pageSize=2&orderBy=member%20desc&pageToken=" + Text(first, "nextPageToken"),
          analyst_);
  EXPECT_THAT(Texts(second, "attributionEntries", "member"), ElementsAre(Member(1)));
  EXPECT_EQ(Text(second, "nextPageToken"), "");
  EXPECT_GT(CountEvents(AuditDecision::kAllowed,
                        "sluice.performance.v1.AttributionListService/ListAttributionEntries"),
            0);
}

// feature:A01
TEST_F(AttributionListCalls, AListSaysWhyAMemberIsWhereTheyAre) {
  PublishOne();
  const Struct nobody = Get(list_ + "/unattributedMembers", analyst_);
  EXPECT_THAT(Texts(nobody, "unattributedMembers", "member"), ElementsAre(Member(5)));
  EXPECT_THAT(Texts(nobody, "unattributedMembers", "reason"), ElementsAre("NO_CLAIMS"));
  EXPECT_EQ(Https("GET", "/v1/" + list_ + "/unattributedMembers", aco_).status, 403);

  const auto explain = [&](std::int64_t member, const std::string& token) {
    return Https("GET", "/v1/" + list_ + ":explain?member=" + Member(member), token);
  };
  const auto all = explain(1, analyst_);
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_THAT(Texts(Parse(all.body), "months", "contract"), SizeIs(12));
  EXPECT_THAT(all.body, HasSubstr("in 1 visits"));
  const auto own = explain(1, clinic_);
  ASSERT_EQ(own.status, 200) << own.body;
  EXPECT_THAT(own.body, HasSubstr("plurality_of_dollars: " + kNpiA));
  EXPECT_THAT(own.body, Not(HasSubstr("visits")));  // what was billed is not said
  EXPECT_EQ(explain(3, clinic_).status, 403);
  EXPECT_EQ(explain(99, clinic_).status, 403);
  EXPECT_EQ(explain(99, analyst_).status, 400);
  EXPECT_THAT(explain(4, analyst_).body, HasSubstr(R"("contract":"")"));  // outside the program
}

// feature:A03 feature:A06
TEST_F(AttributionListCalls, AnAuditComparesTheVersions) {
  PublishOne();
  const auto audited = Post(list_ + ":audit", analyst_, R"({"month":"2026-06"})");
  ASSERT_EQ(audited.status, 200) << audited.body;
  EXPECT_EQ(Text(Parse(audited.body), "membersAfter"), "3");
  EXPECT_THAT(Texts(Parse(audited.body), "findings", "code"),
              ElementsAre("added", "added", "added"));
  EXPECT_EQ(Post(list_ + ":audit", analyst_, R"({"month":"June"})").status, 400);
}

// feature:A08
TEST_F(AttributionListCalls, AListIsTakenAwayAsAFile) {
  PublishOne();
  const std::string csv = Export(analyst_);
  EXPECT_THAT(csv, HasSubstr(",M1,gold,2026-01-01,2026-12-31," + kNpiA));
  EXPECT_THAT(csv, HasSubstr(",M3,gold,"));
  EXPECT_THAT(Export(clinic_), Not(HasSubstr(",M3,gold,")));
  const std::string fhir = Export(aco_, "?format=ATTRIBUTION_LIST_FORMAT_FHIR_NDJSON");
  EXPECT_THAT(fhir, HasSubstr(R"({"resourceType":"Group",)"));
  EXPECT_THAT(fhir, HasSubstr(R"("value":"M3")"));
  EXPECT_THAT(Export(clinic_, "?format=ATTRIBUTION_LIST_FORMAT_FHIR_NDJSON"),
              Not(HasSubstr(R"("value":"M3")")));
}

}  // namespace
}  // namespace sluice::api
