#include "performance/package.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "core/escape.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kFirstLine = "sluice-package\t1";
constexpr std::size_t kShownDifferences = 20;
constexpr std::size_t kMaxDepth = 64;

// --- Writing ------------------------------------------------------------------------------------

class LineWriter {
 public:
  template <typename... Fields>
  void Line(std::string_view key, const Fields&... fields) {
    text_ += key;
    ((text_ += '\t', text_ += EscapeField(fields)), ...);
    text_ += '\n';
  }
  // Every line of `block` under one key.
  void Block(std::string_view key, std::string_view block) {
    while (!block.empty()) {
      const std::size_t end = std::min(block.find('\n'), block.size());
      Line(key, block.substr(0, end));
      block.remove_prefix(std::min(end + 1, block.size()));
    }
  }
  const std::string& Text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string Number(std::int64_t value) { return std::to_string(value); }

std::string ReasonText(const std::optional<ReasonCode>& reason) {
  return reason ? std::string(ReasonName(*reason)) : "-";
}

std::string NotesText(const std::vector<ReasonCode>& notes) {
  std::string text;
  for (const ReasonCode note : notes) {
    if (!text.empty()) text += ',';
    text += ReasonName(note);
  }
  return text.empty() ? "-" : text;
}

void WriteParticipant(const Participant& participant, std::size_t depth, LineWriter& out) {
  out.Line("participant", Number(static_cast<std::int64_t>(depth)), participant.party.ToString(),
           participant.name);
  const Facts& facts = participant.facts;
  if (!facts.Values().empty() || !facts.Measures().empty()) {
    out.Block("participant-fact", facts.ToText());
  }
  for (const Participant& child : participant.children) WriteParticipant(child, depth + 1, out);
}

std::string ParticipantsText(const Participant& root) {
  LineWriter out;
  WriteParticipant(root, 0, out);
  return out.Take();
}

std::string PeriodEnd(const DateRange& period) { return period.to ? FormatDate(*period.to) : "-"; }

std::string InputText(const SettlementInput& input, const InputHashes& hashes) {
  LineWriter out;
  const DateRange& period = input.dates.period;
  out.Line("period", FormatDate(period.from), PeriodEnd(period));
  out.Line("pay-date", FormatDate(input.dates.pay_date));
  if (input.terms) {
    out.Line("terms", ToHex(EncodeTerms(*input.terms)));
    out.Block("terms-text", DescribeTerms(*input.terms));
  }
  out.Line("terms-sha256", ToHex(hashes.terms));
  out.Block("fact", input.facts.ToText());
  out.Line("facts-sha256", ToHex(hashes.facts));
  std::string text = out.Take();
  text += ParticipantsText(input.party);
  out.Line("hierarchy-sha256", ToHex(hashes.hierarchy));
  out.Line("input-sha256", ToHex(hashes.input));
  return text + out.Take();
}

std::string_view OutcomeName(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::kApplied:
      return "applied";
    case StepOutcome::kNotThisSide:
      return "not this side";
    case StepOutcome::kSkipped:
      return "skipped";
    case StepOutcome::kBlocked:
      return "blocked";
  }
  return "unknown";
}

void WriteAward(const Award& award, LineWriter& out) {
  out.Line("status", award.status == AwardStatus::kComputed ? "computed" : "blocked",
           ReasonText(award.blocked_reason), award.missing);
  out.Line("amount", award.amount.ToPlainString(), award.unrounded.ToFractionString());
  out.Line("score", award.score ? award.score->ToFractionString() : "-");
  out.Line("recouped", award.recouped.ToPlainString(),
           award.balance_left ? award.balance_left->ToPlainString() : "-");
  out.Line("withheld", award.withheld.ToPlainString());
  out.Line("released", award.released.ToPlainString());
  out.Line("forfeited", award.forfeited.ToPlainString());
  out.Line("payable", award.payable.ToPlainString());
  out.Line("zero", ReasonText(award.zero_reason), award.zero_detail,
           ReasonText(award.payable_zero_reason));
  out.Line("notes", NotesText(award.notes));
  for (const Step& step : award.steps) {
    out.Line("step", Number(step.position), step.component, OutcomeName(step.outcome),
             step.before.ToFractionString(), step.after.ToFractionString(), ReasonText(step.reason),
             NotesText(step.notes), step.clause, step.description, step.detail);
    for (const StepInput& read : step.inputs) out.Line("step-input", read.name, read.value);
  }
}

void WriteShare(const SplitShare& share, LineWriter& out) {
  out.Line("share", Number(share.position), Number(share.parent_position),
           ShareKindName(share.kind), share.path, Number(share.node_id), share.party.ToString(),
           share.label, share.weight.ToFractionString(), share.exact.ToFractionString(),
           share.received.ToPlainString(), share.handed_up.ToPlainString(),
           share.amount.ToPlainString(), ReasonText(share.zero_reason), NotesText(share.notes),
           share.detail);
}

// --- Reading ------------------------------------------------------------------------------------

StatusOr<std::string> Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    if (++i == text.size()) return InvalidArgument("a field ends in a lone backslash");
    switch (text[i]) {
      case '\\':
        plain += '\\';
        break;
      case 't':
        plain += '\t';
        break;
      case 'n':
        plain += '\n';
        break;
      case 'r':
        plain += '\r';
        break;
      default:
        return InvalidArgument("unknown escape \\{}", text[i]);
    }
  }
  return plain;
}

StatusOr<std::int64_t> ParseNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return InvalidArgument("'{}' is no whole number", text);
  }
  return value;
}

// Reads the inputs of a package. Lines of the result are not read: they are compared as text.
class PackageReader {
 public:
  Status ReadLine(std::string_view line);
  Status Finish();

  PackageHeader header;
  SettlementInput input;

 private:
  using Fields = std::span<const std::string>;
  // How many fields a line of the inputs has after its key, or nothing for other lines.
  static std::optional<std::size_t> FieldCount(std::string_view key);
  Status Read(std::string_view key, Fields fields);
  Status ReadIds(std::string_view key, Fields fields);
  Status ReadPeriod(Fields fields);
  Status ReadTerms(const std::string& hex);
  Status ReadParticipant(Fields fields);
  Status FinishFacts();

  std::set<std::string, std::less<>> seen_;
  std::string facts_text_;
  std::string participant_facts_text_;
  std::vector<Participant*> branch_;  // the participants from the root to the last one read
};

std::optional<std::size_t> PackageReader::FieldCount(std::string_view key) {
  static const std::map<std::string_view, std::size_t> kCounts = {
      {"program", 3}, {"contract", 1}, {"award", 2},       {"period", 2},          {"pay-date", 1},
      {"terms", 1},   {"fact", 1},     {"participant", 3}, {"participant-fact", 1}};
  const auto found = kCounts.find(key);
  if (found == kCounts.end()) return std::nullopt;
  return found->second;
}

Status PackageReader::ReadLine(std::string_view line) {
  std::vector<std::string> fields;
  const std::size_t key_end = std::min(line.find('\t'), line.size());
  const std::string_view key = line.substr(0, key_end);
  const std::optional<std::size_t> count = FieldCount(key);
  if (!count) return OkStatus();
  line.remove_prefix(key_end);
  while (!line.empty()) {
    line.remove_prefix(1);
    const std::size_t end = std::min(line.find('\t'), line.size());
    ASSIGN_OR_RETURN(fields.emplace_back(), Unescape(line.substr(0, end)));
    line.remove_prefix(end);
  }
  if (fields.size() != *count) {
    return InvalidArgument("'{}' has {} fields; {} are expected", key, fields.size(), *count);
  }
  seen_.emplace(key);
  return Read(key, fields);
}

Status PackageReader::Read(std::string_view key, Fields fields) {
  if (key == "fact") {
    facts_text_ += fields[0] + "\n";
    return OkStatus();
  }
  if (key == "participant-fact") {
    if (branch_.empty()) return InvalidArgument("a participant's fact precedes all participants");
    participant_facts_text_ += fields[0] + "\n";
    return OkStatus();
  }
  if (key == "participant") return ReadParticipant(fields);
  if (key == "terms") return ReadTerms(fields[0]);
  if (key == "period") return ReadPeriod(fields);
  if (key == "pay-date") {
    ASSIGN_OR_RETURN(input.dates.pay_date, ParseDate(fields[0]));
    return OkStatus();
  }
  return ReadIds(key, fields);
}

Status PackageReader::ReadIds(std::string_view key, Fields fields) {
  if (key == "program") {
    ASSIGN_OR_RETURN(header.program, ProgramId::Parse(fields[0]));
    header.program_name = fields[1];
    header.stream = fields[2];
  } else if (key == "contract") {
    ASSIGN_OR_RETURN(header.contract, ContractId::Parse(fields[0]));
  } else {
    ASSIGN_OR_RETURN(header.award, AwardId::Parse(fields[0]));
    ASSIGN_OR_RETURN(const std::int64_t version, ParseNumber(fields[1]));
    header.version = static_cast<std::int32_t>(version);
  }
  return OkStatus();
}

Status PackageReader::ReadPeriod(Fields fields) {
  ASSIGN_OR_RETURN(const Date from, ParseDate(fields[0]));
  ASSIGN_OR_RETURN(const Date to, ParseDate(fields[1]));
  if (from >= to) return InvalidArgument("the period {} to {} is empty", fields[0], fields[1]);
  input.dates.period = DateRange::Between(from, to);
  return OkStatus();
}

Status PackageReader::ReadTerms(const std::string& hex) {
  ASSIGN_OR_RETURN(const Bytes bytes, FromHex(hex));
  ASSIGN_OR_RETURN(input.terms, DecodeTerms(bytes));
  return OkStatus();
}

Status PackageReader::ReadParticipant(Fields fields) {
  RETURN_IF_ERROR(FinishFacts());
  ASSIGN_OR_RETURN(const std::int64_t depth, ParseNumber(fields[0]));
  Participant participant;
  ASSIGN_OR_RETURN(participant.party, PartyId::Parse(fields[1]));
  participant.name = fields[2];
  const auto level = static_cast<std::size_t>(depth);
  if (depth < 0 || level > kMaxDepth || level > branch_.size() || (level == 0) != branch_.empty()) {
    return InvalidArgument("participant {} is at depth {}, out of place", fields[1], depth);
  }
  branch_.resize(level);
  if (level == 0) {
    input.party = std::move(participant);
    branch_.push_back(&input.party);
  } else {
    std::vector<Participant>& siblings = branch_.back()->children;
    siblings.push_back(std::move(participant));
    branch_.push_back(&siblings.back());
  }
  return OkStatus();
}

Status PackageReader::FinishFacts() {
  if (participant_facts_text_.empty()) return OkStatus();
  ASSIGN_OR_RETURN(branch_.back()->facts, Facts::Parse(participant_facts_text_));
  participant_facts_text_.clear();
  return OkStatus();
}

Status PackageReader::Finish() {
  RETURN_IF_ERROR(FinishFacts());
  for (const char* key : {"program", "contract", "award", "period", "pay-date", "participant"}) {
    if (!seen_.contains(key)) return InvalidArgument("the package has no line '{}'", key);
  }
  ASSIGN_OR_RETURN(input.facts, Facts::Parse(facts_text_));
  return OkStatus();
}

// --- Comparing ----------------------------------------------------------------------------------

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> Differences(std::string_view package, std::string_view recomputed) {
  std::vector<std::string> differences;
  if (package == recomputed) return differences;
  const std::vector<std::string_view> before = Lines(package);
  const std::vector<std::string_view> after = Lines(recomputed);
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    const std::string_view was = i < before.size() ? before[i] : "(no line)";
    const std::string_view is = i < after.size() ? after[i] : "(no line)";
    if (was == is) continue;
    if (differences.size() == kShownDifferences) {
      ++hidden;
      continue;
    }
    differences.push_back(
        fmt::format("line {}: the package has \"{}\", the replay gives \"{}\"", i + 1, was, is));
  }
  if (differences.empty()) differences.emplace_back("the line endings differ");
  if (hidden > 0) differences.push_back(fmt::format("and {} more lines", hidden));
  return differences;
}

}  // namespace

InputHashes HashInput(const SettlementInput& input) {
  InputHashes hashes;
  if (input.terms) hashes.terms = HashTerms(*input.terms);
  hashes.facts = input.facts.Hash();
  hashes.hierarchy = Sha256(AsBytes(ParticipantsText(input.party)));
  const DateRange& period = input.dates.period;
  hashes.input = CanonicalWriter("sluice.input.v1")
                     .Raw(hashes.terms)
                     .Raw(hashes.facts)
                     .Raw(hashes.hierarchy)
                     .Day(period.from)
                     .Text(PeriodEnd(period))
                     .Day(input.dates.pay_date)
                     .Hash();
  return hashes;
}

std::string ExportPackage(const PackageHeader& header, const SettlementInput& input,
                          const Settlement& settlement) {
  std::string text = std::string(kFirstLine) + "\n";
  LineWriter out;
  out.Line("program", header.program.ToString(), header.program_name, header.stream);
  out.Line("contract", header.contract.ToString());
  out.Line("award", header.award.ToString(), Number(header.version));
  text += out.Take();
  text += InputText(input, HashInput(input));
  LineWriter result;
  WriteAward(settlement.award, result);
  for (const SplitShare& share : settlement.shares) WriteShare(share, result);
  text += result.Text();
  return text + "sha256\t" + ToHex(Sha256(AsBytes(text))) + "\n";
}

StatusOr<ReplayReport> ReplayPackage(std::string_view text) {
  const std::vector<std::string_view> lines = Lines(text);
  if (lines.empty() || lines.front() != kFirstLine) {
    return InvalidArgument("this is no replay package of version 1: its first line is not '{}'",
                           EscapeField(kFirstLine));
  }
  PackageReader reader;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    RETURN_IF_ERROR(Annotate(reader.ReadLine(lines[i]), fmt::format("line {}", i + 1)));
  }
  RETURN_IF_ERROR(reader.Finish());

  ReplayReport report{.header = reader.header,
                      .terms = reader.input.terms,
                      .party = reader.input.party,
                      .settlement = Settle(reader.input)};
  report.differences =
      Differences(text, ExportPackage(reader.header, reader.input, report.settlement));
  return report;
}

std::string ToText(const ReplayReport& report) {
  const Award& award = report.settlement.award;
  std::string text = fmt::format("award {} version {} of contract {} ({}, {})\n",
                                 report.header.award, report.header.version, report.header.contract,
                                 report.header.program_name, report.header.stream);
  text += fmt::format("recomputed: award {}, payable {}, {} steps, {} shares\n", award.amount,
                      award.payable, award.steps.size(), report.settlement.shares.size());
  if (report.Matches()) return text + "the replay gives the same steps, cents and shares\n";
  text += fmt::format("THE PACKAGE DOES NOT REPLAY\n");
  for (const std::string& difference : report.differences) text += "  " + difference + "\n";
  return text;
}

}  // namespace sluice::performance
