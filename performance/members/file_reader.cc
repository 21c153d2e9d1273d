#include "performance/members/file_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.h"
#include "hierarchy/identifier.h"

namespace sluice::performance {

// One record of the file, read by field. The first fault of a row is kept; the rest of the fields
// then read as empty values, which nobody uses.
struct MemberFile::State {
  struct Field {
    std::optional<std::size_t> column;
    std::optional<std::size_t> fallback;
    std::string constant;
    bool required = false;
  };

  CsvReader reader;
  std::string name;
  FileMapping mapping;
  std::map<std::string, Field, std::less<>> fields;
  std::optional<FileIssue> fault;
  std::vector<FileIssue> warnings;

  RowPlace Place() const { return {reader.RowNumber(), reader.LineNumber()}; }

  std::string ColumnOf(std::string_view field) const {
    const auto found = fields.find(field);
    if (found == fields.end() || !found->second.column) return std::string(field);
    return reader.Header()[*found->second.column];
  }

  FileIssue Issue(IssueCode code, std::string_view field, std::string reason) const {
    return {code,
            true,
            name,
            reader.RowNumber(),
            reader.LineNumber(),
            field.empty() ? std::string() : ColumnOf(field),
            std::move(reason)};
  }
  void Fault(IssueCode code, std::string_view field, std::string reason) {
    if (!fault) fault = Issue(code, field, std::move(reason));
  }
  void Warn(IssueCode code, std::string_view field, std::string reason) {
    warnings.push_back(Issue(code, field, std::move(reason)));
    warnings.back().rejected = false;
  }

  // The cell without blanks at its ends; a fault when it is required and empty.
  std::string_view Cell(std::string_view field);
  std::string Text(std::string_view field, std::size_t longest);
  std::string Word(std::string_view field, std::string_view otherwise);
  std::optional<Date> Day(std::string_view field);
  DateRange Span(std::string_view from, std::string_view to);
  std::optional<Money> Amount(std::string_view field);
  std::optional<std::int64_t> Number(std::string_view field, std::int64_t least,
                                     std::int64_t most);
  std::optional<std::int64_t> Thousandths(std::string_view field);
  std::string Npi(std::string_view field);
  std::string Tin(std::string_view field);
  bool Flag(std::string_view field);

 private:
  std::string Identifier(std::string_view field,
                         StatusOr<std::string> (*parse)(std::string_view));
};

namespace {

struct NamedCode {
  IssueCode code;
  std::string_view name;
};
constexpr std::array<NamedCode, 13> kCodes = {{
    {IssueCode::kMalformedRow, "malformed_row"},
    {IssueCode::kMissingValue, "missing_value"},
    {IssueCode::kBadValue, "bad_value"},
    {IssueCode::kBadIdentifier, "bad_identifier"},
    {IssueCode::kUnknownWord, "unknown_word"},
    {IssueCode::kEndsBeforeStart, "ends_before_start"},
    {IssueCode::kUnknownMember, "unknown_member"},
    {IssueCode::kUnknownProvider, "unknown_provider"},
    {IssueCode::kUnknownContract, "unknown_contract"},
    {IssueCode::kNotAffiliated, "not_affiliated"},
    {IssueCode::kContradictsEarlierRow, "contradicts_earlier_row"},
    {IssueCode::kAmountRounded, "amount_rounded"},
    {IssueCode::kIdentifierDropped, "identifier_dropped"},
}};

constexpr std::size_t kLongestNumber = 80;
constexpr std::size_t kLongestText = 200;

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool IsAscii(std::span<const std::string_view> fields) {
  return std::ranges::all_of(fields, [](std::string_view field) {
    return std::ranges::all_of(field,
                               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

// The last byte of the file is a line end.
bool EndsWithNewline(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in || in.tellg() <= 0) return true;  // the reader says what is wrong
  in.seekg(-1, std::ios::end);
  return in.get() == '\n';
}

Status WasCut(const std::string& name) {
  return InvalidArgument("{}: the file does not end with a line end, so it was cut; get it again",
                         name);
}

// Reads every record: `convert` makes a row of it, or leaves a fault.
template <typename Row, typename Convert>
StatusOr<FileCounts> ReadAll(MemberFile::State& state, MemberFileKind kind, const Convert& convert,
                             const std::function<Status(const Row&)>& use,
                             const IssueSink& issue) {
  if (state.mapping.kind != kind) {
    return FailedPrecondition("{} is read with mapping '{}' of kind {}, but a file of kind {} is "
                              "wanted",
                              state.name, state.mapping.name,
                              MemberFileKindName(state.mapping.kind), MemberFileKindName(kind));
  }
  FileCounts counts;
  while (state.reader.Next()) {
    ++counts.rows;
    state.fault.reset();
    state.warnings.clear();
    Row row;
    if (state.reader.IsBad()) {
      const CsvError& error = state.reader.Error();
      state.fault = FileIssue{IssueCode::kMalformedRow, true,       state.name,
                              error.row,                error.line, error.column_name,
                              fmt::format("{}: {}", CsvCodeName(error.code), error.reason)};
    } else if (state.mapping.ascii_only && !IsAscii(state.reader.Fields())) {
      state.Fault(IssueCode::kMalformedRow, "", "a byte that is not ASCII, as the mapping expects");
    } else {
      row.place = state.Place();
      convert(state, row);
    }
    if (state.fault) {
      ++counts.rejected;
      state.fault->member_number = row.member_number;
      RETURN_IF_ERROR(issue(*state.fault));
      continue;
    }
    ++counts.read;
    for (const FileIssue& warning : state.warnings) {
      ++counts.warnings;
      RETURN_IF_ERROR(issue(warning));
    }
    RETURN_IF_ERROR(use(row));
  }
  RETURN_IF_ERROR(state.reader.Outcome());
  return counts;
}

void Convert(MemberFile::State& state, EligibilityRow& row) {
  row.member_number = state.Text("member_number", kLongestNumber);
  row.coverage.covered = state.Span("valid_from", "valid_to");
  row.detail.valid_from = row.coverage.covered.from;
  row.detail.birth_date = state.Day("birth_date");
  const std::string sex = state.Word("sex", "unknown");
  if (sex == "female" || sex == "male") {
    row.detail.sex = sex == "female" ? Sex::kFemale : Sex::kMale;
  } else if (sex != "unknown") {
    state.Fault(IssueCode::kUnknownWord, "sex",
                fmt::format("'{}' is not female, male or unknown; explain it in [words.sex]", sex));
  }
  row.detail.death_date = state.Day("death_date");
  const std::string zip = state.Text("zip", kLongestText);
  const bool digits = zip.size() >= 5 && std::all_of(zip.begin(), zip.begin() + 5, [](char c) {
                        return c >= '0' && c <= '9';
                      });
  if (!zip.empty() && !digits) {
    state.Fault(IssueCode::kBadValue, "zip", fmt::format("'{}' does not begin with a ZIP", zip));
  } else {
    row.detail.zip = zip.substr(0, 5);
  }
  row.detail.region = state.Text("region", kLongestText);
  row.coverage.line_of_business = state.Text("line_of_business", kLongestText);
  row.coverage.product = state.Text("product", kLongestText);
  row.coverage.plan = state.Text("plan", kLongestText);
  row.coverage.retro_reason = state.Text("retro_reason", kLongestText);
  row.coverage.withdrawn = state.Flag("withdrawn");
}

std::int32_t LineNumber(MemberFile::State& state) {
  return static_cast<std::int32_t>(state.Number("line_number", 1, 2'000'000'000).value_or(1));
}

ClaimStatus StatusOf(MemberFile::State& state) {
  const auto status = ParseClaimStatus(state.Word("status", "final"));
  if (status.ok()) return *status;
  state.Fault(IssueCode::kUnknownWord, "status", StatusMessage(status.status()));
  return ClaimStatus::kFinal;
}

void Convert(MemberFile::State& state, MedicalClaimRow& row) {
  MedicalClaimLine& line = row.line;
  row.member_number = state.Text("member_number", kLongestNumber);
  line.claim_number = state.Text("claim_number", kLongestNumber);
  line.line_number = LineNumber(state);
  const auto kind = ParseClaimKind(state.Word("kind", ""));
  if (kind.ok()) {
    line.kind = *kind;
  } else {
    state.Fault(IssueCode::kUnknownWord, "kind", StatusMessage(kind.status()));
  }
  line.service_from = state.Day("service_from").value_or(Date{});
  line.service_to = state.Day("service_to").value_or(line.service_from);
  if (line.service_to < line.service_from) {
    state.Fault(IssueCode::kEndsBeforeStart, "service_to",
                fmt::format("the service ends {}, before it begins {}",
                            FormatDate(line.service_to), FormatDate(line.service_from)));
  }
  line.procedure_code = state.Text("procedure_code", kLongestNumber);
  line.place_of_service = state.Text("place_of_service", kLongestNumber);
  line.revenue_code = state.Text("revenue_code", kLongestNumber);
  line.drg = state.Text("drg", kLongestNumber);
  line.rendering_npi = state.Npi("rendering_npi");
  line.billing_npi = state.Npi("billing_npi");
  line.billing_tin = state.Tin("billing_tin");
  line.allowed = state.Amount("allowed");
  line.paid = state.Amount("paid");
  line.paid_on = state.Day("paid_on");
  line.status = StatusOf(state);
  for (const std::string_view field : FieldsOf(MemberFileKind::kMedicalClaim)) {
    if (!field.starts_with("diagnosis_")) continue;
    const std::string_view code = state.Cell(field);
    if (code.empty()) continue;
    if (code.find(' ') != std::string_view::npos) {
      state.Fault(IssueCode::kBadValue, field, fmt::format("'{}' holds a blank", code));
    }
    if (!line.diagnosis_codes.empty()) line.diagnosis_codes += ' ';
    line.diagnosis_codes += code;
  }
}

void Convert(MemberFile::State& state, PharmacyClaimRow& row) {
  PharmacyClaimLine& line = row.line;
  row.member_number = state.Text("member_number", kLongestNumber);
  line.claim_number = state.Text("claim_number", kLongestNumber);
  line.line_number = LineNumber(state);
  line.dispensed_on = state.Day("dispensed_on").value_or(Date{});
  line.ndc = state.Text("ndc", kLongestNumber);
  line.quantity_thousandths = state.Thousandths("quantity");
  if (const auto days = state.Number("days_supply", 0, 100'000)) {
    line.days_supply = static_cast<std::int32_t>(*days);
  }
  line.prescriber_npi = state.Npi("prescriber_npi");
  line.pharmacy_npi = state.Npi("pharmacy_npi");
  line.allowed = state.Amount("allowed");
  line.paid = state.Amount("paid");
  line.paid_on = state.Day("paid_on");
  line.status = StatusOf(state);
}

void Convert(MemberFile::State& state, ChoiceRow& row) {
  row.member_number = state.Text("member_number", kLongestNumber);
  const auto kind = ParseChoiceKind(state.Word("kind", ""));
  if (kind.ok()) {
    row.kind = *kind;
  } else {
    state.Fault(IssueCode::kUnknownWord, "kind", StatusMessage(kind.status()));
  }
  row.provider_npi = state.Npi("provider_npi");
  if (row.provider_npi.empty()) {
    state.Fault(IssueCode::kBadIdentifier, "provider_npi", "a choice needs a provider");
  }
  row.practice_tin = state.Tin("practice_tin");
  row.valid = state.Span("valid_from", "valid_to");
  row.withdrawn = state.Flag("withdrawn");
}

}  // namespace

std::string_view MemberFile::State::Cell(std::string_view field) {
  const auto found = fields.find(field);
  if (found == fields.end()) return {};
  const Field& source = found->second;
  std::string_view cell;
  if (source.column) cell = Trim(reader[*source.column]);
  if (cell.empty() && source.fallback) cell = Trim(reader[*source.fallback]);
  if (cell.empty()) cell = source.constant;
  if (cell.empty() && source.required) {
    Fault(IssueCode::kMissingValue, field, fmt::format("{} is empty; every row needs it", field));
  }
  return cell;
}

std::string MemberFile::State::Text(std::string_view field, std::size_t longest) {
  const std::string_view cell = Cell(field);
  if (cell.size() > longest) {
    Fault(IssueCode::kBadValue, field, fmt::format("longer than {} bytes", longest));
    return {};
  }
  return std::string(cell);
}

std::string MemberFile::State::Word(std::string_view field, std::string_view otherwise) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return std::string(otherwise);
  const auto table = mapping.words.find(field);
  if (table != mapping.words.end()) {
    const auto word = table->second.find(cell);
    if (word != table->second.end()) return word->second;
  }
  return std::string(cell);
}

std::optional<Date> MemberFile::State::Day(std::string_view field) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return std::nullopt;
  const auto date = hierarchy::ParseRosterDate(mapping.date_format, cell);
  if (date.ok()) return *date;
  Fault(IssueCode::kBadValue, field, StatusMessage(date.status()));
  return std::nullopt;
}

DateRange MemberFile::State::Span(std::string_view from, std::string_view to) {
  DateRange span{Day(from).value_or(Date{}), Day(to)};
  if (span.to && mapping.to_is_last_day) *span.to += Days(1);
  if (span.IsEmpty()) {
    Fault(IssueCode::kEndsBeforeStart, to,
          fmt::format("the span ends before {}, its first day", FormatDate(span.from)));
  }
  return span;
}

std::optional<Money> MemberFile::State::Amount(std::string_view field) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return std::nullopt;
  const auto money = Money::Parse(cell);
  if (money.ok()) return *money;
  const auto ratio = Ratio::Parse(cell);
  // A fraction or a percentage is a number, but no amount.
  if (!ratio.ok() || cell.find_first_of("/%") != std::string_view::npos) {
    Fault(IssueCode::kBadValue, field, StatusMessage(money.status()));
    return std::nullopt;
  }
  if (!mapping.round_amounts) {
    Fault(IssueCode::kBadValue, field,
          fmt::format("'{}' has more than two decimals; amounts = \"round\" would read it", cell));
    return std::nullopt;
  }
  const Money rounded =
      Round(Exact(Money::FromCents(100)) * *ratio, Rounding::kHalfAwayFromZero);
  Warn(IssueCode::kAmountRounded, field, fmt::format("'{}' is read as {}", cell, rounded));
  return rounded;
}

std::optional<std::int64_t> MemberFile::State::Number(std::string_view field, std::int64_t least,
                                                      std::int64_t most) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error == std::errc() && end == cell.data() + cell.size() && value >= least &&
      value <= most) {
    return value;
  }
  Fault(IssueCode::kBadValue, field,
        fmt::format("'{}' is not a whole number from {} to {}", cell, least, most));
  return std::nullopt;
}

std::optional<std::int64_t> MemberFile::State::Thousandths(std::string_view field) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return std::nullopt;
  const auto ratio = Ratio::Parse(cell);
  if (ratio.ok() && ratio->Sign() >= 0 && cell.find_first_of("/%") == std::string_view::npos) {
    const Ratio thousandths = *ratio * Ratio(1'000);
    if (thousandths.Denominator() == 1 && thousandths.Numerator().fits_slong_p()) {
      return thousandths.Numerator().get_si();
    }
  }
  Fault(IssueCode::kBadValue, field,
        fmt::format("'{}' is not a quantity with at most three decimals", cell));
  return std::nullopt;
}

std::string MemberFile::State::Identifier(std::string_view field,
                                          StatusOr<std::string> (*parse)(std::string_view)) {
  const std::string_view cell = Cell(field);
  if (cell.empty()) return {};
  auto identifier = parse(cell);
  if (identifier.ok()) return *std::move(identifier);
  if (mapping.drop_wrong_identifiers) {
    Warn(IssueCode::kIdentifierDropped, field, StatusMessage(identifier.status()));
  } else {
    Fault(IssueCode::kBadIdentifier, field, StatusMessage(identifier.status()));
  }
  return {};
}

std::string MemberFile::State::Npi(std::string_view field) {
  return Identifier(field, hierarchy::ParseNpi);
}

std::string MemberFile::State::Tin(std::string_view field) {
  return Identifier(field, hierarchy::ParseTin);
}

bool MemberFile::State::Flag(std::string_view field) {
  const std::string word = Word(field, "false");
  if (word != "true" && word != "false") {
    Fault(IssueCode::kUnknownWord, field,
          fmt::format("'{}' is not true or false; explain it in [words.{}]", word, field));
  }
  return word == "true";
}

std::string_view IssueCodeName(IssueCode code) {
  return std::ranges::find(kCodes, code, &NamedCode::code)->name;
}

std::string FileIssue::ToString() const {
  std::string place = fmt::format("{} row {} (line {})", file, row, line);
  if (!column.empty()) place += fmt::format(" column '{}'", column);
  return fmt::format("{}: {}: {}", place, IssueCodeName(code), reason);
}

MemberFile::MemberFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
MemberFile::MemberFile(MemberFile&&) noexcept = default;
MemberFile& MemberFile::operator=(MemberFile&&) noexcept = default;
MemberFile::~MemberFile() = default;

const FileMapping& MemberFile::Mapping() const { return state_->mapping; }
const std::string& MemberFile::Name() const { return state_->name; }

StatusOr<MemberFile> MemberFile::Open(const std::string& path, FileMapping mapping) {
  if (mapping.ends_with_newline && !EndsWithNewline(path)) return WasCut(path);
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path, {.separator = mapping.separator}));
  return Make(std::move(reader), path, std::move(mapping));
}

StatusOr<MemberFile> MemberFile::FromText(std::string text, std::string name,
                                          FileMapping mapping) {
  if (mapping.ends_with_newline && !text.empty() && !text.ends_with('\n')) return WasCut(name);
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(std::move(text), name,
                                                         {.separator = mapping.separator}));
  return Make(std::move(reader), std::move(name), std::move(mapping));
}

StatusOr<MemberFile> MemberFile::Make(CsvReader reader, std::string name, FileMapping mapping) {
  std::map<std::string, State::Field, std::less<>> fields;
  for (const auto& [field, source] : mapping.fields) {
    State::Field& entry = fields[field];
    if (!source.column.empty()) {
      ASSIGN_OR_RETURN(entry.column, reader.Column(source.column));
    }
    if (!source.fallback_column.empty()) {
      ASSIGN_OR_RETURN(entry.fallback, reader.Column(source.fallback_column));
    }
    entry.constant = source.constant;
    entry.required = std::ranges::find(RequiredFieldsOf(mapping.kind), field) !=
                     RequiredFieldsOf(mapping.kind).end();
  }
  return MemberFile(std::unique_ptr<State>(new State{.reader = std::move(reader),
                                                     .name = std::move(name),
                                                     .mapping = std::move(mapping),
                                                     .fields = std::move(fields),
                                                     .fault = std::nullopt,
                                                     .warnings = {}}));
}

StatusOr<FileCounts> ReadEligibility(MemberFile& file,
                                     const std::function<Status(const EligibilityRow&)>& row,
                                     const IssueSink& issue) {
  return ReadAll<EligibilityRow>(
      file.Internal(), MemberFileKind::kEligibility,
      [](MemberFile::State& state, EligibilityRow& out) { Convert(state, out); }, row, issue);
}

StatusOr<FileCounts> ReadMedicalClaimFile(
    MemberFile& file, const std::function<Status(const MedicalClaimRow&)>& row,
    const IssueSink& issue) {
  return ReadAll<MedicalClaimRow>(
      file.Internal(), MemberFileKind::kMedicalClaim,
      [](MemberFile::State& state, MedicalClaimRow& out) { Convert(state, out); }, row, issue);
}

StatusOr<FileCounts> ReadPharmacyClaimFile(
    MemberFile& file, const std::function<Status(const PharmacyClaimRow&)>& row,
    const IssueSink& issue) {
  return ReadAll<PharmacyClaimRow>(
      file.Internal(), MemberFileKind::kPharmacyClaim,
      [](MemberFile::State& state, PharmacyClaimRow& out) { Convert(state, out); }, row, issue);
}

StatusOr<FileCounts> ReadChoiceFile(MemberFile& file,
                                    const std::function<Status(const ChoiceRow&)>& row,
                                    const IssueSink& issue) {
  return ReadAll<ChoiceRow>(
      file.Internal(), MemberFileKind::kProviderChoice,
      [](MemberFile::State& state, ChoiceRow& out) { Convert(state, out); }, row, issue);
}

}  // namespace sluice::performance
