// Screening over the API: hits, the people who decide about them, and the holds that follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/screening/screening_service.h"
#include "tests/api/server/payee_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ScreeningCalls : public PayeeFixture {
 protected:
  // A list of the names, imported by the maker.
  void Import(const std::vector<std::string>& names) {
    std::string text;
    int number = 100;
    for (const std::string& name : names) {
      text += fmt::format("{},\"{}\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n",
                          ++number, name);
    }
    payments::ScreeningService screening(db_.App(), payer_, db_.Clock(), db_.Ids());
    const auto imported =
        screening.ImportList({.text = text + "\x1A", .published_on = MakeDate(2026, 9, 1)}, kMaker);
    ASSERT_TRUE(imported.ok()) << StatusMessage(imported.status());
  }
  std::vector<std::string> Hits(const std::string& filter) {
    return Texts(payer_name_ + "/screeningHits?filter=" + filter, SignIn("first"), "screeningHits",
                 "name");
  }
  testing::HttpAnswer Decide(const std::string& hit, const std::string& token,
                             const std::string& decision, const std::string& etag) {
    return Post(
        hit + ":decide", token,
        fmt::format(R"({{"decision":"SCREENING_HIT_STATE_{}","note":"compared the papers"}})",
                    decision),
        etag);
  }
  bool IsHeld(const std::string& payee) {
    const auto read = Get(payee, SignIn("first"));
    EXPECT_EQ(read.status, 200) << read.body;
    return Parse(read.body).fields().at("onHold").bool_value();
  }
};

// feature:R02
TEST_F(ScreeningCalls, AHitHoldsThePayeeUntilAnotherPersonDecides) {
  const std::string listed = Enrolled(practice_, "Zarquon Clinic", "410000001");
  const std::string free = Enrolled(other_, "Birch Clinic", "410000002");
  const std::string compliance = SignIn("compliance", true);
  EXPECT_EQ(Post(payer_name_ + "/screening:run", compliance, "{}").status, 400);  // no list
  Import({"ZARQUON CLINIC, INC.", "Somebody Else Exports"});
  EXPECT_TRUE(IsHeld(listed));
  EXPECT_FALSE(IsHeld(free));
  EXPECT_THAT(FieldOf(Get(listed, SignIn("first")).body, "holdReason"), HasSubstr("sanctioned"));
  // That it waits, its own people see; why, they do not.
  EXPECT_EQ(FieldOf(Get(listed, SignIn("alder")).body, "holdReason"), "");
  EXPECT_EQ(Get(payer_name_ + "/screeningHits", SignIn("alder")).status, 403);

  const auto hits = Hits("state%20%3D%20OPEN%20AND%20score%20%3E%20100");
  ASSERT_EQ(hits.size(), 1U);
  const auto hit = Grpc(kScreening, "GetScreeningHit",
                        fmt::format(R"({{"name":"{}"}})", hits.front()), compliance);
  EXPECT_EQ(FieldOf(hit.json, "payee"), listed) << hit.message;
  const std::string etag = FieldOf(hit.json, "etag");
  EXPECT_EQ(Decide(hits.front(), SignIn("compliance"), "NOT_THE_SAME", etag).status, 401);
  EXPECT_EQ(Decide(hits.front(), compliance, "NOT_THE_SAME", "\"old\"").status, 409);
  EXPECT_EQ(Decide(hits.front(), compliance, "OPEN", etag).status, 400);
  const auto decided = Decide(hits.front(), compliance, "NOT_THE_SAME", etag);
  ASSERT_EQ(decided.status, 200) << decided.body;
  EXPECT_EQ(FieldOf(decided.body, "state"), "SCREENING_HIT_STATE_NOT_THE_SAME");
  EXPECT_THAT(decided.body, HasSubstr("compared the papers"));
  EXPECT_FALSE(IsHeld(listed));
  EXPECT_THAT(Hits("state%20%3D%20OPEN"), ElementsAre());
}

// feature:R02
TEST_F(ScreeningCalls, WhoFoundAHitDoesNotDecideAboutIt) {
  const std::string payee = Enrolled(practice_, "Alder Clinic", "410000001");
  Import({"Jabberwock Holdings", "Zarquon Exports"});
  const std::string compliance = SignIn("compliance", true);
  const auto run = Post(payer_name_ + "/screening:run", compliance,
                        fmt::format(R"({{"payees":["{}"]}})", payee));
  ASSERT_EQ(run.status, 200) << run.body;
  EXPECT_EQ(Parse(run.body).fields().at("payees").number_value(), 1);
  EXPECT_EQ(Parse(run.body).fields().at("newHits").number_value(), 0);

  const std::string owner =
      R"({"relation":"IDENTITY_RELATION_OWNER","displayName":"Jabberwock Holdings"})";
  EXPECT_EQ(Post(payee + ":recordIdentity", SignIn("bank"), owner).status, 403);
  const auto known = Post(payee + ":recordIdentity", compliance, owner);
  ASSERT_EQ(known.status, 200) << known.body;
  EXPECT_EQ(Parse(known.body).fields().at("newHits").number_value(), 1);
  EXPECT_TRUE(IsHeld(payee));
  const auto hits = Hits("state%20%3D%20OPEN");
  ASSERT_EQ(hits.size(), 1U);
  const std::string etag = FieldOf(Get(hits.front(), compliance).body, "etag");
  const auto own = Decide(hits.front(), compliance, "NOT_THE_SAME", etag);
  EXPECT_EQ(own.status, 403) << own.body;
  const auto other = Decide(hits.front(), SignIn("first", true), "THE_SAME", etag);
  ASSERT_EQ(other.status, 200) << other.body;
  EXPECT_TRUE(IsHeld(payee));
  EXPECT_THAT(Hits("state%20%3D%20THE_SAME"), ElementsAre(hits.front()));
}

}  // namespace
}  // namespace sluice::api
