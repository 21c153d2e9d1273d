// Binary COPY in both directions. The format is a signature, flags and an extension, then rows of
// a 16-bit column count and per column a 32-bit length (-1 for NULL) and the bytes, then -1.
#include <utility>

#include "core/check.h"
#include "core/pg/connection.h"
#include "core/pg/database.h"

namespace sluice::pg {
namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
// Rows are handed to libpq in pieces of this size.
constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kHeaderSize = 19;

}  // namespace

struct CopyWriter::State {
  Connection& connection;
  int columns;
  std::string buffer;
  int fields_left = 0;
  bool finished = false;
};

CopyWriter::CopyWriter(Connection& connection, std::string sql, int columns)
    : state_(new State{connection, columns, {}, 0, false}) {
  connection.StartCopy("copying rows in", sql, PGRES_COPY_IN);
  state_->buffer.append(kSignature);
  AppendBigEndian(state_->buffer, 0, 8);  // flags and the length of the extension
}

CopyWriter::CopyWriter(CopyWriter&&) noexcept = default;

CopyWriter::~CopyWriter() {
  if (state_ != nullptr && !state_->finished) state_->connection.AbandonCopyIn();
}

void CopyWriter::BeginRow(int columns) {
  CHECK(columns == state_->columns);
  CHECK(state_->fields_left == 0);
  CHECK(!state_->finished);
  if (state_->buffer.size() >= kPiece) {
    state_->connection.PutCopyData(state_->buffer);
    state_->buffer.clear();
  }
  AppendBigEndian(state_->buffer, static_cast<std::uint64_t>(columns), 2);
  state_->fields_left = columns;
}

void CopyWriter::AddField(const EncodedValue& value) {
  --state_->fields_left;
  if (value.null) {
    AppendBigEndian(state_->buffer, 0xFFFFFFFFU, 4);
    return;
  }
  AppendBigEndian(state_->buffer, value.bytes.size(), 4);
  state_->buffer.append(value.bytes);
}

std::int64_t CopyWriter::Finish() {
  CHECK(!state_->finished);
  AppendBigEndian(state_->buffer, 0xFFFFU, 2);
  state_->connection.PutCopyData(state_->buffer);
  state_->finished = true;
  return state_->connection.FinishCopyIn();
}

// The protocol sends one row in one message, so rows are read where libpq put them. Signature and
// trailer may share a message with a row.
struct CopyReader::State {
  // Where a column stands in `row`; a length of -1 is NULL.
  struct Field {
    std::size_t offset = 0;
    std::int32_t length = -1;
  };

  Connection& connection;
  std::vector<unsigned> types;
  CopyMessage message;
  std::string_view row;  // the rest of the message, from the start of the row
  std::size_t at = 0;    // what of it was read
  bool started = false;
  bool finished = false;
  std::vector<Field> fields;

  std::uint64_t Take(std::size_t size) {
    const std::uint64_t value = ReadBigEndian(row.substr(at, size), size);
    at += size;
    return value;
  }
  // Goes to the next row, which may stand in the next message.
  void NextRow() {
    row.remove_prefix(at);
    at = 0;
    if (!row.empty()) return;
    CHECK(connection.GetCopyData(message));
    row = message.View();
  }
};

CopyReader::CopyReader(Connection& connection, std::string sql, std::vector<unsigned> types)
    : state_(new State{.connection = connection, .types = std::move(types)}) {
  state_->fields.resize(state_->types.size());
  connection.StartCopy("copying rows out", sql, PGRES_COPY_OUT);
}

CopyReader::CopyReader(CopyReader&&) noexcept = default;

CopyReader::~CopyReader() {
  if (state_ != nullptr && !state_->finished) state_->connection.AbandonCopyOut();
}

bool CopyReader::Next() {
  State& state = *state_;
  if (state.finished) return false;
  state.NextRow();
  if (!state.started) {
    CHECK(state.row.starts_with(kSignature));
    state.at = kHeaderSize - 4;
    const std::uint64_t extension = state.Take(4);
    CHECK(extension <= state.row.size() - state.at);
    state.at += extension;
    state.NextRow();
    state.started = true;
  }
  const std::uint64_t columns = state.Take(2);
  if (columns == 0xFFFFU) {
    // The trailer; the server's verdict follows.
    CopyMessage rest;
    CHECK(!state.connection.GetCopyData(rest));
    state.finished = true;
    return false;
  }
  CHECK(columns == state.types.size());
  for (State::Field& field : state.fields) {
    field.length = static_cast<std::int32_t>(static_cast<std::uint32_t>(state.Take(4)));
    field.offset = state.at;
    if (field.length < 0) continue;
    state.at += static_cast<std::size_t>(field.length);
    CHECK(state.at <= state.row.size());
  }
  return true;
}

RawValue CopyReader::Raw(int column) const {
  const auto index = static_cast<std::size_t>(column);
  CHECK(index < state_->fields.size());
  const State::Field field = state_->fields[index];
  RawValue raw{state_->types[index], field.length < 0, {}};
  if (field.length >= 0) {
    raw.bytes = state_->row.substr(field.offset, static_cast<std::size_t>(field.length));
  }
  return raw;
}

}  // namespace sluice::pg
