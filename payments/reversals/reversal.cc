#include "payments/reversals/reversal.h"

#include <array>

#include "core/calendar.h"
#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::string_view, 4> kReasonNames = {"duplicate", "wrong-receiver",
                                                          "wrong-amount", "wrong-date"};
constexpr std::array<std::string_view, 8> kStateNames = {
    "REQUESTED", "APPROVED", "IN_FILE", "SENT", "CREDITED", "SETTLED", "REJECTED", "BOUNCED"};

Status CheckTwin(const ReversalRequest& request, const Disbursement& payment,
                 const std::optional<Disbursement>& twin) {
  if ((request.reason == ReversalReason::kDuplicate) != request.duplicate_of.has_value()) {
    return InvalidArgument("a duplicate, and only a duplicate, names the payment that it doubles");
  }
  if (!request.duplicate_of) return OkStatus();
  if (!twin || twin->id == payment.id) {
    return InvalidArgument("payment {} cannot double {}: name another payment of the book",
                           payment.payment_key, *request.duplicate_of);
  }
  if (twin->payee != payment.payee || twin->amount != payment.amount) {
    return FailedPrecondition(
        "payment {} is no duplicate of {}: the one pays {} to {}, the other {} to {}",
        payment.payment_key, twin->payment_key, payment.amount, payment.payee, twin->amount,
        twin->payee);
  }
  if (!HasLeft(twin->state)) {
    return FailedPrecondition("payment {} is {}: then {} is the only one", twin->payment_key,
                              DisbursementStateName(twin->state), payment.payment_key);
  }
  return OkStatus();
}

}  // namespace

std::string_view ReversalReasonName(ReversalReason reason) {
  const auto index = static_cast<std::size_t>(reason) - 1;
  CHECK(index < kReasonNames.size());
  return kReasonNames[index];
}

StatusOr<ReversalReason> ParseReversalReason(std::string_view name) {
  for (std::size_t i = 0; i < kReasonNames.size(); ++i) {
    if (kReasonNames[i] == name) return static_cast<ReversalReason>(i + 1);
  }
  return InvalidArgument(
      "'{}' is no reason to reverse a payment; Nacha permits duplicate, wrong-receiver, "
      "wrong-amount and wrong-date",
      name);
}

std::string_view ReversalStateName(ReversalState state) {
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kStateNames.size());
  return kStateNames[index];
}

bool IsOver(ReversalState state) {
  return state == ReversalState::kSettled || state == ReversalState::kRejected ||
         state == ReversalState::kBounced;
}

Date LastReversalDay(Date settled_on) { return AddBankingDays(settled_on, kReversalDays); }

Date ReversalFinalOn(Date credited_on) { return AddBankingDays(credited_on, kReturnDays); }

Status CheckReversible(const ReversalRequest& request, const Disbursement& payment,
                       const std::optional<Disbursement>& twin, Date settles_on) {
  if (request.detail.empty()) {
    return InvalidArgument("say what is wrong with payment {}", payment.payment_key);
  }
  if (payment.rail != Rail::kAch || payment.amount.IsZero()) {
    return FailedPrecondition("payment {} is no ACH payment: only those are reversed",
                              payment.payment_key);
  }
  if (!HasLeft(payment.state)) {
    return FailedPrecondition("payment {} is {}: there is nothing to reverse", payment.payment_key,
                              DisbursementStateName(payment.state));
  }
  RETURN_IF_ERROR(CheckTwin(request, payment, twin));
  const Date last = LastReversalDay(payment.effective_date);
  if (settles_on > last) {
    return FailedPrecondition(
        "payment {} settled on {} and may be reversed until {}, {} banking days later: ask the "
        "payee, or offset what it owes after notice",
        payment.payment_key, FormatDate(payment.effective_date), FormatDate(last), kReversalDays);
  }
  return OkStatus();
}

Status CheckMayDecide(const Reversal& reversal, Actor actor) {
  if (!actor.human) {
    return PermissionDenied("{} is a service: a person decides about a reversal", actor.user);
  }
  if (reversal.state != ReversalState::kRequested) {
    return FailedPrecondition("reversal {} is {} already", reversal.id,
                              ReversalStateName(reversal.state));
  }
  if (reversal.requested_by == actor.user) {
    return PermissionDenied("{} asked for reversal {}: another person decides about it", actor.user,
                            reversal.id);
  }
  return OkStatus();
}

}  // namespace sluice::payments
