// The rules of terms: each refusal names the component and the rule.
#include "performance/terms_validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "performance/mssp_terms.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

struct Case {
  std::string name;
  std::function<void(Terms&)> change;
  std::string message;
};

// The kitchen sink: 0 basis, 1 conditions, 2 fixed, 3 table, 4 elected, 5 reported, 6 count,
// 7 standing, 8 never, 9 score, 10 rate, 11 corridor, 12 reduction, 13 cap, 14 floor, 15 relief,
// 16 relief, 17 rounding, 18 recoupment, 19 withhold, 20 split.
template <typename T>
T& At(Terms& terms, std::size_t index) {
  return std::get<T>(terms.components[index].rule);
}

void Move(Terms& terms, std::size_t from, std::size_t to) {
  Component component = terms.components[from];
  terms.components.erase(terms.components.begin() + static_cast<std::ptrdiff_t>(from));
  terms.components.insert(terms.components.begin() + static_cast<std::ptrdiff_t>(to), component);
}

void Erase(Terms& terms, std::size_t index) {
  terms.components.erase(terms.components.begin() + static_cast<std::ptrdiff_t>(index));
}

std::vector<Case> Cases() {
  return {
      {"none", [](Terms& t) { t.components.clear(); }, "terms have no components"},
      {"basis late", [](Terms& t) { Move(t, 0, 1); }, "component 1 (gate): the first component"},
      {"two bases", [](Terms& t) { t.components.insert(t.components.begin(), t.components[0]); },
       "component 2 (basis): there is only one basis"},
      {"no rounding", [](Terms& t) { t.components.resize(17); }, "terms have no rounding"},
      {"two roundings",
       [](Terms& t) { t.components.insert(t.components.begin() + 17, t.components[17]); },
       "component 19 (rounding): an award is rounded exactly once"},
      {"recoupment before rounding", [](Terms& t) { Move(t, 18, 17); },
       "component 18 (recoupment): it must come after the rounding"},
      {"cap after rounding", [](Terms& t) { Move(t, 13, 17); },
       "component 18 (cap): it must come before the rounding"},
      {"two recoupments",
       [](Terms& t) { t.components.insert(t.components.begin() + 18, t.components[18]); },
       "component 20 (recoupment): there is at most one"},
      {"split before withhold", [](Terms& t) { Move(t, 20, 19); },
       "component 21 (withhold): it must come before the split"},
      {"two scores",
       [](Terms& t) { t.components.insert(t.components.begin() + 9, t.components[9]); },
       "component 11 (score): there is at most one score"},
      {"relief before cap", [](Terms& t) { Move(t, 13, 16); },
       "component 15 (relief): a cap on losses follows the relief"},
      {"relief without cap", [](Terms& t) { At<Cap>(t, 13).side = Side::kGain; },
       "component 16 (relief): relief needs a cap on losses before it"},
      {"rate after relief", [](Terms& t) { Move(t, 10, 16); }, "a rate on losses follows"},
      {"gate without score", [](Terms& t) { Erase(t, 9); },
       "component 6 (gate): a gate on measures needs a score component"},
      {"score after its rate", [](Terms& t) { Move(t, 9, 10); },
       "component 10 (rate): a rate that names no score fact needs a score component before it"},
      {"factor without rate", [](Terms& t) { Erase(t, 10); },
       "component 4 (gate): a factor needs a rate on its side after the gate"},
      {"rate above 100 %",
       [](Terms& t) {
         At<RateComponent>(t, 10).cases[0].rule = FixedRate{Rate::FromMillionths(1'000'001)};
       },
       "component 11 (rate): a rate must be above 0 % and at most 100 %"},
      {"rate of zero", [](Terms& t) { At<RateComponent>(t, 10).cases[0].rule = FixedRate{Rate()}; },
       "a rate must be above 0 %"},
      {"open case first", [](Terms& t) { At<RateComponent>(t, 10).cases[0].when.clear(); },
       "a rate case without conditions must be the last"},
      {"bounds turned round",
       [](Terms& t) {
         auto& rule = std::get<ComplementOfScore>(At<RateComponent>(t, 10).cases[2].rule);
         std::swap(rule.lowest, rule.highest);
       },
       "the lowest rate is above the highest"},
      {"unknown reduction", [](Terms& t) { At<Reduction>(t, 12).table = "state_tax"; },
       "component 13 (reduction): there is no statutory table 'state_tax'"},
      {"unknown minimum table",
       [](Terms& t) {
         std::get<TableThreshold>(std::get<ValueAtLeast>(At<Gate>(t, 3).test).threshold).table =
             "guess";
       },
       "component 4 (gate): there is no statutory table 'guess'"},
      {"note as reason",
       [](Terms& t) { At<Gate>(t, 3).on_fail.gain_reason = ReasonCode::kHalfRate; },
       "HALF_RATE is not a reason for zero"},
      {"reason as note", [](Terms& t) { At<Cap>(t, 13).limits[0].note = ReasonCode::kNoSavings; },
       "NO_SAVINGS is not a note"},
      {"same threshold and target",
       [](Terms& t) { At<Score>(t, 9).measures[0].target = At<Score>(t, 9).measures[0].threshold; },
       "measure CBP has the same threshold and target"},
      {"measure twice",
       [](Terms& t) {
         auto& measures = At<Score>(t, 9).measures;
         measures.push_back(measures[0]);
       },
       "measure CBP is listed twice"},
      {"weight of zero", [](Terms& t) { At<Score>(t, 9).measures[0].weight = Ratio(0); },
       "weight that is not above zero"},
      {"closed last band", [](Terms& t) { At<Corridor>(t, 11).bands[1].up_to = Ratio(1); },
       "the last band is open"},
      {"falling bands",
       [](Terms& t) {
         auto& bands = At<Corridor>(t, 11).bands;
         bands.insert(bands.begin(), Band{Ratio(1, 10), Rate()});
       },
       "bands must grow from zero"},
      {"empty cap", [](Terms& t) { At<Cap>(t, 13).limits.clear(); }, "a cap needs at least one"},
      {"split floor above cap",
       [](Terms& t) { At<Split>(t, 20).levels[1].floor = Money::FromCents(56'001); },
       "component 21 (split): level 2: a floor is above its cap"},
      {"nameless weights", [](Terms& t) { At<Split>(t, 20).levels[1].weight_name.clear(); },
       "a split by weights must name a fact"},
      {"withhold of nothing", [](Terms& t) { t.payment_withhold->rate = Rate(); },
       "the withhold on each payment: a withhold must be above 0 %"},
  };
}

TEST(ValidateTerms, AcceptsOneOfEverything) {
  EXPECT_EQ(ValidateTerms(KitchenSinkTerms()), OkStatus());
}

// feature:C02
TEST(ValidateTerms, RefusesEachBrokenRuleAndNamesIt) {
  for (const Case& test : Cases()) {
    Terms terms = KitchenSinkTerms();
    test.change(terms);
    const Status status = ValidateTerms(terms);
    ASSERT_FALSE(status.ok()) << test.name;
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(StatusMessage(status), HasSubstr(test.message)) << test.name;
  }
}

TEST(MsspTerms, RefusesATrackOutsideItsYears) {
  EXPECT_FALSE(MsspTerms({.performance_year = 2018, .track = MsspTrack::kBasicE}).ok());
  EXPECT_FALSE(MsspTerms({.performance_year = 2015, .track = MsspTrack::kTrack3}).ok());
  EXPECT_FALSE(MsspTerms({.performance_year = 2024, .track = MsspTrack::kTrack1}).ok());
  EXPECT_FALSE(MsspTerms({.performance_year = 2011, .track = MsspTrack::kTrack1}).ok());
}

}  // namespace
}  // namespace sluice::performance
