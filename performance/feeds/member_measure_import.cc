#include "performance/feeds/member_measure_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "performance/feeds/row_record.h"
#include "performance/member_year_store.h"
#include "performance/members/member_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kResultsAtOnce = 5'000;

std::int64_t KeyOf(const MemberMeasure& result, const std::string& member_number) {
  return NumberOf("feed_member_measure", {result.contract.ToString(),
                                          FormatDate(result.period_from), member_number,
                                          result.measure_id});
}

// A result whose member is still a number.
struct ResultRow {
  RowPlace place;
  std::int64_t key = 0;
  std::string member_number;
  MemberMeasure result;
};

class MemberMeasureImport {
 public:
  MemberMeasureImport(pg::Transaction& tx, const RowImportRequest& request,
                      const QuarantineSink& quarantine, RowRecord& record)
      : tx_(tx),
        request_(request),
        quarantine_(quarantine),
        record_(record),
        contracts_(tx) {}

  StatusOr<RowImportResult> Run() {
    CsvReader& reader = record_.Reader();
    while (reader.Next()) {
      ++result_.counts.rows;
      key_.reset();
      record_.Begin();
      if (!record_.FaultOf()) ReadRow();
      RETURN_IF_ERROR(record_.FutureStatus());
      if (record_.FaultOf()) {
        const RowFault fault = *record_.FaultOf();
        KeepWhatRejectedRowSpeaksOf();
        RETURN_IF_ERROR(Reject({reader.RowNumber(), reader.LineNumber()}, fault));
      }
      if (rows_.size() >= kResultsAtOnce) RETURN_IF_ERROR(Store());
    }
    RETURN_IF_ERROR(reader.Outcome());
    RETURN_IF_ERROR(Store());
    Withdraw();
    result_.counts.read = result_.counts.rows - result_.counts.rejected;
    return std::move(result_);
  }

 private:
  void ReadRow() {
    const std::optional<Contract> contract = contracts_.Of(record_);
    if (!contract) return;
    const std::optional<DateRange> period = record_.Period(*contract);
    if (!period) return;
    ResultRow row{.place = {record_.Reader().RowNumber(), record_.Reader().LineNumber()},
                  .key = 0,
                  .member_number = record_.Text("member_number"),
                  .result = {.contract = contract->id,
                             .period_from = period->from,
                             .member_id = 0,
                             .measure_id = record_.Text("measure"),
                             .met = std::nullopt}};
    if (record_.FaultOf()) return;
    row.key = KeyOf(row.result, row.member_number);
    key_ = row.key;
    const std::string met = record_.Text("met");
    if (record_.FaultOf()) return;
    if (met == "yes" || met == "no") {
      row.result.met = met == "yes";
    } else if (met != "excluded") {
      record_.Blame(IssueCode::kUnknownWord, "met",
                    fmt::format("'{}' is none of yes, no, excluded; explain it in [words.met]",
                                met));
      return;
    }
    const std::int64_t said = row.result.met ? (*row.result.met ? 2 : 1) : 0;
    const auto [at, added] = said_.emplace(row.key, said);
    if (added) {
      rows_.push_back(std::move(row));
    } else if (at->second != said) {
      record_.Blame(IssueCode::kContradictsEarlierRow, "met",
                    "an earlier row of the file says otherwise of the same member and measure");
    }
  }

  void KeepWhatRejectedRowSpeaksOf() {
    if (key_) {
      said_.try_emplace(*key_, -1);
      any_kept_ = true;
    } else if (unclear_row_ == 0) {
      unclear_row_ = record_.Reader().RowNumber();
    }
  }

  // Rows name members: their text is not kept.
  Status Reject(RowPlace place, const RowFault& fault) {
    ++result_.counts.rejected;
    return quarantine_({.row = place.row,
                        .line = place.line,
                        .column = fault.column,
                        .code = std::string(IssueCodeName(fault.code)),
                        .reason = fault.reason,
                        .raw = std::nullopt});
  }

  Status Store() {
    if (rows_.empty()) return OkStatus();
    std::set<std::string> numbers;
    for (const ResultRow& row : rows_) numbers.insert(row.member_number);
    const std::vector<std::string> sorted(numbers.begin(), numbers.end());
    std::unordered_map<std::string, std::int64_t> members;
    for (Member& member : FindMembers(tx_, request_.recording.payer, sorted)) {
      members.emplace(std::move(member.number), member.id);
    }
    std::vector<MemberMeasure> results;
    for (ResultRow& row : rows_) {
      const auto member = members.find(row.member_number);
      if (member == members.end()) {
        any_kept_ = true;
        RETURN_IF_ERROR(
            Reject(row.place, {IssueCode::kUnknownMember, record_.ColumnOf("member_number"),
                               "nobody has this member number; import the eligibility first"}));
        continue;
      }
      row.result.member_id = member->second;
      results.push_back(std::move(row.result));
    }
    rows_.clear();
    const auto known = KnownMemberMeasures(tx_, results);
    std::vector<MemberMeasure> fresh;
    for (std::size_t i = 0; i < results.size(); ++i) {
      // Who was never in the measure need not leave it.
      const bool same = known[i] ? known[i]->met == results[i].met : !results[i].met.has_value();
      if (!same) fresh.push_back(std::move(results[i]));
    }
    InsertMemberMeasures(tx_, fresh, request_.recording.recorded_at, request_.recording.batch_id);
    result_.recorded += static_cast<std::int64_t>(fresh.size());
    return OkStatus();
  }

  // Members whom earlier versions of the delivery named and this one does not.
  void Withdraw() {
    if (request_.supersedes.empty()) return;
    if (unclear_row_ != 0) {
      result_.note = fmt::format(
          "nothing that earlier versions said was withdrawn: row {} was rejected before it told "
          "what it is about; correct it and send the file again",
          unclear_row_);
      return;
    }
    if (any_kept_) {
      result_.note = "what the rejected rows are about was not withdrawn: it stands as earlier "
                     "versions said it";
    }
    std::vector<MemberMeasure> gone;
    for (NumberedMeasure& known : MemberMeasuresOf(tx_, request_.supersedes)) {
      if (said_.contains(KeyOf(known.result, known.member_number))) continue;
      known.result.met.reset();
      gone.push_back(std::move(known.result));
    }
    InsertMemberMeasures(tx_, gone, request_.recording.recorded_at, request_.recording.batch_id);
    result_.withdrawn += static_cast<std::int64_t>(gone.size());
  }

  pg::Transaction& tx_;
  const RowImportRequest& request_;
  const QuarantineSink& quarantine_;
  RowRecord& record_;
  ContractLookup contracts_;
  RowImportResult result_;
  std::vector<ResultRow> rows_;
  // What the file says of each key, also where the row was rejected.
  std::unordered_map<std::int64_t, std::int64_t> said_;
  std::optional<std::int64_t> key_;  // of the row at hand, once it is read
  bool any_kept_ = false;
  std::int64_t unclear_row_ = 0;  // the first rejected row that did not tell its key
};

}  // namespace

StatusOr<RowImportResult> ImportMemberMeasures(pg::Transaction& tx, const RowImportRequest& request,
                                               const QuarantineSink& quarantine) {
  ASSIGN_OR_RETURN(RowRecord record, RowRecord::Open(request));
  return MemberMeasureImport(tx, request, quarantine, record).Run();
}

}  // namespace sluice::performance
