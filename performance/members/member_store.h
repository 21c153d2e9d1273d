// SQL of members: rows added many per statement, and read member by member as they were known.
//
//   1. Adding skips a row that says what the newest known row of its key already says. So a full
//      file sent again adds nothing.
//   2. One recording has one word per key: a row that contradicts an earlier one of the same
//      recording is not added, and the answer names it.
//   3. Reading takes the instant of knowledge, and gives of each key the newest row recorded by
//      then, without the withdrawn ones, in the order of the member ids and then of the key.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/members/claim.h"
#include "performance/members/member.h"

namespace sluice::performance {

// How many rows were added, and the positions (from 0, ascending) of those that contradict another.
struct Added {
  std::int64_t rows = 0;
  std::vector<std::size_t> contradictions;
};

// Returns how many are new. Members that are known by number already are left as they are: ask
// FindMembers for their ids.
std::int64_t AddMembers(pg::Transaction& tx, const Recording& recording,
                        std::span<const Member> members);
Added AddMemberDetails(pg::Transaction& tx, const Recording& recording,
                       std::span<const MemberDetail> rows);
Added AddCoverage(pg::Transaction& tx, const Recording& recording,
                  std::span<const CoverageSpan> rows);
Added AddChoices(pg::Transaction& tx, const Recording& recording,
                 std::span<const ProviderChoice> rows);
Added AddRiskScores(pg::Transaction& tx, const Recording& recording,
                    std::span<const RiskScore> rows);
Added AddMedicalClaims(pg::Transaction& tx, const Recording& recording,
                       std::span<const MedicalClaimLine> rows);
Added AddPharmacyClaims(pg::Transaction& tx, const Recording& recording,
                        std::span<const PharmacyClaimLine> rows);

// The members that have these numbers, by number. Numbers nobody has are left out.
std::vector<Member> FindMembers(pg::Transaction& tx, PayerId payer,
                                std::span<const std::string> numbers);
// The members of these ids, by id.
std::vector<Member> MembersById(pg::Transaction& tx, PayerId payer,
                                std::span<const std::int64_t> ids);
// Up to `limit` members with an id above `after`, by id: a page of all. A member recorded after
// `known_at` is not seen.
std::vector<Member> PageOfMembers(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                  std::int32_t limit, Instant known_at);

// Whose rows are read, and as known when.
struct MemberRows {
  PayerId payer;
  std::span<const std::int64_t> members;
  Instant known_at;
};

std::vector<MemberDetail> ReadMemberDetails(pg::Transaction& tx, const MemberRows& which);
std::vector<CoverageSpan> ReadCoverage(pg::Transaction& tx, const MemberRows& which);
std::vector<ProviderChoice> ReadChoices(pg::Transaction& tx, const MemberRows& which);
std::vector<RiskScore> ReadRiskScores(pg::Transaction& tx, const MemberRows& which);
// Lines whose service began, or whose drug was dispensed, within `service` (closed).
std::vector<MedicalClaimLine> ReadMedicalClaims(pg::Transaction& tx, const MemberRows& which,
                                                const DateRange& service);
std::vector<PharmacyClaimLine> ReadPharmacyClaims(pg::Transaction& tx, const MemberRows& which,
                                                  const DateRange& service);

}  // namespace sluice::performance
