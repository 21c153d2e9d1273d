#include "performance/mssp_columns.h"

#include <algorithm>
#include <charconv>

namespace sluice::performance {
namespace {

struct FieldNames {
  MsspField field;
  bool required;
  // Normalized: lower case letters and digits only. The first that the header has counts.
  std::vector<std::string_view> names;
};

// CMS names are kept over the years except for case and underscores; the long forms are those of
// the first years' files.
const std::vector<FieldNames>& FieldTable() {
  static const std::vector<FieldNames> table = {
      {MsspField::kId, true, {"acoid", "aconum", "acoidentifier", "aconumber"}},
      {MsspField::kName, false, {"aconame", "aconamelbnordbaifapplicable", "aconamelbnordba"}},
      {MsspField::kAssigned, true, {"nab", "totalassignedbeneficiaries", "assignedbeneficiaries"}},
      {MsspField::kPersonYears, false, {"nabyearpy", "nabyear", "totalpersonyears"}},
      {MsspField::kMinimumRate,
       false,
       {"minsavperc", "minsavpct", "minsavrate", "minimumsavingsrate", "msr"}},
      {MsspField::kSaving,
       false,
       {"bnchmkminexp", "totalbenchmarkexpendituresminustotalassignedbeneficiaryexpenditures"}},
      {MsspField::kGenerated,
       true,
       {"gensaveloss", "gensavloss", "generatedtotalsavingslosses", "generatedsavingslosses"}},
      {MsspField::kRelief, false, {"disadj", "disasteradj", "disasteradjustment"}},
      {MsspField::kEarned,
       true,
       {"earnsaveloss", "earnsavloss", "totalearnedsharedsavingspaymentsowelosses",
        "earnedsharedsavingspaymentsowelosses"}},
      {MsspField::kStandardMet, false, {"metqps", "metqualitystandard", "metqualityperfstandard"}},
      {MsspField::kAlternativeMet,
       false,
       {"metaltqps", "metalternativeqps", "metalternativequalitystandard"}},
      {MsspField::kScore, false, {"qualscore", "qualityscore"}},
      {MsspField::kMaximumShare, false, {"qualperfshare", "maxsharerate"}},
      {MsspField::kFinalShare, false, {"finalsharerate", "finalsharingrate", "finshrerate"}},
      {MsspField::kUpdatedBenchmark, false, {"updatedbnchmk", "updatedbenchmark"}},
      {MsspField::kBenchmark, true, {"abtotbnchmk", "totalbenchmarkexpenditures"}},
      {MsspField::kExpenditure,
       false,
       {"abtotexp", "totalassignedbeneficiaryexpenditures", "totalexpenditures"}},
      {MsspField::kRevenueCategory, false, {"revexpcat", "revenueexpenditurecategory"}},
      {MsspField::kRevenueLimit, false, {"revlosslimit", "revenuelosslimit"}},
      {MsspField::kTrack, false, {"currenttrack", "track", "currenttracklevel"}},
      {MsspField::kStart,
       false,
       {"currentstartdate", "startdate", "agreementstartdate", "initialstartdate"}},
      {MsspField::kAgreementNumber, false, {"agreementperiodnum", "agreementperiod"}},
      {MsspField::kGuardrail, false, {"guardrail"}},
      {MsspField::kAdvanceBalance, false, {"aipbalance"}},
      {MsspField::kAdvanceRecouped, false, {"aiprecoup"}},
      {MsspField::kAdvancePaid, false, {"advpayamt", "advancepaymentamount"}},
      {MsspField::kAdvancePaidRecouped, false, {"advpayrecoup", "advancepaymentrecouped"}},
  };
  return table;
}

std::string Normalize(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (c == '+') {
      out += "plus";
    }
  }
  return out;
}

// The place of the first of `names` that the header has: letter by letter, else, of a long name, as
// the beginning of a title that goes on with a footnote.
std::optional<std::size_t> FindName(const std::vector<std::string>& header,
                                    const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongName = 16;
  for (const bool whole : {true, false}) {
    for (const std::string_view name : names) {
      for (std::size_t i = 0; i < header.size(); ++i) {
        const bool begins = name.size() >= kLongName && header[i].starts_with(name);
        if (whole ? header[i] == name : begins) return i;
      }
    }
  }
  return std::nullopt;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// The digits of a number without signs and separators, its exponent, and what they mean.
struct Digits {
  std::string text;
  int exponent = 0;
  bool negative = false;
  bool percent = false;
};

std::optional<Digits> CollectDigits(std::string_view cell) {
  Digits digits;
  std::string_view rest = Trim(cell);
  if (rest.size() >= 2 && rest.front() == '(' && rest.back() == ')') {
    digits.negative = true;
    rest = Trim(rest.substr(1, rest.size() - 2));
  }
  const std::size_t exponent = rest.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = rest.substr(exponent + 1);
    if (!power.empty() && power.front() == '+') power.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(power.data(), power.data() + power.size(), digits.exponent);
    if (error != std::errc() || end != power.data() + power.size()) return std::nullopt;
    if (digits.exponent > 18 || digits.exponent < -18) return std::nullopt;
    rest = rest.substr(0, exponent);
  }
  for (const char c : rest) {
    if (c == '$' || c == ',' || IsBlank(c)) continue;
    if (c == '%') {
      digits.percent = true;
    } else if (c == '-' && digits.text.empty()) {
      digits.negative = !digits.negative;
    } else if ((c >= '0' && c <= '9') || c == '.') {
      digits.text += c;
    } else {
      return std::nullopt;
    }
  }
  if (digits.text.find_first_of("0123456789") == std::string::npos) return std::nullopt;
  return digits;
}

Ratio PowerOfTen(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) power *= 10;
  return exponent < 0 ? Ratio(1, power) : Ratio(power);
}

// Some years print a number as the machine held it: 0.02 as 0.0200000000000000004. More decimals
// than this are never meant.
constexpr int kMeantDecimals = 12;

Ratio WithoutBinaryNoise(const Ratio& value) {
  const Ratio scale = PowerOfTen(kMeantDecimals);
  // One cent stands for one unit of the last decimal that is meant.
  const Money units =
      Round(Exact(Money::FromCents(1)) * (value * scale), Rounding::kHalfAwayFromZero);
  return Ratio(units.Cents()) / scale;
}

const Ratio& Hundred() {
  static const Ratio hundred(100);
  return hundred;
}

}  // namespace

bool IsAbsent(std::string_view cell) {
  const std::string_view text = Trim(cell);
  if (text.find_first_not_of("-*. ") == std::string_view::npos) return true;
  const std::string plain = Normalize(text);
  return plain == "na" || plain == "null" || plain == "none" || plain == "notapplicable" ||
         plain.empty();
}

std::optional<PrintedNumber> ReadPrintedNumber(std::string_view cell) {
  if (IsAbsent(cell)) return std::nullopt;
  const std::optional<Digits> digits = CollectDigits(cell);
  if (!digits) return std::nullopt;
  const StatusOr<Ratio> magnitude = Ratio::Parse(digits->text);
  if (!magnitude.ok()) return std::nullopt;
  PrintedNumber number{.percent = digits->percent};
  number.value = *magnitude * PowerOfTen(digits->exponent);
  if (digits->negative) number.value = -number.value;
  const std::size_t point = digits->text.find('.');
  if (point != std::string::npos) {
    number.decimals = static_cast<int>(digits->text.size() - point - 1);
  }
  number.decimals = std::max(0, number.decimals - digits->exponent);
  return number;
}

std::optional<bool> ReadFlag(std::string_view cell) {
  const std::string text = Normalize(Trim(cell));
  if (text == "y" || text == "yes" || text == "x" || text == "true") return true;
  if (text == "n" || text == "no" || text == "false") return false;
  const std::optional<PrintedNumber> number = ReadPrintedNumber(cell);
  if (!number) return std::nullopt;
  return !number->value.IsZero();
}

std::optional<Date> ReadPrintedDate(std::string_view cell) {
  std::string_view text = Trim(cell);
  text = text.substr(0, text.find_first_of(" T"));
  const std::size_t slash = text.rfind('/');
  std::string whole(text);
  // The program began in 2012: a two-digit year is of this century.
  if (slash != std::string_view::npos && text.size() - slash - 1 == 2) {
    whole.insert(slash + 1, "20");
  }
  const StatusOr<Date> date = ParseDate(whole);
  if (!date.ok()) return std::nullopt;
  return *date;
}

Ratio RateColumn::Read(const PrintedNumber& number) const {
  const bool percent = number.percent || scale == MsspScale::kPercent;
  const Ratio value = percent ? number.value / Hundred() : number.value;
  return number.decimals > kMeantDecimals ? WithoutBinaryNoise(value) : value;
}

Ratio RateColumn::HalfUnit() const {
  // A column of fractions without decimals holds only the exact numbers 0 and 1.
  if (decimals == 0 && !has_percent_signs && scale == MsspScale::kFraction) return Ratio();
  const Ratio half = PowerOfTen(-std::min(decimals, 18)) / Ratio(2);
  return has_percent_signs || scale == MsspScale::kPercent ? half / Hundred() : half;
}

StatusOr<MsspColumns> MsspColumns::Find(std::span<const std::string> header,
                                        const std::string& file) {
  MsspColumns columns;
  columns.names_.assign(header.begin(), header.end());
  std::vector<std::string> normalized;
  for (const std::string& name : header) normalized.push_back(Normalize(name));
  for (const FieldNames& entry : FieldTable()) {
    std::optional<std::size_t>& place = columns.places_[static_cast<std::size_t>(entry.field)];
    place = FindName(normalized, entry.names);
    if (!place && entry.required) {
      return InvalidArgument("{}: the header has no column '{}' (without regard to case and '_')",
                             file, entry.names.front());
    }
  }
  for (std::size_t i = 0; i < normalized.size(); ++i) {
    std::string_view name = normalized[i];
    if (name.starts_with("current")) name.remove_prefix(7);
    if (!name.starts_with("track") && !name.starts_with("basic") && name != "enhanced" &&
        name != "en") {
      continue;
    }
    const StatusOr<MsspTrack> track = ParseMsspTrack(name);
    if (track.ok()) columns.flags_.push_back({i, *track});
  }
  if (!columns.Has(MsspField::kTrack) && columns.flags_.empty()) {
    return InvalidArgument(
        "{}: the header has neither a column Current_Track nor flags such as "
        "Current_Track_1",
        file);
  }
  return columns;
}

std::string_view MsspColumns::Cell(const std::vector<std::string>& row, MsspField field) const {
  const std::optional<std::size_t>& place = At(field);
  if (!place) return {};
  return row[*place];
}

const std::string& MsspColumns::Name(MsspField field) const {
  static const std::string none;
  const std::optional<std::size_t>& place = At(field);
  return place ? names_[*place] : none;
}

StatusOr<MsspTrack> MsspColumns::TrackOf(const std::vector<std::string>& row) const {
  const std::string_view code = Cell(row, MsspField::kTrack);
  if (!IsAbsent(code)) return ParseMsspTrack(code);
  std::optional<MsspTrack> track;
  for (const TrackFlag& flag : flags_) {
    if (!ReadFlag(row[flag.column]).value_or(false)) continue;
    if (track) {
      return InvalidArgument("two track flags are set: {} and {}", MsspTrackName(*track),
                             MsspTrackName(flag.track));
    }
    track = flag.track;
  }
  // The first file flags only track 2: every other ACO was of track 1.
  const bool only_track2 = flags_.size() == 1 && flags_.front().track == MsspTrack::kTrack2;
  if (!track && only_track2) return MsspTrack::kTrack1;
  if (!track) return InvalidArgument("no track is given");
  return *track;
}

RateColumn MeasureRateColumn(const std::vector<std::vector<std::string>>& rows,
                             const MsspColumns& columns, MsspField field,
                             const Ratio& largest_fraction, const MsspReadOptions& options) {
  RateColumn column;
  Ratio largest;
  for (const std::vector<std::string>& row : rows) {
    const std::optional<PrintedNumber> number = ReadPrintedNumber(columns.Cell(row, field));
    if (!number) continue;
    column.decimals = std::max(column.decimals, number->decimals);
    column.has_percent_signs = column.has_percent_signs || number->percent;
    if (!number->percent && number->value > largest) largest = number->value;
  }
  if (largest > largest_fraction) column.scale = MsspScale::kPercent;
  const auto chosen = options.scales.find(columns.Name(field));
  if (chosen != options.scales.end()) column.scale = chosen->second;
  return column;
}

}  // namespace sluice::performance
