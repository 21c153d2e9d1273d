// Programs and what they are calculated from, over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/award_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProgramCalls : public AwardFixture {
 protected:
  testing::HttpAnswer Create(const std::string& name, const std::string& stream,
                             const std::string& more = "") {
    return Post(payer_name_ + "/programs", SignIn("writer"),
                fmt::format(R"({{"program":{{"displayName":"{}","stream":"{}",
                    "lanCategory":"2C"}}{}}})",
                            name, stream, more));
  }
};

// feature:X04
TEST_F(ProgramCalls, AProgramIsMadeWithItsBookAndPool) {
  const auto checked = Create("Quality 2026", "qip", R"(,"validateOnly":true)");
  EXPECT_EQ(checked.status, 200) << checked.body;
  const auto made = Create("Quality 2026", "qip");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_THAT(At(made, "book"), HasSubstr("/books/"));
  EXPECT_EQ(At(Get(At(made, "name"), analyst_), "displayName"), "Quality 2026");
  EXPECT_EQ(At(Create("Quality 2026", "qip"), "code"), "ALREADY_EXISTS");
  EXPECT_EQ(Create("Quality 2027", "none").status, 400);

  const std::string list = payer_name_ + "/programs?";
  EXPECT_THAT(Texts(list + "filter=stream%20%3D%20%22qip%22", "programs", "name", analyst_),
              ElementsAre(At(made, "name")));
  const auto first = Get(list + "page_size=1&order_by=create_time%20desc", analyst_);
  const std::string token = At(first, "nextPageToken");
  ASSERT_FALSE(token.empty());
  EXPECT_THAT(Texts(list + "page_size=1&order_by=create_time%20desc&page_token=" + token,
                    "programs", "name", analyst_)
                  .size(),
              1U);
  // A network sees the programs that it has a contract of.
  const std::string aco = SignIn("aco");
  EXPECT_THAT(Texts(payer_name_ + "/programs", "programs", "name", aco),
              ElementsAre(program_name_));
  EXPECT_EQ(Get(At(made, "name"), aco).status, 404);
  EXPECT_THAT(Texts(payer_name_ + "/programs", "programs", "name", SignIn("outsider")), IsEmpty());
}

TEST_F(ProgramCalls, FactsAreRecordedOnceAndTakenBack) {
  EXPECT_EQ(At(RecordPremium(1'000'000), "recorded"), "1");
  EXPECT_EQ(At(RecordPremium(1'000'000), "recorded"), "0");  // nothing new
  EXPECT_EQ(Calculate().blocked, 0);
  Tick();
  const auto retracted = Post(payer_name_ + "/facts:retract", analyst_,
                              fmt::format(R"({{"from":{{"contract":"{}","period":{},
               "facts":[{{"factName":"premium","count":"1"}}]}},"fact":"premium",
               "source":"premium file of June"}})",
                                          contract_name_, DaysJson(DateRange::Year(2025))));
  ASSERT_EQ(retracted.status, 200) << retracted.body;
  const auto summary = Calculate();
  ASSERT_EQ(summary.blocked, 1);
  EXPECT_THAT(summary.missing.front().second, HasSubstr("premium"));
  const auto blocked = Get(program_name_ + "/awards?" + YearQuery(), analyst_);
  EXPECT_EQ(At(blocked, "awards.0.status"), "AWARD_STATUS_BLOCKED");
  EXPECT_EQ(At(blocked, "awards.0.payable.cents"), "");  // none is not zero
}

TEST_F(ProgramCalls, WrongFactsAreNamedAndNothingIsRecorded) {
  const auto record = [&](const std::string& facts) {
    return Post(payer_name_ + "/facts:record", analyst_,
                fmt::format(R"({{"factSets":[{{"contract":"{}","period":{},"facts":[{}]}}],
                    "source":"by hand"}})",
                            contract_name_, DaysJson(DateRange::Year(2025)), facts));
  };
  EXPECT_EQ(At(record(R"({"factName":"a b","flag":true})"), "errors.0.field"),
            "fact_sets[0].facts[0].fact_name");
  EXPECT_EQ(At(record(R"({"factName":"rate","ratio":"much"})"), "errors.0.field"),
            "fact_sets[0].facts[0].ratio");
  EXPECT_EQ(At(record(R"({"factName":"rate"})"), "errors.0.field"), "fact_sets[0].facts[0]");
  EXPECT_EQ(At(record(R"({"factName":"measure.cbp.numerator","count":"70"})"), "errors.0.field"),
            "fact_sets[0].facts");
  EXPECT_THAT(record(R"({"factName":"override.1","text":"x"})").body, HasSubstr("system alone"));
  const auto measured = record(R"({"factName":"measure.cbp.numerator","count":"70"},
                                  {"factName":"measure.cbp.denominator","count":"100"})");
  EXPECT_EQ(At(measured, "recorded"), "1") << measured.body;
  EXPECT_EQ(Post(payer_name_ + "/facts:record", SignIn("aco"), PremiumBody(1)).status, 403);
  const auto checked =
      Post(payer_name_ + "/facts:record", analyst_, PremiumBody(5, R"(,"validateOnly":true)"));
  EXPECT_EQ(At(checked, "recorded"), "1") << checked.body;
  EXPECT_EQ(Calculate().blocked, 1);  // the premium was only checked
}

}  // namespace
}  // namespace sluice::api
