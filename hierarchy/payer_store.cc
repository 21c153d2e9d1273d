#include "hierarchy/payer_store.h"

namespace sluice::hierarchy {
namespace {

constexpr pg::Query kInsertPayer{"insert_payer", R"sql(
  INSERT INTO core.payer (payer_id, name, tin)
  VALUES ($1, $2, $3)
  ON CONFLICT (payer_id) DO NOTHING
)sql"};

constexpr pg::Query kListPayers{"list_payers", R"sql(
  SELECT payer_id, name, tin
  FROM core.payer
  ORDER BY payer_id
)sql"};

}  // namespace

PayerRecord PayerRecord::FromRow(const pg::Row& row) {
  return PayerRecord{
      .id = row.Get<PayerId>(0), .name = row.Get<std::string>(1), .tin = row.Get<std::string>(2)};
}

void InsertPayer(pg::Transaction& tx, const PayerRecord& payer) {
  tx.Execute(kInsertPayer, payer.id, payer.name, payer.tin);
}

std::vector<PayerRecord> ListPayers(pg::Transaction& tx) {
  return tx.Query(kListPayers).All<PayerRecord>();
}

}  // namespace sluice::hierarchy
