// A calculated run, worked by people: the exceptions, lines that are held and let go, and the
// comparison with the last cycle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "payments/payment_rules.h"
#include "payments/work/cycle_comparison.h"
#include "payments/work/cycle_exceptions.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr pg::Query kInsertContract{"test_insert_contract", R"sql(
  INSERT INTO performance.contract (contract_id, payer_id, program_id, party_id, effective_from,
    effective_to)
  VALUES ($1, $2, $3, $4, '2025-01-01', NULL)
)sql"};

constexpr pg::Query kInsertOtherProgram{"test_insert_other_program", R"sql(
  INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category, book_id,
    created_at)
  VALUES ($1, $2, 'Care coordination', 'ssl', '3B', $3, $4)
)sql"};

constexpr pg::Query kInsertEvent{"test_insert_activity_event", R"sql(
  INSERT INTO performance.activity_event (contract_id, event_id, recorded_at, batch_id, member_id,
    provider_id, practice_id, kind, code, service_date, received_on, channel, evidence,
    evidence_status, voided, source)
  VALUES ($1, $2, '2026-01-10', 1, $3, $4, $4, 0, $5, '2025-02-03', '2025-02-04', 'claim', '', 1,
    false, 'test')
)sql"};

constexpr pg::Query kInsertActivityRun{"test_insert_activity_run", R"sql(
  INSERT INTO performance.activity_run (contract_id, run_id, period_from, period_to, known_at,
    calculated_at, terms_version, lines_sha256, submitted, counted, points, amount, over_limit)
  VALUES ($1, $2, '2025-01-01', '2026-01-01', '2026-01-11', '2026-01-11', 1,
    decode(repeat('00', 32), 'hex'), 1, 1, '0', '50', '0')
)sql"};

constexpr pg::Query kInsertActivityLine{"test_insert_activity_line", R"sql(
  INSERT INTO performance.activity_line (contract_id, run_id, position, event_id,
    event_recorded_at, measure, points, priced, earned, reason, cut_by_cap, detail)
  VALUES ($1, $2, $6, $3, '2026-01-10', 'TCM', '0', '50', $4, $5, false, '')
)sql"};

class CycleWorkTest : public RunFixture {
 protected:
  ObligationId LineOf(RunId run, PayeeId payee) {
    const auto plan = Cycles().Plan(run);
    EXPECT_TRUE(plan.ok());
    for (const RunLine& line : plan->lines) {
      if (line.payee == payee) return line.obligation;
    }
    ADD_FAILURE() << "no line";
    return {};
  }

  HoldReason HoldOf(RunId run, PayeeId payee) {
    const auto plan = Cycles().Plan(run);
    EXPECT_TRUE(plan.ok());
    for (const RunLine& line : plan->lines) {
      if (line.payee == payee) return line.hold;
    }
    return HoldReason::kNone;
  }

  std::vector<CycleException> Exceptions(RunId run) {
    const auto list = ListExceptions(db_.App(), program_, run, db_.Clock().Now());
    EXPECT_TRUE(list.ok()) << StatusMessage(list.status());
    return list.value_or(std::vector<CycleException>{});
  }

  void SetRules(const PaymentRules& rules) {
    const auto set = PaymentRulesService(db_.App(), program_, db_.Clock())
                         .Set(rules, kBusinessDate, "test", kMaker);
    ASSERT_TRUE(set.ok()) << StatusMessage(set.status());
  }

  // One event of a member that earned `earned` in the contract, by a practice.
  void AddActivity(ContractId contract, std::int64_t member, const std::string& code,
                   std::int64_t practice, const std::string& earned = "50") {
    const Status added = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const std::int64_t event = db_.Ids().NextValue();
      const auto [run, fresh] = activity_runs_.try_emplace(contract, db_.Ids().NextValue());
      tx.Execute(kInsertEvent, contract, event, member, practice, code);
      if (fresh) tx.Execute(kInsertActivityRun, contract, run->second);
      tx.Execute(kInsertActivityLine, contract, run->second, event, earned,
                 earned == "0" ? std::optional<std::string>("DUPLICATE_ACTIVITY") : std::nullopt,
                 ++activity_lines_);
      return OkStatus();
    });
    ASSERT_TRUE(added.ok()) << StatusMessage(added);
  }

  // Contracts of the awards 1 and 2 in this program, and one in another program.
  ContractId AddContracts() {
    const ContractId other(7'777'777);
    const Status added = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const ProgramId program = db_.Ids().Next<ProgramTag>();
      tx.Execute(kInsertOtherProgram, program, payer_, db_.Ids().Next<BookTag>(),
                 db_.Clock().Now());
      tx.Execute(kInsertContract, ContractId(1'000'001), payer_, program_.program, PartyId(10));
      tx.Execute(kInsertContract, ContractId(1'000'002), payer_, program_.program, PartyId(20));
      tx.Execute(kInsertContract, other, payer_, program, PartyId(30));
      return OkStatus();
    });
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
    return other;
  }

  RunId Settled(const std::vector<AwardToPay>& awards) {
    const RunId run = Approved(awards);
    const auto releases = Releases();
    EXPECT_TRUE(releases->Release(run, kFirst).ok());
    EXPECT_TRUE(releases->PostSettlement(run, kBusinessDate + Days(1), kService).ok());
    EXPECT_TRUE(releases->Close(run, kFirst).ok());
    return run;
  }

  RunId OpenNextYear() {
    const auto run = Cycles().Open({.name = "Shared savings 2026",
                                    .period = DateRange::Year(2026),
                                    .business_date = kBusinessDate + Days(7)},
                                   kMaker);
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    return run->id;
  }

 private:
  std::map<ContractId, std::int64_t> activity_runs_;
  std::int32_t activity_lines_ = 0;
};

// feature:M14
TEST_F(CycleWorkTest, EveryKindOfExceptionIsListedWithWhatToDo) {
  const PayeeId paid = AddPaidPayee(10);
  const PayeeId no_account = AddPayee(20);
  const PayeeId no_form = EnrollPayee(30);
  const PayeeId owing = AddPaidPayee(40);
  const PayeeId large = AddPaidPayee(50);
  const PayeeId small = AddPaidPayee(60);
  Fund(Dollars(10'000));
  PaymentRules rules = RulesOf(program_);
  rules.line_cap = Dollars(5'000);
  rules.minimum_payment = Dollars(2);
  rules.recoup_notice_days = 30;
  SetRules(rules);
  const RunId run = Open();
  ASSERT_TRUE(Cycles()
                  .Calculate(run,
                             std::vector{Award(1, {{10, Dollars(100)},
                                                   {20, Dollars(200)},
                                                   {30, Dollars(300)},
                                                   {50, Dollars(5'001)},
                                                   {60, Dollars(1)},
                                                   {70, Dollars(400)}}),
                                         Award(2, {{40, -Dollars(50)}})},
                             kMaker)
                  .ok());
  const auto list = Exceptions(run);
  ASSERT_THAT(list, SizeIs(6));
  const auto of = [&](CycleExceptionKind kind) {
    return *std::ranges::find(list, kind, &CycleException::kind);
  };
  EXPECT_EQ(of(CycleExceptionKind::kOverCap).payee, large);
  EXPECT_EQ(of(CycleExceptionKind::kOverCap).line, LineOf(run, large));
  EXPECT_THAT(of(CycleExceptionKind::kOverCap).to_do, HasSubstr("accept it with a reason"));
  EXPECT_EQ(of(CycleExceptionKind::kNoAccount).payee, no_account);
  EXPECT_EQ(of(CycleExceptionKind::kNoAccount).amount, Dollars(200));
  EXPECT_EQ(of(CycleExceptionKind::kNoTaxForm).payee, no_form);
  EXPECT_EQ(of(CycleExceptionKind::kSmall).payee, small);
  EXPECT_EQ(HoldReasonName(of(CycleExceptionKind::kSmall).hold), "BELOW_MINIMUM_PAYMENT");
  EXPECT_EQ(of(CycleExceptionKind::kNoPayee).name, fmt::format("party {}", PartyId(70)));
  EXPECT_EQ(of(CycleExceptionKind::kNegative).payee, owing);
  EXPECT_EQ(of(CycleExceptionKind::kNegative).amount, -Dollars(50));
  EXPECT_THAT(of(CycleExceptionKind::kNegative).to_do, HasSubstr("from 2026-10-31 on"));
  EXPECT_EQ(TotalsOf(list).at(CycleExceptionKind::kOverCap).count, 1);
  EXPECT_TRUE(PayeeOf(run, paid).IsPaid());
}

TEST_F(CycleWorkTest, AHeldLineWaitsAndTheOthersOfItsPayeeArePaid) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const std::vector<AwardToPay> awards = {Award(1, {{10, Dollars(100)}}),
                                          Award(2, {{10, Dollars(30)}})};
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  const ObligationId line = LineOf(run, payee);
  EXPECT_FALSE(Cycles().HoldLine(run, line, "", kMaker).ok());
  ASSERT_TRUE(Cycles().HoldLine(run, line, "asked the practice about it", kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(30));
  const auto list = Exceptions(run);
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_THAT(list[0].what, HasSubstr("asked the practice about it"));
  EXPECT_EQ(Cycles().HoldLine(run, line, "twice", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);

  // Calculated again, it still waits; approved and released, only the rest is paid.
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(30));
  const auto digest = Cycles().Submit(run, kMaker);
  ASSERT_TRUE(digest.ok());
  Approve(run, *digest);
  const auto releases = Releases();
  const Status released = releases->Release(run, kFirst);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(Balance(ProgramObligationAccount(ContractId(1'000'001))), Dollars(100));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  ASSERT_TRUE(releases->PostSettlement(run, kBusinessDate + Days(1), kService).ok());
  ASSERT_TRUE(releases->Close(run, kFirst).ok());
  ExpectBooksInOrder();

  // A later run takes it up once it is let go.
  const RunId next = Open(2, RunKind::kOffCycle);
  ASSERT_TRUE(Cycles().Calculate(next, awards, kMaker).ok());
  EXPECT_EQ(HoldOf(next, payee), HoldReason::kLineByPerson);
  ASSERT_TRUE(Cycles().ReleaseLine(next, line, "the practice confirmed it", kMaker).ok());
  EXPECT_EQ(PayeeOf(next, payee).net, Dollars(100));
  EXPECT_EQ(Cycles().ReleaseLine(next, line, "again", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);
  // Whoever decided about a line is an editor and does not approve.
  ASSERT_TRUE(Cycles().HoldLine(next, line, "one more look", kSecond).ok());
  ASSERT_TRUE(Cycles().ReleaseLine(next, line, "fine", kSecond).ok());
  const auto again = Cycles().Submit(next, kMaker);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(Cycles().Approve(next, *again, {}, kSecond).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(CycleWorkTest, AHoldFollowsTheShareThroughARecalculation) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(100)}})}, kMaker).ok());
  ASSERT_TRUE(Cycles().HoldLine(run, LineOf(run, payee), "disputed", kMaker).ok());
  ASSERT_TRUE(
      Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(90)}}, Money{}, 2)}, kMaker).ok());
  EXPECT_EQ(HoldOf(run, payee), HoldReason::kLineByPerson);
}

TEST_F(CycleWorkTest, AnAcceptedLineAboveTheCapIsPaidAndALargerOneWaitsAgain) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  PaymentRules rules = RulesOf(program_);
  rules.line_cap = Dollars(100);
  SetRules(rules);
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(100)}})}, kMaker).ok());
  EXPECT_EQ(HoldOf(run, payee), HoldReason::kNone);  // at the cap
  const auto larger = std::vector{Award(1, {{10, Dollars(101)}}, Money{}, 2)};
  ASSERT_TRUE(Cycles().Calculate(run, larger, kMaker).ok());
  EXPECT_EQ(HoldOf(run, payee), HoldReason::kOverCap);
  EXPECT_EQ(Cycles().ReleaseLine(run, LineOf(run, payee), "by schedule", kService).code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(Cycles().ReleaseLine(run, LineOf(run, payee), "agreed in amendment 2", kMaker).ok());
  ASSERT_TRUE(Cycles().Calculate(run, larger, kMaker).ok());
  EXPECT_EQ(HoldOf(run, payee), HoldReason::kNone);
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(101));
  ASSERT_TRUE(Cycles()
                  .Calculate(run, std::vector{Award(1, {{10, Dollars(102)}}, Money{}, 3)}, kMaker)
                  .ok());
  EXPECT_EQ(HoldOf(run, payee), HoldReason::kOverCap);
}

// feature:M16
TEST_F(CycleWorkTest, TheSameActivityInAnotherProgramIsFlaggedBeforeRelease) {
  const PayeeId first = AddPaidPayee(10);
  const PayeeId second = AddPaidPayee(11);
  const PayeeId third = AddPaidPayee(20);
  Fund(Dollars(1'000));
  const ContractId other = AddContracts();
  AddActivity(ContractId(1'000'001), 501, "99496", 10);
  AddActivity(other, 501, "99496", 30);
  // Not the same: another code; nothing earned there; another member.
  AddActivity(ContractId(1'000'002), 502, "99496", 20);
  AddActivity(other, 502, "99495", 30);
  AddActivity(other, 502, "99496", 30, "0");
  const std::vector<AwardToPay> awards = {Award(1, {{10, Dollars(50)}, {11, Dollars(20)}}),
                                          Award(2, {{20, Dollars(70)}})};
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_EQ(HoldOf(run, first), HoldReason::kDuplicate);
  EXPECT_EQ(HoldOf(run, second), HoldReason::kNone);
  EXPECT_EQ(HoldOf(run, third), HoldReason::kNone);
  const auto list = Exceptions(run);
  ASSERT_THAT(list, SizeIs(1));
  EXPECT_EQ(list[0].kind, CycleExceptionKind::kDuplicate);
  EXPECT_THAT(list[0].what, HasSubstr("also earned 50 in Care coordination"));
  ASSERT_TRUE(Cycles().ReleaseLine(run, LineOf(run, first), "two visits, both count", kMaker).ok());
  EXPECT_EQ(PayeeOf(run, first).net, Dollars(50));
  EXPECT_THAT(Exceptions(run), IsEmpty());
}

TEST_F(CycleWorkTest, APayeeStoppedInARunStaysStoppedUntilItIsLetGo) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const std::vector<AwardToPay> awards = {Award(1, {{10, Dollars(100)}})};
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  ASSERT_TRUE(Cycles().HoldPayee(run, payee, "address unclear", kMaker).ok());
  ASSERT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kByPerson);
  EXPECT_EQ(PayeeOf(run, payee).hold_note, "address unclear");
  EXPECT_EQ(Cycles().HoldPayee(run, payee, "again", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Cycles().ReleasePayee(run, payee, "clear now", kMaker).ok());
  EXPECT_TRUE(PayeeOf(run, payee).IsPaid());
  EXPECT_EQ(Cycles().ReleasePayee(run, payee, "twice", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(CycleWorkTest, ARunIsComparedWithTheLastCycleCauseByCause) {
  const PayeeId first = AddPaidPayee(10);
  const PayeeId second = AddPaidPayee(20);
  Fund(Dollars(10'000));
  Settled({Award(1, {{10, Dollars(100)}}), Award(2, {{10, Dollars(40)}, {20, Dollars(60)}})});
  // Contract 1 is another award of the same contract a year later; contract 2 ended; 4 is new.
  AwardToPay again = Award(11, {{10, Dollars(130)}});
  again.contract = ContractId(1'000'001);
  again.contract_name = "A1";
  const RunId run = OpenNextYear();
  ASSERT_TRUE(
      Cycles().Calculate(run, std::vector{again, Award(4, {{10, Dollars(5)}})}, kMaker).ok());
  const auto comparison = CompareWithLast(db_.App(), program_, run);
  ASSERT_TRUE(comparison.ok()) << StatusMessage(comparison.status());
  EXPECT_EQ(comparison->previous_cycle, "Shared savings 2025");
  ASSERT_THAT(comparison->payees, SizeIs(2));
  const PayeeComparison& one = comparison->payees[0];
  EXPECT_EQ(one.payee, first);
  EXPECT_EQ(one.before, Dollars(140));
  EXPECT_EQ(one.now, Dollars(135));
  ASSERT_THAT(one.causes, SizeIs(3));
  EXPECT_EQ(one.causes[0].text, "award of A1: 100.00 -> 130.00");
  EXPECT_EQ(one.causes[0].amount, Dollars(30));
  EXPECT_EQ(one.causes[1].text, "A2 pays nothing more");
  EXPECT_EQ(one.causes[1].amount, -Dollars(40));
  EXPECT_EQ(one.causes[2].text, "A4 is new");
  EXPECT_EQ(comparison->payees[1].payee, second);
  EXPECT_EQ(comparison->payees[1].Difference(), -Dollars(60));
}

TEST(CompareRuns, ARestatementAndAnotherPartOfTheSameAwardAreCausesOfTheirOwn) {
  const ComparedLine line{.payee = PayeeId(1),
                          .stream = "ssl",
                          .contract = ContractId(5),
                          .contract_name = "A5",
                          .amount = Dollars(10),
                          .award = Dollars(100)};
  ComparedLine now = line;
  now.amount = Dollars(12);
  ComparedLine restated = line;
  restated.component = ObligationComponent::kRestatement;
  restated.amount = -Dollars(3);
  const auto result = CompareRuns(std::vector{line}, std::vector{now, restated});
  ASSERT_THAT(result, SizeIs(1));
  EXPECT_EQ(result[0].Difference(), -Dollars(1));
  ASSERT_THAT(result[0].causes, SizeIs(2));
  EXPECT_EQ(result[0].causes[0].text, "part of the award of A5, which is 100.00 as before");
  EXPECT_EQ(result[0].causes[1].text, "restatement of A5");
  // The same twice: no difference and no cause.
  EXPECT_THAT(CompareRuns(std::vector{line}, std::vector{line})[0].causes, IsEmpty());
}

}  // namespace
}  // namespace sluice::payments
