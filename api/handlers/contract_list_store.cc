#include "api/handlers/contract_list_store.h"

#include <array>
#include <map>

#include "performance/contracts/contract_store.h"
#include "performance/program_store.h"

namespace sluice::api {
namespace {

using performance::Contract;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 10> kStates = {{
    {"MODEL", 1},
    {"DRAFT", 2},
    {"REVIEW", 3},
    {"APPROVED", 4},
    {"SIGNED", 5},
    {"ACTIVE", 6},
    {"SETTLED", 7},
    {"RENEWED", 8},
    {"ENDED", 9},
    {"SUPERSEDED", 10},
}};

const std::array kFields = {
    ListField{.name = "program",
              .type = FieldType::kId,
              .column = "r.program_id",
              .prefix = ProgramTag::kPrefix},
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix},
    // Of the version in force, or else of the newest.
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    // Of the newest version.
    ListField{.name = "latest_state",
              .type = FieldType::kEnum,
              .column = "r.latest_state",
              .names = kStates},
    ListField{.name = "effective_from",
              .type = FieldType::kDate,
              .column = "r.effective_from",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.contract_id",
              .prefix = ContractTag::kPrefix,
              .sortable = true},
};

// $2 are the parties of who sees a part of the payer: then a version that was never approved (4)
// does not count, and a contract that has no other is not there.
constexpr char kContractsSql[] = R"sql(
  SELECT r.contract_id, r.effective_from
  FROM (
    SELECT c.contract_id, c.program_id, c.party_id, c.effective_from,
      latest.to_state AS latest_state,
      CASE
        WHEN EXISTS (
          SELECT 1
          FROM performance.contract_move AS m
          WHERE m.contract_id = c.contract_id AND m.to_state = 6
            AND NOT EXISTS (
              SELECT 1
              FROM performance.contract_move AS later
              WHERE later.contract_id = m.contract_id AND later.version = m.version
                AND later.move_number > m.move_number))
        THEN 6::smallint
        ELSE latest.to_state
      END AS state
    FROM performance.contract AS c
    LEFT JOIN LATERAL (
      SELECT m.to_state
      FROM performance.contract_move AS m
      WHERE m.contract_id = c.contract_id
        AND ($2::bigint[] IS NULL OR EXISTS (
          SELECT 1
          FROM performance.contract_move AS a
          WHERE a.contract_id = m.contract_id AND a.version = m.version AND a.to_state = 4))
      ORDER BY m.version DESC, m.move_number DESC
      LIMIT 1) AS latest ON true
    WHERE c.payer_id = $1
      AND ($2::bigint[] IS NULL
        OR (c.party_id = ANY ($2)
          AND (latest.to_state IS NOT NULL OR NOT EXISTS (
            SELECT 1
            FROM performance.contract_version AS v
            WHERE v.contract_id = c.contract_id))))
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kVersions{"api_contract_versions", R"sql(
  SELECT contract_id, version, author_id, comment, recorded_at
  FROM performance.contract_version
  WHERE contract_id = ANY ($1)
  ORDER BY contract_id, version
)sql"};

std::vector<ContractRow> LoadRows(pg::Transaction& tx, const std::vector<Contract>& contracts) {
  std::vector<ContractRow> rows;
  std::map<ContractId, std::size_t> place;
  std::vector<ContractId> ids;
  for (const Contract& contract : contracts) {
    place[contract.id] = rows.size();
    ids.push_back(contract.id);
    rows.push_back(
        {.contract = contract, .versions = {}, .moves = performance::LoadMoves(tx, contract.id)});
  }
  const pg::Result versions = tx.Query(kVersions, ids);
  for (int i = 0; i < versions.Size(); ++i) {
    const pg::Row row = versions[i];
    rows[place.at(row.Get<ContractId>(0))].versions.push_back({.version = row.Get<std::int32_t>(1),
                                                               .author = row.Get<UserId>(2),
                                                               .comment = row.Get<std::string>(3),
                                                               .recorded_at = row.Get<Instant>(4)});
  }
  return rows;
}

}  // namespace

std::span<const ListField> ContractFields() { return kFields; }

ContractPage LoadContractPage(pg::Transaction& tx, PayerId payer,
                              const std::optional<std::vector<PartyId>>& among,
                              const ListPage& page) {
  const pg::Result rows = page.Run(tx, kContractsSql, {pg::Encode(payer), pg::Encode(among)});
  std::vector<ContractId> ids;
  for (int i = 0; i < page.Shown(rows); ++i) ids.push_back(rows[i].Get<ContractId>(0));
  std::map<ContractId, Contract> found;
  for (Contract& contract : performance::FindContracts(tx, ids)) {
    found.emplace(contract.id, std::move(contract));
  }
  std::vector<Contract> contracts;
  for (const ContractId id : ids) contracts.push_back(found.at(id));
  ContractPage loaded{.contracts = LoadRows(tx, contracts), .next_page_token = {}};
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    if (field == "effective_from") return contracts.back().effective.from;
    return contracts.back().id.Value();
  });
  return loaded;
}

ContractRow LoadContractRow(pg::Transaction& tx, const Contract& contract) {
  return LoadRows(tx, {contract}).front();
}

}  // namespace sluice::api
