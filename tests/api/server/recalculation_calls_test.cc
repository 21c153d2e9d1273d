// Edits over the API: noticed, decided, queued, and by which rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/recalculation/recalculation_service.h"
#include "performance/recalculation/recalculator.h"
#include "tests/api/server/award_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RecalculationCalls : public AwardFixture {
 protected:
  testing::HttpAnswer Scan() {
    Tick();
    return Post(payer_name_ + "/changes:scan", analyst_, "{}");
  }
};

// feature:Q01
TEST_F(RecalculationCalls, AnEditIsNoticedAndFollowedToWhatItChanged) {
  const std::string award = Award(1'000'000);
  ASSERT_EQ(RecordPremium(1'500'000).status, 200);
  const auto scanned = Scan();
  ASSERT_EQ(scanned.status, 200) << scanned.body;
  EXPECT_EQ(At(scanned, "events"), "1");
  EXPECT_EQ(At(scanned, "queued"), "1");
  EXPECT_EQ(At(Scan(), "events"), "0");  // once

  const std::string changes = payer_name_ + "/changes?filter=kind%20%3D%20FACT";
  const auto listed = Get(changes, analyst_);
  EXPECT_EQ(At(listed, "changes.0.contract"), contract_name_) << listed.body;
  EXPECT_EQ(At(listed, "changes.0.decisions.0.verdict"), "CHANGE_VERDICT_QUEUED");
  EXPECT_THAT(
      Texts(payer_name_ + "/changes?filter=kind%20%3D%20TERMS", "changes", "name", analyst_),
      IsEmpty());
  const std::string waiting = payer_name_ + "/recalculations?filter=state%20%3D%20WAITING";
  EXPECT_THAT(Texts(waiting, "recalculations", "contract", analyst_), ElementsAre(contract_name_));

  // What a worker does.
  Tick();
  performance::ProgramRecalculator recalculator(db_.App(), payer_, db_.Clock(), db_.Ids());
  performance::RecalculationService service(db_.App(), payer_, db_.Clock(), db_.Ids());
  const auto worked = service.Work(recalculator);
  ASSERT_TRUE(worked.ok()) << StatusMessage(worked.status());
  EXPECT_THAT(Texts(waiting, "recalculations", "contract", analyst_), IsEmpty());
  const std::string name = At(listed, "changes.0.name");
  const auto change = Get(name, analyst_);
  EXPECT_EQ(At(change, "awards.0"), award + "/versions/2") << change.body;
  const auto corrected = Get(award, analyst_);
  EXPECT_EQ(At(corrected, "deltaCauses.0.changes.0"), name) << corrected.body;
  EXPECT_EQ(At(corrected, "deltaCauses.0.amount.cents"), "5000000");
  // Edits are of the whole payer.
  EXPECT_EQ(Get(name, SignIn("aco")).status, 403);
  EXPECT_EQ(
      Get(payer_name_ + "/changes/" + performance::ChangeEventId(77).ToString(), analyst_).status,
      404);
}

TEST_F(RecalculationCalls, RulesAreSetByWhoReadThem) {
  const std::string rules = payer_name_ + "/changeRules";
  const auto none = Get(rules, analyst_);
  EXPECT_EQ(At(none, "version"), "0") << none.body;
  const auto set = [&](const std::string& toml, const std::string& more = "") {
    return Post(rules + ":set", analyst_, fmt::format(R"({{"toml":"{}"{}}})", toml, more),
                At(none, "etag"));
  };
  const std::string never = R"([[rule]]\nrun = \"never\"\n)";
  EXPECT_EQ(set(R"([[rule]]\nrun = \"perhaps\"\n)").status, 400);
  EXPECT_EQ(set(never, R"(,"validateOnly":true)").status, 200);
  EXPECT_EQ(At(Get(rules, analyst_), "version"), "0");
  const auto first = set(never);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(At(first, "version"), "1");
  EXPECT_THAT(At(first, "toml"), HasSubstr("never"));
  EXPECT_EQ(At(set(never), "reason"), "ETAG_MISMATCH");

  Award(1'000'000);
  ASSERT_EQ(RecordPremium(1'500'000).status, 200);
  EXPECT_EQ(At(Scan(), "noRule"), "1");
  EXPECT_EQ(Get(rules, SignIn("aco")).status, 403);
}

}  // namespace
}  // namespace sluice::api
