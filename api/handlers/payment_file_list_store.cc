#include "api/handlers/payment_file_list_store.h"

#include <array>

#include "payments/ledger/book_store.h"
#include "payments/pluck.h"

namespace sluice::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> kFileKinds = {{
    {"ACH", 1},
    {"REMITTANCE_835", 2},
    {"STATEMENT_PDF", 3},
    {"STATEMENT_CSV", 4},
    {"ROSTER_CSV", 5},
    {"CHECKS", 6},
    {"CHECK_VOIDS", 7},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 8> kFileStates = {{
    {"BUILDING", 0},
    {"READY", 1},
    {"DELIVERING", 2},
    {"DELIVERED", 3},
    {"SENT_UNKNOWN", 4},
    {"ACKNOWLEDGED", 5},
    {"REJECTED", 6},
    {"VOIDED", 7},
}};

const std::array kPaymentFileFields = {
    ListField{.name = "run",
              .type = FieldType::kId,
              .column = "r.run_id",
              .prefix = payments::RunTag::kPrefix},
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kFileKinds},
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kFileStates},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.created_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.file_id",
              .prefix = payments::PaymentFileTag::kPrefix,
              .sortable = true},
};

constexpr char kFilesSql[] = R"sql(
  SELECT r.book_id, r.file_id, r.program_id, r.cycle_id, r.run_id, r.kind, r.name, r.entry_count,
    r.total_cents, r.state, r.created_at,
    (SELECT count(*)
     FROM payments.payment_file_event AS e
     WHERE e.book_id = r.book_id AND e.file_id = r.file_id)::int
  FROM (
    SELECT f.book_id, f.file_id, c.program_id, c.cycle_id, f.run_id, f.kind, f.name, f.entry_count,
      f.total_cents, f.state, f.created_at
    FROM payments.payment_file AS f
    JOIN payments.run AS n ON n.book_id = f.book_id AND n.run_id = f.run_id
    JOIN payments.cycle AS c ON c.book_id = n.book_id AND c.cycle_id = n.cycle_id
  ) AS r
  WHERE )sql";

PaymentFileRow FileOf(const pg::Row& row) {
  return {.book = row.Get<BookId>(0),
          .id = row.Get<payments::PaymentFileId>(1),
          .program = row.Get<ProgramId>(2),
          .cycle = row.Get<payments::CycleId>(3),
          .run = row.Get<payments::RunId>(4),
          .kind = static_cast<payments::FileKind>(row.Get<std::int16_t>(5)),
          .name = row.Get<std::string>(6),
          .entries = row.Get<std::int32_t>(7),
          .total = row.Get<Money>(8),
          .state = static_cast<payments::FileState>(row.Get<std::int16_t>(9)),
          .created_at = row.Get<Instant>(10),
          .moves = row.Get<std::int32_t>(11)};
}

}  // namespace

std::span<const ListField> PaymentFileFields() { return kPaymentFileFields; }

PaymentFilePage LoadPaymentFilePage(pg::Transaction& tx, const ListPage& page) {
  const pg::Result rows = page.Run(tx, std::string(kFilesSql) + "TRUE", {});
  PaymentFilePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.files.push_back(FileOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const PaymentFileRow& last = loaded.files.back();
    if (field == "create_time") return last.created_at;
    return last.id.Value();
  });
  return loaded;
}

std::optional<PaymentFileRow> FindPaymentFile(pg::Transaction& tx, payments::PaymentFileId file) {
  const std::vector<BookId> books =
      payments::Pluck(payments::ListBooks(tx), &payments::BookRecord::id);
  const std::vector<pg::EncodedValue> values{pg::Encode(books), pg::Encode(file)};
  const pg::Result rows = tx.QueryOnce(
      std::string(kFilesSql) + "r.book_id = ANY ($1::bigint[]) AND r.file_id = $2", values);
  if (rows.Empty()) return std::nullopt;
  return FileOf(rows[0]);
}

}  // namespace sluice::api
