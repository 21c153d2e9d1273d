// Risk scores from given tables, and county averages in which a suppressed cell is not zero.
#include "performance/savings/risk_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "performance/savings/county_benchmark.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string SharedFile(const std::string& name) {
  const char* shared = std::getenv("SLUICE_SHARED");
  return (std::filesystem::path(shared != nullptr ? shared : "../shared") / "data" / name).string();
}

StatusOr<RiskModel> PublishedModel() {
  return LoadRiskModel({.name = "CMS-HCC V28, payment year 2026",
                        .diagnoses_path = SharedFile("hcc/ra_dx_to_cc_2026.csv"),
                        .diagnoses_model = "CMS-HCC Model V28",
                        .hierarchies_path = SharedFile("hcc/ra_hierarchies_2026.csv"),
                        .hierarchies_version = "V28",
                        .coefficients_path = SharedFile("hcc/ra_coefficients_2026.csv"),
                        .coefficients_version = "C28",
                        .domain = "CMS-HCC"});
}

bool HasSharedData() { return std::filesystem::exists(SharedFile("hcc")); }

// feature:C20
TEST(RiskScore, TheWorkedPersonOfTheProgramMathematics) {
  if (!HasSharedData()) GTEST_SKIP() << "skipped: no ../shared/data";
  const auto model = PublishedModel();
  ASSERT_TRUE(model.ok()) << model.status();
  const auto score = ScorePerson(
      *model, {.segment = "CNA", .sex = Sex::kFemale, .age = 67, .diagnoses = {"E119", "E1122"}});
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->raw, Ratio(496, 1'000));
  EXPECT_EQ(score->score, score->raw);
  ASSERT_EQ(score->lines.size(), 2U);
  EXPECT_EQ(score->lines[0].coefficient, "CNA_F65_69");
  EXPECT_EQ(score->lines[0].value, Ratio(330, 1'000));
  EXPECT_EQ(score->lines[1].coefficient, "CNA_HCC37");
  EXPECT_EQ(score->lines[1].value, Ratio(166, 1'000));
  ASSERT_EQ(score->dropped.size(), 1U);
  EXPECT_EQ(score->dropped[0].category, "38");
  EXPECT_EQ(score->dropped[0].by, "37");
}

TEST(RiskScore, ThePublishedHierarchyDropsWhatStandsBelow) {
  if (!HasSharedData()) GTEST_SKIP() << "skipped: no ../shared/data";
  const auto model = PublishedModel();
  ASSERT_TRUE(model.ok());
  EXPECT_THAT(model->below.at("36"), ElementsAre("37", "38"));
  EXPECT_THAT(model->below.at("37"), ElementsAre("38"));
}

// A model of a few rows, for rules that the published person does not touch.
RiskModel SmallModel() {
  RiskModel model{.name = "small"};
  model.categories = {{"A1", {"1"}}, {"B2", {"2"}}, {"C3", {"3"}}};
  model.below = {{"1", {"2"}}};
  model.coefficients = {{"CNA_F65_69", Ratio(3, 10)}, {"CNA_HCC1", Ratio(5, 10)},
                        {"CNA_HCC2", Ratio(2, 10)},   {"CNA_HCC3", Ratio(1, 10)},
                        {"CNA_BOTH", Ratio(4, 10)},   {"CNA_D2", Ratio(1, 100)}};
  model.interactions = {{.coefficient = "BOTH", .groups = {{"1", "2"}, {"3"}}}};
  model.normalization = Ratio(11, 10);
  model.coding_factor = Ratio(95, 100);
  return model;
}

TEST(RiskScore, InteractionsCountsAndNormalization) {
  const auto score = ScorePerson(
      SmallModel(),
      {.segment = "CNA", .sex = Sex::kFemale, .age = 65, .diagnoses = {"C3", "A1", "B2", "X"}});
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->raw,
            Ratio(131, 100));  // 0.3 + 0.5 + 0.1 + interaction 0.4 + two categories 0.01
  EXPECT_EQ(score->score, Ratio(131, 100) / Ratio(11, 10) * Ratio(95, 100));
  EXPECT_THAT(score->without_category, ElementsAre("X"));
  EXPECT_THAT(score->ToText(), HasSubstr("HCC2 is dropped: HCC1 is above it"));
}

TEST(RiskScore, TheOrderOfDiagnosesDoesNotMatter) {
  const auto one = ScorePerson(
      SmallModel(), {.segment = "CNA", .sex = Sex::kFemale, .age = 69, .diagnoses = {"A1", "C3"}});
  const auto two = ScorePerson(
      SmallModel(),
      {.segment = "CNA", .sex = Sex::kFemale, .age = 69, .diagnoses = {"C3", "A1", "A1"}});
  EXPECT_EQ(one->ToText(), two->ToText());
}

TEST(RiskScore, ASegmentWithoutACoefficientHasNoScore) {
  EXPECT_EQ(
      ScorePerson(SmallModel(), {.segment = "CNA", .sex = Sex::kFemale, .age = 70}).status().code(),
      absl::StatusCode::kNotFound);
  EXPECT_EQ(
      ScorePerson(SmallModel(), {.segment = "INS", .sex = Sex::kFemale, .age = 67}).status().code(),
      absl::StatusCode::kNotFound);
}

TEST(RiskScore, AnUnknownSexHasNoScore) {
  EXPECT_EQ(ScorePerson(SmallModel(), {.segment = "CNA", .age = 69}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(RiskScore, AgeBandsAtTheirEdges) {
  EXPECT_EQ(DemographicCell(Sex::kFemale, 64), "F60_64");
  EXPECT_EQ(DemographicCell(Sex::kFemale, 65), "F65_69");
  EXPECT_EQ(DemographicCell(Sex::kMale, 69), "M65_69");
  EXPECT_EQ(DemographicCell(Sex::kMale, 94), "M90_94");
  EXPECT_EQ(DemographicCell(Sex::kMale, 95), "M95_GT");
  EXPECT_EQ(DemographicCell(Sex::kMale, 0), "M0_34");
}

TEST(RiskModelDigest, AnyParameterMakesAnotherModel) {
  const RiskModel model = SmallModel();
  const auto differs = [&](auto change) {
    RiskModel other = model;
    change(other);
    return other.Hash() != model.Hash();
  };
  EXPECT_FALSE(differs([](RiskModel&) {}));
  EXPECT_TRUE(differs([](RiskModel& m) { m.coefficients["CNA_HCC3"] = Ratio(2, 10); }));
  EXPECT_TRUE(differs([](RiskModel& m) { m.normalization = Ratio(1); }));
  EXPECT_TRUE(differs([](RiskModel& m) { m.below["3"] = {"2"}; }));
  EXPECT_TRUE(differs([](RiskModel& m) { m.categories["D4"] = {"3"}; }));
  EXPECT_TRUE(differs([](RiskModel& m) { m.interactions.clear(); }));
}

constexpr std::string_view kHeader =
    "Year,State Name,County Name,State ID,County ID,Per capita ESRD expenditures,"
    "Average ESRD HCC risk score,ESRD person-years ,Per capita DISABLED expenditures,"
    "Average DISABLED HCC risk score,DISABLED person-years ,Per capita AGED/DUAL expenditures,"
    "Average AGED/DUAL HCC risk score,AGED/DUAL person-years ,"
    "Per capita AGED/NON-DUAL expenditures,Average AGED/NON-DUAL HCC risk score,"
    "AGED/NON-DUAL person-years \n";

// feature:C18
TEST(CountyBenchmark, ThePublishedFile) {
  if (!HasSharedData()) GTEST_SKIP() << "skipped: no ../shared/data";
  const auto file =
      ReadCountyFile(SharedFile("county_benchmark/2018_county_FFS_benchmark_PUF.csv"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->counties.size(), 3'219U);
  EXPECT_EQ(file->suppressed_costs, 783);
  EXPECT_TRUE(file->refused.empty());
  EXPECT_EQ(file->counties.front().name, "Autauga");
  EXPECT_EQ(file->counties.front().types[0].per_capita, Exact(Money::FromCents(6'473'280)));
}

TEST(CountyBenchmark, ASuppressedCellIsNotZero) {
  const std::string text = std::string(kHeader) +
                           "2018,X,One,1,10,100,1,10,200,1,10,300,1,10,1000.5,1,10\n"
                           "2018,X,Two,1,20,*,*,*,200,1,10,300,1,10,2000.5,1,30\n"
                           "2018,X,Six,1,60,.,.,.,*,*,*,300,1,10,2000.5,1,30\n";
  const auto file = ReadCountyText(text, "counties.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->suppressed_costs, 2);  // where nobody lives, nothing is suppressed
  EXPECT_FALSE(file->counties[1].types[0].per_capita.has_value());
  const std::map<std::string, Ratio> weights = {{"1-10", Ratio(1)}, {"1-20", Ratio(3)}};
  const auto esrd = AverageOver(*file, "esrd", weights);
  ASSERT_TRUE(esrd.ok());
  EXPECT_EQ(esrd->per_capita, Exact(Money::FromCents(100'00)));  // not 25
  EXPECT_EQ(esrd->weight_known, Ratio(1, 4));
  EXPECT_THAT(esrd->suppressed, ElementsAre("1-20"));
  const auto two = AverageOver(*file, "esrd", {{"1-10", Ratio(1)}, {"1-60", Ratio(1)}});
  EXPECT_EQ(two->per_capita, Exact(Money::FromCents(100'00)));
  EXPECT_THAT(two->nobody, ElementsAre("1-60"));
  const auto aged = AverageOver(*file, "aged_nondual", weights);
  EXPECT_EQ(aged->per_capita, Exact(Money::FromCents(1'750'50)));
  EXPECT_FALSE(AverageOver(*file, "esrd", {{"1-20", Ratio(1)}}).ok());
  EXPECT_FALSE(AverageOver(*file, "esrd", {{"9-99", Ratio(1)}}).ok());
  EXPECT_FALSE(AverageOver(*file, "other", weights).ok());
}

TEST(CountyBenchmark, BadRowsAreNamedAndLeftOut) {
  const std::string text = std::string(kHeader) +
                           "2018,X,One,1,10,abc,1,10,200,1,10,300,1,10,1000,1,10\n"
                           "2018,X,Two,1,20,1,1,10,200,1,10,300,1,10,2000,1,-3\n"
                           "2018,X,Six,1,60,1,1,10,200,1,10,300,1,10,2000,1,3\n"
                           "2018,X,Six,1,60,1,1,10,200,1,10,300,1,10,2000,1,3\n"
                           "2018,X,Ten,1,70,,1,10,200,1,10,300,1,10,2000,1,3\n";
  const auto file = ReadCountyText(text, "counties.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->counties.size(), 1U);
  ASSERT_EQ(file->refused.size(), 4U);
  EXPECT_THAT(file->refused[0].ToString(), HasSubstr("row 2"));
  EXPECT_THAT(file->refused[2].ToString(), HasSubstr("listed twice"));
  EXPECT_FALSE(ReadCountyText("Year,State Name\n2018,X\n", "short.csv").ok());
}

}  // namespace
}  // namespace sluice::performance
