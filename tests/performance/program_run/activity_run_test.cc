// Activities, hierarchy days, data gates and shared forfeits in whole runs.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "performance/activity/activity_service.h"
#include "performance/feeds/feed_service.h"
#include "performance/feeds/gate_service.h"
#include "performance/quality/redistribution.h"
#include "tests/performance/program_run/run_fixture.h"

namespace sluice::performance::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DateRange kYear = DateRange::Year(2025);
const CalculationDates kDates{.period = kYear, .pay_date = MakeDate(2026, 4, 15)};

// $60.00 for each wellness visit of a member and year.
Terms VisitTerms() {
  ActivitySum activity;
  activity.prices = {{.kind = ActivityKind::kClaimCode,
                      .code = "G0438",
                      .measure = "AWV",
                      .price = UnitPrice::FromMillionths(60'000'000),
                      .effective = DateRange::From(MakeDate(2025, 1, 1))}};
  return {.title = "Wellness visits",
          .components = {{.rule = Basis{.kind = activity, .zero_reason = ReasonCode::kNotReported},
                          .clause = "2"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

ActivityEvent Visit(std::int64_t id, PartyId provider, PartyId practice, Date day) {
  return {.event_id = id,
          .member_id = id,
          .provider = provider,
          .practice = practice,
          .code = "G0438",
          .service_date = day,
          .received_on = day,
          .channel = "claim",
          .evidence = {}};
}

class ActivityRunTest : public ProgramRunTest {
 protected:
  void SetUp() override {
    // Doctor 2 belongs to practice 2 from July 1 on.
    MakeHierarchy(MakeDate(2025, 7, 1));
    MakeProgram("qip", "2C");
  }
  void RecordVisits(ContractId contract, const std::vector<ActivityEvent>& events) {
    Tick();
    ActivityService service(database_, db_.Clock(), db_.Ids());
    const auto intake = service.Record(contract, events, "claims 2025");
    ASSERT_TRUE(intake.ok()) << intake.status();
    Tick();
  }
};

// feature:P18
TEST_F(ActivityRunTest, OnlyWhoWasAffiliatedOnTheDayOfServiceEarns) {
  const ContractId contract = AddContract(kAco, VisitTerms());
  RecordVisits(contract, {Visit(1, kDoctor1, kPractice1, MakeDate(2025, 5, 1)),
                          Visit(2, kDoctor2, kPractice2, MakeDate(2025, 6, 30)),
                          Visit(3, kDoctor2, kPractice2, MakeDate(2025, 7, 1)),
                          Visit(4, kDoctor1, kPractice2, MakeDate(2025, 8, 1))});
  const ProgramRunSummary summary = Run({.dates = kDates});
  EXPECT_EQ(summary.details[0].source, "activity");
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(2 * 60'00));
  ActivityService service(database_, db_.Clock(), db_.Ids());
  const auto newest = service.Newest(contract, kYear);
  ASSERT_TRUE(newest.ok() && *newest);
  const auto lines = service.Lines(contract, (*newest)->run_id);
  ASSERT_TRUE(lines.ok()) << lines.status();
  std::map<std::int64_t, std::optional<ReasonCode>> reasons;
  for (const ActivityLine& line : *lines) reasons[line.event.event_id] = line.reason;
  EXPECT_EQ(reasons[1], std::nullopt);
  EXPECT_EQ(reasons[2], ReasonCode::kPartyNotEligible);
  EXPECT_EQ(reasons[3], std::nullopt);
  EXPECT_EQ(reasons[4], ReasonCode::kPartyNotEligible);
  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 1);
  EXPECT_EQ(StoredRows(), rows);
}

// Self-funded until June 30, then of the plan; and somebody of both.
// feature:C12
TEST_F(ActivityRunTest, AnEventOfAnExcludedProductIsZeroWithItsReason) {
  ImportMembers({"M1,2024-01-01,2025-06-30,commercial,ASO,gold,1980-05-05,female,,WA",
                 "M1,2025-07-01,,commercial,HMO,gold,1980-05-05,female,,WA",
                 "M2,2024-01-01,,self_funded,PPO,gold,1975-03-03,male,,WA",
                 "M3,2024-01-01,,commercial,ASO,gold,1950-06-06,female,,WA",
                 "M3,2024-01-01,,ma,HMO,gold,1950-06-06,female,,WA"});
  Terms terms = VisitTerms();
  auto& activity =
      std::get<ActivitySum>(std::get<Basis>(terms.components.front().rule).kind);
  activity.key = {ActivityKeyField::kMember, ActivityKeyField::kServiceDate};
  activity.excluded_products = {"ASO", "self_funded"};
  const ContractId contract = AddContract(kAco, terms);
  const auto visit = [&](std::int64_t id, const std::string& member, Date day) {
    ActivityEvent event = Visit(id, kDoctor1, kPractice1, day);
    event.member_id = member.empty() ? 999'999 : MemberId(member);
    return event;
  };
  const Date august = MakeDate(2025, 8, 1);
  RecordVisits(contract,
               {visit(1, "M1", MakeDate(2025, 6, 30)), visit(2, "M1", MakeDate(2025, 7, 1)),
                visit(3, "M2", august), visit(4, "M3", august), visit(5, "", august)});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(3 * 60'00)) << AwardOf(contract, kYear).missing;
  ActivityService service(database_, db_.Clock(), db_.Ids());
  const auto newest = service.Newest(contract, kYear);
  ASSERT_TRUE(newest.ok() && *newest);
  const auto lines = service.Lines(contract, (*newest)->run_id);
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_THAT(*lines, SizeIs(5));
  for (const ActivityLine& line : *lines) {
    const bool out = line.event.event_id == 1 || line.event.event_id == 3;
    EXPECT_EQ(line.reason == ReasonCode::kProductExcluded, out) << line.event.event_id;
  }
  // The member turns out to have had a second cover all along.
  ImportMembers({"M2,2024-01-01,,commercial,HMO,gold,1975-03-03,male,,WA"});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).delta, Cents(60'00));
}

// A roster that comes late corrects what was not paid.
TEST_F(ActivityRunTest, AnAffiliationLearnedLaterPaysTheDifference) {
  const ContractId contract = AddContract(kAco, VisitTerms());
  RecordVisits(contract, {Visit(2, kDoctor2, kPractice2, MakeDate(2025, 6, 30))});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).amount, Money());
  hierarchy::ChangeSet change;
  change.AddAffiliation(kPractice2, kDoctor2, "physician",
                        DateRange::Between(MakeDate(2025, 1, 1), MakeDate(2025, 7, 1)));
  ASSERT_TRUE(hierarchies_.Apply(payer_, change, {.source = "roster"}).ok());
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).delta, Cents(60'00));
}

// The split takes whoever was a member during the period: doctor 2 left before its end.
TEST_F(ActivityRunTest, MembersOfTheWholePeriodComeFromTheDaysOfChange) {
  hierarchy::ChangeSet change;
  change.AddAffiliation(kPractice2, kDoctor2, "physician",
                        DateRange::Between(MakeDate(2025, 7, 1), MakeDate(2025, 10, 1)));
  ASSERT_TRUE(hierarchies_.Apply(payer_, change, {.source = "roster"}).ok());
  Terms terms = VisitTerms();
  Split split;
  split.levels = {{.basis = SplitBasis::kEqual, .weight_name = {}}};
  split.standing = StandingDay::kServiceDate;
  split.membership = Membership::kDuringPeriod;
  terms.components.push_back({.rule = split, .clause = "5"});
  const ContractId contract = AddContract(kPractice2, terms);
  RecordVisits(contract, {Visit(3, kDoctor2, kPractice2, MakeDate(2025, 7, 1))});
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(contract, kYear).amount, Cents(60'00)) << AwardOf(contract, kYear).missing;
  EXPECT_EQ(ShareOf(contract, kYear, kDoctor2), Cents(60'00));
}

FeedSpec MembersFeed() {
  return {.name = "members",
          .kind = FeedKind::kEligibility,
          .owner = "enrollment",
          .mapping = "name = \"members\"\nkind = \"eligibility\"\n[columns]\n"
                     "member_number = \"id\"\nvalid_from = \"from\"\n",
          .starts_on = MakeDate(2025, 1, 1),
          .interval_days = 365,
          .grace_days = 10};
}

// A file for the year arrives.
Delivery Deliver(FeedService& feeds, const std::string& text) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("feed_" + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << text;
  const auto delivery = feeds.Receive({.feed = "members", .path = path, .period = kYear});
  std::filesystem::remove(path);
  EXPECT_TRUE(delivery.ok() && delivery->Accepted()) << delivery.status();
  return delivery.ok() ? *delivery : Delivery{};
}

// No gate asks for the feed; what an award may have read is recorded all the same.
// feature:D11
TEST_F(ActivityRunTest, EachVersionOfAnAwardKeepsTheDeliveriesItWasMadeWith) {
  const ContractId contract = AddContract(kAco, VisitTerms());
  const ContractId other = AddContract(kPractice1, VisitTerms());
  RecordVisits(contract, {Visit(1, kDoctor1, kPractice1, MakeDate(2025, 5, 1))});
  RecordVisits(other, {});
  FeedService feeds(db_.App(), payer_, db_.Clock(), db_.Ids());
  ASSERT_TRUE(feeds.Declare(MembersFeed()).ok());
  GateService gates(db_.App(), payer_, db_.Clock(), db_.Ids());
  const auto inputs_of = [&](ContractId id) {
    const StoredAward award = AwardOf(id, kYear);
    const auto inputs = gates.Inputs({award.contract, award.award, award.version});
    EXPECT_TRUE(inputs.ok()) << inputs.status();
    return inputs.value_or(std::vector<CalculationInput>{});
  };
  const Instant cut = db_.Clock().Now();
  Tick();
  const Delivery first = Deliver(feeds, "id,from\nM1,2025-01-01\n");
  Run({.dates = kDates, .known_at = cut, .contracts = std::vector{other}});
  EXPECT_THAT(inputs_of(other), IsEmpty()) << "it came after the cut";
  Run({.dates = kDates, .contracts = std::vector{contract}});
  ASSERT_THAT(inputs_of(contract), SizeIs(1));
  EXPECT_EQ(inputs_of(contract)[0].feed, "members");
  EXPECT_EQ(inputs_of(contract)[0].delivery, first.id);
  EXPECT_EQ(inputs_of(contract)[0].sha256, *first.sha256);
  EXPECT_THAT(inputs_of(other), IsEmpty()) << "no contract of the run";

  // A version that was not made with the second delivery does not get it later.
  Deliver(feeds, "id,from\nM1,2025-01-01\nM2,2025-01-01\n");
  Run({.dates = kDates, .contracts = std::vector{contract}});
  EXPECT_EQ(inputs_of(contract)[0].delivery_version, 1);
  RecordVisits(contract, {Visit(2, kDoctor1, kPractice1, MakeDate(2025, 6, 1))});
  Run({.dates = kDates, .contracts = std::vector{contract}});
  EXPECT_EQ(AwardOf(contract, kYear).version, 2);
  ASSERT_THAT(inputs_of(contract), SizeIs(1));
  EXPECT_EQ(inputs_of(contract)[0].delivery_version, 2);
}

// feature:D05
TEST_F(ActivityRunTest, AFailingGateHoldsTheReleaseUntilTheDataCame) {
  const ContractId contract = AddContract(kAco, VisitTerms());
  RecordVisits(contract, {Visit(1, kDoctor1, kPractice1, MakeDate(2025, 5, 1))});
  FeedService feeds(db_.App(), payer_, db_.Clock(), db_.Ids());
  const auto declared = feeds.Declare(MembersFeed());
  ASSERT_TRUE(declared.ok()) << declared.status();
  GateService gates(db_.App(), payer_, db_.Clock(), db_.Ids());
  ASSERT_TRUE(gates
                  .Set({.program = program_,
                        .name = "members_here",
                        .feed = "members",
                        .kind = GateKind::kDelivered})
                  .ok());
  const ProgramRunSummary before = Run({.dates = kDates});
  ASSERT_THAT(before.gates, SizeIs(1));
  EXPECT_FALSE(before.GatesPass());
  EXPECT_EQ(before.data_facts, 1) << "the breach is a fact of the contract";
  const auto may_release = [&] {
    const StoredAward award = AwardOf(contract, kYear);
    const std::pair<AwardId, std::int32_t> paid{award.award, award.version};
    return database_.Transact([&](pg::Transaction& tx) {
      return MayRelease(tx, payer_, program_, {&paid, 1});
    });
  };
  EXPECT_THAT(StatusMessage(may_release()), HasSubstr("data gate members_here"));

  Tick();
  Deliver(feeds, "id,from\nM1,2025-01-01\n");
  const ProgramRunSummary after = Run({.dates = kDates});
  EXPECT_TRUE(after.GatesPass());
  EXPECT_TRUE(may_release().ok()) << may_release();
  const std::int64_t rows = StoredRows();
  Run({.dates = kDates});
  EXPECT_EQ(StoredRows(), rows);
}

// --- Shared forfeits ----------------------------------------------------------------------------

// What was withheld goes back by a score; what is forfeited goes to scores of at least 80 %.
Terms WithholdTerms() {
  Terms terms{.title = "Quality withhold 2025"};
  Score score;
  score.measures = {{.id = "CBP",
                     .threshold = Ratio(0),
                     .target = Ratio(1),
                     .domain = {},
                     .parent_measure = {}}};
  terms.components = {
      {.rule = Basis{.kind = WithheldBalance{}, .zero_reason = ReasonCode::kPoolEmpty},
       .clause = "6"},
      {.rule = score, .clause = {}},
      {.rule = RateComponent{.cases = {{.rule = RateTimesScore{.maximum = Rate::FromPercent(100),
                                                               .score_fact = {}}}},
                             .otherwise = ReasonCode::kScoreZero},
       .clause = {}},
      {.rule = RoundingRule{}, .clause = {}},
      {.rule = Redistribute{.minimum_score = Ratio(4, 5)}, .clause = "6.4"}};
  return terms;
}

Terms SharedTerms() {
  return {.title = "Shared forfeits 2025",
          .components = {{.rule = Basis{.kind = PercentOfFact{Rate::FromPercent(100),
                                                              std::string(kRedistributedFact)},
                                        .zero_reason = ReasonCode::kPoolEmpty},
                          .clause = "6.4"},
                         {.rule = RoundingRule{}, .clause = {}}}};
}

Facts ScoreFacts(std::int64_t withheld, std::int64_t numerator, std::int64_t months) {
  Facts facts;
  facts.SetAmount("withheld", Money::FromCents(withheld));
  facts.SetMeasure("CBP", {.numerator = Ratio(numerator), .denominator = Ratio(100)});
  facts.SetCount("member_months", months);
  return facts;
}

// feature:C17
TEST_F(ActivityRunTest, ForfeitsAreSharedWhenAllContractsAreCalculated) {
  const ContractId poor = AddContract(kPractice1, WithholdTerms());
  const ContractId good = AddContract(kPractice2, WithholdTerms());
  const ContractId best = AddContract(kAco, WithholdTerms());
  const ContractId good_share = AddContract(kPractice2, SharedTerms());
  const ContractId best_share = AddContract(kAco, SharedTerms());
  Record(poor, kYear, ScoreFacts(1'000'00, 50, 120));
  Record(good, kYear, ScoreFacts(2'000'00, 90, 100));
  const ProgramRunSummary waiting = Run({.dates = kDates});
  ASSERT_THAT(waiting.pending, SizeIs(1));
  EXPECT_THAT(AwardOf(good_share, kYear).missing, HasSubstr("redistributed (record"))
      << "blocked, not zero";

  Record(best, kYear, ScoreFacts(300'00, 100, 200));
  const ProgramRunSummary summary = Run({.dates = kDates});
  EXPECT_THAT(summary.pending, IsEmpty());
  EXPECT_THAT(summary.unbooked, IsEmpty());
  EXPECT_EQ(AwardOf(poor, kYear).forfeited, Cents(500'00)) << AwardOf(poor, kYear).missing;
  EXPECT_EQ(AwardOf(good, kYear).forfeited, Cents(200'00));
  // 700.00 over 100 and 200 member months, cents to the larger remainder.
  EXPECT_EQ(AwardOf(good_share, kYear).payable, Cents(233'33));
  EXPECT_EQ(AwardOf(best_share, kYear).payable, Cents(466'67));
  const std::int64_t rows = StoredRows();
  EXPECT_EQ(Run({.dates = kDates}).awards.unchanged, 5);
  EXPECT_EQ(StoredRows(), rows);

  // A corrected score moves the shares of the others too.
  Record(good, kYear, ScoreFacts(2'000'00, 70, 100));
  Run({.dates = kDates});
  EXPECT_EQ(AwardOf(good_share, kYear).payable, Money());
  EXPECT_EQ(AwardOf(best_share, kYear).payable, Cents(1'100'00));
}

TEST_F(ActivityRunTest, AShareThatNoContractPaysIsTold) {
  const ContractId poor = AddContract(kPractice1, WithholdTerms());
  const ContractId good = AddContract(kPractice2, WithholdTerms());
  Record(poor, kYear, ScoreFacts(1'000'00, 50, 120));
  Record(good, kYear, ScoreFacts(2'000'00, 90, 100));
  const ProgramRunSummary summary = Run({.dates = kDates});
  ASSERT_THAT(summary.unbooked, SizeIs(1));
  EXPECT_EQ(summary.unbooked[0].first, good);
  EXPECT_THAT(summary.unbooked[0].second, HasSubstr("700.00"));
}

}  // namespace
}  // namespace sluice::performance::testing
