// SQL of members: rows added many per statement, and read member by member as they were known.
//
//   1. Adding skips a row that says what the newest known row of its key already says, and returns
//      how many rows were added. So a full file sent again adds nothing.
//   2. One key comes at most once per recording: a second row is pg::Error (a unique violation).
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

// Members that are known by number already are left as they are: ask FindMembers for their ids.
std::int64_t AddMembers(pg::Transaction& tx, const Recording& recording,
                        std::span<const Member> members);
std::int64_t AddMemberDetails(pg::Transaction& tx, const Recording& recording,
                              std::span<const MemberDetail> rows);
std::int64_t AddCoverage(pg::Transaction& tx, const Recording& recording,
                         std::span<const CoverageSpan> rows);
std::int64_t AddChoices(pg::Transaction& tx, const Recording& recording,
                        std::span<const ProviderChoice> rows);
std::int64_t AddRiskScores(pg::Transaction& tx, const Recording& recording,
                           std::span<const RiskScore> rows);
std::int64_t AddMedicalClaims(pg::Transaction& tx, const Recording& recording,
                              std::span<const MedicalClaimLine> rows);
std::int64_t AddPharmacyClaims(pg::Transaction& tx, const Recording& recording,
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
