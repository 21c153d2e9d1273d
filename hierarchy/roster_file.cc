#include "hierarchy/roster_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/csv.h"

namespace sluice::hierarchy {
namespace {

constexpr std::size_t kMaxListed = 20;

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// An empty file, or one in UTF-16, is left to the reader, which can say what it is.
Status CheckText(std::string_view text, const std::string& name, const RosterMapping& mapping) {
  const bool plain =
      !text.empty() && !text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff");
  if (mapping.ends_with_newline && plain && !text.ends_with('\n')) {
    return InvalidArgument("{}: the file does not end with a line end, so it was cut; get it again",
                           name);
  }
  if (!mapping.ascii_only) return OkStatus();
  const auto foreign =
      std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
  if (foreign == text.end()) return OkStatus();
  const auto line = 1 + std::count(text.begin(), foreign, '\n');
  return InvalidArgument("{} line {}: a byte that is not ASCII; mapping '{}' expects ASCII", name,
                         line, mapping.name);
}

}  // namespace

std::string_view RosterFile::Cell(const RosterRow& row, std::string_view column) const {
  if (column.empty()) return {};
  const auto found = std::ranges::find(columns, column);
  CHECK(found != columns.end());
  return row.cells[static_cast<std::size_t>(found - columns.begin())];
}

StatusOr<RosterFile> ReadRoster(std::string text, const std::string& name,
                                const RosterMapping& mapping) {
  RETURN_IF_ERROR(CheckText(text, name, mapping));
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(std::move(text), name));
  RosterFile file;
  file.columns = mapping.Columns();
  std::vector<std::size_t> positions;
  for (const std::string& column : file.columns) {
    ASSIGN_OR_RETURN(const std::size_t position, reader.Column(column));
    positions.push_back(position);
  }
  std::vector<std::string> faults;
  while (reader.Next()) {
    if (reader.IsBad()) {
      faults.push_back(reader.Error().ToString());
      if (faults.size() == kMaxListed) break;
      continue;
    }
    RosterRow row;
    row.number = reader.RowNumber();
    row.cells.reserve(positions.size());
    for (const std::size_t position : positions) row.cells.emplace_back(Trim(reader[position]));
    file.rows.push_back(std::move(row));
  }
  if (!reader.Outcome().ok()) faults.push_back(StatusMessage(reader.Outcome()));
  if (faults.empty()) return file;
  return InvalidArgument("the file is not well formed and nothing of it was applied:\n{}",
                         fmt::join(faults, "\n"));
}

}  // namespace sluice::hierarchy
