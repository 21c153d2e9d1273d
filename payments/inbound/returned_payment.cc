#include "payments/inbound/returned_payment.h"

#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

std::string Meaning(const InboundItemRow& item) {
  const ReturnCodeRule* rule = FindReturnCode(item.code);
  if (rule == nullptr) return fmt::format("{}: not a code of the table", item.code);
  return fmt::format("{} {}", item.code, rule->meaning);
}

}  // namespace

std::string_view ReturnedStateName(ReturnedState state) {
  constexpr std::array<std::string_view, 4> kNames = {"OPEN", "PAY_AGAIN", "CLOSED", "UNAPPLIED"};
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kNames.size());
  return kNames[index];
}

ReturnActions ActionsOf(const InboundItemRow& item) {
  // The bank's own reject codes are not Nacha's: something that we wrote was wrong.
  if (item.kind == ItemKind::kReject) {
    return {ReturnAction::kHold, ReturnAction::kOurDefect, ReturnAction::kWorkItem};
  }
  return ActionsFor(item.code, item.information);
}

ReturnDecision DecideReturn(const InboundItemRow& item, const Disbursement& payment,
                            const std::optional<ReturnedPayment>& earlier) {
  if (item.kind != ItemKind::kReturn && item.kind != ItemKind::kReject) {
    return {ReturnOutcome::kWorkItem, "not a return: a person looks at it"};
  }
  if (earlier) {
    if (earlier->file == item.file && earlier->item_no == item.item_no) {
      return {ReturnOutcome::kAlreadyApplied, Meaning(item)};
    }
    return {ReturnOutcome::kSecondReturn,
            fmt::format("payment {} came back before, on {} with {}: ask the bank to dishonor this "
                        "one (R67)",
                        payment.payment_key, FormatDate(earlier->returned_on), earlier->code)};
  }
  if (item.debit) {
    return {ReturnOutcome::kWorkItem,
            fmt::format("{}: the return of a debit, while payment {} was a credit", Meaning(item),
                        payment.payment_key)};
  }
  if (item.kind == ItemKind::kReject) {
    if (payment.state == DisbursementState::kSent || payment.state == DisbursementState::kInFile) {
      return {ReturnOutcome::kPostReject, fmt::format("refused by our bank, code {}", item.code)};
    }
    return {ReturnOutcome::kSuspense,
            fmt::format("our bank refused payment {}, which is {}: only what is sent and not "
                        "settled can be refused",
                        payment.payment_key, DisbursementStateName(payment.state))};
  }
  if (!HasLeft(payment.state)) {
    return {ReturnOutcome::kSuspense,
            fmt::format("payment {} is {}: only what was sent can come back", payment.payment_key,
                        DisbursementStateName(payment.state))};
  }
  return {ReturnOutcome::kPost, Meaning(item)};
}

std::optional<PayeeHoldKind> HoldOf(ReturnActions actions) {
  if (!actions.Has(ReturnAction::kHold)) return std::nullopt;
  if (actions.Has(ReturnAction::kCompliance)) return PayeeHoldKind::kCompliance;
  if (actions.Has(ReturnAction::kFraud)) return PayeeHoldKind::kFraud;
  if (actions.Has(ReturnAction::kDuplicateCheck)) return PayeeHoldKind::kDuplicate;
  if (actions.Has(ReturnAction::kEstate)) return PayeeHoldKind::kEstate;
  if (actions.Has(ReturnAction::kOurDefect)) return PayeeHoldKind::kDefect;
  return PayeeHoldKind::kReturn;
}

Status CheckMayDecide(const ReturnedPayment& payment, Actor first,
                      const std::optional<Actor>& second) {
  if (payment.state != ReturnedState::kOpen) {
    return FailedPrecondition("returned payment {} is {} already",
                              PaymentKeyOf(payment.disbursement), ReturnedStateName(payment.state));
  }
  if (!first.human || (second && !second->human)) {
    return PermissionDenied("a person decides whether a returned payment is paid again");
  }
  if (second && second->user == first.user) {
    return PermissionDenied("the second person must be another one");
  }
  const auto hold = HoldOf(payment.actions);
  if (hold && NeedsTwoToClear(*hold) && !second) {
    return PermissionDenied(
        "payment {} came back with {}, a {} case: two people must decide what becomes of it",
        PaymentKeyOf(payment.disbursement), payment.code, PayeeHoldKindName(*hold));
  }
  return OkStatus();
}

}  // namespace sluice::payments
