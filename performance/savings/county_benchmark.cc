#include "performance/savings/county_benchmark.h"

#include <algorithm>
#include <set>

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 4> kColumnNames = {"ESRD", "DISABLED", "AGED/DUAL",
                                                          "AGED/NON-DUAL"};

struct TypeColumns {
  std::size_t per_capita = 0;
  std::size_t risk_score = 0;
  std::size_t person_years = 0;
};
struct FileColumns {
  std::size_t year = 0;
  std::size_t state = 0;
  std::size_t county = 0;
  std::size_t state_id = 0;
  std::size_t county_id = 0;
  std::array<TypeColumns, 4> types;
};

StatusOr<FileColumns> FindColumns(const CsvReader& reader) {
  FileColumns columns;
  ASSIGN_OR_RETURN(columns.year, reader.Column("Year"));
  ASSIGN_OR_RETURN(columns.state, reader.Column("State Name"));
  ASSIGN_OR_RETURN(columns.county, reader.Column("County Name"));
  ASSIGN_OR_RETURN(columns.state_id, reader.Column("State ID"));
  ASSIGN_OR_RETURN(columns.county_id, reader.Column("County ID"));
  for (std::size_t i = 0; i < kColumnNames.size(); ++i) {
    const std::string_view type = kColumnNames[i];
    TypeColumns& found = columns.types[i];
    ASSIGN_OR_RETURN(found.per_capita,
                     reader.Column(fmt::format("Per capita {} expenditures", type)));
    ASSIGN_OR_RETURN(found.risk_score,
                     reader.Column(fmt::format("Average {} HCC risk score", type)));
    ASSIGN_OR_RETURN(found.person_years, reader.Column(fmt::format("{} person-years", type)));
  }
  return columns;
}

// What stands for a number that is not there.
constexpr std::string_view kSuppressed = "*";
constexpr std::string_view kNobody = ".";

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// A number, nothing for a suppressed cell, or the error of the field.
std::optional<CsvError> ReadNumber(const CsvReader& reader, std::size_t column,
                                   std::optional<Ratio>& out) {
  const std::string_view text = Trimmed(reader[column]);
  if (text == kSuppressed || text == kNobody) return std::nullopt;
  const StatusOr<Ratio> number = Ratio::Parse(text);
  if (!number.ok()) {
    return reader.BadValue(
        column, "must be a number, * where it is suppressed, or . where there is nobody");
  }
  if (number->Sign() < 0) return reader.BadValue(column, "must not be negative");
  out = *number;
  return std::nullopt;
}

std::optional<CsvError> ReadType(const CsvReader& reader, const TypeColumns& columns,
                                 CountyType& type) {
  std::optional<Ratio> cost;
  if (auto error = ReadNumber(reader, columns.per_capita, cost)) return error;
  type.nobody = Trimmed(reader[columns.per_capita]) == kNobody;
  if (cost) type.per_capita = Exact(Money::FromCents(100)) * *cost;
  if (auto error = ReadNumber(reader, columns.risk_score, type.risk_score)) return error;
  return ReadNumber(reader, columns.person_years, type.person_years);
}

std::optional<CsvError> ReadCounty(const CsvReader& reader, const FileColumns& columns,
                                   County& county) {
  std::optional<Ratio> year;
  if (auto error = ReadNumber(reader, columns.year, year)) return error;
  if (!year || year->Denominator() != 1 || *year > Ratio(9999)) {
    return reader.BadValue(columns.year, "must be a year");
  }
  county.year = static_cast<int>(year->Numerator().get_si());
  county.state = std::string(reader[columns.state]);
  county.name = std::string(reader[columns.county]);
  county.id = fmt::format("{}-{}", reader[columns.state_id], reader[columns.county_id]);
  for (std::size_t i = 0; i < columns.types.size(); ++i) {
    if (auto error = ReadType(reader, columns.types[i], county.types[i])) return error;
  }
  return std::nullopt;
}

StatusOr<CountyFile> ReadAll(CsvReader reader) {
  ASSIGN_OR_RETURN(const FileColumns columns, FindColumns(reader));
  CountyFile file;
  std::set<std::string> seen;
  while (reader.Next()) {
    if (reader.IsBad()) {
      file.refused.push_back(reader.Error());
      continue;
    }
    County county;
    if (auto error = ReadCounty(reader, columns, county)) {
      file.refused.push_back(*std::move(error));
      continue;
    }
    if (!seen.insert(fmt::format("{} {}", county.year, county.id)).second) {
      file.refused.push_back(reader.BadValue(columns.county_id, "the county is listed twice"));
      continue;
    }
    for (const CountyType& type : county.types) {
      if (!type.per_capita && !type.nobody) ++file.suppressed_costs;
    }
    file.counties.push_back(std::move(county));
  }
  RETURN_IF_ERROR(reader.Outcome());
  return file;
}

}  // namespace

StatusOr<CountyFile> ReadCountyFile(const std::string& path) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path));
  return ReadAll(std::move(reader));
}

StatusOr<CountyFile> ReadCountyText(std::string text, std::string name) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(std::move(text), std::move(name)));
  return ReadAll(std::move(reader));
}

StatusOr<RegionalAverage> AverageOver(const CountyFile& file, std::string_view type,
                                      const std::map<std::string, Ratio>& weights) {
  const auto at = std::find(kEnrollmentTypes.begin(), kEnrollmentTypes.end(), type);
  if (at == kEnrollmentTypes.end()) return InvalidArgument("'{}' is no enrollment type", type);
  const auto place = static_cast<std::size_t>(at - kEnrollmentTypes.begin());
  std::map<std::string_view, const County*> counties;
  for (const County& county : file.counties) counties[county.id] = &county;
  RegionalAverage average;
  Ratio all;
  Ratio known;
  for (const auto& [id, weight] : weights) {
    const auto county = counties.find(id);
    if (county == counties.end()) return InvalidArgument("there is no county {}", id);
    if (weight.Sign() < 0) return InvalidArgument("county {} has a negative weight", id);
    all = all + weight;
    const CountyType& cell = county->second->types[place];
    if (!cell.per_capita) {
      (cell.nobody ? average.nobody : average.suppressed).push_back(id);
      continue;
    }
    known = known + weight;
    average.per_capita = average.per_capita + *cell.per_capita * weight;
  }
  if (known.IsZero()) {
    return FailedPrecondition("{}: no county of the region with weight has a published cost", type);
  }
  average.per_capita = average.per_capita * (Ratio(1) / known);
  average.weight_known = known / all;
  return average;
}

}  // namespace sluice::performance
