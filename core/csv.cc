#include "core/csv.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/check.h"
#include "core/utf8.h"

namespace sluice {
namespace {

constexpr std::size_t kFirstBuffer = std::size_t{1} << 18;

constexpr std::uint8_t kOrdinary = 0;
constexpr std::uint8_t kStop = 1;

// Marks the bytes at which the scan of a field without quotes stops.
std::array<std::uint8_t, 256> StopTable(char separator) {
  std::array<std::uint8_t, 256> table{};
  for (const char c : {separator, '"', '\r', '\n', '\0'}) {
    table[static_cast<std::uint8_t>(c)] = kStop;
  }
  return table;
}

// The name as columns are compared: no spaces around it, ASCII letters in lower case.
std::string NormalName(std::string_view name) {
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  while (!name.empty() && space(name.front())) name.remove_prefix(1);
  while (!name.empty() && space(name.back())) name.remove_suffix(1);
  std::string normal(name);
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return normal;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Where a field lies in the buffer, before its doubled quotes are undone.
struct FieldSpan {
  std::size_t begin;
  std::size_t end;
  bool doubled_quotes;
};

enum class Scan : std::uint8_t { kRecord, kNeedsMore };

}  // namespace

std::string_view CsvCodeName(CsvCode code) {
  switch (code) {
    case CsvCode::kUnreadable:
      return "unreadable";
    case CsvCode::kEmptyFile:
      return "empty_file";
    case CsvCode::kWrongEncoding:
      return "wrong_encoding";
    case CsvCode::kRecordTooLong:
      return "record_too_long";
    case CsvCode::kUnclosedQuote:
      return "unclosed_quote";
    case CsvCode::kTextAfterQuote:
      return "text_after_quote";
    case CsvCode::kQuoteInField:
      return "quote_in_field";
    case CsvCode::kCarriageReturn:
      return "carriage_return";
    case CsvCode::kNulByte:
      return "nul_byte";
    case CsvCode::kInvalidUtf8:
      return "invalid_utf8";
    case CsvCode::kFieldTooLong:
      return "field_too_long";
    case CsvCode::kWrongColumnCount:
      return "wrong_column_count";
    case CsvCode::kMissingColumn:
      return "missing_column";
    case CsvCode::kDuplicateColumn:
      return "duplicate_column";
    case CsvCode::kBadValue:
      return "bad_value";
  }
  CHECK(false);
}

std::string CsvError::ToString() const {
  std::string text = file;
  if (row > 0) text += fmt::format(" row {}", row);
  if (line > 0 && line != row) text += fmt::format(" (line {})", line);
  if (column > 0) text += fmt::format(" column {}", column);
  if (!column_name.empty()) text += fmt::format(" '{}'", column_name);
  return text + fmt::format(": {}: {}", CsvCodeName(code), reason);
}

Status CsvError::ToStatus() const {
  if (code == CsvCode::kUnreadable) return NotFound("{}", ToString());
  return InvalidArgument("{}", ToString());
}

// The reader proper. The buffer holds one record whole, so that fields are views into it; a record
// that does not fit is scanned again from its start after the buffer has grown, which doubles.
struct CsvReader::State {
  State(std::string file_name, CsvOptions csv_options)
      : name(std::move(file_name)), options(csv_options), stops(StopTable(options.separator)) {}

  // Where the bytes come from: a file, or a text that is in the buffer from the start.
  std::unique_ptr<std::FILE, CloseFile> file;
  std::string name;
  CsvOptions options;
  std::array<std::uint8_t, 256> stops;

  std::string buffer;
  std::size_t begin = 0;  // first byte not yet consumed
  std::size_t end = 0;    // end of the bytes read
  bool at_eof = false;

  std::vector<std::string> header;
  std::vector<std::string> normal_header;
  std::vector<FieldSpan> spans;
  std::vector<std::string_view> fields;
  std::int64_t row = 0;
  std::int64_t line = 1;         // of the next byte to consume
  std::int64_t record_line = 0;  // of the current record's start
  std::size_t record_end = 0;    // one past the line end, while scanning
  std::int64_t line_feeds = 0;   // in the record, its own end included
  bool ended_in_line_end = false;
  bool empty_line = false;
  std::optional<CsvError> bad;
  std::optional<CsvError> failure;

  bool Next();
  bool ReadHeader();
  bool ReadRecord();
  bool Refill();
  Scan ScanRecord();
  void ScanPlainFields(std::size_t& position);
  bool ScanQuoted(std::size_t& position);
  bool ScanPlain(std::size_t& position);
  bool FinishField(std::size_t position, std::size_t& next, bool& record_done);
  void TakeFields();
  void CheckFields();
  void Fault(CsvCode code, std::size_t column, std::string reason);
  void Fail(CsvCode code, std::size_t column, std::string reason);
  CsvError MakeError(CsvCode code, std::size_t column, std::string reason) const;
};

CsvError CsvReader::State::MakeError(CsvCode code, std::size_t column, std::string reason) const {
  CsvError error{.code = code, .file = name, .row = row, .line = record_line};
  error.column = static_cast<std::int64_t>(column);
  if (column > 0 && column <= header.size()) error.column_name = header[column - 1];
  error.reason = std::move(reason);
  return error;
}

// Keeps the first fault of a record: later ones usually follow from it.
void CsvReader::State::Fault(CsvCode code, std::size_t column, std::string reason) {
  if (!bad) bad = MakeError(code, column, std::move(reason));
}

void CsvReader::State::Fail(CsvCode code, std::size_t column, std::string reason) {
  failure = MakeError(code, column, std::move(reason));
}

// Makes room and reads more bytes. False when nothing more can come, or the record is too long.
bool CsvReader::State::Refill() {
  if (at_eof) return false;
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  if (end == buffer.size()) {
    if (end > options.max_record_bytes) return false;
    buffer.resize(std::max(kFirstBuffer, buffer.size() * 2));
  }
  const std::size_t count = std::fread(buffer.data() + end, 1, buffer.size() - end, file.get());
  end += count;
  if (count == 0) {
    at_eof = true;
    if (std::ferror(file.get()) != 0) {
      Fail(CsvCode::kUnreadable, 0, fmt::format("cannot be read: {}", std::strerror(errno)));
    }
  }
  return failure == std::nullopt;
}

// After a field: what ends it. False when more bytes are needed to know.
bool CsvReader::State::FinishField(std::size_t position, std::size_t& next, bool& record_done) {
  if (position == end) {
    if (!at_eof) return false;
    record_done = true;
    ended_in_line_end = false;
    next = position;
    return true;
  }
  const char c = buffer[position];
  if (c == options.separator) {
    next = position + 1;
    return true;
  }
  if (c == '\r') {
    if (position + 1 == end && !at_eof) return false;
    CHECK(position + 1 < end && buffer[position + 1] == '\n');
    ++position;
  }
  ++line_feeds;
  record_done = true;
  ended_in_line_end = true;
  next = position + 1;
  return true;
}

// Moves over a field without quotes, up to what ends it. False when more bytes are needed.
bool CsvReader::State::ScanPlain(std::size_t& position) {
  const char* const bytes = buffer.data();
  while (true) {
    while (position < end && stops[static_cast<std::uint8_t>(bytes[position])] == kOrdinary) {
      ++position;
    }
    if (position == end) return at_eof;
    const char c = bytes[position];
    if (c == options.separator || c == '\n') return true;
    if (c == '\r') {
      if (position + 1 == end && !at_eof) return false;
      if (position + 1 < end && bytes[position + 1] == '\n') return true;
      Fault(CsvCode::kCarriageReturn, spans.size() + 1,
            "a carriage return without a line feed; save the file with CRLF or LF line ends");
    } else if (c == '"') {
      Fault(CsvCode::kQuoteInField, spans.size() + 1,
            "a quotation mark inside a field; put the field in quotes and double the mark");
    } else {
      Fault(CsvCode::kNulByte, spans.size() + 1, "a byte 0; the file is no text or was damaged");
    }
    ++position;
  }
}

// Moves over a quoted field: from its opening quote to behind its closing one, and records it.
// False when more bytes are needed.
bool CsvReader::State::ScanQuoted(std::size_t& position) {
  FieldSpan span{.begin = position + 1, .end = position + 1, .doubled_quotes = false};
  std::size_t at = position + 1;
  while (true) {
    const void* const found = std::memchr(buffer.data() + at, '"', end - at);
    if (found == nullptr) return false;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - buffer.data());
    if (at + 1 == end && !at_eof) return false;
    if (at + 1 == end || buffer[at + 1] != '"') break;
    span.doubled_quotes = true;
    at += 2;
  }
  span.end = at;
  const std::string_view content(buffer.data() + span.begin, span.end - span.begin);
  line_feeds += std::ranges::count(content, '\n');
  if (content.find('\0') != std::string_view::npos) {
    Fault(CsvCode::kNulByte, spans.size() + 1, "a byte 0; the file is no text or was damaged");
  }
  position = at + 1;
  const std::size_t after = position;
  if (!ScanPlain(position)) return false;
  if (position != after) {
    Fault(CsvCode::kTextAfterQuote, spans.size() + 1, "text after the closing quotation mark");
  }
  spans.push_back(span);
  return true;
}

// Takes fields without quotes as long as a plain separator ends them: nearly all fields of nearly
// all files, in one tight loop. Leaves `position` at the start of the first other field.
void CsvReader::State::ScanPlainFields(std::size_t& position) {
  const char* const bytes = buffer.data();
  const char separator = options.separator;
  std::size_t at = position;
  while (true) {
    while (at < end && stops[static_cast<std::uint8_t>(bytes[at])] == kOrdinary) ++at;
    if (at == end || bytes[at] != separator) return;
    spans.push_back({.begin = position, .end = at, .doubled_quotes = false});
    position = ++at;
  }
}

// Finds the spans of the record that starts at `begin`.
Scan CsvReader::State::ScanRecord() {
  spans.clear();
  bad.reset();
  line_feeds = 0;
  std::size_t position = begin;
  bool record_done = false;
  while (!record_done) {
    ScanPlainFields(position);
    if (position == end && !at_eof) return Scan::kNeedsMore;
    if (position < end && buffer[position] == '"') {
      if (!ScanQuoted(position)) return Scan::kNeedsMore;
    } else {
      const std::size_t start = position;
      if (!ScanPlain(position)) return Scan::kNeedsMore;
      spans.push_back({.begin = start, .end = position, .doubled_quotes = false});
    }
    if (!FinishField(position, position, record_done)) return Scan::kNeedsMore;
  }
  record_end = position;
  return Scan::kRecord;
}

// Turns spans into fields, undoing doubled quotes in place.
void CsvReader::State::TakeFields() {
  fields.resize(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const FieldSpan& span = spans[i];
    char* const first = buffer.data() + span.begin;
    std::size_t size = span.end - span.begin;
    if (span.doubled_quotes) {
      std::size_t to = 0;
      for (std::size_t from = 0; from < size; ++from) {
        first[to++] = first[from];
        if (first[from] == '"') ++from;
      }
      size = to;
    }
    fields[i] = std::string_view(first, size);
  }
}

void CsvReader::State::CheckFields() {
  if (!IsAscii({buffer.data() + begin, record_end - begin})) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (IsUtf8(fields[i])) continue;
      Fault(CsvCode::kInvalidUtf8, i + 1, "not UTF-8; save the file with the encoding UTF-8");
      break;
    }
  }
  const bool may_be_too_long = record_end - begin > options.max_field_bytes;
  for (std::size_t i = 0; may_be_too_long && i < fields.size(); ++i) {
    if (fields[i].size() <= options.max_field_bytes) continue;
    Fault(CsvCode::kFieldTooLong, i + 1,
          fmt::format("{} bytes; at most {} are accepted", fields[i].size(),
                      options.max_field_bytes));
  }
  if (!header.empty() && fields.size() != header.size()) {
    std::string reason =
        fmt::format("{} fields where the header has {}", fields.size(), header.size());
    if (!ended_in_line_end && fields.size() < header.size()) {
      reason += "; the file ends here, it may have been cut";
    }
    Fault(CsvCode::kWrongColumnCount, 0, std::move(reason));
  }
}

// Reads one record into `fields`, or `bad`, or `failure`; false at the end and after a failure.
bool CsvReader::State::ReadRecord() {
  record_line = line;
  ++row;
  const auto too_long = [&] {
    Fail(CsvCode::kRecordTooLong, spans.size() + 1,
         fmt::format("more than {} bytes in one record; look for a quotation mark that is opened "
                     "here and never closed",
                     options.max_record_bytes));
    return false;
  };
  while (true) {
    if (at_eof && begin == end) return false;
    if (ScanRecord() == Scan::kRecord) break;
    if (end - begin > options.max_record_bytes) return too_long();
    if (at_eof) {
      Fail(CsvCode::kUnclosedQuote, spans.size() + 1,
           "the file ends inside a quoted field: it was cut, or a quotation mark is missing");
      return false;
    }
    if (!Refill()) return failure ? false : too_long();
  }
  if (record_end - begin > options.max_record_bytes) return too_long();
  TakeFields();
  // A quoted empty field begins one byte later, so "" is a record and an empty line is none.
  empty_line = spans.size() == 1 && spans[0].begin == begin && spans[0].end == begin;
  if (!empty_line) CheckFields();
  line += line_feeds;
  begin = record_end;
  return true;
}

bool CsvReader::State::ReadHeader() {
  while (end - begin < 4 && !at_eof) {
    if (!Refill()) return false;
  }
  const std::string_view start(buffer.data() + begin, end - begin);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF") ||
      start.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    Fail(CsvCode::kWrongEncoding, 0, "UTF-16 or UTF-32; save the file with the encoding UTF-8");
    return false;
  }
  if (start.starts_with("\xEF\xBB\xBF")) begin += 3;
  if (!Next()) {
    if (!failure) {
      row = 0;
      record_line = 0;
      Fail(CsvCode::kEmptyFile, 0, "the file is empty; a header with column names is needed");
    }
    return false;
  }
  if (bad) {
    failure = bad;
    return false;
  }
  for (const std::string_view field : fields) {
    header.emplace_back(field);
    normal_header.push_back(NormalName(field));
  }
  return true;
}

bool CsvReader::State::Next() {
  if (failure) return false;
  do {
    if (!ReadRecord()) {
      fields.clear();
      bad.reset();
      return false;
    }
  } while (empty_line);
  return true;
}

CsvReader::CsvReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

StatusOr<CsvReader> CsvReader::Open(const std::string& path, CsvOptions options) {
  auto state = std::make_unique<State>(path, options);
  state->file.reset(std::fopen(path.c_str(), "rb"));
  if (state->file == nullptr) {
    state->Fail(CsvCode::kUnreadable, 0, fmt::format("cannot open it: {}", std::strerror(errno)));
    return state->failure->ToStatus();
  }
  // The reader has a buffer of its own; a second one would only copy.
  std::setvbuf(state->file.get(), nullptr, _IONBF, 0);
  if (!state->ReadHeader()) return state->failure->ToStatus();
  return CsvReader(std::move(state));
}

StatusOr<CsvReader> CsvReader::FromText(std::string text, std::string name, CsvOptions options) {
  auto state = std::make_unique<State>(std::move(name), options);
  state->buffer = std::move(text);
  state->end = state->buffer.size();
  state->at_eof = true;
  if (!state->ReadHeader()) return state->failure->ToStatus();
  return CsvReader(std::move(state));
}

const std::vector<std::string>& CsvReader::Header() const { return state_->header; }

std::optional<std::size_t> CsvReader::FindColumn(std::string_view name) const {
  const auto& names = state_->normal_header;
  const auto found = std::ranges::find(names, NormalName(name));
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

StatusOr<std::size_t> CsvReader::Column(std::string_view name) const {
  const std::optional<std::size_t> column = FindColumn(name);
  CsvError error{.file = state_->name, .row = 1, .column_name = std::string(name)};
  if (!column) {
    error.code = CsvCode::kMissingColumn;
    error.reason =
        fmt::format("the header has no such column; it has {}", fmt::join(state_->header, ", "));
    return error.ToStatus();
  }
  if (std::ranges::count(state_->normal_header, NormalName(name)) > 1) {
    error.code = CsvCode::kDuplicateColumn;
    error.reason = "the header has this column more than once";
    return error.ToStatus();
  }
  return *column;
}

bool CsvReader::Next() { return state_->Next(); }
bool CsvReader::IsBad() const { return state_->bad.has_value(); }

const CsvError& CsvReader::Error() const {
  if (state_->bad) return *state_->bad;
  CHECK(state_->failure.has_value());
  return *state_->failure;
}

Status CsvReader::Outcome() const {
  return state_->failure ? state_->failure->ToStatus() : OkStatus();
}

std::string_view CsvReader::operator[](std::size_t column) const {
  CHECK(!state_->bad && column < state_->fields.size());
  return state_->fields[column];
}

std::span<const std::string_view> CsvReader::Fields() const {
  CHECK(!state_->bad);
  return state_->fields;
}

std::int64_t CsvReader::RowNumber() const { return state_->row; }
std::int64_t CsvReader::LineNumber() const { return state_->record_line; }

CsvError CsvReader::BadValue(std::size_t column, std::string reason) const {
  CHECK(column < state_->header.size());
  return state_->MakeError(CsvCode::kBadValue, column + 1, std::move(reason));
}

}  // namespace sluice
