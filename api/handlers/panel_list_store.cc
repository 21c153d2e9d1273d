#include "api/handlers/panel_list_store.h"

#include <array>
#include <optional>

namespace sluice::api {
namespace {

using performance::MemberMonthLine;

const std::array kFields = {
    ListField{.name = "member", .type = FieldType::kText, .column = "r.member", .sortable = true},
    ListField{
        .name = "payee", .type = FieldType::kId, .column = "r.payee", .prefix = PartyTag::kPrefix},
    ListField{.name = "reason", .type = FieldType::kText, .column = "r.reason"},
    ListField{.name = "delta", .type = FieldType::kInteger, .column = "r.delta"},
    ListField{.name = "line", .type = FieldType::kInteger, .column = "r.line", .sortable = true},
};

constexpr char kLinesSql[] = R"sql(
  SELECT r.line, r.member
  FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
    AS r (line, member, payee, reason, delta)
  WHERE TRUE)sql";

}  // namespace

std::span<const ListField> MemberMonthFields() { return kFields; }

MemberMonthPage ChooseMemberMonths(pg::Transaction& tx, std::span<const MemberMonthLine> lines,
                                   const MemberNames& names, const ListPage& page) {
  std::vector<std::int64_t> places, deltas;
  std::vector<std::string> members, reasons;
  std::vector<PartyId> payees;
  for (const MemberMonthLine& line : lines) {
    places.push_back(static_cast<std::int64_t>(places.size()));
    members.push_back(names.NumberOf(line.member));
    payees.push_back(line.payee);
    reasons.emplace_back(line.reason ? performance::ReasonName(*line.reason) : "");
    deltas.push_back(line.delta_cents);
  }
  const pg::Result rows = page.Run(tx, kLinesSql,
                                   {pg::Encode(places), pg::Encode(members), pg::Encode(payees),
                                    pg::Encode(reasons), pg::Encode(deltas)});
  MemberMonthPage chosen;
  for (int i = 0; i < page.Shown(rows); ++i) {
    chosen.places.push_back(static_cast<std::size_t>(rows[i].Get<std::int64_t>(0)));
  }
  chosen.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const std::size_t last = chosen.places.back();
    if (field == "member") return members[last];
    return static_cast<std::int64_t>(last);
  });
  return chosen;
}

}  // namespace sluice::api
