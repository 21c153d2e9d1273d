// Quality in the terms of a contract: measures to points, points to a score, a score to a rate, and
// what becomes of the dollars that were not earned.
//
//   1. A measure earns points of its possible points. The rule is data; every number in it (cut
//      points, slopes, caps) is the contract's, never a constant of this program.
//   2. Rates, thresholds, points and weights are exact ratios. Equality reaches a threshold, except
//      where a tie rule says otherwise.
//   3. The facts are those of the calculation's period. A baseline or a peer group that is missing
//      blocks the award; it is never read as zero.
//
// The published form is proto/sluice/performance/v1/terms_quality.proto.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/date.h"
#include "core/money.h"

namespace sluice::performance {

// What happens to a measure whose denominator is zero or below its minimum.
enum class SmallDenominator : std::uint8_t {
  kDropAndReweight = 0,  // the measure leaves the score, its weight with it
  kScoreZero = 1,        // it counts with zero points
  kDefaultRate = 2,      // it counts with `default_rate`
  kRollUp = 3,           // it counts with the parent's result, the measure fact `parent_measure`
};

// ---- Points: how the rate of a measure becomes points. ----

// (rate - threshold) / (target - threshold), cut to 0..1, where a target below the threshold means
// that lower is better. With points_at_threshold p, points run from p to 1. Possible: 1.
struct LinearPoints {
  friend bool operator==(const LinearPoints&, const LinearPoints&) = default;
};

struct PointsStep {
  Ratio at;  // a rate, a percentile or a share, as the rule says
  Ratio points;
  friend bool operator==(const PointsStep&, const PointsStep&) = default;
};
// A table of rates and points, from the worst rate to the best. Whole: the points of the last step
// reached. Marginal: each slice of the rate between two steps earns its part of the second step's
// increase. Below the first step there are none. Possible: the last step's points.
struct TierPoints {
  std::vector<PointsStep> steps;
  bool marginal = false;
  bool lower_is_better = false;
  friend bool operator==(const TierPoints&, const TierPoints&) = default;
};

// One star, and one more for each cut point reached. Possible: one more than there are cuts.
struct StarPoints {
  std::vector<Ratio> cuts;  // from 2 stars up; worst to best
  bool lower_is_better = false;
  friend bool operator==(const StarPoints&, const StarPoints&) = default;
};

// How a percentile of n peer rates, ordered from worst to best, is found. The definition moves
// money: PROGRAM_MATH 9.1.
enum class PercentileMethod : std::uint8_t {
  kR7 = 0,           // linear between ranks at p x (n - 1): the spreadsheet's PERCENTILE.INC
  kNearestRank = 1,  // the rate at rank ceil(p x n): always the rate of a peer
};
// What a rate equal to a percentile does.
enum class TieRule : std::uint8_t { kReaches = 0, kFallsShort = 1 };
// The rates of a peer group as agreed, in force from a day.
struct PeerRates {
  Date from{};
  std::vector<Ratio> rates;
  friend bool operator==(const PeerRates&, const PeerRates&) = default;
};
// Points by percentile of a stated peer group: those of the last step whose percentile is reached.
// The peers are the text fact `peers_fact` (rates separated by blanks) or, when it is empty, the
// last row of `peers` in force on the first day of the period. Possible: the last step's points.
struct PercentilePoints {
  std::string peer_group;  // for people: "Medicare Advantage HMO plans, 2025"
  std::string peers_fact;
  std::vector<PeerRates> peers;
  PercentileMethod method = PercentileMethod::kR7;
  TieRule ties = TieRule::kReaches;
  bool lower_is_better = false;
  std::vector<PointsStep> steps;  // at: 0..1, growing
  friend bool operator==(const PercentilePoints&, const PercentilePoints&) = default;
};

// The result of an earlier period that improvement is measured from. It is fixed: the rate in the
// contract or, without one, the measure fact `measure`; the period ends before the calculation's.
struct Baseline {
  DateRange period;     // closed
  std::string measure;  // id of the measure fact that holds the baseline result
  std::optional<Ratio> rate;
  friend bool operator==(const Baseline&, const Baseline&) = default;
};

// The better of attainment and improvement, as in hospital value-based purchasing (42 CFR 412.165):
//   attainment  0 below threshold; `full` at the target and past it; between them
//               attainment_span x (rate - threshold) / (target - threshold) + attainment_start
//   improvement improvement_span x (rate - base) / (target - base) + improvement_start, within 0
//               and improvement_most; none where the rate is no better than the base, or the base
//               has too few people or is at the target already
// Possible: `full`.
struct AttainOrImprove {
  Ratio full;
  Ratio attainment_span;
  Ratio attainment_start;
  Ratio improvement_span;
  Ratio improvement_start;
  Ratio improvement_most;
  Baseline baseline;
  friend bool operator==(const AttainOrImprove&, const AttainOrImprove&) = default;
};

// How improvement is counted, always positive when the rate got better.
enum class ImprovementKind : std::uint8_t {
  kDifference = 0,  // rate - base
  kRelative = 1,    // (rate - base) / base
  kGapClosed = 2,   // (rate - base) / (the measure's target - base)
};
// Linear points by improvement over the baseline: from `threshold` (the measure's
// points_at_threshold) to `target` (1). Possible: 1.
struct ImprovementPoints {
  Baseline baseline;
  ImprovementKind kind = ImprovementKind::kDifference;
  Ratio threshold;
  Ratio target;
  bool lower_is_better = false;
  friend bool operator==(const ImprovementPoints&, const ImprovementPoints&) = default;
};

// Pay for reporting: all the points for a reported measure, whatever its rate.
struct ReportingPoints {
  Ratio points = Ratio(1);
  friend bool operator==(const ReportingPoints&, const ReportingPoints&) = default;
};

using PointsRule = std::variant<LinearPoints, TierPoints, StarPoints, PercentilePoints,
                                AttainOrImprove, ImprovementPoints, ReportingPoints>;

// From a performance year on, a measure that nearly everybody meets earns at most `points_cap`, or
// leaves the score when there is none.
struct ToppedOut {
  int from_year = 0;
  std::optional<Ratio> points_cap;
  friend bool operator==(const ToppedOut&, const ToppedOut&) = default;
};

// Evidence received after the day does not count: the measure is not reported.
struct MeasureEvidence {
  std::string received_fact;  // date fact
  Date last_day{};
  friend bool operator==(const MeasureEvidence&, const MeasureEvidence&) = default;
};

// One quality measure. `threshold` and `target` are those of LinearPoints and AttainOrImprove; the
// other rules state their own, and kGapClosed reads the target.
struct MeasureTerm {
  std::string id;
  Ratio threshold;
  Ratio target;
  Ratio weight = Ratio(1);
  std::int64_t minimum_denominator = 0;
  SmallDenominator small = SmallDenominator::kDropAndReweight;
  Ratio points_at_threshold;
  PointsRule points = LinearPoints{};
  std::string domain;  // one of Score::domains; empty when there are none
  std::optional<Ratio> default_rate = std::nullopt;  // of kDefaultRate
  std::string parent_measure;                        // of kRollUp: id of the parent's measure fact
  std::vector<ToppedOut> topped_out;                 // by growing year; the last reached counts
  Ratio points_unit;           // points are rounded half up to multiples of it; zero: not rounded
  bool hold_harmless = false;  // may leave the score: Score::hold_harmless_from
  std::optional<MeasureEvidence> evidence = std::nullopt;

  // Of the linear scale: a target below the threshold.
  bool LowerIsBetter() const { return target < threshold; }
  friend bool operator==(const MeasureTerm&, const MeasureTerm&) = default;
};

// ---- score: measures to one ratio. ----

// Points added to a domain for measures that got significantly better: the share (improved -
// declined) / scored measures of the domain picks the last step it reaches. Significance is a fact,
// tested where the samples are. Together with the points at most 100 % of the possible.
struct DomainReward {
  std::string improved_fact;  // count facts
  std::string declined_fact;
  std::vector<PointsStep> steps;  // at: a share, growing
  friend bool operator==(const DomainReward&, const DomainReward&) = default;
};
struct ScoreDomain {
  std::string name;
  Ratio weight;  // the weights of the domains add up to 1
  // With fewer scored measures the domain leaves the score and the others carry its weight, or it
  // counts with zero.
  int minimum_measures = 1;
  bool small_is_zero = false;
  std::optional<DomainReward> reward = std::nullopt;
  friend bool operator==(const ScoreDomain&, const ScoreDomain&) = default;
};

enum class ScoreMethod : std::uint8_t {
  kShareOfPossible = 0,  // sum of weight x points / sum of weight x possible points, x scale
  kMeanPoints = 1,       // sum of weight x points / sum of weights: a number of stars
};
// A ratio fact that is added to the score: a reward factor, a categorical adjustment index.
struct ScoreAdjustment {
  std::string name;  // for people
  std::string fact;
  friend bool operator==(const ScoreAdjustment&, const ScoreAdjustment&) = default;
};
// The score of the measures, or the mean of the domains' scores by their weights; then the
// adjustments in order, one rounding, and the limits.
struct Score {
  std::vector<MeasureTerm> measures;
  std::vector<ScoreDomain> domains;  // none: the measures are not grouped
  ScoreMethod method = ScoreMethod::kShareOfPossible;
  Ratio scale = Ratio(1);
  std::vector<ScoreAdjustment> adjustments;
  Ratio rounding_unit;  // half up to multiples of it; zero: not rounded
  std::optional<Ratio> lowest = std::nullopt;
  std::optional<Ratio> highest = std::nullopt;
  // When the final score without the hold-harmless measures is at least this, and lower with them,
  // they leave the score.
  std::optional<Ratio> hold_harmless_from = std::nullopt;
  // With fewer scored measures there is no score: the value is zero.
  int minimum_measures = 0;

  // The score lies within 0 and 1, so that a rate may be multiplied by it.
  bool IsShare() const {
    return method == ScoreMethod::kShareOfPossible && scale == Ratio(1) && adjustments.empty();
  }
  friend bool operator==(const Score&, const Score&) = default;
};

// ---- Gates on the score. ----

// Passes when the score (or the named domain's) computed before the gate is at least the minimum.
struct ScoreAtLeast {
  Ratio minimum;
  std::string domain;
  friend bool operator==(const ScoreAtLeast&, const ScoreAtLeast&) = default;
};
// Passes when in every domain at least `minimum` scored measures are at threshold or better.
struct AttainedInEachDomain {
  int minimum = 1;
  friend bool operator==(const AttainedInEachDomain&, const AttainedInEachDomain&) = default;
};

// ---- A rate read off a curve over the score. ----

// A straight piece that ends at a score. The rate may be negative: a penalty.
struct CurvePiece {
  Ratio up_to;
  bool including = true;  // a score of exactly `up_to` is on this piece, else on the next
  Rate at_start;
  Rate at_end;
  friend bool operator==(const CurvePiece&, const CurvePiece&) = default;
};
// Pieces from the score `from` on; a piece may start elsewhere than the last one ended. A positive
// rate is multiplied by the ratio fact `gain_factor_fact` (a scaling factor that makes gains equal
// losses, or spends a pool), at most `gain_factor_most`. A score off the curve blocks.
struct RateByScore {
  std::string score_fact;  // ratio fact; empty: the score component before this one
  Ratio from;
  std::vector<CurvePiece> pieces;
  std::string gain_factor_fact;  // empty: none
  std::optional<Ratio> gain_factor_most = std::nullopt;
  friend bool operator==(const RateByScore&, const RateByScore&) = default;
};

// ---- redistribute: what the contracts of a program forfeit. ----

// `share` of what the contracts of the program forfeit to the pool goes to those of them whose
// score is at least `minimum_score`, in proportion to the count fact `weight_fact`, each at most
// `most`; the rest stays in the pool. The component states the rule on each settlement; the shares
// are computed over the whole program: performance/quality/redistribution.h.
struct Redistribute {
  Ratio minimum_score;
  std::string weight_fact = "member_months";
  Rate share = Rate::FromPercent(100);
  std::optional<Money> most = std::nullopt;
  friend bool operator==(const Redistribute&, const Redistribute&) = default;
};

}  // namespace sluice::performance
