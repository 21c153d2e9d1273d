// Contracts as lists show them, with what is known of their versions without the terms. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/contracts/contract_version.h"
#include "performance/program.h"

namespace sluice::api {

struct ContractVersionRow {
  std::int32_t version = 0;
  UserId author;
  std::string comment;
  Instant recorded_at;
};

struct ContractRow {
  performance::Contract contract;
  std::vector<ContractVersionRow> versions;      // by version; none: it has no life cycle
  std::vector<performance::ContractMove> moves;  // by number
};

// The fields of a list of contracts; the last one is the id.
std::span<const ListField> ContractFields();

struct ContractPage {
  std::vector<ContractRow> contracts;
  std::string next_page_token;
};
// `among`: contracts of these parties, and of them what was approved once. Unset: all of the payer.
ContractPage LoadContractPage(pg::Transaction& tx, PayerId payer,
                              const std::optional<std::vector<PartyId>>& among,
                              const ListPage& page);
ContractRow LoadContractRow(pg::Transaction& tx, const performance::Contract& contract);

}  // namespace sluice::api
