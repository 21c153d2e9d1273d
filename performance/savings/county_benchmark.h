// Reader of county averages of fee-for-service cost by enrollment type, as CMS publishes them, and
// the average of a region. A suppressed cell ("*") is not known, and one without people (".") has
// no average: neither is ever zero.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// "esrd", "disabled", "aged_dual", "aged_nondual", in the order of the file.
inline constexpr std::array<std::string_view, 4> kEnrollmentTypes = {"esrd", "disabled",
                                                                     "aged_dual", "aged_nondual"};

// One cell group; what is suppressed, or has nobody, is unset.
struct CountyType {
  std::optional<Exact> per_capita;
  std::optional<Ratio> risk_score;
  std::optional<Ratio> person_years;
  bool nobody = false;  // the county has no people of the type
};

struct County {
  int year = 0;
  std::string state;
  std::string name;
  std::string id;                   // state id and county id: "1-10"
  std::array<CountyType, 4> types;  // as kEnrollmentTypes
};

struct CountyFile {
  std::vector<County> counties;       // in the order of the file
  std::int64_t suppressed_costs = 0;  // per-capita cells that are not known
  std::vector<CsvError> refused;      // rows that were left out
};

// Reads a file by the published column names. A row with a value that is neither a number, nor
// suppressed, nor of nobody, or a county that is listed twice, is refused and named; the others are
// read.
StatusOr<CountyFile> ReadCountyFile(const std::string& path);
StatusOr<CountyFile> ReadCountyText(std::string text, std::string name);

struct RegionalAverage {
  Exact per_capita;
  Ratio weight_known;                   // of the weights, in counties that are not suppressed
  std::vector<std::string> suppressed;  // counties left out: their cost is not published
  std::vector<std::string> nobody;      // counties left out: they have no people of the type
};
// The average of a type over the counties of a region, by weight (county id to person-years of the
// party). Counties without a cost are left out and named. InvalidArgument for an unknown type or
// county or a negative weight; FailedPrecondition when no county with weight has a cost.
StatusOr<RegionalAverage> AverageOver(const CountyFile& file, std::string_view type,
                                      const std::map<std::string, Ratio>& weights);

}  // namespace sluice::performance
