#include "api/handlers/tax_list_store.h"

#include <array>
#include <utility>

#include "api/handlers/payee_list_store.h"
#include "core/check.h"

namespace sluice::api {
namespace {

using payments::CertifiedTaxpayer;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kReasons = {{
    {"NO_TIN", 0},
    {"FIRST_B_NOTICE", 1},
    {"SECOND_B_NOTICE", 2},
    {"C_NOTICE", 3},
}};

// The answer in the words in which it is shown.
const std::string& MatchColumn() {
  static const std::string column = [] {
    std::string text = "(CASE r.code";
    for (int code = 0; code < payments::kTinMatchCodes; ++code) {
      text += fmt::format(" WHEN {} THEN '{}'", code,
                          payments::TinMatchText(static_cast<payments::TinMatchCode>(code)));
    }
    return text + " ELSE '' END)";
  }();
  return column;
}

const std::array<ListField, 3>& Fields() {
  static const std::array<ListField, 3> fields = {
      ListField{.name = "backup_reason",
                .type = FieldType::kEnum,
                .column = "r.backup_reason",
                .names = kReasons},
      ListField{.name = "tin_match", .column = MatchColumn()},
      ListField{.name = "payee",
                .type = FieldType::kId,
                .column = "r.payee_id",
                .prefix = PayeeTag::kPrefix,
                .sortable = true},
  };
  return fields;
}

constexpr char kStandings[] = R"sql(
  SELECT r.payee_id, r.certified_on, r.tin_kind, r.tin_last4, r.legal_name, r.business_name,
    r.classification, r.exempt_code, r.code, r.backup_reason, r.backup_from
  FROM (
    SELECT y.payer_id, y.payee_id, y.party_id, y.under_party_id, f.certified_on, f.tin_kind,
      f.tin_last4, f.legal_name, f.business_name, f.classification, f.exempt_code, m.code,
      b.reason AS backup_reason, b.effective_from AS backup_from
    FROM payments.payee AS y
    LEFT JOIN LATERAL (
      SELECT t.certified_on, t.tin_kind, t.tin_last4, t.legal_name, t.business_name,
        t.classification, t.exempt_code
      FROM payments.payee_tax_form AS t
      WHERE t.payee_id = y.payee_id
      ORDER BY t.certified_on DESC
      LIMIT 1) AS f ON true
    LEFT JOIN LATERAL (
      SELECT n.code
      FROM payments.tin_match AS n
      WHERE n.payer_id = y.payer_id AND n.payee_id = y.payee_id
        AND n.certified_on = f.certified_on
      ORDER BY n.checked_on DESC
      LIMIT 1) AS m ON true
    LEFT JOIN payments.backup_withholding AS b
      ON b.payer_id = y.payer_id AND b.payee_id = y.payee_id AND b.ended_from IS NULL
    WHERE y.payer_id = $1
  ) AS r
)sql";

const std::string& ListSql() {
  static const std::string sql =
      fmt::format("{} WHERE (r.certified_on IS NOT NULL OR r.backup_reason IS NOT NULL) AND {}",
                  kStandings, PayeeReachSql("r", 2));
  return sql;
}

TaxStandingRow RowOf(const pg::Row& row) {
  TaxStandingRow standing{.payee = row.Get<PayeeId>(0)};
  if (const auto certified_on = row.Get<std::optional<Date>>(1)) {
    standing.form = CertifiedTaxpayer{
        .payee = standing.payee,
        .certified_on = *certified_on,
        .tin_kind = static_cast<payments::TinKind>(row.Get<std::int16_t>(2)),
        .tin_last4 = row.Get<std::string>(3),
        .blind_index = std::nullopt,
        .legal_name = row.Get<std::string>(4),
        .business_name = row.Get<std::string>(5),
        .classification = static_cast<payments::TaxClassification>(row.Get<std::int16_t>(6)),
        .exempt_code = row.Get<std::string>(7)};
  }
  if (const auto code = row.Get<std::optional<std::int16_t>>(8)) {
    standing.match = static_cast<payments::TinMatchCode>(*code);
  }
  if (const auto reason = row.Get<std::optional<std::int16_t>>(9)) {
    standing.backup = static_cast<payments::BackupReason>(*reason);
  }
  standing.backup_from = row.Get<std::optional<Date>>(10);
  return standing;
}

}  // namespace

std::span<const ListField> TaxStandingFields() { return Fields(); }

TaxStandingPage LoadTaxStandingPage(pg::Transaction& tx, PayerId payer, const PayeeReach& reach,
                                    const ListPage& page) {
  std::vector<pg::EncodedValue> values = {pg::Encode(payer)};
  AppendPayeeReach(values, reach);
  const pg::Result rows = page.Run(tx, ListSql(), std::move(values));
  TaxStandingPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.standings.push_back(RowOf(rows[i]));
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.standings.back().payee.Value(); });
  return loaded;
}

TaxStandingRow LoadTaxStanding(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  static const std::string sql = fmt::format("{} WHERE r.payee_id = $2", kStandings);
  const pg::EncodedValue values[] = {pg::Encode(payer), pg::Encode(payee)};
  const pg::Result rows = tx.QueryOnce(sql, values);
  CHECK(rows.Size() == 1);
  return RowOf(rows[0]);
}

}  // namespace sluice::api
