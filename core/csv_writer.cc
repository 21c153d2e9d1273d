#include <ostream>

#include "core/csv.h"

namespace sluice {
namespace {

void AppendField(std::string& row, std::string_view field, char separator) {
  const char special[] = {separator, '"', '\r', '\n'};
  if (field.find_first_of(std::string_view(special, sizeof(special))) == std::string_view::npos) {
    row += field;
    return;
  }
  row += '"';
  for (const char c : field) {
    if (c == '"') row += '"';
    row += c;
  }
  row += '"';
}

template <typename Fields>
void WriteRow(std::ostream& out, std::string& row, const CsvWriter::Options& options,
              const Fields& fields) {
  row.clear();
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) row += options.separator;
    first = false;
    AppendField(row, field, options.separator);
  }
  // One empty field would read back as an empty line, which is no record.
  if (fields.size() == 1 && row.empty()) row = "\"\"";
  row += options.crlf ? "\r\n" : "\n";
  out.write(row.data(), static_cast<std::streamsize>(row.size()));
}

}  // namespace

void CsvWriter::AddRow(std::span<const std::string_view> fields) {
  WriteRow(out_, row_, options_, fields);
}
void CsvWriter::AddRow(std::initializer_list<std::string_view> fields) {
  WriteRow(out_, row_, options_, fields);
}
void CsvWriter::AddRow(std::span<const std::string> fields) {
  WriteRow(out_, row_, options_, fields);
}

}  // namespace sluice
