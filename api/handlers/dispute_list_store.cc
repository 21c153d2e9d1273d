#include "api/handlers/dispute_list_store.h"

#include <array>
#include <map>

namespace sluice::api {
namespace {

using performance::Dispute;
using performance::DisputeId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 9> kStates = {{
    {"DRAFTED", 1},
    {"FILED", 2},
    {"UNDER_REVIEW", 3},
    {"INFO_REQUESTED", 4},
    {"ACCEPTED", 5},
    {"REJECTED", 6},
    {"OVERDUE", 7},
    {"APPLIED", 8},
    {"WITHDRAWN", 9},
}};

// Those without a day are behind all that have one.
const Date kNever = MakeDate(9999, 12, 31);

const std::array kFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "period_from", .type = FieldType::kDate, .column = "r.period_from"},
    ListField{.name = "owner", .type = FieldType::kText, .column = "r.owner"},
    ListField{.name = "due", .type = FieldType::kDate, .column = "r.due", .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.dispute_id",
              .prefix = performance::DisputeTag::kPrefix,
              .sortable = true},
};

constexpr char kDisputesSql[] = R"sql(
  SELECT r.dispute_id, r.due
  FROM unnest($1::bigint[], $2::smallint[], $3::date[], $4::text[], $5::date[])
    AS r (dispute_id, state, period_from, owner, due)
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> DisputeFields() { return kFields; }

DisputePage ChooseDisputes(pg::Transaction& tx, std::span<const Dispute> disputes,
                           const ListPage& page) {
  std::vector<DisputeId> ids;
  std::vector<std::int16_t> states;
  std::vector<Date> periods, due;
  std::vector<std::string> owners;
  std::map<DisputeId, std::size_t> places;
  for (const Dispute& dispute : disputes) {
    places[dispute.id] = ids.size();
    ids.push_back(dispute.id);
    states.push_back(static_cast<std::int16_t>(dispute.state));
    periods.push_back(dispute.period.from);
    owners.push_back(dispute.owner);
    due.push_back(dispute.due.value_or(kNever));
  }
  const pg::Result rows = page.Run(tx, kDisputesSql,
                                   {pg::Encode(ids), pg::Encode(states), pg::Encode(periods),
                                    pg::Encode(owners), pg::Encode(due)});
  DisputePage chosen;
  for (int i = 0; i < page.Shown(rows); ++i) {
    chosen.places.push_back(places.at(rows[i].Get<DisputeId>(0)));
  }
  chosen.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Dispute& last = disputes[chosen.places.back()];
    if (field == "due") return last.due.value_or(kNever);
    return last.id.Value();
  });
  return chosen;
}

}  // namespace sluice::api
