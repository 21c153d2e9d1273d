#include "performance/contracts/contract_store.h"

#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kLock{"contract_lock", R"sql(
  SELECT contract_id
  FROM performance.contract
  WHERE contract_id = $1
  FOR UPDATE
)sql"};

constexpr pg::Query kInsertVersion{"contract_insert_version", R"sql(
  INSERT INTO performance.contract_version (contract_id, version, effective_from, effective_to,
    title, content, sha256, template_id, template_version, parameters, author_id, comment,
    recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr pg::Query kVersions{"contract_versions", R"sql(
  SELECT version, effective_from, effective_to, content, sha256, template_id, template_version,
    parameters, author_id, comment, recorded_at
  FROM performance.contract_version
  WHERE contract_id = $1
  ORDER BY version
)sql"};

constexpr pg::Query kInsertMove{"contract_insert_move", R"sql(
  INSERT INTO performance.contract_move (contract_id, move_number, version, from_state, to_state,
    effective_on, actor_id, reason, moved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kMoves{"contract_moves", R"sql(
  SELECT move_number, version, from_state, to_state, effective_on, actor_id, reason, moved_at
  FROM performance.contract_move
  WHERE contract_id = $1
  ORDER BY move_number
)sql"};

constexpr pg::Query kInsertApprover{"contract_insert_approver", R"sql(
  INSERT INTO performance.contract_approver (contract_id, version, round, step, approver_id)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kApprovers{"contract_approvers", R"sql(
  SELECT a.step, a.approver_id, v.approved_by, v.delegation_id, v.sha256, v.comment, v.warnings,
    v.approved_at
  FROM performance.contract_approver AS a
  LEFT JOIN performance.contract_approval AS v
    ON v.contract_id = a.contract_id AND v.version = a.version AND v.round = a.round
      AND v.step = a.step
  WHERE a.contract_id = $1 AND a.version = $2 AND a.round = $3
  ORDER BY a.step
)sql"};

constexpr pg::Query kInsertApproval{"contract_insert_approval", R"sql(
  INSERT INTO performance.contract_approval (contract_id, version, round, step, approved_by,
    delegation_id, sha256, comment, warnings, approved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr pg::Query kInsertDelegation{"contract_insert_delegation", R"sql(
  INSERT INTO performance.approval_delegation (payer_id, delegation_id, revision, from_user_id,
    to_user_id, valid_from, valid_to, revoked, reason, recorded_at)
  SELECT $1, $2, 1 + coalesce(max(d.revision), 0), $3, $4, $5, $6, $7, $8, $9
  FROM performance.approval_delegation AS d
  WHERE d.payer_id = $1 AND d.delegation_id = $2
)sql"};

constexpr pg::Query kDelegations{"contract_delegations", R"sql(
  SELECT DISTINCT ON (delegation_id) delegation_id, from_user_id, to_user_id, valid_from, valid_to,
    revoked, reason
  FROM performance.approval_delegation
  WHERE payer_id = $1
  ORDER BY delegation_id, revision DESC
)sql"};

constexpr pg::Query kInsertSignature{"contract_insert_signature", R"sql(
  INSERT INTO performance.contract_signature (contract_id, version, side, signer_id, signer_name,
    signer_title, terms_sha256, record_sha256, signed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kSignatures{"contract_signatures", R"sql(
  SELECT side, signer_id, signer_name, signer_title, terms_sha256, record_sha256, signed_at
  FROM performance.contract_signature
  WHERE contract_id = $1 AND version = $2
  ORDER BY side
)sql"};

constexpr pg::Query kInsertDone{"contract_insert_date_done", R"sql(
  INSERT INTO performance.contract_date_done (contract_id, name, covers_from, done_on, actor_id,
    note, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr pg::Query kDone{"contract_dates_done", R"sql(
  SELECT name, covers_from, done_on
  FROM performance.contract_date_done
  WHERE contract_id = $1
  ORDER BY covers_from, name
)sql"};

constexpr pg::Query kAnnounced{"contract_target_announced", R"sql(
  SELECT latest.period_from
  FROM (
    SELECT DISTINCT ON (period_from, period_to, name) period_from, period_to, name, kind
    FROM performance.fact
    WHERE contract_id = $1
      AND party_id = 0
      AND name = ANY ($2)
      AND period_from <= $3
      AND period_to > $3
      AND recorded_at <= $4
    ORDER BY period_from, period_to, name, recorded_at DESC, batch_id DESC
  ) AS latest
  WHERE latest.kind <> 'retracted'
  GROUP BY latest.period_from, latest.period_to
  HAVING count(*) = 2
)sql"};

}  // namespace

bool LockContract(pg::Transaction& tx, ContractId contract) {
  return !tx.Query(kLock, contract).Empty();
}

void InsertVersion(pg::Transaction& tx, const ContractVersion& v) {
  tx.Execute(kInsertVersion, v.contract, v.version, v.effective.from, v.effective.to, v.terms.title,
             EncodeTerms(v.terms), v.sha256, v.made_from.id, v.made_from.version, v.parameters,
             v.author, v.comment, v.recorded_at);
}

StatusOr<std::vector<ContractVersion>> LoadVersions(pg::Transaction& tx, ContractId contract) {
  std::vector<ContractVersion> versions;
  const pg::Result result = tx.Query(kVersions, contract);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    const auto version = row.Get<std::int32_t>(0);
    StatusOr<Terms> terms = DecodeTerms(row.Get<Bytes>(3));
    if (!terms.ok() || HashTerms(*terms) != row.Get<Digest>(4)) {
      return DataLoss("the terms of contract {}, version {} do not match their hash", contract,
                      version);
    }
    versions.push_back({.contract = contract,
                        .version = version,
                        .effective = {row.Get<Date>(1), row.Get<std::optional<Date>>(2)},
                        .terms = *std::move(terms),
                        .sha256 = row.Get<Digest>(4),
                        .made_from = {row.Get<TemplateId>(5), row.Get<std::int32_t>(6)},
                        .parameters = row.Get<std::string>(7),
                        .author = row.Get<UserId>(8),
                        .comment = row.Get<std::string>(9),
                        .recorded_at = row.Get<Instant>(10)});
  }
  return versions;
}

void InsertMove(pg::Transaction& tx, ContractId contract, const ContractMove& move) {
  tx.Execute(kInsertMove, contract, move.number, move.version, static_cast<std::int16_t>(move.from),
             static_cast<std::int16_t>(move.to), move.effective_on, move.actor, move.reason,
             move.at);
}

std::vector<ContractMove> LoadMoves(pg::Transaction& tx, ContractId contract) {
  std::vector<ContractMove> moves;
  const pg::Result result = tx.Query(kMoves, contract);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    moves.push_back({.number = row.Get<std::int32_t>(0),
                     .version = row.Get<std::int32_t>(1),
                     .from = static_cast<ContractState>(row.Get<std::int16_t>(2)),
                     .to = static_cast<ContractState>(row.Get<std::int16_t>(3)),
                     .effective_on = row.Get<Date>(4),
                     .actor = row.Get<UserId>(5),
                     .reason = row.Get<std::string>(6),
                     .at = row.Get<Instant>(7)});
  }
  return moves;
}

void InsertApprovers(pg::Transaction& tx, ContractId contract, std::int32_t version,
                     std::int32_t round, std::span<const UserId> approvers) {
  std::int16_t step = 0;
  for (const UserId approver : approvers) {
    tx.Execute(kInsertApprover, contract, version, round, ++step, approver);
  }
}

void InsertApproval(pg::Transaction& tx, ContractId contract, std::int32_t version,
                    std::int32_t round, const ContractApproval& approval) {
  tx.Execute(kInsertApproval, contract, version, round, approval.step, approval.approved_by,
             approval.delegation, approval.sha256, approval.comment, approval.warnings,
             approval.at);
}

ApprovalRound LoadRound(pg::Transaction& tx, ContractId contract, std::int32_t version,
                        std::int32_t round) {
  ApprovalRound loaded{.round = round, .approvers = {}, .approvals = {}};
  const pg::Result result = tx.Query(kApprovers, contract, version, round);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    loaded.approvers.push_back(row.Get<UserId>(1));
    const auto by = row.Get<std::optional<UserId>>(2);
    if (!by) continue;
    loaded.approvals.push_back({.step = row.Get<std::int16_t>(0),
                                .approver = row.Get<UserId>(1),
                                .approved_by = *by,
                                .delegation = row.Get<DelegationId>(3),
                                .sha256 = row.Get<Digest>(4),
                                .comment = row.Get<std::string>(5),
                                .warnings = row.Get<std::string>(6),
                                .at = row.Get<Instant>(7)});
  }
  return loaded;
}

void InsertDelegation(pg::Transaction& tx, PayerId payer, const Delegation& d, Instant at) {
  tx.Execute(kInsertDelegation, payer, d.id, d.from, d.to, d.valid_from, d.valid_to, d.revoked,
             d.reason, at);
}

std::vector<Delegation> LoadDelegations(pg::Transaction& tx, PayerId payer) {
  std::vector<Delegation> delegations;
  const pg::Result result = tx.Query(kDelegations, payer);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    delegations.push_back({.id = row.Get<DelegationId>(0),
                           .from = row.Get<UserId>(1),
                           .to = row.Get<UserId>(2),
                           .valid_from = row.Get<Instant>(3),
                           .valid_to = row.Get<Instant>(4),
                           .revoked = row.Get<bool>(5),
                           .reason = row.Get<std::string>(6)});
  }
  return delegations;
}

void InsertSignature(pg::Transaction& tx, ContractId contract, std::int32_t version,
                     const ContractSignature& s) {
  tx.Execute(kInsertSignature, contract, version, static_cast<std::int16_t>(s.side), s.signer,
             s.name, s.title, s.terms_sha256, s.record_sha256, s.at);
}

std::vector<ContractSignature> LoadSignatures(pg::Transaction& tx, ContractId contract,
                                              std::int32_t version) {
  std::vector<ContractSignature> signatures;
  const pg::Result result = tx.Query(kSignatures, contract, version);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    signatures.push_back({.side = static_cast<ContractSide>(row.Get<std::int16_t>(0)),
                          .signer = row.Get<UserId>(1),
                          .name = row.Get<std::string>(2),
                          .title = row.Get<std::string>(3),
                          .terms_sha256 = row.Get<Digest>(4),
                          .record_sha256 = row.Get<Digest>(5),
                          .at = row.Get<Instant>(6)});
  }
  return signatures;
}

void InsertDateDone(pg::Transaction& tx, ContractId contract, const DateDoneRow& row) {
  tx.Execute(kInsertDone, contract, row.done.name, row.done.covers_from, row.done.done_on,
             row.actor, row.note, row.at);
}

std::vector<DateDone> LoadDatesDone(pg::Transaction& tx, ContractId contract) {
  std::vector<DateDone> dates;
  const pg::Result result = tx.Query(kDone, contract);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    dates.push_back({row.Get<std::string>(0), row.Get<Date>(1), row.Get<Date>(2)});
  }
  return dates;
}

bool IsTargetAnnounced(pg::Transaction& tx, ContractId contract, Date on, Instant known_at) {
  const std::vector<std::string> names = {std::string(kTargetAnnouncedOn),
                                          std::string(kTargetSource)};
  return !tx.Query(kAnnounced, contract, names, on, known_at).Empty();
}

}  // namespace sluice::performance
