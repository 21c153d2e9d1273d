// Payees as lists show them. No rules.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/handlers/payee_reach.h"
#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/payee.h"

namespace sluice::api {

// The condition that a row of payments.payee is within reach; its two parameters are $`first` and
// the next one, which AppendPayeeReach() gives.
std::string PayeeReachSql(std::string_view row, int first);
void AppendPayeeReach(std::vector<pg::EncodedValue>& values, const PayeeReach& reach);

// The fields of a list of payees; the last one is the id.
std::span<const ListField> PayeeFields();

struct PayeePage {
  std::vector<payments::Payee> payees;
  std::string next_page_token;
};
PayeePage LoadPayeePage(pg::Transaction& tx, PayerId payer, const PayeeReach& reach,
                        const ListPage& page);
// All payees of the taxpayer of this one.
std::vector<payments::Payee> LoadPayeesOfTaxpayer(pg::Transaction& tx, PayerId payer,
                                                  const payments::Payee& payee);

}  // namespace sluice::api
