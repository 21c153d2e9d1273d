#include "performance/mssp_results.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/csv.h"
#include "performance/mssp_columns.h"
#include "performance/statutory.h"

namespace sluice::performance {
namespace {

constexpr int kPassOrFailFrom = 2021;
// No minimum rate is larger than this as a fraction (the smallest published ACO has 25.42 %), and
// as a percentage every elected rate but zero is larger.
const Ratio& LargestMinimumRate() {
  static const Ratio largest(3, 10);
  return largest;
}

struct Table {
  const std::string& file;
  int year;
  const MsspReadOptions& options;
  MsspColumns columns;
  RateColumn minimum_rate;
  RateColumn score;
  RateColumn final_share;
};

bool IsUtf8(std::string_view text) {
  std::size_t follow = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (follow > 0) {
      if ((byte & 0xC0U) != 0x80U) return false;
      --follow;
    } else if (byte >= 0x80U) {
      if (byte >= 0xC2U && byte < 0xE0U) {
        follow = 1;
      } else if (byte >= 0xE0U && byte < 0xF0U) {
        follow = 2;
      } else if (byte >= 0xF0U && byte < 0xF5U) {
        follow = 3;
      } else {
        return false;
      }
    }
  }
  return follow == 0;
}

// Some years' files are Windows text. Only names hold other than ASCII, and each byte becomes the
// code point of the same number.
std::string ToUtf8(std::string text) {
  if (IsUtf8(text)) return text;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80U) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

std::optional<Exact> ReadAmount(std::string_view cell) {
  const std::optional<PrintedNumber> number = ReadPrintedNumber(cell);
  if (!number) return std::nullopt;
  return Exact(Money::FromCents(100)) * number->value;
}

std::optional<Ratio> ReadRate(const Table& table, const std::vector<std::string>& cells,
                              MsspField field, const RateColumn& column) {
  const auto number = ReadPrintedNumber(table.columns.Cell(cells, field));
  if (!number) return std::nullopt;
  return column.Read(*number);
}

void SetAmounts(const Table& table, const std::vector<std::string>& cells, MsspResultRow& row) {
  const MsspColumns& columns = table.columns;
  const auto benchmark = ReadAmount(columns.Cell(cells, MsspField::kBenchmark));
  auto expenditure = ReadAmount(columns.Cell(cells, MsspField::kExpenditure));
  const auto saving = ReadAmount(columns.Cell(cells, MsspField::kSaving));
  if (!expenditure && benchmark && saving) expenditure = *benchmark - *saving;
  if (benchmark) row.facts.Set("benchmark", *benchmark);
  if (expenditure) row.facts.Set("expenditure", *expenditure);
  // Relief is printed as a negative number; none printed means that there was none.
  const auto relief = ReadAmount(columns.Cell(cells, MsspField::kRelief));
  row.facts.Set("disaster_relief", relief ? Abs(*relief) : Exact());
  row.generated = ReadAmount(columns.Cell(cells, MsspField::kGenerated));
  row.earned = ReadAmount(columns.Cell(cells, MsspField::kEarned));
}

// A six-month performance period shows as a benchmark near half of per-capita benchmark x people.
// Everything but the relief is printed halved.
Ratio PeriodFraction(const Table& table, const std::vector<std::string>& cells,
                     const MsspResultRow& row) {
  const auto benchmark = row.facts.Amount("benchmark");
  const auto per_capita = ReadAmount(table.columns.Cell(cells, MsspField::kUpdatedBenchmark));
  if (!benchmark.ok() || !*benchmark || !per_capita || per_capita->Sign() <= 0) return Ratio(1);
  for (const MsspField field : {MsspField::kPersonYears, MsspField::kAssigned}) {
    const auto people = ReadPrintedNumber(table.columns.Cell(cells, field));
    if (!people || people->value.Sign() <= 0) continue;
    const Ratio share = **benchmark / (*per_capita * people->value);
    if (share > Ratio(2, 5) && share < Ratio(3, 5)) return Ratio(1, 2);
  }
  return Ratio(1);
}

void SetQuality(const Table& table, const std::vector<std::string>& cells, MsspResultRow& row) {
  const MsspColumns& columns = table.columns;
  const Ratio maximum(MsspMaximumShare(row.participation.track));
  const bool scaled = table.year < kPassOrFailFrom;
  const auto share = ReadRate(table, cells, MsspField::kFinalShare, table.final_share);
  const auto standard_flag = ReadFlag(columns.Cell(cells, MsspField::kStandardMet));
  const auto alternative_flag = ReadFlag(columns.Cell(cells, MsspField::kAlternativeMet));

  // Without a flag a final share of zero marks failure. Where the share no longer follows the
  // score, a share that is neither the maximum nor its half shows the alternative standard.
  bool standard = !share || share->Sign() > 0;
  if (!scaled && share && share->Sign() > 0) {
    standard = *share == maximum || *share == maximum / Ratio(2);
  }
  standard = standard_flag.value_or(standard);
  const bool alternative =
      alternative_flag.value_or(!scaled && !standard && share && share->Sign() > 0);
  row.facts.SetFlag("quality_standard_met", standard);
  row.facts.SetFlag("alternative_standard_met", !standard && alternative);

  auto score = ReadRate(table, cells, MsspField::kScore, table.score);
  row.score_half_unit = table.score.HalfUnit();
  if (!score && scaled) {
    // Pay for reporting ("P4R", or blank) is the whole score, unless the share says otherwise.
    const bool partial = share && share->Sign() > 0 && *share < maximum;
    score = partial ? *share / maximum : Ratio(1);
    row.score_half_unit = partial ? table.final_share.HalfUnit() / maximum : Ratio();
  } else if (scaled && row.participation.agreement_year == 1 && share && *share == maximum) {
    // A whole share in the first year is pay for reporting whatever score is printed, unless the
    // share only rounds to it.
    const Ratio gap = maximum - maximum * *score;
    if (gap > table.final_share.HalfUnit()) {
      score = Ratio(1);
      row.score_half_unit = Ratio();
    }
  }
  if (score) row.facts.SetRatio("quality_score", *score);
}

void SetAgreement(const Table& table, const std::vector<std::string>& cells, MsspResultRow& row) {
  const MsspColumns& columns = table.columns;
  MsspParticipation& participation = row.participation;
  if (const auto start = ReadPrintedDate(columns.Cell(cells, MsspField::kStart))) {
    row.facts.SetDate("agreement_start", *start);
    participation.agreement_year = table.year - YearOf(*start) + 1;
  }
  const auto number = ReadPrintedNumber(columns.Cell(cells, MsspField::kAgreementNumber));
  if (number && number->value > Ratio(1)) {
    participation.agreement_year = std::max(participation.agreement_year, 3);
  }
  std::string category(columns.Cell(cells, MsspField::kRevenueCategory));
  for (char& c : category) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (category.find("low") != std::string::npos) row.facts.SetText("revenue_category", "low");
  if (category.find("high") != std::string::npos) row.facts.SetText("revenue_category", "high");
  participation.revenue_loss_limit =
      ReadFlag(columns.Cell(cells, MsspField::kRevenueLimit)).value_or(false);
  participation.revenue_absent = table.options.revenue_absent;
  // No column, or "-", means that no guardrail was tested.
  row.facts.SetFlag("guardrail",
                    ReadFlag(columns.Cell(cells, MsspField::kGuardrail)).value_or(false));
}

void SetAdvance(const Table& table, const std::vector<std::string>& cells, MsspResultRow& row) {
  const MsspColumns& columns = table.columns;
  auto balance = ReadAmount(columns.Cell(cells, MsspField::kAdvanceBalance));
  row.recouped = ReadAmount(columns.Cell(cells, MsspField::kAdvanceRecouped));
  if (!balance) {
    // The older program recovered only from some: an advance counts when something was recovered.
    const auto recouped = ReadAmount(columns.Cell(cells, MsspField::kAdvancePaidRecouped));
    if (!recouped || recouped->Sign() <= 0) return;
    row.recouped = recouped;
    balance = ReadAmount(columns.Cell(cells, MsspField::kAdvancePaid));
  }
  if (!balance) return;
  row.facts.Set("advance_balance", *balance);
  row.participation.has_advance = true;
}

MsspResultRow ReadRow(const Table& table, const std::vector<std::string>& cells,
                      std::int64_t row_number) {
  const MsspColumns& columns = table.columns;
  MsspResultRow row{.row_number = row_number,
                    .aco_id = std::string(columns.Cell(cells, MsspField::kId)),
                    .aco_name = std::string(columns.Cell(cells, MsspField::kName))};
  const StatusOr<MsspTrack> track = columns.TrackOf(cells);
  if (!track.ok()) {
    row.problem = Annotate(track.status(), fmt::format("{} row {}", table.file, row_number));
    return row;
  }
  row.participation.performance_year = table.year;
  row.participation.track = *track;
  row.facts.SetText("track", std::string(MsspTrackCode(*track)));
  SetAmounts(table, cells, row);
  row.facts.SetRatio("period_fraction", PeriodFraction(table, cells, row));
  const auto assigned = ReadPrintedNumber(columns.Cell(cells, MsspField::kAssigned));
  if (assigned && assigned->value.Denominator() == 1 &&
      assigned->value.Numerator().fits_slong_p()) {
    row.facts.SetCount("assigned_beneficiaries", assigned->value.Numerator().get_si());
  }
  if (const auto rate = ReadRate(table, cells, MsspField::kMinimumRate, table.minimum_rate)) {
    row.facts.SetRatio("minimum_rate", *rate);
  }
  const Date middle = MakeDate(table.year, 7, 1);
  if (const auto relief = FindRate(kMsspEmergencyRelief, middle)) {
    row.facts.SetRatio("relief_fraction", Ratio(*relief));
  }
  SetAgreement(table, cells, row);
  SetQuality(table, cells, row);
  SetAdvance(table, cells, row);
  return row;
}

// Effective rate and half unit as PROGRAM_MATH section 15 has them.
Exact ToleranceOf(const MsspResultRow& row, const Award& award) {
  const Exact dollar(Money::FromCents(100));
  Ratio rate;
  bool score_enters = false;
  bool relief = false;
  Exact saving;
  Ratio after_reduction(1);
  for (const Step& step : award.steps) {
    if (step.outcome != StepOutcome::kApplied) continue;
    if (step.component == "basis") saving = Abs(step.after);
    if (step.component == "rate" && !step.before.IsZero()) {
      rate = step.after / step.before;
      for (const StepInput& input : step.inputs) score_enters |= input.name == "score";
      for (const ReasonCode note : step.notes) score_enters &= note != ReasonCode::kRateClamped;
    }
    if (step.component == "reduction") after_reduction = step.after / step.before;
    if (step.component == "relief") relief = true;
  }
  Exact tolerance = dollar * Ratio(1, 2) + dollar * (rate * after_reduction);
  if (score_enters) {
    const Ratio maximum(MsspMaximumShare(row.participation.track));
    tolerance = tolerance + saving * (maximum * after_reduction * row.score_half_unit);
  }
  if (relief) tolerance = tolerance + dollar * Ratio(1, 2);
  return tolerance;
}

bool IsWithinOneDollar(const Exact& a, const Exact& b) {
  return Abs(a - b) <= Exact(Money::FromCents(100));
}

// A one-sided loss past the minimum rate is printed as zero or as the loss.
bool GeneratedMatches(const Award& award, const Exact& ours, const Exact& published) {
  if (IsWithinOneDollar(ours, published)) return true;
  return award.zero_reason == ReasonCode::kOneSidedNoLossOwed && !award.steps.empty() &&
         IsWithinOneDollar(award.steps.front().after, published);
}

}  // namespace

std::optional<int> PerformanceYearOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (std::size_t i = 0; i + 6 <= name.size(); ++i) {
    if ((name[i] != 'P' && name[i] != 'p') || (name[i + 1] != 'Y' && name[i + 1] != 'y')) continue;
    int year = 0;
    const char* const from = name.data() + i + 2;
    if (std::from_chars(from, from + 4, year).ptr == from + 4 && year >= 2000) return year;
  }
  return std::nullopt;
}

StatusOr<MsspResults> ReadMsspResults(const std::string& path, int performance_year,
                                      const MsspReadOptions& options) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound("{} cannot be opened", path);
  std::ostringstream text;
  text << file.rdbuf();
  std::string name = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  return ParseMsspResults(std::move(text).str(), name, performance_year, options);
}

StatusOr<MsspResults> ParseMsspResults(std::string text, const std::string& name,
                                       int performance_year, const MsspReadOptions& options) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(ToUtf8(std::move(text)), name));
  ASSIGN_OR_RETURN(MsspColumns columns, MsspColumns::Find(reader.Header(), name));
  MsspResults results{.name = name, .performance_year = performance_year};
  // The scale of a column needs all its cells, so the table is read whole: a few hundred rows.
  std::vector<std::vector<std::string>> cells;
  std::vector<std::int64_t> row_numbers;
  while (reader.Next()) {
    if (reader.IsBad()) {
      results.rows.push_back(
          MsspResultRow{.row_number = reader.Error().row, .problem = reader.Error().ToStatus()});
      continue;
    }
    std::vector<std::string> row(reader.Fields().begin(), reader.Fields().end());
    // Lines of blanks and footnotes below the table have no id.
    if (IsAbsent(columns.Cell(row, MsspField::kId))) continue;
    if (IsAbsent(columns.Cell(row, MsspField::kBenchmark)) &&
        IsAbsent(columns.Cell(row, MsspField::kAssigned))) {
      continue;
    }
    cells.push_back(std::move(row));
    row_numbers.push_back(reader.RowNumber());
  }
  RETURN_IF_ERROR(reader.Outcome());
  const Ratio one(1);
  Table table{.file = name, .year = performance_year, .options = options, .columns = columns};
  table.minimum_rate =
      MeasureRateColumn(cells, columns, MsspField::kMinimumRate, LargestMinimumRate(), options);
  table.score = MeasureRateColumn(cells, columns, MsspField::kScore, one, options);
  table.final_share = MeasureRateColumn(cells, columns, MsspField::kFinalShare, one, options);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    results.rows.push_back(ReadRow(table, cells[i], row_numbers[i]));
  }
  return results;
}

CalculationDates MsspDates(int performance_year) {
  return CalculationDates{.period = DateRange::Year(performance_year),
                          .pay_date = MakeDate(performance_year + 1, 10, 15)};
}

MsspComparison CompareWithPublished(const MsspResultRow& row) {
  const StatusOr<Terms> terms =
      row.problem.ok() ? MsspTerms(row.participation) : StatusOr<Terms>(row.problem);
  if (terms.ok()) return CompareWithPublished(row, *terms);
  MsspComparison comparison;
  comparison.problem = StatusMessage(terms.status());
  return comparison;
}

MsspComparison CompareWithPublished(const MsspResultRow& row, const Terms& terms) {
  MsspComparison comparison;
  comparison.award = Calculate(terms, row.facts, MsspDates(row.participation.performance_year));
  const Award& award = comparison.award;
  if (award.status == AwardStatus::kBlocked) {
    comparison.problem = fmt::format("{}: {}", ReasonName(*award.blocked_reason), award.missing);
    return comparison;
  }
  comparison.generated = GatedSaving(award);
  // A blank result means that nothing was generated or earned.
  comparison.generated_exact =
      GeneratedMatches(award, comparison.generated, row.generated.value_or(Exact()));
  comparison.difference = Exact(award.amount) - row.earned.value_or(Exact());
  comparison.tolerance = ToleranceOf(row, award);
  const Exact gap = Abs(comparison.difference);
  if (gap <= Exact(Money::FromCents(100))) {
    comparison.earned = MsspMatch::kExact;
  } else if (gap <= comparison.tolerance) {
    comparison.earned = MsspMatch::kWithinRounding;
  }
  return comparison;
}

}  // namespace sluice::performance
