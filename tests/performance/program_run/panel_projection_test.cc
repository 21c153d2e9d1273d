// Panels out of lists and coverage: edges of months, births, deaths, changes, what is recorded.
#include "performance/program_run/panel_projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::performance {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr PartyId kFirst{101};
constexpr PartyId kSecond{102};

Date Day(unsigned month, unsigned day) { return MakeDate(2026, month, day); }

AttributionMethod MethodOf(CoverageDay day) {
  AttributionMethod method;
  method.coverage_day = day;
  return method;
}

CoverageSpan Covered(DateRange days, std::string product = "HMO") {
  return {.member_id = 1,
          .line_of_business = "ma",
          .product = std::move(product),
          .plan = "gold",
          .covered = days,
          .retro_reason = {}};
}

MemberRecord MemberCovered(std::vector<CoverageSpan> coverage) {
  MemberRecord record;
  record.member = {1, "M1"};
  record.details = {{.member_id = 1,
                     .valid_from = MakeDate(2020, 1, 1),
                     .birth_date = MakeDate(1980, 5, 5),
                     .sex = Sex::kFemale,
                     .death_date = std::nullopt,
                     .zip = {},
                     .region = "WA"}};
  record.coverage = std::move(coverage);
  return record;
}

ListEntry Entry(unsigned from, unsigned to, PartyId practice = kFirst) {
  return {.member_id = 1,
          .plan = "gold",
          .attributed = DateRange::Between(Month(2026, from).FirstDay(), Month(2026, to).End()),
          .provider = std::nullopt,
          .practice = practice,
          .location = std::nullopt,
          .basis = {},
          .dispute = std::nullopt};
}

std::vector<NewPanelSpan> Project(const AttributionMethod& method, const MemberRecord& record,
                                  const std::vector<ListEntry>& entries,
                                  const std::vector<RiskScore>& scores = {}) {
  const PanelRules rules{.contract = ContractId(9),
                         .method = method,
                         .with_risk = true,
                         .learned_on = Day(7, 1)};
  const auto spans =
      ProjectSpans(rules, record, entries, scores,
                   [](const ListEntry& entry) -> StatusOr<PartyId> { return *entry.practice; });
  EXPECT_TRUE(spans.ok()) << spans.status();
  return spans.value_or(std::vector<NewPanelSpan>{});
}

struct EdgeCase {
  CoverageDay day;
  DateRange covered;
  ListEntry entry;
  DateRange span;
};

// The first and last months are those that attribution did not count, by its day of coverage.
TEST(PanelProjection, CoverageDecidesTheDaysOfTheEdges) {
  const std::vector<EdgeCase> cases = {
      {CoverageDay::kFirst, DateRange::From(Day(1, 1)), Entry(1, 12),
       DateRange::Between(Day(1, 1), MakeDate(2027, 1, 1))},
      // joins on the 16th: June is not covered on its first day, July is
      {CoverageDay::kFirst, DateRange::From(Day(6, 16)), Entry(7, 12),
       DateRange::Between(Day(6, 16), MakeDate(2027, 1, 1))},
      // ends on the 12th: June is counted
      {CoverageDay::kFirst, DateRange::Between(Day(1, 1), Day(6, 13)), Entry(1, 6),
       DateRange::Between(Day(1, 1), Day(6, 13))},
      // ends on the 12th: by the last day June is not counted
      {CoverageDay::kLast, DateRange::Between(Day(1, 1), Day(6, 13)), Entry(1, 5),
       DateRange::Between(Day(1, 1), Day(6, 13))},
      // covered since January, attributed from July only: nothing before July is the payee's
      {CoverageDay::kFirst, DateRange::From(Day(1, 1)), Entry(7, 12),
       DateRange::Between(Day(7, 1), MakeDate(2027, 1, 1))}};
  for (const EdgeCase& edge : cases) {
    const auto spans = Project(MethodOf(edge.day), MemberCovered({Covered(edge.covered)}),
                               {edge.entry});
    ASSERT_THAT(spans, SizeIs(1)) << edge.covered.ToString();
    EXPECT_EQ(spans[0].valid, edge.span) << edge.covered.ToString();
  }
}

// Coverage that ended earlier in the month before is not reached over the gap.
TEST(PanelProjection, AGapIsNotReachedOver) {
  const auto spans =
      Project(MethodOf(CoverageDay::kLast),
              MemberCovered({Covered(DateRange::Between(Day(1, 1), Day(6, 11))),
                             Covered(DateRange::From(Day(7, 5)))}),
              {Entry(7, 12)});
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].valid.from, Day(7, 5));
}

TEST(PanelProjection, ChangesCutAndDeathEnds) {
  MemberRecord record = MemberCovered({Covered(DateRange::Between(Day(1, 1), Day(4, 1))),
                                       Covered(DateRange::From(Day(4, 1)), "PPO")});
  record.details[0].death_date = Day(6, 10);
  const std::vector<RiskScore> scores = {{.member_id = 1,
                                          .model = "HCC",
                                          .model_version = "V28",
                                          .period = DateRange::Between(Day(1, 1), Day(3, 1)),
                                          .score = Rate::FromMillionths(1'200'000)}};
  const auto spans = Project(MethodOf(CoverageDay::kFirst), record, {Entry(1, 6)}, scores);
  ASSERT_THAT(spans, SizeIs(3));
  EXPECT_EQ(spans[0].risk_millionths, 1'200'000);
  EXPECT_EQ(spans[1].valid, DateRange::Between(Day(3, 1), Day(4, 1)));
  EXPECT_EQ(spans[1].risk_millionths, std::nullopt);
  EXPECT_EQ(spans[2].product, "PPO");
  EXPECT_EQ(spans[2].valid.to, Day(6, 11));
  EXPECT_LT(spans[0].span_id, spans[1].span_id);
  EXPECT_GE(spans[0].span_id, kFirstProjectedSpan);
}

TEST(PanelProjection, OnlyDifferencesAreRecordedWithTheirReason) {
  const AttributionMethod method = MethodOf(CoverageDay::kFirst);
  const MemberRecord record = MemberCovered({Covered(DateRange::From(Day(1, 1)))});
  const auto known = Project(method, record, {Entry(1, 12)});
  const auto first = SpansToRecord(known, {}, record, Day(7, 1));
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].reason, ChangeReason::kEnrollment);
  EXPECT_THAT(SpansToRecord(known, known, record, Day(8, 1)), IsEmpty());

  const auto moved = SpansToRecord(Project(method, record, {Entry(1, 5), Entry(6, 12, kSecond)}),
                                   known, record, Day(8, 1));
  ASSERT_THAT(moved, SizeIs(2));
  EXPECT_EQ(moved[0].reason, ChangeReason::kPayeeChange);
  EXPECT_EQ(moved[1].reason, ChangeReason::kPayeeChange);

  const auto gone = SpansToRecord({}, known, record, Day(8, 1));
  ASSERT_THAT(gone, SizeIs(1));
  EXPECT_TRUE(gone[0].retracted);
  EXPECT_EQ(gone[0].reason, ChangeReason::kTermination);
  // What was taken away and comes back is recorded again.
  EXPECT_THAT(SpansToRecord(known, gone, record, Day(9, 1)), SizeIs(1));

  MemberRecord corrected = record;
  corrected.details[0].birth_date = MakeDate(1981, 5, 5);
  const auto birth =
      SpansToRecord(Project(method, corrected, {Entry(1, 12)}), known, corrected, Day(8, 1));
  ASSERT_THAT(birth, SizeIs(1));
  EXPECT_EQ(birth[0].reason, ChangeReason::kDemographics);
}

}  // namespace
}  // namespace sluice::performance
