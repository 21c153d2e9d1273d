// Measures across contracts. The contracts are invented.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/quality/measure_alignment.h"
#include "performance/terms_validate.h"
#include "tests/performance/quality/quality_samples.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;

MeasureTerm Linear(std::string id, Ratio threshold, Ratio target) {
  return {.id = std::move(id), .threshold = std::move(threshold), .target = std::move(target)};
}

// feature:C23
TEST(MeasureAlignment, OneDefinitionServesManyContractsAndDriftIsListed) {
  const std::vector<MeasureDefinition> definitions = {
      {.id = "CBP",
       .name = "Controlling High Blood Pressure",
       .version = "MY2026",
       .numerator = "below 140/90"},
      {.id = "BP-CTRL",
       .name = "High Blood Pressure: Controlling",
       .version = "MY2024",
       .numerator = "below 130/80"},
      {.id = "PCR", .name = "Plan All-Cause Readmissions", .lower_is_better = true},
      {.id = "PCR2", .name = "Readmissions, Plan All Cause", .lower_is_better = true},
      {.id = "COL", .name = "Colorectal Cancer Screening"}};
  const Terms first = ThousandTimes(
      {.measures = {Linear("CBP", Ratio(1, 2), Ratio(3, 4)), Linear("PCR", Ratio(2), Ratio(1))}});
  const Terms second = ThousandTimes(
      {.measures = {Linear("CBP", Ratio(1, 2), Ratio(4, 5)), Linear("PCR", Ratio(1), Ratio(2))}});
  const Terms third = ThousandTimes({.measures = {Linear("BP-CTRL", Ratio(1, 2), Ratio(4, 5)),
                                                  Linear("XYZ", Ratio(0), Ratio(1))}});
  const std::vector<ContractMeasures> contracts = {
      {ContractId(3), &third}, {ContractId(1), &first}, {ContractId(2), &second}};
  const AlignmentReport report = AlignMeasures(definitions, contracts);
  EXPECT_THAT(report.uses.at("CBP"), ElementsAre(ContractId(1), ContractId(2)));
  EXPECT_TRUE(report.uses.at("COL").empty());
  ASSERT_EQ(report.findings.size(), 6U);
  EXPECT_EQ(report.findings[0],
            (AlignmentFinding{AlignmentKind::kUndefined, "XYZ", "", {ContractId(3)}, {}}));
  EXPECT_EQ(report.findings[1],
            (AlignmentFinding{AlignmentKind::kWrongDirection, "PCR", "", {ContractId(2)}, {}}));
  EXPECT_EQ(report.findings[2],
            (AlignmentFinding{
                AlignmentKind::kDuplicate, "PCR", "PCR2", {ContractId(1), ContractId(2)}, {}}));
  EXPECT_EQ(report.findings[3], (AlignmentFinding{AlignmentKind::kNearDuplicate,
                                                  "BP-CTRL",
                                                  "CBP",
                                                  {ContractId(1), ContractId(2), ContractId(3)},
                                                  {"version", "numerator"}}));
  EXPECT_EQ(report.findings[4].measure, "CBP");
  EXPECT_THAT(report.findings[4].differs, ElementsAre("target"));
  EXPECT_EQ(report.findings[5].measure, "PCR");
  EXPECT_EQ(AlignmentName(report.findings[5].kind), "different terms");
}

}  // namespace
}  // namespace sluice::performance
