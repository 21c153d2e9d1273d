#include "performance/program_run/delivered_data.h"

#include "performance/contracts/data_delivery.h"
#include "performance/feeds/feed_store.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_run/run_facts.h"

namespace sluice::performance {
namespace {

// The deliveries of the levels' feeds that overlap the period, each on the day it first came.
std::vector<FeedDelivery> DeliveriesOf(pg::Transaction& tx, const DetailScope& scope,
                                       const Operations& operations) {
  std::vector<std::string> feeds;
  for (const ServiceLevel& level : operations.service_levels) feeds.push_back(level.feed);
  std::vector<FeedDelivery> deliveries;
  for (const Delivery& newest :
       DeliveriesFor(tx, scope.payer, feeds, scope.dates.period, scope.known_at)) {
    Date came = newest.received_on;
    if (newest.version > 1) {
      for (const Delivery& version : VersionsOf(tx, scope.payer, newest.feed, newest.period)) {
        came = std::min(came, version.received_on);
      }
    }
    deliveries.push_back({.feed = newest.feed, .covers = newest.period, .delivered_on = came});
  }
  return deliveries;
}

}  // namespace

StatusOr<std::int64_t> RecordDeliveredData(const DetailScope& scope,
                                           std::span<const DetailContract> contracts) {
  std::vector<ContractId> ids;
  for (const DetailContract& contract : contracts) ids.push_back(contract.contract.id);
  GateService gates(scope.database, scope.payer, scope.clock, scope.ids);
  ASSIGN_OR_RETURN(std::int64_t changed,
                   gates.RecordServiceLevels(scope.program, scope.dates.period, ids));
  for (const DetailContract& contract : contracts) {
    if (!contract.terms.operations) continue;
    ASSIGN_OR_RETURN(
        const std::int64_t rows,
        scope.database.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
          Operations operations = *contract.terms.operations;
          std::erase_if(operations.service_levels, [&](const ServiceLevel& level) {
            return !FindFeed(tx, scope.payer, level.feed).has_value();
          });
          if (operations.service_levels.empty()) return 0;
          ASSIGN_OR_RETURN(
              DeliveryAssessment assessment,
              AssessDeliveries(operations, contract.effective, scope.dates.period,
                               DeliveriesOf(tx, scope, operations), scope.known_at.UtcDate()));
          FactChange change{
              .set = {.contract = contract.contract.id, .period = scope.dates.period}, .gone = {}};
          change.set.facts = std::move(assessment.facts);
          for (const ServiceLevel& level : operations.service_levels) {
            const std::string detail = level.breach_fact + ".detail";
            if (!change.set.facts.Has(detail)) change.gone.push_back(detail);
          }
          return RecordChanges(tx, {&change, 1}, scope.clock.Now(), scope.ids, "data delivery");
        }));
    changed += rows;
  }
  return changed;
}

}  // namespace sluice::performance
