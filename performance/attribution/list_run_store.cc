// SQL of what surrounds a list: the members a run gave to nobody, what people decided by hand, and
// where else a member is listed; declared in list_store.h.
#include "core/pg/columns.h"
#include "performance/attribution/list_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertUnattributedMembers{"attribution_insert_unattributed_members", R"sql(
  INSERT INTO performance.attribution_unattributed_member
    (contract_id, period_from, batch_id, member_id, month_from, month_to, reason, detail)
  SELECT u.contract_id, u.period_from, u.batch_id, u.member_id, u.month_from, u.month_to, u.reason,
    u.detail
  FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::bigint[], $5::date[], $6::date[],
              $7::text[], $8::text[])
    AS u (contract_id, period_from, batch_id, member_id, month_from, month_to, reason, detail)
)sql"};

constexpr pg::Query kReadUnattributedMembers{"attribution_read_unattributed_members", R"sql(
  SELECT member_id, month_from, month_to, reason, detail
  FROM performance.attribution_unattributed_member
  WHERE contract_id = $1
    AND period_from = $2
    AND batch_id = $3
  ORDER BY member_id, month_from
)sql"};

constexpr pg::Query kInsertOverride{"attribution_insert_override", R"sql(
  INSERT INTO performance.attribution_override
    (contract_id, period_from, version, batch_id, recorded_at, actor, removes, member_id, plan,
     valid_from, valid_to, provider_id, practice_id, location_id, basis)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

constexpr pg::Query kReadOverrides{"attribution_read_overrides", R"sql(
  SELECT batch_id, recorded_at, removes, member_id, plan, valid_from, valid_to, provider_id,
    practice_id, location_id, basis
  FROM performance.attribution_override
  WHERE contract_id = $1
    AND period_from = $2
  ORDER BY recorded_at, batch_id
)sql"};

constexpr pg::Query kListedElsewhere{"attribution_listed_elsewhere", R"sql(
  WITH newest AS (
    SELECT DISTINCT ON (l.contract_id, l.period_from)
      l.contract_id, l.period_from, l.version, c.party_id
    FROM performance.contract AS own
    JOIN performance.contract AS c
      ON c.program_id = own.program_id AND c.contract_id <> own.contract_id
    JOIN performance.attribution_list AS l ON l.contract_id = c.contract_id
    WHERE own.contract_id = $1
      AND l.period_from < $3
      AND l.period_to > $2
      AND EXISTS (
        SELECT 1
        FROM performance.attribution_list_status AS s
        WHERE s.contract_id = l.contract_id
          AND s.period_from = l.period_from
          AND s.version = l.version
          AND s.status > 1
          AND s.recorded_at <= $5)
    ORDER BY l.contract_id, l.period_from, l.version DESC)
  SELECT known.member_id, known.valid_from, known.valid_to, known.contract_id, known.party_id
  FROM (
    SELECT DISTINCT ON
      (e.contract_id, e.period_from, e.member_id, e.plan COLLATE "C", e.valid_from)
      e.member_id, e.valid_from, e.valid_to, e.contract_id, n.party_id, e.inactive, e.gone
    FROM newest AS n
    JOIN performance.attribution_entry AS e
      ON e.contract_id = n.contract_id
      AND e.period_from = n.period_from
      AND e.version = n.version
    WHERE e.member_id = ANY ($4::bigint[])
      AND e.recorded_at <= $5
    ORDER BY e.contract_id, e.period_from, e.member_id, e.plan COLLATE "C", e.valid_from,
      e.recorded_at DESC, e.batch_id DESC)
    AS known
  WHERE NOT known.gone
    AND NOT known.inactive
  ORDER BY known.member_id, known.contract_id, known.valid_from, known.valid_to
)sql"};

}  // namespace

void InsertUnattributedMembers(pg::Transaction& tx, ContractId contract, Date period_from,
                               std::int64_t batch_id, std::span<const UnattributedMember> rows) {
  if (rows.empty()) return;
  pg::Columns<ContractId, Date, std::int64_t, std::int64_t, Date, Date, std::string, std::string>
      columns;
  for (const UnattributedMember& row : rows) {
    columns.Add(contract, period_from, batch_id, row.member_id, row.months.from, *row.months.to,
                row.reason, row.detail);
  }
  columns.Execute(tx, kInsertUnattributedMembers);
}

std::vector<UnattributedMember> ReadUnattributedMembers(pg::Transaction& tx, ContractId contract,
                                                        Date period_from, std::int64_t batch_id) {
  const pg::Result result = tx.Query(kReadUnattributedMembers, contract, period_from, batch_id);
  std::vector<UnattributedMember> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.member_id = row.Get<std::int64_t>(0),
                    .months = {row.Get<Date>(1), row.Get<Date>(2)},
                    .reason = row.Get<std::string>(3),
                    .detail = row.Get<std::string>(4)});
  }
  return rows;
}

void InsertOverride(pg::Transaction& tx, const AttributionList& list, const ListDecision& decision,
                    const std::string& actor) {
  const ListEntry& entry = decision.entry;
  tx.Execute(kInsertOverride, list.contract, list.period.from, list.version, decision.number,
             decision.at, actor, decision.removes, entry.member_id, entry.plan,
             entry.attributed.from, *entry.attributed.to, entry.provider, entry.practice,
             entry.location, entry.basis);
}

std::vector<ListDecision> ReadOverrides(pg::Transaction& tx, ContractId contract,
                                        Date period_from) {
  const pg::Result result = tx.Query(kReadOverrides, contract, period_from);
  std::vector<ListDecision> decisions;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    decisions.push_back({.at = row.Get<Instant>(1),
                         .number = row.Get<std::int64_t>(0),
                         .removes = row.Get<bool>(2),
                         .entry = {.member_id = row.Get<std::int64_t>(3),
                                   .plan = row.Get<std::string>(4),
                                   .attributed = {row.Get<Date>(5), row.Get<Date>(6)},
                                   .provider = row.Get<std::optional<PartyId>>(7),
                                   .practice = row.Get<std::optional<PartyId>>(8),
                                   .location = row.Get<std::optional<PartyId>>(9),
                                   .basis = row.Get<std::string>(10),
                                   .dispute = std::nullopt}});
  }
  return decisions;
}

std::vector<ListedElsewhere> FindListedElsewhere(pg::Transaction& tx, ContractId contract,
                                                 const DateRange& period,
                                                 std::span<const std::int64_t> members,
                                                 Instant known_at) {
  const pg::Result result =
      tx.Query(kListedElsewhere, contract, period.from, *period.to, members, known_at);
  std::vector<ListedElsewhere> listed;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    listed.push_back({.member_id = row.Get<std::int64_t>(0),
                      .attributed = {row.Get<Date>(1), row.Get<Date>(2)},
                      .contract = row.Get<ContractId>(3),
                      .party = row.Get<PartyId>(4)});
  }
  return listed;
}

}  // namespace sluice::performance
