// A file of activities, measure results or facts into the database, row by row judged.
//
//   1. Each row is read or rejected with row, column, code and reason. A fault of the file itself
//      is a status, and so is a row dated after the day the file came: nobody knows then which
//      day the file is of, so none of it is trusted.
//   2. Parties are found by their numbers on the day the row speaks of; a party that was not below
//      the named parent on that day rejects the row.
//   3. A file that supersedes others states all there is: what they recorded and it leaves out is
//      retracted (facts, measures) or voided (activities).
//   4. A rejected row withdraws nothing: what it is about stands as it was. Where a rejected row
//      does not tell what it is about, the whole file withdraws nothing, and says so.
//   5. Memory is bounded but for one small key per row.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/feeds/feed.h"
#include "performance/feeds/row_mapping.h"
#include "performance/members/file_reader.h"
#include "performance/members/member.h"

namespace sluice::performance {

struct RowImportRequest {
  Recording recording;
  std::string path;
  const RowMapping* mapping = nullptr;
  Date received_on{};
  std::string source;                       // stored with each fact or event
  std::span<const std::int64_t> supersedes;  // batches of earlier versions of the delivery
};

struct RowImportResult {
  FileCounts counts;
  std::int64_t recorded = 0;   // facts or events that were stored
  std::int64_t withdrawn = 0;  // what earlier versions said and this one does not
  std::string note;            // what was not withdrawn, and why; mostly empty
};

using QuarantineSink = std::function<Status(const QuarantinedRow&)>;

// InvalidArgument or NotFound for a fault of the file. Only within a transaction that is given up
// then: some rows may have been stored.
StatusOr<RowImportResult> ImportRows(pg::Transaction& tx, const RowImportRequest& request,
                                     const QuarantineSink& quarantine);

// InvalidArgument that FutureDate() marks, for a date after the day the file came.
Status FutureDate(const std::string& place, std::string_view field, Date date, Date received_on);
bool IsFutureDate(const Status& status);

}  // namespace sluice::performance
