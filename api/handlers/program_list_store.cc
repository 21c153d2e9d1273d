#include "api/handlers/program_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::Program;

const std::array kFields = {
    ListField{.name = "display_name", .column = "r.name", .sortable = true},
    ListField{.name = "stream", .column = "r.stream"},
    ListField{.name = "lan_category", .column = "r.lan_category"},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.created_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.program_id",
              .prefix = ProgramTag::kPrefix,
              .sortable = true},
};

constexpr char kProgramsSql[] = R"sql(
  SELECT r.program_id, r.payer_id, r.name, r.stream, r.lan_category, r.book_id, r.created_at
  FROM performance.program AS r
  WHERE r.payer_id = $1
    AND ($2::bigint[] IS NULL OR r.program_id IN (
      SELECT c.program_id
      FROM performance.contract AS c
      WHERE c.payer_id = $1 AND c.party_id = ANY ($2))))sql";

constexpr pg::Query kHasContract{"api_program_has_contract", R"sql(
  SELECT 1
  FROM performance.contract
  WHERE program_id = $1 AND party_id = ANY ($2)
  LIMIT 1
)sql"};

Program ProgramOf(const pg::Row& row) {
  return {.id = row.Get<ProgramId>(0),
          .payer = row.Get<PayerId>(1),
          .name = row.Get<std::string>(2),
          .stream = row.Get<std::string>(3),
          .lan_category = row.Get<std::string>(4),
          .book = row.Get<BookId>(5),
          .created_at = row.Get<Instant>(6)};
}

}  // namespace

std::span<const ListField> ProgramFields() { return kFields; }

ProgramPage LoadProgramPage(pg::Transaction& tx, PayerId payer,
                            const std::optional<std::vector<PartyId>>& among,
                            const ListPage& page) {
  const pg::Result rows = page.Run(tx, kProgramsSql, {pg::Encode(payer), pg::Encode(among)});
  ProgramPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.programs.push_back(ProgramOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Program& last = loaded.programs.back();
    if (field == "display_name") return last.name;
    if (field == "create_time") return last.created_at;
    return last.id.Value();
  });
  return loaded;
}

bool HasContractAmong(pg::Transaction& tx, ProgramId program, const std::vector<PartyId>& parties) {
  return !tx.Query(kHasContract, program, parties).Empty();
}

}  // namespace sluice::api
