// The published form of terms: nothing is lost, one value has one byte form, and what this version
// does not know is refused.
#include "performance/terms_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/mssp_terms.h"
#include "performance/statutory.h"
#include "performance/terms_validate.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

std::vector<Terms> Samples() {
  std::vector<Terms> samples = {QualityIncentiveTerms(), KitchenSinkTerms()};
  for (int year = 2013; year <= 2026; ++year) {
    for (const MsspTrack track :
         {MsspTrack::kTrack1, MsspTrack::kTrack1Plus, MsspTrack::kTrack2, MsspTrack::kTrack3,
          MsspTrack::kBasicA, MsspTrack::kBasicC, MsspTrack::kBasicE, MsspTrack::kEnhanced}) {
      const auto terms =
          MsspTerms({.performance_year = year, .track = track, .has_advance = year == 2024});
      if (terms.ok()) samples.push_back(*terms);
    }
  }
  return samples;
}

TEST(TermsCodec, EverySampleIsValid) {
  for (const Terms& terms : Samples()) EXPECT_EQ(ValidateTerms(terms), OkStatus()) << terms.title;
}

// feature:C02
TEST(TermsCodec, BytesComeBackAsTheSameTerms) {
  for (const Terms& terms : Samples()) {
    const Bytes bytes = EncodeTerms(terms);
    const StatusOr<Terms> back = DecodeTerms(bytes);
    ASSERT_TRUE(back.ok()) << terms.title << back.status();
    EXPECT_EQ(*back, terms) << terms.title;
    EXPECT_EQ(EncodeTerms(*back), bytes);
    EXPECT_EQ(HashTerms(*back), HashTerms(terms));
  }
}

TEST(TermsCodec, JsonComesBackAsTheSameTerms) {
  for (const Terms& terms : Samples()) {
    const StatusOr<Terms> back = TermsFromJson(TermsToJson(terms));
    ASSERT_TRUE(back.ok()) << terms.title << back.status();
    EXPECT_EQ(*back, terms);
  }
}

// If this changes, every stored hash and signature of terms breaks.
// feature:C02
TEST(TermsCodec, TheHashOfAnExampleNeverChanges) {
  Terms without_clauses = QualityIncentiveTerms();
  for (Component& component : without_clauses.components) component.clause.clear();
  EXPECT_EQ(ToHex(HashTerms(without_clauses)),
            "ba5ad9729da20472038fbe4e779d4051c602fd1b383658c3f707056d47055817");
  EXPECT_EQ(ToHex(HashTerms(KitchenSinkTerms())),
            "107d01e932adaca9bfe6c71a3cb2c2c4ec96c1e69292b5537cf07984c9bf045d");
}

// feature:C02
TEST(TermsCodec, AnyChangeOfAFieldChangesTheHash) {
  const Terms original = KitchenSinkTerms();
  Terms changed = original;
  std::get<Withhold>(changed.components[changed.components.size() - 2].rule).released_by += ".";
  EXPECT_NE(HashTerms(changed), HashTerms(original));
  changed = original;
  std::swap(changed.components[5], changed.components[6]);
  EXPECT_NE(HashTerms(changed), HashTerms(original));
}

TEST(TermsCodec, RefusesBytesThatAreNoTerms) {
  const Bytes bytes = {0xff, 0xff, 0xff};
  EXPECT_THAT(StatusMessage(DecodeTerms(bytes).status()), HasSubstr("not a terms message"));
}

TEST(TermsCodec, RefusesAFieldThatThisVersionDoesNotKnow) {
  Bytes bytes = EncodeTerms(QualityIncentiveTerms());
  bytes.insert(bytes.end(), {0x98, 0x06, 0x01});  // field 99, varint 1
  EXPECT_THAT(StatusMessage(DecodeTerms(bytes).status()), HasSubstr("canonical"));
}

TEST(TermsCodec, RefusesATruncatedMessage) {
  Bytes bytes = EncodeTerms(QualityIncentiveTerms());
  bytes.resize(bytes.size() - 3);
  EXPECT_FALSE(DecodeTerms(bytes).ok());
}

TEST(TermsCodec, JsonIsReadByValue) {
  std::string json = TermsToJson(QualityIncentiveTerms());
  const std::size_t at = json.find("\"3/5\"");
  ASSERT_NE(at, std::string::npos);
  json.replace(at, 5, "\"6/10\"");
  // A fraction that is not in lowest terms is the same ratio.
  ASSERT_TRUE(TermsFromJson(json).ok());
  EXPECT_EQ(*TermsFromJson(json), QualityIncentiveTerms());
}

// feature:C02
TEST(TermsCodec, NamesWhatIsWrongInJson) {
  std::string json = TermsToJson(QualityIncentiveTerms());
  json.replace(json.find("POOL_EMPTY"), 10, "POOL_WHAT?");
  EXPECT_THAT(StatusMessage(TermsFromJson(json).status()), HasSubstr("POOL_WHAT?"));
  EXPECT_THAT(StatusMessage(TermsFromJson(json).status()), HasSubstr("component 1"));
}

// feature:C02
TEST(TermsCodec, RefusesTermsThatBreakARule) {
  Terms terms = QualityIncentiveTerms();
  terms.components.pop_back();  // the rounding
  EXPECT_THAT(StatusMessage(DecodeTerms(EncodeTerms(terms)).status()), HasSubstr("rounding"));
}

TEST(DescribeTerms, SaysEachComponentInALine) {
  const auto terms = MsspTerms({.performance_year = 2024, .track = MsspTrack::kBasicE});
  ASSERT_TRUE(terms.ok());
  const std::string text = DescribeTerms(*terms);
  EXPECT_THAT(text, HasSubstr("1. basis benchmark minus expenditure"));
  EXPECT_THAT(text, HasSubstr("rate x 1/2 when track is one of A, B, C, D, E and"));
  EXPECT_THAT(text, HasSubstr("gain: 50 % when quality_standard_met is yes; else 50 % x "
                              "quality_score when alternative_standard_met is yes; else zero "
                              "QUALITY_STANDARD_FAILED"));
  EXPECT_THAT(text, HasSubstr("loss: at most 8 % of participant_revenue or 4 % of benchmark"));
}

}  // namespace
}  // namespace sluice::performance
