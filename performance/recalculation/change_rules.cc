#include "performance/recalculation/change_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "core/config.h"
#include "performance/award.h"

namespace sluice::performance {
namespace {

constexpr std::int64_t kMostDays = 36'525;

ChangeRule ReadRule(const ConfigSection& section) {
  ChangeRule rule;
  for (const std::string& name : section.Texts("kinds")) {
    const StatusOr<EditKind> kind = ParseEditKind(name);
    if (kind.ok()) {
      rule.kinds.push_back(*kind);
    } else {
      section.Fault("kinds", StatusMessage(kind.status()));
    }
  }
  rule.streams = section.Texts("streams");
  for (const std::string& stream : rule.streams) {
    if (std::ranges::find(PaymentStreams(), stream) == PaymentStreams().end()) {
      section.Fault("streams", fmt::format("'{}' is no VBPR payment stream", stream));
    }
  }
  for (const std::string& text : section.Texts("programs")) {
    const StatusOr<ProgramId> program = ProgramId::Parse(text);
    if (program.ok()) {
      rule.programs.push_back(*program);
    } else {
      section.Fault("programs", StatusMessage(program.status()));
    }
  }
  const std::string action = section.Choice("run", {"now", "next_run", "never"}, "now");
  rule.action = action == "now"        ? RuleAction::kNow
                : action == "next_run" ? RuleAction::kNextRun
                                       : RuleAction::kNever;
  if (section.Has("look_back_days")) {
    rule.look_back_days =
        section.RequiredInteger("look_back_days", {.least = 0, .most = kMostDays});
  }
  rule.look_back_date = section.OptionalDate("look_back_date");
  return rule;
}

template <typename T>
bool IsAmong(const std::vector<T>& list, const T& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

const ChangeRule* FindRule(const ChangeRules& rules, const ChangeEvent& event,
                           const KnownCalculation& calculation) {
  for (const ChangeRule& rule : rules.rules) {
    if (IsAmong(rule.kinds, event.kind) && IsAmong(rule.streams, calculation.stream) &&
        IsAmong(rule.programs, calculation.program)) {
      return &rule;
    }
  }
  return nullptr;
}

std::optional<Date> LookBackDay(const ChangeRule& rule, Date edited) {
  std::optional<Date> day = rule.look_back_date;
  if (rule.look_back_days) {
    const Date counted = edited - Days(*rule.look_back_days);
    if (!day || counted > *day) day = counted;
  }
  return day;
}

}  // namespace

StatusOr<ChangeRules> ParseChangeRules(std::string_view toml, const std::string& name) {
  ASSIGN_OR_RETURN(const Config config, Config::FromText(toml, name));
  ChangeRules rules;
  for (const ConfigSection& section : config.Root().Sections("rule")) {
    rules.rules.push_back(ReadRule(section));
  }
  RETURN_IF_ERROR(config.Finish());
  if (rules.rules.empty()) {
    return InvalidArgument("{}: there is no [[rule]]; to run nothing, say run = \"never\"", name);
  }
  return rules;
}

const ChangeRules& DefaultChangeRules() {
  static const ChangeRules rules{
      .rules = {{.kinds = {EditKind::kPartyDetail}, .action = RuleAction::kNever},
                {.action = RuleAction::kNow, .look_back_days = 4 * 366}}};
  return rules;
}

std::string_view ChangeVerdictName(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::kQueued:
      return "queued";
    case ChangeVerdict::kFrozen:
      return "frozen";
    case ChangeVerdict::kNoRule:
      return "no rule";
    case ChangeVerdict::kNextRun:
      return "left to the next run";
    case ChangeVerdict::kSeen:
      return "seen already";
  }
  CHECK(false);
}

Judgment Judge(const ChangeRules& rules, const ChangeEvent& event,
               const KnownCalculation& calculation, Instant seen_until) {
  const ChangeRule* rule = FindRule(rules, event, calculation);
  if (rule == nullptr || rule->action == RuleAction::kNever) {
    return {ChangeVerdict::kNoRule, fmt::format("no rule runs {} for a change of {}",
                                                calculation.stream, EditKindName(event.kind))};
  }
  if (event.recorded_at <= seen_until) {
    return {ChangeVerdict::kSeen,
            fmt::format("calculated as known at {}, with it", seen_until.ToString())};
  }
  const std::optional<Date> look_back = LookBackDay(*rule, event.recorded_at.UtcDate());
  if (look_back && calculation.period.from < *look_back) {
    return {ChangeVerdict::kFrozen,
            fmt::format("{}: the period began on {}, before the look-back day {}",
                        ReasonName(ReasonCode::kPeriodFrozen),
                        FormatDate(calculation.period.from), FormatDate(*look_back))};
  }
  if (rule->action == RuleAction::kNextRun) {
    return {ChangeVerdict::kNextRun, "the next run of the program posts it"};
  }
  return {ChangeVerdict::kQueued, "to be run again"};
}

}  // namespace sluice::performance
