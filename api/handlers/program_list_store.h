// Programs as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/program.h"

namespace sluice::api {

// The fields of a list of programs; the last one is the id.
std::span<const ListField> ProgramFields();

struct ProgramPage {
  std::vector<performance::Program> programs;
  std::string next_page_token;
};
// `among`: programs that have a contract with one of these parties; unset: all.
ProgramPage LoadProgramPage(pg::Transaction& tx, PayerId payer,
                            const std::optional<std::vector<PartyId>>& among, const ListPage& page);
// Whether the program has a contract with one of the parties.
bool HasContractAmong(pg::Transaction& tx, ProgramId program, const std::vector<PartyId>& parties);

}  // namespace sluice::api
