// From approval to settlement, killed at every place and resumed.
#include "payments/release_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "hierarchy/hierarchy_service.h"
#include "hierarchy/onboarding_service.h"
#include "payments/cycle_report.h"
#include "payments/disbursement_store.h"
#include "payments/obligation_store.h"
#include "payments/remittance/verify_files.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

class ReleaseServiceTest : public RunFixture {
 protected:
  std::vector<Disbursement> DisbursementsOf(RunId run) {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<Disbursement>> {
          return LoadDisbursements(tx, program_.book, run);
        });
    EXPECT_TRUE(rows.ok());
    return *rows;
  }
  std::vector<PaymentFile> FilesOf(RunId run) {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
          return LoadFiles(tx, program_.book, run);
        });
    EXPECT_TRUE(rows.ok());
    return *rows;
  }
  // Five payees in three batches.
  std::vector<AwardToPay> FiveShares() {
    for (std::int64_t party = 10; party < 15; ++party) AddPaidPayee(party);
    Fund(Dollars(1'000));
    return {Award(1,
                  {{10, Dollars(100)},
                   {11, Dollars(90)},
                   {12, Dollars(80)},
                   {13, Dollars(70)},
                   {14, Dollars(60)}},
                  Dollars(40))};
  }
};

TEST_F(ReleaseServiceTest, ARunIsPaidSettledAndClosed) {
  const RunId run = Approved(FiveShares());
  const auto releases = Releases();
  const Status released = releases->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  EXPECT_EQ(Balance(RunFundsAccount(run, program_.pool.id)), Money{});
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(1'000 - 440));
  const auto files = FilesOf(run);
  EXPECT_EQ(files.size(), 5U);  // ACH, 835, PDF, statement CSV, roster CSV
  EXPECT_EQ(Balance(InTransitAccount(files.front().id)), Dollars(400));
  EXPECT_EQ(DeliveredFiles().size(), files.size());
  ExpectBooksInOrder();

  const auto again = releases->Release(run, kService);
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(releases->Close(run, kFirst).code(), absl::StatusCode::kFailedPrecondition);
  const Status settled = releases->PostSettlement(run, MakeDate(2026, 10, 2), kService);
  ASSERT_TRUE(settled.ok()) << StatusMessage(settled);
  ASSERT_TRUE(releases->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  EXPECT_EQ(Balance(CashAccount(program_.pool.bank_account)), Dollars(600));
  EXPECT_EQ(Balance(InTransitAccount(files.front().id)), Money{});
  ASSERT_TRUE(releases->Close(run, kFirst).ok());
  EXPECT_EQ(StateOf(run), RunState::kClosed);
  ExpectBooksInOrder();
}

TEST_F(ReleaseServiceTest, APayeeWithoutAnAccountIsHeldWhileTheOthersArePaidAndPaidLater) {
  AddPaidPayee(10);
  const PayeeId waiting = AddPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  EXPECT_EQ(PayeeOf(run, waiting).hold, HoldReason::kNoBankAccount);
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(DisbursementsOf(run).size(), 1U);
  EXPECT_EQ(Balance(PayeePayableAccount(waiting)), Dollars(50));

  AddAccount(waiting, "998877665");
  const RunId next = Open(2, RunKind::kOffCycle);
  Approve(next, Submit(next, {}));
  EXPECT_EQ(PayeeOf(next, waiting).carried, Dollars(50));
  const Status released = Releases()->Release(next, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(Balance(PayeePayableAccount(waiting)), Money{});
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(850));
  ASSERT_EQ(DisbursementsOf(next).size(), 1U);
  EXPECT_EQ(DisbursementsOf(next).front().amount, Dollars(50));
}

// feature:H09
TEST_F(ReleaseServiceTest, APayeeWithoutATaxFormIsHeldAndPaidOnceItIsThere) {
  AddPaidPayee(10);
  const PayeeId waiting = EnrollPayee(11);
  AddAccount(waiting, "998877665");
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  EXPECT_EQ(PayeeOf(run, waiting).hold, HoldReason::kNoTaxForm);
  EXPECT_EQ(HoldReasonName(PayeeOf(run, waiting).hold), "NO_TAX_FORM");
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(DisbursementsOf(run).size(), 1U);
  EXPECT_EQ(Balance(PayeePayableAccount(waiting)), Dollars(50));

  RecordTaxForm(waiting);
  const RunId next = Open(2, RunKind::kOffCycle);
  Approve(next, Submit(next, {}));
  EXPECT_EQ(PayeeOf(next, waiting).net, Dollars(50));
  EXPECT_TRUE(PayeeOf(next, waiting).IsPaid());
}

TEST_F(ReleaseServiceTest, AnAccountChangedAfterApprovalIsNeverPaidElsewhere) {
  const PayeeId payee = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  AddAccount(payee, "123123123");  // version 2 supersedes the approved version 1
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto paid = DisbursementsOf(run);
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(paid.front().payee, other);
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(100));
  EXPECT_EQ(Balance(RunFundsAccount(run, program_.pool.id)), Money{});
  for (const auto& [name, bytes] : DeliveredFiles()) {
    EXPECT_EQ(bytes.find("123123123"), std::string::npos) << name;
  }
}

// feature:H06
TEST_F(ReleaseServiceTest, APartyThatIsNotActiveAnyMoreIsNotPaid) {
  const PayeeId stopped = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  // A case is opened after the approval: the party is to be looked at again.
  hierarchy::ChangeSet change;
  change.AddParty({PartyId(10), hierarchy::PartyKind::kPractice}, "Elm Practice", kBusinessDate);
  ASSERT_TRUE(hierarchy::HierarchyService(db_.App(), db_.Clock())
                  .Apply(payer_, change, {.source = "test"})
                  .ok());
  ASSERT_TRUE(hierarchy::OnboardingService(db_.App(), db_.Clock())
                  .Open(payer_, PartyId(10), kCompliance.user)
                  .ok());
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto paid = DisbursementsOf(run);
  ASSERT_EQ(paid.size(), 1U);
  EXPECT_EQ(paid.front().payee, other);
  EXPECT_EQ(Balance(PayeePayableAccount(stopped)), Dollars(100));
  // The next run says what it waits for.
  const RunId next = Open(2, RunKind::kOffCycle);
  Submit(next, {});
  EXPECT_EQ(PayeeOf(next, stopped).hold, HoldReason::kNotOnboarded);
}

// feature:H06
TEST_F(ReleaseServiceTest, WhereOnboardingIsRequiredAPartyWithoutACaseIsHeld) {
  using hierarchy::OnboardingCommand;
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  program_.plan.require_onboarding = true;
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{10, Dollars(100)}})}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kNotOnboarded);
  // A case that is not active is not enough either.
  hierarchy::ChangeSet change;
  change.AddParty({PartyId(10), hierarchy::PartyKind::kPractice}, "Elm Practice", kBusinessDate);
  ASSERT_TRUE(hierarchy::HierarchyService(db_.App(), db_.Clock())
                  .Apply(payer_, change, {.source = "test"})
                  .ok());
  const hierarchy::OnboardingService onboarding(db_.App(), db_.Clock());
  ASSERT_TRUE(onboarding.Open(payer_, PartyId(10), kCompliance.user).ok());
  ASSERT_TRUE(Cycles().Calculate(run, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kNotOnboarded);
  // Where it is not required, the imported party is paid; with the case it is not.
  program_.plan.require_onboarding = false;
  ASSERT_TRUE(Cycles().Calculate(run, {}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kNotOnboarded);
}

TEST_F(ReleaseServiceTest, AnAccountSuspendedAfterPostingIsVoidedBeforeItsFileIsBuilt) {
  const PayeeId payee = AddPaidPayee(10);
  AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (place == "run.between_batches" && StateOf(run) == RunState::kReleasing &&
        accounts_.contains(payee)) {
      Suspend(payee);
      accounts_.erase(payee);
    }
    return OkStatus();
  };
  const Status released = Releases(hooks)->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(100));
  EXPECT_EQ(Balance(InTransitAccount(FilesOf(run).front().id)), Dollars(50));
  ExpectBooksInOrder();
}

// feature:C13
// feature:P17
TEST_F(ReleaseServiceTest, ALossIsAReceivableANoticeAndALaterOffset) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, -Dollars(300)}})});
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Dollars(300));
  ASSERT_EQ(DisbursementsOf(run).size(), 1U);
  EXPECT_EQ(DisbursementsOf(run).front().amount, Money{});
  ExpectBooksInOrder();
  ASSERT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  ASSERT_TRUE(Releases()->Close(run, kFirst).ok());

  const RunId next = Open(2);
  Approve(next, Submit(next, {Award(2, {{10, Dollars(400)}})}));
  EXPECT_EQ(PayeeOf(next, payee).offset, Dollars(300));
  const Status paid = Releases()->Release(next, kService);
  ASSERT_TRUE(paid.ok()) << StatusMessage(paid);
  EXPECT_EQ(Balance(PayeeReceivableAccount(payee)), Money{});
  EXPECT_EQ(DisbursementsOf(next).front().amount, Dollars(100));
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(900));
  ExpectBooksInOrder();
}

TEST_F(ReleaseServiceTest, ANetAboveTheAchLimitIsHeldWithItsReason) {
  const PayeeId payee = AddPaidPayee(10);
  AddPaidPayee(11);
  Fund(Dollars(200'000'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100'000'000)}, {11, Dollars(50)}})});
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kAboveAchLimit);
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(DisbursementsOf(run).size(), 1U);
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(100'000'000));
}

// feature:P15
TEST_F(ReleaseServiceTest, ARestatementPaysTheDifferenceAndRecoupsTheRest) {
  const PayeeId up = AddPaidPayee(10);
  const PayeeId down = AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  const RunId next = Open(1, RunKind::kCorrection);
  Approve(next, Submit(next, {Award(1, {{10, Dollars(130)}, {11, Dollars(20)}}, {}, 2)}));
  EXPECT_EQ(PayeeOf(next, up).net, Dollars(30));
  EXPECT_EQ(PayeeOf(next, down).recoup, Dollars(30));
  ASSERT_TRUE(Releases()->Release(next, kService).ok());
  EXPECT_EQ(Balance(PayeeReceivableAccount(down)), Dollars(30));
  ExpectBooksInOrder();
}

TEST_F(ReleaseServiceTest, OfTwoThatReleaseAtOnceOneWins) {
  const RunId run = Approved(FiveShares());
  std::atomic<int> won{0}, refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const Status status = Releases()->Release(run, kService);
      if (status.ok()) ++won;
      if (status.code() == absl::StatusCode::kFailedPrecondition ||
          status.code() == absl::StatusCode::kAborted) {
        ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(DisbursementsOf(run).size(), 5U);
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(560));
}

TEST_F(ReleaseServiceTest, AWorkerThatWasTakenOverChangesNothing) {
  const RunId run = Approved(FiveShares());
  bool taken = false;
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (place == "run.between_batches" && !taken) {
      taken = true;
      const Status resumed = Releases()->Resume(run, kFirst);
      EXPECT_TRUE(resumed.ok()) << StatusMessage(resumed);
    }
    return OkStatus();
  };
  EXPECT_EQ(Releases(hooks)->Release(run, kService).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(560));
  EXPECT_EQ(DeliveredFiles().size(), 5U);
}

TEST_F(ReleaseServiceTest, AFileOfTheSameNameWithOtherContentIsNeverOverwritten) {
  const RunId run = Approved(FiveShares());
  std::filesystem::create_directories(directory_ + "/out");
  const std::string name = FileName(program_, run, FileKind::kAch, 1);
  std::ofstream(directory_ + "/out/" + name) << "somebody else's";
  const Status refused = Releases()->Release(run, kService);
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(DeliveredFiles().at(name), "somebody else's");
  std::filesystem::remove(directory_ + "/out/" + name);
  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  EXPECT_EQ(StateOf(run), RunState::kSettling);
}

TEST_F(ReleaseServiceTest, AnUnknownDeliveryWaitsForEvidenceOrTwoPeople) {
  const RunId run = Approved(FiveShares());
  ReleaseHooks hooks;
  hooks.reached = [](std::string_view place) -> Status {
    return place == "file.after_rename" ? Aborted("killed") : OkStatus();
  };
  ASSERT_FALSE(Releases(hooks)->Release(run, kService).ok());
  const std::string name = FileName(program_, run, FileKind::kAch, 1);
  std::filesystem::remove(directory_ + "/out/" + name);  // did the bank take it?
  EXPECT_THAT(StatusMessage(Releases()->Resume(run, kService)), HasSubstr("is unknown"));
  const PaymentFileId file = FilesOf(run).front().id;
  EXPECT_EQ(FilesOf(run).front().state, FileState::kSentUnknown);
  EXPECT_FALSE(Releases()->DeclareNotDelivered(run, file, "not seen", {kFirst, kFirst}).ok());
  ASSERT_TRUE(Releases()->DeclareNotDelivered(run, file, "not seen", {kFirst, kSecond}).ok());
  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  EXPECT_TRUE(DeliveredFiles().contains(name));
}

// The control file says what the ledger disbursed; the independent reader ties every file to it,
// also where a kind of file has several parts.
TEST_F(ReleaseServiceTest, TheReportComesFromTheLedgerAndTheFilesTieToIt) {
  std::vector<AwardToPay> awards = FiveShares();
  const PayeeId held = AddPayee(20);
  awards.push_back(Award(2, {{20, Dollars(30)}, {21, Dollars(7)}}));
  const RunId run = Approved(awards);
  ReleaseSettings settings = Settings();
  settings.payments_per_csv = 2;
  const auto releases = std::make_unique<ReleaseService>(
      db_.App(), db_.Files(), program_, std::move(settings), *keys_, db_.Clock(), db_.Ids());
  ASSERT_TRUE(releases->Release(run, kService).ok());
  const std::vector<ReleasedRun> released = {{releases.get(), run}};
  const auto report = MakeCycleReport(db_.App(), "Prairie Health Plan", "2025", released);
  ASSERT_TRUE(report.ok()) << StatusMessage(report.status());
  ASSERT_EQ(report->programs.size(), 1U);
  EXPECT_EQ(report->programs[0].contracts, 2);
  EXPECT_EQ(report->programs[0].paid, Dollars(400));
  EXPECT_EQ(report->programs[0].withheld, Dollars(40));
  EXPECT_EQ(report->payments.size(), 5U);
  EXPECT_EQ(report->payments[0].disbursed, Dollars(100));
  ASSERT_EQ(report->held.size(), 2U);
  EXPECT_EQ(report->held[0].reason_code, "NO_BANK_ACCOUNT");
  EXPECT_EQ(report->held[1].reason_code, "NO_PAYEE");
  EXPECT_EQ(report->files.size(),
            9U);  // ACH, 835, PDF, three tables each of statements and rosters
  ASSERT_TRUE(WriteCycleFiles(directory_ + "/out", *report).ok());
  const auto verified =
      VerifyDirectory(directory_ + "/out", VerifyOptions{.profile = Settings().bank});
  ASSERT_TRUE(verified.ok()) << StatusMessage(verified.status());
  for (const Finding& finding : verified->findings) ADD_FAILURE() << finding.ToString();
  EXPECT_EQ(verified->ledger_total, Dollars(400));

  const auto summary = SummarizeRun(db_.App(), program_, run);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->held[0].payee, held);
  const std::string text = FormatRunSummaries(std::vector{*summary});
  EXPECT_THAT(text, HasSubstr("NO_BANK_ACCOUNT"));
  EXPECT_THAT(text, HasSubstr("400.00"));
}

// Kills the release at each place it passes, resumes it, and compares with an undisturbed release
// of the same run in a database of its own.
class KilledRelease : public ReleaseServiceTest, public ::testing::WithParamInterface<int> {};

std::map<std::string, std::string>& Undisturbed() {
  static std::map<std::string, std::string> files;
  return files;
}

TEST_P(KilledRelease, LeavesTheSameFilesAndTheSameMoneyWhenResumed) {
  // The files of two databases are compared, which are equal when their ids begin alike.
  if (!db_.IsIsolated()) GTEST_SKIP() << "skipped: needs a database of its own";
  const RunId run = Approved(FiveShares());
  int places = 0;
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (++places == GetParam()) return Aborted("killed at {}", std::string(place));
    return OkStatus();
  };
  Status status = Releases(hooks)->Release(run, kService);
  if (GetParam() == 0) {
    ASSERT_TRUE(status.ok()) << StatusMessage(status);
    Undisturbed() = DeliveredFiles();
    EXPECT_GT(places, 20);
  } else {
    const bool passed = places < GetParam();  // the release has fewer places
    EXPECT_EQ(status.ok(), passed);
    db_.Clock().AdvanceMicros(std::int64_t{7} * 60 * 1'000'000);
    if (!passed) status = Releases()->Resume(run, kService);
    ASSERT_TRUE(status.ok()) << StatusMessage(status);
    if (!Undisturbed().empty()) {
      const auto files = DeliveredFiles();
      ASSERT_EQ(files.size(), Undisturbed().size());
      for (const auto& [name, bytes] : Undisturbed()) {
        EXPECT_TRUE(files.contains(name) && files.at(name) == bytes) << name;
      }
    }
  }
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  EXPECT_EQ(DisbursementsOf(run).size(), 5U);
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(560));
  EXPECT_EQ(Balance(RunFundsAccount(run, program_.pool.id)), Money{});
  EXPECT_EQ(Balance(InTransitAccount(FilesOf(run).front().id)), Dollars(400));
  ExpectBooksInOrder();
}

INSTANTIATE_TEST_SUITE_P(Places, KilledRelease, ::testing::Range(0, 42));

}  // namespace
}  // namespace sluice::payments
