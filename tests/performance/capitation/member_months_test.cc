// The worked example of PROGRAM_MATH 13.6, to the cent, and what retro changes do to lines.
#include "performance/capitation/member_months.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "performance/capitation/line_codec.h"
#include "performance/capitation/payees.h"
#include "performance/member_month_facts.h"
#include "tests/performance/capitation/example.h"

namespace sluice::performance {
namespace {

using testing::At;
using testing::DayOf;
using ::testing::ElementsAre;
using testing::ExampleBasis;
using testing::ExampleTerms;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MonthOf;
using testing::PlanOf;
using ::testing::SizeIs;
using testing::SpanFrom;

constexpr PartyId kP1(1);
constexpr PartyId kP2(2);

PostedMonth Posted(PartyId payee, MonthNumber month, std::int64_t cents, std::int16_t age,
                   Date run) {
  return {.payee = payee,
          .month = month,
          .cents = cents,
          .new_cents = cents,
          .known_at = Instant::AtMidnight(run).Micros(),
          .age = age,
          .payable = cents != 0};
}

// What the runs of April, May and June posted for a member who was there all the time.
std::vector<PostedMonth> PostedFrom(PartyId payee, unsigned first_month, std::int64_t cents,
                                    std::int16_t age) {
  std::vector<PostedMonth> posted;
  for (unsigned month = first_month; month <= 6; ++month) {
    posted.push_back(Posted(payee, MonthOf(2026, month), cents, age, MakeDate(2026, month, 20)));
  }
  return posted;
}

struct Member {
  std::int64_t id;
  std::vector<PanelSpan> spans;
  std::vector<PostedMonth> posted;
};

PanelSpan Span(std::int64_t member, std::int64_t id, PartyId payee, DayNumber birth, CellSex sex,
               DayNumber from, DayNumber to, Date learned, ChangeReason reason) {
  PanelSpan span{.member = member,
                 .span_id = id,
                 .recorded_at = Instant::AtMidnight(learned).Micros(),
                 .payee = payee,
                 .from = from,
                 .to = to,
                 .birth = birth,
                 .learned_on = ToDayNumber(learned)};
  span.sex = sex;
  span.reason = reason;
  return span;
}

// The panel of 13.6 as it was known on 2026-07-20.
std::vector<Member> ExampleMembers() {
  const Date old = MakeDate(2026, 3, 1);
  const DayNumber since = DayOf(2026, 4, 1);
  const CellSex f = CellSex::kFemale;
  return {
      {1,
       {Span(1, 1, kP1, DayOf(1982, 7, 15), f, since, kNoEnd, old, ChangeReason::kEnrollment)},
       PostedFrom(kP1, 4, 2418, 43)},
      {2,
       {Span(2, 2, kP1, DayOf(2015, 2, 2), f, since, DayOf(2026, 5, 12), MakeDate(2026, 7, 10),
             ChangeReason::kTermination)},
       PostedFrom(kP1, 4, 1514, 11)},
      {3,
       {Span(3, 3, kP1, DayOf(1990, 1, 1), f, DayOf(2026, 6, 16), kNoEnd, MakeDate(2026, 7, 3),
             ChangeReason::kEnrollment)},
       {}},
      {4,
       {Span(4, 4, kP1, DayOf(1970, 1, 1), f, since, DayOf(2026, 6, 1), MakeDate(2026, 7, 8),
             ChangeReason::kPayeeChange),
        Span(4, 5, kP2, DayOf(1970, 1, 1), f, DayOf(2026, 6, 1), kNoEnd, MakeDate(2026, 7, 8),
             ChangeReason::kPayeeChange)},
       PostedFrom(kP1, 4, 3241, 56)},
      {5,
       {Span(5, 6, kP1, DayOf(2026, 6, 20), CellSex::kMale, DayOf(2026, 6, 20), kNoEnd,
             MakeDate(2026, 7, 2), ChangeReason::kNewborn)},
       {}},
      {6,
       {Span(6, 7, kP1, DayOf(1950, 1, 1), f, DayOf(2026, 1, 1), DayOf(2026, 3, 31),
             MakeDate(2026, 7, 14), ChangeReason::kTermination)},
       PostedFrom(kP1, 4, 6095, 76)},
      {7,
       {Span(7, 8, kP1, DayOf(1981, 5, 20), f, since, kNoEnd, MakeDate(2026, 7, 6),
             ChangeReason::kDemographics)},
       PostedFrom(kP1, 4, 2418, 44)},
  };
}

struct Result {
  std::vector<MemberMonthLine> lines;
  BlockedMonths blocked;
  std::int64_t unchanged = 0;
};

Result Calculated(const RatePlan& plan, const std::vector<Member>& members) {
  MemberMonths months(plan);
  Result result;
  for (const Member& member : members) {
    months.Add(member.id, member.spans, {}, member.posted, result.lines);
  }
  result.blocked = months.Blocked();
  result.unchanged = months.Unchanged();
  return result;
}

Result RunExample() {
  return Calculated(
      PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20)),
      ExampleMembers());
}

// One row of the printed table: payee, member, month, price, new, posted, delta, fact, reason.
struct Row {
  std::int64_t payee, member;
  unsigned month;
  std::string price;
  std::int64_t fresh, posted, delta;
  std::string fact;
  std::string reason;
};

const std::vector<Row>& PrintedTable() {
  static const std::vector<Row> rows = {
      {1, 1, 7, "23.88 x 1.051 = 25.09788", 2510, 0, 2510, "current month; age 43", ""},
      {1, 3, 6, "", 0, 0, 0, "add dated 2026-06-16, learned 2026-07-03",
       "MEMBER_NOT_PAYABLE_THIS_MONTH"},
      {1, 3, 7, "23.88 x 1.051 = 25.09788", 2510, 0, 2510, "current month; age 36", ""},
      {1, 2, 5, "", 0, 1514, -1514, "term dated 2026-05-12, learned 2026-07-10", "RETRO_TERM"},
      {1, 2, 6, "", 0, 1514, -1514, "term dated 2026-05-12, learned 2026-07-10", "RETRO_TERM"},
      {1, 4, 6, "", 0, 3241, -3241, "moved to", "PAYEE_MOVED"},
      {1, 5, 6, "41.37 x 1.043 = 43.14891", 4315, 0, 4315,
       "newborn of 2026-06-20: the birth month is payable", "RETRO_ADD"},
      {1, 5, 7, "42.61 x 1.051 = 44.78311", 4478, 0, 4478, "current month; age 0", ""},
      {1, 6, 4, "", 0, 6095, 0, "term dated 2026-03-31, learned 2026-07-14", "RETRO_WINDOW_CLOSED"},
      {1, 6, 5, "", 0, 6095, -6095, "term dated 2026-03-31, learned 2026-07-14", "RETRO_TERM"},
      {1, 6, 6, "", 0, 6095, -6095, "term dated 2026-03-31, learned 2026-07-14", "RETRO_TERM"},
      {1, 7, 6, "31.07 x 1.043 = 32.40601", 3241, 2418, 823,
       "birth date corrected: age 45, was 44, learned 2026-07-06", "RETRO_RATE"},
      {1, 7, 7, "32 x 1.051 = 33.632", 3363, 0, 3363, "current month; age 45", ""},
      {2, 4, 6, "31.07 x 1.043 = 32.40601", 3241, 0, 3241, "moved from", "PAYEE_MOVED"},
      {2, 4, 7, "32 x 1.051 = 33.632", 3363, 0, 3363, "current month; age 56", ""},
  };
  return rows;
}

// feature:C12
TEST(MemberMonths, WorkedExampleToTheCent) {
  const Result result = RunExample();
  EXPECT_EQ(result.blocked.count, 0) << result.blocked.text;
  EXPECT_THAT(result.lines, SizeIs(PrintedTable().size()));
  for (const Row& row : PrintedTable()) {
    const auto found = std::ranges::find_if(result.lines, [&](const MemberMonthLine& line) {
      return line.payee == PartyId(row.payee) && line.member == row.member &&
             line.month == MonthOf(2026, row.month);
    });
    ASSERT_NE(found, result.lines.end()) << row.member << " in month " << row.month;
    EXPECT_EQ(PriceText(found->price), row.price) << ToText(*found);
    EXPECT_EQ(found->new_cents, row.fresh) << ToText(*found);
    EXPECT_EQ(found->posted_cents, row.posted) << ToText(*found);
    EXPECT_EQ(found->delta_cents, row.delta) << ToText(*found);
    EXPECT_THAT(FactText(*found), HasSubstr(row.fact));
    EXPECT_EQ(found->reason ? ReasonName(*found->reason) : "", row.reason) << ToText(*found);
  }
}

std::vector<PayeeResult> Settled(const Terms& terms, const std::vector<MemberMonthLine>& lines) {
  PayeeTotals totals(MonthOf(2026, 7));
  for (const MemberMonthLine& line : lines) totals.Add(line);
  Facts facts;
  facts.SetAmount("receivable", Money());
  std::vector<PayeeResult> results;
  for (const auto& [payee, months] : totals.Payees()) {
    results.push_back(SettlePayee(terms, payee, months, facts, {}).value());
  }
  return results;
}

// feature:C12
TEST(MemberMonths, WorkedExamplePaysEachPayeeItsOwnNet) {
  const Result result = RunExample();
  const std::vector<PayeeResult> payees = Settled(ExampleTerms(), result.lines);
  ASSERT_THAT(payees, SizeIs(2));
  EXPECT_EQ(payees[0].months.TotalCents(), -460);
  EXPECT_EQ(payees[0].deductions[0].exact, Exact(Money::FromCents(-460)) * Rate::FromPercent(2));
  EXPECT_EQ(payees[0].deductions[0].taken.Cents(), -9);
  EXPECT_EQ(payees[0].net.Cents(), -451);
  EXPECT_EQ(payees[1].months.TotalCents(), 6604);
  EXPECT_EQ(payees[1].deductions[0].taken.Cents(), 132);
  EXPECT_EQ(payees[1].net.Cents(), 6472);
  EXPECT_THAT(PayeeStatement(payees[0], result.lines), HasSubstr("net -4.51  CARRIED_FORWARD"));

  const Facts facts = ContractFactsOf(payees, Digest{});
  EXPECT_EQ(Round(**facts.Amount(kMonthsTotalFact), Rounding::kTowardZero).Cents(), 6144);
  EXPECT_EQ(Round(**facts.Amount("deducted.withhold"), Rounding::kTowardZero).Cents(), 123);
  // The member who moved nets to zero over both.
  std::int64_t moved = 0;
  for (const MemberMonthLine& line : result.lines) {
    if (line.member == 4 && line.month == MonthOf(2026, 6)) moved += line.delta_cents;
  }
  EXPECT_EQ(moved, 0);
}

// What a run posted is what the next one compares with: nothing is posted twice.
TEST(MemberMonths, SecondRunWithNothingNewPostsNothing) {
  std::vector<Member> members = ExampleMembers();
  for (const MemberMonthLine& line : RunExample().lines) {
    Member& member = *std::ranges::find(members, line.member, &Member::id);
    const auto known = std::ranges::find_if(member.posted, [&](const PostedMonth& posted) {
      return posted.payee == line.payee && posted.month == line.month;
    });
    PostedMonth& posted = known == member.posted.end() ? member.posted.emplace_back() : *known;
    AddPosted(line, At(2026, 7, 20), posted);
  }
  const Result again = Calculated(
      PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 21), MakeDate(2026, 7, 20)),
      members);
  EXPECT_THAT(again.lines, IsEmpty()) << ToText(again.lines.front());
  EXPECT_GT(again.unchanged, 0);
}

TEST(MemberMonths, MissingRateCellNamesMemberAndMonth) {
  MemberMonthSum basis = ExampleBasis();
  auto& table = std::get<RateTable>(basis.base);
  table.age_to = 64;
  for (RateVersion& version : table.versions) version.cells.pop_back();
  const Result result =
      Calculated(PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20)),
                 {{9,
                   {Span(9, 1, kP1, DayOf(1950, 1, 1), CellSex::kFemale, DayOf(2026, 7, 1), kNoEnd,
                         MakeDate(2026, 7, 1), ChangeReason::kEnrollment)},
                   {}}});
  EXPECT_EQ(result.blocked.reason, ReasonCode::kRateCellNotFound);
  EXPECT_EQ(result.blocked.count, 1);
  EXPECT_THAT(result.blocked.text, HasSubstr("member 9 in 2026-07: no rate cell for age 76"));
  EXPECT_THAT(result.lines, IsEmpty());
}

TEST(MemberMonths, MissingRiskMeansBlock) {
  const Result result =
      Calculated(PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 20), std::nullopt, {}),
                 {{1, {SpanFrom(DayOf(2026, 7, 1))}, {}}});
  EXPECT_EQ(result.blocked.reason, ReasonCode::kReferenceMissing);
  EXPECT_THAT(result.blocked.text, HasSubstr("no risk means"));
}

TEST(MemberMonths, TwoPayeesOfOneMonthBlock) {
  std::vector<PanelSpan> spans = {SpanFrom(DayOf(2026, 7, 1)), SpanFrom(DayOf(2026, 7, 10))};
  spans[1].span_id = 2;
  spans[1].payee = kP2;
  const Result result =
      Calculated(PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 20)), {{1, spans, {}}});
  EXPECT_EQ(result.blocked.reason, ReasonCode::kAmbiguousAffiliation);
  EXPECT_THAT(result.blocked.text, HasSubstr("spans 1 and 2"));
}

TEST(MemberMonths, NobodyGivesNoLines) {
  const Result result =
      Calculated(PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 20)), {});
  EXPECT_THAT(result.lines, IsEmpty());
  EXPECT_EQ(result.blocked.count, 0);
}

// A month beyond the window is open for a death, and listed only once for anything else.
TEST(MemberMonths, WindowsFollowProductAndReason) {
  MemberMonthSum basis = ExampleBasis();
  basis.retro = {RetroRule{.reason = ChangeReason::kDeath}, RetroRule{.days = 90}};
  std::vector<Member> members = ExampleMembers();
  members = {members[5]};
  members[0].spans[0].reason = ChangeReason::kDeath;
  const auto plan = [&] {
    return PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20));
  };
  const Result death = Calculated(plan(), members);
  ASSERT_THAT(death.lines, SizeIs(3));
  EXPECT_EQ(death.lines[0].month, MonthOf(2026, 4));
  EXPECT_EQ(death.lines[0].delta_cents, -6095);
  EXPECT_EQ(death.lines[0].reason, ReasonCode::kRetroTerm);

  members[0].spans[0].reason = ChangeReason::kTermination;
  Result term = Calculated(plan(), members);
  ASSERT_THAT(term.lines, SizeIs(3));
  EXPECT_EQ(term.lines[0].delta_cents, 0);
  EXPECT_EQ(term.lines[0].reason, ReasonCode::kRetroWindowClosed);
  AddPosted(term.lines[0], At(2026, 7, 20), members[0].posted[0]);
  EXPECT_EQ(members[0].posted[0].cents, 6095);
  members[0].spans[0].recorded_at = At(2026, 8, 1);  // something else is learned
  term = Calculated(PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 7, 21)),
                    members);
  ASSERT_THAT(term.lines, SizeIs(2));
  EXPECT_EQ(term.lines[0].month, MonthOf(2026, 5));
}

// One span, two windows: the product decides how far back it reaches.
TEST(MemberMonths, EachProductHasItsWindow) {
  MemberMonthSum basis = ExampleBasis();
  basis.retro = {RetroRule{.product = "CalPERS"}, RetroRule{.product = "Gold", .days = 60},
                 RetroRule{.days = 90}};
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20));
  const auto months_open = [&](std::string_view product) {
    Member member = ExampleMembers()[5];
    member.spans[0].product = plan.Index().Book().products.Find(product);
    std::vector<unsigned> open;
    for (const MemberMonthLine& line : Calculated(plan, {member}).lines) {
      if (line.delta_cents != 0) open.push_back(ToMonth(line.month).Number());
    }
    return open;
  };
  EXPECT_THAT(months_open("CalPERS"), ElementsAre(4, 5, 6));  // without limit
  EXPECT_THAT(months_open("HMO"), ElementsAre(5, 6));         // 90 days: from 4/21
  EXPECT_THAT(months_open("Gold"), ElementsAre(6));           // 60 days: from 5/21
}

// A self-funded member is on the panel, is not paid for, and is listed with the reason; who turns
// out to have been one gives back what was paid.
TEST(MemberMonths, ExcludedProductsAreZeroWithTheirReason) {
  MemberMonthSum basis = ExampleBasis();
  basis.excluded_products = {"ASO"};
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20));
  Member member = ExampleMembers()[0];
  member.posted.clear();
  member.spans[0].from = DayOf(2026, 7, 1);
  const Result paid = Calculated(plan, {member});
  ASSERT_THAT(paid.lines, SizeIs(1));
  EXPECT_EQ(paid.lines[0].delta_cents, 2510);
  member.spans[0].product = plan.Index().Book().products.Find("ASO");
  const Result excluded = Calculated(plan, {member});
  ASSERT_THAT(excluded.lines, SizeIs(1));
  EXPECT_EQ(excluded.lines[0].delta_cents, 0);
  EXPECT_EQ(excluded.lines[0].reason, ReasonCode::kProductExcluded);
  EXPECT_THAT(ToText(excluded.lines[0]), HasSubstr("a product that the contract excludes"));

  Member moved = ExampleMembers()[6];  // paid for April to June, corrected in July
  moved.spans[0].product = member.spans[0].product;
  std::int64_t back = 0;
  for (const MemberMonthLine& line : Calculated(plan, {moved}).lines) {
    if (line.month < MonthOf(2026, 7) && line.delta_cents != 0) {
      EXPECT_EQ(line.reason, ReasonCode::kRetroTerm);
      back += line.delta_cents;
    }
  }
  EXPECT_EQ(back, -2 * 2418);  // April is outside its window
}

// A premium of nothing pays nothing, and says that it is the price.
TEST(MemberMonths, APriceOfZeroSaysSo) {
  MemberMonthSum basis = ExampleBasis();
  basis.base = PercentOfPremium{Rate::FromPercent(85)};
  basis.risk = {};
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20));
  const PanelSpan span = SpanFrom(DayOf(2026, 7, 1));
  const auto reason = [&](std::int64_t cents) {
    const PanelPremium premium{.member = 1, .month = MonthOf(2026, 7), .cents = cents};
    MemberMonths months(plan);
    std::vector<MemberMonthLine> lines;
    months.Add(1, {&span, 1}, {&premium, 1}, {}, lines);
    EXPECT_THAT(lines, SizeIs(1));
    return lines.at(0).reason;
  };
  EXPECT_EQ(reason(0), ReasonCode::kZeroPrice);
  EXPECT_EQ(reason(1), std::nullopt);  // 0.0085 is a cent
}

// News of a death, then a corrected address before the run: the death keeps its months open. What
// the run of a month already knew opens nothing again.
TEST(MemberMonths, TheWidestWindowOfTheNewsCounts) {
  MemberMonthSum basis = ExampleBasis();
  basis.retro = {RetroRule{.reason = ChangeReason::kDeath}, RetroRule{.days = 90}};
  const auto april = [&](ChangeReason first, Date first_day, ChangeReason second) {
    Member member = ExampleMembers()[5];
    PanelSpan known = member.spans[0];
    known.reason = first;
    known.recorded_at = Instant::AtMidnight(first_day).Micros();
    known.superseded = true;
    PanelSpan newest = member.spans[0];
    newest.reason = second;
    newest.recorded_at = At(2026, 7, 15);
    member.spans = {known, newest};
    const Result result = Calculated(
        PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20)), {member});
    EXPECT_EQ(result.blocked.count, 0) << result.blocked.text;
    EXPECT_THAT(result.lines, SizeIs(3));
    return result.lines.at(0);
  };
  const Date july = MakeDate(2026, 7, 14);
  const MemberMonthLine death_first =
      april(ChangeReason::kDeath, july, ChangeReason::kDemographics);
  EXPECT_EQ(death_first.delta_cents, -6095);
  EXPECT_EQ(death_first.cause, ChangeReason::kDeath);
  EXPECT_EQ(april(ChangeReason::kDemographics, july, ChangeReason::kDeath).delta_cents, -6095);
  const MemberMonthLine neither =
      april(ChangeReason::kTermination, july, ChangeReason::kDemographics);
  EXPECT_EQ(neither.reason, ReasonCode::kRetroWindowClosed);
  EXPECT_EQ(neither.cause, ChangeReason::kDemographics);  // the newest
  EXPECT_EQ(april(ChangeReason::kDeath, MakeDate(2026, 4, 1), ChangeReason::kDemographics).reason,
            ReasonCode::kRetroWindowClosed);
}

TEST(MemberMonths, ChangedFactorIsOneLineWithTheDifference) {
  std::vector<Member> members = {ExampleMembers()[0]};
  std::vector<PanelFactor> factors = testing::ExampleFactors();
  factors[0].panel_mean_millionths = 1'050'000;  // the final score of the first half year
  const Result result = Calculated(
      PlanOf(ExampleBasis(), Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20), factors),
      members);
  ASSERT_THAT(result.lines, SizeIs(3));
  // 23.18 x 1.05 = 24.339 -> 24.34, posted 24.18.
  EXPECT_EQ(result.lines[0].delta_cents, 16);
  EXPECT_EQ(result.lines[0].reason, ReasonCode::kRetroRate);
  EXPECT_EQ(result.lines[0].fact, LineFact::kRateChanged);
}

TEST(MemberMonths, PanelFactorIsLimited) {
  MemberMonthSum basis = ExampleBasis();
  basis.risk.most_above = Rate::FromPercent(10);
  basis.risk.most_below = Rate::FromPercent(10);
  const auto factor = [&](std::int64_t panel, std::int64_t plan) {
    const RatePlan made = PlanOf(
        basis, Month(2026, 7), MakeDate(2026, 7, 20), std::nullopt,
        {{.from = Month(2026, 1), .panel_mean_millionths = panel, .plan_mean_millionths = plan}});
    const auto found = made.FactorOf(kP1, MonthOf(2026, 7), -1);
    return std::pair(Ratio(found->numerator, found->denominator), found->clamped);
  };
  EXPECT_EQ(factor(1'200'000, 1'000'000), std::pair(Ratio(11, 10), true));
  EXPECT_EQ(factor(1'100'000, 1'000'000), std::pair(Ratio(11, 10), false));  // exactly at the cap
  EXPECT_EQ(factor(900'000, 1'000'000), std::pair(Ratio(9, 10), false));
  EXPECT_EQ(factor(899'999, 1'000'000), std::pair(Ratio(9, 10), true));
  EXPECT_EQ(factor(1'000'000, 970'000), std::pair(Ratio(100, 97), false));  // not rounded
}

TEST(MemberMonths, PercentOfPremiumFollowsARestatedPremium) {
  MemberMonthSum basis = ExampleBasis();
  basis.base = PercentOfPremium{.rate = Rate::FromMillionths(452'500)};
  basis.risk = {};
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20), MakeDate(2026, 6, 20));
  const std::vector<PanelSpan> spans = {SpanFrom(DayOf(2026, 6, 1))};
  std::vector<PanelPremium> premiums = {{1, At(2026, 7, 5), MonthOf(2026, 6), 101'010},
                                        {1, At(2026, 7, 1), MonthOf(2026, 7), 100'000}};
  const std::vector<PostedMonth> posted = {
      Posted(kP1, MonthOf(2026, 6), 45'250, -1, MakeDate(2026, 6, 20))};
  std::vector<MemberMonthLine> lines;
  MemberMonths months(plan);
  months.Add(1, spans, premiums, posted, lines);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].new_cents, 45'707);  // 1,010.10 x 45.25 % = 457.07025
  EXPECT_EQ(lines[0].delta_cents, 457);
  EXPECT_EQ(lines[0].cause, ChangeReason::kPremium);
  EXPECT_EQ(lines[1].delta_cents, 45'250);

  MemberMonths without(plan);
  lines.clear();
  without.Add(1, spans, std::span(premiums).first(1), posted, lines);
  EXPECT_THAT(without.Blocked().text, HasSubstr("member 1 in 2026-07: no premium is recorded"));
}

TEST(MemberMonths, MemberRiskAndGuaranteedMinimum) {
  MemberMonthSum basis = ExampleBasis();
  basis.risk = {.kind = RiskKind::kMember};
  basis.minimum = testing::Cents(1'500);
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20));
  std::vector<MemberMonthLine> lines;
  MemberMonths months(plan);
  for (const std::int64_t risk : {496'000, 700'000, -1}) {
    PanelSpan span = SpanFrom(DayOf(2026, 7, 1));
    span.risk_millionths = risk;
    months.Add(1, {&span, 1}, {}, {}, lines);
  }
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].new_cents, 1'500);  // 23.88 x 0.496 = 11.84448 is below
  EXPECT_TRUE(lines[0].price.at_minimum);
  EXPECT_EQ(lines[1].new_cents, 1'672);  // 23.88 x 0.7 = 16.716
  EXPECT_FALSE(lines[1].price.at_minimum);
  EXPECT_THAT(months.Blocked().text, HasSubstr("no risk score"));
}

// feature:C19
TEST(MemberMonths, NewMemberCountsInSteps) {
  MemberMonthSum basis = ExampleBasis();
  basis.risk = {};
  basis.new_members.weights = {Rate(), Rate::FromPercent(50)};
  struct Case {
    DayNumber from;
    std::vector<std::int64_t> july_to_september;  // 23.88 in full
  };
  const std::vector<Case> cases = {
      {DayOf(2026, 7, 1), {0, 1194, 2388}},
      {DayOf(2026, 7, 15), {0, 1194, 2388}},
      {DayOf(2026, 7, 31), {0, 0, 1194}},  // counts from August
  };
  for (const Case& c : cases) {
    PanelSpan span = SpanFrom(c.from);
    for (unsigned month = 7; month <= 9; ++month) {
      const RatePlan plan = PlanOf(basis, Month(2026, month), MakeDate(2026, month, 20));
      std::vector<MemberMonthLine> lines;
      MemberMonths months(plan);
      months.Add(1, {&span, 1}, {}, {}, lines);
      const MemberMonthLine& line = lines.back();
      ASSERT_EQ(line.month, MonthOf(2026, month));
      EXPECT_EQ(line.new_cents, c.july_to_september[month - 7]) << ToText(line);
      if (line.new_cents == 0) {
        EXPECT_EQ(line.reason, ReasonCode::kMemberNotPayableThisMonth) << ToText(line);
      }
    }
  }
}

TEST(MemberMonths, RoundingPerTotalRoundsEachPayeeOnce) {
  MemberMonthSum basis = ExampleBasis();
  basis.rounding = LineRounding::kPerTotal;
  const RatePlan plan = PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20));
  MemberMonths months(plan);
  std::vector<MemberMonthLine> lines;
  for (std::int64_t member = 1; member <= 1000; ++member) {
    PanelSpan span = SpanFrom(DayOf(2026, 7, 1));
    span.member = member;
    span.payee = PartyId(1 + member % 3);
    months.Add(member, {&span, 1}, {}, {}, lines);
  }
  std::map<PartyId, std::int64_t> sums;
  std::map<PartyId, std::int64_t> counts;
  for (const MemberMonthLine& line : lines) {
    sums[line.payee] += line.delta_cents;
    ++counts[line.payee];
    EXPECT_LE(std::abs(line.delta_cents - 2510), 1);
  }
  for (const auto& [payee, count] : counts) {
    // 25.09788 each; rounded per line it would be 25.10.
    const Exact exact = Exact(UnitPrice::FromMillionths(25'097'880), count);
    EXPECT_EQ(sums[payee], Round(exact, Rounding::kHalfAwayFromZero).Cents());
  }
}

// The 128-bit arithmetic against fractions.
TEST(MonthPrice, RoundsAsTheExactFractionDoes) {
  std::mt19937_64 random(20260720);
  std::cout << "seed 20260720\n";
  const auto up_to = [&](std::int64_t limit) {
    return std::uniform_int_distribution<std::int64_t>(0, limit)(random);
  };
  for (int i = 0; i < 20'000; ++i) {
    MonthPrice price;
    price.base_millionths = up_to(i % 2 == 0 ? 200'000'000 : 100'000'000'000);
    price.factor_numerator = up_to(i % 3 == 0 ? 1'000'000'000'000'000 : 2'000'000);
    price.factor_denominator = 1 + up_to(i % 3 == 0 ? 999'999'999'999'999 : 2'000'000);
    if (i % 4 == 0) price.weight_millionths = static_cast<std::int32_t>(up_to(1'000'000));
    if (i % 5 == 0) {
      price.days = static_cast<std::int16_t>(up_to(31));
      price.days_of = 31;
    }
    if (price.factor_numerator / price.factor_denominator > 1'000'000) continue;
    for (const Rounding mode :
         {Rounding::kHalfAwayFromZero, Rounding::kHalfEven, Rounding::kTowardZero}) {
      EXPECT_EQ(RoundToCents(price, mode), Round(ExactAmount(price), mode).Cents());
    }
  }
  MonthPrice half{.base_millionths = 25'000};  // 2.5 cents
  EXPECT_EQ(RoundToCents(half, Rounding::kHalfAwayFromZero), 3);
  EXPECT_EQ(RoundToCents(half, Rounding::kHalfEven), 2);
  EXPECT_EQ(RoundToCents(half, Rounding::kTowardZero), 2);
  half.base_millionths = -25'000;
  EXPECT_EQ(RoundToCents(half, Rounding::kHalfAwayFromZero), -3);
}

TEST(LineCodec, LinesComeBackAndAreShort) {
  std::vector<MemberMonthLine> lines = RunExample().lines;
  for (std::int64_t member = 100; member < 3'000; ++member) {
    MemberMonthLine line{.member = member * 7, .payee = PartyId(1 + member % 20)};
    line.month = MonthOf(2026, 7);
    line.price = {.base_millionths = 23'880'000 + (member % 6) * 10'000, .cell = 2};
    line.payable = true;
    line.age = static_cast<std::int16_t>(member % 90);
    line.new_cents = line.delta_cents = RoundToCents(line.price, Rounding::kHalfAwayFromZero);
    lines.push_back(line);
  }
  LineWriter writer(MonthOf(2026, 7));
  for (const MemberMonthLine& line : lines) writer.Add(line);
  const LineBlock block = writer.Take();
  EXPECT_EQ(block.lines, static_cast<std::int32_t>(lines.size()));
  EXPECT_EQ(block.first_member, 1);
  EXPECT_EQ(block.last_member, 2'999 * 7);
  EXPECT_LT(block.content.size(), lines.size() * 11);

  auto reader = LineReader::Open(block.content);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->RunMonth(), MonthOf(2026, 7));
  for (const MemberMonthLine& line : lines) {
    MemberMonthLine back;
    ASSERT_TRUE(reader->Next(back).value());
    ASSERT_EQ(back, line) << ToText(back) << '\n' << ToText(line);
  }
  MemberMonthLine end;
  EXPECT_FALSE(reader->Next(end).value());
}

TEST(LineCodec, DamageIsNoticed) {
  LineWriter writer(MonthOf(2026, 7));
  for (const MemberMonthLine& line : RunExample().lines) writer.Add(line);
  Bytes bytes = writer.Take().content;
  EXPECT_FALSE(LineReader::Open({}).ok());
  bytes.resize(bytes.size() - 3);
  auto reader = LineReader::Open(bytes);
  ASSERT_TRUE(reader.ok());
  MemberMonthLine line;
  StatusOr<bool> more = true;
  while (more.ok() && *more) more = reader->Next(line);
  EXPECT_EQ(more.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sluice::performance
