#include "performance/contracts/data_delivery.h"

#include <algorithm>

#include "core/check.h"
#include "performance/contracts/operating_calendar.h"

namespace sluice::performance {
namespace {

// The first day by which the whole span had come.
std::optional<Date> Delivered(const std::string& feed, const DateRange& span,
                              std::span<const FeedDelivery> deliveries) {
  std::optional<Date> first;
  for (const FeedDelivery& delivery : deliveries) {
    const bool holds = delivery.feed == feed && delivery.covers.from <= span.from &&
                       *delivery.covers.to >= *span.to;
    if (holds && (!first || delivery.delivered_on < *first)) first = delivery.delivered_on;
  }
  return first;
}

}  // namespace

std::string LateDelivery::ToString() const {
  const std::string expected =
      fmt::format("{} for {}: due {}", feed, covers.ToString(), FormatDate(due));
  if (!delivered_on) return expected + ", missing";
  const auto days = (*delivered_on - due).count();
  return fmt::format("{}, delivered {}, {} day{} late", expected, FormatDate(*delivered_on), days,
                     days == 1 ? "" : "s");
}

StatusOr<DeliveryAssessment> AssessDeliveries(const Operations& operations,
                                              const DateRange& effective, const DateRange& period,
                                              std::span<const FeedDelivery> deliveries,
                                              Date as_of) {
  CHECK(period.to.has_value());
  for (const FeedDelivery& delivery : deliveries) {
    const bool known =
        std::ranges::any_of(operations.service_levels,
                            [&](const ServiceLevel& level) { return level.feed == delivery.feed; });
    if (!known) {
      return InvalidArgument("the contract has no service level on the feed '{}'", delivery.feed);
    }
    if (!delivery.covers.to || delivery.covers.IsEmpty()) {
      return InvalidArgument("a delivery of '{}' covers no closed range of days", delivery.feed);
    }
  }
  DeliveryAssessment assessment;
  for (const ServiceLevel& level : operations.service_levels) {
    std::vector<std::string> grounds;
    for (const DateRange& span : ContractSpans(level.every, effective, period)) {
      const Date due = *span.to - Days(1) + Days(level.due_days);
      const std::optional<Date> came = Delivered(level.feed, span, deliveries);
      const bool late = came && *came <= as_of ? *came > due : due < as_of;
      if (!late) continue;
      const std::optional<Date> shown = came && *came <= as_of ? came : std::nullopt;
      assessment.late.push_back(
          {.feed = level.feed, .covers = span, .due = due, .delivered_on = shown});
      grounds.push_back(assessment.late.back().ToString());
    }
    const auto count = static_cast<std::int64_t>(grounds.size());
    assessment.facts.SetFlag(level.breach_fact, count > level.tolerated);
    assessment.facts.SetCount(level.breach_fact + ".late", count);
    if (!grounds.empty()) {
      assessment.facts.SetText(level.breach_fact + ".detail",
                               fmt::format("{}", fmt::join(grounds, "; ")));
    }
  }
  return assessment;
}

}  // namespace sluice::performance
