// Reading and writing comma-separated values (RFC 4180), row by row in bounded memory.
//
// The reader accepts what RFC 4180 describes: fields in quotes may hold separators, line ends and
// doubled quotes; lines end in CRLF or LF, the last one with or without; a UTF-8 byte order mark
// at the start is skipped. Nothing else is repaired: whatever does not fit is an error that names
// file, row, line, column, a stable code and the reason.
//
//   1. The first record is the header. Columns are found by name, without regard to the case of
//      ASCII letters or to spaces around the name. Duplicate names are an error when asked for.
//   2. Row 1 is the header, as a spreadsheet counts; empty lines count as rows and are skipped.
//   3. A bad row is reported and reading goes on after it. A failure ends the file.
//   4. Memory is bounded by `max_record_bytes`, whatever the file.
//
//   ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path));
//   ASSIGN_OR_RETURN(const std::size_t npi, reader.Column("npi"));
//   while (reader.Next()) {
//     if (reader.IsBad()) { errors.push_back(reader.Error()); continue; }
//     Use(reader[npi]);
//   }
//   RETURN_IF_ERROR(reader.Outcome());
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice {

// What is wrong. The names that CsvCodeName() gives never change.
enum class CsvCode : std::uint8_t {
  kUnreadable,        // the file cannot be opened or read
  kEmptyFile,         // no header
  kWrongEncoding,     // UTF-16 or UTF-32, by its byte order mark
  kRecordTooLong,     // a record of more than max_record_bytes, often a quote that is never closed
  kUnclosedQuote,     // the file ends inside a quoted field: it was cut
  kTextAfterQuote,    // "abc"def
  kQuoteInField,      // ab"c in a field without quotes
  kCarriageReturn,    // a carriage return that no line feed follows, outside quotes
  kNulByte,           // a byte 0
  kInvalidUtf8,       // not UTF-8
  kFieldTooLong,      // a field of more than max_field_bytes
  kWrongColumnCount,  // more or fewer fields than the header
  kMissingColumn,     // the header lacks a column that is asked for
  kDuplicateColumn,   // the header has it twice
  kBadValue,          // for importers: the field is well formed but its value is refused
};

// "wrong_column_count"
std::string_view CsvCodeName(CsvCode code);

// One fault, in the words of the person who has the file open in a spreadsheet.
struct CsvError {
  CsvCode code{};
  std::string file;
  std::int64_t row = 0;     // record, the header being 1; 0 when the whole file is meant
  std::int64_t line = 0;    // line of the text on which the record starts
  std::int64_t column = 0;  // field, the first being 1; 0 when the whole record is meant
  std::string column_name;  // empty when not known
  std::string reason;

  // "roster.csv row 17 (line 19) column 3 'npi': wrong_column_count: ..."
  std::string ToString() const;
  // InvalidArgument with ToString(); NotFound for a file that cannot be opened.
  Status ToStatus() const;
};

struct CsvOptions {
  char separator = ',';
  std::size_t max_record_bytes = 1 << 20;
  std::size_t max_field_bytes = 1 << 17;
};

class CsvReader {
 public:
  // Opens a file and reads its header.
  static StatusOr<CsvReader> Open(const std::string& path, CsvOptions options = {});
  // Reads from `text`; `name` stands for the file in messages.
  static StatusOr<CsvReader> FromText(std::string text, std::string name, CsvOptions options = {});
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;
  ~CsvReader();

  const std::vector<std::string>& Header() const;
  std::optional<std::size_t> FindColumn(std::string_view name) const;
  // InvalidArgument when the header lacks the column or has it twice: names the columns there are.
  StatusOr<std::size_t> Column(std::string_view name) const;

  // Moves to the next record; false at the end of the file and after a failure.
  bool Next();
  // Whether the record has an error; its fields must not be read then.
  bool IsBad() const;
  // Requires: IsBad(), or a failed Outcome().
  const CsvError& Error() const;
  // Ok as long as reading goes on or has reached the end; a failure otherwise.
  Status Outcome() const;

  // The fields of the record, quotes taken off. Valid until the next call of Next().
  // Requires: the last Next() was true and not IsBad(); column < Header().size().
  std::string_view operator[](std::size_t column) const;
  // As many as Header().
  std::span<const std::string_view> Fields() const;
  std::int64_t RowNumber() const;
  std::int64_t LineNumber() const;
  // An error of the record's field `column`, for an importer that refuses its value.
  CsvError BadValue(std::size_t column, std::string reason) const;

 private:
  struct State;
  explicit CsvReader(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// Writes records as RFC 4180 says: quotes only where needed, CRLF (or LF) at the end of each.
// Text goes out as it is: a field that a spreadsheet would take for a formula is not changed,
// because the file must read back to the same values.
class CsvWriter {
 public:
  struct Options {
    char separator = ',';
    bool crlf = true;
  };
  explicit CsvWriter(std::ostream& out) : CsvWriter(out, Options{}) {}
  CsvWriter(std::ostream& out, Options options) : out_(out), options_(options) {}

  void AddRow(std::span<const std::string_view> fields);
  void AddRow(std::initializer_list<std::string_view> fields);
  void AddRow(std::span<const std::string> fields);

 private:
  std::ostream& out_;
  Options options_;
  std::string row_;
};

}  // namespace sluice
