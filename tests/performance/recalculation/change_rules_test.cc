// Rules of changes: what they say, what they refuse, and what becomes of an edit.
#include "performance/recalculation/change_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

ChangeRules Parsed(const std::string& toml) {
  const auto rules = ParseChangeRules(toml, "rules.toml");
  EXPECT_TRUE(rules.ok()) << rules.status();
  return rules.value_or(ChangeRules{});
}

KnownCalculation Calculation(const DateRange& period) {
  return {.contract = ContractId(1),
          .program = ProgramId(2),
          .stream = "ssl",
          .period = period,
          .pay_date = *period.to + Days(90),
          .hierarchy_as_of = *period.to - Days(1),
          .first_known_at = Instant::AtMidnight(*period.to),
          .known_at = Instant::AtMidnight(*period.to)};
}

ChangeEvent Edit(EditKind kind, const DateRange& affected, Date recorded) {
  return {.kind = kind,
          .contract = ContractId(1),
          .affected = affected,
          .recorded_at = Instant::AtMidnight(recorded)};
}

TEST(ChangeRules, ShippedFileAndDefaultsAreGood) {
  std::ifstream file("deploy/config/change_rules.toml");
  ASSERT_TRUE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(Parsed(text.str()).rules.size(), 4U);
  EXPECT_EQ(DefaultChangeRules().rules.size(), 2U);
}

TEST(ChangeRules, EachFaultIsNamed) {
  const auto fault = [](const std::string& toml) {
    return StatusMessage(ParseChangeRules(toml, "rules.toml").status());
  };
  EXPECT_THAT(fault(""), HasSubstr("no [[rule]]"));
  EXPECT_THAT(fault("[[rule]]\nkinds = [\"weather\"]"), HasSubstr("'weather' is no kind"));
  EXPECT_THAT(fault("[[rule]]\nstreams = [\"bonus\"]"), HasSubstr("'bonus' is no VBPR"));
  EXPECT_THAT(fault("[[rule]]\nrun = \"soon\""), HasSubstr("next_run"));
  EXPECT_THAT(fault("[[rule]]\nlook_back_days = -1"), HasSubstr("look_back_days"));
  EXPECT_THAT(fault("[[rule]]\nlookback = 1"), HasSubstr("lookback"));
  EXPECT_THAT(fault("[[rule]]\nprograms = [\"ctr_1\"]"), HasSubstr("programs"));
}

TEST(ChangeRules, FirstRuleThatFitsDecides) {
  const ChangeRules rules = Parsed(
      "[[rule]]\nkinds = [\"party_detail\"]\nrun = \"never\"\n"
      "[[rule]]\nkinds = [\"panel\"]\nstreams = [\"pcpcp\"]\nrun = \"next_run\"\n"
      "[[rule]]\nprograms = [\"" + ProgramId(2).ToString() + "\"]\n");
  const DateRange year = DateRange::Year(2025);
  const KnownCalculation calculation = Calculation(year);
  const Date day = MakeDate(2026, 3, 1);
  const auto verdict = [&](EditKind kind, const KnownCalculation& of) {
    return Judge(rules, Edit(kind, year, day), of, of.SeenUntil()).verdict;
  };
  EXPECT_EQ(verdict(EditKind::kPartyDetail, calculation), ChangeVerdict::kNoRule);
  EXPECT_EQ(verdict(EditKind::kPanel, calculation), ChangeVerdict::kQueued);
  KnownCalculation capitation = calculation;
  capitation.stream = "pcpcp";
  EXPECT_EQ(verdict(EditKind::kPanel, capitation), ChangeVerdict::kNextRun);
  KnownCalculation other = calculation;
  other.program = ProgramId(3);
  EXPECT_EQ(verdict(EditKind::kFact, other), ChangeVerdict::kNoRule);
}

// feature:Q01 the period that begins on the look-back day is open, the one a day before is frozen
TEST(ChangeRules, LookBackDayIsTheFirstOpenOne) {
  const ChangeRules rules = Parsed("[[rule]]\nlook_back_days = 90\n");
  const Date learned = MakeDate(2026, 7, 20);  // 90 days before: 2026-04-21
  const auto judged = [&](Date first_day) {
    const DateRange period = DateRange::Between(first_day, first_day + Days(30));
    const KnownCalculation calculation = Calculation(period);
    return Judge(rules, Edit(EditKind::kFact, period, learned), calculation,
                 calculation.SeenUntil());
  };
  EXPECT_EQ(judged(MakeDate(2026, 4, 21)).verdict, ChangeVerdict::kQueued);
  const Judgment frozen = judged(MakeDate(2026, 4, 20));
  EXPECT_EQ(frozen.verdict, ChangeVerdict::kFrozen);
  EXPECT_THAT(frozen.reason, StartsWith("PERIOD_FROZEN"));
  EXPECT_THAT(frozen.reason, HasSubstr("2026-04-21"));
  // Of a day and a number of days, the later counts.
  const ChangeRules both =
      Parsed("[[rule]]\nlook_back_days = 90\nlook_back_date = 2026-05-01\n");
  const DateRange april = DateRange::Between(MakeDate(2026, 4, 25), MakeDate(2026, 5, 25));
  EXPECT_EQ(Judge(both, Edit(EditKind::kFact, april, learned), Calculation(april), Instant())
                .verdict,
            ChangeVerdict::kFrozen);
}

TEST(ChangeRules, WhatTheNewestVersionSawIsNotRunAgain) {
  const DateRange year = DateRange::Year(2025);
  KnownCalculation calculation = Calculation(year);
  const ChangeEvent edit = Edit(EditKind::kFact, year, MakeDate(2026, 3, 1));
  EXPECT_TRUE(Touches(edit, calculation));
  calculation.known_at = edit.recorded_at;
  EXPECT_EQ(Judge(DefaultChangeRules(), edit, calculation, calculation.SeenUntil()).verdict,
            ChangeVerdict::kSeen);
  calculation.known_at = Instant();
  calculation.checked_at = edit.recorded_at;
  EXPECT_EQ(Judge(DefaultChangeRules(), edit, calculation, calculation.SeenUntil()).verdict,
            ChangeVerdict::kSeen);
  // Also where the period is frozen by now: there is nothing left to post.
  const ChangeRules short_look_back = Parsed("[[rule]]\nlook_back_days = 1\n");
  EXPECT_EQ(Judge(short_look_back, edit, calculation, calculation.SeenUntil()).verdict,
            ChangeVerdict::kSeen);
  EXPECT_EQ(Judge(short_look_back, edit, calculation, Instant()).verdict, ChangeVerdict::kFrozen);
  // What was recorded before the first calculation was never unknown to it.
  calculation.first_known_at = edit.recorded_at;
  EXPECT_FALSE(Touches(edit, calculation));
}

TEST(ChangeRules, KindsTouchCalculationsByTheirOwnDays) {
  const KnownCalculation year = Calculation(DateRange::Year(2025));  // paid 2026-04-01
  const Date learned = MakeDate(2026, 6, 1);
  const auto touches = [&](EditKind kind, Date from, Date to) {
    return Touches(Edit(kind, DateRange::Between(from, to), learned), year);
  };
  // Facts: exactly the period. Terms: the range in which the period begins.
  EXPECT_TRUE(touches(EditKind::kFact, MakeDate(2025, 1, 1), MakeDate(2026, 1, 1)));
  EXPECT_FALSE(touches(EditKind::kFact, MakeDate(2025, 1, 1), MakeDate(2025, 12, 31)));
  EXPECT_TRUE(touches(EditKind::kTerms, MakeDate(2025, 1, 1), MakeDate(2025, 1, 2)));
  EXPECT_FALSE(touches(EditKind::kTerms, MakeDate(2025, 1, 2), MakeDate(2026, 1, 1)));
  // Coverage: a day of the period. The hierarchy: until the pay date.
  EXPECT_TRUE(touches(EditKind::kCoverage, MakeDate(2025, 12, 31), MakeDate(2026, 5, 1)));
  EXPECT_FALSE(touches(EditKind::kCoverage, MakeDate(2026, 1, 1), MakeDate(2026, 5, 1)));
  EXPECT_TRUE(touches(EditKind::kAffiliation, MakeDate(2026, 4, 1), MakeDate(2026, 5, 1)));
  EXPECT_FALSE(touches(EditKind::kAffiliation, MakeDate(2026, 4, 2), MakeDate(2026, 5, 1)));
  for (const EditKind kind : AllEditKinds()) {
    EXPECT_EQ(ParseEditKind(EditKindName(kind)).value(), kind);
  }
}

}  // namespace
}  // namespace sluice::performance
