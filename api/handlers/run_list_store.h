// Runs as lists show them, and the totals of their newest revisions. No rules.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/cycle.h"

namespace sluice::api {

// A run with the program whose it is.
struct RunRow {
  ProgramId program;
  payments::Run run;
};

// Which runs; unset: all of the payer.
struct RunView {
  std::optional<ProgramId> program;
  std::optional<payments::CycleId> cycle;
};

// The fields of a list of runs; the last one is the id.
std::span<const ListField> RunFields();

struct RunPage {
  std::vector<RunRow> runs;
  std::string next_page_token;
};
RunPage LoadRunPage(pg::Transaction& tx, const RunView& view, const ListPage& page);

// The sums of payments::TotalsOf(), by the database: a list does not load every line of its runs.
std::map<payments::RunId, payments::RunTotals> LoadTotals(pg::Transaction& tx,
                                                          std::span<const payments::RunId> runs);

}  // namespace sluice::api
