#include "api/handlers/screening_list_store.h"

#include <array>
#include <utility>

#include "payments/screening/screening_service.h"

namespace sluice::api {
namespace {

using payments::ScreeningHit;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kStates = {{
    {"OPEN", 0},
    {"NOT_THE_SAME", 1},
    {"THE_SAME", 2},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> kSources = {{
    {"SDN", 0},
    {"LEIE", 1},
}};

// A hit holds its payee unless somebody decided that it is not the same.
constexpr std::array kFields = {
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "source", .type = FieldType::kEnum, .column = "r.source", .names = kSources},
    ListField{.name = "score", .type = FieldType::kInteger, .column = "r.score", .sortable = true},
    ListField{
        .name = "holds", .type = FieldType::kBoolean, .column = "(r.state <> 1)", .sortable = true},
    ListField{
        .name = "find_time", .type = FieldType::kInstant, .column = "r.found_at", .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.hit_id",
              .prefix = payments::ScreeningTag::kPrefix,
              .sortable = true},
};

constexpr char kHitsSql[] = R"sql(
  SELECT r.hit_id, r.payee_id, r.source, r.score, r.listed_name, r.payee_name, r.program, r.reason,
    r.found_by, r.found_at, r.state
  FROM payments.screening_hit AS r
  WHERE r.payer_id = $1)sql";

constexpr pg::Query kFindHit{"api_find_screening_hit", R"sql(
  SELECT hit_id, payee_id, source, score, listed_name, payee_name, program, reason, found_by,
    found_at, state
  FROM payments.screening_hit
  WHERE payer_id = $1 AND hit_id = $2
)sql"};

ScreeningHit HitOf(const pg::Row& row) {
  ScreeningHit hit;
  hit.id = row.Get<std::int64_t>(0);
  hit.payee = row.Get<PayeeId>(1);
  hit.source = static_cast<payments::ListSource>(row.Get<std::int16_t>(2));
  hit.score = row.Get<std::int32_t>(3);
  hit.listed_name = row.Get<std::string>(4);
  hit.payee_name = row.Get<std::string>(5);
  hit.program = row.Get<std::string>(6);
  hit.reason = row.Get<std::string>(7);
  hit.found_by = row.Get<UserId>(8);
  hit.found_at = row.Get<Instant>(9);
  hit.state = static_cast<payments::HitState>(row.Get<std::int16_t>(10));
  return hit;
}

}  // namespace

std::span<const ListField> ScreeningHitFields() { return kFields; }

ScreeningHitPage LoadScreeningHitPage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kHitsSql, {pg::Encode(payer)});
  ScreeningHitPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.hits.push_back(HitOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const ScreeningHit& last = loaded.hits.back();
    if (field == "score") return std::int64_t{last.score};
    if (field == "holds") return last.state != payments::HitState::kNotTheSame;
    if (field == "find_time") return last.found_at;
    return last.id;
  });
  return loaded;
}

std::optional<ScreeningHit> FindScreeningHit(pg::Transaction& tx, PayerId payer, std::int64_t hit) {
  const pg::Result rows = tx.Query(kFindHit, payer, hit);
  return rows.Empty() ? std::nullopt : std::optional(HitOf(rows[0]));
}

}  // namespace sluice::api
