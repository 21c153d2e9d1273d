// mssp_oracle FILE...: recomputes every settlement in the results files that CMS publishes for the
// Shared Savings Program, with the calculators that production uses, and says how many agree.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "performance/mssp_results.h"

namespace sluice::performance {
namespace {

struct Tally {
  int acos = 0;
  int gen_exact = 0;
  int earn_exact = 0;
  int within_rounding = 0;
  int miss = 0;
};

std::string_view MatchName(MsspMatch match) {
  switch (match) {
    case MsspMatch::kExact:
      return "exact";
    case MsspMatch::kWithinRounding:
      return "within_rounding";
    case MsspMatch::kMiss:
      return "miss";
  }
  return "";
}

void PrintRow(const MsspResultRow& row, const MsspComparison& comparison) {
  if (!comparison.problem.empty()) {
    fmt::print("  {} row {}: {}\n", row.aco_id, row.row_number, comparison.problem);
    return;
  }
  const Award& award = comparison.award;
  std::string codes;
  if (award.zero_reason) codes += fmt::format(" {}", ReasonName(*award.zero_reason));
  for (const ReasonCode note : award.notes) codes += fmt::format(" {}", ReasonName(note));
  fmt::print("  {} {}: {} computed {} published {} difference {} allowed {}{}{}\n", row.aco_id,
             MsspTrackName(row.participation.track), MatchName(comparison.earned), award.amount,
             row.earned.value_or(Exact()).ToString(2), comparison.difference.ToString(2),
             comparison.tolerance.ToString(2), codes,
             comparison.generated_exact ? "" : " (generated differs)");
}

Tally Check(const MsspResults& results, bool list) {
  Tally tally;
  for (const MsspResultRow& row : results.rows) {
    const MsspComparison comparison = CompareWithPublished(row);
    ++tally.acos;
    if (comparison.generated_exact) ++tally.gen_exact;
    if (comparison.earned == MsspMatch::kExact) ++tally.earn_exact;
    if (comparison.earned == MsspMatch::kWithinRounding) ++tally.within_rounding;
    if (comparison.earned == MsspMatch::kMiss) ++tally.miss;
    if (list) PrintRow(row, comparison);
  }
  return tally;
}

int Run(const std::vector<std::string>& files, int year, bool list) {
  bool failed = false;
  for (const std::string& file : files) {
    const std::optional<int> named = year != 0 ? std::optional<int>(year) : PerformanceYearOf(file);
    if (!named) {
      fmt::print(stderr, "{}: the name has no PYnnnn; give the year with --year\n", file);
      failed = true;
      continue;
    }
    const StatusOr<MsspResults> results = ReadMsspResults(file, *named);
    if (!results.ok()) {
      fmt::print(stderr, "{}: {}\n", file, StatusMessage(results.status()));
      failed = true;
      continue;
    }
    const Tally tally = Check(*results, list);
    fmt::print("{} acos={} gen_exact={} earn_exact={} within_rounding={} miss={}\n", results->name,
               tally.acos, tally.gen_exact, tally.earn_exact, tally.within_rounding, tally.miss);
  }
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace sluice::performance

int main(int argc, char** argv) {
  CLI::App app("Recompute the published settlements of the Medicare Shared Savings Program.");
  std::vector<std::string> files;
  int year = 0;
  bool list = false;
  app.add_option("FILE", files, "results files, named PYnnnn.csv")->required();
  app.add_option("--year", year, "performance year of the files, instead of the one in the name")
      ->check(CLI::Range(2012, 2100));
  app.add_flag("--list", list, "print every ACO");
  CLI11_PARSE(app, argc, argv);
  return sluice::performance::Run(files, year, list);
}
