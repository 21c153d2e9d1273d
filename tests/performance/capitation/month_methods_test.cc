// Which months are payable: each method at its boundaries, and the 15/30 table of PROGRAM_MATH 7.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/capitation/member_months.h"
#include "performance/members/file_reader.h"
#include "tests/performance/capitation/example.h"

namespace sluice::performance {
namespace {

using testing::DayOf;
using testing::ExampleBasis;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MonthOf;
using testing::PlanOf;
using testing::SpanFrom;

// A flat price of 30.00, so that the cents tell the days.
MemberMonthSum Flat(MonthRule rule) {
  MemberMonthSum basis = ExampleBasis();
  basis.base =
      RateTable{.versions = {{.from = Month(2020, 1),
                              .cells = {{.label = "all", .price = testing::Cents(3'000)}}}}};
  basis.month = rule;
  basis.risk = {};
  basis.first_month = std::nullopt;
  return basis;
}

// What a run of the month pays for the span, and why when it is nothing.
struct Paid {
  std::int64_t cents = -1;  // -1: not listed
  std::string reason;
  friend bool operator==(const Paid&, const Paid&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Paid& paid) {
    return out << paid.cents << ' ' << paid.reason;
  }
};

Paid PaidIn(const MemberMonthSum& basis, const PanelSpan& span, MonthNumber month) {
  const Date last = ToMonth(month).End() - Days(1);
  const RatePlan plan = PlanOf(basis, ToMonth(month), last);
  MemberMonths months(plan);
  std::vector<MemberMonthLine> lines;
  months.Add(1, {&span, 1}, {}, {}, lines);
  EXPECT_EQ(months.Blocked().count, 0) << months.Blocked().text;
  for (const MemberMonthLine& line : lines) {
    if (line.month != month) continue;
    return {line.new_cents, line.reason ? std::string(ReasonName(*line.reason)) : ""};
  }
  return {};
}

const std::string kNot = "MEMBER_NOT_PAYABLE_THIS_MONTH";
const std::string kNotOnDay = "NOT_ELIGIBLE_ON_SNAPSHOT";
constexpr Paid kAbsent{};

struct Case {
  std::string name;
  MonthRule rule;
  DayNumber from;
  DayNumber to;
  Paid june;
  Paid july;
};

class MonthMethods : public ::testing::TestWithParam<Case> {};

TEST_P(MonthMethods, PaysJuneAndJuly) {
  const Case& c = GetParam();
  const PanelSpan span = SpanFrom(c.from, c.to);
  EXPECT_EQ(PaidIn(Flat(c.rule), span, MonthOf(2026, 6)), c.june);
  EXPECT_EQ(PaidIn(Flat(c.rule), span, MonthOf(2026, 7)), c.july);
}

std::vector<Case> Cases() {
  const MonthRule first{.method = MonthMethod::kFirstOfMonth};
  const MonthRule fifteen{.method = MonthMethod::kFifteenThirty};
  MonthRule last_covered = fifteen;
  last_covered.end_dated = EndDay::kLastCovered;
  const MonthRule middle{.method = MonthMethod::kSnapshot, .day = 15};
  const MonthRule actual{.method = MonthMethod::kDaily};
  const MonthRule thirty{.method = MonthMethod::kDaily, .month_length = MonthLength::kThirty};
  const auto june = [](unsigned day) { return DayOf(2026, 6, day); };
  const DayNumber long_ago = DayOf(2025, 1, 1);
  const Paid full{3'000, ""};
  return {
      // feature:C12 the 15/30 table
      {"add_6_1", fifteen, june(1), kNoEnd, full, full},
      {"add_6_15", fifteen, june(15), kNoEnd, full, full},
      {"add_6_16", fifteen, june(16), kNoEnd, {0, kNot}, full},
      {"add_6_30", fifteen, june(30), kNoEnd, {0, kNot}, full},
      {"term_6_1", fifteen, long_ago, june(1), kAbsent, kAbsent},
      {"term_6_2", fifteen, long_ago, june(2), {0, kNot}, kAbsent},
      {"term_6_15", fifteen, long_ago, june(15), {0, kNot}, kAbsent},
      {"term_6_16", fifteen, long_ago, june(16), full, kAbsent},
      {"term_6_30", fifteen, long_ago, june(30), full, kAbsent},
      {"whole_life_6_5_to_6_10", fifteen, june(5), june(10), {0, kNot}, kAbsent},
      {"whole_life_6_5_to_6_20", fifteen, june(5), june(20), full, kAbsent},
      {"whole_life_6_16_to_7_10", fifteen, june(16), DayOf(2026, 7, 10), {0, kNot}, {0, kNot}},
      // the same table where the date of a term is the last covered day
      {"last_covered_add_6_15", last_covered, june(15), kNoEnd, full, full},
      {"last_covered_add_6_16", last_covered, june(16), kNoEnd, {0, kNot}, full},
      {"last_covered_term_5_31", last_covered, long_ago, june(1), kAbsent, kAbsent},
      {"last_covered_term_6_1", last_covered, long_ago, june(2), {0, kNot}, kAbsent},
      {"last_covered_term_6_15", last_covered, long_ago, june(16), {0, kNot}, kAbsent},
      {"last_covered_term_6_16", last_covered, long_ago, june(17), full, kAbsent},
      {"last_covered_term_6_30", last_covered, long_ago, DayOf(2026, 7, 1), full, kAbsent},
      // first of the month
      {"first_add_6_1", first, june(1), kNoEnd, full, full},
      {"first_add_6_2", first, june(2), kNoEnd, {0, kNot}, full},
      {"first_add_6_15", first, june(15), kNoEnd, {0, kNot}, full},
      {"first_add_6_30", first, june(30), kNoEnd, {0, kNot}, full},
      {"first_term_6_1", first, long_ago, june(1), kAbsent, kAbsent},
      {"first_term_6_2", first, long_ago, june(2), full, kAbsent},
      {"first_term_6_30", first, long_ago, june(30), full, kAbsent},
      {"first_term_7_1", first, long_ago, DayOf(2026, 7, 1), full, kAbsent},
      // snapshot on the 15th
      {"snapshot_add_6_1", middle, june(1), kNoEnd, full, full},
      {"snapshot_add_6_15", middle, june(15), kNoEnd, full, full},
      {"snapshot_add_6_16", middle, june(16), kNoEnd, {0, kNotOnDay}, full},
      {"snapshot_term_6_15", middle, long_ago, june(15), {0, kNotOnDay}, kAbsent},
      {"snapshot_term_6_16", middle, long_ago, june(16), full, kAbsent},
      // daily: 30.00 a month is 1.00 a day in June
      {"daily_add_6_1", actual, june(1), kNoEnd, full, full},
      {"daily_add_6_15", actual, june(15), kNoEnd, {1'600, ""}, full},
      {"daily_add_6_30", actual, june(30), kNoEnd, {100, ""}, full},
      {"daily_term_6_1", actual, long_ago, june(1), kAbsent, kAbsent},
      {"daily_term_6_2", actual, long_ago, june(2), {100, ""}, kAbsent},
      {"daily_term_7_2", actual, long_ago, DayOf(2026, 7, 2), full, {97, ""}},       // 30 / 31
      {"daily_term_7_31", actual, long_ago, DayOf(2026, 7, 31), full, {2'903, ""}},  // 900 / 31
      {"thirty_term_7_2", thirty, long_ago, DayOf(2026, 7, 2), full, {100, ""}},
      {"thirty_term_7_31", thirty, long_ago, DayOf(2026, 7, 31), full, full},  // 30 of 30
  };
}

INSTANTIATE_TEST_SUITE_P(Boundaries, MonthMethods, ::testing::ValuesIn(Cases()),
                         [](const auto& tested) { return tested.param.name; });

// feature:C12
TEST(MonthMethod, NewbornIsPaidFromItsBirthMonth) {
  for (const MonthMethod method :
       {MonthMethod::kFirstOfMonth, MonthMethod::kFifteenThirty, MonthMethod::kSnapshot}) {
    MonthRule rule{.method = method, .newborn_from_birth_month = true};
    PanelSpan span = SpanFrom(DayOf(2026, 6, 20));
    span.birth = DayOf(2026, 6, 20);
    EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 6)).cents, 3'000);
    span.from = DayOf(2026, 6, 28);  // on the panel some days after the birth
    EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 6)).cents, 3'000);
    rule.newborn_from_birth_month = false;
    EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 6)).cents, 0);
  }
}

// "Terminated 6/15" of a file whose end dates are last covered days, as an 834 has them: June is
// out by the contract that dates an end so, and paid by the one that dates it by the first day
// without. feature:C12
TEST(MonthMethod, AnEndDateOfAFileIsDatedAsTheContractSays) {
  const std::string mapping_text = R"(
name = "e"
kind = "eligibility"
[columns]
member_number = "m"
valid_from = "f"
valid_to = "t"
)";
  const auto mapping = ParseFileMapping(mapping_text, "e.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  auto file = MemberFile::FromText("m,f,t\nA,2025-01-01,2026-06-15\n", "e.csv", *mapping);
  ASSERT_TRUE(file.ok()) << file.status();
  std::vector<DateRange> covered;
  const auto counts = ReadEligibility(
      *file,
      [&](const EligibilityRow& row) -> Status {
        covered.push_back(row.coverage.covered);
        return OkStatus();
      },
      [](const FileIssue& issue) -> Status { return Internal("{}", issue.ToString()); });
  ASSERT_TRUE(counts.ok()) << counts.status();
  ASSERT_EQ(covered.size(), 1U);
  const PanelSpan span = SpanFrom(ToDayNumber(covered[0].from), ToDayNumber(*covered[0].to));
  MonthRule rule{.method = MonthMethod::kFifteenThirty, .end_dated = EndDay::kLastCovered};
  EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 6)), (Paid{0, kNot}));
  EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 5)).cents, 3'000);
  rule.end_dated = EndDay::kFirstUncovered;
  EXPECT_EQ(PaidIn(Flat(rule), span, MonthOf(2026, 6)).cents, 3'000);
}

// A member who moves has no end of coverage: each month has one payee, whatever the day.
TEST(MonthMethod, AMoveIsNoEndOfCoverage) {
  const MonthRule rule{.method = MonthMethod::kFifteenThirty, .end_dated = EndDay::kLastCovered};
  for (const unsigned day : {1U, 2U, 15U, 16U, 17U, 30U}) {
    std::vector<PanelSpan> spans = {SpanFrom(DayOf(2025, 1, 1), DayOf(2026, 6, day)),
                                    SpanFrom(DayOf(2026, 6, day))};
    spans[1].span_id = 2;
    spans[1].payee = PartyId(2);
    const RatePlan plan = PlanOf(Flat(rule), Month(2026, 6), MakeDate(2026, 6, 30));
    MemberMonths months(plan);
    std::vector<MemberMonthLine> lines;
    months.Add(1, spans, {}, {}, lines);
    std::int64_t june = 0;
    for (const MemberMonthLine& line : lines) {
      if (line.month == MonthOf(2026, 6)) june += line.new_cents;
    }
    EXPECT_EQ(june, 3'000) << day;
    EXPECT_EQ(months.Blocked().count, 0) << months.Blocked().text;
  }
}

TEST(MonthMethod, SnapshotOnThe31stIsTheLastDayOfAShortMonth) {
  const MonthRule rule{.method = MonthMethod::kSnapshot, .day = 31};
  EXPECT_EQ(PaidIn(Flat(rule), SpanFrom(DayOf(2026, 6, 30)), MonthOf(2026, 6)).cents, 3'000);
  EXPECT_EQ(PaidIn(Flat(rule), SpanFrom(DayOf(2026, 1, 1), DayOf(2026, 6, 30)), MonthOf(2026, 6)),
            (Paid{0, kNotOnDay}));
}

TEST(MonthMethod, FebruaryOfALeapYearHas29Days) {
  const MonthRule actual{.method = MonthMethod::kDaily};
  const MonthRule thirty{.method = MonthMethod::kDaily, .month_length = MonthLength::kThirty};
  const PanelSpan leap = SpanFrom(DayOf(2028, 2, 29));
  EXPECT_EQ(PaidIn(Flat(actual), leap, MonthOf(2028, 2)).cents, 103);  // 30 / 29 = 1.034
  EXPECT_EQ(PaidIn(Flat(thirty), leap, MonthOf(2028, 2)).cents, 100);
  const PanelSpan from_15 = SpanFrom(DayOf(2028, 2, 15));
  EXPECT_EQ(PaidIn(Flat(actual), from_15, MonthOf(2028, 2)).cents, 1'552);  // 15 / 29
  const PanelSpan common = SpanFrom(DayOf(2026, 2, 15));
  EXPECT_EQ(PaidIn(Flat(actual), common, MonthOf(2026, 2)).cents, 1'500);  // 14 / 28
  const PanelSpan whole = SpanFrom(DayOf(2026, 2, 1));
  EXPECT_EQ(PaidIn(Flat(thirty), whole, MonthOf(2026, 2)).cents, 3'000);
}

TEST(MonthMethod, DailyAddsTheDaysOfTwoSpansAndRefusesOverlap) {
  const MemberMonthSum basis = Flat({.method = MonthMethod::kDaily});
  const RatePlan plan = PlanOf(basis, Month(2026, 6), MakeDate(2026, 6, 30));
  std::vector<PanelSpan> spans = {SpanFrom(DayOf(2026, 6, 1), DayOf(2026, 6, 6)),
                                  SpanFrom(DayOf(2026, 6, 21))};
  spans[1].span_id = 2;
  std::vector<MemberMonthLine> lines;
  MemberMonths months(plan);
  months.Add(1, spans, {}, {}, lines);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].new_cents, 1'500);
  spans[1].from = DayOf(2026, 6, 5);
  months.Add(1, spans, {}, {}, lines);
  EXPECT_THAT(months.Blocked().text, HasSubstr("spans 1 and 2 overlap"));
}

// feature:C12
TEST(MonthMethod, AgeTurnsOnTheReferenceDay) {
  MemberMonthSum basis = ExampleBasis();
  basis.risk = {};
  PanelSpan span = SpanFrom(DayOf(2026, 7, 1));
  const auto cell = [&](DayNumber birth, AgeDay day) {
    basis.age_day = day;
    span.birth = birth;
    return PaidIn(basis, span, MonthOf(2026, 7)).cents;
  };
  EXPECT_EQ(cell(DayOf(1981, 7, 1), AgeDay::kFirstOfMonth), 3'200);  // 45 on the day
  EXPECT_EQ(cell(DayOf(1981, 7, 2), AgeDay::kFirstOfMonth), 2'388);  // still 44
  EXPECT_EQ(cell(DayOf(1981, 7, 31), AgeDay::kLastOfMonth), 3'200);
  EXPECT_EQ(cell(DayOf(1981, 8, 1), AgeDay::kLastOfMonth), 2'388);
  EXPECT_EQ(cell(DayOf(1981, 1, 1), AgeDay::kFirstOfYear), 3'200);
  EXPECT_EQ(cell(DayOf(1981, 1, 2), AgeDay::kFirstOfYear), 2'388);
}

TEST(MonthMethod, ContractRangeBoundsTheMonths) {
  const MemberMonthSum basis = Flat({.method = MonthMethod::kFirstOfMonth});
  RunScope scope{.month = Month(2026, 7),
                 .business_date = MakeDate(2026, 7, 20),
                 .contract = DateRange::Between(MakeDate(2026, 6, 1), MakeDate(2026, 7, 1))};
  const RatePlan plan(RateIndex::Make(basis, std::make_shared<CodeBook>()).value(), scope);
  MemberMonths months(plan);
  std::vector<MemberMonthLine> lines;
  const PanelSpan span = SpanFrom(DayOf(2025, 1, 1));
  months.Add(1, {&span, 1}, {}, {}, lines);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].month, MonthOf(2026, 6));
}

}  // namespace
}  // namespace sluice::performance
