// All members of a payer with what was known about them at an instant, streamed in bounded memory.
//
// Pages are read in transactions of their own. They agree with one another because each reads only
// what was recorded by `known_at`: choose an instant that has passed, before which nothing is still
// being recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "performance/members/claim.h"
#include "performance/members/member.h"

namespace sluice::performance {

// What is known of one member. Each list is in the order of its key.
struct MemberRecord {
  Member member;
  std::vector<MemberDetail> details;
  std::vector<CoverageSpan> coverage;
  std::vector<ProviderChoice> choices;
  std::vector<MedicalClaimLine> claims;
  std::vector<PharmacyClaimLine> drugs;
};

// The detail that holds on a day; before the first one, the first one. Null when there is none.
const MemberDetail* DetailOn(const MemberRecord& record, Date day);
// The newest known date of death, whatever day its detail holds from.
std::optional<Date> DeathOf(const MemberRecord& record);

struct MemberStreamOptions {
  PayerId payer;
  Instant known_at;
  std::optional<DateRange> claims;  // medical lines that began in it (closed); unset: none
  std::optional<DateRange> drugs;   // pharmacy lines dispensed in it; unset: none
  std::int32_t page = 1'000;        // members read at once
};

// The records of some members, by id; ids that nobody has are left out. Of the options, the page is
// not read.
std::vector<MemberRecord> ReadMemberRecords(pg::Transaction& tx,
                                            const MemberStreamOptions& options,
                                            std::span<const std::int64_t> ids);

// Calls `use` with every member, by id. Stops at the first failure, which it returns.
Status ForEachMember(const pg::Database& database, const MemberStreamOptions& options,
                     const std::function<Status(MemberRecord&)>& use);

// What is known of one member; none when the payer does not know them. `options.page` is not read.
StatusOr<std::optional<MemberRecord>> ReadMember(const pg::Database& database,
                                                 const MemberStreamOptions& options,
                                                 std::int64_t member_id);

}  // namespace sluice::performance
