#include "api/handlers/check_list_store.h"

#include <array>

namespace sluice::api {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kCheckStates = {{
    {"OUTSTANDING", 0},
    {"PAID", 1},
    {"VOID", 2},
    {"STALE", 3},
    {"SPOILED", 4},
}};

const std::array kCheckFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kCheckStates},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "issue_date", .type = FieldType::kDate, .column = "r.issued_on"},
    ListField{.name = "amount",
              .type = FieldType::kInteger,
              .column = "r.amount_cents",
              .sortable = true},
    ListField{.name = "number",
              .type = FieldType::kInteger,
              .column = "r.check_number",
              .sortable = true},
};

// A number is given once in a book.
constexpr char kChecksSql[] = R"sql(
  SELECT r.check_number, r.amount_cents
  FROM payments.check_issue AS r
  WHERE r.book_id = $1)sql";

}  // namespace

std::span<const ListField> CheckFields() { return kCheckFields; }

CheckPage LoadCheckPage(pg::Transaction& tx, BookId book, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kChecksSql, {pg::Encode(book)});
  CheckPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.numbers.push_back(rows[i].Get<std::int64_t>(0));
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const pg::Row last = rows[page.Shown(rows) - 1];
    return last.Get<std::int64_t>(field == "amount" ? 1 : 0);
  });
  return loaded;
}

}  // namespace sluice::api
