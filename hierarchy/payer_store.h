// SQL of payers: the health plans that use the system.
#pragma once

#include <string>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::hierarchy {

struct PayerRecord {
  PayerId id;
  std::string name;
  std::string tin;  // 9 digits

  static PayerRecord FromRow(const pg::Row& row);
};

// Stores a payer unless it is there already. The transaction must act for it.
void InsertPayer(pg::Transaction& tx, const PayerRecord& payer);
// The payers that the transaction may see, by id: one for a service, all for the schema's owner.
std::vector<PayerRecord> ListPayers(pg::Transaction& tx);

}  // namespace sluice::hierarchy
