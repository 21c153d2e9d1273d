#include "tests/performance/contracts/contract_samples.h"

#include "tests/performance/terms_samples.h"

namespace sluice::performance {

Terms SavingsContract() {
  Terms terms{.title = "Two-sided shared savings 2026"};
  const auto add = [&](Rule rule, std::string clause) {
    terms.components.push_back({.rule = std::move(rule), .clause = std::move(clause)});
  };
  add(Basis{.kind = TargetMinusActual{}}, "section 3");
  add(Gate{.name = "claims feed on time",
           .side = Side::kLoss,
           .test = ConditionsHold{{FlagIs{.fact = "claims_feed_breach", .value = false}}}},
      "section 9.2");
  add(Gate{.name = "minimum savings rate",
           .test = ValueAtLeast{"benchmark", FixedThreshold{Ratio(1, 50)}},
           .on_fail = {.gain_reason = ReasonCode::kBelowMinimumSavingsRate,
                       .loss_reason = ReasonCode::kBelowMinimumLossRate}},
      "section 3.2");
  add(RateComponent{.cases = {{.when = {FlagIs{.fact = "quality_met"}},
                               .rule = FixedRate{Rate::FromPercent(50)}},
                              {.rule = FixedRate{Rate::FromPercent(40)},
                               .note = ReasonCode::kAlternativeStandard}}},
      "section 4");
  add(Cap{.side = Side::kBoth,
          .limits = {{.amount = ShareOfFact{Rate::FromPercent(10), "benchmark"}}}},
      "section 5");
  add(RoundingRule{}, "section 6");
  add(Split{.levels = {{.keep = Rate::FromPercent(20), .basis = SplitBasis::kEqual}}}, "section 7");
  terms.operations = Operations{.funding_pool = "Savings pool",
                                .schedule = {{.kind = ScheduleKind::kSettlement,
                                              .name = "final settlement",
                                              .every = Every::kYear,
                                              .due_days = 180,
                                              .banking_day = true},
                                             {.kind = ScheduleKind::kPayment,
                                              .name = "quarterly advance",
                                              .every = Every::kQuarter,
                                              .due_from = DueFrom::kStart,
                                              .due_days = 14},
                                             {.kind = ScheduleKind::kAudit,
                                              .name = "attribution audit",
                                              .every = Every::kMonth,
                                              .due_days = 10},
                                             {.kind = ScheduleKind::kDisputeWindow,
                                              .name = "dispute window",
                                              .every = Every::kYear,
                                              .due_days = 120,
                                              .window_days = 30}},
                                .service_levels = {{.feed = "claims",
                                                    .owed_by = OwedBy::kPayer,
                                                    .every = Every::kMonth,
                                                    .due_days = 20,
                                                    .tolerated = 1,
                                                    .breach_fact = "claims_feed_breach"}},
                                .target_announcement_required = true};
  return terms;
}

Terms EveryTerm() {
  Terms terms = KitchenSinkTerms();
  terms.operations = SavingsContract().operations;
  terms.operations->service_levels.front().breach_fact = "met";
  return terms;
}

}  // namespace sluice::performance
