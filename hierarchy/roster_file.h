// A roster file as text cells, before anything is decided about them.
//
// A file that is not well formed (cut, wrongly encoded, a column missing, a row with too few
// fields) is refused as a whole, whatever the import allows: nobody knows what else is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "hierarchy/roster_mapping.h"

namespace sluice::hierarchy {

struct RosterRow {
  std::int64_t number = 0;         // as a spreadsheet counts: the header is row 1
  std::vector<std::string> cells;  // one per RosterFile::columns, without blanks at the ends
};

struct RosterFile {
  std::vector<std::string> columns;
  std::vector<RosterRow> rows;

  // The cell of a column, or an empty text for a column without a name.
  std::string_view Cell(const RosterRow& row, std::string_view column) const;
};

// InvalidArgument lists what is wrong with the file, at most 20 rows of it; `name` stands for the
// file in messages.
StatusOr<RosterFile> ReadRoster(std::string text, const std::string& name,
                                const RosterMapping& mapping);

}  // namespace sluice::hierarchy
