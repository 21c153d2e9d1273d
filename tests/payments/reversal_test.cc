// When a payment may be taken back, and by whom.
#include "payments/reversals/reversal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

constexpr DisbursementId kPayment(21);
constexpr DisbursementId kTwin(20);
// A Monday; the fifth banking day after it is the next Tuesday, for the 12th is Columbus Day.
const Date kSettled = MakeDate(2026, 10, 5);

Disbursement Paid(DisbursementId id) {
  return {.id = id,
          .payee = PayeeId(7),
          .rail = Rail::kAch,
          .payment_key = PaymentKeyOf(id),
          .amount = Money::FromCents(100'00),
          .effective_date = kSettled,
          .state = DisbursementState::kSettled};
}

ReversalRequest Wrong(ReversalReason reason = ReversalReason::kWrongAmount) {
  return {.payment = kPayment, .reason = reason, .detail = "paid twice the award"};
}

std::string Refusal(const ReversalRequest& request, const Disbursement& payment,
                    const std::optional<Disbursement>& twin, Date settles_on) {
  return std::string(CheckReversible(request, payment, twin, settles_on).message());
}

// feature:M05
TEST(Reversal, OnlyForThePermittedReasons) {
  for (const ReversalReason reason : {ReversalReason::kDuplicate, ReversalReason::kWrongReceiver,
                                      ReversalReason::kWrongAmount, ReversalReason::kWrongDate}) {
    EXPECT_EQ(*ParseReversalReason(ReversalReasonName(reason)), reason);
  }
  EXPECT_THAT(std::string(ParseReversalReason("lack-of-funds").status().message()),
              HasSubstr("Nacha permits duplicate, wrong-receiver, wrong-amount and wrong-date"));
}

TEST(Reversal, SettlesWithinFiveBankingDays) {
  EXPECT_EQ(LastReversalDay(kSettled), MakeDate(2026, 10, 13));
  EXPECT_TRUE(CheckReversible(Wrong(), Paid(kPayment), {}, MakeDate(2026, 10, 13)).ok());
  EXPECT_THAT(Refusal(Wrong(), Paid(kPayment), {}, MakeDate(2026, 10, 14)),
              HasSubstr("may be reversed until 2026-10-13, 5 banking days later"));
}

TEST(Reversal, OnlyOfAnAchPaymentThatLeftAndDidNotComeBack) {
  for (const DisbursementState state :
       {DisbursementState::kSent, DisbursementState::kAccepted, DisbursementState::kSettled}) {
    Disbursement payment = Paid(kPayment);
    payment.state = state;
    EXPECT_TRUE(CheckReversible(Wrong(), payment, {}, kSettled).ok());
  }
  for (const DisbursementState state :
       {DisbursementState::kInFile, DisbursementState::kRejected, DisbursementState::kReturned}) {
    Disbursement payment = Paid(kPayment);
    payment.state = state;
    EXPECT_THAT(Refusal(Wrong(), payment, {}, kSettled), HasSubstr("there is nothing to reverse"));
  }
  Disbursement check = Paid(kPayment);
  check.rail = Rail::kCheck;
  EXPECT_THAT(Refusal(Wrong(), check, {}, kSettled), HasSubstr("is no ACH payment"));
  ReversalRequest silent = Wrong();
  silent.detail.clear();
  EXPECT_THAT(Refusal(silent, Paid(kPayment), {}, kSettled), HasSubstr("say what is wrong"));
}

TEST(Reversal, ADuplicateNamesThePaymentThatItDoubles) {
  ReversalRequest request = Wrong(ReversalReason::kDuplicate);
  EXPECT_THAT(Refusal(request, Paid(kPayment), {}, kSettled), HasSubstr("names the payment"));
  request.duplicate_of = kTwin;
  EXPECT_TRUE(CheckReversible(request, Paid(kPayment), Paid(kTwin), kSettled).ok());
  EXPECT_THAT(Refusal(request, Paid(kPayment), Paid(kPayment), kSettled), HasSubstr("another"));
  Disbursement other = Paid(kTwin);
  other.amount = Money::FromCents(99'00);
  EXPECT_THAT(Refusal(request, Paid(kPayment), other, kSettled),
              HasSubstr("the one pays 100.00 to"));
  other = Paid(kTwin);
  other.state = DisbursementState::kReturned;
  EXPECT_THAT(Refusal(request, Paid(kPayment), other, kSettled), HasSubstr("is the only one"));
  request.reason = ReversalReason::kWrongAmount;
  EXPECT_THAT(Refusal(request, Paid(kPayment), Paid(kTwin), kSettled),
              HasSubstr("only a duplicate"));
}

TEST(Reversal, AnotherPersonDecides) {
  Reversal reversal{.id = ReversalId(3), .requested_by = UserId(1)};
  const auto by = [](std::int64_t user, bool human) {
    return Actor{.user = UserId(user), .human = human};
  };
  EXPECT_TRUE(CheckMayDecide(reversal, by(2, true)).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckMayDecide(reversal, by(1, true))));
  EXPECT_TRUE(absl::IsPermissionDenied(CheckMayDecide(reversal, by(2, false))));
  reversal.state = ReversalState::kSent;
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckMayDecide(reversal, by(2, true))));
}

}  // namespace
}  // namespace sluice::payments
