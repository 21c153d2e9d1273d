// Gates and what they said, as lists show them. No rules.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/feeds/gate_store.h"

namespace sluice::api {

std::span<const ListField> GateFields();
std::span<const ListField> GateCheckFields();

// Places among what is given: a program has a handful of gates.
struct GatePage {
  std::vector<std::size_t> places;
  std::string next_page_token;
};
GatePage ChooseGates(pg::Transaction& tx, std::span<const performance::DataGate> gates,
                     const ListPage& page);
GatePage ChooseGateChecks(pg::Transaction& tx, std::span<const performance::GateCheck> checks,
                          const ListPage& page);

}  // namespace sluice::api
