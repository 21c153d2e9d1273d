// The activity engine: the worked example to the cent, each reason at its boundary, and properties
// over random events.
#include "performance/activity/activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>

#include "performance/terms_codec.h"
#include "performance/terms_validate.h"
#include "tests/performance/activity/sample_activity.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using testing::ExampleActivity;
using testing::ExampleEvents;
using testing::ExampleTerms;
using ::testing::HasSubstr;
using testing::kPractice;
using testing::kProviderA;
using testing::kProviderB;
using testing::kProviderC;

const DateRange kYear = DateRange::Year(2025);

ActivityRun MustRun(const ActivitySum& terms, const std::vector<ActivityEvent>& events,
                    const DateRange& period = kYear) {
  auto run = RunActivities(terms, period, events);
  EXPECT_TRUE(run.ok()) << run.status();
  return run.ok() ? *std::move(run) : ActivityRun{};
}

ActivityEvent Visit(std::int64_t id, std::int64_t member = 1) {
  return {.event_id = id,
          .member_id = member,
          .provider = kProviderA,
          .practice = kPractice,
          .kind = ActivityKind::kClaimCode,
          .code = "G0439",
          .service_date = MakeDate(2025, 5, 10),
          .received_on = MakeDate(2025, 6, 1),
          .channel = "claim",
          .evidence = "claim-1"};
}

const ActivityLine& LineOf(const ActivityRun& run, std::int64_t id) {
  for (const ActivityLine& line : run.lines) {
    if (line.event.event_id == id) return line;
  }
  throw std::runtime_error("no line " + std::to_string(id));
}
std::string Dollars(const Exact& amount) { return amount.ToString(); }

// --- The worked example -------------------------------------------------------------------------

// feature:P18
TEST(Activity, WorkedExampleToTheCent) {
  const auto events = ExampleEvents();
  ASSERT_EQ(events.size(), 192U);
  const ActivityRun run = MustRun(ExampleActivity(), events);
  EXPECT_EQ(run.total.submitted, 192);
  EXPECT_EQ(run.total.counted, 179);
  EXPECT_EQ(run.reasons.at(ReasonCode::kDuplicateActivity), 9);
  EXPECT_EQ(run.reasons.at(ReasonCode::kEvidenceLate), 4);
  const ActivityTotals& a = run.performers.at({kProviderA, kPractice});
  const ActivityTotals& b = run.performers.at({kProviderB, kPractice});
  const ActivityTotals& c = run.performers.at({kProviderC, kPractice});
  EXPECT_EQ(Dollars(a.amount), "1,130.75");
  EXPECT_EQ(Dollars(a.over_limit), "0.00");
  EXPECT_EQ(Dollars(b.amount), "1,250.00");
  EXPECT_EQ(Dollars(b.over_limit), "432.45");
  EXPECT_EQ(Dollars(c.amount), "289.05");
  EXPECT_EQ(Dollars(run.total.amount), "2,669.80");
  EXPECT_EQ(Dollars(run.total.over_limit), "432.45");
  std::int64_t lines_of_b = 0;
  for (const ActivityLine& line : run.lines) {
    if (line.event.provider == kProviderB && line.reason == ReasonCode::kAnnualLimitUsed) {
      ++lines_of_b;
    }
  }
  EXPECT_GT(lines_of_b, 0);
  EXPECT_EQ(run.reasons.at(ReasonCode::kAnnualLimitUsed), lines_of_b);
}

TEST(Activity, TheOrderOfEventsDoesNotMatter) {
  auto events = ExampleEvents();
  const ActivityRun run = MustRun(ExampleActivity(), events);
  std::ranges::reverse(events);
  EXPECT_EQ(MustRun(ExampleActivity(), events), run);
}

// feature:D05
TEST(Activity, OneAdtMessageAloneEarns) {
  ActivitySum terms;
  terms.prices = {{.kind = ActivityKind::kAdtEvent,
                   .code = "A03",
                   .measure = "discharge follow-up",
                   .price = UnitPrice::FromMillionths(25'000'000),
                   .effective = kYear}};
  ASSERT_EQ(ValidateActivity(terms), OkStatus());
  ActivityEvent adt = Visit(1);
  adt.kind = ActivityKind::kAdtEvent;
  adt.code = "A03";
  adt.channel = "adt";
  adt.evidence = "";
  const ActivityRun run = MustRun(terms, {adt});
  EXPECT_EQ(Dollars(run.total.amount), "25.00");
}

// --- Reasons and boundaries ---------------------------------------------------------------------

TEST(Activity, EvidenceOnTheCutoffDayCountsAndTheNextDayIsLate) {
  for (const auto& [channel, month, day] :
       {std::tuple("claim", 3U, 31U), std::tuple("medical_record", 2U, 28U)}) {
    ActivityEvent event = Visit(1);
    event.channel = channel;
    event.received_on = MakeDate(2026, month, day);
    EXPECT_EQ(Dollars(MustRun(ExampleActivity(), {event}).total.amount), "60.00") << channel;
    event.received_on += Days(1);
    EXPECT_EQ(LineOf(MustRun(ExampleActivity(), {event}), 1).reason, ReasonCode::kEvidenceLate);
  }
  ActivitySum after = ExampleActivity();
  after.cutoffs = {{.channel = "", .by = CutoffAfterService{.days = 30}}};
  ActivityEvent event = Visit(1);
  event.received_on = event.service_date + Days(30);
  EXPECT_FALSE(LineOf(MustRun(after, {event}), 1).reason.has_value());
  event.received_on += Days(1);
  EXPECT_EQ(LineOf(MustRun(after, {event}), 1).reason, ReasonCode::kEvidenceLate);
}

TEST(Activity, EachInvalidEventSaysWhy) {
  const struct {
    std::function<void(ActivityEvent&, ActivityPrice&)> change;
    ReasonCode reason;
    std::string says;
  } cases[] = {
      {[](ActivityEvent& e, ActivityPrice&) { e.code = "99999"; }, ReasonCode::kEvidenceInvalid,
       "not on the price list"},
      {[](ActivityEvent&, ActivityPrice& p) { p.effective.from = MakeDate(2025, 5, 11); },
       ReasonCode::kTermNotInForce, "no price on 2025-05-10"},
      {[](ActivityEvent& e, ActivityPrice&) { e.channel = "fax"; }, ReasonCode::kEvidenceInvalid,
       "'fax' is not accepted"},
      {[](ActivityEvent& e, ActivityPrice&) { e.evidence_status = EvidenceStatus::kRejected; },
       ReasonCode::kEvidenceInvalid, "rejected"},
      {[](ActivityEvent& e, ActivityPrice&) { e.received_on = MakeDate(2025, 5, 9); },
       ReasonCode::kEvidenceInvalid, "before the service"},
      {[](ActivityEvent& e, ActivityPrice& p) {
         p.evidence = EvidenceRule::kReference;
         e.evidence.clear();
       },
       ReasonCode::kEvidenceInvalid, "no document"},
      {[](ActivityEvent&, ActivityPrice& p) { p.evidence = EvidenceRule::kAccepted; },
       ReasonCode::kEvidenceInvalid, "not accepted yet"},
      {[](ActivityEvent& e, ActivityPrice&) { e.voided = true; }, ReasonCode::kActivityVoided, ""},
  };
  for (const auto& test : cases) {
    ActivitySum terms = ExampleActivity();
    ActivityEvent event = Visit(1);
    test.change(event, terms.prices[0]);
    const ActivityRun run = MustRun(terms, {event});
    EXPECT_EQ(LineOf(run, 1).reason, test.reason) << test.says;
    EXPECT_THAT(LineOf(run, 1).detail, HasSubstr(test.says));
    EXPECT_TRUE(run.total.amount.IsZero());
  }
}

// feature:C12
TEST(Activity, AnEventOfAnExcludedProductEarnsNothing) {
  ActivitySum terms = ExampleActivity();
  terms.excluded_products = {"ASO"};
  ASSERT_EQ(ValidateActivity(terms), OkStatus());
  const std::vector<ActivityEvent> events = {Visit(1), Visit(2)};
  const ExclusionCheck excluded = [](const ActivityEvent& event) {
    return event.event_id == 1 ? std::string("ASO") : std::string();
  };
  const auto run = RunActivities(terms, kYear, events, nullptr, excluded);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->lines[0].reason, ReasonCode::kProductExcluded);
  EXPECT_THAT(run->lines[0].detail, HasSubstr("ASO on "));
  EXPECT_EQ(run->lines[1].reason, std::nullopt) << "what does not count claims no key";
  EXPECT_EQ(RunActivities(terms, kYear, events).status().code(),
            absl::StatusCode::kFailedPrecondition)
      << "nobody says who is covered by what";
  terms.excluded_products = {"ASO", "ASO"};
  EXPECT_THAT(StatusMessage(ValidateActivity(terms)), HasSubstr("excluded twice"));
}

TEST(Activity, ThePriceIsThatOfTheDayOfService) {
  ActivitySum terms = ExampleActivity();
  terms.prices[0].effective = DateRange::Between(MakeDate(2025, 1, 1), MakeDate(2025, 5, 10));
  terms.prices.push_back(terms.prices[0]);
  terms.prices.back().effective = DateRange::From(MakeDate(2025, 5, 10));
  terms.prices.back().price = UnitPrice::FromMillionths(75'000'000);
  ASSERT_EQ(ValidateActivity(terms), OkStatus());
  ActivityEvent before = Visit(1, 1);
  before.service_date = MakeDate(2025, 5, 9);
  EXPECT_EQ(Dollars(MustRun(terms, {before, Visit(2, 2)}).total.amount), "135.00");
}

TEST(Activity, TheFirstValidEvidenceWins) {
  ActivityEvent late = Visit(1);  // received first, but never valid
  late.received_on = MakeDate(2025, 5, 10);
  late.evidence_status = EvidenceStatus::kRejected;
  ActivityEvent second = Visit(2);
  second.received_on = MakeDate(2025, 6, 2);
  second.provider = kProviderB;
  const ActivityRun run = MustRun(ExampleActivity(), {second, Visit(3), late});
  EXPECT_EQ(LineOf(run, 1).reason, ReasonCode::kEvidenceInvalid);
  EXPECT_EQ(Dollars(LineOf(run, 3).earned), "60.00");
  EXPECT_EQ(LineOf(run, 2).reason, ReasonCode::kDuplicateActivity);
  EXPECT_EQ(LineOf(run, 2).detail, "event 3 counts");
}

TEST(Activity, AfterAVoidTheNextDuplicateCounts) {
  ActivityEvent duplicate = Visit(2);
  duplicate.received_on += Days(1);
  duplicate.provider = kProviderB;
  ActivityEvent first = Visit(1);
  first.voided = true;
  const ActivityRun run = MustRun(ExampleActivity(), {first, duplicate});
  EXPECT_EQ(LineOf(run, 1).reason, ReasonCode::kActivityVoided);
  EXPECT_EQ(Dollars(run.performers.at({kProviderB, kPractice}).amount), "60.00");
}

TEST(Activity, TheKeyIsWhatTheTermsSay) {
  ActivityEvent other_day = Visit(2);
  other_day.service_date += Days(1);
  ActivityEvent other_provider = Visit(3);
  other_provider.provider = kProviderB;
  const std::vector<ActivityEvent> events = {Visit(1), other_day, other_provider};
  const struct {
    std::vector<ActivityKeyField> key;
    std::int64_t counted;
  } cases[] = {
      {{ActivityKeyField::kMember, ActivityKeyField::kMeasure, ActivityKeyField::kYear}, 1},
      {{ActivityKeyField::kMember, ActivityKeyField::kServiceDate}, 2},
      {{ActivityKeyField::kMember, ActivityKeyField::kProvider}, 2},
      {{ActivityKeyField::kMonth, ActivityKeyField::kCode}, 1},
      {{ActivityKeyField::kMember, ActivityKeyField::kServiceDate, ActivityKeyField::kProvider},
       3}};
  for (const auto& test : cases) {
    ActivitySum terms = ExampleActivity();
    terms.key = test.key;
    EXPECT_EQ(MustRun(terms, events).total.counted, test.counted);
  }
}

// feature:P18
TEST(Activity, CapsHoldForEachMemberProviderContractAndPeriod) {
  // Eight visits of two members in March and April by two providers, 60.00 each.
  std::vector<ActivityEvent> events;
  for (std::int64_t id = 1; id <= 8; ++id) {
    ActivityEvent event = Visit(id, id % 2);
    event.member_id = 1 + id % 2;
    event.service_date = MakeDate(2025, id <= 4 ? 3 : 4, static_cast<unsigned>(id));
    if (id % 4 < 2) event.provider = kProviderB;
    events.push_back(event);
  }
  const struct {
    ActivityCap cap;
    std::string amount;
  } cases[] = {
      {{.scope = CapScope::kContract,
        .period = CapPeriod::kYear,
        .amount = Money::FromCents(480'00)},
       "480.00"},
      {{.scope = CapScope::kContract,
        .period = CapPeriod::kYear,
        .amount = Money::FromCents(479'99)},
       "479.99"},
      {{.scope = CapScope::kMember,
        .period = CapPeriod::kWholePeriod,
        .amount = Money::FromCents(150'00)},
       "300.00"},
      {{.scope = CapScope::kProvider,
        .period = CapPeriod::kMonth,
        .amount = Money::FromCents(100'00)},
       "400.00"},
      {{.scope = CapScope::kMember, .period = CapPeriod::kQuarter, .events = 1}, "240.00"},
      {{.scope = CapScope::kMember, .period = CapPeriod::kMonth, .measure = "BCS", .events = 1},
       "480.00"},
  };
  for (const auto& test : cases) {
    ActivitySum terms = ExampleActivity();
    terms.key = {ActivityKeyField::kMember, ActivityKeyField::kServiceDate};
    terms.caps = {test.cap};
    ASSERT_EQ(ValidateActivity(terms), OkStatus());
    const ActivityRun run = MustRun(terms, events);
    EXPECT_EQ(Dollars(run.total.amount), test.amount);
    EXPECT_EQ(Dollars(run.total.amount + run.total.over_limit), "480.00");
  }
}

// Two caps at once, of 60.00 each: the amount cuts the third event, the count shuts out the fourth.
// An event at its last cent of both is whole, and the one after it has its reason.
TEST(Activity, TheNarrowestOfTwoCapsHolds) {
  std::vector<ActivityEvent> events;
  for (std::int64_t id = 1; id <= 4; ++id) {
    events.push_back(Visit(id));
    events.back().service_date = MakeDate(2025, 3, static_cast<unsigned>(id));
  }
  const auto earned = [&](std::int64_t cents, std::int64_t count) {
    ActivitySum terms = ExampleActivity();
    terms.key = {ActivityKeyField::kMember, ActivityKeyField::kServiceDate};
    terms.caps = {{.scope = CapScope::kContract, .amount = Money::FromCents(cents)},
                  {.scope = CapScope::kContract, .events = count}};
    EXPECT_EQ(ValidateActivity(terms), OkStatus());
    const ActivityRun run = MustRun(terms, events);
    std::vector<std::string> amounts;
    for (std::int64_t id = 1; id <= 4; ++id) {
      const ActivityLine& line = LineOf(run, id);
      amounts.push_back(Dollars(line.earned));
      EXPECT_EQ(line.reason.has_value(), line.earned.IsZero()) << id;
      EXPECT_EQ(line.reason.value_or(ReasonCode::kAnnualLimitUsed), ReasonCode::kAnnualLimitUsed);
    }
    return amounts;
  };
  EXPECT_THAT(earned(150'00, 3), ElementsAre("60.00", "60.00", "30.00", "0.00"));
  EXPECT_THAT(earned(180'00, 3), ElementsAre("60.00", "60.00", "60.00", "0.00"));  // exactly both
  EXPECT_THAT(earned(150'00, 2), ElementsAre("60.00", "60.00", "0.00", "0.00"));
  EXPECT_THAT(earned(120'00, 3), ElementsAre("60.00", "60.00", "0.00", "0.00"));
}

TEST(Activity, AnEarlierQuarterClaimsTheYearsKeyAndCap) {
  ActivityEvent first_quarter = Visit(1);
  first_quarter.service_date = MakeDate(2025, 2, 1);
  first_quarter.received_on = MakeDate(2025, 2, 2);
  ActivityEvent last_year = Visit(3, 9);
  last_year.service_date = MakeDate(2024, 12, 31);
  ActivitySum terms = ExampleActivity();
  terms.caps[0].amount = Money::FromCents(100'00);
  const DateRange second_quarter = DateRange::Between(MakeDate(2025, 4, 1), MakeDate(2025, 7, 1));
  const ActivityRun run =
      MustRun(terms, {first_quarter, Visit(2), Visit(4, 2), last_year}, second_quarter);
  ASSERT_EQ(run.lines.size(), 2U);
  EXPECT_EQ(LineOf(run, 2).reason, ReasonCode::kDuplicateActivity);
  EXPECT_EQ(Dollars(LineOf(run, 4).earned), "40.00");  // 60.00 of the year's 100.00 are used
}

TEST(Activity, PointsAreWorthWhatTheTermsSay) {
  ActivitySum terms = ExampleActivity();
  terms.prices[0].price = UnitPrice::FromMillionths(7'500'000);  // 7.5 points
  terms.point_value = UnitPrice::FromMillionths(3'333'333);
  terms.caps.clear();
  const ActivityRun run = MustRun(terms, {Visit(1, 1), Visit(2, 2)});
  EXPECT_EQ(run.total.points, Ratio(15));
  EXPECT_EQ(Dollars(run.total.amount), "49.999995");
  terms.caps = {{.scope = CapScope::kContract, .period = CapPeriod::kYear, .events = 1}};
  EXPECT_EQ(MustRun(terms, {Visit(1, 1), Visit(2, 2)}).total.points, Ratio(15, 2));
}

TEST(Activity, BadEventsAreRefusedByField) {
  const struct {
    std::function<void(ActivityEvent&)> change;
    std::string says;
  } cases[] = {{[](ActivityEvent& e) { e.event_id = 0; }, "event_id"},
               {[](ActivityEvent& e) { e.member_id = 0; }, "member_id"},
               {[](ActivityEvent& e) { e.provider = PartyId(); }, "provider"},
               {[](ActivityEvent& e) { e.practice = PartyId(); }, "practice"},
               {[](ActivityEvent& e) { e.code = ""; }, "code"},
               {[](ActivityEvent& e) { e.channel = "a\tb"; }, "channel"},
               {[](ActivityEvent& e) { e.evidence = std::string(201, 'x'); }, "evidence"}};
  for (const auto& test : cases) {
    ActivityEvent event = Visit(1);
    test.change(event);
    EXPECT_THAT(StatusMessage(CheckEvent(event)), HasSubstr(test.says));
    EXPECT_FALSE(RunActivities(ExampleActivity(), kYear, std::vector{event}).ok());
  }
  EXPECT_FALSE(RunActivities(ExampleActivity(), kYear, std::vector{Visit(1), Visit(1)}).ok());
}

// --- Terms --------------------------------------------------------------------------------------

TEST(ActivityTerms, EachContradictionIsRefusedByName) {
  const struct {
    std::function<void(ActivitySum&)> change;
    std::string says;
  } cases[] = {
      {[](ActivitySum& a) { a.prices.clear(); }, "at least one price"},
      {[](ActivitySum& a) { a.prices.push_back(a.prices[0]); }, "is stated twice"},
      {[](ActivitySum& a) { a.prices[0].price = UnitPrice(); }, "must be above zero"},
      {[](ActivitySum& a) { a.prices[0].measure.clear(); }, "needs a code and a measure"},
      {[](ActivitySum& a) { a.key.clear(); }, "needs a key"},
      {[](ActivitySum& a) { a.key.push_back(a.key[0]); }, "listed twice"},
      {[](ActivitySum& a) { a.cutoffs[1].channel = "claim"; }, "two cut-offs"},
      {[](ActivitySum& a) { a.cutoffs[0].by = CutoffOnDay{.month = 2, .day = 29}; },
       "not a day that every year has"},
      {[](ActivitySum& a) { a.caps[0].amount.reset(); }, "bounds nothing"},
      {[](ActivitySum& a) { a.caps[0].amount = Money(); }, "must be above zero"},
      {[](ActivitySum& a) { a.caps[0].measure = "XYZ"; }, "no price counts for"},
      {[](ActivitySum& a) { a.point_value = UnitPrice(); }, "value of a point"},
  };
  for (const auto& test : cases) {
    Terms terms = ExampleTerms();
    test.change(std::get<ActivitySum>(std::get<Basis>(terms.components[0].rule).kind));
    EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr(test.says));
  }
}

TEST(ActivityTerms, ComeBackFromBytesAndJson) {
  Terms terms = ExampleTerms();
  ActivitySum& activity = std::get<ActivitySum>(std::get<Basis>(terms.components[0].rule).kind);
  activity.cutoffs.push_back({.channel = "", .by = CutoffAfterService{.days = 45}});
  activity.caps.push_back(
      {.scope = CapScope::kMember, .period = CapPeriod::kQuarter, .measure = "AWV", .events = 2});
  activity.prices[2].evidence = EvidenceRule::kAccepted;
  activity.prices[2].effective.to = MakeDate(2026, 1, 1);
  activity.point_value = UnitPrice::FromMillionths(1'250'000);
  const auto back = DecodeTerms(EncodeTerms(terms));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, terms);
  EXPECT_EQ(*TermsFromJson(TermsToJson(terms)), terms);
}

// --- Properties ---------------------------------------------------------------------------------

class RandomActivity : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* fixed = std::getenv("SLUICE_TEST_SEED");
    seed_ = fixed ? static_cast<unsigned>(std::stoul(fixed)) : std::random_device{}();
    random_.seed(seed_);
    std::printf("seed %u\n", seed_);
  }
  int Up(int limit) { return std::uniform_int_distribution<int>(0, limit)(random_); }

  std::vector<ActivityEvent> Events(int count) {
    const ActivitySum terms = ExampleActivity();
    std::vector<ActivityEvent> events;
    for (int id = 1; id <= count; ++id) {
      const ActivityPrice& price = terms.prices[static_cast<std::size_t>(Up(4))];
      events.push_back({.event_id = id,
                        .member_id = 1 + Up(20),
                        .provider = PartyId(911 + Up(2)),
                        .practice = kPractice,
                        .kind = price.kind,
                        .code = price.code,
                        .service_date = MakeDate(2025, 1, 1) + Days(Up(364)),
                        .received_on = MakeDate(2025, 6, 1) + Days(Up(400)),
                        .channel = Up(1) == 0 ? "claim" : "medical_record",
                        .evidence = {},
                        .evidence_status = static_cast<EvidenceStatus>(Up(9) == 0 ? 2 : 0),
                        .voided = Up(9) == 0});
    }
    return events;
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
};

TEST_F(RandomActivity, LinesAddUpKeysAreUniqueAndCapsHold) {
  for (int round = 0; round < 50; ++round) {
    ActivitySum terms = ExampleActivity();
    terms.caps[0].amount = Money::FromCents(1 + Up(90'000));
    std::vector<ActivityEvent> events = Events(1 + Up(150));
    const ActivityRun run = MustRun(terms, events);
    std::ranges::shuffle(events, random_);
    ASSERT_EQ(MustRun(terms, events), run) << "seed " << seed_;
    std::map<std::pair<std::int64_t, std::string>, int> keys;
    std::map<PartyId, Exact> by_provider;
    Exact total;
    for (const ActivityLine& line : run.lines) {
      ASSERT_EQ(line.earned.IsZero(), line.reason.has_value()) << "seed " << seed_;
      if (!line.priced.IsZero()) {
        const int uses = ++keys[{line.event.member_id, line.measure}];
        ASSERT_EQ(uses, 1) << "seed " << seed_;
      }
      by_provider[line.event.provider] = by_provider[line.event.provider] + line.earned;
      total = total + line.earned;
    }
    ASSERT_EQ(total, run.total.amount) << "seed " << seed_;
    for (const auto& [provider, amount] : by_provider) {
      ASSERT_LE(amount, Exact(*terms.caps[0].amount)) << "seed " << seed_;
    }
  }
}

TEST_F(RandomActivity, VoidingEveryEventLeavesNothingAndOneVoidNeverAddsAKey) {
  std::vector<ActivityEvent> events = Events(120);
  ActivitySum terms = ExampleActivity();
  terms.caps.clear();
  ActivityRun before = MustRun(terms, events);
  for (ActivityEvent& event : events) {
    event.voided = true;
    ActivityRun after = MustRun(terms, events);
    // One activity fewer, or the next duplicate in its place; prices are those of the measure.
    ASSERT_LE(after.total.amount, before.total.amount) << "seed " << seed_;
    before = std::move(after);
  }
  EXPECT_TRUE(before.total.amount.IsZero());
  EXPECT_EQ(before.reasons.at(ReasonCode::kActivityVoided), before.total.submitted);
}

}  // namespace
}  // namespace sluice::performance
