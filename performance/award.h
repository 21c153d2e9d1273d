// What a calculation gives: an award, and every step that led to it.
//
//   1. An amount never travels without its steps. A step says what a component of the contract did
//      to the running value, with the inputs it read.
//   2. Every zero carries exactly one reason; a missing input blocks the award and is never a zero.
//   3. The amount is gross: what is recouped or withheld is stated beside it, not taken out.
//   4. Positive is earned by the contract party, negative is owed by it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"

namespace sluice::performance {

// Why a result is zero, what changed it, or what is missing. The names never change: they are
// stored, printed on statements and branched on by clients. Numbers are stable too; add at the end
// of a group (the groups are 100 apart).
enum class ReasonCode : std::uint16_t {
  // Zero: standing.
  kContractNotInForce = 1,
  kTermNotInForce = 2,
  kPartyNotEligible = 3,
  kStandingLost = 4,
  kProductExcluded = 5,
  kOverlapOtherProgram = 6,
  // Zero: population.
  kNoAttributedMembers = 101,
  kNoMemberMonths = 102,
  kBelowMinimumPanel = 103,
  kMemberNotPayableThisMonth = 104,
  kNotEligibleOnSnapshot = 105,
  kNoEpisodes = 106,
  kZeroPrice = 107,
  // Zero: evidence.
  kNotReported = 201,
  kBelowMinimumDenominator = 202,
  kEvidenceLate = 203,
  kEvidenceInvalid = 204,
  kDuplicateActivity = 205,
  kActivityVoided = 206,
  kAnnualLimitUsed = 207,
  // Zero: saving or loss.
  kNoSavings = 301,
  kBelowMinimumSavingsRate = 302,
  kBelowMinimumLossRate = 303,
  kOneSidedNoLossOwed = 304,
  kGuardrailNoPayment = 305,
  kReliefAbsorbedLoss = 306,
  kCorridorDeadBand = 307,
  kInterimUpwardOnly = 308,
  kNoExpenditure = 309,
  // Zero: performance.
  kQualityStandardFailed = 401,
  kGateFailed = 402,
  kBelowThreshold = 403,
  kScoreZero = 404,
  kPoolEmpty = 405,
  kToppedOut = 406,
  // Zero: time.
  kRetroWindowClosed = 501,
  kPeriodFrozen = 502,
  kNoChange = 503,
  kSuperseded = 504,
  // Zero: payment.
  kRecoupedInFull = 601,
  kWithheldInFull = 602,
  kNettedAgainstReceivable = 603,
  kBelowMinimumPayment = 604,
  kZeroWeight = 605,
  kRoundedToZero = 606,
  kForfeited = 607,
  kNoPayee = 608,
  kSanctionHold = 609,
  kLossCarriedForward = 610,
  kOverriddenToZero = 611,
  kDeductedInFull = 612,
  // Notes: not zero, but changed.
  kPaymentLimit = 701,
  kLossLimitBenchmark = 702,
  kLossLimitRevenue = 703,
  kHalfRate = 704,
  kAlternativeStandard = 705,
  kGuardrailSmallerLoss = 706,
  kSequestered = 707,
  kReliefPartial = 708,
  kRecoupedPartly = 709,
  kCapApplied = 710,
  kFloorApplied = 711,
  kRateClamped = 712,
  kReweighted = 713,
  kRolledUp = 714,
  kRetroAdd = 715,
  kRetroTerm = 716,
  kRetroRate = 717,
  kPayeeMoved = 718,
  kRestated = 719,
  kCarriedForward = 720,
  kRenormalizedShares = 721,
  kInterimSettlement = 722,
  kDeficitRecovered = 723,
  kOverridden = 724,
  kDataDeliveryBreach = 740,
  // Blocked: no result.
  kMissingInput = 801,
  kRateCellNotFound = 802,
  kReferenceMissing = 803,
  kAmbiguousAffiliation = 804,
  kSplitDoesNotBalance = 805,
};

// What a code may be used for. RECOUPED_IN_FULL is a zero of the payment, not of the award.
enum class ReasonKind : std::uint8_t { kZero, kNote, kBlocked };

// "BELOW_MINIMUM_SAVINGS_RATE".
std::string_view ReasonName(ReasonCode code);
ReasonKind KindOf(ReasonCode code);
// One sentence for a person who reads a statement.
std::string_view ReasonSentence(ReasonCode code);
// The reverse of ReasonName. InvalidArgument when no code has that name.
StatusOr<ReasonCode> ParseReason(std::string_view name);
// Every code, in the order of the enum.
const std::vector<ReasonCode>& AllReasons();

// Something a step read: a fact, a threshold, a rate; already written for people.
struct StepInput {
  std::string name;
  std::string value;

  friend bool operator==(const StepInput&, const StepInput&) = default;
};

enum class StepOutcome : std::uint8_t {
  kApplied = 0,      // the component did its work, which may have left the value as it was
  kNotThisSide = 1,  // the component is for the other side (gain or loss); the value passed through
  kSkipped = 2,      // an earlier step already made the value zero
  kBlocked = 3,      // something it needs is missing; the award has no result
};

// One line of the explanation.
struct Step {
  std::string component;    // "basis", "gate", "score", "measure", "rate", ...
  int position = 0;         // the component's place in the terms, counted from 1
  std::string clause;       // the contract clause or regulation the terms name; may be empty
  std::string description;  // what it does, in words: "at least the minimum savings rate"
  std::vector<StepInput> inputs;
  Exact before;  // the running value in dollars; negative on the loss side
  Exact after;
  StepOutcome outcome = StepOutcome::kApplied;
  std::optional<ReasonCode> reason;  // set when this step made the value zero, or blocked
  std::vector<ReasonCode> notes;     // how it changed the value, where that needs a name
  std::string detail;                // more about the outcome: the gate, the measure, the fact

  friend bool operator==(const Step&, const Step&) = default;
};

enum class AwardStatus : std::uint8_t { kComputed = 0, kBlocked = 1 };

// The result of one contract for one period.
struct Award {
  AwardStatus status = AwardStatus::kComputed;

  // Gross, after the one rounding. Zero when blocked.
  Money amount;
  // The running value just before the rounding.
  Exact unrounded;
  // The score that a score component gave, exactly.
  std::optional<Ratio> score;

  // Taken off the award: what was already paid for it (a delta), an advance and a deficit that are
  // recovered; less a loss that is carried forward. And what is left of advance and deficit.
  Money recouped;
  std::optional<Money> balance_left;
  // The parts of `recouped` that a deficit account books: recovered from a gain, and the loss that
  // is carried forward instead of collected. Both are >= 0.
  Money deficit_recovered;
  Money loss_carried;
  // What was due of deductions and did not fit, by their names: due in the next period. Those of
  // member-months are facts of their payees instead.
  std::map<std::string, Money> carried;
  // Held back from this award.
  Money withheld;
  // Only where the basis is a withhold account: what goes back, and what is lost to the party.
  // released + forfeited is the posted withhold to the cent.
  Money released;
  Money forfeited;
  // amount - recouped - withheld: what is paid (+) or collected (-).
  Money payable;

  // Set exactly when amount is zero and the award is computed.
  std::optional<ReasonCode> zero_reason;
  std::string zero_detail;  // the gate, measure or window, when the step named one
  // Set exactly when amount is not zero but payable is.
  std::optional<ReasonCode> payable_zero_reason;
  // Every note of the steps, once each, in order of first appearance.
  std::vector<ReasonCode> notes;

  // Only when blocked: the code and the name of the fact or reference that is missing.
  std::optional<ReasonCode> blocked_reason;
  std::string missing;

  std::vector<Step> steps;

  friend bool operator==(const Award&, const Award&) = default;
};

// The step as one line: "4. rate: 50 % ... : 22,741,822.00 -> 11,370,911.00".
std::string ToText(const Step& step);
// The whole explanation, for a finance person: the result, its reason and notes, then each step
// with its inputs on lines below it. Ends with a newline. The same award gives the same text.
std::string ToText(const Award& award);

}  // namespace sluice::performance
