#include "payments/line_decision.h"

#include <array>
#include <utility>

#include "core/check.h"

namespace sluice::payments {

std::string_view LineHoldCauseName(LineHoldCause cause) {
  constexpr std::array<std::string_view, 4> kNames = {"", "held by a person", "over the cap",
                                                      "duplicate"};
  const auto index = static_cast<std::size_t>(cause);
  CHECK(index > 0 && index < kNames.size());
  return kNames[index];
}

StatusOr<LineHoldCause> CauseOfHold(HoldReason reason) {
  switch (reason) {
    case HoldReason::kLineByPerson:
      return LineHoldCause::kPerson;
    case HoldReason::kOverCap:
      return LineHoldCause::kOverCap;
    case HoldReason::kDuplicate:
      return LineHoldCause::kDuplicate;
    case HoldReason::kNone:
      return InvalidArgument("it is not held");
    default:
      return InvalidArgument("{}: {}", HoldReasonName(reason), HoldReasonText(reason));
  }
}

ShareKey ShareOf(const ObligationRow& row) {
  return {row.award, row.owner.party, row.owner.under, row.owner.role};
}

LineDecisions::LineDecisions(std::vector<LineDecision> decisions) {
  for (LineDecision& decision : decisions) {
    auto& of_share = decisions_[decision.share];
    CHECK(of_share.empty() || of_share.back().number < decision.number);
    of_share.push_back(std::move(decision));
  }
}

const LineDecision* LineDecisions::LastOf(const ShareKey& share, LineHoldCause cause) const {
  const auto found = decisions_.find(share);
  if (found == decisions_.end()) return nullptr;
  for (auto decision = found->second.rbegin(); decision != found->second.rend(); ++decision) {
    if (decision->cause == cause) return &*decision;
  }
  return nullptr;
}

const LineDecision* LineDecisions::HoldOf(const ObligationRow& row) const {
  const LineDecision* last = LastOf(ShareOf(row), LineHoldCause::kPerson);
  return last != nullptr && last->held ? last : nullptr;
}

const LineDecision* LineDecisions::AcceptanceOf(const ObligationRow& row,
                                                LineHoldCause cause) const {
  const LineDecision* last = LastOf(ShareOf(row), cause);
  if (last == nullptr || last->held || last->award_version != row.award_version) return nullptr;
  return last->amount >= row.amount ? last : nullptr;
}

std::int32_t LineDecisions::NextNumber(const ShareKey& share) const {
  const auto found = decisions_.find(share);
  return found == decisions_.end() ? 1 : found->second.back().number + 1;
}

}  // namespace sluice::payments
