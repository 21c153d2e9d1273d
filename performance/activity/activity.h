// The activity engine: events and the price list of a contract to lines, sums by provider, and a
// total.
//
//   1. Each event of the period gives one line: what it earned, or the one reason why nothing.
//   2. The checks run in this order, and the first that fails gives the reason: voided, priced, not
//      of an excluded product, affiliated on the day of service, evidence valid, evidence in time,
//      not a duplicate, within the caps.
//   3. Nothing depends on the order in which events are given. They are taken by the day received,
//      then the day of service, then their id, so "first valid evidence wins" has one meaning.
//   4. Events before the period (of its year) are taken too, for keys and caps that are by year;
//      they give no lines.
//
// Pure: no database, no clock. A voided event earns nothing and claims no key, so a run after a
// void counts the next duplicate; the difference of two runs is the correction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/terms_activity.h"

namespace sluice::performance {

enum class EvidenceStatus : std::uint8_t { kNotReviewed = 0, kAccepted = 1, kRejected = 2 };

// Something that happened to a member and may pay. A later version of the same id replaces it.
struct ActivityEvent {
  std::int64_t event_id = 0;  // unique in the contract
  std::int64_t member_id = 0;
  PartyId provider;  // who did it
  PartyId practice;  // the party above, under which the provider is paid for it
  ActivityKind kind = ActivityKind::kClaimCode;
  std::string code;
  Date service_date{};
  Date received_on{};    // the day its evidence was received
  std::string channel;   // "claim", "medical_record", "adt", ...
  std::string evidence;  // names the claim, document or message; may be empty
  EvidenceStatus evidence_status = EvidenceStatus::kNotReviewed;
  bool voided = false;

  friend bool operator==(const ActivityEvent&, const ActivityEvent&) = default;
};

// InvalidArgument names the field and what it must be.
Status CheckEvent(const ActivityEvent& event);

struct ActivityLine {
  ActivityEvent event;
  std::string measure;  // of the price; empty without one
  Ratio points;         // in points terms; after the caps
  Exact priced;         // dollars before the caps; zero when the event does not count
  Exact earned;         // dollars
  // Why nothing was earned; set exactly when `earned` is zero.
  std::optional<ReasonCode> reason;
  // ANNUAL_LIMIT_USED is the note of a line that a cap cut.
  bool cut_by_cap = false;
  std::string detail;

  friend bool operator==(const ActivityLine&, const ActivityLine&) = default;
};

struct ActivityTotals {
  std::int64_t submitted = 0;
  std::int64_t counted = 0;  // not refused; those that a cap left nothing count too
  Ratio points;
  Exact amount;
  Exact over_limit;  // stays with the payer

  friend bool operator==(const ActivityTotals&, const ActivityTotals&) = default;
};

// A provider under a practice.
struct ActivityPerformer {
  PartyId provider;
  PartyId practice;
  friend auto operator<=>(const ActivityPerformer&, const ActivityPerformer&) = default;
};

struct ActivityRun {
  std::vector<ActivityLine> lines;  // in the order in which they were taken
  std::map<ActivityPerformer, ActivityTotals> performers;
  ActivityTotals total;
  std::map<ReasonCode, std::int64_t> reasons;  // lines that earned nothing
  Digest digest{};                             // SHA-256 of LinesText()

  friend bool operator==(const ActivityRun&, const ActivityRun&) = default;
};

// Whether the provider of an event was affiliated with its practice, and that with the contract's
// party, on the day of service: an empty text, or who was not. Unset: it is not asked.
using AffiliationCheck = std::function<std::string(const ActivityEvent&)>;

// Which of the products that the terms exclude covers the member of an event on its day of service;
// empty when none does, or another product covers it too.
using ExclusionCheck = std::function<std::string(const ActivityEvent&)>;

// Runs the activities of a period. Events of other years and after the period are ignored; two
// events with one id are InvalidArgument.
// FailedPrecondition when the terms exclude products and nobody says who is covered by them.
// Requires: a closed period; ValidateActivity(terms) is ok.
StatusOr<ActivityRun> RunActivities(const ActivitySum& terms, const DateRange& period,
                                    std::span<const ActivityEvent> events,
                                    const AffiliationCheck& not_affiliated = nullptr,
                                    const ExclusionCheck& excluded = nullptr);

// The first day whose events a run of the period takes: January 1 of its first year.
Date ActivityWindowStart(const DateRange& period);

// The lines as canonical text: one line each, fields separated by tabs.
std::string LinesText(std::span<const ActivityLine> lines);
// The lines as a person reads them, with sums by provider and the total.
std::string ToText(const ActivityRun& run);

}  // namespace sluice::performance
