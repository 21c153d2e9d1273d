// The physician incentive plan check of 42 CFR 422.208 and 422.210.
//
//   1. A plan that puts more than a share of potential payment at risk for services the physicians
//      refer but do not give (25 %) puts them at substantial financial risk. Exactly that share
//      does not.
//   2. At substantial risk, stop-loss must cover a share of the cost above an attachment point that
//      depends on the size of the panel.
//   3. The numbers are a dated table, not constants of the check: the operator may give another.
//
// Pure. It warns and never refuses: whether to sign is a decision of people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// The highest attachment points that a panel may have; unset: stop-loss is not required.
struct PanelBand {
  std::optional<std::int64_t> up_to_members;  // inclusive; unset for the last band
  std::optional<Money> combined;              // one deductible for all services
  std::optional<Money> institutional;         // two deductibles
  std::optional<Money> professional;
};

// The rule that holds on the days of `effective`.
struct IncentivePlanRule {
  DateRange effective;
  Ratio substantial_above;       // of potential payment; more than this is substantial
  Ratio least_cover;             // of the cost above the attachment point
  std::vector<PanelBand> bands;  // by growing panel; the last is open
  std::string source;            // regulation, and what is still to be confirmed
};

// The built-in table.
std::span<const IncentivePlanRule> IncentivePlanRules();

// What stop-loss a plan has. Either the combined attachment point or both others.
struct StopLossCover {
  std::optional<Money> combined;
  std::optional<Money> institutional;
  std::optional<Money> professional;
  Ratio cover;  // the share of the cost above the attachment point that is covered, 0 to 1
};

// The facts of one contract.
struct IncentivePlan {
  // The most that withholds, bonuses and capitation can move for referral services in a year.
  Money referral_at_risk;
  // The most that could be paid for everything in that year.
  Money potential_payment;
  std::int64_t panel_members = 0;
  std::optional<StopLossCover> stop_loss;
};

enum class IncentivePlanFinding : std::uint8_t {
  kSubstantialRisk = 0,    // disclosure and stop-loss are required
  kNoStopLoss = 1,         // required and absent
  kAttachmentTooHigh = 2,  // starts later than the table allows
  kCoverTooLow = 3,        // covers less than the table demands
};
// "SUBSTANTIAL_FINANCIAL_RISK", "NO_STOP_LOSS", "ATTACHMENT_TOO_HIGH", "COVER_TOO_LOW".
std::string_view FindingName(IncentivePlanFinding finding);

struct IncentivePlanWarning {
  IncentivePlanFinding finding{};
  std::string text;  // for people, with the numbers of the plan and of the rule
};

struct IncentivePlanCheck {
  Ratio share_at_risk;
  bool substantial = false;
  IncentivePlanRule rule;  // as applied, with its source
  PanelBand band;
  std::vector<IncentivePlanWarning> warnings;  // in the order of the findings

  // All of it as lines for a person who approves: the facts, the rule, then the warnings.
  std::string ToText() const;
};

// Checks a plan by the rule that holds on the day. InvalidArgument names the fact when amounts or
// the panel are negative, nothing can be paid, more is at risk than can be paid, or the cover is
// outside 0 to 1; NotFound when no rule holds on the day.
StatusOr<IncentivePlanCheck> CheckIncentivePlan(const IncentivePlan& plan, Date on,
                                                std::span<const IncentivePlanRule> rules);
StatusOr<IncentivePlanCheck> CheckIncentivePlan(const IncentivePlan& plan, Date on);

}  // namespace sluice::performance
