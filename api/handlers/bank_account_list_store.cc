#include "api/handlers/bank_account_list_store.h"

#include <array>
#include <utility>

#include "api/handlers/payee_list_store.h"

namespace sluice::api {
namespace {

using payments::BankAccount;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> kStates = {{
    {"SUBMITTED", 0},
    {"VALIDATING", 1},
    {"APPROVED", 2},
    {"ACTIVE", 3},
    {"SUSPENDED", 4},
    {"SUPERSEDED", 5},
    {"REJECTED", 6},
}};

constexpr ListField kState{
    .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates};
constexpr ListField kMasked{.name = "account_masked", .column = "r.account_masked"};
constexpr ListField kRisk{
    .name = "risk_score", .type = FieldType::kInteger, .column = "r.risk_score"};
constexpr ListField kRecordTime{.name = "record_time",
                                .type = FieldType::kInstant,
                                .column = "r.recorded_at",
                                .sortable = true};
// A version has no id of its own.
constexpr ListField kVersion{
    .name = "account_version", .column = "r.account_version", .sortable = true};

constexpr std::array kFields = {kState, kMasked, kRisk, kRecordTime, kVersion};
constexpr std::array kFieldsWithoutRisk = {kState, kMasked, kRecordTime, kVersion};

constexpr char kColumns[] = R"sql(
  SELECT r.account_id, r.version, r.payee_id, r.state, r.ownership, r.kind, r.last4,
    r.effective_from, r.submitted_by, r.recorded_at, r.institution_name, r.holder_name, r.is_first,
    r.risk_score, r.risk_reasons, r.needs_second, r.proof_no, r.hold_until, r.proof_kind, r.moves,
    r.account_version
  FROM (
    SELECT a.payer_id, a.account_id, a.version, a.payee_id, a.state, a.ownership, a.kind, a.last4,
      a.effective_from, a.submitted_by, a.recorded_at, a.institution_name, a.holder_name,
      a.is_first, a.risk_score, a.risk_reasons, a.needs_second, a.proof_no, a.hold_until,
      p.kind AS proof_kind, 'ending ' || a.last4 AS account_masked,
      a.account_id::text || '.' || lpad(a.version::text, 10, '0') AS account_version,
      (SELECT count(*)
       FROM payments.bank_account_event AS e
       WHERE e.payer_id = a.payer_id AND e.account_id = a.account_id AND e.version = a.version)
        AS moves
    FROM payments.bank_account AS a
    LEFT JOIN payments.bank_account_proof AS p
      ON p.payer_id = a.payer_id AND p.account_id = a.account_id AND p.version = a.version
        AND p.proof_no = a.proof_no
    WHERE a.payer_id = $1
  ) AS r
)sql";

const std::string& AccountsSql() {
  static const std::string sql = fmt::format(R"sql({}
  JOIN payments.payee AS y ON y.payee_id = r.payee_id
  WHERE ($2::bigint IS NULL OR r.payee_id = $2) AND {})sql",
                                             kColumns, PayeeReachSql("y", 3));
  return sql;
}

const std::string& VersionsSql() {
  static const std::string sql =
      fmt::format("{} WHERE r.account_id = $2 ORDER BY r.version", kColumns);
  return sql;
}

BankAccountRow RowOf(const pg::Row& row) {
  BankAccountRow found;
  found.account = {.id = row.Get<payments::BankAccountId>(0),
                   .version = row.Get<std::int32_t>(1),
                   .payee = row.Get<PayeeId>(2),
                   .state = static_cast<payments::BankAccountState>(row.Get<std::int16_t>(3)),
                   .ownership = static_cast<payments::AccountOwnership>(row.Get<std::int16_t>(4)),
                   .kind = static_cast<payments::AccountKind>(row.Get<std::int16_t>(5)),
                   .last4 = row.Get<std::string>(6),
                   .effective_from = row.Get<Date>(7),
                   .submitted_by = row.Get<UserId>(8),
                   .recorded_at = row.Get<Instant>(9),
                   .institution_name = row.Get<std::string>(10),
                   .holder_name = row.Get<std::string>(11),
                   .is_first = row.Get<bool>(12),
                   .risk_score = row.Get<std::int16_t>(13),
                   .risk_reasons = row.Get<std::string>(14),
                   .needs_second = row.Get<bool>(15),
                   .proof_no = row.Get<std::optional<std::int32_t>>(16),
                   .hold_until = row.Get<std::optional<Date>>(17)};
  if (const auto proof = row.Get<std::optional<std::int16_t>>(18)) {
    found.proof = static_cast<payments::AccountProofKind>(*proof);
  }
  found.moves = row.Get<std::int64_t>(19);
  return found;
}

}  // namespace

std::span<const ListField> BankAccountFields(bool with_risk) {
  if (with_risk) return kFields;
  return kFieldsWithoutRisk;
}

BankAccountPage LoadBankAccountPage(pg::Transaction& tx, const BankAccountView& view,
                                    const ListPage& page) {
  std::vector<pg::EncodedValue> values = {pg::Encode(view.payer), pg::Encode(view.payee)};
  AppendPayeeReach(values, view.reach);
  const pg::Result rows = page.Run(tx, AccountsSql(), std::move(values));
  BankAccountPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.accounts.push_back(RowOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "record_time") return loaded.accounts.back().account.recorded_at;
    return rows[page.Shown(rows) - 1].Get<std::string>(20);
  });
  return loaded;
}

std::vector<BankAccountRow> LoadBankAccountVersions(pg::Transaction& tx, PayerId payer,
                                                    payments::BankAccountId account) {
  const pg::EncodedValue values[] = {pg::Encode(payer), pg::Encode(account)};
  const pg::Result rows = tx.QueryOnce(VersionsSql(), values);
  std::vector<BankAccountRow> versions;
  for (int i = 0; i < rows.Size(); ++i) versions.push_back(RowOf(rows[i]));
  return versions;
}

}  // namespace sluice::api
