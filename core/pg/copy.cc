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

struct CopyReader::State {
  Connection& connection;
  std::vector<unsigned> types;
  std::string buffer;
  std::size_t at = 0;
  bool started = false;
  bool finished = false;
  std::vector<std::optional<std::pair<std::size_t, std::size_t>>> fields;  // offset and length

  // Makes `size` bytes available at `at`; false at the end of the stream.
  bool Fill(std::size_t size) {
    while (buffer.size() - at < size) {
      if (!connection.GetCopyData(buffer)) {
        finished = true;
        return false;
      }
    }
    return true;
  }
  std::uint64_t Take(std::size_t size) {
    CHECK(Fill(size));
    const std::uint64_t value = ReadBigEndian(std::string_view(buffer).substr(at, size), size);
    at += size;
    return value;
  }
};

CopyReader::CopyReader(Connection& connection, std::string sql, std::vector<unsigned> types)
    : state_(new State{connection, std::move(types), {}, 0, false, false, {}}) {
  connection.StartCopy("copying rows out", sql, PGRES_COPY_OUT);
}

CopyReader::CopyReader(CopyReader&&) noexcept = default;

CopyReader::~CopyReader() {
  if (state_ != nullptr && !state_->finished) state_->connection.AbandonCopyOut();
}

bool CopyReader::Next() {
  State& state = *state_;
  if (state.finished) return false;
  state.buffer.erase(0, state.at);
  state.at = 0;
  if (!state.started) {
    CHECK(state.Fill(kHeaderSize));
    CHECK(std::string_view(state.buffer).starts_with(kSignature));
    state.at = kHeaderSize - 4;
    const std::uint64_t extension = state.Take(4);
    CHECK(state.Fill(extension));
    state.at += extension;
    state.started = true;
  }
  const std::uint64_t columns = state.Take(2);
  if (columns == 0xFFFFU) {
    // The trailer; the server's verdict follows.
    std::string rest;
    CHECK(!state.connection.GetCopyData(rest));
    state.finished = true;
    return false;
  }
  CHECK(columns == state.types.size());
  state.fields.clear();
  for (std::uint64_t i = 0; i < columns; ++i) {
    const std::uint64_t length = state.Take(4);
    if (length == 0xFFFFFFFFU) {
      state.fields.emplace_back();
      continue;
    }
    CHECK(state.Fill(length));
    state.fields.emplace_back(std::pair(state.at, static_cast<std::size_t>(length)));
    state.at += length;
  }
  return true;
}

RawValue CopyReader::Raw(int column) const {
  const auto index = static_cast<std::size_t>(column);
  CHECK(index < state_->fields.size());
  const auto& field = state_->fields[index];
  RawValue raw{state_->types[index], !field, {}};
  if (field) raw.bytes = std::string_view(state_->buffer).substr(field->first, field->second);
  return raw;
}

}  // namespace sluice::pg
