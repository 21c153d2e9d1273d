// SQL of audits; declared in list_store.h.
#include <utility>

#include "performance/attribution/list_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertAudit{"attribution_insert_audit", R"sql(
  INSERT INTO performance.attribution_audit
    (contract_id, period_from, version, month, batch_id, recorded_at, actor, findings,
     members_before, members_after, added, dropped, pmpm_before, pmpm_kept, pmpm_after)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql"};

constexpr pg::Query kReadAudits{"attribution_read_audits", R"sql(
  SELECT DISTINCT ON (month, version)
    version, month, recorded_at, findings, members_before, members_after, added, dropped,
    pmpm_before, pmpm_kept, pmpm_after
  FROM performance.attribution_audit
  WHERE contract_id = $1
    AND period_from = $2
  ORDER BY month, version, batch_id DESC
)sql"};

constexpr pg::Query kInsertFindings{"attribution_insert_findings", R"sql(
  INSERT INTO performance.attribution_finding
    (contract_id, period_from, version, month, batch_id, position, recorded_at, kind, member_id,
     party_id, detail)
  SELECT $1, $2, $3, $4, $5, u.position, $6, u.kind, u.member_id, u.party_id, u.detail
  FROM unnest($7::integer[], $8::smallint[], $9::bigint[], $10::bigint[], $11::text[])
    AS u (position, kind, member_id, party_id, detail)
)sql"};

constexpr pg::Query kReadFindings{"attribution_read_findings", R"sql(
  SELECT f.kind, f.member_id, f.party_id, f.detail
  FROM performance.attribution_finding AS f
  WHERE f.contract_id = $1
    AND f.period_from = $2
    AND f.version = $3
    AND f.month = $4
    AND f.batch_id = (
      SELECT max(n.batch_id)
      FROM performance.attribution_audit AS n
      WHERE n.contract_id = $1
        AND n.period_from = $2
        AND n.version = $3
        AND n.month = $4)
  ORDER BY f.position
)sql"};

std::optional<std::string> Fraction(const std::optional<Exact>& amount) {
  if (!amount) return std::nullopt;
  return amount->ToFractionString();
}

StatusOr<std::optional<Exact>> ReadFraction(const pg::Row& row, int column) {
  const auto text = row.Get<std::optional<std::string>>(column);
  if (!text) return std::optional<Exact>();
  ASSIGN_OR_RETURN(Exact amount, Exact::Parse(*text));
  return std::optional<Exact>(std::move(amount));
}

}  // namespace

void InsertAudit(pg::Transaction& tx, const AttributionList& list, Month month,
                 std::span<const Finding> findings, const Erosion& erosion,
                 const ListChangeStamp& stamp) {
  tx.Execute(kInsertAudit, list.contract, list.period.from, list.version, month.FirstDay(),
             stamp.batch_id, stamp.at, stamp.actor, static_cast<std::int32_t>(findings.size()),
             erosion.members_before, erosion.members_after, erosion.added, erosion.dropped,
             Fraction(erosion.pmpm_before), Fraction(erosion.pmpm_kept),
             Fraction(erosion.pmpm_after));
  std::vector<std::int32_t> positions;
  std::vector<std::int16_t> kinds;
  std::vector<std::int64_t> members;
  std::vector<std::optional<PartyId>> parties;
  std::vector<std::string> details;
  for (const Finding& finding : findings) {
    positions.push_back(static_cast<std::int32_t>(positions.size()));
    kinds.push_back(static_cast<std::int16_t>(finding.kind));
    members.push_back(finding.member_id);
    parties.push_back(finding.party);
    details.push_back(finding.detail);
  }
  tx.Execute(kInsertFindings, list.contract, list.period.from, list.version, month.FirstDay(),
             stamp.batch_id, stamp.at, positions, kinds, members, parties, details);
}

std::vector<Finding> ReadFindings(pg::Transaction& tx, const AttributionList& list, Month month) {
  const pg::Result result =
      tx.Query(kReadFindings, list.contract, list.period.from, list.version, month.FirstDay());
  std::vector<Finding> findings;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    findings.push_back({static_cast<FindingKind>(row.Get<std::int16_t>(0)),
                        row.Get<std::int64_t>(1), row.Get<std::optional<PartyId>>(2),
                        row.Get<std::string>(3)});
  }
  return findings;
}

StatusOr<std::vector<StoredAudit>> ReadAudits(pg::Transaction& tx, ContractId contract,
                                              Date period_from) {
  const pg::Result result = tx.Query(kReadAudits, contract, period_from);
  std::vector<StoredAudit> audits;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    StoredAudit audit{.version = row.Get<std::int32_t>(0),
                      .month = Month::Of(row.Get<Date>(1)),
                      .recorded_at = row.Get<Instant>(2),
                      .findings = row.Get<std::int32_t>(3),
                      .erosion = {.members_before = row.Get<std::int64_t>(4),
                                  .members_after = row.Get<std::int64_t>(5),
                                  .added = row.Get<std::int64_t>(6),
                                  .dropped = row.Get<std::int64_t>(7),
                                  .pmpm_before = std::nullopt,
                                  .pmpm_kept = std::nullopt,
                                  .pmpm_after = std::nullopt,
                                  .from_dropped = std::nullopt,
                                  .from_added = std::nullopt,
                                  .effect = std::nullopt}};
    ASSIGN_OR_RETURN(audit.erosion.pmpm_before, ReadFraction(row, 8));
    ASSIGN_OR_RETURN(audit.erosion.pmpm_kept, ReadFraction(row, 9));
    ASSIGN_OR_RETURN(audit.erosion.pmpm_after, ReadFraction(row, 10));
    ComputeEffects(audit.erosion);
    audits.push_back(std::move(audit));
  }
  return audits;
}

}  // namespace sluice::performance
