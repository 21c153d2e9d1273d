#include "performance/savings/incentive_plan.h"

#include <string_view>

#include "core/check.h"

namespace sluice::performance {
namespace {

PanelBand Band(std::optional<std::int64_t> up_to, std::int64_t combined, std::int64_t institutional,
               std::int64_t professional) {
  return PanelBand{.up_to_members = up_to,
                   .combined = Money::FromCents(combined * 100),
                   .institutional = Money::FromCents(institutional * 100),
                   .professional = Money::FromCents(professional * 100)};
}

// 42 CFR 422.208(d) to (f). The text since 2019 leaves the attachment points to a table that CMS
// publishes; the bands here are those printed in the regulation before.
std::vector<IncentivePlanRule> BuildRules() {
  std::vector<PanelBand> bands = {
      Band(1'000, 6'000, 10'000, 3'000),      Band(5'000, 30'000, 40'000, 10'000),
      Band(8'000, 40'000, 60'000, 15'000),    Band(10'000, 75'000, 100'000, 20'000),
      Band(25'000, 150'000, 200'000, 25'000), PanelBand{}};
  return {
      IncentivePlanRule{.effective = DateRange::Between(MakeDate(1997, 1, 1), MakeDate(2019, 1, 1)),
                        .substantial_above = Ratio(1, 4),
                        .least_cover = Ratio(9, 10),
                        .bands = bands,
                        .source = "42 CFR 422.208(d), (f) as printed before 2019"},
      IncentivePlanRule{.effective = DateRange::From(MakeDate(2019, 1, 1)),
                        .substantial_above = Ratio(1, 4),
                        .least_cover = Ratio(9, 10),
                        .bands = std::move(bands),
                        .source = "42 CFR 422.208(d), (f); attachment points as printed before "
                                  "2019, to be confirmed against the table of CMS"}};
}

Status CheckFacts(const IncentivePlan& plan) {
  if (plan.referral_at_risk < Money()) {
    return InvalidArgument("the amount at risk for referral services is negative");
  }
  if (plan.potential_payment <= Money()) {
    return InvalidArgument("potential payment must be more than zero to measure a share of it");
  }
  if (plan.referral_at_risk > plan.potential_payment) {
    return InvalidArgument("more is at risk for referral services ({}) than can be paid ({})",
                           plan.referral_at_risk, plan.potential_payment);
  }
  if (plan.panel_members < 0) return InvalidArgument("the panel is negative");
  if (!plan.stop_loss) return OkStatus();
  const StopLossCover& cover = *plan.stop_loss;
  if (cover.cover.Sign() < 0 || cover.cover > Ratio(1)) {
    return InvalidArgument("the cover of the stop-loss is outside 0 to 1");
  }
  const bool both = cover.institutional.has_value() && cover.professional.has_value();
  if (cover.combined.has_value() == both ||
      cover.institutional.has_value() != cover.professional.has_value()) {
    return InvalidArgument(
        "stop-loss has either one combined attachment point, or an institutional and a "
        "professional one");
  }
  return OkStatus();
}

const PanelBand& BandFor(const IncentivePlanRule& rule, std::int64_t members) {
  for (const PanelBand& band : rule.bands) {
    if (!band.up_to_members || members <= *band.up_to_members) return band;
  }
  CHECK(false && "the last band of a panel is open");
  return rule.bands.back();
}

bool StartsTooLate(const std::optional<Money>& has, const std::optional<Money>& most) {
  return has && most && *has > *most;
}

std::string Amount(const std::optional<Money>& amount) {
  return amount ? amount->ToString() : std::string("none");
}

void Warn(IncentivePlanCheck& check, IncentivePlanFinding finding, std::string text) {
  check.warnings.push_back({finding, std::move(text)});
}

void CheckStopLoss(const IncentivePlan& plan, IncentivePlanCheck& check) {
  const PanelBand& band = check.band;
  if (!band.combined && !band.institutional && !band.professional) return;
  const std::string allowed =
      fmt::format("at most {} combined, or {} institutional and {} professional, for a panel of {}",
                  Amount(band.combined), Amount(band.institutional), Amount(band.professional),
                  plan.panel_members);
  if (!plan.stop_loss) {
    Warn(check, IncentivePlanFinding::kNoStopLoss,
         fmt::format("stop-loss is required and the contract states none; it must attach {}",
                     allowed));
    return;
  }
  const StopLossCover& cover = *plan.stop_loss;
  if (StartsTooLate(cover.combined, band.combined) ||
      StartsTooLate(cover.institutional, band.institutional) ||
      StartsTooLate(cover.professional, band.professional)) {
    Warn(check, IncentivePlanFinding::kAttachmentTooHigh,
         fmt::format("stop-loss attaches at {} combined, {} institutional, {} professional; it "
                     "must attach {}",
                     Amount(cover.combined), Amount(cover.institutional),
                     Amount(cover.professional), allowed));
  }
  if (cover.cover < check.rule.least_cover) {
    Warn(check, IncentivePlanFinding::kCoverTooLow,
         fmt::format("stop-loss covers {} of the cost above its attachment point; at least {} is "
                     "required",
                     cover.cover.ToPercentString(), check.rule.least_cover.ToPercentString()));
  }
}

}  // namespace

std::span<const IncentivePlanRule> IncentivePlanRules() {
  static const std::vector<IncentivePlanRule> kRules = BuildRules();
  return kRules;
}

std::string_view FindingName(IncentivePlanFinding finding) {
  switch (finding) {
    case IncentivePlanFinding::kSubstantialRisk:
      return "SUBSTANTIAL_FINANCIAL_RISK";
    case IncentivePlanFinding::kNoStopLoss:
      return "NO_STOP_LOSS";
    case IncentivePlanFinding::kAttachmentTooHigh:
      return "ATTACHMENT_TOO_HIGH";
    case IncentivePlanFinding::kCoverTooLow:
      return "COVER_TOO_LOW";
  }
  return "";
}

StatusOr<IncentivePlanCheck> CheckIncentivePlan(const IncentivePlan& plan, Date on,
                                                std::span<const IncentivePlanRule> rules) {
  RETURN_IF_ERROR(CheckFacts(plan));
  for (const IncentivePlanRule& rule : rules) {
    if (!rule.effective.Contains(on)) continue;
    if (rule.bands.empty() || rule.bands.back().up_to_members) {
      return InvalidArgument("the rule {} has no open last band", rule.source);
    }
    IncentivePlanCheck check{
        .share_at_risk = Ratio::Of(plan.referral_at_risk, plan.potential_payment),
        .rule = rule,
        .band = BandFor(rule, plan.panel_members)};
    check.substantial = check.share_at_risk > rule.substantial_above;
    if (!check.substantial) return check;
    Warn(check, IncentivePlanFinding::kSubstantialRisk,
         fmt::format("{} of potential payment ({} of {}) is at risk for referral services; more "
                     "than {} is substantial financial risk, which is disclosed to CMS",
                     check.share_at_risk.ToPercentString(), plan.referral_at_risk,
                     plan.potential_payment, rule.substantial_above.ToPercentString()));
    CheckStopLoss(plan, check);
    return check;
  }
  return NotFound("no physician incentive plan rule holds on {}", FormatDate(on));
}

StatusOr<IncentivePlanCheck> CheckIncentivePlan(const IncentivePlan& plan, Date on) {
  return CheckIncentivePlan(plan, on, IncentivePlanRules());
}

std::string IncentivePlanCheck::ToText() const {
  std::string out = fmt::format(
      "physician incentive plan: {} at risk for referral services, substantial above {} [{}]\n",
      share_at_risk.ToPercentString(), rule.substantial_above.ToPercentString(), rule.source);
  if (!substantial) out += "  no substantial financial risk\n";
  for (const IncentivePlanWarning& warning : warnings) {
    out += fmt::format("  warning {}: {}\n", FindingName(warning.finding), warning.text);
  }
  return out;
}

}  // namespace sluice::performance
