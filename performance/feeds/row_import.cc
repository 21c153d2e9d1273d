#include "performance/feeds/row_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "hierarchy/identifier.h"
#include "performance/activity/activity_store.h"
#include "performance/feeds/feed_store.h"
#include "performance/feeds/member_measure_import.h"
#include "performance/feeds/row_record.h"
#include "performance/members/member_store.h"
#include "performance/members/party_lookup.h"
#include "performance/program_store.h"

namespace sluice::performance {
namespace {

using hierarchy::IdentifierType;

constexpr std::size_t kRowsAtOnce = 2'000;

// An event whose member is still a number.
struct EventRow {
  RowPlace place;
  std::string member_number;
  ContractId contract;
  ActivityEvent event;
};

class Import {
 public:
  Import(pg::Transaction& tx, const RowImportRequest& request, const QuarantineSink& quarantine,
         RowRecord& record)
      : tx_(tx),
        request_(request),
        quarantine_(quarantine),
        record_(record),
        contracts_(tx),
        parties_(tx, request.recording.payer) {}

  StatusOr<RowImportResult> Run() {
    CsvReader& reader = record_.Reader();
    while (reader.Next()) {
      ++result_.counts.rows;
      event_key_.reset();
      fact_key_.reset();
      record_.Begin();
      if (!record_.FaultOf()) ReadRow();
      RETURN_IF_ERROR(record_.FutureStatus());
      if (record_.FaultOf()) {
        const RowFault fault = *record_.FaultOf();
        KeepWhatRejectedRowSpeaksOf();
        const bool keep = request_.mapping->kind != FeedKind::kActivity && !reader.IsBad();
        RETURN_IF_ERROR(Reject({.row = reader.RowNumber(), .line = reader.LineNumber()}, fault,
                               keep ? std::optional(record_.Raw()) : std::nullopt));
      }
      if (events_.size() + sets_.size() >= kRowsAtOnce) RETURN_IF_ERROR(Store());
    }
    RETURN_IF_ERROR(reader.Outcome());
    RETURN_IF_ERROR(Store());
    Withdraw();
    result_.counts.read = result_.counts.rows - result_.counts.rejected;
    return std::move(result_);
  }

 private:
  // A rejected row withdraws nothing: what it speaks of stands as earlier versions said it. A row
  // that does not tell what it speaks of could speak of anything.
  void KeepWhatRejectedRowSpeaksOf() {
    if (event_key_) {
      rejected_events_.insert(*event_key_);
    } else if (fact_key_) {
      rejected_facts_.push_back(*fact_key_);
    } else if (unclear_row_ == 0) {
      unclear_row_ = record_.Reader().RowNumber();
    }
  }

  Status Reject(RowPlace place, const RowFault& fault, std::optional<std::string> raw) {
    ++result_.counts.rejected;
    return quarantine_({.row = place.row,
                        .line = place.line,
                        .column = fault.column,
                        .code = std::string(IssueCodeName(fault.code)),
                        .reason = fault.reason,
                        .raw = std::move(raw)});
  }

  void ReadRow() {
    const std::optional<Contract> contract = contracts_.Of(record_);
    if (!contract) return;
    if (request_.mapping->kind == FeedKind::kActivity) {
      ReadEvent(*contract);
    } else {
      ReadFact(*contract);
    }
  }

  // The party of an identifier, when the field has one.
  std::optional<PartyId> Party(std::string_view field, IdentifierType type, Date on) {
    const std::string text = record_.Text(field);
    if (text.empty()) return std::nullopt;
    const auto identifier = hierarchy::MakeIdentifier(type, "", text);
    if (!identifier.ok()) {
      record_.Blame(IssueCode::kBadIdentifier, field, StatusMessage(identifier.status()));
      return std::nullopt;
    }
    const std::optional<PartyId> party = parties_.Find(*identifier, on);
    if (!party) {
      record_.Blame(IssueCode::kUnknownProvider, field,
                    fmt::format("no party has the {} on {}; add it to the roster",
                                identifier->ToString(), FormatDate(on)));
    }
    return party;
  }

  void RequireUnder(std::string_view field, PartyId child, PartyId parent, Date on) {
    if (record_.FaultOf() || parties_.IsUnder(child, parent, on)) return;
    record_.Blame(IssueCode::kNotAffiliated, field,
                  fmt::format("{} was not affiliated with {} on {}: the affiliation has ended or "
                              "not begun; correct the row or the roster",
                              child, parent, FormatDate(on)));
  }

  void ReadEvent(const Contract& contract) {
    EventRow row{.place = {record_.Reader().RowNumber(), record_.Reader().LineNumber()},
                 .contract = contract.id};
    ActivityEvent& event = row.event;
    event.event_id = NumberOf("feed_event", {contract.id.ToString(), record_.Text("event")});
    if (record_.FaultOf()) return;
    event_key_ = event.event_id;
    row.member_number = record_.Text("member_number");
    const std::optional<Date> service = record_.Day("service_date", true);
    const std::optional<Date> received = record_.Day("received_on", true);
    if (record_.FaultOf()) return;
    event.service_date = *service;
    event.received_on = received.value_or(request_.received_on);
    if (!contract.effective.Contains(*service)) {
      record_.Blame(IssueCode::kBadValue, "service_date",
                    fmt::format("contract {} does not run on {}", contract.id,
                                FormatDate(*service)));
    }
    const auto provider = Party("provider_npi", IdentifierType::kNpi, *service);
    const auto practice = Party("practice_tin", IdentifierType::kTin, *service);
    if (record_.FaultOf()) return;
    event.provider = *provider;
    event.practice = *practice;
    RequireUnder("provider_npi", *provider, *practice, *service);
    if (const auto kind = ParseActivityKind(record_.Text("kind")); kind.ok()) {
      event.kind = *kind;
    } else {
      record_.Blame(IssueCode::kUnknownWord, "kind", StatusMessage(kind.status()));
    }
    event.code = record_.Text("code");
    event.channel = record_.Text("channel");
    event.evidence = record_.Text("evidence");
    event.evidence_status = Evidence();
    event.voided = record_.YesNo("voided", false);
    if (record_.FaultOf()) return;
    event.member_id = 1;  // stands in until the members are found
    if (const Status status = CheckEvent(event); !status.ok()) {
      record_.Blame(IssueCode::kBadValue, "", StatusMessage(status));
      return;
    }
    events_.push_back(std::move(row));
  }

  EvidenceStatus Evidence() {
    const std::string text = record_.Text("evidence_status");
    if (text == "accepted") return EvidenceStatus::kAccepted;
    if (text == "rejected") return EvidenceStatus::kRejected;
    if (!text.empty() && text != "not_reviewed") {
      record_.Blame(IssueCode::kUnknownWord, "evidence_status",
                    fmt::format("'{}' is none of not_reviewed, accepted, rejected", text));
    }
    return EvidenceStatus::kNotReviewed;
  }

  void ReadFact(const Contract& contract) {
    const std::optional<DateRange> period = record_.Period(contract);
    if (!period) return;
    FactSet set{.contract = contract.id, .period = *period};
    const Date on = std::min(*period->to - Days(1), request_.received_on);
    auto party = Party("party_npi", IdentifierType::kNpi, on);
    if (!party) party = Party("party_tin", IdentifierType::kTin, on);
    const auto under = Party("under_tin", IdentifierType::kTin, on);
    if (record_.FaultOf()) return;
    if (under && !party) {
      record_.Blame(IssueCode::kMissingValue, "party_npi", "a row under a party needs a party");
      return;
    }
    if (under) RequireUnder("under_tin", *party, *under, on);
    set.party = party.value_or(PartyId());
    set.under = under.value_or(PartyId());
    const bool is_measure = request_.mapping->kind == FeedKind::kMeasure;
    const std::string_view name_field = is_measure ? "measure" : "name";
    const std::string name = record_.Text(name_field);
    if (record_.FaultOf() || !IsFactName(name_field, name)) return;
    fact_key_ = {set.contract, set.period, set.party, set.under,
                 is_measure ? MeasureFactName(name) : name};
    const std::string said = is_measure ? ReadMeasure(name, set) : ReadValue(name, set);
    if (record_.FaultOf()) return;
    // The key of a fact within the file, and what was said of it.
    const std::int64_t key =
        NumberOf("feed_fact", {set.contract.ToString(), set.period.ToString(),
                               set.party.ToString(), set.under.ToString(), name});
    const auto [at, added] = said_.emplace(key, NumberOf("feed_value", {said}));
    if (added) {
      sets_.push_back(std::move(set));
    } else if (at->second != NumberOf("feed_value", {said})) {
      record_.Blame(IssueCode::kContradictsEarlierRow, "",
                    fmt::format("an earlier row of the file says otherwise of {}", name));
    }
  }

  // Both return what is said of the fact.
  std::string ReadValue(const std::string& name, FactSet& set) {
    const std::string type = record_.Text("type");
    const std::string text = record_.Text("value");
    if (record_.FaultOf()) return {};
    const StatusOr<FactValue> value = ParseFactValue(type, text);
    if (!value.ok()) {
      record_.Blame(IssueCode::kBadValue, "value", StatusMessage(value.status()));
      return {};
    }
    set.facts.Set(name, *value);
    return fmt::format("{} {}", type, FormatFactValue(*value));
  }

  std::string ReadMeasure(const std::string& id, FactSet& set) {
    const bool reported = record_.YesNo("reported", true);
    const std::string numerator = record_.Text("numerator");
    const std::string denominator = record_.Text("denominator");
    if (record_.FaultOf()) return {};
    MeasureResult result{.numerator = {}, .denominator = {}, .reported = reported};
    if (reported) {
      const std::optional<Ratio> top = Part("numerator", numerator);
      const std::optional<Ratio> bottom = Part("denominator", denominator);
      if (!top || !bottom) return {};
      CheckParts(*top, *bottom);
      result.numerator = *top;
      result.denominator = *bottom;
    }
    if (record_.FaultOf()) return {};
    set.facts.SetMeasure(id, result);
    return fmt::format("{} {} {}", reported, numerator, denominator);
  }

  // A part of a measure that is reported.
  std::optional<Ratio> Part(std::string_view field, const std::string& text) {
    if (text.empty()) {
      record_.Blame(IssueCode::kMissingValue, field,
                    fmt::format("a measure that is reported needs its {}; a measure that is not is "
                                "a row with reported = no",
                                field));
      return std::nullopt;
    }
    const StatusOr<Ratio> part = Ratio::Parse(text);
    if (!part.ok()) {
      record_.Blame(IssueCode::kBadValue, field, StatusMessage(part.status()));
      return std::nullopt;
    }
    if (part->Sign() < 0) {
      record_.Blame(IssueCode::kBadValue, field, "a measure has no negative parts");
      return std::nullopt;
    }
    return *part;
  }

  // A numerator may be above its denominator: observed to expected.
  void CheckParts(const Ratio& numerator, const Ratio& denominator) {
    const bool may_be_empty = request_.mapping->zero_denominators && numerator.Sign() == 0;
    if (denominator.Sign() == 0 && !may_be_empty) {
      record_.Blame(IssueCode::kBadValue, "denominator",
                    "a measure that is reported needs a denominator above zero: correct it, say "
                    "reported = no, or allow zero_denominators where nobody may be eligible");
    }
  }

  bool IsFactName(std::string_view field, const std::string& name) {
    const bool good = std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.' || c == '-';
    });
    if (!good) {
      record_.Blame(IssueCode::kBadValue, field,
                    fmt::format("'{}' holds more than letters, digits, '_', '.' and '-'", name));
    }
    return good;
  }

  Status Store() {
    if (!sets_.empty()) {
      result_.recorded += InsertFacts(tx_, sets_, request_.recording.recorded_at,
                                      request_.recording.batch_id, request_.source);
      sets_.clear();
    }
    RETURN_IF_ERROR(StoreEvents());
    events_.clear();
    return OkStatus();
  }

  Status StoreEvents() {
    if (events_.empty()) return OkStatus();
    std::set<std::string> numbers;
    for (const EventRow& row : events_) numbers.insert(row.member_number);
    const std::vector<std::string> sorted(numbers.begin(), numbers.end());
    std::unordered_map<std::string, std::int64_t> members;
    for (Member& member : FindMembers(tx_, request_.recording.payer, sorted)) {
      members.emplace(std::move(member.number), member.id);
    }
    std::map<ContractId, std::vector<EventRow*>> by_contract;
    for (EventRow& row : events_) {
      const auto member = members.find(row.member_number);
      if (member == members.end()) {
        rejected_events_.insert(row.event.event_id);
        RETURN_IF_ERROR(Reject(row.place,
                               {IssueCode::kUnknownMember, record_.ColumnOf("member_number"),
                                "nobody has this member number; import the eligibility first"},
                               std::nullopt));
        continue;
      }
      row.event.member_id = member->second;
      by_contract[row.contract].push_back(&row);
    }
    for (const auto& [contract, rows] : by_contract) RETURN_IF_ERROR(StoreOf(contract, rows));
    return OkStatus();
  }

  Status StoreOf(ContractId contract, const std::vector<EventRow*>& rows) {
    std::vector<std::int64_t> ids;
    for (const EventRow* row : rows) ids.push_back(row->event.event_id);
    std::unordered_map<std::int64_t, ActivityEvent> known;
    for (StoredEvent& stored :
         FindEvents(tx_, contract, ids, request_.recording.recorded_at)) {
      known.emplace(stored.event.event_id, std::move(stored.event));
    }
    std::vector<ActivityEvent> fresh;
    for (const EventRow* row : rows) {
      const ActivityEvent& event = row->event;
      const bool again = !stated_.insert(event.event_id).second;
      const auto found = known.find(event.event_id);
      if (found != known.end() && found->second == event) continue;
      if (again) {
        RETURN_IF_ERROR(Reject(row->place,
                               {IssueCode::kContradictsEarlierRow, record_.ColumnOf("event"),
                                "an earlier row of the file says otherwise of the same event"},
                               std::nullopt));
        continue;
      }
      known.insert_or_assign(event.event_id, event);
      fresh.push_back(event);
    }
    InsertEvents(tx_, contract, fresh, request_.recording.recorded_at,
                 request_.recording.batch_id, request_.source);
    result_.recorded += static_cast<std::int64_t>(fresh.size());
    return OkStatus();
  }

  // What earlier versions of the delivery recorded, and nobody has replaced.
  void Withdraw() {
    if (request_.supersedes.empty()) return;
    if (unclear_row_ != 0) {
      result_.note = fmt::format(
          "nothing that earlier versions said was withdrawn: row {} was rejected before it told "
          "what it is about; correct it and send the file again",
          unclear_row_);
      return;
    }
    if (!rejected_events_.empty() || !rejected_facts_.empty()) {
      result_.note = "what the rejected rows are about was not withdrawn: it stands as earlier "
                     "versions said it";
    }
    const Recording& recording = request_.recording;
    if (request_.mapping->kind != FeedKind::kActivity) {
      result_.withdrawn = RetractFactsOf(tx_, request_.supersedes, rejected_facts_,
                                         recording.recorded_at, recording.batch_id,
                                         request_.source);
      return;
    }
    std::map<ContractId, std::vector<std::int64_t>> gone;
    for (const auto& [contract, event] : EventsOf(tx_, request_.supersedes)) {
      if (stated_.contains(event) || rejected_events_.contains(event)) continue;
      gone[contract].push_back(event);
    }
    for (const auto& [contract, ids] : gone) {
      std::vector<ActivityEvent> voided;
      for (StoredEvent& stored : FindEvents(tx_, contract, ids, recording.recorded_at)) {
        if (stored.event.voided) continue;
        voided.push_back(std::move(stored.event));
        voided.back().voided = true;
      }
      InsertEvents(tx_, contract, voided, recording.recorded_at, recording.batch_id,
                   request_.source);
      result_.withdrawn += static_cast<std::int64_t>(voided.size());
    }
  }

  pg::Transaction& tx_;
  const RowImportRequest& request_;
  const QuarantineSink& quarantine_;
  RowRecord& record_;
  ContractLookup contracts_;
  PartyLookup parties_;
  RowImportResult result_;
  std::vector<EventRow> events_;
  std::vector<FactSet> sets_;
  std::unordered_map<std::int64_t, std::int64_t> said_;
  std::unordered_set<std::int64_t> stated_;
  // What the row at hand is about, once that is read; what rejected rows are about; and the first
  // rejected row of which that is not known, 0 for none.
  std::optional<std::int64_t> event_key_;
  std::optional<FactKey> fact_key_;
  std::unordered_set<std::int64_t> rejected_events_;
  std::vector<FactKey> rejected_facts_;
  std::int64_t unclear_row_ = 0;
};

}  // namespace

Status FutureDate(const std::string& place, std::string_view field, Date date, Date received_on) {
  return absl::OutOfRangeError(
      fmt::format("{}: {} {} is after {}, the day the file came; nothing of it was recorded", place,
                  field, FormatDate(date), FormatDate(received_on)));
}

bool IsFutureDate(const Status& status) { return absl::IsOutOfRange(status); }

StatusOr<RowImportResult> ImportRows(pg::Transaction& tx, const RowImportRequest& request,
                                     const QuarantineSink& quarantine) {
  if (request.mapping->kind == FeedKind::kMemberMeasure) {
    return ImportMemberMeasures(tx, request, quarantine);
  }
  ASSIGN_OR_RETURN(RowRecord record, RowRecord::Open(request));
  return Import(tx, request, quarantine, record).Run();
}

}  // namespace sluice::performance
