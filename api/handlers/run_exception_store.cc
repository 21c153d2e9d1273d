#include "api/handlers/run_exception_store.h"

#include <array>
#include <optional>

namespace sluice::api {
namespace {

using payments::CycleException;

constexpr std::array<std::pair<std::string_view, std::int64_t>, payments::kCycleExceptionKinds>
    kKinds = {{
        {"HELD", 0},
        {"OVER_CAP", 1},
        {"DUPLICATE", 2},
        {"NEGATIVE", 3},
        {"NO_PAYEE", 4},
        {"NO_TAX_FORM", 5},
        {"NO_ACCOUNT", 6},
        {"SMALL", 7},
        {"OVERRIDDEN", 8},
    }};

const std::array kFields = {
    ListField{.name = "kind",
              .type = FieldType::kEnum,
              .column = "r.kind",
              .names = kKinds,
              .sortable = true},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{
        .name = "amount", .type = FieldType::kInteger, .column = "r.amount", .sortable = true},
    ListField{
        .name = "number", .type = FieldType::kInteger, .column = "r.number", .sortable = true},
};

constexpr char kExceptionsSql[] = R"sql(
  SELECT r.number
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY
    AS r (kind, payee_id, amount, number)
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> RunExceptionFields() { return kFields; }

RunExceptionPage LoadRunExceptionPage(pg::Transaction& tx, std::span<const CycleException> all,
                                      const ListPage& page) {
  std::vector<std::int64_t> kinds;
  std::vector<std::optional<PayeeId>> payees;
  std::vector<std::int64_t> amounts;
  for (const CycleException& exception : all) {
    kinds.push_back(static_cast<std::int64_t>(exception.kind));
    payees.push_back(exception.payee);
    amounts.push_back(exception.amount.Cents());
  }
  const pg::Result rows =
      page.Run(tx, kExceptionsSql, {pg::Encode(kinds), pg::Encode(payees), pg::Encode(amounts)});
  RunExceptionPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.exceptions.push_back(all[static_cast<std::size_t>(rows[i].Get<std::int64_t>(0) - 1)]);
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "kind") return static_cast<std::int64_t>(loaded.exceptions.back().kind);
    if (field == "amount") return loaded.exceptions.back().amount.Cents();
    return rows[page.Shown(rows) - 1].Get<std::int64_t>(0);
  });
  return loaded;
}

}  // namespace sluice::api
