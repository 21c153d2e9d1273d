#include "api/handlers/payee_list_store.h"

#include <array>
#include <map>
#include <utility>

#include "payments/payee_store.h"
#include "payments/pluck.h"

namespace sluice::api {
namespace {

using payments::Payee;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> kKinds = {{
    {"ORGANIZATION", 0},
    {"PERSON", 1},
}};

const std::array kFields = {
    ListField{.name = "display_name", .column = "r.name", .sortable = true},
    ListField{.name = "party",
              .type = FieldType::kId,
              .column = "r.party_id",
              .prefix = PartyTag::kPrefix},
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kKinds},
    ListField{.name = "npi", .column = "r.npi"},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix,
              .sortable = true},
};

constexpr pg::Query kLoadOfTin{"api_load_payees_of_tin", R"sql(
  SELECT payee_id
  FROM payments.payee
  WHERE payer_id = $1 AND tin = $2
  ORDER BY payee_id
)sql"};

const std::string& PayeesSql() {
  static const std::string sql = fmt::format(R"sql(
  SELECT r.payee_id
  FROM payments.payee AS r
  WHERE r.payer_id = $1 AND {})sql",
                                             PayeeReachSql("r", 2));
  return sql;
}

}  // namespace

std::string PayeeReachSql(std::string_view row, int first) {
  return fmt::format(
      "(${1}::bigint[] IS NULL OR {0}.party_id = ANY (${1}) AND ({0}.under_party_id = 0 "
      "OR {0}.under_party_id = ANY (${1}) OR {0}.party_id = ANY (${2}::bigint[])))",
      row, first, first + 1);
}

void AppendPayeeReach(std::vector<pg::EncodedValue>& values, const PayeeReach& reach) {
  values.push_back(pg::Encode(reach.among));
  values.push_back(pg::Encode(reach.roots));
}

std::span<const ListField> PayeeFields() { return kFields; }

PayeePage LoadPayeePage(pg::Transaction& tx, PayerId payer, const PayeeReach& reach,
                        const ListPage& page) {
  std::vector<pg::EncodedValue> values = {pg::Encode(payer)};
  AppendPayeeReach(values, reach);
  const pg::Result rows = page.Run(tx, PayeesSql(), std::move(values));
  std::vector<PayeeId> ids;
  for (int i = 0; i < page.Shown(rows); ++i) ids.push_back(rows[i].Get<PayeeId>(0));
  std::map<PayeeId, Payee> found;
  for (Payee& payee : payments::LoadPayees(tx, ids)) found.emplace(payee.id, std::move(payee));
  PayeePage loaded;
  for (const PayeeId id : ids) loaded.payees.push_back(std::move(found.at(id)));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const Payee& last = loaded.payees.back();
    if (field == "display_name") return last.name;
    return last.id.Value();
  });
  return loaded;
}

std::vector<Payee> LoadPayeesOfTaxpayer(pg::Transaction& tx, PayerId payer, const Payee& payee) {
  return payments::LoadPayees(tx, tx.Query(kLoadOfTin, payer, payee.tin).All<PayeeId>());
}

}  // namespace sluice::api
