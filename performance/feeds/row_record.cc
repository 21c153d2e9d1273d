#include "performance/feeds/row_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "performance/program_store.h"

namespace sluice::performance {
namespace {

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::int64_t NumberOf(std::string_view kind, std::initializer_list<std::string_view> parts) {
  CanonicalWriter writer(kind);
  for (const std::string_view part : parts) writer.Text(part);
  const Digest digest = writer.Hash();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return static_cast<std::int64_t>(number & 0x7fff'ffff'ffff'ffffU);
}

StatusOr<RowRecord> RowRecord::Open(const RowImportRequest& request) {
  const RowMapping& mapping = *request.mapping;
  if (mapping.ends_with_newline) {
    std::ifstream in(request.path, std::ios::binary | std::ios::ate);
    if (in && in.tellg() > 0) {
      in.seekg(-1, std::ios::end);
      if (in.get() != '\n') {
        return InvalidArgument("{}: the file does not end with a line end, so it was cut; get "
                               "it again",
                               request.path);
      }
    }
  }
  ASSIGN_OR_RETURN(CsvReader reader,
                   CsvReader::Open(request.path, {.separator = mapping.separator}));
  RowRecord record(std::move(reader), request);
  for (const auto& [field, source] : mapping.fields) {
    if (source.column.empty()) continue;
    ASSIGN_OR_RETURN(const std::size_t column, record.reader_.Column(source.column));
    record.columns_.emplace(field, column);
  }
  return record;
}

void RowRecord::Begin() {
  fault_.reset();
  if (reader_.IsBad()) {
    fault_ = {IssueCode::kMalformedRow, reader_.Error().column_name,
              fmt::format("{}: {}", CsvCodeName(reader_.Error().code), reader_.Error().reason)};
    return;
  }
  if (mapping_.ascii_only) {
    for (const std::string_view field : reader_.Fields()) {
      if (std::ranges::any_of(field,
                              [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
        fault_ = {IssueCode::kMalformedRow, "", "wrong_encoding: a byte that is not ASCII"};
        return;
      }
    }
  }
}

void RowRecord::Blame(IssueCode code, std::string_view field, std::string reason) {
  if (!fault_) fault_ = {code, ColumnOf(field), std::move(reason)};
}

std::string RowRecord::Text(std::string_view field) {
  if (fault_) return {};
  std::string_view text;
  if (const auto column = columns_.find(field); column != columns_.end()) {
    text = Trim(reader_[column->second]);
  }
  const auto source = mapping_.fields.find(field);
  if (text.empty() && source != mapping_.fields.end()) text = source->second.constant;
  const auto required = RequiredRowFieldsOf(mapping_.kind);
  if (text.empty() && std::ranges::find(required, field) != required.end()) {
    Blame(IssueCode::kMissingValue, field, fmt::format("{} must not be empty", field));
  }
  if (text.size() > 200) {
    Blame(IssueCode::kBadValue, field, fmt::format("{} is longer than 200 bytes", field));
    return {};
  }
  const auto words = mapping_.words.find(field);
  if (words == mapping_.words.end() || text.empty()) return std::string(text);
  const auto word = words->second.find(text);
  return word == words->second.end() ? std::string(text) : word->second;
}

std::optional<Date> RowRecord::Day(std::string_view field, bool past) {
  const std::string text = Text(field);
  if (text.empty()) return std::nullopt;
  const StatusOr<Date> date = hierarchy::ParseRosterDate(mapping_.date_format, text);
  if (!date.ok()) {
    Blame(IssueCode::kBadValue, field, StatusMessage(date.status()));
    return std::nullopt;
  }
  if (past && *date > received_on_ && future_.ok()) {
    future_ = FutureDate(fmt::format("{} row {} column '{}'", path_, reader_.RowNumber(),
                                     ColumnOf(field)),
                         field, *date, received_on_);
  }
  return *date;
}

bool RowRecord::YesNo(std::string_view field, bool otherwise) {
  const std::string text = Text(field);
  if (text.empty()) return otherwise;
  if (text != "yes" && text != "no") {
    Blame(IssueCode::kUnknownWord, field,
          fmt::format("'{}' is neither yes nor no; explain it in [words.{}]", text, field));
  }
  return text == "yes";
}

std::string RowRecord::ColumnOf(std::string_view field) const {
  const auto column = columns_.find(field);
  if (column == columns_.end()) return std::string(field);
  return reader_.Header()[column->second];
}

std::string RowRecord::Raw() const {
  std::string raw;
  for (const std::string_view field : reader_.Fields()) {
    if (!raw.empty()) raw += mapping_.separator;
    raw += field;
  }
  return raw.substr(0, 4'000);
}

std::optional<DateRange> RowRecord::Period(const Contract& contract) {
  const std::optional<Date> from = Day("period_from", true);
  std::optional<Date> to = Day("period_to", false);
  if (fault_) return std::nullopt;
  if (mapping_.to_is_last_day) to = *to + Days(1);
  if (*to <= *from) {
    Blame(IssueCode::kEndsBeforeStart, "period_to", "the period has no day");
    return std::nullopt;
  }
  const DateRange period = DateRange::Between(*from, *to);
  if (contract.effective.Overlaps(period)) return period;
  Blame(IssueCode::kBadValue, "period_from",
        fmt::format("contract {} does not run in {}", contract.id, period.ToString()));
  return std::nullopt;
}

std::optional<Contract> ContractLookup::Find(const std::string& text) {
  const auto [at, added] = contracts_.try_emplace(text);
  if (added) {
    if (const StatusOr<ContractId> id = ContractId::Parse(text); id.ok()) {
      const std::vector<ContractId> ids = {*id};
      const std::vector<Contract> found = FindContracts(tx_, ids);
      if (!found.empty()) at->second = found.front();
    }
  }
  return at->second;
}

std::optional<Contract> ContractLookup::Of(RowRecord& record) {
  const std::string text = record.Text("contract");
  if (record.FaultOf()) return std::nullopt;
  const std::optional<Contract> contract = Find(text);
  if (!contract) {
    record.Blame(IssueCode::kUnknownContract, "contract",
                 fmt::format("there is no contract '{}'", text));
  }
  return contract;
}

}  // namespace sluice::performance
