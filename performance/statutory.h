// Statutory values as dated tables.
//
// A statutory value is never a number in a contract and never a constant in a rule: the contract
// names the table, and the table knows which value holds when. Each row cites its source.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/date.h"
#include "core/money.h"

namespace sluice::performance {

// One row of a table keyed by date. The rows of a table are consecutive and half open.
struct DatedRate {
  Date from{};
  std::optional<Date> to;
  Rate rate;
  std::string_view source;
};

// "medicare_sequestration": the cut of Medicare payments, by the day on which money is paid.
inline constexpr std::string_view kMedicareSequestration = "medicare_sequestration";
// "mssp_minimum_savings_rate": by assigned beneficiaries.
inline constexpr std::string_view kMsspMinimumSavingsRate = "mssp_minimum_savings_rate";
// "mssp_emergency_relief": the share of a loss forgiven for the public health emergency when it
// covered the whole year, by a day of the performance year.
inline constexpr std::string_view kMsspEmergencyRelief = "mssp_emergency_relief";

// The rows of a table keyed by date; empty when there is no such table.
std::span<const DatedRate> DatedTable(std::string_view table);
// The rate on a day. Nothing when the table does not exist or does not cover the day.
std::optional<Rate> FindRate(std::string_view table, Date on);

// Whether there is a table of minimum rates with that name.
bool HasMinimumRateTable(std::string_view table);
// The minimum savings rate for a number of people, exactly: linear within each bracket. Nothing
// when the table does not exist or has no row for the count. Source: 42 CFR 425.604(b), brackets
// and rounding as CMS publishes them.
std::optional<Ratio> FindMinimumRate(std::string_view table, std::int64_t count);

}  // namespace sluice::performance
