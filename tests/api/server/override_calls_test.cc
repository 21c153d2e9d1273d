// Amounts that people enter in the place of calculated ones, over the API: two people each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/award_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OverrideCalls : public AwardFixture {
 protected:
  testing::HttpAnswer Propose(const std::string& token, const std::string& more,
                              const std::string& beside = "") {
    Tick();
    return Post(contract_name_ + "/overrides", token,
                fmt::format(R"({{"override":{{"period":{},"amount":{{"cents":"4500000"}},
                    "reason":"arbitration 2026-17, paragraph 3"{}}}{}}})",
                            DaysJson(DateRange::Year(2025)), more, beside));
  }
  testing::HttpAnswer Decide(const std::string& name, const std::string& verb,
                             const std::string& token, const std::string& etag,
                             const std::string& body = "{}") {
    return Post(name + ":" + verb, token, body, etag);
  }
};

// feature:Q02
TEST_F(OverrideCalls, OnePersonProposesAnotherApproves) {
  const std::string award = Award(1'000'000);
  const std::string maker = SignIn("maker");
  const std::string share = fmt::format(R"(,"party":"{}")", PartyText(practice_));
  EXPECT_EQ(Propose(maker, share, R"(,"validateOnly":true)").status, 200);
  EXPECT_THAT(Texts(contract_name_ + "/overrides", "overrides", "name", maker), IsEmpty());
  const auto proposed = Propose(maker, share);
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  const std::string name = At(proposed, "name");
  EXPECT_EQ(At(proposed, "state"), "OVERRIDE_STATE_PROPOSED");
  EXPECT_EQ(At(proposed, "calculated.cents"), "4000000");

  const std::string etag = At(proposed, "etag");
  EXPECT_EQ(Decide(name, "approve", maker, etag).status, 403);
  EXPECT_EQ(Decide(name, "approve", SignIn("first"), etag).status, 401);
  const std::string checker = SignIn("first", true);
  EXPECT_EQ(At(Decide(name, "approve", checker, "\"old\""), "reason"), "ETAG_MISMATCH");
  const auto approved = Decide(name, "approve", checker, etag);
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(At(approved, "state"), "OVERRIDE_STATE_IN_EFFECT");
  EXPECT_EQ(At(approved, "decidedBy"), UserText(11));

  // The award takes it in when it is calculated again, with both amounts.
  EXPECT_EQ(At(Get(name, maker), "calculatedNow.cents"), "");
  Calculate();
  EXPECT_EQ(At(Get(name, maker), "calculatedNow.cents"), "4000000");
  EXPECT_EQ(At(Get(award, analyst_), "payable.cents"), "10500000");
  EXPECT_THAT(Texts(award + "/shares", "awardShares", "amount.cents", analyst_),
              ElementsAre("2000000", "4500000", "4000000"));

  const std::string list = contract_name_ + "/overrides?filter=";
  EXPECT_THAT(Texts(list + "state%20%3D%20IN_EFFECT", "overrides", "name", maker),
              ElementsAre(name));
  EXPECT_THAT(Texts(list + "state%20%3D%20PROPOSED", "overrides", "name", maker), IsEmpty());
  const auto withdrawn = Decide(name, "withdraw", maker, At(approved, "etag"),
                                R"({"reason":"settled otherwise since"})");
  ASSERT_EQ(withdrawn.status, 200) << withdrawn.body;
  EXPECT_EQ(At(withdrawn, "state"), "OVERRIDE_STATE_WITHDRAWN");
  // Nothing of it is for providers.
  EXPECT_EQ(Get(name, SignIn("aco")).status, 403);
}

// feature:Q02
TEST_F(OverrideCalls, NobodyApprovesTheirOwn) {
  Award(1'000'000);
  const std::string compliance = SignIn("compliance", true);  // proposes and approves
  const auto own = Propose(compliance, "");
  ASSERT_EQ(own.status, 200) << own.body;
  const auto approved = Decide(At(own, "name"), "approve", compliance, At(own, "etag"));
  EXPECT_EQ(approved.status, 403) << approved.body;
  const auto rejected = Decide(At(own, "name"), "reject", SignIn("first", true), At(own, "etag"),
                               R"({"reason":"the arbitration is about 2024"})");
  EXPECT_EQ(At(rejected, "state"), "OVERRIDE_STATE_REJECTED") << rejected.body;

  // Two of them, one a page, the newest first.
  const auto second = Propose(compliance, "");
  const std::string list = contract_name_ + "/overrides?page_size=1";
  const auto first = Get(list, compliance);
  EXPECT_EQ(At(first, "overrides.0.name"), At(second, "name"));
  EXPECT_THAT(
      Texts(list + "&page_token=" + At(first, "nextPageToken"), "overrides", "name", compliance),
      ElementsAre(At(own, "name")));
}

TEST_F(OverrideCalls, WhatCannotBeOverriddenIsRefused) {
  const std::string maker = SignIn("maker");
  EXPECT_EQ(Propose(maker, "").status, 404);  // nothing was calculated
  Award(1'000'000);
  const auto stranger = Propose(maker, fmt::format(R"(,"party":"{}")", PartyText(outside_)));
  EXPECT_EQ(stranger.status, 404) << stranger.body;
  EXPECT_THAT(stranger.body, HasSubstr("no share"));
  const auto short_reason = Post(contract_name_ + "/overrides", maker,
                                 fmt::format(R"({{"override":{{"period":{},
                                     "amount":{{"cents":"1"}},"reason":"so"}}}})",
                                             DaysJson(DateRange::Year(2025))));
  EXPECT_EQ(short_reason.status, 400) << short_reason.body;
}

}  // namespace
}  // namespace sluice::api
