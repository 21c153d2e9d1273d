// Deposit, remittance and ledger of a run, payment by payment: what matches, and how a gap is
// named.
#include "payments/reconciliation/three_way.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/money.h"

namespace sluice::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

constexpr PaymentFileId kAchFile(1);
constexpr PaymentFileId kCheckFile(2);

PaymentEvidence ByAch(std::int64_t id, Money amount) {
  return {.id = DisbursementId(id),
          .key = fmt::format("P{}", id),
          .payee = PayeeId(id),
          .rail = Rail::kAch,
          .state = DisbursementState::kSettled,
          .amount = amount,
          .file = kAchFile,
          .entry = amount,
          .copies = {{FileKind::k835, FileState::kAcked, amount},
                     {FileKind::kStatementPdf, FileState::kDelivered, amount}},
          .disbursed = amount};
}
PaymentEvidence ByCheck(std::int64_t id, Money amount) {
  PaymentEvidence payment = ByAch(id, amount);
  payment.rail = Rail::kCheck;
  payment.file = kCheckFile;
  payment.paid_by_line = amount;
  return payment;
}

// Two by ACH and one by check, all of it right.
RunEvidence Whole() {
  return {
      .payments = {ByAch(1, Dollars(100)), ByAch(2, Dollars(90)), ByCheck(3, Dollars(80))},
      .files = {
          {.id = kAchFile, .name = "a.ach", .kind = FileKind::kAch, .by_statement = Dollars(190)},
          {.id = kCheckFile, .name = "a.checks", .kind = FileKind::kChecks}}};
}

std::vector<std::string> GapsOf(const RunEvidence& evidence) {
  std::vector<std::string> gaps;
  for (const ThreeWayGap& gap : MatchThreeWays(evidence).gaps) {
    gaps.push_back(fmt::format("{}: {}", MatchLegName(gap.leg), gap.what));
  }
  return gaps;
}

// PRODUCT P4: 100 %, or the cycle does not close.
TEST(ThreeWay, AWholeRunMatchesToTheCent) {
  const ThreeWayMatch match = MatchThreeWays(Whole());
  EXPECT_TRUE(match.IsWhole());
  EXPECT_EQ(match.matched, 3);
  EXPECT_EQ(match.deposit, Dollars(270));
  EXPECT_EQ(match.remittance, Dollars(270));
  EXPECT_EQ(match.ledger, Dollars(270));
  EXPECT_TRUE(RequireWhole(match, RunId(1)).ok());
}

TEST(ThreeWay, ARunWithoutPaymentsIsWhole) { EXPECT_TRUE(MatchThreeWays({}).IsWhole()); }

struct GapCase {
  const char* name;
  std::function<void(RunEvidence&)> change;
  std::vector<std::string> gaps;
  std::int64_t matched = 0;
};

TEST(ThreeWay, EachThingThatIsMissingIsNamed) {
  const std::vector<GapCase> cases = {
      {"a cent too little at the bank",
       [](RunEvidence& run) { run.files[0].by_statement -= Money::FromCents(1); },
       {"deposit: the bank has shown 189.99 of file a.ach, and 190.00 left in it"},
       1},
      {"a cent too much at the bank",
       [](RunEvidence& run) { run.files[0].by_hand = Money::FromCents(1); },
       {"deposit: the bank has shown 190.01 of file a.ach, and 190.00 left in it"},
       1},
      {"money in transit",
       [](RunEvidence& run) { run.files[0].in_transit = Dollars(5); },
       {"ledger: 5.00 of file a.ach is still in transit"},
       1},
      {"an entry of another amount",
       [](RunEvidence& run) { run.payments[0].entry = Dollars(101); },
       {"deposit: payment P1 of 100.00 is 101.00 in its bank file"},
       2},
      {"a payment that is in no file",
       [](RunEvidence& run) { run.payments[0].entry.reset(); },
       {"deposit: payment P1 of 100.00 is not in its bank file"},
       2},
      {"a check that nothing paid",
       [](RunEvidence& run) { run.payments[2].paid_by_line.reset(); },
       {"deposit: no line of a statement has paid check P3 of 80.00"},
       2},
      {"an 835 of another amount",
       [](RunEvidence& run) { run.payments[1].copies[0].amount = Dollars(91); },
       {"remittance: the 835 of payment P2 says 91.00 instead of 90.00"},
       2},
      {"a remittance that did not leave",
       [](RunEvidence& run) {
         for (RemittanceCopy& copy : run.payments[1].copies) copy.state = FileState::kSentUnknown;
       },
       {"remittance: no 835 and no statement of payment P2 is delivered"},
       2},
      {"no remittance at all",
       [](RunEvidence& run) { run.payments[1].copies.clear(); },
       {"remittance: no 835 and no statement of payment P2 is delivered"},
       2},
      {"nothing in the ledger",
       [](RunEvidence& run) { run.payments[1].disbursed = Money{}; },
       {"ledger: the ledger has disbursed 0.00 for payment P2 of 90.00"},
       2},
      {"a payment that is under way",
       [](RunEvidence& run) {
         run.payments[2].state = DisbursementState::kSent;
         run.payments[2].paid_by_line.reset();
       },
       {"deposit: payment P3 is still SENT"},
       2},
      {"a file that is none of the run's",
       [](RunEvidence& run) { run.files.pop_back(); },
       {fmt::format("deposit: payments name file {}, which is none of the run's bank files",
                    kCheckFile)},
       2},
      {"a line that paid a void check",
       [](RunEvidence& run) {
         run.open_checks = {{.as_of = MakeDate(2026, 10, 5),
                             .number = 9,
                             .amount = Dollars(7),
                             .name = "CHECK_VOID",
                             .what = "check 9 is void"}};
       },
       {"deposit: CHECK_VOID of 2026-10-05, 7.00: check 9 is void"},
       3},
  };
  for (const GapCase& one : cases) {
    RunEvidence evidence = Whole();
    one.change(evidence);
    EXPECT_EQ(GapsOf(evidence), one.gaps) << one.name;
    EXPECT_EQ(MatchThreeWays(evidence).matched, one.matched) << one.name;
  }
}

TEST(ThreeWay, OneDeliveredRemittanceIsEnough) {
  RunEvidence run = Whole();
  run.payments[0].copies[0].state = FileState::kRejected;
  EXPECT_THAT(GapsOf(run), IsEmpty());
}

TEST(ThreeWay, SettlementByHandCountsAsTheStatementDoes) {
  RunEvidence run = Whole();
  run.files[0].by_statement = Dollars(100);
  run.files[0].by_hand = Dollars(90);
  EXPECT_THAT(GapsOf(run), IsEmpty());
}

// Refused by the bank before it left: the file settles for the rest.
TEST(ThreeWay, APaymentThatNeverLeftIsNotInTheDeposit) {
  for (const DisbursementState state :
       {DisbursementState::kRejected, DisbursementState::kVoided, DisbursementState::kStale}) {
    RunEvidence run = Whole();
    run.payments[1].state = state;
    run.payments[1].copies.clear();
    run.files[0].by_statement = Dollars(100);
    const ThreeWayMatch match = MatchThreeWays(run);
    EXPECT_TRUE(match.IsWhole());
    EXPECT_EQ(match.matched, 3);
    EXPECT_EQ(match.deposit, Dollars(180));
    EXPECT_EQ(match.ledger, Dollars(180));
    EXPECT_FALSE(match.rows[1].left);
  }
}

// One that came back left before it did.
TEST(ThreeWay, AReturnedPaymentWasDeposited) {
  RunEvidence run = Whole();
  run.payments[1].state = DisbursementState::kReturned;
  EXPECT_THAT(GapsOf(run), IsEmpty());
}

TEST(ThreeWay, AVoidCheckThatWasPaidIsAGap) {
  RunEvidence run = Whole();
  run.payments[2].state = DisbursementState::kVoided;
  EXPECT_THAT(GapsOf(run),
              ElementsAre("deposit: payment P3 is VOIDED, and the bank has paid 80.00 of it"));
}

TEST(ThreeWay, ANoticeOfZeroNeedsItsRemittanceAlone) {
  RunEvidence run = Whole();
  PaymentEvidence notice = ByAch(4, Money{});
  notice.rail = Rail::kNone;
  notice.file.reset();
  notice.entry.reset();
  run.payments.push_back(notice);
  EXPECT_THAT(GapsOf(run), IsEmpty());
  EXPECT_EQ(MatchThreeWays(run).matched, 4);
  run.payments.back().copies.clear();
  EXPECT_THAT(GapsOf(run),
              ElementsAre("remittance: no 835 and no statement of payment P4 is delivered"));
}

TEST(ThreeWay, TheRefusalNamesWhatIsMissingAndCountsTheRest) {
  RunEvidence run = Whole();
  for (std::int64_t id = 10; id < 17; ++id) {
    run.payments.push_back(ByCheck(id, Dollars(1)));
    run.payments.back().paid_by_line.reset();
  }
  const Status refused = RequireWhole(MatchThreeWays(run), RunId(7));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  const std::string message(StatusMessage(refused));
  EXPECT_THAT(message, HasSubstr("is not reconciled, 3 of 10 payments match; deposit: no line of a "
                                 "statement has paid check P10 of 1.00;"));
  EXPECT_THAT(message, HasSubstr("check P14 of 1.00; and 2 more"));
  EXPECT_THAT(message, ::testing::Not(HasSubstr("P15")));
}

}  // namespace
}  // namespace sluice::payments
