// The Medicare Shared Savings Program (42 CFR 425) as contract terms.
//
// Tracks, rates, caps and limits are rows of a table; the year decides which rules hold. A payer
// with a design of its own writes other terms: nothing in the calculator knows about this program.
// Parameters are those of PROGRAM_MATH section 3; marks there say which are proven.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/status.h"
#include "performance/terms.h"

namespace sluice::performance {

enum class MsspTrack : std::uint8_t {
  kTrack1,
  kTrack1Plus,
  kTrack2,
  kTrack3,
  kBasicA,
  kBasicB,
  kBasicC,
  kBasicD,
  kBasicE,
  kEnhanced,
};

// "Track 1+", "BASIC level E", "ENHANCED".
std::string_view MsspTrackName(MsspTrack track);
// Reads the many ways in which results files write a track: "B", "BASIC Level B", "Basic_B", "EN",
// "ENHANCED", "1", "Track 1+", "1_Plus". InvalidArgument when it is none of them.
StatusOr<MsspTrack> ParseMsspTrack(std::string_view text);
bool IsTwoSided(MsspTrack track);
// The largest share of a saving, whatever the quality.
Rate MsspMaximumShare(MsspTrack track);
// The text that the fact "track" carries: "1", "1+", "2", "3", "A" to "E", "EN".
std::string_view MsspTrackCode(MsspTrack track);

// What of a participation decides its terms.
struct MsspParticipation {
  int performance_year = 0;
  MsspTrack track = MsspTrack::kTrack1;
  // 1 in the first year of the first agreement; decides the loss limit of track 2.
  int agreement_year = 3;
  // Track 1+ only: the loss limit follows the participants' revenue instead of the benchmark.
  bool revenue_loss_limit = false;
  // An advance is outstanding: the fact "advance_balance" is recovered from the award.
  bool has_advance = false;
  // What to do while the participants' revenue is not known.
  WhenAbsent revenue_absent = WhenAbsent::kBlock;
};

// The facts that these terms read: amounts "benchmark", "expenditure", "participant_revenue",
// "disaster_relief" (positive), "advance_balance"; ratios "minimum_rate" (as elected or published),
// "quality_score", "period_fraction", "relief_fraction"; counts "assigned_beneficiaries"; flags
// "quality_standard_met", "alternative_standard_met", "guardrail"; texts "track",
// "revenue_category" ("low" or "high"); date "agreement_start".
//
// InvalidArgument for a year before the program or a track that did not exist in it.
StatusOr<Terms> MsspTerms(const MsspParticipation& participation);

// The elections of a minimum rate: 0, 0.5, 1.0, 1.5 and 2.0 %.
std::span<const Ratio> MsspElections();

// The saving or loss that counts: the running value when it has passed every gate before the
// rate, else zero. What the results files print as generated savings or losses.
Exact GatedSaving(const Award& award);

}  // namespace sluice::performance
