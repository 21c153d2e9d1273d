#include "api/handlers/gate_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::DataGate;
using performance::GateCheck;

const std::array kGateFields = {
    ListField{
        .name = "display_name", .type = FieldType::kText, .column = "r.gate", .sortable = true},
};

const std::array kCheckFields = {
    ListField{.name = "passed", .type = FieldType::kBoolean, .column = "(r.passed = 1)"},
    ListField{.name = "gate", .type = FieldType::kText, .column = "r.gate", .sortable = true},
    ListField{.name = "check", .type = FieldType::kInteger, .column = "r.number", .sortable = true},
};

constexpr char kGatesSql[] = R"sql(
  SELECT r.place
  FROM unnest($1::bigint[], $2::text[]) AS r (place, gate)
  WHERE TRUE)sql";

constexpr char kChecksSql[] = R"sql(
  SELECT r.place
  FROM (
    SELECT u.place, u.gate, u.passed, u.number
    FROM unnest($1::bigint[], $2::text[], $3::smallint[], $4::bigint[])
      AS u (place, gate, passed, number)
  ) AS r
  WHERE TRUE)sql";

std::vector<std::size_t> PlacesIn(const pg::Result& rows, const ListPage& page) {
  std::vector<std::size_t> places;
  for (int i = 0; i < page.Shown(rows); ++i) {
    places.push_back(static_cast<std::size_t>(rows[i].Get<std::int64_t>(0)));
  }
  return places;
}

}  // namespace

std::span<const ListField> GateFields() { return kGateFields; }
std::span<const ListField> GateCheckFields() { return kCheckFields; }

GatePage ChooseGates(pg::Transaction& tx, std::span<const DataGate> gates, const ListPage& page) {
  std::vector<std::int64_t> places;
  std::vector<std::string> names;
  for (const DataGate& gate : gates) {
    places.push_back(static_cast<std::int64_t>(places.size()));
    names.push_back(gate.name);
  }
  const pg::Result rows = page.Run(tx, kGatesSql, {pg::Encode(places), pg::Encode(names)});
  GatePage chosen{PlacesIn(rows, page), ""};
  chosen.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return names[chosen.places.back()]; });
  return chosen;
}

GatePage ChooseGateChecks(pg::Transaction& tx, std::span<const GateCheck> checks,
                          const ListPage& page) {
  std::vector<std::int64_t> places, numbers;
  std::vector<std::string> gates;
  std::vector<std::int16_t> passed;
  for (const GateCheck& check : checks) {
    places.push_back(static_cast<std::int64_t>(places.size()));
    gates.push_back(check.gate);
    passed.push_back(check.passed ? 1 : 0);
    numbers.push_back(check.check_id);
  }
  const pg::Result rows =
      page.Run(tx, kChecksSql,
               {pg::Encode(places), pg::Encode(gates), pg::Encode(passed), pg::Encode(numbers)});
  GatePage chosen{PlacesIn(rows, page), ""};
  chosen.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const std::size_t last = chosen.places.back();
    if (field == "gate") return gates[last];
    return numbers[last];
  });
  return chosen;
}

}  // namespace sluice::api
