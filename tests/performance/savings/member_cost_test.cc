// Percentiles by definition, truncation, stop-loss and exposure of members; and the published
// 10,000 people of DE-SynPUF.
#include "performance/savings/member_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/csv.h"
#include "performance/calculate.h"
#include "performance/percentile.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const DateRange kYear = DateRange::Year(2026);

Exact Dollars(std::int64_t dollars) { return Exact(Money::FromCents(dollars * 100)); }
Month In(unsigned month) { return Month(2026, month); }

std::string SharedFile(const std::string& name) {
  const char* shared = std::getenv("SLUICE_SHARED");
  return (std::filesystem::path(shared != nullptr ? shared : "../shared") / "data" / name).string();
}

struct Synpuf {
  std::vector<Exact> cost;
  std::int64_t months = 0;
};

std::optional<Synpuf> ReadSynpuf() {
  auto reader =
      CsvReader::Open(SharedFile("synpuf/DE1_0_2008_Beneficiary_Summary_Sample1_first10000.csv"));
  if (!reader.ok()) return std::nullopt;
  const std::size_t part_a = *reader->Column("BENE_HI_CVRAGE_TOT_MONS");
  const std::size_t part_b = *reader->Column("BENE_SMI_CVRAGE_TOT_MONS");
  const std::vector<std::size_t> amounts = {*reader->Column("MEDREIMB_IP"),
                                            *reader->Column("MEDREIMB_OP"),
                                            *reader->Column("MEDREIMB_CAR")};
  Synpuf data;
  while (reader->Next()) {
    EXPECT_FALSE(reader->IsBad());
    const auto months = [&](std::size_t column) {
      return std::stoll(std::string((*reader)[column]));
    };
    data.months += std::min(months(part_a), months(part_b));
    Money cost;
    for (const std::size_t column : amounts) cost += *Money::Parse((*reader)[column]);
    data.cost.emplace_back(cost);
  }
  EXPECT_TRUE(reader->Outcome().ok());
  std::ranges::sort(data.cost);
  return data;
}

// feature:C18
// feature:D10
TEST(Synpuf, TheThreeDefinitionsGiveTheirThreePairs) {
  const std::optional<Synpuf> data = ReadSynpuf();
  if (!data) GTEST_SKIP() << "skipped: no ../shared/data";
  ASSERT_EQ(data->cost.size(), 10'000U);
  EXPECT_EQ(data->months, 104'225);
  Exact total;
  for (const Exact& cost : data->cost) total = total + cost;
  EXPECT_EQ(total, Dollars(39'540'750));
  struct Pair {
    PercentilePlace place;
    Exact threshold;
    std::int64_t truncated;
  };
  const Ratio p(99, 100);
  for (const Pair& pair :
       {Pair{NearestRank(10'000, p), Dollars(51'970), 37'876'890},
        Pair{Interpolated(10'000, p), Exact(Money::FromCents(5'197'120)), 37'877'010},
        Pair{NextAbove(10'000, p), Dollars(52'090), 37'888'890}}) {
    const Exact threshold = ValueAt<Exact>(data->cost, pair.place);
    EXPECT_EQ(threshold, pair.threshold);
    Exact truncated;
    for (const Exact& cost : data->cost) truncated = truncated + std::min(cost, threshold);
    EXPECT_EQ(truncated, Dollars(pair.truncated));
  }
}

// The same through the engine: the contract's truncation terms give the same total.
// feature:C18
TEST(Synpuf, TheEngineTruncatesAsTheContractSays) {
  const std::optional<Synpuf> data = ReadSynpuf();
  if (!data) GTEST_SKIP() << "skipped: no ../shared/data";
  std::vector<MemberCost> members;
  for (std::size_t i = 0; i < data->cost.size(); ++i) {
    members.push_back({.member_id = static_cast<std::int64_t>(i) + 1,
                       .type = "all",
                       .enrolled = kYear,
                       .costs = {{In(1), Round(data->cost[i], Rounding::kTowardZero)}}});
  }
  const SavingsDetail detail{.truncation = {.rule = TruncationRule::kPercentile,
                                            .percentile = Ratio(99, 100),
                                            .definition = PercentileRule::kInterpolated,
                                            .population = "the sample",
                                            .annualize = false}};
  const auto thresholds = FindThresholds(detail.truncation, {"all"}, members, kYear);
  ASSERT_TRUE(thresholds.ok()) << thresholds.status();
  const auto result = SummarizeMembers(detail, {"all"}, *thresholds, kYear, members);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->expenditure, Dollars(37'877'010));
  EXPECT_EQ(result->total.cost - result->total.truncated, result->total.net);
}

MemberCost Member(std::int64_t id, DateRange enrolled, std::vector<CostOfMonth> costs) {
  return {.member_id = id, .type = "all", .enrolled = enrolled, .costs = std::move(costs)};
}

MemberCostResult Summarize(const SavingsDetail& detail, const std::vector<MemberCost>& members) {
  const auto thresholds = FindThresholds(detail.truncation, {"all"}, members, kYear);
  EXPECT_TRUE(thresholds.ok()) << thresholds.status();
  auto result = SummarizeMembers(detail, {"all"}, *thresholds, kYear, members);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

// feature:C12
TEST(StopLossRule, AtTheAttachmentPointAndAtTheMaximum) {
  const SavingsDetail detail{.stop_loss =
                                 StopLoss{.attachment = Money::FromCents(100'000'00),
                                          .covered = Rate::FromPercent(80),
                                          .maximum = Money::FromCents(40'000'00),
                                          .pooling_charge = UnitPrice::FromMillionths(12'500'000)}};
  const auto covered = [&](std::int64_t cents) {
    const MemberCostResult result =
        Summarize(detail, {Member(1, kYear, {{In(3), Money::FromCents(cents)}})});
    EXPECT_EQ(result.pooling_charge, Dollars(150));  // 12.50 x 12
    EXPECT_EQ(result.expenditure, result.total.net + Dollars(150));
    return result.lines.front();
  };
  EXPECT_EQ(covered(99'999'99).covered, Exact());
  EXPECT_EQ(covered(100'000'00).covered, Exact());  // exactly at the attachment point
  EXPECT_EQ(covered(100'000'01).covered, Exact(Money::FromCents(1)) * Ratio(8, 10));
  EXPECT_EQ(covered(150'000'00).covered, Dollars(40'000));  // exactly at the maximum
  EXPECT_THAT(covered(150'000'00).notes, IsEmpty());
  EXPECT_EQ(covered(150'000'01).covered, Dollars(40'000));
  EXPECT_THAT(covered(150'000'01).notes, Contains(ReasonCode::kCapApplied));
}

Terms SavingOf(BenchmarkMinusActual basis) {
  return {.title = "Pooling",
          .components = {{.rule = Basis{.kind = std::move(basis)}, .clause = "4.2"},
                         {.rule = RoundingRule{}, .clause = "4.9"}}};
}

SavingsDetail Pooled(PoolingSide side) {
  return {.stop_loss = StopLoss{.attachment = Money::FromCents(100'000'00),
                                .covered = Rate::FromPercent(100),
                                .pooling_charge = UnitPrice::FromMillionths(500'000'000),
                                .charge_side = side}};
}

Award Settled(const Terms& terms, const Facts& facts) {
  EXPECT_EQ(ValidateTerms(terms), OkStatus());
  return Calculate(terms, facts,
                   {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 9, 1)});
}

// One member, 130,000.00 of cost of which 30,000.00 is covered, 500.00 x 12 = 6,000.00 of charge,
// against 10,000.00 a month.
// feature:C12
TEST(StopLossRule, TheChargeIsAddedToTheActualOrToTheTarget) {
  const std::vector<MemberCost> members = {
      Member(1, kYear, {{In(3), Money::FromCents(13'000'000)}})};
  const auto settled = [&](PoolingSide side) {
    const SavingsDetail detail = Pooled(side);
    const Facts facts = Summarize(detail, members).ToFacts("py");
    return Settled(
        SavingOf({.target = PerMemberTarget{.price = UnitPrice::FromMillionths(10'000'000'000)},
                  .detail = detail}),
        facts);
  };
  const Award actual = settled(PoolingSide::kActual);
  EXPECT_EQ(actual.amount, Money::FromCents(14'000'00));  // 120,000 - (100,000 + 6,000)
  const Award target = settled(PoolingSide::kTarget);
  EXPECT_EQ(target.amount, Money::FromCents(26'000'00));  // (120,000 + 6,000) - 100,000
  EXPECT_THAT(ToText(target), HasSubstr("pooling charge"));
  EXPECT_THAT(ToText(target), HasSubstr("126,000.00"));
}

// The base year had the same cost, so the year saved nothing, whatever cover and charge are. A
// charge on the actual alone made it a loss of 6,000.00: the base year was cut as well.
// feature:C12
TEST(StopLossRule, AHistoricalBenchmarkCarriesTheChargeOnBothSides) {
  const HistoricalBenchmark history{.years = {{.name = "by1", .weight = Ratio(1)}},
                                    .types = {"all"}};
  const SavingsDetail detail = Pooled(PoolingSide::kActualAndBaseYears);
  const auto cost_of = [](std::int64_t cents) {
    return std::vector<MemberCost>{Member(1, kYear, {{In(3), Money::FromCents(cents)}})};
  };
  const auto settled = [&](std::int64_t base_cents, std::int64_t cents) {
    Facts facts = Summarize(detail, cost_of(cents)).ToFacts("py");
    const Facts base = Summarize(detail, cost_of(base_cents)).ToFacts("by1");
    for (const auto& [name, value] : base.Values()) {
      if (name != kDetailTermsFact) facts.Set(name, value);
    }
    return Settled(SavingOf({.target = history, .detail = detail}), facts);
  };
  const Award same = settled(13'000'000, 13'000'000);
  EXPECT_EQ(same.zero_reason, ReasonCode::kNoSavings) << ToText(same);
  EXPECT_EQ(settled(13'000'000, 9'000'000).amount, Money::FromCents(10'000'00));
  for (const PoolingSide side : {PoolingSide::kActual, PoolingSide::kTarget}) {
    EXPECT_THAT(StatusMessage(ValidateTerms(SavingOf({.target = history, .detail = Pooled(side)}))),
                HasSubstr("would count twice"));
  }
  SavingsDetail without = Pooled(PoolingSide::kActual);
  without.stop_loss->pooling_charge = UnitPrice();
  EXPECT_EQ(ValidateTerms(SavingOf({.target = history, .detail = without})), OkStatus());
  EXPECT_THAT(StatusMessage(ValidateTerms(SavingOf(
                  {.target = PerMemberTarget{.price = Pooled({}).stop_loss->pooling_charge},
                   .detail = detail}))),
              HasSubstr("needs a historical benchmark"));
}

TEST(TruncationTerms, APartOfAYearIsComparedAsAWhole) {
  SavingsDetail detail{
      .truncation = {.rule = TruncationRule::kFixed, .threshold = Money::FromCents(120'000'00)}};
  const DateRange quarter = DateRange::Between(MakeDate(2026, 10, 1), MakeDate(2027, 1, 1));
  const auto net = [&](std::int64_t dollars) {
    return Summarize(detail, {Member(1, quarter, {{In(11), Money::FromCents(dollars * 100)}})})
        .lines.front()
        .net;
  };
  EXPECT_EQ(net(30'000), Dollars(30'000));  // x 12 / 3 is exactly the threshold
  EXPECT_EQ(net(30'001), Dollars(30'000));
  detail.truncation.annualize = false;
  EXPECT_EQ(net(30'001), Dollars(30'001));
}

// feature:C19
TEST(ExposureRule, AJoinerOnTheFirstTheFifteenthAndTheLastDay) {
  const auto months = [](int last_day, unsigned day) {
    const auto weights = ExposureOf(Exposure{.last_joining_day = last_day},
                                    DateRange::From(MakeDate(2026, 10, day)), kYear);
    return weights.size();
  };
  EXPECT_EQ(months(1, 1), 3U);
  EXPECT_EQ(months(1, 2), 2U);
  EXPECT_EQ(months(1, 15), 2U);
  EXPECT_EQ(months(15, 15), 3U);
  EXPECT_EQ(months(15, 16), 2U);
  EXPECT_EQ(months(31, 31), 3U);
  EXPECT_EQ(months(15, 31), 2U);
}

TEST(ExposureRule, WaitingMonthsDoNotCountAndTheirCostNeither) {
  const SavingsDetail detail{
      .exposure =
          Exposure{.waiting_months = 2, .reduced_months = 3, .reduced_weight = Ratio(1, 2)}};
  std::vector<CostOfMonth> costs;
  for (unsigned month = 4; month <= 12; ++month)
    costs.push_back({In(month), Money::FromCents(100)});
  const MemberCostResult result =
      Summarize(detail, {Member(7, DateRange::From(MakeDate(2026, 4, 1)), costs)});
  // Nine months: two wait, three at one half, four whole.
  EXPECT_EQ(result.total.months, Ratio(11, 2));
  EXPECT_EQ(result.total.net, Exact(Money::FromCents(550)));
  // Who joined long before the period has waited already.
  const MemberCostResult old =
      Summarize(detail, {Member(7, DateRange::From(MakeDate(2025, 1, 1)), costs)});
  EXPECT_EQ(old.total.months, Ratio(12));
  // Fractions of months reach the facts exactly.
  const Facts facts = result.ToFacts("py");
  EXPECT_EQ(**facts.RatioOf("member_months"), Ratio(11, 2));
}

TEST(MemberCostLines, EachZeroHasItsReason) {
  const SavingsDetail detail{.exposure = Exposure{.waiting_months = 2}};
  const MemberCostResult result = Summarize(
      detail, {Member(1, DateRange::From(MakeDate(2026, 11, 1)), {{In(11), Money::FromCents(500)}}),
               Member(2, kYear, {})});
  EXPECT_EQ(result.lines[0].zero_reason, ReasonCode::kMemberNotPayableThisMonth);
  EXPECT_EQ(result.lines[1].zero_reason, ReasonCode::kNoExpenditure);
}

TEST(MemberCostLines, MonthsOfAnExcludedProductDoNotCount) {
  SavingsDetail detail{.exposure = Exposure{.waiting_months = 1}};
  const std::string digest = ToHex(HashDetail(detail));
  detail.excluded_products = {"ASO"};
  EXPECT_NE(ToHex(HashDetail(detail)), digest);
  // January waits; February and March are excluded; April to December count.
  MemberCost moved = Member(1, kYear, {{In(4), Money::FromCents(100)}});
  moved.excluded = {In(2), In(3)};
  MemberCost all = Member(2, DateRange::From(MakeDate(2026, 11, 1)), {});
  all.excluded = {In(11), In(12)};
  const MemberCostResult result = Summarize(detail, {moved, all});
  EXPECT_EQ(result.lines[0].months, Ratio(9));
  EXPECT_EQ(result.lines[1].months, Ratio(0));
  EXPECT_EQ(result.lines[1].zero_reason, ReasonCode::kProductExcluded);
  moved.costs = {{In(3), Money::FromCents(100)}};
  EXPECT_THAT(StatusMessage(SummarizeMembers(detail, {"all"}, {}, kYear, std::vector{moved})
                                .status()),
              HasSubstr("cost in 2026-03 lies outside"));
}

TEST(MemberCostLines, TheFactsCarryTheDigestOfTheirTerms) {
  const SavingsDetail detail{
      .truncation = {.rule = TruncationRule::kFixed, .threshold = Money::FromCents(1'000'00)}};
  const MemberCostResult result =
      Summarize(detail, {Member(1, kYear, {{In(1), Money::FromCents(2'000'00)}})});
  const Facts base = result.ToFacts("by1");
  EXPECT_EQ(**base.Text("detail_terms"), ToHex(HashDetail(detail)));
  EXPECT_EQ(**base.Amount("benchmark.by1.all.expenditure"), Dollars(1'000));
  EXPECT_EQ(**base.Count("benchmark.by1.all.member_months"), 12);
  EXPECT_FALSE(base.Has("expenditure"));
  EXPECT_EQ(**result.ToFacts("py").Amount("expenditure"), Dollars(1'000));
}

TEST(MemberCostLines, NothingDependsOnTheOrderOfMembers) {
  const unsigned seed = 20'260'101;
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937 random(seed);
  std::vector<MemberCost> members;
  for (std::int64_t id = 1; id <= 200; ++id) {
    members.push_back(
        Member(id, kYear,
               {{In(1 + static_cast<unsigned>(random() % 12)),
                 Money::FromCents(static_cast<std::int64_t>(random() % 20'000'000))}}));
  }
  const SavingsDetail detail{.truncation = {.rule = TruncationRule::kPercentile,
                                            .percentile = Ratio(95, 100),
                                            .population = "these"},
                             .stop_loss = StopLoss{.attachment = Money::FromCents(50'000'00),
                                                   .covered = Rate::FromPercent(70)}};
  const MemberCostResult first = Summarize(detail, members);
  std::shuffle(members.begin(), members.end(), random);
  const MemberCostResult second = Summarize(detail, members);
  EXPECT_EQ(first.lines_digest, second.lines_digest) << "seed " << seed;
  EXPECT_EQ(first.expenditure, second.expenditure);
  Exact sum;
  for (const MemberCostLine& line : first.lines) sum = sum + line.net;
  EXPECT_EQ(sum, first.total.net);
}

TEST(MemberCostLines, BadInputIsRefusedByMember) {
  const auto refused = [](std::vector<MemberCost> members, const std::string& text) {
    const auto result = SummarizeMembers({}, {"all"}, {}, kYear, members);
    ASSERT_FALSE(result.ok());
    EXPECT_THAT(StatusMessage(result.status()), HasSubstr(text));
  };
  refused({Member(5, kYear, {}), Member(5, kYear, {})}, "member 5 of type 'all' is given twice");
  MemberCost other = Member(6, kYear, {});
  other.type = "esrd";
  refused({other}, "member 6");
  refused({Member(7, DateRange::From(MakeDate(2026, 6, 1)), {{In(5), Money()}})}, "outside");
  refused({Member(8, kYear, {{Month(2027, 1), Money()}})}, "outside");
  refused({Member(9, DateRange{MakeDate(2026, 1, 1), MakeDate(2026, 1, 1)}, {})}, "empty");
}

}  // namespace
}  // namespace sluice::performance
