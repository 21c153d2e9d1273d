#include "api/handlers/inbound_list_store.h"

#include <array>

#include "payments/inbound/inbound_store.h"

namespace sluice::api {
namespace {

using payments::InboundFileId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kInboundKinds = {{
    {"UNKNOWN", 0},
    {"ACH", 1},
    {"BAI2", 2},
    {"X12", 3},
    {"TEXT_REPORT", 4},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kInboundStates = {{
    {"STORED", 0},
    {"STAGED", 1},
    {"APPLIED", 2},
    {"QUARANTINED", 3},
    {"EMPTY", 4},
    {"FOR_PEOPLE", 5},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 12> kItemKinds = {{
    {"RETURN", 1},
    {"CHANGE", 2},
    {"DISHONORED", 3},
    {"CONTESTED", 4},
    {"CHANGE_REFUSED", 5},
    {"REJECT", 6},
    {"FORWARD", 7},
    {"GROUP_ANSWER", 20},
    {"INTERCHANGE_ANSWER", 21},
    {"STATEMENT", 40},
    {"BANK_LINE", 41},
    {"BALANCE", 42},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 9> kItemStates = {{
    {"STAGED", 0},
    {"APPLIED", 1},
    {"SUSPENSE", 2},
    {"QUARANTINED", 3},
    {"DUPLICATE", 4},
    {"WORK_ITEM", 5},
    {"NOTED", 6},
    {"REPLACED", 7},
    {"RESOLVED", 8},
}};

const std::array kInboundFileFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kInboundKinds},
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kInboundStates},
    ListField{.name = "receive_time",
              .type = FieldType::kInstant,
              .column = "r.received_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.file_id",
              .prefix = payments::InboundFileTag::kPrefix,
              .sortable = true},
};

const std::array kInboundItemFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kItemKinds},
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kItemStates},
    ListField{.name = "code", .column = "r.code"},
    ListField{.name = "amount",
              .type = FieldType::kInteger,
              .column = "r.amount_cents",
              .sortable = true},
    // The older, the more.
    ListField{.name = "age", .type = FieldType::kInteger, .column = "r.age", .sortable = true},
    ListField{.name = "name", .column = "r.name", .sortable = true},
};

constexpr char kInboundFilesSql[] = R"sql(
  SELECT r.file_id, r.received_at,
    (SELECT count(*)
     FROM payments.inbound_item AS i
     WHERE i.book_id = $1 AND i.file_id = r.file_id),
    (SELECT count(*)
     FROM payments.inbound_item AS i
     WHERE i.book_id = $1 AND i.file_id = r.file_id AND i.state IN (0, 2, 3, 5)),
    (SELECT count(*)
     FROM payments.inbound_delivery AS d
     WHERE d.book_id = $1 AND d.file_id = r.file_id)
  FROM payments.inbound_file AS r
  WHERE r.book_id = $1 AND ($2::bigint IS NULL OR r.file_id = $2))sql";

// The key of an item in an order: as long for each, so that text sorts as numbers do.
constexpr char kInboundItemsSql[] = R"sql(
  SELECT r.file_id, r.item_no, r.received_at, r.changed_at, r.payment, r.age, r.name
  FROM (
    SELECT i.file_id, i.item_no, f.received_at, i.changed_at, i.kind, i.state, i.code,
      i.amount_cents, d.disbursement_id AS payment,
      -(EXTRACT(EPOCH FROM f.received_at) * 1000000)::bigint AS age,
      lpad(i.file_id::text, 20, '0') || '-' || lpad(i.item_no::text, 10, '0') AS name
    FROM payments.inbound_item AS i
    JOIN payments.inbound_file AS f ON f.book_id = i.book_id AND f.file_id = i.file_id
    LEFT JOIN payments.disbursement AS d
      ON d.book_id = i.target_book_id AND d.disbursement_id = i.target_id
    WHERE i.book_id = $1 AND ($2::bigint IS NULL OR i.file_id = $2)
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kLockInboundItem{"api_lock_inbound_item", R"sql(
  SELECT i.changed_at, f.received_at,
    (SELECT d.disbursement_id
     FROM payments.disbursement AS d
     WHERE d.book_id = i.target_book_id AND d.disbursement_id = i.target_id)
  FROM payments.inbound_item AS i
  JOIN payments.inbound_file AS f ON f.book_id = i.book_id AND f.file_id = i.file_id
  WHERE i.book_id = $1 AND i.file_id = $2 AND i.item_no = $3
  FOR UPDATE OF i
)sql"};

InboundFileShown FileShownOf(pg::Transaction& tx, BookId home, const pg::Row& row) {
  return {.file = payments::FindInboundFile(tx, home, row.Get<InboundFileId>(0)).value(),
          .items = row.Get<std::int64_t>(2),
          .open_items = row.Get<std::int64_t>(3),
          .deliveries = row.Get<std::int64_t>(4)};
}

}  // namespace

std::span<const ListField> InboundFileFields() { return kInboundFileFields; }
std::span<const ListField> InboundItemFields() { return kInboundItemFields; }

InboundFilePage LoadInboundFilePage(pg::Transaction& tx, BookId home, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kInboundFilesSql,
                                   {pg::Encode(home), pg::Encode(std::optional<InboundFileId>())});
  InboundFilePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.files.push_back(FileShownOf(tx, home, rows[i]));
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const payments::InboundFileRow& last = loaded.files.back().file;
    if (field == "receive_time") return last.received_at;
    return last.id.Value();
  });
  return loaded;
}

std::optional<InboundFileShown> FindInboundShown(pg::Transaction& tx, BookId home,
                                                 InboundFileId file) {
  const std::vector<pg::EncodedValue> values{pg::Encode(home), pg::Encode(std::optional(file))};
  const pg::Result rows = tx.QueryOnce(kInboundFilesSql, values);
  if (rows.Empty()) return std::nullopt;
  return FileShownOf(tx, home, rows[0]);
}

InboundItemPage LoadInboundItemPage(pg::Transaction& tx, BookId home,
                                    std::optional<InboundFileId> file, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kInboundItemsSql, {pg::Encode(home), pg::Encode(file)});
  InboundItemPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.items.push_back({.item = payments::FindInboundItem(tx, home, row.Get<InboundFileId>(0),
                                                              row.Get<std::int32_t>(1))
                                        .value(),
                            .received_at = row.Get<Instant>(2),
                            .changed_at = row.Get<Instant>(3),
                            .payment = row.Get<std::optional<payments::DisbursementId>>(4)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const pg::Row last = rows[page.Shown(rows) - 1];
    if (field == "amount") return loaded.items.back().item.amount.Cents();
    if (field == "age") return last.Get<std::int64_t>(5);
    return last.Get<std::string>(6);
  });
  return loaded;
}

std::optional<InboundItemShown> LockInboundShown(pg::Transaction& tx, BookId home,
                                                 InboundFileId file, std::int32_t item) {
  const pg::Result rows = tx.Query(kLockInboundItem, home, file, item);
  if (rows.Empty()) return std::nullopt;
  return InboundItemShown{.item = payments::FindInboundItem(tx, home, file, item).value(),
                          .received_at = rows[0].Get<Instant>(1),
                          .changed_at = rows[0].Get<Instant>(0),
                          .payment = rows[0].Get<std::optional<payments::DisbursementId>>(2)};
}

}  // namespace sluice::api
