// An activity-based incentive, as contract terms: what pays, how much, once for whom, until when.
//
//   1. An event pays by the price of its kind and code on its day of service.
//   2. Of the events with one key (by default member, measure and year) the first with valid
//      evidence counts: first by the day it was received, then of service, then by its id.
//   3. Evidence counts when it was received on or before the cut-off of its channel.
//   4. A cap bounds what counted events pay. What is above it stays with the payer.
//
// The engine is performance/activity/activity.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// What kind of event pays. The numbers are stored.
enum class ActivityKind : std::uint8_t {
  kClaimCode = 0,   // a procedure on a claim
  kGapClosed = 1,   // a care gap was closed
  kAdtEvent = 2,    // an admission, discharge or transfer message
  kAssessment = 3,  // for instance a health risk assessment
  kCptII = 4,       // a performance measurement code
};
// "claim_code", "gap_closed", "adt_event", "assessment", "cpt_ii".
std::string_view ActivityKindName(ActivityKind kind);
// The reverse. InvalidArgument lists the names there are.
StatusOr<ActivityKind> ParseActivityKind(std::string_view name);

// What an event must show.
enum class EvidenceRule : std::uint8_t {
  kNone = 0,       // the event is its own evidence
  kReference = 1,  // it names a document or claim, which was not rejected
  kAccepted = 2,   // a reviewer accepted it
};
// The price of one code, from a day on. In points terms, the points.
struct ActivityPrice {
  ActivityKind kind = ActivityKind::kClaimCode;
  std::string code;     // "G0438", "BCS", "A03", "3044F"
  std::string measure;  // what it counts for, of the key: "AWV"; several codes may share one
  UnitPrice price;      // dollars or points for each event, in millionths
  DateRange effective;
  EvidenceRule evidence = EvidenceRule::kNone;
  friend bool operator==(const ActivityPrice&, const ActivityPrice&) = default;
};

// What makes two events the same activity.
enum class ActivityKeyField : std::uint8_t {
  kMember = 0,
  kMeasure = 1,
  kYear = 2,  // calendar year of service
  kProvider = 3,
  kMonth = 4,  // calendar month of service
  kServiceDate = 5,
  kCode = 6,
};

// Evidence received later does not count; on the day it does.
struct CutoffOnDay {
  int years_after = 1;  // after the year of the period's last day
  int month = 3;
  int day = 31;
  friend bool operator==(const CutoffOnDay&, const CutoffOnDay&) = default;
};
struct CutoffAfterService {
  int days = 0;
  friend bool operator==(const CutoffAfterService&, const CutoffAfterService&) = default;
};
struct EvidenceCutoff {
  std::string channel;  // "claim", "medical_record", ...; empty: every other channel
  std::variant<CutoffOnDay, CutoffAfterService> by;
  friend bool operator==(const EvidenceCutoff&, const EvidenceCutoff&) = default;
};

enum class CapScope : std::uint8_t { kMember = 0, kProvider = 1, kContract = 2 };
enum class CapPeriod : std::uint8_t { kYear = 0, kQuarter = 1, kMonth = 2, kWholePeriod = 3 };
// At most an amount, or a number of events, for each of `scope` in each of `period`.
struct ActivityCap {
  CapScope scope = CapScope::kProvider;
  CapPeriod period = CapPeriod::kYear;
  std::string measure;  // empty: all of them together
  std::optional<Money> amount;
  std::optional<std::int64_t> events;
  friend bool operator==(const ActivityCap&, const ActivityCap&) = default;
};

// The basis that sums the activities of a period. The totals are facts of the contract, which the
// activity service records with the hash of the lines behind them.
struct ActivitySum {
  std::vector<ActivityPrice> prices;
  std::vector<ActivityKeyField> key = {ActivityKeyField::kMember, ActivityKeyField::kMeasure,
                                       ActivityKeyField::kYear};
  // None: evidence of every channel and day counts. A channel without a cut-off is not accepted.
  std::vector<EvidenceCutoff> cutoffs;
  std::vector<ActivityCap> caps;
  // Set when events pay points: dollars for each point.
  std::optional<UnitPrice> point_value;
  // Products or lines of business: an event of a member whom on its day of service only these cover
  // earns nothing.
  std::vector<std::string> excluded_products;
  friend bool operator==(const ActivitySum&, const ActivitySum&) = default;
};

// Facts of the contract; the first three also of each provider under its practice.
inline constexpr std::string_view kActivityAmount = "activity_amount";
inline constexpr std::string_view kActivityPoints = "activity_points";
inline constexpr std::string_view kActivityCounted = "activity_counted";
inline constexpr std::string_view kActivitySubmitted = "activity_submitted";
inline constexpr std::string_view kActivityOverLimit = "activity_over_limit";
inline constexpr std::string_view kActivityLines = "activity_lines_sha256";

// InvalidArgument names the price, cut-off or cap and the rule that it breaks: two prices of one
// code on one day, a key without fields, a cap without a bound.
Status ValidateActivity(const ActivitySum& activity);
// "12 prices, once per member, measure and year, ...".
std::string DescribeActivity(const ActivitySum& activity);

}  // namespace sluice::performance
