#include "performance/terms_operations.h"

#include <algorithm>
#include <set>

#include "core/check.h"
#include "performance/terms.h"

namespace sluice::performance {
namespace {

constexpr std::int32_t kMostDays = 1'100;

bool ReadsFlag(const std::vector<Condition>& conditions, std::string_view fact) {
  return std::ranges::any_of(conditions, [&](const Condition& condition) {
    const FlagIs* flag = std::get_if<FlagIs>(&condition);
    return flag != nullptr && flag->fact == fact;
  });
}

bool ReadsFlag(const Rule& rule, std::string_view fact) {
  if (const Gate* gate = std::get_if<Gate>(&rule)) {
    const ConditionsHold* test = std::get_if<ConditionsHold>(&gate->test);
    if (test != nullptr && ReadsFlag(test->conditions, fact)) return true;
    return std::ranges::any_of(gate->on_fail.factors, [&](const FailFactor& factor) {
      return ReadsFlag(factor.when, fact);
    });
  }
  if (const RateComponent* rate = std::get_if<RateComponent>(&rule)) {
    return std::ranges::any_of(
        rate->cases, [&](const RateCase& option) { return ReadsFlag(option.when, fact); });
  }
  return false;
}

bool IsInRange(std::int32_t days) { return days >= 0 && days <= kMostDays; }

Status CheckRule(const ScheduleRule& rule) {
  if (rule.name.empty()) return InvalidArgument("a date of the schedule needs a name");
  if (!IsInRange(rule.due_days)) {
    return InvalidArgument("'{}' is due {} days after; at least 0 and at most {}", rule.name,
                           rule.due_days, kMostDays);
  }
  const bool window = rule.kind == ScheduleKind::kDisputeWindow;
  if (window != (rule.window_days > 0) || rule.window_days > kMostDays || rule.window_days < 0) {
    return InvalidArgument("'{}' is open {} days: a dispute window lasts 1 to {} days, other {}",
                           rule.name, rule.window_days, kMostDays, "dates have none");
  }
  return OkStatus();
}

Status CheckLevel(const Terms& terms, const ServiceLevel& level) {
  if (level.feed.empty()) return InvalidArgument("a service level needs the name of its feed");
  if (!IsInRange(level.due_days) || level.tolerated < 0) {
    return InvalidArgument("the feed '{}' is due within 0 to {} days, and tolerates 0 or more",
                           level.feed, kMostDays);
  }
  const bool read = !level.breach_fact.empty() &&
                    std::ranges::any_of(terms.components, [&](const Component& component) {
                      return ReadsFlag(component.rule, level.breach_fact);
                    });
  if (!read) {
    return InvalidArgument(
        "no gate or rate case reads the flag '{}' of the feed '{}'; add a gate with the effect "
        "that a breach has, or one that only notes it",
        level.breach_fact, level.feed);
  }
  return OkStatus();
}

}  // namespace

int MonthsOf(Every every) {
  switch (every) {
    case Every::kYear:
      return 12;
    case Every::kQuarter:
      return 3;
    case Every::kMonth:
      return 1;
  }
  CHECK(false);
}

Status CheckOperations(const Terms& terms) {
  CHECK(terms.operations.has_value());
  std::set<std::string> names;
  for (const ScheduleRule& rule : terms.operations->schedule) {
    RETURN_IF_ERROR(Annotate(CheckRule(rule), "the schedule"));
    if (!names.insert(rule.name).second) {
      return InvalidArgument("the schedule has '{}' twice; give each date its own name", rule.name);
    }
  }
  std::set<std::string> feeds;
  for (const ServiceLevel& level : terms.operations->service_levels) {
    RETURN_IF_ERROR(Annotate(CheckLevel(terms, level), "the service levels"));
    if (!feeds.insert(level.feed).second) {
      return InvalidArgument("the feed '{}' has two service levels; agree on one", level.feed);
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
