#include "performance/attribution/list_file.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <span>
#include <sstream>
#include <tuple>
#include <utility>

#include "core/csv.h"

namespace sluice::performance {
namespace {

// Contract, list and member; then what is said of the member; then the answer.
constexpr std::array<std::string_view, 16> kHeader = {
    "contract_id",     "period_from",        "period_through", "list_version", "list_status",
    "member_number",   "plan",               "attributed_from", "attributed_through",
    "provider_npi",    "practice_tin",       "change_type",    "inactive",     "basis",
    "response",        "response_reason"};

// Where a row's key came from: member number, plan and day as written.
using WrittenKey = std::tuple<std::string, std::string, std::string>;

FileIssue Issue(const CsvReader& reader, const std::string& name, IssueCode code,
                std::string column, std::string reason) {
  return {code,   true, name, reader.RowNumber(), reader.LineNumber(), std::move(column),
          std::move(reason)};
}

struct Positions {
  std::size_t contract, version, member, plan, from, response, reason;
};

StatusOr<Positions> FindPositions(const CsvReader& reader) {
  Positions at{};
  ASSIGN_OR_RETURN(at.contract, reader.Column("contract_id"));
  ASSIGN_OR_RETURN(at.version, reader.Column("list_version"));
  ASSIGN_OR_RETURN(at.member, reader.Column("member_number"));
  ASSIGN_OR_RETURN(at.plan, reader.Column("plan"));
  ASSIGN_OR_RETURN(at.from, reader.Column("attributed_from"));
  ASSIGN_OR_RETURN(at.response, reader.Column("response"));
  ASSIGN_OR_RETURN(at.reason, reader.Column("response_reason"));
  return at;
}

// What is wrong with the row's answer itself; empty when nothing.
std::string FaultOf(std::string_view response, std::string_view reason) {
  if (response != "accept" && response != "reject") {
    return fmt::format("'{}' is no answer; use accept or reject", response);
  }
  if (response == "reject" && reason.empty()) return "a rejection needs a response_reason";
  return {};
}

}  // namespace

std::string WriteListCsv(const AttributionList& list, const ListNames& names,
                         const ListResponses& responses) {
  std::ostringstream out;
  CsvWriter writer(out, {.crlf = false});
  writer.AddRow(std::span<const std::string_view>(kHeader));
  const std::string contract = list.contract.ToString();
  const std::string from = FormatDate(list.period.from);
  const std::string through = FormatDate(*list.period.to - Days(1));
  const std::string version = std::to_string(list.version);
  for (const ListEntry& entry : list.entries) {
    const auto answer = responses.find(entry.Key());
    const bool has_answer = answer != responses.end();
    const std::vector<std::string> row = {
        contract,
        from,
        through,
        version,
        std::string(ListStatusName(list.status)),
        names.member_number(entry.member_id),
        entry.plan,
        FormatDate(entry.attributed.from),
        FormatDate(*entry.attributed.to - Days(1)),
        entry.provider ? names.npi(*entry.provider) : "",
        entry.practice ? names.tin(*entry.practice) : "",
        std::string(ChangeTypeName(entry.change)),
        entry.inactive ? "true" : "false",
        entry.basis,
        !has_answer                 ? ""
        : answer->second.accepted ? "accept"
                                    : "reject",
        has_answer ? answer->second.reason : ""};
    writer.AddRow(row);
  }
  return out.str();
}

std::string WriteUnattributedCsv(
    const std::vector<UnattributedMember>& rows,
    const std::function<std::string(std::int64_t member)>& member_number) {
  std::ostringstream out;
  CsvWriter writer(out, {.crlf = false});
  writer.AddRow({"member_number", "first_day", "last_day", "reason", "detail"});
  for (const UnattributedMember& row : rows) {
    writer.AddRow(std::vector<std::string>{
        member_number(row.member_id), FormatDate(row.months.from),
        FormatDate(*row.months.to - Days(1)), row.reason, row.detail});
  }
  return out.str();
}

StatusOr<ResponseFile> ReadResponseCsv(std::string text, const std::string& name,
                                       const AttributionList& list, const ListNames& names) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(std::move(text), name));
  ASSIGN_OR_RETURN(const Positions at, FindPositions(reader));
  std::map<WrittenKey, EntryKey> keys;
  for (const ListEntry& entry : list.entries) {
    keys[{names.member_number(entry.member_id), entry.plan,
          FormatDate(entry.attributed.from)}] = entry.Key();
  }
  ResponseFile file;
  const auto refuse = [&](IssueCode code, std::string column, std::string reason) {
    file.issues.push_back(Issue(reader, name, code, std::move(column), std::move(reason)));
  };
  while (reader.Next()) {
    if (reader.IsBad()) {
      refuse(IssueCode::kMalformedRow, reader.Error().column_name, reader.Error().reason);
      continue;
    }
    const std::string_view response = reader[at.response], reason = reader[at.reason];
    if (response.empty()) {
      ++file.unanswered;
      continue;
    }
    if (reader[at.contract] != list.contract.ToString() ||
        reader[at.version] != std::to_string(list.version)) {
      refuse(IssueCode::kBadValue, "list_version",
             fmt::format("the row answers contract {} version {}; this is {} version {}",
                         reader[at.contract], reader[at.version], list.contract.ToString(),
                         list.version));
      continue;
    }
    if (std::string fault = FaultOf(response, reason); !fault.empty()) {
      refuse(IssueCode::kBadValue, "response", std::move(fault));
      continue;
    }
    const auto key = keys.find({std::string(reader[at.member]), std::string(reader[at.plan]),
                                std::string(reader[at.from])});
    if (key == keys.end()) {
      refuse(IssueCode::kUnknownMember, "member_number",
             "the version has no such member, plan and first day");
      continue;
    }
    const ListResponse answer{response == "accept", std::string(reason)};
    const auto [place, is_new] = file.responses.emplace(key->second, answer);
    if (!is_new && place->second != answer) {
      refuse(IssueCode::kContradictsEarlierRow, "response",
             "an earlier row answers the same entry otherwise");
    }
  }
  RETURN_IF_ERROR(reader.Outcome());
  return file;
}

}  // namespace sluice::performance
