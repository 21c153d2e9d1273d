#include "performance/mssp_terms.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/check.h"
#include "performance/statutory.h"

namespace sluice::performance {
namespace {

// How a track shares losses.
enum class LossRule : std::uint8_t { kNone, kFixed, kComplement };

struct TrackRow {
  MsspTrack track;
  std::string_view name;
  std::string_view code;
  int first_year;
  int last_year;  // of the performance years in which the track was open
  Rate maximum_share;
  Rate payment_cap;  // of the benchmark
  LossRule loss_rule;
  Rate loss_rate;        // fixed, or the highest of the complement
  Rate benchmark_limit;  // of the benchmark
  Rate revenue_limit;    // of participants' revenue; zero: none
  std::string_view clause;
};

constexpr Rate Percent(std::int64_t percent) { return Rate::FromPercent(percent); }
constexpr int kOpen = 9999;

// 42 CFR 425.604 (track 1), 425.606 (2), 425.610 (3, ENHANCED), 425.605 (BASIC); 1+ by its
// participation agreement.
constexpr std::array kTracks = {
    TrackRow{MsspTrack::kTrack1, "Track 1", "1", 2012, 2021, Percent(50), Percent(10),
             LossRule::kNone, Rate(), Rate(), Rate(), "42 CFR 425.604"},
    TrackRow{MsspTrack::kTrack1Plus, "Track 1+", "1+", 2018, 2021, Percent(50), Percent(10),
             LossRule::kFixed, Percent(30), Percent(4), Percent(8), "Track 1+ agreement"},
    TrackRow{MsspTrack::kTrack2, "Track 2", "2", 2012, 2021, Percent(60), Percent(15),
             LossRule::kComplement, Percent(60), Percent(10), Rate(), "42 CFR 425.606"},
    TrackRow{MsspTrack::kTrack3, "Track 3", "3", 2016, 2021, Percent(75), Percent(20),
             LossRule::kComplement, Percent(75), Percent(15), Rate(), "42 CFR 425.610"},
    TrackRow{MsspTrack::kBasicA, "BASIC level A", "A", 2019, kOpen, Percent(40), Percent(10),
             LossRule::kNone, Rate(), Rate(), Rate(), "42 CFR 425.605"},
    TrackRow{MsspTrack::kBasicB, "BASIC level B", "B", 2019, kOpen, Percent(40), Percent(10),
             LossRule::kNone, Rate(), Rate(), Rate(), "42 CFR 425.605"},
    TrackRow{MsspTrack::kBasicC, "BASIC level C", "C", 2019, kOpen, Percent(50), Percent(10),
             LossRule::kFixed, Percent(30), Percent(1), Percent(2), "42 CFR 425.605"},
    TrackRow{MsspTrack::kBasicD, "BASIC level D", "D", 2019, kOpen, Percent(50), Percent(10),
             LossRule::kFixed, Percent(30), Percent(2), Percent(4), "42 CFR 425.605"},
    TrackRow{MsspTrack::kBasicE, "BASIC level E", "E", 2019, kOpen, Percent(50), Percent(10),
             LossRule::kFixed, Percent(30), Percent(4), Percent(8), "42 CFR 425.605"},
    TrackRow{MsspTrack::kEnhanced, "ENHANCED", "EN", 2019, kOpen, Percent(75), Percent(20),
             LossRule::kComplement, Percent(75), Percent(15), Rate(), "42 CFR 425.610"},
};

constexpr Rate kLowestLossRate = Percent(40);
constexpr int kPassOrFailFrom = 2021;      // the share no longer follows the score
constexpr int kThreeWayUpdateFrom = 2024;  // half rate and guardrail
constexpr int kFirstYear = 2012;

const TrackRow& Row(MsspTrack track) {
  for (const TrackRow& row : kTracks) {
    if (row.track == track) return row;
  }
  CHECK(false && "a track without a row");
  return kTracks.front();
}

// Upper case letters, digits and '+' only; the words around a code are dropped.
std::string Normalize(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+') {
      out += c;
    }
  }
  for (const std::string_view word : {"TRACK", "BASIC", "LEVEL", "ACO"}) {
    const std::size_t at = out.find(word);
    if (at != std::string::npos) out.erase(at, word.size());
  }
  const std::size_t plus = out.find("PLUS");
  if (plus != std::string::npos) out.replace(plus, 4, "+");
  return out;
}

Component Clause(Rule rule, std::string_view clause) {
  return Component{.rule = std::move(rule), .clause = std::string(clause)};
}

// ... below the minimum savings rate a low-revenue ACO of BASIC whose agreement began in 2024 or
// later is paid at half the rate, with no minimum. 42 CFR 425.605(h).
FailFactor HalfRate() {
  return FailFactor{
      .factor = Ratio(1, 2),
      .side = Side::kGain,
      .when = {TextIsOneOf{.fact = "track", .values = {"A", "B", "C", "D", "E"}},
               TextIsOneOf{.fact = "revenue_category", .values = {"low"}},
               DateOnOrAfter{.fact = "agreement_start", .date = MakeDate(2024, 1, 1)}},
      .note = ReasonCode::kHalfRate};
}

Gate MinimumRate(const MsspParticipation& participation) {
  const TableThreshold table{.table = std::string(kMsspMinimumSavingsRate),
                             .count_fact = "assigned_beneficiaries",
                             .below_table_fact = "minimum_rate"};
  const bool two_sided = IsTwoSided(participation.track);
  Threshold threshold = table;
  if (two_sided) {
    const std::span<const Ratio> elections = MsspElections();
    threshold = ElectedThreshold{.elected_fact = "minimum_rate",
                                 .elections = {elections.begin(), elections.end()},
                                 .table = table};
  }
  Gate gate{.name = "minimum savings or loss rate",
            .side = Side::kBoth,
            .test = ValueAtLeast{.reference_fact = "benchmark", .threshold = std::move(threshold)},
            .on_fail = OnFail{.gain_reason = ReasonCode::kBelowMinimumSavingsRate,
                              .loss_reason = two_sided ? ReasonCode::kBelowMinimumLossRate
                                                       : ReasonCode::kNoSavings}};
  if (participation.performance_year >= kThreeWayUpdateFrom) {
    gate.on_fail.factors.push_back(HalfRate());
  }
  return gate;
}

void AddGuardrail(std::vector<Component>& components) {
  const ConditionsHold absent{.conditions = {FlagIs{.fact = "guardrail", .value = false}}};
  components.push_back(
      Clause(Gate{.name = "guardrail",
                  .side = Side::kGain,
                  .test = absent,
                  .on_fail = OnFail{.gain_reason = ReasonCode::kGuardrailNoPayment,
                                    .loss_reason = ReasonCode::kGuardrailNoPayment}},
             "42 CFR 425.652(c)"));
  components.push_back(
      Clause(Gate{.name = "guardrail, smaller loss",
                  .side = Side::kLoss,
                  .test = absent,
                  .on_fail = OnFail{.note_only = ReasonCode::kGuardrailSmallerLoss}},
             "42 CFR 425.652(c)"));
}

RateComponent GainRate(const MsspParticipation& participation, const TrackRow& row) {
  const Condition standard = FlagIs{.fact = "quality_standard_met"};
  const RateTimesScore scaled{.maximum = row.maximum_share, .score_fact = "quality_score"};
  RateComponent rate{.side = Side::kGain, .otherwise = ReasonCode::kQualityStandardFailed};
  if (participation.performance_year < kPassOrFailFrom) {
    rate.cases = {RateCase{.when = {standard}, .rule = scaled}};
    return rate;
  }
  rate.cases = {RateCase{.when = {standard}, .rule = FixedRate{.rate = row.maximum_share}},
                RateCase{.when = {FlagIs{.fact = "alternative_standard_met"}},
                         .rule = scaled,
                         .note = ReasonCode::kAlternativeStandard}};
  return rate;
}

RateComponent LossRate(const MsspParticipation& participation, const TrackRow& row) {
  RateComponent rate{.side = Side::kLoss};
  const RateCase highest{.rule = FixedRate{.rate = row.loss_rate}};
  if (row.loss_rule == LossRule::kComplement) {
    const ComplementOfScore complement{.maximum = row.maximum_share,
                                       .score_fact = "quality_score",
                                       .lowest = kLowestLossRate,
                                       .highest = row.loss_rate};
    rate.cases.push_back(
        RateCase{.when = {FlagIs{.fact = "quality_standard_met"}}, .rule = complement});
    if (participation.performance_year >= kPassOrFailFrom) {
      rate.cases.push_back(
          RateCase{.when = {FlagIs{.fact = "alternative_standard_met"}}, .rule = complement});
    }
  }
  rate.cases.push_back(highest);
  return rate;
}

// Of track 2 the limit grows with the years of the agreement: 5, 7.5, 10 %.
Rate BenchmarkLimit(const MsspParticipation& participation, const TrackRow& row) {
  if (row.track != MsspTrack::kTrack2) return row.benchmark_limit;
  if (participation.agreement_year <= 1) return Percent(5);
  if (participation.agreement_year == 2) return Rate::FromMillionths(75'000);
  return row.benchmark_limit;
}

Cap LossLimit(const MsspParticipation& participation, const TrackRow& row) {
  Cap cap{.side = Side::kLoss};
  const Limit revenue{
      .amount = ShareOfFact{.rate = row.revenue_limit, .fact = "participant_revenue"},
      .when_absent = participation.revenue_absent,
      .note = ReasonCode::kLossLimitRevenue};
  const Limit benchmark{
      .amount = ShareOfFact{.rate = BenchmarkLimit(participation, row), .fact = "benchmark"},
      .note = ReasonCode::kLossLimitBenchmark};
  // Of track 1+ one of the two holds, by the composition of the ACO; of BASIC the smaller.
  const bool either = row.track == MsspTrack::kTrack1Plus;
  if (row.revenue_limit > Rate() && (!either || participation.revenue_loss_limit)) {
    cap.limits.push_back(revenue);
  }
  if (!either || !participation.revenue_loss_limit) cap.limits.push_back(benchmark);
  return cap;
}

Relief DisasterRelief(int performance_year) {
  // Where the emergency covered everybody all year, the fraction is known better than the amount:
  // the results of those years print what was owed before relief instead of the relief.
  if (FindRate(kMsspEmergencyRelief, MakeDate(performance_year, 7, 1))) {
    return Relief{.kind = ReliefFraction{}};
  }
  return Relief{.kind = ReliefAmount{.portion_fact = "period_fraction"}};
}

}  // namespace

std::string_view MsspTrackName(MsspTrack track) { return Row(track).name; }

StatusOr<MsspTrack> ParseMsspTrack(std::string_view text) {
  std::string code = Normalize(text);
  if (code == "ENHANCED") code = "EN";
  for (const TrackRow& row : kTracks) {
    if (row.code == code) return row.track;
  }
  return InvalidArgument("'{}' is not a track of the Shared Savings Program", text);
}

bool IsTwoSided(MsspTrack track) { return Row(track).loss_rule != LossRule::kNone; }

Rate MsspMaximumShare(MsspTrack track) { return Row(track).maximum_share; }

std::string_view MsspTrackCode(MsspTrack track) { return Row(track).code; }

std::span<const Ratio> MsspElections() {
  static const std::array<Ratio, 5> elections = {Ratio(0), Ratio(1, 200), Ratio(1, 100),
                                                 Ratio(3, 200), Ratio(1, 50)};
  return elections;
}

StatusOr<Terms> MsspTerms(const MsspParticipation& participation) {
  const TrackRow& row = Row(participation.track);
  const int year = participation.performance_year;
  if (year < kFirstYear || year < row.first_year || year > row.last_year) {
    return InvalidArgument("{} did not exist in performance year {}", row.name, year);
  }
  const bool two_sided = IsTwoSided(participation.track);
  Terms terms{.title = fmt::format("Medicare Shared Savings Program, {}, {}", row.name, year)};
  std::vector<Component>& components = terms.components;
  components.push_back(Clause(
      Basis{.kind = TargetMinusActual{},
            .zero_reason = two_sided ? ReasonCode::kBelowMinimumLossRate : ReasonCode::kNoSavings},
      row.clause));
  if (year >= kThreeWayUpdateFrom) AddGuardrail(components);
  components.push_back(Clause(MinimumRate(participation), row.clause));
  if (!two_sided) {
    components.push_back(
        Clause(Gate{.name = "one-sided model",
                    .side = Side::kLoss,
                    .test = NeverPasses{},
                    .on_fail = OnFail{.loss_reason = ReasonCode::kOneSidedNoLossOwed}},
               row.clause));
  }
  components.push_back(Clause(GainRate(participation, row), row.clause));
  if (two_sided) components.push_back(Clause(LossRate(participation, row), row.clause));
  // Sequestration comes before the cap, and losses carry none.
  components.push_back(Clause(Reduction{.table = std::string(kMedicareSequestration)},
                              "2 USC 901a, by the pay date"));
  components.push_back(Clause(
      Cap{.side = Side::kGain,
          .limits = {Limit{.amount = ShareOfFact{.rate = row.payment_cap, .fact = "benchmark"},
                           .note = ReasonCode::kPaymentLimit}}},
      row.clause));
  if (two_sided) {
    components.push_back(Clause(LossLimit(participation, row), row.clause));
    components.push_back(Clause(DisasterRelief(year), row.clause));
  }
  components.push_back(Clause(RoundingRule{}, row.clause));
  if (participation.has_advance) {
    components.push_back(Clause(Recoupment{.balance_fact = "advance_balance"}, "42 CFR 425.630"));
  }
  return terms;
}

Exact GatedSaving(const Award& award) {
  for (const Step& step : award.steps) {
    if (step.component == "rate" && step.outcome == StepOutcome::kApplied) return step.before;
  }
  return Exact();
}

}  // namespace sluice::performance
