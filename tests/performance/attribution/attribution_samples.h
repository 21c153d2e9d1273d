// Methods, members and claims that the tests of attribution share.
#pragma once

#include <string>
#include <vector>

#include "performance/attribution/engine.h"

namespace sluice::performance::testing {

// Four NPIs with a good check digit, ascending.
inline const std::string kNpiA = "1003000126";
inline const std::string kNpiB = "1234567893";
inline const std::string kNpiC = "1245319599";
inline const std::string kNpiD = "1999999984";

inline AttributionStep ClaimsStep(StepKind kind, std::vector<ProviderClass> classes = {},
                                  std::int32_t months = 12) {
  return {.kind = kind,
          .look_back_months = months,
          .classes = std::move(classes),
          .code_list = "office",
          .clause = "2.1"};
}

// Plurality of dollars by rendering NPI over the office codes, retrospective, no minima.
inline AttributionMethod PluralityMethod() {
  return {.title = "Plurality",
          .steps = {ClaimsStep(StepKind::kDollars)},
          .unit = AttributionUnit::kProvider,
          .ties = {TieBreak::kDollars, TieBreak::kVisits, TieBreak::kMostRecent,
                   TieBreak::kLowestKey},
          .code_lists = {{"office", {"99213", "99214", "G0463"}}}};
}

// A member covered for `covered`, without anything else.
inline MemberRecord CoveredMember(std::int64_t id, DateRange covered) {
  MemberRecord record;
  record.member = {id, "M" + std::to_string(id)};
  record.coverage.push_back({.member_id = id,
                             .line_of_business = "commercial",
                             .product = {},
                             .plan = "gold",
                             .covered = covered,
                             .retro_reason = {}});
  return record;
}

inline MedicalClaimLine Visit(const std::string& npi, Date day, std::int64_t cents,
                              std::string tin = {}) {
  return {.claim_number = npi + FormatDate(day) + std::to_string(cents) + tin,
          .service_from = day,
          .service_to = day,
          .procedure_code = "99213",
          .place_of_service = {},
          .revenue_code = {},
          .drg = {},
          .diagnosis_codes = {},
          .rendering_npi = npi,
          .billing_npi = {},
          .billing_tin = std::move(tin),
          .allowed = Money::FromCents(cents),
          .paid = std::nullopt,
          .paid_on = std::nullopt};
}

inline Date Day2026(unsigned month, unsigned day) { return MakeDate(2026, month, day); }

}  // namespace sluice::performance::testing
