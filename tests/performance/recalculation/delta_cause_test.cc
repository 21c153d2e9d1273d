// Causes of a delta: in the order of time, together where they cannot be told apart, to the cent.
#include "performance/recalculation/delta_cause.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Instant At(std::int64_t second) { return Instant::FromMicros(second * 1'000'000); }
Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

ChangeEvent Edit(std::int64_t id, std::int64_t second, EditKind kind) {
  return {.id = ChangeEventId(id),
          .kind = kind,
          .cause = "edit " + std::to_string(id),
          .recorded_at = At(second)};
}

PayableAt State(std::int64_t second, std::optional<std::int64_t> cents, bool of_engine = false) {
  PayableAt state{.at = At(second), .of_engine = of_engine};
  if (cents) state.payable = Cents(*cents);
  return state;
}

std::vector<DeltaCause> Explained(std::int64_t before, std::int64_t after,
                                  const std::vector<ChangeEvent>& events,
                                  const std::vector<PayableAt>& states) {
  return ExplainDelta({.before = Cents(before),
                       .anew = Cents(before),
                       .after = Cents(after),
                       .events = events,
                       .states = states});
}

TEST(DeltaCause, EachEditHasTheDifferenceItMade) {
  const auto causes = Explained(
      1'000, 700,
      {Edit(1, 1, EditKind::kFact), Edit(2, 2, EditKind::kTerms), Edit(3, 3, EditKind::kFact)},
      {State(1, 900), State(2, 900), State(3, 700)});
  ASSERT_THAT(causes, SizeIs(3));
  EXPECT_EQ(causes[0], (DeltaCause{Cents(-100), "edit 1", {ChangeEventId(1)}}));
  EXPECT_EQ(causes[1], (DeltaCause{Cents(0), "edit 2", {ChangeEventId(2)}}));
  EXPECT_EQ(causes[2], (DeltaCause{Cents(-200), "edit 3", {ChangeEventId(3)}}));
}

TEST(DeltaCause, EditsOfOneInstantShareALine) {
  const auto causes =
      Explained(0, 50, {Edit(1, 1, EditKind::kFact), Edit(2, 1, EditKind::kFact)}, {State(1, 50)});
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_THAT(causes[0].events, ElementsAre(ChangeEventId(1), ChangeEventId(2)));
  EXPECT_THAT(causes[0].cause, HasSubstr("2 changes together: edit 1; edit 2"));
}

TEST(DeltaCause, WhatWasBlockedBetweenCountsWithWhatUnblockedIt) {
  const auto causes =
      Explained(100, 300, {Edit(1, 1, EditKind::kFact), Edit(2, 2, EditKind::kFact)},
                {State(1, std::nullopt), State(2, 300)});
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, Cents(200));
}

TEST(DeltaCause, AnEngineBelongsToTheDetailsBeforeItAndNotToFacts) {
  // A fact is worth 10, two voids act through the engine and are worth -60 together.
  const auto causes = Explained(100, 50,
                                {Edit(1, 1, EditKind::kFact), Edit(2, 2, EditKind::kActivityVoid),
                                 Edit(3, 3, EditKind::kActivityVoid)},
                                {State(1, 110), State(2, 110), State(3, 110), State(9, 50, true)});
  ASSERT_THAT(causes, SizeIs(2));
  EXPECT_EQ(causes[0].amount, Cents(10));
  EXPECT_THAT(causes[0].events, ElementsAre(ChangeEventId(1)));
  EXPECT_EQ(causes[1].amount, Cents(-60));
  EXPECT_THAT(causes[1].events, ElementsAre(ChangeEventId(2), ChangeEventId(3)));
}

TEST(DeltaCause, TermsActDirectlyAndThroughTheEngine) {
  const auto causes = Explained(100, 180, {Edit(1, 1, EditKind::kTerms)},
                                {State(1, 90), State(9, 180, true)});
  ASSERT_THAT(causes, SizeIs(1));
  EXPECT_EQ(causes[0].amount, Cents(80));
}

TEST(DeltaCause, WhatNoEditExplainsStandsAlone) {
  const std::vector<ChangeEvent> events = {Edit(1, 1, EditKind::kFact)};
  const std::vector<PayableAt> states = {State(1, 130)};
  const auto causes = ExplainDelta({.before = Cents(100),
                                    .anew = Cents(98),
                                    .after = Cents(130),
                                    .events = events,
                                    .states = states});
  ASSERT_THAT(causes, SizeIs(2));
  EXPECT_EQ(causes[0].amount, Cents(-2));
  EXPECT_THAT(causes[0].events, IsEmpty());
  EXPECT_EQ(causes[1].amount, Cents(32));
  EXPECT_THAT(Explained(5, 5, {}, {}), IsEmpty());
}

// Amounts sum to the delta, and every edit is in exactly one line, whatever happened.
TEST(DeltaCause, AnyHistorySumsToItsDelta) {
  const char* fixed = std::getenv("SLUICE_TEST_SEED");
  const unsigned seed =
      fixed != nullptr ? static_cast<unsigned>(std::stoul(fixed)) : std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  const auto up = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 2'000; ++round) {
    std::vector<ChangeEvent> events;
    std::vector<PayableAt> states;
    std::int64_t id = 0;
    for (std::int64_t second = 1; second <= up(8); ++second) {
      const bool engine = up(3) == 0;
      for (int i = 0; !engine && i <= up(2); ++i) {
        events.push_back(
            Edit(++id, second, AllEditKinds()[static_cast<std::size_t>(up(21))]));
      }
      std::optional<std::int64_t> cents;
      if (up(4) != 0) cents = up(3) * 100;
      states.push_back(State(second, cents, engine));
    }
    const std::int64_t before = up(3) * 100;
    const std::int64_t after = up(3) * 100;
    const auto causes = ExplainDelta({.before = Cents(before),
                                      .anew = Cents(up(3) * 100),
                                      .after = Cents(after),
                                      .events = events,
                                      .states = states});
    Money sum;
    std::multiset<ChangeEventId> named;
    for (const DeltaCause& cause : causes) {
      sum += cause.amount;
      named.insert(cause.events.begin(), cause.events.end());
    }
    EXPECT_EQ(sum, Cents(after - before)) << "round " << round;
    EXPECT_EQ(named.size(), events.size()) << "round " << round;
    for (const ChangeEvent& event : events) EXPECT_EQ(named.count(event.id), 1U);
  }
}

}  // namespace
}  // namespace sluice::performance
