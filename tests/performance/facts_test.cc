// Facts, reasons and statutory tables: small values that are stored and printed.
#include "performance/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "performance/award.h"
#include "performance/statutory.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

Facts Sample() {
  Facts facts;
  facts.SetText("note", "50% of \"HMO\"\nsecond line").SetCount("people", 41'640);
  facts.Set("balance", *Exact::Parse("6288.447996")).SetRatio("score", Ratio(2721, 3200));
  facts.SetFlag("guardrail", false).SetDate("agreement_start", MakeDate(2024, 1, 1));
  facts.SetMeasure("CBP", {.numerator = Ratio(412), .denominator = Ratio(611)});
  facts.SetMeasure("PCR", {.numerator = Ratio(81, 10), .denominator = Ratio(15, 2)});
  facts.SetMeasure("GSD", {.reported = false});
  return facts;
}

TEST(Facts, HaveOneTextWhateverTheOrderOfSetting) {
  const Facts sample = Sample();
  Facts other;
  other.SetMeasure("GSD", {.reported = false}).SetFlag("guardrail", true);
  for (const auto& [name, value] : sample.Values()) other.Set(name, value);
  for (const auto& [id, result] : sample.Measures()) other.SetMeasure(id, result);
  EXPECT_EQ(other.ToText(), sample.ToText());
  EXPECT_EQ(other.Hash(), sample.Hash());
}

TEST(Facts, TextIsReadableAndComesBack) {
  EXPECT_EQ(Sample().ToText(),
            "sluice-facts 1\n"
            "fact agreement_start date 2024-01-01\n"
            "fact balance amount 1572111999/250000\n"
            "fact guardrail flag false\n"
            "fact note text 50%25 of \"HMO\"%0Asecond line\n"
            "fact people count 41640\n"
            "fact score ratio 2721/3200\n"
            "measure CBP 412 611\n"
            "measure GSD not-reported\n"
            "measure PCR 81/10 15/2\n");
  const auto back = Facts::Parse(Sample().ToText());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, Sample());
}

TEST(Facts, RefuseTextThatIsNotCanonical) {
  for (const std::string text :
       {"", "sluice-facts 2\n", "sluice-facts 1\nfact a count 01\n",
        "sluice-facts 1\nfact b count 1\nfact a count 1\n",
        "sluice-facts 1\nfact a count 1\nfact a count 2\n", "sluice-facts 1\nfact a ratio 2/4\n",
        "sluice-facts 1\nfact a sum 1\n", "sluice-facts 1\nfact a count 1",
        "sluice-facts 1\nfact a text 100%\n", "sluice-facts 1\nthing a count 1\n",
        "sluice-facts 1\nfact a! count 1\n", "sluice-facts 1\nmeasure CBP 1\n",
        "sluice-facts 1\nfact a date 2024-02-30\n"}) {
    EXPECT_FALSE(Facts::Parse(text).ok()) << text;
  }
}

TEST(Facts, AbsentIsNothingAndAnotherKindIsAnError) {
  const Facts facts = Sample();
  ASSERT_TRUE(facts.Amount("absent").ok());
  EXPECT_FALSE(facts.Amount("absent")->has_value());
  EXPECT_THAT(StatusMessage(facts.Amount("people").status()),
              HasSubstr("fact people is of kind count; the terms need kind amount"));
  EXPECT_EQ(**facts.RatioOf("people"), Ratio(41'640));
  EXPECT_FALSE(facts.FindMeasure("absent").has_value());
}

TEST(Reasons, NamesAreUniqueAndComeBack) {
  std::set<std::string_view> names;
  for (const ReasonCode code : AllReasons()) {
    EXPECT_TRUE(names.insert(ReasonName(code)).second);
    EXPECT_EQ(*ParseReason(ReasonName(code)), code);
    EXPECT_FALSE(ReasonSentence(code).empty());
  }
  EXPECT_EQ(names.size(), 81U) << "a code was added or taken: say so here too";
  EXPECT_EQ(KindOf(ReasonCode::kSanctionHold), ReasonKind::kZero);
  EXPECT_EQ(KindOf(ReasonCode::kPaymentLimit), ReasonKind::kNote);
  EXPECT_EQ(KindOf(ReasonCode::kMissingInput), ReasonKind::kBlocked);
  EXPECT_FALSE(ParseReason("NO_SUCH").ok());
}

TEST(Sequestration, FollowsTheTableOfPayDates) {
  const auto percent = [](int year, unsigned month, unsigned day) {
    const auto rate = FindRate(kMedicareSequestration, MakeDate(year, month, day));
    return rate ? rate->Millionths() / 10'000 : -1;
  };
  EXPECT_EQ(percent(2013, 3, 31), -1);
  EXPECT_EQ(percent(2013, 4, 1), 2);
  EXPECT_EQ(percent(2020, 4, 30), 2);
  EXPECT_EQ(percent(2020, 5, 1), 0);
  EXPECT_EQ(percent(2022, 3, 31), 0);
  EXPECT_EQ(percent(2022, 4, 1), 1);
  EXPECT_EQ(percent(2022, 6, 30), 1);
  EXPECT_EQ(percent(2022, 7, 1), 2);
  EXPECT_EQ(percent(2035, 1, 1), 2);
  EXPECT_EQ(FindRate("state_tax", MakeDate(2024, 1, 1)), std::nullopt);
}

TEST(DatedTables, RowsFollowEachOtherWithoutGapOrOverlap) {
  for (const std::string_view table : {kMedicareSequestration, kMsspEmergencyRelief}) {
    const auto rows = DatedTable(table);
    ASSERT_FALSE(rows.empty());
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) EXPECT_EQ(rows[i].to, rows[i + 1].from);
  }
}

TEST(MinimumSavingsRate, FollowsTheBrackets) {
  const auto text = [](std::int64_t people) {
    const auto rate = FindMinimumRate(kMsspMinimumSavingsRate, people);
    return rate ? rate->ToPercentString() : "none";
  };
  EXPECT_EQ(text(499), "none");
  EXPECT_EQ(text(500), "12.2 %");
  EXPECT_EQ(text(999), "8.7 %");
  EXPECT_EQ(text(1'000), "8.7 %");
  EXPECT_EQ(text(4'999), "3.9 %");
  EXPECT_EQ(text(9'139), "3.0860860... %");
  EXPECT_EQ(text(38'660), "2.3133937... %");
  EXPECT_EQ(text(49'999), "2.2 %");
  EXPECT_EQ(text(50'000), "2.2 %");
  EXPECT_EQ(text(59'999), "2 %");
  EXPECT_EQ(text(60'000), "2 %");
  EXPECT_EQ(text(1'000'000), "2 %");
}

}  // namespace
}  // namespace sluice::performance
