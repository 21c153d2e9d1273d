#include "performance/attribution/dispute_store.h"

#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsert{"dispute_insert", R"sql(
  INSERT INTO performance.dispute
    (contract_id, dispute_id, period_from, period_to, against_version, window_from, operation,
     member_id, plan, valid_from, valid_to, provider_id, practice_id, location_id, reason_code,
     filer, bulk_id, refiled_from, provisional_effect_cents, filing_days, decision_days,
     silence_accepts, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
          $20, $21, $22, $23)
)sql"};

constexpr pg::Query kInsertEvent{"dispute_insert_event", R"sql(
  INSERT INTO performance.dispute_event
    (contract_id, dispute_id, sequence, event, state, at, actor, reason, rule, owner, due,
     list_version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kInsertEvidence{"dispute_insert_evidence", R"sql(
  INSERT INTO performance.dispute_evidence
    (contract_id, dispute_id, sequence, position, kind, reference, sha256)
  SELECT $1, $2, $3, u.position, u.kind, u.reference, u.sha256
  FROM unnest($4::integer[], $5::text[], $6::text[], $7::bytea[])
    AS u (position, kind, reference, sha256)
)sql"};

constexpr pg::Query kRead{"dispute_read", R"sql(
  SELECT dispute_id, period_from, period_to, against_version, window_from, operation, member_id,
    plan, valid_from, valid_to, provider_id, practice_id, location_id, reason_code, filer, bulk_id,
    refiled_from, provisional_effect_cents, filing_days, decision_days, silence_accepts
  FROM performance.dispute
  WHERE contract_id = $1
    AND ($2::bigint IS NULL OR dispute_id = $2)
    AND ($3::date IS NULL OR period_from = $3)
  ORDER BY dispute_id
)sql"};

constexpr pg::Query kReadEvents{"dispute_read_events", R"sql(
  SELECT dispute_id, sequence, event, state, at, actor, reason, rule, owner, due, list_version
  FROM performance.dispute_event
  WHERE contract_id = $1
    AND dispute_id = ANY ($2::bigint[])
  ORDER BY dispute_id, sequence
)sql"};

constexpr pg::Query kReadEvidence{"dispute_read_evidence", R"sql(
  SELECT dispute_id, sequence, kind, reference, sha256
  FROM performance.dispute_evidence
  WHERE contract_id = $1
    AND dispute_id = ANY ($2::bigint[])
  ORDER BY dispute_id, sequence, position
)sql"};

constexpr pg::Query kFindAffected{"dispute_find_affected", R"sql(
  SELECT DISTINCT ON (a.period_from, a.period_to)
    a.contract_id, a.program_id, a.period_from, a.period_to, a.award_id, a.version
  FROM performance.award AS a
  WHERE a.contract_id = $1
    AND a.period_from < $3
    AND a.period_to > $2
  ORDER BY a.period_from, a.period_to, a.version DESC
)sql"};

// Of versions that somebody outside has seen.
constexpr pg::Query kListingContracts{"dispute_listing_contracts", R"sql(
  SELECT DISTINCT e.contract_id
  FROM performance.attribution_entry AS e
  JOIN performance.attribution_list_status AS o
    ON o.contract_id = e.contract_id
    AND o.period_from = e.period_from
    AND o.version = e.version
    AND o.status = 2
  WHERE e.member_id = $1
    AND e.valid_from < $3
    AND e.valid_to > $2
    AND e.contract_id <> $4
  ORDER BY e.contract_id
)sql"};

constexpr pg::Query kPayerOfContract{"dispute_payer_of_contract", R"sql(
  SELECT payer_id
  FROM performance.contract
  WHERE contract_id = $1
)sql"};

constexpr pg::Query kContractsHeldBy{"dispute_contracts_held_by", R"sql(
  SELECT contract_id
  FROM performance.contract
  WHERE payer_id = $1
    AND party_id = ANY ($2)
    AND contract_id <> $3
    AND effective_from < $5
    AND (effective_to IS NULL OR effective_to > $4)
  ORDER BY contract_id
)sql"};

constexpr pg::Query kDisputesMoved{"dispute_moved", R"sql(
  SELECT DISTINCT d.dispute_id
  FROM performance.dispute AS d
  JOIN performance.dispute_event AS v
    ON v.contract_id = d.contract_id
    AND v.dispute_id = d.dispute_id
  WHERE d.contract_id = $1
    AND d.valid_from < $3
    AND d.valid_to > $2
    AND v.state IN (5, 8)
    AND v.at > $4
    AND v.at <= $5
  ORDER BY d.dispute_id
)sql"};

constexpr pg::Query kLinkAward{"dispute_link_award", R"sql(
  INSERT INTO performance.dispute_award
    (contract_id, dispute_id, award_id, award_version, recorded_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (contract_id, dispute_id, award_id, award_version) DO NOTHING
)sql"};

constexpr pg::Query kAwardsOf{"dispute_awards_of", R"sql(
  SELECT award_id, award_version
  FROM performance.dispute_award
  WHERE contract_id = $1
    AND dispute_id = $2
  ORDER BY award_id, award_version
)sql"};

constexpr pg::Query kDisputesOf{"dispute_of_award", R"sql(
  SELECT dispute_id
  FROM performance.dispute_award
  WHERE contract_id = $1
    AND award_id = $2
    AND award_version = $3
  ORDER BY dispute_id
)sql"};

void InsertEvidence(pg::Transaction& tx, const Dispute& dispute, std::int32_t sequence,
                    const std::vector<Evidence>& evidence) {
  if (evidence.empty()) return;
  std::vector<std::int32_t> positions;
  std::vector<std::string> kinds, references;
  std::vector<Digest> digests;
  for (const Evidence& piece : evidence) {
    positions.push_back(static_cast<std::int32_t>(positions.size()));
    kinds.push_back(piece.kind);
    references.push_back(piece.reference);
    digests.push_back(piece.sha256);
  }
  tx.Execute(kInsertEvidence, dispute.contract, dispute.id, sequence, positions, kinds, references,
             digests);
}

Dispute ReadRow(ContractId contract, const pg::Row& row) {
  Dispute dispute;
  dispute.id = row.Get<DisputeId>(0);
  dispute.contract = contract;
  dispute.period = {row.Get<Date>(1), row.Get<Date>(2)};
  dispute.against_version = row.Get<std::int32_t>(3);
  dispute.window_from = row.Get<Instant>(4);
  dispute.operation = static_cast<DisputeOperation>(row.Get<std::int16_t>(5));
  dispute.entry.member_id = row.Get<std::int64_t>(6);
  dispute.entry.plan = row.Get<std::string>(7);
  dispute.entry.attributed = {row.Get<Date>(8), row.Get<Date>(9)};
  dispute.entry.provider = row.Get<std::optional<PartyId>>(10);
  dispute.entry.practice = row.Get<std::optional<PartyId>>(11);
  dispute.entry.location = row.Get<std::optional<PartyId>>(12);
  dispute.reason_code = row.Get<std::string>(13);
  dispute.filer = row.Get<std::string>(14);
  dispute.bulk_id = row.Get<std::optional<std::int64_t>>(15);
  dispute.refiled_from = row.Get<std::optional<DisputeId>>(16);
  dispute.provisional_effect = row.Get<std::optional<Money>>(17);
  dispute.rules = {.filing_days = row.Get<std::int32_t>(18),
                   .decision_days = row.Get<std::int32_t>(19),
                   .silence_accepts = row.Get<bool>(20)};
  return dispute;
}

StatusOr<std::vector<Dispute>> ReadMany(pg::Transaction& tx, ContractId contract,
                                        std::optional<DisputeId> one, std::optional<Date> period) {
  const pg::Result rows = tx.Query(kRead, contract, one, period);
  std::vector<Dispute> disputes;
  std::vector<std::int64_t> ids;
  std::map<DisputeId, std::size_t> place;
  for (int i = 0; i < rows.Size(); ++i) {
    disputes.push_back(ReadRow(contract, rows[i]));
    place[disputes.back().id] = disputes.size() - 1;
    ids.push_back(disputes.back().id.Value());
  }
  if (disputes.empty()) return disputes;
  std::map<std::pair<DisputeId, std::int32_t>, std::vector<Evidence>> evidence;
  const pg::Result pieces = tx.Query(kReadEvidence, contract, ids);
  for (int i = 0; i < pieces.Size(); ++i) {
    const pg::Row row = pieces[i];
    evidence[{row.Get<DisputeId>(0), row.Get<std::int32_t>(1)}].push_back(
        {row.Get<std::string>(2), row.Get<std::string>(3), row.Get<Digest>(4)});
  }
  for (Dispute& dispute : disputes) dispute.evidence = evidence[{dispute.id, 0}];
  const pg::Result events = tx.Query(kReadEvents, contract, ids);
  for (int i = 0; i < events.Size(); ++i) {
    const pg::Row row = events[i];
    const auto id = row.Get<DisputeId>(0);
    Dispute& dispute = disputes[place.at(id)];
    const DisputeAction action{.event = static_cast<DisputeEvent>(row.Get<std::int16_t>(2)),
                               .at = row.Get<Instant>(4),
                               .actor = row.Get<std::string>(5),
                               .reason = row.Get<std::string>(6),
                               .rule = row.Get<std::string>(7),
                               .owner = row.Get<std::string>(8),
                               .due = row.Get<std::optional<Date>>(9),
                               .evidence = evidence[{id, row.Get<std::int32_t>(1)}],
                               .list_version = row.Get<std::int32_t>(10)};
    auto next = Advance(dispute, action);
    if (!next.ok() || static_cast<std::int16_t>(next->state) != row.Get<std::int16_t>(3)) {
      return DataLoss("dispute {} step {} does not follow from the steps before it", id,
                      row.Get<std::int32_t>(1));
    }
    dispute = *std::move(next);
  }
  return disputes;
}

}  // namespace

void InsertDispute(pg::Transaction& tx, const Dispute& dispute, Instant recorded_at) {
  const ListEntry& entry = dispute.entry;
  tx.Execute(kInsert, dispute.contract, dispute.id, dispute.period.from, *dispute.period.to,
             dispute.against_version, dispute.window_from,
             static_cast<std::int16_t>(dispute.operation), entry.member_id, entry.plan,
             entry.attributed.from, *entry.attributed.to, entry.provider, entry.practice,
             entry.location, dispute.reason_code, dispute.filer, dispute.bulk_id,
             dispute.refiled_from, dispute.provisional_effect, dispute.rules.filing_days,
             dispute.rules.decision_days, dispute.rules.silence_accepts, recorded_at);
  InsertEvidence(tx, dispute, 0, dispute.evidence);
}

void InsertDisputeStep(pg::Transaction& tx, const Dispute& dispute) {
  CHECK(!dispute.history.empty());
  const DisputeAction& action = dispute.history.back();
  const auto sequence = static_cast<std::int32_t>(dispute.history.size());
  tx.Execute(kInsertEvent, dispute.contract, dispute.id, sequence,
             static_cast<std::int16_t>(action.event), static_cast<std::int16_t>(dispute.state),
             action.at, action.actor, action.reason, action.rule, action.owner, action.due,
             action.list_version);
  InsertEvidence(tx, dispute, sequence, action.evidence);
}

StatusOr<std::optional<Dispute>> ReadDispute(pg::Transaction& tx, ContractId contract,
                                             DisputeId dispute) {
  ASSIGN_OR_RETURN(std::vector<Dispute> found, ReadMany(tx, contract, dispute, std::nullopt));
  if (found.empty()) return std::optional<Dispute>();
  return std::optional<Dispute>(std::move(found.front()));
}

StatusOr<std::vector<Dispute>> ReadDisputesOf(pg::Transaction& tx, ContractId contract) {
  return ReadMany(tx, contract, std::nullopt, std::nullopt);
}

StatusOr<std::vector<Dispute>> ReadDisputes(pg::Transaction& tx, ContractId contract,
                                            Date period_from) {
  return ReadMany(tx, contract, std::nullopt, period_from);
}

std::vector<AffectedCalculation> FindAffected(pg::Transaction& tx, ContractId contract,
                                              const DateRange& days) {
  const pg::Result result = tx.Query(kFindAffected, contract, days.from, *days.to);
  std::vector<AffectedCalculation> affected;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    affected.push_back({row.Get<ContractId>(0),
                        row.Get<ProgramId>(1),
                        {row.Get<Date>(2), row.Get<Date>(3)},
                        row.Get<AwardId>(4),
                        row.Get<std::int32_t>(5)});
  }
  return affected;
}

std::vector<ContractId> OtherContractsOf(pg::Transaction& tx, const Dispute& dispute) {
  const DateRange& days = dispute.entry.attributed;
  CHECK(days.to.has_value());
  const std::vector<ContractId> listing =
      tx.Query(kListingContracts, dispute.entry.member_id, days.from, *days.to, dispute.contract)
          .All<ContractId>();
  std::set<ContractId> contracts(listing.begin(), listing.end());

  std::set<PartyId> above;
  for (const auto& party : {dispute.entry.provider, dispute.entry.practice}) {
    if (party) above.insert(*party);
  }
  const auto payer = tx.Query(kPayerOfContract, dispute.contract)[0].Get<PayerId>(0);
  const std::int64_t version = hierarchy::ReadHead(tx, payer).version;
  std::vector<PartyId> level(above.begin(), above.end());
  while (!level.empty()) {
    const std::vector<hierarchy::Affiliation> upward = hierarchy::LoadAffiliations(
        tx, payer, version, days.from, level, hierarchy::Direction::kToParents);
    level.clear();
    for (const hierarchy::Affiliation& edge : upward) {
      if (above.insert(edge.parent).second) level.push_back(edge.parent);
    }
  }
  const std::vector<PartyId> parties(above.begin(), above.end());
  for (const ContractId contract :
       tx.Query(kContractsHeldBy, payer, parties, dispute.contract, days.from, *days.to)
           .All<ContractId>()) {
    contracts.insert(contract);
  }
  return {contracts.begin(), contracts.end()};
}

std::vector<DisputeId> DisputesMoved(pg::Transaction& tx, ContractId contract,
                                     const DateRange& period, Instant after, Instant until) {
  CHECK(period.to.has_value());
  return tx.Query(kDisputesMoved, contract, period.from, *period.to, after, until)
      .All<DisputeId>();
}

void LinkAward(pg::Transaction& tx, ContractId contract, DisputeId dispute,
               const AwardVersion& award, Instant recorded_at) {
  tx.Execute(kLinkAward, contract, dispute, award.award, award.version, recorded_at);
}

std::vector<AwardVersion> AwardsOf(pg::Transaction& tx, ContractId contract, DisputeId dispute) {
  const pg::Result result = tx.Query(kAwardsOf, contract, dispute);
  std::vector<AwardVersion> awards;
  for (int i = 0; i < result.Size(); ++i) {
    awards.push_back({result[i].Get<AwardId>(0), result[i].Get<std::int32_t>(1)});
  }
  return awards;
}

std::vector<DisputeId> DisputesOf(pg::Transaction& tx, ContractId contract,
                                  const AwardVersion& award) {
  return tx.Query(kDisputesOf, contract, award.award, award.version).All<DisputeId>();
}

}  // namespace sluice::performance
