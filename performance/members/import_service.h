// Importing a payer's member file: all of it in one transaction, row by row judged.
//
//   1. A file with a fault of its own (cut, a column missing) changes nothing.
//   2. A row that breaks a rule is left out and reported with row, column, code and reason; with
//      `refuse_on_reject` one such row refuses the whole file.
//   3. The same file again adds nothing: rows that say what is known are skipped.
//   4. A choice names its provider and practice by their numbers, as the stored hierarchy has them
//      on the last day that the choice is known to hold (its end, or else the day of the import). A
//      provider who is not at the practice on that day rejects the row: the affiliation has ended.
//   5. A full eligibility file ends what its feed said before and it leaves out
//      (coverage_refresh.h).
//   6. Memory is bounded: rows go in by the thousand, and the first 1,000 issues are kept. A full
//      file needs eight bytes for each of its rows besides.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/members/coverage_refresh.h"
#include "performance/members/file_reader.h"

namespace sluice::performance {

struct MemberImportRequest {
  PayerId payer;
  std::string path;
  FileMapping mapping;
  bool refuse_on_reject = false;
  // A row dated after this day refuses the file with OutOfRange: claims and payments made, births
  // and deaths. Coverage and choices may begin later. Unset: not checked.
  std::optional<Date> not_after;
  // What the feed of a full eligibility file said before; the mapping must be full. Unset: what the
  // file leaves out stands.
  std::optional<CoverageRefresh> refresh = std::nullopt;
  // Hears of every issue, also of those beyond the first 1,000. A failure gives the import up.
  IssueSink on_issue;
};

struct MemberImportSummary {
  std::int64_t batch_id = 0;  // of the rows recorded
  Instant recorded_at;
  FileCounts counts;               // the import's own rejections included
  std::int64_t members_added = 0;  // seen for the first time
  std::int64_t rows_added = 0;     // rows of details, coverage, choices or claims
  std::int64_t withdrawn = 0;      // spans that a full file ended or withdrew
  std::string note;                // what was not withdrawn, and why; mostly empty
  std::map<IssueCode, std::int64_t> issues_by_code;
  std::vector<FileIssue> issues;  // the first 1,000
};

// The import within a transaction of the caller's, who gives it up when this fails.
StatusOr<MemberImportSummary> ImportMembers(pg::Transaction& tx, const MemberImportRequest& request,
                                            const Recording& recording, IdGenerator& ids);

class MemberImportService {
 public:
  // `database` acts for the payer. All outlive the service.
  MemberImportService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // InvalidArgument names what is wrong with the file, or with its first rejected row when
  // `refuse_on_reject`; nothing was recorded then.
  StatusOr<MemberImportSummary> Import(const MemberImportRequest& request);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
