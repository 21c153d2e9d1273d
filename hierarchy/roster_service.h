// Imports a roster file into the hierarchy: one transaction, all or nothing.
//
//   1. A file that is not well formed changes nothing. So does one with a rejected row, unless the
//      import allows rejects: then the other rows are applied.
//   2. A dry run plans against the same knowledge, counts the same, and writes nothing.
//   3. Importing a file again changes nothing, and is logged as such.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/hierarchy_store.h"
#include "hierarchy/roster_mapping.h"
#include "hierarchy/roster_plan.h"

namespace sluice::hierarchy {

struct ImportOptions {
  bool dry_run = false;
  bool allow_rejects = false;
  // The day the file speaks of; without it the mapping's, or else the clock's day (UTC).
  std::optional<Date> effective;
  // When we learned it; without it now, as ApplyOptions says.
  std::optional<Instant> recorded_at;
};

struct ImportReport {
  bool applied = false;   // false for a dry run
  RosterImportId import;  // of one that was applied
  ImportCounts counts;
  std::vector<Reject> rejects;  // by row; empty in an import that does not allow them
  Digest file_sha256{};
  std::int64_t version = 0;  // the payer's version afterward

  // For people, several lines: the counts, then the rejected rows, at most `max_rejects` of them.
  std::string ToText(std::size_t max_rejects = 20) const;
};

class RosterService {
 public:
  // Clock and generator must outlive the service. New parties get their ids from `ids` in the
  // order of the file.
  RosterService(pg::Database database, Clock& clock, IdGenerator& ids);

  // NotFound when the file cannot be read; InvalidArgument with the faults, at most 20, when it is
  // not well formed or a row is rejected that may not be. Nothing is written then.
  StatusOr<ImportReport> Import(PayerId payer, const std::string& path,
                                const RosterMapping& mapping, const ImportOptions& options) const;
  // The same from the file's bytes; `name` stands for the file in messages and in the log.
  StatusOr<ImportReport> ImportText(PayerId payer, std::string text, const std::string& name,
                                    const RosterMapping& mapping,
                                    const ImportOptions& options) const;

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::hierarchy
