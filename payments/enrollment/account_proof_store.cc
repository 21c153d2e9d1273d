#include "payments/enrollment/account_proof_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertProofs{"payments_insert_account_proofs", R"sql(
  INSERT INTO payments.bank_account_proof (payer_id, account_id, version, proof_no, payee_id, kind,
    detail, proved_on, recorded_by, recorded_at)
  SELECT $1, u.account, u.version,
    (SELECT COALESCE(max(p.proof_no), 0) + 1 FROM payments.bank_account_proof AS p
     WHERE p.payer_id = $1 AND p.account_id = u.account AND p.version = u.version),
    u.payee, u.kind, u.detail, u.proved_on, $8, $9
  FROM unnest ($2::bigint[], $3::int[], $4::bigint[], $5::smallint[], $6::text[], $7::date[])
    AS u (account, version, payee, kind, detail, proved_on)
)sql"};

constexpr pg::Query kPointAtProofs{"payments_point_at_account_proofs", R"sql(
  UPDATE payments.bank_account AS a
  SET proof_no = (SELECT max(p.proof_no) FROM payments.bank_account_proof AS p
                  WHERE p.payer_id = $1 AND p.account_id = u.account AND p.version = u.version)
  FROM unnest ($2::bigint[], $3::int[]) AS u (account, version)
  WHERE a.payer_id = $1 AND a.account_id = u.account AND a.version = u.version
)sql"};

constexpr pg::Query kLoadProofs{"payments_load_account_proofs", R"sql(
  SELECT account_id, version, payee_id, kind, detail, proved_on
  FROM payments.bank_account_proof
  WHERE payer_id = $1 AND payee_id = $2
  ORDER BY account_id, version, proof_no
)sql"};

constexpr pg::Query kInsertAlerts{"payments_insert_account_alerts", R"sql(
  INSERT INTO payments.bank_account_alert (payer_id, alert_id, kind, payee_id, account_id, version,
    other_payee_id, detail, raised_at, clear_note)
  SELECT $1, u.id, u.kind, u.payee, u.account, u.version, u.other, u.detail, u.raised_at, ''
  FROM unnest ($2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[],
    $8::text[], $9::timestamptz[])
    AS u (id, kind, payee, account, version, other, detail, raised_at)
)sql"};

constexpr pg::Query kLoadAlerts{"payments_load_account_alerts", R"sql(
  SELECT alert_id, kind, payee_id, account_id, version, other_payee_id, detail, raised_at,
    cleared_by
  FROM payments.bank_account_alert
  WHERE payer_id = $1 AND (NOT $2 OR cleared_by IS NULL)
  ORDER BY alert_id
)sql"};

constexpr pg::Query kClearAlert{"payments_clear_account_alert", R"sql(
  UPDATE payments.bank_account_alert
  SET cleared_by = $3, cleared_at = $4, clear_note = $5
  WHERE payer_id = $1 AND alert_id = $2 AND cleared_by IS NULL
)sql"};

constexpr pg::Query kLoadUsers{"payments_load_account_users", R"sql(
  SELECT DISTINCT s.blind_index, s.payee_id, p.tin
  FROM payments.bank_account_secret AS s
  JOIN payments.payee AS p ON p.payee_id = s.payee_id
  WHERE s.payer_id = $1 AND s.blind_index = ANY ($2::bytea[])
  ORDER BY s.payee_id, s.blind_index
)sql"};

constexpr pg::Query kInsertImport{"payments_insert_institution_import", R"sql(
  INSERT INTO payments.institution_import (payer_id, import_id, as_of, source_name, sha256,
    row_count, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (payer_id, sha256) DO NOTHING
)sql"};

constexpr pg::Query kInsertInstitutions{"payments_insert_institutions", R"sql(
  INSERT INTO payments.institution (payer_id, import_id, routing_number, routing,
    new_routing_number, name, city, state, changed_on)
  SELECT $1, $2, u.number, u.routing, u.new_number, u.name, u.city, u.state, u.changed
  FROM unnest ($3::text[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::date[]) AS u (number, routing, new_number, name, city, state, changed)
)sql"};

constexpr pg::Query kFindDirectory{"payments_find_institution_directory", R"sql(
  SELECT import_id, as_of, source_name, sha256, row_count
  FROM payments.institution_import
  WHERE payer_id = $1
  ORDER BY as_of DESC, import_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kLoadInstitutions{"payments_load_institutions", R"sql(
  SELECT routing_number, routing, new_routing_number, name, city, state, changed_on
  FROM payments.institution
  WHERE payer_id = $1 AND import_id = $2 AND routing_number = ANY ($3::text[])
)sql"};

}  // namespace

void InsertProofs(pg::Transaction& tx, PayerId payer, std::span<const AccountProof> proofs,
                  const Recorded& recorded) {
  const auto account = Pluck(proofs, &AccountProof::account);
  const auto version = Pluck(proofs, &AccountProof::version);
  tx.Execute(kInsertProofs, payer, account, version, Pluck(proofs, &AccountProof::payee),
             Pluck(proofs, [](const AccountProof& proof) { return Stored(proof.kind); }),
             Pluck(proofs, &AccountProof::detail), Pluck(proofs, &AccountProof::proved_on),
             recorded.by, recorded.at);
  tx.Execute(kPointAtProofs, payer, account, version);
}

std::vector<AccountProof> LoadProofs(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  const pg::Result result = tx.Query(kLoadProofs, payer, payee);
  std::vector<AccountProof> proofs;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    proofs.push_back({.account = row.Get<BankAccountId>(0),
                      .version = row.Get<std::int32_t>(1),
                      .payee = row.Get<PayeeId>(2),
                      .kind = static_cast<AccountProofKind>(row.Get<std::int16_t>(3)),
                      .detail = row.Get<std::string>(4),
                      .proved_on = row.Get<Date>(5)});
  }
  return proofs;
}

void InsertAlerts(pg::Transaction& tx, PayerId payer, std::span<const AccountAlert> alerts) {
  if (alerts.empty()) return;
  tx.Execute(kInsertAlerts, payer, Pluck(alerts, &AccountAlert::id),
             Pluck(alerts, [](const AccountAlert& alert) { return Stored(alert.kind); }),
             Pluck(alerts, &AccountAlert::payee), Pluck(alerts, &AccountAlert::account),
             Pluck(alerts, &AccountAlert::version), Pluck(alerts, &AccountAlert::other),
             Pluck(alerts, &AccountAlert::detail), Pluck(alerts, &AccountAlert::raised_at));
}

std::vector<AccountAlert> LoadAlerts(pg::Transaction& tx, PayerId payer, bool open_only) {
  const pg::Result result = tx.Query(kLoadAlerts, payer, open_only);
  std::vector<AccountAlert> alerts;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    alerts.push_back({.id = row.Get<std::int64_t>(0),
                      .kind = static_cast<AccountAlertKind>(row.Get<std::int16_t>(1)),
                      .payee = row.Get<PayeeId>(2),
                      .account = row.Get<BankAccountId>(3),
                      .version = row.Get<std::int32_t>(4),
                      .other = row.Get<std::optional<PayeeId>>(5),
                      .detail = row.Get<std::string>(6),
                      .raised_at = row.Get<Instant>(7),
                      .cleared_by = row.Get<std::optional<UserId>>(8)});
  }
  return alerts;
}

bool ClearAlert(pg::Transaction& tx, PayerId payer, std::int64_t alert, const std::string& note,
                const Recorded& recorded) {
  return tx.Execute(kClearAlert, payer, alert, recorded.by, recorded.at, note) == 1;
}

std::vector<AccountUser> LoadAccountUsers(pg::Transaction& tx, PayerId payer,
                                          std::span<const Digest> blind_indexes) {
  const pg::Result result = tx.Query(kLoadUsers, payer, blind_indexes);
  std::vector<AccountUser> users;
  for (int i = 0; i < result.Size(); ++i) {
    users.push_back({.blind_index = result[i].Get<Digest>(0),
                     .payee = result[i].Get<PayeeId>(1),
                     .tin = result[i].Get<std::string>(2)});
  }
  return users;
}

bool InsertInstitutions(pg::Transaction& tx, PayerId payer, const InstitutionImport& import,
                        std::span<const Institution> institutions, const Recorded& recorded) {
  if (tx.Execute(kInsertImport, payer, import.id, import.as_of, import.source_name, import.sha256,
                 static_cast<std::int32_t>(institutions.size()), recorded.by, recorded.at) != 1) {
    return false;
  }
  constexpr std::size_t kRowsAtOnce = 5'000;
  for (std::span<const Institution> rest = institutions; !rest.empty();) {
    const auto part = rest.first(std::min(rest.size(), kRowsAtOnce));
    tx.Execute(kInsertInstitutions, payer, import.id, Pluck(part, &Institution::routing_number),
               Pluck(part, [](const Institution& row) { return Stored(row.routing); }),
               Pluck(part, &Institution::new_routing_number), Pluck(part, &Institution::name),
               Pluck(part, &Institution::city), Pluck(part, &Institution::state),
               Pluck(part, &Institution::changed_on));
    rest = rest.subspan(part.size());
  }
  return true;
}

std::optional<InstitutionImport> FindDirectory(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kFindDirectory, payer);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return InstitutionImport{.id = row.Get<std::int64_t>(0),
                           .as_of = row.Get<Date>(1),
                           .source_name = row.Get<std::string>(2),
                           .sha256 = row.Get<Digest>(3),
                           .rows = row.Get<std::int32_t>(4)};
}

std::map<std::string, Institution> LoadInstitutions(pg::Transaction& tx, PayerId payer,
                                                    std::int64_t import,
                                                    std::span<const std::string> routing_numbers) {
  const pg::Result result = tx.Query(kLoadInstitutions, payer, import, routing_numbers);
  std::map<std::string, Institution> institutions;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    Institution read{.routing_number = row.Get<std::string>(0),
                     .routing = static_cast<InstitutionRouting>(row.Get<std::int16_t>(1)),
                     .new_routing_number = row.Get<std::string>(2),
                     .name = row.Get<std::string>(3),
                     .city = row.Get<std::string>(4),
                     .state = row.Get<std::string>(5),
                     .changed_on = row.Get<std::optional<Date>>(6)};
    institutions.emplace(read.routing_number, std::move(read));
  }
  return institutions;
}

}  // namespace sluice::payments
