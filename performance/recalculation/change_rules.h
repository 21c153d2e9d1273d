// Which change runs which calculation again: the rules of a payer, as data.
//
// A TOML file, see deploy/config/change_rules.toml:
//   [[rule]]
//   kinds = ["coverage", "panel"]   none: all kinds
//   streams = ["pcpcp"]             VBPR codes; none: all
//   programs = ["prg_..."]          none: all
//   run = "now"                     or "next_run", or "never"
//   look_back_days = 90             counted back from the day of the edit; or
//   look_back_date = 2026-01-01     neither: no bound
//
//   1. The first rule that fits decides. A change that no rule fits runs nothing.
//   2. A calculation is open when its period begins on the look-back day or later. An edit of a
//      frozen one is logged with PERIOD_FROZEN and not run.
//   3. "next_run": a program that is calculated anyway, month after month, posts what changed in
//      its next run; nothing is queued.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "performance/recalculation/change_event.h"

namespace sluice::performance {

enum class RuleAction : std::uint8_t { kNow = 0, kNextRun = 1, kNever = 2 };

struct ChangeRule {
  std::vector<EditKind> kinds;
  std::vector<std::string> streams;
  std::vector<ProgramId> programs;
  RuleAction action = RuleAction::kNow;
  std::optional<std::int64_t> look_back_days;  // >= 0
  std::optional<Date> look_back_date;          // with both, the later day counts

  friend bool operator==(const ChangeRule&, const ChangeRule&) = default;
};

struct ChangeRules {
  std::int32_t version = 0;  // 0: DefaultChangeRules()
  std::vector<ChangeRule> rules;

  friend bool operator==(const ChangeRules&, const ChangeRules&) = default;
};

// InvalidArgument names file, line, key and what is expected. `name` is the file's.
StatusOr<ChangeRules> ParseChangeRules(std::string_view toml, const std::string& name);
// For a payer that has set none: names and addresses run nothing, everything else is run at once,
// back to the four years in which a settlement may be re-opened for good cause (42 CFR 425.315).
const ChangeRules& DefaultChangeRules();

// The numbers are stored and never reused.
enum class ChangeVerdict : std::int16_t {
  kQueued = 1,
  kFrozen = 2,
  kNoRule = 3,
  kNextRun = 4,
  kSeen = 5,  // the newest version of the award was calculated from it
};
// "queued", "frozen", ...
std::string_view ChangeVerdictName(ChangeVerdict verdict);

struct Judgment {
  ChangeVerdict verdict = ChangeVerdict::kNoRule;
  std::string reason;  // for people; of a frozen period it begins with PERIOD_FROZEN

  friend bool operator==(const Judgment&, const Judgment&) = default;
};

// What becomes of an event that touches `calculation`. `seen_until`: of the calculation that would
// be run for it.
Judgment Judge(const ChangeRules& rules, const ChangeEvent& event,
               const KnownCalculation& calculation, Instant seen_until);

}  // namespace sluice::performance
