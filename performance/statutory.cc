#include "performance/statutory.h"

#include <array>

namespace sluice::performance {
namespace {

constexpr Date Day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day));
}

// Budget Control Act of 2011, as amended. The first day is general knowledge; no payment of the
// Shared Savings Program was made before it.
constexpr std::array kSequestrationRows = {
    DatedRate{Day(2013, 4, 1), Day(2020, 5, 1), Rate::FromPercent(2),
              "Budget Control Act of 2011; payments for 2014 to 2018 reproduce it"},
    DatedRate{Day(2020, 5, 1), Day(2022, 4, 1), Rate::FromPercent(0),
              "moratorium: CARES Act sec. 3709 and its extensions (CRS R45106)"},
    DatedRate{Day(2022, 4, 1), Day(2022, 7, 1), Rate::FromPercent(1),
              "Protecting Medicare and American Farmers Act (CRS R45106)"},
    DatedRate{Day(2022, 7, 1), std::nullopt, Rate::FromPercent(2),
              "Budget Control Act of 2011, as amended"},
};

// 42 CFR 425.605(f) and 425.610(i): months affected / 12 x share of people affected. In these years
// the emergency covered every month and everybody.
constexpr std::array kEmergencyReliefRows = {
    DatedRate{Day(2020, 1, 1), Day(2023, 1, 1), Rate::FromPercent(100),
              "COVID-19 public health emergency, 12 of 12 months"},
};

// One bracket of the minimum savings rate: `high_rate` at `low` people falling linearly to
// `low_rate` at `high`, both ends inclusive. Rates in tenths of a per cent.
struct Bracket {
  std::int64_t low;
  std::int64_t high;
  int high_rate;
  int low_rate;
};

constexpr std::array kMinimumSavingsBrackets = {
    Bracket{500, 999, 122, 87},      Bracket{1'000, 2'999, 87, 50},
    Bracket{3'000, 4'999, 50, 39},   Bracket{5'000, 5'999, 39, 36},
    Bracket{6'000, 6'999, 36, 34},   Bracket{7'000, 7'999, 34, 32},
    Bracket{8'000, 8'999, 32, 31},   Bracket{9'000, 9'999, 31, 30},
    Bracket{10'000, 14'999, 30, 27}, Bracket{15'000, 19'999, 27, 25},
    Bracket{20'000, 49'999, 25, 22}, Bracket{50'000, 59'999, 22, 20},
};
constexpr std::int64_t kFlatFrom = 60'000;
constexpr int kFlatRate = 20;

}  // namespace

std::span<const DatedRate> DatedTable(std::string_view table) {
  if (table == kMedicareSequestration) return kSequestrationRows;
  if (table == kMsspEmergencyRelief) return kEmergencyReliefRows;
  return {};
}

std::optional<Rate> FindRate(std::string_view table, Date on) {
  for (const DatedRate& row : DatedTable(table)) {
    if (on >= row.from && (!row.to || on < *row.to)) return row.rate;
  }
  return std::nullopt;
}

bool HasMinimumRateTable(std::string_view table) { return table == kMsspMinimumSavingsRate; }

std::optional<Ratio> FindMinimumRate(std::string_view table, std::int64_t count) {
  if (!HasMinimumRateTable(table)) return std::nullopt;
  if (count >= kFlatFrom) return Ratio(kFlatRate, 1'000);
  for (const Bracket& bracket : kMinimumSavingsBrackets) {
    if (count < bracket.low || count > bracket.high) continue;
    const Ratio fall = Ratio(bracket.high_rate - bracket.low_rate, 1'000) *
                       Ratio(count - bracket.low, bracket.high - bracket.low);
    return Ratio(bracket.high_rate, 1'000) - fall;
  }
  return std::nullopt;
}

}  // namespace sluice::performance
