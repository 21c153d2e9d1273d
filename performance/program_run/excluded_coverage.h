// Whether a member is covered by nothing but products that terms exclude.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/date.h"
#include "performance/members/member_stream.h"
#include "performance/program_run/detail_source.h"

namespace sluice::performance {

// The product or line of business by which all coverage of the day is excluded. Empty when there is
// no coverage, or one that is not excluded.
std::string ExcludedOn(std::span<const CoverageSpan> coverage, Date day,
                       std::span<const std::string> excluded);
// That of the first day of the month with coverage.
std::string ExcludedIn(std::span<const CoverageSpan> coverage, Month month,
                       std::span<const std::string> excluded);

// The coverage of the members who have some of these products in the closed range, by member.
using CoverageOfMembers = std::unordered_map<std::int64_t, std::vector<CoverageSpan>>;
StatusOr<CoverageOfMembers> CoverageOfProducts(const DetailScope& scope, const DateRange& days,
                                               std::span<const std::string> products);

}  // namespace sluice::performance
