// The operations of a contract to and from their protobuf message.
#include "performance/terms_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
StatusOr<Domain> ToEnum(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

StatusOr<ScheduleRule> ReadRule(const proto::ScheduleRule& m) {
  ScheduleRule rule{.name = m.name(),
                    .due_days = m.due_days(),
                    .window_days = m.window_days(),
                    .banking_day = m.banking_day()};
  ASSIGN_OR_RETURN(rule.kind, ToEnum(m.kind(), ScheduleKind::kOther, "kind of date"));
  ASSIGN_OR_RETURN(rule.every, ToEnum(m.every(), Every::kMonth, "frequency"));
  ASSIGN_OR_RETURN(rule.due_from, ToEnum(m.due_from(), DueFrom::kStart, "start of a due day"));
  return rule;
}

StatusOr<ServiceLevel> ReadLevel(const proto::ServiceLevel& m) {
  ServiceLevel level{.feed = m.feed(),
                     .due_days = m.due_days(),
                     .tolerated = m.tolerated(),
                     .breach_fact = m.breach_fact()};
  ASSIGN_OR_RETURN(level.owed_by, ToEnum(m.owed_by(), OwedBy::kParty, "who owes a feed"));
  ASSIGN_OR_RETURN(level.every, ToEnum(m.every(), Every::kMonth, "frequency"));
  return level;
}

}  // namespace

proto::Operations ToMessage(const Operations& operations) {
  proto::Operations message;
  message.set_funding_pool(operations.funding_pool);
  for (const ScheduleRule& rule : operations.schedule) {
    proto::ScheduleRule& added = *message.add_schedule();
    added.set_kind(static_cast<proto::ScheduleKind>(rule.kind));
    added.set_name(rule.name);
    added.set_every(static_cast<proto::Every>(rule.every));
    added.set_due_from(static_cast<proto::DueFrom>(rule.due_from));
    added.set_due_days(rule.due_days);
    added.set_window_days(rule.window_days);
    added.set_banking_day(rule.banking_day);
  }
  for (const ServiceLevel& level : operations.service_levels) {
    proto::ServiceLevel& added = *message.add_service_levels();
    added.set_feed(level.feed);
    added.set_owed_by(static_cast<proto::OwedBy>(level.owed_by));
    added.set_every(static_cast<proto::Every>(level.every));
    added.set_due_days(level.due_days);
    added.set_tolerated(level.tolerated);
    added.set_breach_fact(level.breach_fact);
  }
  message.set_target_announcement_required(operations.target_announcement_required);
  return message;
}

StatusOr<Operations> FromMessage(const proto::Operations& message) {
  Operations operations{.funding_pool = message.funding_pool(),
                        .target_announcement_required = message.target_announcement_required()};
  for (const proto::ScheduleRule& m : message.schedule()) {
    ASSIGN_OR_RETURN(operations.schedule.emplace_back(), ReadRule(m));
  }
  for (const proto::ServiceLevel& m : message.service_levels()) {
    ASSIGN_OR_RETURN(operations.service_levels.emplace_back(), ReadLevel(m));
  }
  return operations;
}

}  // namespace sluice::performance
