#include "api/handlers/award_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using performance::AwardKey;
using performance::StoredAward;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> kStatuses = {{
    {"COMPUTED", 0},
    {"BLOCKED", 1},
}};

const std::array kAwardFields = {
    ListField{.name = "status", .type = FieldType::kEnum, .column = "r.status", .names = kStatuses},
    ListField{.name = "zero_reason", .column = "r.zero_reason"},
    ListField{.name = "payable",
              .type = FieldType::kInteger,
              .column = "r.payable_cents",
              .sortable = true},
    ListField{.name = "contract",
              .type = FieldType::kId,
              .column = "r.contract_id",
              .prefix = ContractTag::kPrefix,
              .sortable = true},
};

const std::array kVersionFields = {
    ListField{
        .name = "version", .type = FieldType::kInteger, .column = "r.version", .sortable = true},
};

const std::array kShareFields = {
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "amount", .type = FieldType::kInteger, .column = "r.amount_cents"},
    ListField{
        .name = "position", .type = FieldType::kInteger, .column = "r.position", .sortable = true},
};

constexpr char kAwardsSql[] = R"sql(
  SELECT r.contract_id, r.award_id, r.version
  FROM (
    SELECT DISTINCT ON (a.contract_id) a.contract_id, a.award_id, a.version, a.status,
      a.zero_reason, a.payable_cents
    FROM performance.award AS a
    WHERE a.contract_id IN (
        SELECT c.contract_id
        FROM performance.contract AS c
        WHERE ($1::bigint IS NULL OR c.program_id = $1)
          AND ($4::bigint[] IS NULL OR c.party_id = ANY ($4)))
      AND a.period_from = $2 AND a.period_to = $3
    ORDER BY a.contract_id, a.version DESC
  ) AS r
  WHERE TRUE)sql";

constexpr char kVersionsSql[] = R"sql(
  SELECT r.contract_id, r.award_id, r.version
  FROM performance.award AS r
  WHERE r.contract_id = $1 AND r.award_id = $2)sql";

constexpr char kSharesSql[] = R"sql(
  SELECT r.position, r.parent_position, r.party_id, r.role, r.label, r.weight, r.received_cents,
    r.amount_cents, r.zero_reason, r.notes, r.detail
  FROM (
    SELECT s.position, s.parent_position, s.party_id,
      CASE WHEN p.kind = 1 THEN p.label ELSE '' END AS role, s.label, s.weight, s.received_cents,
      s.amount_cents, COALESCE(s.zero_reason, '') AS zero_reason, s.notes, s.detail
    FROM performance.award_split AS s
    LEFT JOIN performance.award_split AS p
      ON p.contract_id = s.contract_id AND p.award_id = s.award_id AND p.version = s.version
        AND p.position = s.parent_position
    WHERE s.contract_id = $1 AND s.award_id = $2 AND s.version = $3
      AND ($4::bigint[] IS NULL OR s.position = ANY ($4))
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kShareOwners{"api_award_share_owners", R"sql(
  SELECT parent_position, party_id
  FROM performance.award_split
  WHERE contract_id = $1 AND award_id = $2 AND version = $3
  ORDER BY position
)sql"};

std::vector<AwardKey> KeysOf(const pg::Result& rows, int shown) {
  std::vector<AwardKey> keys;
  for (int i = 0; i < shown; ++i) {
    keys.push_back(
        {rows[i].Get<ContractId>(0), rows[i].Get<AwardId>(1), rows[i].Get<std::int32_t>(2)});
  }
  return keys;
}

AwardShareRow ShareOf(const pg::Row& row) {
  return {.position = row.Get<std::int32_t>(0),
          .parent_position = row.Get<std::int32_t>(1),
          .party = row.Get<PartyId>(2),
          .role = row.Get<std::string>(3),
          .label = row.Get<std::string>(4),
          .weight = row.Get<std::string>(5),
          .received = row.Get<Money>(6),
          .amount = row.Get<Money>(7),
          .zero_reason = row.Get<std::string>(8),
          .notes = row.Get<std::string>(9),
          .detail = row.Get<std::string>(10)};
}

}  // namespace

std::span<const ListField> AwardFields() { return kAwardFields; }

AwardPage LoadAwardPage(pg::Transaction& tx, const AwardsOfView& view, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kAwardsSql,
                                   {pg::Encode(view.program), pg::Encode(view.period.from),
                                    pg::Encode(view.period.to.value()), pg::Encode(view.among)});
  AwardPage loaded{.awards = performance::FindAwards(tx, KeysOf(rows, page.Shown(rows))),
                   .next_page_token = {}};
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const StoredAward& last = loaded.awards.back();
    if (field == "payable") return last.payable.Cents();
    return last.contract.Value();
  });
  return loaded;
}

std::span<const ListField> AwardVersionFields() { return kVersionFields; }

AwardPage LoadAwardVersionPage(pg::Transaction& tx, ContractId contract, AwardId award,
                               const ListPage& page) {
  const pg::Result rows = page.Run(tx, kVersionsSql, {pg::Encode(contract), pg::Encode(award)});
  AwardPage loaded{.awards = performance::FindAwards(tx, KeysOf(rows, page.Shown(rows))),
                   .next_page_token = {}};
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view) -> FilterValue {
    return std::int64_t{loaded.awards.back().version};
  });
  return loaded;
}

std::span<const ListField> AwardShareFields() { return kShareFields; }

AwardSharePage LoadAwardSharePage(pg::Transaction& tx, const AwardKey& award,
                                  const std::optional<std::vector<std::int64_t>>& among,
                                  const ListPage& page) {
  const pg::Result rows = page.Run(tx, kSharesSql,
                                   {pg::Encode(award.contract), pg::Encode(award.award),
                                    pg::Encode(award.version), pg::Encode(among)});
  AwardSharePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.shares.push_back(ShareOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view) -> FilterValue {
    return std::int64_t{loaded.shares.back().position};
  });
  return loaded;
}

std::vector<ShareOwner> LoadShareOwners(pg::Transaction& tx, const AwardKey& award) {
  const pg::Result rows = tx.Query(kShareOwners, award.contract, award.award, award.version);
  std::vector<ShareOwner> owners;
  for (int i = 0; i < rows.Size(); ++i) {
    owners.push_back({rows[i].Get<std::int32_t>(0), rows[i].Get<PartyId>(1)});
  }
  return owners;
}

}  // namespace sluice::api
