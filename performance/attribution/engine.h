// Attributing members: a pure function of the method, the directory and what is known of a member.
//
//   1. One row per member and covered month of the period, attributed or with the reason why not:
//      the rows are the eligibility. A month without coverage has no row.
//   2. A row explains itself: the step that won, dollars, visits, the runner-up and the link of the
//      chain that parted them.
//   3. The order of claims, choices and spans changes nothing. Members do not influence one
//      another, so they can be streamed and shared out among threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "performance/attribution/directory.h"
#include "performance/attribution/method.h"
#include "performance/members/member_stream.h"

namespace sluice::performance {

// Why a covered month is not attributed; kNone when it is. Numbers and names are stable.
enum class UnattributedReason : std::uint8_t {
  kNone = 0,
  kNotCoveredAtStart = 1,     // prospective: not covered in the period's first month
  kLostCoverage = 2,          // prospective: an earlier month of the period was not covered
  kBelowMinimumMonths = 3,    // too few covered months in the eligibility window
  kNewMember = 4,             // the method waits for new members
  kAmbiguousAffiliation = 5,  // a service belongs to more than one practice or organization
  kNoClaims = 6,              // no claim line in the window
  kNoQualifyingService = 7,   // claims, but none that a step counts
  kNoChoice = 8,              // the method has no claim step, and nothing was chosen or assigned
  kDeceased = 9,              // covered on, but dead on the day that makes the member-month
  kNoRequiredService = 10,    // the winner of a step has no service of the classes it needs
};

// "NO_QUALIFYING_SERVICE".
std::string_view UnattributedReasonName(UnattributedReason reason);

// What a candidate of a claim step came to.
struct Standing {
  std::string key;  // NPI, TIN, or "party " and 20 digits
  Money dollars;
  std::int32_t visits = 0;  // days with a service
  Date last_service{};
  std::optional<ProviderClass> best_class;

  friend bool operator==(const Standing&, const Standing&) = default;
};

struct AttributedTo {
  std::int32_t step = 0;  // place in the method, from 1
  StepKind kind = StepKind::kDollars;
  std::string provider_npi;            // empty when a practice was chosen without a provider
  std::optional<PartyId> provider;     // when the hierarchy knows the NPI
  std::string practice_tin;
  std::optional<PartyId> practice;
  std::optional<PartyId> location;
  std::optional<PartyId> organization;  // when the practice belongs to exactly one

  // Of a claim step: the winner of the unit, the runner-up, and the link that parted them; no
  // runner-up when there was no choice.
  std::optional<Standing> winner;
  std::optional<Standing> runner_up;
  std::optional<TieBreak> decided_by;

  friend bool operator==(const AttributedTo&, const AttributedTo&) = default;
};

struct AttributionRow {
  std::int64_t member_id = 0;
  Month month;
  UnattributedReason reason = UnattributedReason::kNone;
  AttributedTo to;     // meaningful when reason is kNone
  std::string detail;  // for people: what was ambiguous, how many months were missing

  friend bool operator==(const AttributionRow&, const AttributionRow&) = default;
};

// One sentence: "step 2 plurality_of_dollars: 1234567893 with 210.00 in 2 visits, before 1003000126
// with 180.00 in 3, by dollars".
std::string Explain(const AttributionRow& row);

// Whether the month is a member-month under the method, by coverage alone.
bool IsCoveredMonth(const AttributionMethod& method, const MemberRecord& record, Month month);
// Whether the member died before the day of the month on which coverage counts (its first day when
// any day counts, its last when all do).
bool IsDeadIn(const AttributionMethod& method, const MemberRecord& record, Month month);

class AttributionEngine {
 public:
  // Both must outlive the engine. Requires: ValidateMethod(method) is ok, and `period` closed and
  // of whole months.
  AttributionEngine(const AttributionMethod& method, const ProviderDirectory& directory,
                    DateRange period);

  // The services that claim steps look at: what to load per member.
  DateRange ClaimsWindow() const;

  // The rows of one member, by month.
  std::vector<AttributionRow> Attribute(const MemberRecord& record) const;

 private:
  struct Line;
  struct Outcome;
  std::optional<Line> Place(const MedicalClaimLine& claim) const;
  std::optional<AttributedTo> FromChoice(const MemberRecord& record, std::size_t step,
                                         Date day) const;
  std::optional<AttributedTo> FromArea(const MemberRecord& record, std::size_t step,
                                       Date day) const;
  std::vector<Line> QualifyingLines(const MemberRecord& record, const AttributionStep& step) const;
  Outcome FromClaims(const MemberRecord& record, std::size_t step) const;
  bool MeetsNeed(const MemberRecord& record, const AttributionStep& step, const Line& won) const;
  AttributionRow AttributeMonth(const MemberRecord& record, Month month,
                                const std::vector<Outcome>& claims) const;
  UnattributedReason Eligibility(const MemberRecord& record, Month month,
                                 std::string& detail) const;
  bool IsNew(const MemberRecord& record, Month month) const;
  Date ChoiceDay(Month month) const;
  void FillOrganization(AttributedTo& to) const;

  const AttributionMethod& method_;
  const ProviderDirectory& directory_;
  DateRange period_;
  Month window_end_;  // the first month that claim steps do not see
};

}  // namespace sluice::performance
