#include "performance/program_run/excluded_coverage.h"

#include <algorithm>

namespace sluice::performance {
namespace {

// The name in the list that the span is of.
std::string NameIn(std::span<const std::string> products, const CoverageSpan& span) {
  for (const std::string& product : products) {
    if (product == span.product || product == span.line_of_business) return product;
  }
  return {};
}

}  // namespace

std::string ExcludedOn(std::span<const CoverageSpan> coverage, Date day,
                       std::span<const std::string> excluded) {
  std::string name;
  for (const CoverageSpan& span : coverage) {
    if (span.withdrawn || !span.covered.Contains(day)) continue;
    name = NameIn(excluded, span);
    if (name.empty()) return {};
  }
  return name;
}

std::string ExcludedIn(std::span<const CoverageSpan> coverage, Month month,
                       std::span<const std::string> excluded) {
  if (excluded.empty()) return {};
  std::optional<Date> first;
  for (const CoverageSpan& span : coverage) {
    const Date from = std::max(span.covered.from, month.FirstDay());
    if (span.withdrawn || !span.covered.Contains(from) || from >= month.End()) continue;
    first = std::min(first.value_or(from), from);
  }
  return first ? ExcludedOn(coverage, *first, excluded) : std::string();
}

StatusOr<CoverageOfMembers> CoverageOfProducts(const DetailScope& scope, const DateRange& days,
                                               std::span<const std::string> products) {
  CoverageOfMembers found;
  if (products.empty()) return found;
  RETURN_IF_ERROR(ForEachMember(scope.database,
                                {.payer = scope.payer, .known_at = scope.known_at},
                                [&](MemberRecord& record) -> Status {
                                  const bool has = std::ranges::any_of(
                                      record.coverage, [&](const CoverageSpan& span) {
                                        return span.covered.Overlaps(days) &&
                                               !NameIn(products, span).empty();
                                      });
                                  if (has) {
                                    found.emplace(record.member.id, std::move(record.coverage));
                                  }
                                  return OkStatus();
                                }));
  return found;
}

}  // namespace sluice::performance
