#include "tests/performance/activity/sample_activity.h"
namespace sluice::performance::testing {
namespace {

struct Task {
  ActivityKind kind;
  const char* code;
  const char* measure;
  std::int64_t cents;
  int done[3];  // by providers A, B, C
};
constexpr Task kTasks[] = {
    {ActivityKind::kClaimCode, "G0439", "AWV", 60'00, {7, 11, 2}},
    {ActivityKind::kGapClosed, "BCS", "BCS", 25'50, {9, 12, 3}},
    {ActivityKind::kCptII, "3044F", "A1C", 42'75, {6, 9, 1}},
    {ActivityKind::kClaimCode, "1111F", "MRP", 18'20, {3, 5, 0}},
    {ActivityKind::kCptII, "3074F", "BP", 4'15, {41, 58, 12}},
};
constexpr PartyId kProviders[] = {kProviderA, kProviderB, kProviderC};

}  // namespace

ActivitySum ExampleActivity() {
  ActivitySum activity;
  for (const Task& task : kTasks) {
    activity.prices.push_back({.kind = task.kind,
                               .code = task.code,
                               .measure = task.measure,
                               .price = UnitPrice::FromMillionths(task.cents * 10'000),
                               .effective = DateRange::From(MakeDate(2025, 1, 1))});
  }
  activity.cutoffs = {{.channel = "claim", .by = CutoffOnDay{.month = 3, .day = 31}},
                      {.channel = "medical_record", .by = CutoffOnDay{.month = 2, .day = 28}}};
  activity.caps = {{.scope = CapScope::kProvider,
                    .period = CapPeriod::kYear,
                    .amount = Money::FromCents(1'250'00)}};
  return activity;
}

Terms ExampleTerms() {
  SplitLevel level{.keep = Rate::FromMillionths(375'000), .basis = SplitBasis::kRolePools};
  level.pools = {{.name = "providers",
                  .share = Rate::FromMillionths(475'000),
                  .roles = {"physician"},
                  .basis = SplitBasis::kPoints,
                  .weight_name = std::string(kActivityAmount),
                  .floor = Money::FromCents(175'00),
                  .cap = Money::FromCents(560'00)},
                 {.name = "staff",
                  .share = Rate::FromMillionths(150'000),
                  .roles = {"employee"},
                  .basis = SplitBasis::kFte}};
  Terms terms{.title = "Activity incentive 2025"};
  terms.components = {
      {.rule = Basis{.kind = ExampleActivity(), .zero_reason = ReasonCode::kNotReported},
       .clause = "exhibit C, 2"},
      {.rule = RoundingRule{}, .clause = "exhibit C, 4"},
      {.rule = Split{.levels = {level}}, .clause = "exhibit C, 5"}};
  return terms;
}

std::vector<ActivityEvent> ExampleEvents() {
  std::vector<ActivityEvent> events;
  std::int64_t id = 0;
  std::int64_t member = 0;
  for (const Task& task : kTasks) {
    for (int p = 0; p < 3; ++p) {
      for (int i = 0; i < task.done[p]; ++i) {
        ++id;
        events.push_back({.event_id = id,
                          .member_id = 10'000 + ++member,
                          .provider = kProviders[p],
                          .practice = kPractice,
                          .kind = task.kind,
                          .code = task.code,
                          .service_date = MakeDate(2025, 3, 1) + Days(id % 200),
                          .received_on = MakeDate(2025, 4, 1) + Days(id % 200),
                          .channel = id % 2 == 0 ? "claim" : "medical_record",
                          .evidence = "doc-" + std::to_string(id)});
      }
    }
  }
  // Nine come again, later in the year and partly from another provider.
  for (int i = 0; i < 9; ++i) {
    ActivityEvent again = events[static_cast<std::size_t>(i) * 17];
    again.event_id = ++id;
    again.received_on += Days(20);
    again.service_date += Days(10);
    if (i % 3 == 0) again.provider = kProviderC;
    events.push_back(again);
  }
  // Four arrive the day after the cut-off of their channel.
  for (int i = 0; i < 4; ++i) {
    ActivityEvent late = events[static_cast<std::size_t>(i)];
    late.event_id = ++id;
    late.member_id = 20'000 + i;
    late.channel = i % 2 == 0 ? "claim" : "medical_record";
    late.received_on = i % 2 == 0 ? MakeDate(2026, 4, 1) : MakeDate(2026, 3, 1);
    events.push_back(late);
  }
  return events;
}

}  // namespace sluice::performance::testing
