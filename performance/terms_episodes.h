// Episodes of care (bundles), as contract terms: what opens one, what it holds, what it should
// cost, and how the sum over an entity's episodes becomes a payment.
//
//   1. An anchor claim opens an episode. Its window is the anchor's days with days before and
//      after; both edge days are inside. A member has one episode at a time, so that a dollar is in
//      one episode only.
//   2. Target = baseline mean x risk x trend x normalization x (1 - discount). Trend and
//      normalization are held within their limits.
//   3. Quality and limits act on the sum over the entity's episodes, never on one, in this order:
//      sum -> quality -> stop limit -> less post-episode spending above its bound.
//
// PROGRAM_MATH section 8. The engine is performance/episodes/episodes.h; the numbers of programs
// (days, percentiles, discounts, limits) are fields here, never constants in code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// Which code of a claim line. The numbers are stored.
enum class ClaimCodeField : std::uint8_t {
  kProcedure = 0,
  kDrg = 1,
  kRevenue = 2,
  kDiagnosis = 3,  // the principal one
  kPlaceOfService = 4,
};
std::string_view ClaimCodeFieldName(ClaimCodeField field);

// A code, or with a '*' at its end every code that begins so.
struct ClaimCode {
  ClaimCodeField field = ClaimCodeField::kProcedure;
  std::string code;
  friend bool operator==(const ClaimCode&, const ClaimCode&) = default;
};

// A claim line that opens an episode, and the price cell whose baseline and bounds it has.
struct EpisodeAnchor {
  ClaimCode code;    // procedure or DRG
  std::string cell;  // "470"; several anchors may share one
  friend bool operator==(const EpisodeAnchor&, const EpisodeAnchor&) = default;
};

// Which value of a sorted population is its percentile p (0 to 1). PROGRAM_MATH 9.1: of 10,000
// values the 99th differs by definition, so the contract names it.
enum class PercentileDefinition : std::uint8_t {
  kInterpolated = 0,  // between the values around place (n - 1) p, counted from 0
  kNearestRank = 1,   // the value of rank ceil(p n), counted from 1
  kNextAbove = 2,     // the value at place ceil((n - 1) p), counted from 0
};
std::string_view PercentileDefinitionName(PercentileDefinition definition);

// Spending below a bound is raised to it, above cut to it. At the bound it stays. Each side is a
// percentile of the reference population of the cell, or an amount, or open.
struct Winsorizing {
  std::optional<Ratio> low_percentile;
  std::optional<Ratio> high_percentile;
  PercentileDefinition definition = PercentileDefinition::kInterpolated;
  std::optional<Money> low_amount;
  std::optional<Money> high_amount;
  friend bool operator==(const Winsorizing&, const Winsorizing&) = default;
};

struct EpisodeDefinition {
  std::string type;  // "KNS"
  std::string name;  // "Knee", for people
  std::vector<EpisodeAnchor> anchors;
  int days_before = 0;  // before the anchor's first day
  int days_after = 90;  // after the anchor's last day
  // None: every service. An anchor line always belongs; of others an exclusion wins.
  std::vector<ClaimCode> included;
  std::vector<ClaimCode> excluded;
  Winsorizing winsorizing;
  Rate discount;
  friend bool operator==(const EpisodeDefinition&, const EpisodeDefinition&) = default;
};

// A discount by composite quality instead of the definition's. The band of a score is the last
// whose start it reaches (or, with `above`, passes).
struct DiscountBand {
  Ratio from;
  bool above = false;
  Rate discount;
  bool no_gain = false;  // a gain is not paid: QUALITY_STANDARD_FAILED
  friend bool operator==(const DiscountBand&, const DiscountBand&) = default;
};

struct BaselineYear {
  int year = 0;
  Rate weight;  // the weights sum to 100 %
  friend bool operator==(const BaselineYear&, const BaselineYear&) = default;
};
struct TargetPrice {
  std::vector<BaselineYear> baseline;
  Rate own_share;              // 0: the regional mean; 100 %: the entity's own; between: blended
  bool risk_adjusted = false;  // each episode needs the risk factor of its member
  // How far a factor may be from 1. None: no limit. A factor that is not used is not asked for.
  bool trended = false;
  std::optional<Rate> trend_limit;
  bool normalized = false;
  std::optional<Rate> normalization_limit;
  std::vector<DiscountBand> discount_bands;
  friend bool operator==(const TargetPrice&, const TargetPrice&) = default;
};

// gain x (1 - gain_at_most x (1 - score / maximum)); loss x (1 - loss_at_most x score / maximum).
struct EpisodeQuality {
  Ratio maximum{100};
  Rate gain_at_most;
  Rate loss_at_most;
  friend bool operator==(const EpisodeQuality&, const EpisodeQuality&) = default;
};

// From a performance year on: at most these shares of the sum of targets. 0 % of loss is one-sided.
struct StopLimit {
  int from_year = 0;
  Rate gain;
  Rate loss;
  friend bool operator==(const StopLimit&, const StopLimit&) = default;
};

enum class LowVolumeEffect : std::uint8_t {
  kNoResult = 0,  // BELOW_MINIMUM_PANEL
  kNoLoss = 1,    // a gain is paid, a loss is not owed
};
struct LowVolume {
  std::int64_t minimum = 0;  // at the minimum the rule does not apply
  bool of_baseline = false;  // counted in the entity's own baseline years, else in the period
  LowVolumeEffect effect = LowVolumeEffect::kNoResult;
  friend bool operator==(const LowVolume&, const LowVolume&) = default;
};

// Who owns the dollars of a member whom another program (an ACO) has too.
enum class EpisodeOverlap : std::uint8_t {
  kEpisodeFirst = 0,  // the episode counts; its result is told, and the other program's terms take
                      // it out (PaidElsewhere of performance/terms_savings.h)
  kExcluded = 1,      // the other program has them: OVERLAP_OTHER_PROGRAM
};
// What a death, or a day without coverage, does to an episode.
enum class EpisodeInterruption : std::uint8_t {
  kKeep = 0,             // the episode counts with what was spent
  kExclude = 1,          // excluded when on any day of the window
  kExcludeInAnchor = 2,  // excluded when on a day of the anchor; later it counts
};
// The day that puts an episode into a performance period.
enum class EpisodePeriodDay : std::uint8_t { kAnchorStart = 0, kWindowEnd = 1 };
// What the value is.
enum class EpisodePayment : std::uint8_t {
  kRetrospective = 0,  // claims were paid: the value is the reconciled target minus actual
  kProspective = 1,    // the budget is paid instead of claims: the value is the sum of targets
  // The budgets of accepted episodes are paid in advance, instead of claims, and reconciled. While
  // the text fact "settlement_stage" is "interim" the value is the budgets; when it is "final",
  // what the episodes cost and the reconciled result on top. Payments carry the difference.
  kBudget = 2,
};

struct EpisodeSum {
  std::vector<EpisodeDefinition> definitions;
  TargetPrice target;
  std::optional<EpisodeQuality> quality;
  std::vector<StopLimit> limits;  // ascending; none: no limit
  std::optional<LowVolume> low_volume;
  EpisodeOverlap overlap = EpisodeOverlap::kEpisodeFirst;
  EpisodeInterruption death = EpisodeInterruption::kExclude;
  EpisodeInterruption coverage_lost = EpisodeInterruption::kExclude;
  EpisodePeriodDay period_day = EpisodePeriodDay::kAnchorStart;
  // Of a stay across an edge of the window, the part of its days inside. Else the line belongs
  // whole when its first day is inside.
  bool prorate_stays = false;
  // Days after the window in which spending above the bound is repaid in full.
  std::optional<int> post_episode_days;
  EpisodePayment payment = EpisodePayment::kRetrospective;
  friend bool operator==(const EpisodeSum&, const EpisodeSum&) = default;
};

// Facts of the contract, which a run of the engine records with the hash of its lines.
inline constexpr std::string_view kEpisodeTarget = "episode_target";            // amount
inline constexpr std::string_view kEpisodeActual = "episode_actual";            // amount
inline constexpr std::string_view kEpisodeOpened = "episode_opened";            // count
inline constexpr std::string_view kEpisodeCounted = "episode_counted";          // count
inline constexpr std::string_view kEpisodeBaseline = "episode_baseline_count";  // count
inline constexpr std::string_view kEpisodeOverlap = "episode_overlap_result";   // amount
inline constexpr std::string_view kEpisodePost = "episode_post_spending";       // amount
inline constexpr std::string_view kEpisodePostBound = "episode_post_bound";     // amount
inline constexpr std::string_view kEpisodeQuality = "episode_quality_score";    // ratio
inline constexpr std::string_view kEpisodeLines = "episode_lines_sha256";       // text
// Of EpisodePayment::kBudget. The budget is a fact of the contract and, where the first level of
// the split weighs by it, of each participant: then what a participant is due of it is its share.
inline constexpr std::string_view kEpisodeBudget = "episode_budget";   // amount
inline constexpr std::string_view kEpisodeStage = "settlement_stage";  // text

// InvalidArgument names the definition, year or limit and the rule that it breaks.
Status ValidateEpisodes(const EpisodeSum& episodes);
// "episodes KNS, SST: sum of target - actual, then quality, then limit".
std::string DescribeEpisodes(const EpisodeSum& episodes);

// The band of a score, or nullptr when it is below all of them.
const DiscountBand* FindDiscountBand(const TargetPrice& target, const Ratio& score);
// The limits of a year, or nullptr when the first is later.
const StopLimit* FindStopLimit(const EpisodeSum& episodes, int year);

}  // namespace sluice::performance
