// How members are attributed: a method is data, part of a contract, and never code.
//
//   1. Steps are tried in order; the first that has a candidate decides. So "two-step" is two claim
//      steps, and a person with a primary-care service never reaches the specialist step.
//   2. A claim step compares candidates of the method's unit and takes the plurality of its
//      measure. Ties go down the method's chain, which ends with the lowest key: a total order, so
//      chance and the order of rows decide nothing.
//   3. Inside the winning organization the winning practice is found by the same comparison, and
//      inside it the provider.
//   4. Who cannot be attributed keeps a row with the reason, so that the panel is the eligibility.
//
// Sources: 42 CFR 425.402 and PROGRAM_MATH section 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/status.h"

namespace sluice::performance {

// The numbers are stored and never reused.
enum class StepKind : std::uint8_t {
  kVoluntary = 1,       // a voluntary alignment that holds on the choice day
  kMemberSelected = 2,  // the provider the member chose
  kAutoAssigned = 3,    // the provider the payer gave
  kDollars = 4,         // plurality of allowed dollars
  kVisits = 5,          // plurality of visits: days with a service of the candidate
  kMostRecent = 6,      // the latest service
  kGeography = 7,       // the practice of the member's ZIP, else of the region
};

// "plurality_of_dollars".
std::string_view StepKindName(StepKind kind);
bool IsClaimStep(StepKind kind);

// What claim steps compare. An organization is the ACO or IPA of a practice; a practice without one
// stands for itself (425.402(c): each ACO against each other TIN).
enum class AttributionUnit : std::uint8_t { kProvider = 1, kPractice = 2, kOrganization = 3 };

// Best first: a provider with several taxonomies has the best class of them.
enum class ProviderClass : std::uint8_t { kPrimaryCare = 1, kNonPhysician = 2, kSpecialist = 3 };

// A link of the tie chain.
enum class TieBreak : std::uint8_t {
  kDollars = 1,        // more allowed dollars
  kVisits = 2,         // more visits
  kMostRecent = 3,     // the later last service
  kProviderClass = 4,  // physician before other: the better class among its services
  kLowestKey = 5,      // the lowest NPI, TIN or party id, as text
};

// "most_recent".
std::string_view TieBreakName(TieBreak link);

enum class AttributionTiming : std::uint8_t {
  kProspective = 1,    // set before the period from claims before it; then only removals
  kRetrospective = 2,  // from claims up to the period's end; each covered month counts
};

// The day of a month on which coverage makes it a member-month.
enum class CoverageDay : std::uint8_t { kFirst = 1, kFifteenth = 2, kLast = 3, kAny = 4, kAll = 5 };

// Members whose first covered month is within `new_member_months` before the month attributed.
enum class NewMemberRule : std::uint8_t {
  kAsOthers = 1,
  kOnlyByChoice = 2,  // at once with a choice, otherwise not before the months have passed
  kNobody = 3,        // unattributed until the months have passed
};

struct AttributionStep {
  StepKind kind = StepKind::kDollars;
  // Of a claim step: how many months before the window's end services count. 1 to 60.
  std::int32_t look_back_months = 12;
  // Of a claim step: the classes whose services count, ascending; empty for any rendering NPI.
  std::vector<ProviderClass> classes;
  // Of a claim step: the name of a code list; empty for any code.
  std::string code_list;
  // Of a claim step: what the hierarchy knows (an organization, a practice, a provider, as the unit
  // says) wins only with a service by one of these classes under the step's codes and look-back,
  // whether the step counts that class or not; ascending, empty for no such need. Without one
  // nobody gets the member: the need does not let the runner-up win. This is the first step of
  // 425.402(b), a service of a physician of the ACO.
  std::vector<ProviderClass> winner_needs;
  std::string clause;  // of the contract or regulation

  friend bool operator==(const AttributionStep&, const AttributionStep&) = default;
};

// Procedure codes, ascending and distinct.
struct CodeList {
  std::string name;
  std::vector<std::string> codes;

  friend bool operator==(const CodeList&, const CodeList&) = default;
};

struct TaxonomyClass {
  std::string taxonomy;  // ten characters of the provider taxonomy code set
  ProviderClass provider_class = ProviderClass::kPrimaryCare;

  friend bool operator==(const TaxonomyClass&, const TaxonomyClass&) = default;
};

struct ServiceArea {
  std::string area;  // a ZIP of five digits, or the payer's name of a region
  PartyId practice;

  friend bool operator==(const ServiceArea&, const ServiceArea&) = default;
};

struct AttributionMethod {
  std::string title;
  std::vector<AttributionStep> steps;
  AttributionUnit unit = AttributionUnit::kProvider;
  std::vector<TieBreak> ties;  // each link at most once; the last is kLowestKey
  AttributionTiming timing = AttributionTiming::kRetrospective;
  CoverageDay coverage_day = CoverageDay::kFirst;
  // Coverage that counts; ascending. Empty: every line of business.
  std::vector<std::string> lines_of_business;
  // Covered months needed among the last `eligibility_months` before the window's end.
  std::int32_t minimum_months = 0;
  std::int32_t eligibility_months = 12;
  std::int32_t new_member_months = 0;
  NewMemberRule new_members = NewMemberRule::kAsOthers;
  // Institutional lines (an FQHC, a rural clinic) count in claim steps too.
  bool institutional_counts = false;
  std::vector<CodeList> code_lists;       // by name
  std::vector<TaxonomyClass> taxonomies;  // by taxonomy
  std::vector<ServiceArea> areas;         // by area

  friend bool operator==(const AttributionMethod&, const AttributionMethod&) = default;
};

// InvalidArgument names the field and the rule: no step, a step twice, a claim step without a
// code list that exists, classes without taxonomies, a chain that is no total order, lists out of
// order, months out of range.
Status ValidateMethod(const AttributionMethod& method);

// Expands "99202-99205" and sorts: for people who write code lists. InvalidArgument for a range
// whose ends are not numbers of one length, or that is longer than 10,000.
StatusOr<std::vector<std::string>> ExpandCodes(const std::vector<std::string>& codes);

}  // namespace sluice::performance
