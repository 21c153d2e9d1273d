// Reading the results files that CMS publishes for the Medicare Shared Savings Program: one row per
// ACO, with what went into its settlement and what came out.
//
//   1. Columns are found by name, without regard to case and punctuation, under any of the names
//      that years have used (a table in the .cc). No year, row or ACO is special.
//   2. Numbers are read tolerantly: "$", thousands commas, "%", parentheses for negative. Blank,
//      "-", "N/A" mean none; "*" means suppressed. Either way the fact is absent.
//   3. Whether a column holds fractions or per cent is decided once for the column: a "%" sign
//      decides its cell, else the largest value does, because a fraction cannot be larger.
//   4. A row that cannot be read is kept, with its problem: nothing is dropped silently.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/mssp_terms.h"

namespace sluice::performance {

enum class MsspScale : std::uint8_t { kFraction, kPercent };

struct MsspReadOptions {
  // Overrides what rule 3 would decide, by column name ("MinSavPerc"), for a file that breaks it.
  std::map<std::string, MsspScale> scales;
  // What the terms do about the revenue-based loss limit: participants' revenue is not published.
  WhenAbsent revenue_absent = WhenAbsent::kIgnore;
};

struct MsspResultRow {
  std::int64_t row_number = 0;  // as a spreadsheet counts; the header is 1
  std::string aco_id;
  std::string aco_name;
  Status problem;  // when not ok, what follows is not to be used
  MsspParticipation participation;
  Facts facts;

  // As published; nothing where the file has none.
  std::optional<Exact> generated;
  std::optional<Exact> earned;
  std::optional<Exact> recouped;
  // Half a unit of the last printed digit of the score, as a fraction of 1.
  Ratio score_half_unit;
};

struct MsspResults {
  std::string name;  // the file's name without folder and extension
  int performance_year = 0;
  std::vector<MsspResultRow> rows;
};

// The year in a file name such as "PY2022.csv"; nothing when it has none.
std::optional<int> PerformanceYearOf(std::string_view path);

// Reads a whole file. NotFound when it cannot be opened; InvalidArgument when it is not a table or
// lacks a column without which nothing can be computed: the message names the column.
StatusOr<MsspResults> ReadMsspResults(const std::string& path, int performance_year,
                                      const MsspReadOptions& options = {});
// The same from text; `name` stands for the file.
StatusOr<MsspResults> ParseMsspResults(std::string text, const std::string& name,
                                       int performance_year, const MsspReadOptions& options = {});

// The dates of a settlement: the year, and the day in the October after it on which CMS pays.
CalculationDates MsspDates(int performance_year);

// ---- Comparing our calculation with what was published. ----

enum class MsspMatch : std::uint8_t { kExact, kWithinRounding, kMiss };

struct MsspComparison {
  Award award;
  Exact generated;               // ours
  bool generated_exact = false;  // within one dollar of the published
  MsspMatch earned = MsspMatch::kMiss;
  Exact difference;     // ours - published payment
  Exact tolerance;      // what the printed inputs allow (PROGRAM_MATH section 15)
  std::string problem;  // why there is nothing to compare, else empty
};

// Calculates the row with the terms of its track and compares. One dollar either way is exact,
// because the file prints whole dollars of whole-dollar inputs.
MsspComparison CompareWithPublished(const MsspResultRow& row);
// The same with other terms than those of the track: what another reading of the rules would pay.
MsspComparison CompareWithPublished(const MsspResultRow& row, const Terms& terms);

}  // namespace sluice::performance
