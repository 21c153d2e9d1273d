#include "api/handlers/reversal_list_store.h"

#include <array>

#include "payments/reversals/reversal_store.h"

namespace sluice::api {
namespace {

using payments::Reversal;
using payments::ReversalId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 8> kReversalStates = {{
    {"REQUESTED", 0},
    {"APPROVED", 1},
    {"IN_FILE", 2},
    {"SENT", 3},
    {"CREDITED", 4},
    {"SETTLED", 5},
    {"REJECTED", 6},
    {"BOUNCED", 7},
}};

const std::array kReversalFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kReversalStates},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "request_time",
              .type = FieldType::kInstant,
              .column = "r.requested_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.reversal_id",
              .prefix = payments::ReversalTag::kPrefix,
              .sortable = true},
};

constexpr char kReversalsSql[] = R"sql(
  SELECT r.reversal_id
  FROM payments.reversal AS r
  WHERE r.book_id = $1)sql";

}  // namespace

std::span<const ListField> ReversalFields() { return kReversalFields; }

ReversalPage LoadReversalPage(pg::Transaction& tx, BookId book, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kReversalsSql, {pg::Encode(book)});
  ReversalPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.reversals.push_back(
        payments::FindReversal(tx, book, rows[i].Get<ReversalId>(0)).value());
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Reversal& last = loaded.reversals.back();
    if (field == "request_time") return last.requested_at;
    return last.id.Value();
  });
  return loaded;
}

}  // namespace sluice::api
