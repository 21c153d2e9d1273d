#include "api/handlers/pool_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using payments::PoolId;

const std::array kPoolFields = {
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.pool_id",
              .prefix = payments::PoolTag::kPrefix,
              .sortable = true},
};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kTransferStates = {{
    {"REQUESTED", 0},
    {"POSTED", 1},
    {"REJECTED", 2},
    {"SHORT", 3},
}};

const std::array kTransferFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kTransferStates},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.transfer_id",
              .prefix = payments::PoolTransferTag::kPrefix,
              .sortable = true},
};

constexpr char kTransfersSql[] = R"sql(
  SELECT r.transfer_id, r.from_pool_id, r.to_pool_id, r.amount_cents, r.reason, r.requested_by,
    r.requested_at, r.state, r.decided_by, r.decision
  FROM payments.pool_transfer AS r
  WHERE r.book_id = $1)sql";

// Class 3: POOL.
constexpr char kPoolsSql[] = R"sql(
  SELECT r.program_id, r.book_id, r.pool_id, r.name, r.bank_account_id,
    COALESCE((
      SELECT b.version
      FROM payments.account AS a
      JOIN payments.account_balance AS b ON b.book_id = a.book_id AND b.account_id = a.account_id
      WHERE a.book_id = r.book_id AND a.class = 3 AND a.owner_key = 'pool:' || r.pool_id), 0),
    COALESCE((
      SELECT d.last4
      FROM payments.deposit_account AS d
      WHERE d.bank_account_id = r.bank_account_id
      LIMIT 1), '')
  FROM (
    SELECT b.program_id, p.book_id, p.pool_id, p.name, p.bank_account_id
    FROM payments.pool AS p
    JOIN payments.book AS b ON b.book_id = p.book_id
    WHERE ($1::bigint IS NULL OR b.program_id = $1) AND ($2::bigint IS NULL OR p.pool_id = $2)
  ) AS r
  WHERE TRUE)sql";

PoolRow PoolOf(const pg::Row& row) {
  return {.program = row.Get<ProgramId>(0),
          .pool = {.id = row.Get<PoolId>(2),
                   .book = row.Get<BookId>(1),
                   .name = row.Get<std::string>(3),
                   .bank_account = row.Get<payments::BankAccountId>(4)},
          .version = row.Get<std::int64_t>(5),
          .last4 = row.Get<std::string>(6)};
}

}  // namespace

std::span<const ListField> PoolFields() { return kPoolFields; }

PoolPage LoadPoolPage(pg::Transaction& tx, std::optional<ProgramId> program, const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, kPoolsSql, {pg::Encode(program), pg::Encode(std::optional<PoolId>())});
  PoolPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.pools.push_back(PoolOf(rows[i]));
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.pools.back().pool.id.Value(); });
  return loaded;
}

std::optional<PoolRow> FindPoolRow(pg::Transaction& tx, ProgramId program, PoolId pool) {
  const std::vector<pg::EncodedValue> values{pg::Encode(std::optional(program)),
                                             pg::Encode(std::optional(pool))};
  const pg::Result rows = tx.QueryOnce(kPoolsSql, values);
  if (rows.Empty()) return std::nullopt;
  return PoolOf(rows[0]);
}

std::span<const ListField> PoolTransferFields() { return kTransferFields; }

PoolTransferPage LoadPoolTransferPage(pg::Transaction& tx, BookId book, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kTransfersSql, {pg::Encode(book)});
  PoolTransferPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.transfers.push_back(
        {.id = row.Get<payments::PoolTransferId>(0),
         .from = row.Get<PoolId>(1),
         .to = row.Get<PoolId>(2),
         .amount = row.Get<Money>(3),
         .reason = row.Get<std::string>(4),
         .requested_by = row.Get<UserId>(5),
         .requested_at = row.Get<Instant>(6),
         .state = static_cast<payments::PoolTransferState>(row.Get<std::int16_t>(7)),
         .decided_by = row.Get<std::optional<UserId>>(8),
         .decision = row.Get<std::string>(9)});
  }
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.transfers.back().id.Value(); });
  return loaded;
}

}  // namespace sluice::api
