// Awards over the API: each number with its steps, to whom it belongs and to nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base64.h"
#include "core/bytes.h"
#include "performance/award_store.h"
#include "tests/api/server/award_fixture.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AwardCalls : public AwardFixture {
 protected:
  // As JSON writes bytes.
  static std::string Base64(const std::string& text) {
    std::string encoded = ToBase64Url(AsBytes(text));
    std::ranges::replace(encoded, '-', '+');
    std::ranges::replace(encoded, '_', '/');
    return encoded + std::string((4 - encoded.size() % 4) % 4, '=');
  }
};

// feature:X04
TEST_F(AwardCalls, AnAwardSaysHowItCameAbout) {
  const std::string name = Award(1'000'000);
  const auto award = Get(name, analyst_);
  ASSERT_EQ(award.status, 200) << award.body;
  EXPECT_EQ(At(award, "status"), "AWARD_STATUS_COMPUTED");
  EXPECT_EQ(At(award, "payable.cents"), "10000000");
  EXPECT_EQ(At(award, "steps.0.component"), "basis");
  EXPECT_EQ(At(award, "steps.0.clause"), "section 3");
  EXPECT_EQ(At(award, "steps.0.inputs.0.inputName"), "premium") << award.body;
  EXPECT_EQ(At(award, "steps.0.after"), "100000");
  EXPECT_EQ(At(award, "trace"), name + "/versions/1");
  EXPECT_EQ(At(award, "inputSha256").size(), 64U);

  // Nothing earned has its reason, and the versions say what changed.
  ASSERT_EQ(Award(0), name);
  const auto zero = Get(name, analyst_);
  EXPECT_EQ(At(zero, "zeroReason"), "POOL_EMPTY") << zero.body;
  EXPECT_EQ(At(zero, "delta.cents"), "-10000000");
  EXPECT_EQ(At(Get(name + "?version=1", analyst_), "payable.cents"), "10000000");
  EXPECT_EQ(Get(name + "?version=9", analyst_).status, 404);
  EXPECT_THAT(Texts(name + "/versions", "awardVersions", "trace", analyst_),
              ElementsAre(name + "/versions/1", name + "/versions/2"));
  const auto first = Get(name + "/versions?page_size=1", analyst_);
  EXPECT_THAT(Texts(name + "/versions?page_size=1&page_token=" + At(first, "nextPageToken"),
                    "awardVersions", "zeroReason", analyst_),
              ElementsAre("POOL_EMPTY"));
}

TEST_F(AwardCalls, TheAwardsOfAPeriodAreListed) {
  const ContractId second = AddContract(outside_, PremiumTerms());
  ASSERT_EQ(RecordPremium(0).status, 200);
  Calculate();
  const std::string list = program_name_ + "/awards?" + YearQuery();
  // The other one has no premium, which is no zero.
  EXPECT_THAT(Texts(list + "&filter=status%20%3D%20BLOCKED", "awards", "missing", analyst_),
              ElementsAre(HasSubstr("premium")));
  EXPECT_THAT(
      Texts(list + "&filter=zero_reason%20%3D%20%22POOL_EMPTY%22", "awards", "party", analyst_),
      ElementsAre(PartyText(network_)));
  EXPECT_THAT(
      Texts(list + fmt::format("&filter=contract%20%3D%20{}", second), "awards", "party", analyst_),
      ElementsAre(PartyText(outside_)));
  const auto first = Get(list + "&page_size=1", analyst_);
  EXPECT_EQ(At(first, "awards.0.steps.0.component"), "");  // BASIC
  const std::string rest = list + "&page_size=1&page_token=" + At(first, "nextPageToken");
  EXPECT_THAT(Texts(rest, "awards", "party", analyst_), ElementsAre(PartyText(outside_)));
  EXPECT_THAT(Texts(list + "&view=AWARD_VIEW_FULL", "awards", "steps.0.component", analyst_),
              ElementsAre("basis", "basis"));
  EXPECT_EQ(Get(program_name_ + "/awards", analyst_).status, 400);  // of which period?
  EXPECT_THAT(Texts(list, "awards", "party", SignIn("aco")), ElementsAre(PartyText(network_)));
  EXPECT_THAT(Texts(list, "awards", "party", SignIn("practice")), IsEmpty());
}

// feature:X01
TEST_F(AwardCalls, AProviderSeesOwnLinesAndANetworkItsTree) {
  const std::string name = Award(1'000'000);
  const std::string shares = name + "/shares";
  EXPECT_THAT(Texts(shares, "awardShares", "amount.cents", analyst_),
              ElementsAre("2000000", "4000000", "4000000"));
  EXPECT_THAT(Texts(shares, "awardShares", "party", SignIn("aco")),
              ElementsAre(PartyText(network_), PartyText(practice_), PartyText(other_)));
  const std::string practice = SignIn("practice");
  EXPECT_THAT(Texts(shares, "awardShares", "party", practice), ElementsAre(PartyText(practice_)));
  EXPECT_THAT(Texts(shares + fmt::format("?filter=party%20%3D%20{}", other_), "awardShares",
                    "party", practice),
              IsEmpty());
  EXPECT_THAT(Texts(shares + "?filter=amount%20%3C%203000000", "awardShares", "party", analyst_),
              ElementsAre(PartyText(network_)));
  EXPECT_EQ(Get(shares, SignIn("outsider")).status, 403);
  EXPECT_EQ(Get(name, practice).status, 403);
  EXPECT_EQ(Get(name + "/versions", practice).status, 403);
  EXPECT_EQ(Get(name, SignIn("aco")).status, 200);
  EXPECT_EQ(Get(name, SignIn("people")).status, 403);  // no right to awards at all
  // What is not there looks the same.
  EXPECT_EQ(Get(contract_name_ + "/awards/" + AwardId(77).ToString() + "/shares", practice).status,
            403);
}

TEST_F(AwardCalls, AnAwardIsCalculatedAsItWasKnown) {
  const std::string name = Award(1'000'000);
  const std::string then = At(Get(name, analyst_), "knownAt");
  ASSERT_EQ(Award(1'500'000), name);
  const auto before = Get(name + ":calculateAsKnown?known_at=" + then, analyst_);
  ASSERT_EQ(before.status, 200) << before.body;
  EXPECT_EQ(At(before, "payable.cents"), "10000000");
  EXPECT_EQ(At(before, "steps.0.component"), "basis");
  EXPECT_EQ(At(before, "knownAt"), then);
  EXPECT_EQ(At(Get(name, analyst_), "payable.cents"), "15000000");
  EXPECT_EQ(Get(name + ":calculateAsKnown?known_at=" + then, SignIn("practice")).status, 403);
}

TEST_F(AwardCalls, AnAuditorTakesThePackageOutByteForByte) {
  const std::string name = Award(1'000'000);
  ASSERT_EQ(Award(1'500'000), name);
  const auto exported = Get(name + ":exportReplay?version=1", SignIn("auditor"));
  ASSERT_EQ(exported.status, 200) << exported.body;
  const auto award = AwardId::Parse(name.substr(name.rfind('/') + 1)).value();
  const std::string stored = Programs().Package({contract_, award, 1}).value();
  EXPECT_EQ(At(exported, "content"), Base64(stored));
  EXPECT_EQ(At(exported, "sha256"), ToHex(Sha256(AsBytes(stored))));
  EXPECT_EQ(Get(name + ":exportReplay", analyst_).status, 403);
}

}  // namespace
}  // namespace sluice::api
