#include "performance/members/member_stream.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "performance/members/member_store.h"

namespace sluice::performance {
namespace {

// Moves each row to its member's record. Both are ordered by member id.
template <typename T>
void Distribute(std::vector<T> rows, std::vector<MemberRecord>& records,
                std::vector<T> MemberRecord::*list) {
  auto record = records.begin();
  for (T& row : rows) {
    while (record->member.id != row.member_id) ++record;
    ((*record).*list).push_back(std::move(row));
  }
}

// `members` by id.
std::vector<MemberRecord> RecordsOf(pg::Transaction& tx, const MemberStreamOptions& options,
                                    std::vector<Member> members) {
  std::vector<MemberRecord> records;
  std::vector<std::int64_t> ids;
  for (Member& member : members) {
    ids.push_back(member.id);
    records.emplace_back().member = std::move(member);
  }
  const MemberRows which{options.payer, ids, options.known_at};
  Distribute(ReadMemberDetails(tx, which), records, &MemberRecord::details);
  Distribute(ReadCoverage(tx, which), records, &MemberRecord::coverage);
  Distribute(ReadChoices(tx, which), records, &MemberRecord::choices);
  if (options.claims) {
    Distribute(ReadMedicalClaims(tx, which, *options.claims), records, &MemberRecord::claims);
  }
  if (options.drugs) {
    Distribute(ReadPharmacyClaims(tx, which, *options.drugs), records, &MemberRecord::drugs);
  }
  return records;
}

}  // namespace

std::vector<MemberRecord> ReadMemberRecords(pg::Transaction& tx,
                                            const MemberStreamOptions& options,
                                            std::span<const std::int64_t> ids) {
  return RecordsOf(tx, options, MembersById(tx, options.payer, ids));
}

const MemberDetail* DetailOn(const MemberRecord& record, Date day) {
  const MemberDetail* found = nullptr;
  for (const MemberDetail& detail : record.details) {
    if (found == nullptr || detail.valid_from <= day) found = &detail;
  }
  return found;
}

std::optional<Date> DeathOf(const MemberRecord& record) {
  return record.details.empty() ? std::nullopt : record.details.back().death_date;
}

Status ForEachMember(const pg::Database& database, const MemberStreamOptions& options,
                     const std::function<Status(MemberRecord&)>& use) {
  CHECK(options.page > 0);
  std::int64_t after = 0;
  while (true) {
    auto page = database.Transact(
        {.read_only = true},
        [&](pg::Transaction& tx) -> StatusOr<std::vector<MemberRecord>> {
          return RecordsOf(
              tx, options,
              PageOfMembers(tx, options.payer, after, options.page, options.known_at));
        });
    if (!page.ok()) return page.status();
    for (MemberRecord& record : *page) RETURN_IF_ERROR(use(record));
    if (page->size() < static_cast<std::size_t>(options.page)) return OkStatus();
    after = page->back().member.id;
  }
}

StatusOr<std::optional<MemberRecord>> ReadMember(const pg::Database& database,
                                                 const MemberStreamOptions& options,
                                                 std::int64_t member_id) {
  MemberStreamOptions one = options;
  one.page = 1;
  return database.Transact(
      {.read_only = true},
      [&](pg::Transaction& tx) -> StatusOr<std::optional<MemberRecord>> {
        std::vector<MemberRecord> page = RecordsOf(
            tx, one, PageOfMembers(tx, one.payer, member_id - 1, one.page, one.known_at));
        if (page.empty() || page.front().member.id != member_id) {
          return std::optional<MemberRecord>();
        }
        return std::optional<MemberRecord>(std::move(page.front()));
      });
}

}  // namespace sluice::performance
