// Returns that the banks dispute: un-applied when dishonored, applied again when contested.
#include "payments/inbound/return_dispute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/inbound/bank_statements.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using testing::AnswersOf;
using ::testing::HasSubstr;
using testing::SampleDebit;
using testing::WriteBai2;

constexpr const char* kDepositNumber = "0099887766";
// The deposit of the fixture and the settlement of its file, which are in the ledger.
const SampleDebit kDeposit{"142", 1'000'00, "DEP1", "", "FUNDING"};
const SampleDebit kFile{"466", 270'00, "ACH1", "", "ACH SETTLEMENT"};

class ReturnDisputeTest : public InboundFixture {
 protected:
  // The trace that the bank's simulator gives the first return of a file.
  static std::string ReturnTraceOf(const testing::BankEntry& entry) {
    return entry.rdfi + "0000100";
  }
  // A dishonored or contested return; it is about the return with this trace.
  ItemCounts Dispute(const testing::BankEntry& entry, const std::string& code,
                     const std::string& return_trace) {
    Receive(Write(AnswersOf({{entry, code, "", "   " + return_trace}})), code + ".ach");
    return Apply().items;
  }
  ItemCounts Dispute(const testing::BankEntry& entry, const std::string& code) {
    return Dispute(entry, code, ReturnTraceOf(entry));
  }
  // A run of three payments, the first of which came back.
  Disbursement ReturnFirst() {
    run_ = ReleaseThree();
    Receive(Write(AnswersOf({{entries_[0], "R03"}})));
    EXPECT_EQ(Apply().items, (ItemCounts{{ItemState::kApplied, 1}}));
    return PaymentOf(run_, entries_[0]);
  }
  Status Decide(const Disbursement& payment, bool applied, Actor second = kSecond,
                Actor first = kFirst) {
    return inbound_->DecideDispute(
        program_.book, payment.id,
        {.note = "the bank's letter of today", .second = second, .applied = applied}, kReturnDay,
        first);
  }
  std::string OpenReason() {
    const auto open = inbound_->OpenItems(kReturnDay);
    EXPECT_TRUE(open.ok());
    return open->size() == 1 ? open->front().item.reason : fmt::format("{} open", open->size());
  }
  std::vector<ObligationState> StatesOf(const Disbursement& payment) {
    return *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<ObligationState>> {
          std::vector<ObligationState> states;
          const auto ids = LoadObligationsOfPayment(tx, program_.book, payment.id);
          for (const ObligationRow& row : LoadObligations(tx, program_.book, ids)) {
            states.push_back(row.state);
          }
          return states;
        });
  }

  RunId run_;
};

TEST_F(ReturnDisputeTest, ADishonoredReturnIsUnappliedByTwoPeople) {
  const Disbursement payment = ReturnFirst();
  EXPECT_EQ(ReturnedItems(), -payment.amount);
  // Nobody undoes a return because somebody says so.
  EXPECT_THAT(StatusMessage(Decide(payment, false)), HasSubstr("its file must come first"));
  EXPECT_EQ(Dispute(entries_[0], "R68"), (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_THAT(OpenReason(), HasSubstr("two people un-apply it"));
  EXPECT_EQ(ReturnedItems(), -payment.amount);

  EXPECT_EQ(Decide(payment, false, kFirst).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Decide(payment, false, kService).code(), absl::StatusCode::kPermissionDenied);
  const Status undone = Decide(payment, false);
  ASSERT_TRUE(undone.ok()) << StatusMessage(undone);
  EXPECT_EQ(PaymentOf(run_, entries_[0]).state, DisbursementState::kSettled);
  EXPECT_EQ(StatesOf(payment), (std::vector{ObligationState::kPaid}));
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Balance(PayeePayableAccount(payment.payee)), Money{});
  EXPECT_TRUE(inbound_->ReturnedPayments()->empty());
  EXPECT_TRUE(inbound_->OpenItems(kReturnDay)->empty());
  EXPECT_EQ(AccountState(payment.payee), BankAccountState::kSuspended);  // for a person to say
  // Nothing is left to be paid again.
  EXPECT_EQ(inbound_->DecideReturned(program_.book, payment.id, {.note = "pay"}, kFirst).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Dispute(entries_[0], "R69"), (ItemCounts{{ItemState::kNoted, 1}}));
  ExpectBooksInOrder();
}

TEST_F(ReturnDisputeTest, AContestedDishonorAppliesTheReturnAgain) {
  const Disbursement payment = ReturnFirst();
  Dispute(entries_[0], "R68");
  ASSERT_TRUE(Decide(payment, false).ok());
  EXPECT_EQ(Dispute(entries_[0], "R73"), (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_THAT(OpenReason(), HasSubstr("two people apply it again"));
  const Status again = Decide(payment, true);
  ASSERT_TRUE(again.ok()) << StatusMessage(again);
  EXPECT_EQ(PaymentOf(run_, entries_[0]).state, DisbursementState::kReturned);
  EXPECT_EQ(StatesOf(payment), (std::vector{ObligationState::kReturned}));
  EXPECT_EQ(ReturnedItems(), -payment.amount);
  EXPECT_EQ(Balance(PayeePayableAccount(payment.payee)), payment.amount);
  EXPECT_EQ(inbound_->ReturnedPayments()->size(), 1U);
  EXPECT_EQ(Decide(payment, true).code(), absl::StatusCode::kFailedPrecondition);

  // It is paid again like any other.
  const Status cleared =
      inbound_->DecideReturned(program_.book, payment.id, {.note = "new account"}, kFirst);
  ASSERT_TRUE(cleared.ok()) << StatusMessage(cleared);
  AddAccount(payment.payee, "123450001");
  const RunId next = Open(2, RunKind::kReissue);
  Approve(next, Submit(next, {}));
  const Status released = Releases()->Release(next, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(PaymentsOf(next).size(), 1U);
  ExpectBooksInOrder();
}

TEST_F(ReturnDisputeTest, AContestedDishonorOfAReturnThatStandsChangesNothing) {
  const Disbursement payment = ReturnFirst();
  EXPECT_EQ(Dispute(entries_[0], "R73"), (ItemCounts{{ItemState::kNoted, 1}}));
  EXPECT_EQ(PaymentOf(run_, entries_[0]).state, DisbursementState::kReturned);
  EXPECT_EQ(ReturnedItems(), -payment.amount);
}

TEST_F(ReturnDisputeTest, ADishonoredSecondReturnUndoesNothing) {
  const Disbursement payment = ReturnFirst();
  EXPECT_EQ(Dispute(entries_[0], "R67", entries_[0].rdfi + "0000777"),
            (ItemCounts{{ItemState::kNoted, 1}}));
  EXPECT_EQ(Decide(payment, false).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReturnedItems(), -payment.amount);
}

TEST_F(ReturnDisputeTest, ADisputeOfAPaymentThatDidNotComeBackIsForAPerson) {
  ReleaseThree();
  EXPECT_EQ(Dispute(entries_[0], "R68"), (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_THAT(OpenReason(), HasSubstr("has not come back"));
  EXPECT_EQ(Dispute(entries_[1], "R73"), (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_EQ(ReturnedItems(), Money{});
}

TEST_F(ReturnDisputeTest, AReturnThatWasClearedToBePaidAgainIsNotUnapplied) {
  const Disbursement payment = ReturnFirst();
  ASSERT_TRUE(
      inbound_->DecideReturned(program_.book, payment.id, {.note = "new account"}, kFirst).ok());
  EXPECT_EQ(Dispute(entries_[0], "R68"), (ItemCounts{{ItemState::kWorkItem, 1}}));
  EXPECT_THAT(OpenReason(), HasSubstr("paid twice"));
  EXPECT_THAT(StatusMessage(Decide(payment, false)), HasSubstr("PAY_AGAIN"));
}

TEST_F(ReturnDisputeTest, TheBankTakesBackWhatItHadCredited) {
  BankStatements statements(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  ASSERT_TRUE(statements
                  .Register(program_.book, program_.pool.bank_account,
                            AccountNumber(kDepositNumber), kBankOffice)
                  .ok());
  const Disbursement payment = ReturnFirst();
  const auto day = [&](const std::string& as_of, std::int64_t opening,
                       const std::vector<SampleDebit>& lines) {
    Receive(WriteBai2({AccountOf(kDepositNumber, opening, lines)}, as_of), "BAI" + as_of);
    Apply();
    return statements.Exceptions(kReturnDay)->size();
  };
  const SampleDebit back{"257", payment.amount.Cents(), "RET1", "", "RETURN ITEM"};
  const SampleDebit taken{"557", payment.amount.Cents(), "DIS1", "", "DISHONORED RETURN"};
  EXPECT_EQ(day("261005", 0, {kDeposit, kFile}), 0U);
  EXPECT_EQ(day("261006", 730'00, {back}), 0U);
  EXPECT_EQ(ReturnedItems(), Money{});
  // The bank may be faster than its notice, and than the people who decide.
  EXPECT_EQ(day("261007", 730'00 + payment.amount.Cents(), {taken}), 1U);
  Dispute(entries_[0], "R61");
  ASSERT_TRUE(Decide(payment, false).ok());
  EXPECT_EQ(ReturnedItems(), payment.amount);
  Apply();
  EXPECT_TRUE(statements.Exceptions(kReturnDay)->empty());
  EXPECT_EQ(ReturnedItems(), Money{});
  EXPECT_EQ(Balance(BankSuspenseAccount(program_.pool.bank_account)), Money{});

  // Contested: the money comes a second time.
  Dispute(entries_[0], "R73");
  ASSERT_TRUE(Decide(payment, true).ok());
  const SampleDebit again{"257", payment.amount.Cents(), "RET2", "", "RETURN ITEM"};
  EXPECT_EQ(day("261008", 730'00, {again}), 0U);
  EXPECT_EQ(ReturnedItems(), Money{});
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
