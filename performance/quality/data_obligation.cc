#include "performance/quality/data_obligation.h"

#include <algorithm>

namespace sluice::performance {
namespace {

std::string FactName(const std::string& feed, std::string_view what) {
  return fmt::format("feed.{}.{}", feed, what);
}

}  // namespace

void DataObligationReport::AddFacts(Facts& facts) const {
  facts.SetFlag(FactName(feed, "breached"), breached);
  facts.SetCount(FactName(feed, "late"), late);
  facts.SetCount(FactName(feed, "worst_days_late"), worst_days);
}

StatusOr<DataObligationReport> CheckDeliveries(const DataObligation& obligation,
                                               std::span<const FeedDelivery> deliveries,
                                               const DateRange& period, Date as_of) {
  if (!period.to || period.IsEmpty() || Month::Of(period.from).FirstDay() != period.from ||
      Month::Of(*period.to).FirstDay() != *period.to) {
    return InvalidArgument("the feed {} is judged over whole months, not {}", obligation.feed,
                           period.ToString());
  }
  DataObligationReport report{.feed = obligation.feed};
  for (Month month = Month::Of(period.from); month.FirstDay() < *period.to; month = month + 1) {
    FeedService service{.month = month,
                        .due = month.End() - Days(1) + Days(obligation.due_days_after_month)};
    for (const FeedDelivery& delivery : deliveries) {
      if (delivery.month != month || delivery.delivered > as_of) continue;
      if (!service.delivered || delivery.delivered < *service.delivered) {
        service.delivered = delivery.delivered;
      }
    }
    const Date until = service.delivered.value_or(as_of);
    service.days_late = std::max<std::int64_t>(0, (until - service.due).count());
    if (service.days_late > 0) ++report.late;
    report.worst_days = std::max(report.worst_days, service.days_late);
    report.months.push_back(service);
  }
  report.breached = report.late > obligation.late_deliveries_allowed;
  return report;
}

Component DataObligationGate(const DataObligation& obligation) {
  const bool downside = obligation.effect == BreachEffect::kSuspendsDownside;
  return Component{
      .rule = Gate{.name = fmt::format("data delivery: {}", obligation.feed),
                   .side = downside ? Side::kLoss : Side::kGain,
                   .test = ConditionsHold{{FlagIs{FactName(obligation.feed, "breached"), false}}}},
      .clause = obligation.clause};
}

}  // namespace sluice::performance
