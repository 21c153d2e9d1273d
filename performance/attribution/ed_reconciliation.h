// Emergency visits that were announced (ADT) against emergency claims, in both directions.
//
//   1. A claim is an emergency visit when a line has a revenue code 0450 to 0459 or 0981, place of
//      service 23, or a procedure 99281 to 99285. Lines of one member and day are one visit.
//   2. A visit and a claim belong together when the member is the same and the days are at most
//      `tolerance_days` apart; the nearest pair first, earlier days before later ones. Each is used
//      once.
//   3. A visit is overdue when its claim has not come within `claim_days` of it, as of a day; a
//      visit younger than that is only waiting. A claim without a visit is listed whatever its age.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/date.h"
#include "performance/members/member_stream.h"

namespace sluice::performance {

// An admission or registration message for an emergency department.
struct EdVisit {
  std::int64_t member_id = 0;
  Date day{};
  std::string message_id;  // of the sender

  friend auto operator<=>(const EdVisit&, const EdVisit&) = default;
};

// The claim lines of one member and day.
struct EdClaim {
  std::int64_t member_id = 0;
  Date day{};
  std::string claim_number;  // the lowest of the day

  friend auto operator<=>(const EdClaim&, const EdClaim&) = default;
};

bool IsEmergencyLine(const MedicalClaimLine& line);

struct EdReconciliation {
  std::vector<EdVisit> without_claim;  // overdue
  std::vector<EdVisit> waiting;        // young enough
  std::vector<EdClaim> without_visit;
  std::int64_t matched = 0;
};

struct EdOptions {
  Date as_of{};
  std::int32_t claim_days = 60;
  std::int32_t tolerance_days = 1;
};

// Visits and claims of one member; both in any order. Final lines count only.
EdReconciliation ReconcileEdVisits(const MemberRecord& record, std::vector<EdVisit> visits,
                                   const EdOptions& options);
// Adds what one member came to.
void Append(EdReconciliation& total, const EdReconciliation& one);

}  // namespace sluice::performance
