#include "performance/award.h"

#include <array>

#include "core/check.h"

namespace sluice::performance {
namespace {

struct ReasonEntry {
  ReasonCode code;
  std::string_view name;
  std::string_view sentence;
};

using enum ReasonCode;

constexpr std::array kReasons = {
    ReasonEntry{kContractNotInForce, "CONTRACT_NOT_IN_FORCE",
                "The contract was not in force in the period."},
    ReasonEntry{kTermNotInForce, "TERM_NOT_IN_FORCE", "The term was not in force in the period."},
    ReasonEntry{kPartyNotEligible, "PARTY_NOT_ELIGIBLE", "The party is not eligible."},
    ReasonEntry{kStandingLost, "STANDING_LOST", "Not in standing on the day that counts."},
    ReasonEntry{kProductExcluded, "PRODUCT_EXCLUDED", "The product is excluded."},
    ReasonEntry{kOverlapOtherProgram, "OVERLAP_OTHER_PROGRAM", "Another program owns the dollars."},
    ReasonEntry{kNoAttributedMembers, "NO_ATTRIBUTED_MEMBERS", "No members were attributed."},
    ReasonEntry{kNoMemberMonths, "NO_MEMBER_MONTHS", "There are no member months."},
    ReasonEntry{kBelowMinimumPanel, "BELOW_MINIMUM_PANEL", "The panel is below its minimum."},
    ReasonEntry{kMemberNotPayableThisMonth, "MEMBER_NOT_PAYABLE_THIS_MONTH",
                "The member is not payable in this month."},
    ReasonEntry{kNotEligibleOnSnapshot, "NOT_ELIGIBLE_ON_SNAPSHOT",
                "Not eligible on the snapshot day."},
    ReasonEntry{kNoEpisodes, "NO_EPISODES", "No episode of the period counts."},
    ReasonEntry{kZeroPrice, "ZERO_PRICE", "The price, or the premium, of the month is zero."},
    ReasonEntry{kNotReported, "NOT_REPORTED", "A required measure was not reported."},
    ReasonEntry{kBelowMinimumDenominator, "BELOW_MINIMUM_DENOMINATOR",
                "The denominator is below its minimum."},
    ReasonEntry{kEvidenceLate, "EVIDENCE_LATE", "The evidence came after the cut-off."},
    ReasonEntry{kEvidenceInvalid, "EVIDENCE_INVALID", "The evidence is not valid."},
    ReasonEntry{kDuplicateActivity, "DUPLICATE_ACTIVITY", "The activity was already paid."},
    ReasonEntry{kActivityVoided, "ACTIVITY_VOIDED", "The activity was voided."},
    ReasonEntry{kAnnualLimitUsed, "ANNUAL_LIMIT_USED", "The annual limit is used up."},
    ReasonEntry{kNoSavings, "NO_SAVINGS", "There is no saving."},
    ReasonEntry{kBelowMinimumSavingsRate, "BELOW_MINIMUM_SAVINGS_RATE",
                "The saving is below the minimum savings rate."},
    ReasonEntry{kBelowMinimumLossRate, "BELOW_MINIMUM_LOSS_RATE",
                "The loss is below the minimum loss rate."},
    ReasonEntry{kOneSidedNoLossOwed, "ONE_SIDED_NO_LOSS_OWED",
                "The contract is one-sided: no loss is owed."},
    ReasonEntry{kGuardrailNoPayment, "GUARDRAIL_NO_PAYMENT",
                "The guardrail applies: a saving is not paid."},
    ReasonEntry{kReliefAbsorbedLoss, "RELIEF_ABSORBED_LOSS", "Disaster relief covers the loss."},
    ReasonEntry{kCorridorDeadBand, "CORRIDOR_DEAD_BAND",
                "The result is inside the corridor in which nothing is shared."},
    ReasonEntry{kInterimUpwardOnly, "INTERIM_UPWARD_ONLY",
                "An interim settlement pays gains only; a loss waits for the final one."},
    ReasonEntry{kNoExpenditure, "NO_EXPENDITURE", "There was no cost, or none that counts."},
    ReasonEntry{kQualityStandardFailed, "QUALITY_STANDARD_FAILED",
                "The quality standard was not met."},
    ReasonEntry{kGateFailed, "GATE_FAILED", "A gate of the contract was not passed."},
    ReasonEntry{kBelowThreshold, "BELOW_THRESHOLD", "The result is below its threshold."},
    ReasonEntry{kScoreZero, "SCORE_ZERO", "The score is zero."},
    ReasonEntry{kPoolEmpty, "POOL_EMPTY", "There is nothing in the pool."},
    ReasonEntry{kToppedOut, "TOPPED_OUT",
                "Nearly everybody meets the measure: it no longer counts."},
    ReasonEntry{kRetroWindowClosed, "RETRO_WINDOW_CLOSED",
                "The window for retroactive changes is closed."},
    ReasonEntry{kPeriodFrozen, "PERIOD_FROZEN", "The period is frozen."},
    ReasonEntry{kNoChange, "NO_CHANGE", "Nothing changed since the last result."},
    ReasonEntry{kSuperseded, "SUPERSEDED", "A newer result replaces this one."},
    ReasonEntry{kRecoupedInFull, "RECOUPED_IN_FULL",
                "The whole award was recovered for an advance."},
    ReasonEntry{kWithheldInFull, "WITHHELD_IN_FULL", "The whole award was withheld."},
    ReasonEntry{kNettedAgainstReceivable, "NETTED_AGAINST_RECEIVABLE",
                "The award was netted against what is owed."},
    ReasonEntry{kBelowMinimumPayment, "BELOW_MINIMUM_PAYMENT",
                "The payment is below its minimum and is carried forward."},
    ReasonEntry{kZeroWeight, "ZERO_WEIGHT", "The weight in the split is zero."},
    ReasonEntry{kRoundedToZero, "ROUNDED_TO_ZERO", "The amount rounds to zero."},
    ReasonEntry{kForfeited, "FORFEITED", "The amount is forfeited."},
    ReasonEntry{kNoPayee, "NO_PAYEE", "There is no payee; the amount is held."},
    ReasonEntry{kSanctionHold, "SANCTION_HOLD", "The payee is on a sanctions list; held."},
    ReasonEntry{kLossCarriedForward, "LOSS_CARRIED_FORWARD",
                "The loss is carried forward and set against later gains."},
    ReasonEntry{kOverriddenToZero, "OVERRIDDEN_TO_ZERO",
                "People put zero in the place of what was calculated."},
    ReasonEntry{kDeductedInFull, "DEDUCTED_IN_FULL", "Deductions took the whole award."},
    ReasonEntry{kPaymentLimit, "PAYMENT_LIMIT", "Cut to the payment limit."},
    ReasonEntry{kLossLimitBenchmark, "LOSS_LIMIT_BENCHMARK",
                "Cut to the loss limit that follows the benchmark."},
    ReasonEntry{kLossLimitRevenue, "LOSS_LIMIT_REVENUE",
                "Cut to the loss limit that follows the participants' revenue."},
    ReasonEntry{kHalfRate, "HALF_RATE", "Below the minimum savings rate, shared at half the rate."},
    ReasonEntry{kAlternativeStandard, "ALTERNATIVE_STANDARD",
                "Only the alternative quality standard was met: the rate follows the score."},
    ReasonEntry{kGuardrailSmallerLoss, "GUARDRAIL_SMALLER_LOSS",
                "The guardrail applies: the smaller loss counts."},
    ReasonEntry{kSequestered, "SEQUESTERED", "Cut by sequestration on the pay date."},
    ReasonEntry{kReliefPartial, "RELIEF_PARTIAL", "Disaster relief covers a part of the loss."},
    ReasonEntry{kRecoupedPartly, "RECOUPED_PARTLY",
                "A part of the award was recovered for an advance."},
    ReasonEntry{kCapApplied, "CAP_APPLIED", "Cut to the cap."},
    ReasonEntry{kFloorApplied, "FLOOR_APPLIED", "Raised to the floor."},
    ReasonEntry{kRateClamped, "RATE_CLAMPED", "The rate was cut to its lowest or highest value."},
    ReasonEntry{kReweighted, "REWEIGHTED", "Measures left the score; the others carry its weight."},
    ReasonEntry{kRolledUp, "ROLLED_UP", "Computed at the parent for lack of numbers."},
    ReasonEntry{kRetroAdd, "RETRO_ADD", "A member was added for a past month."},
    ReasonEntry{kRetroTerm, "RETRO_TERM", "A member left for a past month."},
    ReasonEntry{kRetroRate, "RETRO_RATE", "The rate of a past month changed."},
    ReasonEntry{kPayeeMoved, "PAYEE_MOVED", "The member moved to another payee."},
    ReasonEntry{kRestated, "RESTATED", "Restated with newer inputs."},
    ReasonEntry{kCarriedForward, "CARRIED_FORWARD", "Carried forward to the next payment."},
    ReasonEntry{kRenormalizedShares, "RENORMALIZED_SHARES",
                "The printed shares did not add up and were renormalized."},
    ReasonEntry{kInterimSettlement, "INTERIM_SETTLEMENT",
                "An interim settlement: a share of the result."},
    ReasonEntry{kDeficitRecovered, "DEFICIT_RECOVERED",
                "A deficit of earlier years was recovered from the award."},
    ReasonEntry{kOverridden, "OVERRIDDEN",
                "People put another amount in the place of what was calculated."},
    ReasonEntry{kDataDeliveryBreach, "DATA_DELIVERY_BREACH",
                "Data that the contract promises was late or missing."},
    ReasonEntry{kMissingInput, "MISSING_INPUT", "A required input is missing."},
    ReasonEntry{kRateCellNotFound, "RATE_CELL_NOT_FOUND", "There is no rate for this cell."},
    ReasonEntry{kReferenceMissing, "REFERENCE_MISSING", "A required reference value is missing."},
    ReasonEntry{kAmbiguousAffiliation, "AMBIGUOUS_AFFILIATION",
                "It is not clear which affiliation counts."},
    ReasonEntry{kSplitDoesNotBalance, "SPLIT_DOES_NOT_BALANCE",
                "The shares do not add up to the award."},
};

const ReasonEntry& Entry(ReasonCode code) {
  for (const ReasonEntry& entry : kReasons) {
    if (entry.code == code) return entry;
  }
  CHECK(false && "a reason code that is not in the table");
  return kReasons.front();
}

std::string NoteList(const std::vector<ReasonCode>& notes) {
  std::string text;
  for (const ReasonCode note : notes) {
    if (!text.empty()) text += ", ";
    text += ReasonName(note);
  }
  return text;
}

std::string Dollars(const Exact& amount) { return amount.ToString(); }

void AppendResult(std::string& out, const Award& award) {
  if (award.status == AwardStatus::kBlocked) {
    const ReasonCode code = award.blocked_reason.value_or(kMissingInput);
    out +=
        fmt::format("Blocked: {}: {}. {}\n", ReasonName(code), award.missing, ReasonSentence(code));
    return;
  }
  out += fmt::format("Award: {}\n", award.amount);
  if (award.zero_reason) {
    out += fmt::format("Reason: {}{}{}. {}\n", ReasonName(*award.zero_reason),
                       award.zero_detail.empty() ? "" : ": ", award.zero_detail,
                       ReasonSentence(*award.zero_reason));
  }
  if (!award.recouped.IsZero()) out += fmt::format("Recouped: {}\n", award.recouped);
  if (award.balance_left) out += fmt::format("Advance left: {}\n", *award.balance_left);
  if (!award.withheld.IsZero()) out += fmt::format("Withheld: {}\n", award.withheld);
  if (!award.released.IsZero() || !award.forfeited.IsZero()) {
    out += fmt::format("Released: {}\nForfeited: {}\n", award.released, award.forfeited);
  }
  if (award.payable != award.amount) out += fmt::format("Payable: {}\n", award.payable);
  if (award.payable_zero_reason) {
    out += fmt::format("Nothing payable: {}. {}\n", ReasonName(*award.payable_zero_reason),
                       ReasonSentence(*award.payable_zero_reason));
  }
  for (const ReasonCode note : award.notes) {
    out += fmt::format("Note: {}. {}\n", ReasonName(note), ReasonSentence(note));
  }
}

}  // namespace

std::string_view ReasonName(ReasonCode code) { return Entry(code).name; }

std::string_view ReasonSentence(ReasonCode code) { return Entry(code).sentence; }

ReasonKind KindOf(ReasonCode code) {
  if (code >= kMissingInput) return ReasonKind::kBlocked;
  return code >= kPaymentLimit ? ReasonKind::kNote : ReasonKind::kZero;
}

StatusOr<ReasonCode> ParseReason(std::string_view name) {
  for (const ReasonEntry& entry : kReasons) {
    if (entry.name == name) return entry.code;
  }
  return InvalidArgument("'{}' is not a reason code", name);
}

const std::vector<ReasonCode>& AllReasons() {
  static const std::vector<ReasonCode> all = [] {
    std::vector<ReasonCode> codes;
    for (const ReasonEntry& entry : kReasons) codes.push_back(entry.code);
    return codes;
  }();
  return all;
}

std::string ToText(const Step& step) {
  std::string text = fmt::format("{}. {}", step.position, step.component);
  if (!step.description.empty()) text += fmt::format(": {}", step.description);
  switch (step.outcome) {
    case StepOutcome::kNotThisSide:
      text += " [not for this side]";
      break;
    case StepOutcome::kSkipped:
      text += " [skipped: already zero]";
      break;
    case StepOutcome::kBlocked:
      text += " [blocked]";
      break;
    case StepOutcome::kApplied:
      if (step.before == step.after) {
        text += fmt::format(" = {}", Dollars(step.after));
      } else {
        text += fmt::format(" : {} -> {}", Dollars(step.before), Dollars(step.after));
      }
  }
  if (step.reason) text += fmt::format(" {}", ReasonName(*step.reason));
  if (!step.notes.empty()) text += fmt::format(" ({})", NoteList(step.notes));
  if (!step.detail.empty()) text += fmt::format(" - {}", step.detail);
  return text;
}

std::string ToText(const Award& award) {
  std::string out;
  AppendResult(out, award);
  if (award.score) {
    out +=
        fmt::format("Score: {} ({})\n", award.score->ToFractionString(), award.score->ToString());
  }
  out += "Steps:\n";
  for (const Step& step : award.steps) {
    out += fmt::format("  {}\n", ToText(step));
    for (const StepInput& input : step.inputs) {
      out += fmt::format("       {} = {}\n", input.name, input.value);
    }
    if (!step.clause.empty()) out += fmt::format("       by {}\n", step.clause);
  }
  return out;
}

}  // namespace sluice::performance
