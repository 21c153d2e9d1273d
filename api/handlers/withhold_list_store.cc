#include "api/handlers/withhold_list_store.h"

#include <array>

namespace sluice::api {
namespace {

const std::array kReserveFields = {
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix,
              .sortable = true},
    ListField{.name = "performance_year", .type = FieldType::kInteger, .column = "r.year"},
    ListField{
        .name = "balance", .type = FieldType::kInteger, .column = "r.balance", .sortable = true},
    ListField{.name = "name", .column = "r.owner_key", .sortable = true},
};

// Class 9: WITHHOLD_RESERVE, of "payee:77/year:2026". Kinds 0 and 2 of a transfer are what counts
// by date (payments/ledger).
constexpr char kReservesSql[] = R"sql(
  SELECT r.payee_id, r.year, r.balance, r.party_id, r.under_party_id, r.owner_key
  FROM (
    SELECT o.payee_id, o.year, o.owner_key, p.party_id, p.under_party_id,
      COALESCE((
        SELECT sum(CASE WHEN t.credit_account_id = o.account_id THEN t.amount_cents
          ELSE -t.amount_cents END)
        FROM payments.transfer AS t
        WHERE t.book_id = $1 AND t.kind IN (0, 2) AND t.effective_date <= $2
          AND (t.debit_account_id = o.account_id OR t.credit_account_id = o.account_id)
          AND t.batch_seq IN (
            SELECT b.batch_seq
            FROM payments.balance_after AS b
            WHERE b.book_id = $1 AND b.account_id = o.account_id)), 0)::bigint AS balance
    FROM (
      SELECT a.account_id, a.owner_key,
        substring(a.owner_key FROM '^payee:([0-9]+)/')::bigint AS payee_id,
        substring(a.owner_key FROM '/year:([0-9]+)$')::bigint AS year
      FROM payments.account AS a
      WHERE a.book_id = $1 AND a.class = 9
    ) AS o
    JOIN payments.payee AS p ON p.payee_id = o.payee_id
    WHERE $3::bigint[] IS NULL OR p.party_id = ANY ($3)
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kFindPayeePlace{"api_find_place_of_payee", R"sql(
  SELECT party_id, under_party_id
  FROM payments.payee
  WHERE payee_id = $1
)sql"};

}  // namespace

std::span<const ListField> ReserveFields() { return kReserveFields; }

ReservePage LoadReservePage(pg::Transaction& tx, const ReserveView& view, const ListPage& page) {
  const pg::Result rows = page.Run(
      tx, kReservesSql, {pg::Encode(view.book), pg::Encode(view.as_of), pg::Encode(view.among)});
  ReservePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.reserves.push_back({.payee = row.Get<PayeeId>(0),
                               .performance_year = static_cast<int>(row.Get<std::int64_t>(1)),
                               .balance = row.Get<Money>(2),
                               .party = row.Get<PartyId>(3),
                               .under = row.Get<PartyId>(4)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const ReserveRow& last = loaded.reserves.back();
    if (field == "payee") return last.payee.Value();
    if (field == "balance") return last.balance.Cents();
    return rows[page.Shown(rows) - 1].Get<std::string>(5);
  });
  return loaded;
}

std::optional<PayeePlace> FindPayeePlace(pg::Transaction& tx, PayeeId payee) {
  const pg::Result rows = tx.Query(kFindPayeePlace, payee);
  if (rows.Empty()) return std::nullopt;
  return PayeePlace{rows[0].Get<PartyId>(0), rows[0].Get<PartyId>(1)};
}

}  // namespace sluice::api
