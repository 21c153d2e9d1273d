// What is owed: obligations, and what a cycle collects them from.
//
// An obligation is the part of one award version that is owed to one party: positive is owed to
// the party, negative (a shared loss, a restatement) is owed by it. It copies the award's id,
// version and hash, so the book never reaches into the contract's tables.
// Source: LEDGER_RELIABILITY_SECURITY 5.1, 6.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"
#include "performance/terms_withhold.h"

namespace sluice::payments {

struct ObligationTag {
  static constexpr std::string_view kPrefix = "obl";
};
struct CycleTag {
  static constexpr std::string_view kPrefix = "cyc";
};
struct DisbursementTag {
  static constexpr std::string_view kPrefix = "dis";
};
using ObligationId = Id<ObligationTag>;
using CycleId = Id<CycleTag>;
using DisbursementId = Id<DisbursementTag>;

// The numbers are stored; they never change.
enum class ObligationState : std::int16_t {
  kCalculated = 0,  // never payable before its run is released
  kPayable = 1,
  kHeld = 2,  // recognized, or without a payee; a later run pays it
  kClaimed = 3,
  kPaid = 4,
  kReturned = 5,
  kRecouped = 6,  // a negative obligation that became a receivable
  kVoided = 7,
  kUnclaimed = 8,
};

enum class ObligationComponent : std::int16_t {
  kShare = 0,
  kWithholdRelease = 1,   // paid out of the payee's withhold reserve in this book
  kRestatement = 2,       // the difference of a new award version to what was recognized before
  kWithholdInterest = 3,  // on what is released; the payer's expense
  kLateInterest = 4,      // on what is paid after its due date; the payer's expense
};

// One share of an award, as the split gave it.
struct AwardShare {
  std::int32_t position = 0;
  PartyId party;
  // From the party up to the contract party: who is paid when the party has no payee.
  std::vector<PartyId> ancestors;
  std::string role =
      {};        // the role pool of the split that the party has the share of; may be empty
  Money amount;  // its part of what is payable
  std::vector<ExplanationStep> steps;  // from the contract's award to this share
  // What the terms withhold from this very share, because they deduct from each payee; negative
  // gives back. All shares of an award say it, or none: then its withhold is divided over them.
  std::optional<Money> withheld = std::nullopt;
};

// One award version of a contract for a period, with its explanation: what a cycle collects.
struct AwardToPay {
  AwardId award;
  std::int32_t version = 1;
  Digest hash{};  // of the award's canonical bytes
  ContractId contract;
  std::string stream;  // VBPR code, for instance "ssl"
  LineKind line_kind = LineKind::kAdjustment;
  std::string program_name;
  std::string contract_name;
  std::string holder_name;  // the party that holds the contract
  std::string period_text;  // "January 1 to December 31, 2024"
  std::int32_t performance_year = 0;
  Money gross;     // the award before recovery and withhold
  Money withheld;  // kept back from it; negative, by the shares that say so, given back
  Money payable;   // the sum of the shares; what a split gives back to the payer is no part of it
  // The award gives back money that was withheld before: it is paid out of the reserve of this
  // book as far as the reserve goes, and out of the pool for what was withheld elsewhere.
  bool releases_withhold = false;
  // The terms under which it was withheld, where they are the award's own: they say the interest.
  std::optional<performance::Withhold> released_under = std::nullopt;
  std::string zero_reason;  // set exactly when nothing is payable
  std::vector<ExplanationStep> steps;
  std::vector<AwardShare> shares;  // those that are paid, owe or have withheld, by position
};

// Ok when the shares add up to what is payable and to what is withheld, positions are distinct and
// none is zero in both.
Status CheckAwardToPay(const AwardToPay& award);

// How a stream's awards are named on remittances, by the VBPR code of its program and the sign.
LineKind LineKindOfStream(std::string_view stream, bool loss);

// Explanation steps as stored bytes, and back. DataLoss when the bytes are not steps.
Bytes EncodeSteps(const std::vector<ExplanationStep>& steps);
StatusOr<std::vector<ExplanationStep>> DecodeSteps(ByteView bytes);

// What is withheld from each share: what the shares say, or else what the award withholds over its
// positive shares in proportion to what they are paid.
std::vector<Money> WithholdOfShares(const AwardToPay& award);

}  // namespace sluice::payments
