// Payments by check: chosen in a run, numbered, told to the bank, voided, stale, issued again.
#include "payments/checks/check_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "payments/checks/check_file.h"
#include "payments/cycle_report.h"
#include "payments/disbursement_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/payee_hold.h"
#include "payments/remittance/verify_files.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kLater = MakeDate(2027, 6, 1);

class CheckServiceTest : public RunFixture {
 protected:
  void SetUp() override {
    RunFixture::SetUp();
    auto layout = LoadCheckLayout("deploy/config/checks/csv.toml");
    ASSERT_TRUE(layout.ok());
    layout_ = *layout;
    program_.plan.pays_by_check = true;
    releases_ = Service();
  }

  std::unique_ptr<ReleaseService> Service(ReleaseHooks hooks = {}) {
    ReleaseSettings settings = Settings();
    settings.check_layout = layout_;
    return std::make_unique<ReleaseService>(db_.App(), db_.Files(), program_, settings, *keys_,
                                            db_.Clock(), db_.Ids(), std::move(hooks));
  }
  CheckService Checks() { return {db_.App(), payer_, program_.book, db_.Clock()}; }
  void Stock(std::int64_t first, std::int64_t last) {
    const Status added = Checks().AddStock(program_.pool.bank_account, first, last, kMaker);
    ASSERT_TRUE(added.ok()) << StatusMessage(added);
  }

  // Approved, with these payees paid by check.
  RunId ByCheck(const std::vector<AwardToPay>& awards, const std::vector<PayeeId>& payees,
                std::int32_t seq = 1) {
    constexpr std::array kKinds = {RunKind::kRegular, RunKind::kOffCycle, RunKind::kReissue};
    const RunId run = Open(seq, kKinds.at(static_cast<std::size_t>(seq - 1)));
    EXPECT_TRUE(Cycles().Calculate(run, awards, kMaker).ok());
    for (const PayeeId payee : payees) {
      const Status chosen = Cycles().PayByCheck(run, payee, "no account yet", kMaker);
      EXPECT_TRUE(chosen.ok()) << StatusMessage(chosen);
    }
    const auto digest = Cycles().Submit(run, kMaker);
    EXPECT_TRUE(digest.ok());
    Approve(run, *digest);
    return run;
  }
  // Two payees without an account get checks 1001 and 1002, a third one is paid by ACH.
  RunId ReleaseTwoChecks() {
    Stock(1001, 1099);
    first_ = AddPayee(10);
    second_ = AddPayee(11);
    AddPaidPayee(12);
    Fund(Dollars(1'000));
    const RunId run =
        ByCheck({Award(1, {{10, Dollars(100)}, {11, Dollars(90)}, {12, Dollars(80)}})},
                {first_, second_});
    const Status released = releases_->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run;
  }
  std::string FileEnding(const std::string& end) {
    std::string bytes;
    for (const auto& [name, content] : DeliveredFiles()) {
      if (name.ends_with(end)) bytes += content;
    }
    return bytes;
  }
  Status Void(std::int64_t number, Actor second = kSecond) {
    return Checks().Void({.number = number,
                          .reason = "lost in the mail",
                          .on = kBusinessDate,
                          .first = kFirst,
                          .second = second});
  }
  CheckState StateOf(std::int64_t number) {
    const auto found = Checks().Find(number);
    EXPECT_TRUE(found.ok()) << StatusMessage(found.status());
    return found->check.state;
  }
  std::vector<std::int64_t> Numbers() {
    std::vector<std::int64_t> numbers;
    const auto rows = Checks().Register();
    EXPECT_TRUE(rows.ok());
    for (const CheckRow& row : *rows) numbers.push_back(row.number);
    return numbers;
  }
  using RunFixture::StateOf;

  CheckLayout layout_;
  std::unique_ptr<ReleaseService> releases_;
  PayeeId first_, second_;
};

// feature:M11
TEST_F(CheckServiceTest, APayeeWithoutAnAccountIsPaidByCheckAndTheBankIsTold) {
  const RunId run = ReleaseTwoChecks();
  EXPECT_EQ(FileEnding(".checks"),
            "I,99887766,1001,100226,100.00,PRACTICE 10\r\n"
            "I,99887766,1002,100226,90.00,PRACTICE 11\r\n");
  EXPECT_THAT(Numbers(), ElementsAre(1001, 1002));
  const auto rows = Checks().Register();
  PaymentFileId file = rows->front().file;
  EXPECT_EQ(Balance(InTransitAccount(file)), Dollars(190));
  EXPECT_THAT(FileEnding(".835"), HasSubstr("BPR*I*100*C*CHK"));
  EXPECT_THAT(FileEnding(".835"), HasSubstr("TRN*1*1001*1411111111~"));
  ExpectBooksInOrder();
  // The bank's line pays the ACH file; each check settles when it is cashed.
  ASSERT_TRUE(releases_->PostSettlement(run, MakeDate(2026, 10, 5), kService).ok());
  EXPECT_EQ(Balance(InTransitAccount(file)), Dollars(190));
  const Status closed = releases_->Close(run, kFirst);
  EXPECT_THAT(StatusMessage(closed), HasSubstr("payment 1001 of run"));
}

TEST_F(CheckServiceTest, TheDirectoryPassesTheIndependentReader) {
  const RunId run = ReleaseTwoChecks();
  const ReleasedRun released{.service = releases_.get(), .run = run};
  const auto report =
      MakeCycleReport(db_.App(), "Prairie Health Plan", "2025", std::span(&released, 1));
  ASSERT_TRUE(report.ok()) << StatusMessage(report.status());
  EXPECT_EQ(report->payments[0].method, PaymentMethod::kCheck);
  ASSERT_TRUE(WriteCycleFiles(directory_ + "/out", *report).ok());
  const auto verified = VerifyDirectory(directory_ + "/out", {.profile = Settings().bank});
  ASSERT_TRUE(verified.ok());
  for (const Finding& finding : verified->findings) ADD_FAILURE() << finding.ToString();
  EXPECT_EQ(verified->ledger_total, Dollars(270));
}

TEST_F(CheckServiceTest, NothingLeavesUnannouncedToTheBank) {
  layout_ = {};
  releases_ = Releases();  // no layout configured
  Stock(1, 9);
  const PayeeId payee = AddPayee(10);
  Fund(Dollars(1'000));
  const RunId run = ByCheck({Award(1, {{10, Dollars(100)}})}, {payee});
  const Status released = releases_->Release(run, kService);
  EXPECT_THAT(StatusMessage(released), HasSubstr("layout for issued checks is not configured"));
  EXPECT_EQ(StateOf(run), RunState::kBlocked);
}

TEST_F(CheckServiceTest, AReleaseWithoutNumbersWaitsForThemAndLosesNone) {
  Stock(1001, 1001);
  const PayeeId first = AddPayee(10);
  const PayeeId second = AddPayee(11);
  Fund(Dollars(1'000));
  const RunId run =
      ByCheck({Award(1, {{10, Dollars(100)}, {11, Dollars(90)}})}, {first, second});
  const Status short_of = releases_->Release(run, kService);
  EXPECT_THAT(StatusMessage(short_of), HasSubstr("2 checks are to be issued and the account has"));
  EXPECT_THAT(Numbers(), IsEmpty());
  Stock(2001, 2010);
  const Status resumed = releases_->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_THAT(Numbers(), ElementsAre(1001, 2001));
}

// A crash after the numbers were reserved for the files, and one after the plan: no number is lost.
TEST_F(CheckServiceTest, ACrashLeavesNoGap) {
  Stock(1001, 1099);
  const PayeeId payee = AddPayee(10);
  Fund(Dollars(1'000));
  const RunId run = ByCheck({Award(1, {{10, Dollars(100)}})}, {payee});
  for (const std::string_view place :
       {"file.after_reserve", "file.after_plan", "file.after_build", "file.after_mark"}) {
    int reached = 0;
    const auto service = Service({.reached = [&](std::string_view at) -> Status {
      if (at != place) return OkStatus();
      ++reached;
      return Unavailable("the power went");
    }});
    const Status stopped = StateOf(run) == RunState::kApproved ? service->Release(run, kService)
                                                               : service->Resume(run, kService);
    EXPECT_FALSE(stopped.ok()) << place;
    EXPECT_EQ(reached, 1) << place;
  }
  ASSERT_TRUE(releases_->Resume(run, kService).ok());
  EXPECT_THAT(Numbers(), ElementsAre(1001));
  EXPECT_EQ(FileEnding(".checks"), "I,99887766,1001,100226,100.00,PRACTICE 10\r\n");
}

// The keys of the register, whatever the program does.
TEST_F(CheckServiceTest, TheDatabaseRefusesAGapAndADouble) {
  ReleaseTwoChecks();
  const auto insert = [&](std::int64_t number) {
    return db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      auto rows = LoadChecks(tx, program_.book);
      CheckRow row = rows.front();
      row.number = number;
      const auto payments = LoadDisbursements(tx, program_.book, row.run);
      for (const Disbursement& payment : payments) {
        if (payment.rail == Rail::kAch) row.disbursement = payment.id;
      }
      InsertChecks(tx, program_.book, std::span(&row, 1), {kMaker.user, db_.Clock().Now()});
      return OkStatus();
    });
  };
  EXPECT_FALSE(insert(1004).ok());  // 1003 is left out
  EXPECT_FALSE(insert(1002).ok());  // given before
  EXPECT_FALSE(insert(1001).ok());
  EXPECT_TRUE(insert(1003).ok());
}

TEST_F(CheckServiceTest, NumbersOfTwoAccountsOfABookDoNotMeet) {
  Stock(1001, 1099);
  const BankAccountId other = db_.Ids().Next<BankAccountTag>();
  EXPECT_THAT(StatusMessage(Checks().AddStock(other, 1099, 1200, kMaker)),
              HasSubstr("run into 1001 to 1099"));
  EXPECT_TRUE(Checks().AddStock(other, 1100, 1200, kMaker).ok());
  EXPECT_THAT(StatusMessage(Checks().AddStock(other, 0, 5, kMaker)), HasSubstr("from 1 to"));
}

// feature:R06
TEST_F(CheckServiceTest, AVoidedCheckIsOwedAgainAndTheNextOneNamesIt) {
  const RunId run = ReleaseTwoChecks();
  EXPECT_THAT(StatusMessage(Void(1001, kFirst)), HasSubstr("two people must void"));
  EXPECT_EQ(StateOf(1001), CheckState::kOutstanding);
  ASSERT_TRUE(Void(1001).ok());
  EXPECT_EQ(StateOf(1001), CheckState::kVoid);
  EXPECT_EQ(Balance(PayeePayableAccount(first_)), Dollars(100));
  EXPECT_THAT(StatusMessage(Void(1001)), HasSubstr("check 1001 is VOID"));
  ASSERT_TRUE(releases_->DeliverCheckVoids(run, kBusinessDate, kService).ok());
  EXPECT_EQ(FileEnding(".void.checks"), "C,99887766,1001,100226,100.00,PRACTICE 10\r\n");
  // Told once.
  ASSERT_TRUE(releases_->DeliverCheckVoids(run, kBusinessDate, kService).ok());
  EXPECT_EQ(FileEnding(".void.checks"), "C,99887766,1001,100226,100.00,PRACTICE 10\r\n");
  ExpectBooksInOrder();

  const RunId again = ByCheck({}, {first_}, 2);
  const Status released = releases_->Release(again, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto history = Checks().Find(1003);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->check.amount, Dollars(100));
  EXPECT_THAT(history->replaces, ElementsAre(1001));
  EXPECT_THAT(Checks().Find(1001)->replaced_by, ElementsAre(1003));
  EXPECT_THAT(Checks().Find(1002)->replaced_by, IsEmpty());
  EXPECT_EQ(Balance(PayeePayableAccount(first_)), Money{});
  ExpectBooksInOrder();
}

// feature:R06
TEST_F(CheckServiceTest, ACheckIsStaleOnItsDayAndNotBefore) {
  ReleaseTwoChecks();
  ASSERT_TRUE(Void(1002).ok());
  const Date day = MakeDate(2026, 10, 2) + Days(kStaleDays);
  EXPECT_THAT(*Checks().MarkStale(day - Days(1), kService), IsEmpty());
  const auto stale = Checks().MarkStale(day, kService);
  ASSERT_TRUE(stale.ok()) << StatusMessage(stale.status());
  ASSERT_EQ(stale->size(), 1U);
  EXPECT_EQ(stale->front().number, 1001);
  EXPECT_EQ(Balance(PayeePayableAccount(first_)), Dollars(100));
  EXPECT_THAT(*Checks().MarkStale(kLater, kService), IsEmpty());
  const auto history = Checks().Find(1001);
  EXPECT_EQ(history->events.back().state, CheckState::kStale);
  EXPECT_THAT(history->events.back().reason, HasSubstr("not cashed within 180 days of 2026-10-02"));
  ExpectBooksInOrder();
}

// What was offset before the check is not owed a second time when it is issued again.
TEST_F(CheckServiceTest, AnOffsetStaysTakenWhenTheCheckIsIssuedAgain) {
  Stock(1001, 1099);
  const PayeeId payee = AddPayee(10);
  Fund(Dollars(1'000));
  const RunId loss = Open(1);
  Approve(loss, Submit(loss, {Award(1, {{10, -Dollars(30)}})}));
  ASSERT_TRUE(releases_->Release(loss, kService).ok());
  const RunId run = ByCheck({Award(2, {{10, Dollars(100)}})}, {payee}, 2);
  ASSERT_TRUE(releases_->Release(run, kService).ok());
  EXPECT_EQ(Checks().Find(1001)->check.amount, Dollars(70));
  ASSERT_TRUE(Void(1001).ok());
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(70));
  const RunId again = ByCheck({}, {payee}, 3);
  ASSERT_TRUE(releases_->Release(again, kService).ok());
  EXPECT_EQ(Checks().Find(1002)->check.amount, Dollars(70));
  ExpectBooksInOrder();
}

// A payee that is stopped between approval and release: its number stays in the register, spoiled.
TEST_F(CheckServiceTest, AStoppedPayeesNumberIsSpoiledNotLost) {
  Stock(1001, 1099);
  const PayeeId first = AddPayee(10);
  const PayeeId second = AddPayee(11);
  Fund(Dollars(1'000));
  const RunId run =
      ByCheck({Award(1, {{10, Dollars(100)}, {11, Dollars(90)}})}, {first, second});
  const auto service = Service({.reached = [&](std::string_view at) -> Status {
    return at == "file.after_plan" ? Unavailable("the power went") : OkStatus();
  }});
  EXPECT_FALSE(service->Release(run, kService).ok());
  const PayeeHold hold{.id = 5,
                       .payee = first,
                       .kind = PayeeHoldKind::kCompliance,
                       .reason = "a list names it",
                       .source_id = 1,
                       .placed_by = kCompliance.user,
                       .placed_at = db_.Clock().Now()};
  ASSERT_TRUE(db_.App()
                  .ForPayer(payer_)
                  .Transact([&](pg::Transaction& tx) -> Status {
                    InsertPayeeHolds(tx, payer_, std::span(&hold, 1));
                    return OkStatus();
                  })
                  .ok());
  const Status resumed = releases_->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_EQ(StateOf(1001), CheckState::kSpoiled);
  EXPECT_EQ(FileEnding(".checks"), "I,99887766,1002,100226,90.00,PRACTICE 11\r\n");
  EXPECT_THAT(Numbers(), ElementsAre(1001, 1002));
  ExpectBooksInOrder();
}

// Eight threads take numbers of one stock: none twice, none left out.
TEST_F(CheckServiceTest, RacingRunsTakeEveryNumberOnce) {
  Stock(1, 1'000);
  std::vector<std::thread> threads;
  std::vector<std::vector<std::int64_t>> taken(8);
  for (std::size_t t = 0; t < taken.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        const Status done = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
          auto stocks = LockCheckStocks(tx, program_.book, program_.pool.bank_account);
          taken[t].push_back(stocks.front().next_number++);
          SetNextCheckNumber(tx, program_.book, stocks.front());
          return OkStatus();
        });
        EXPECT_TRUE(done.ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::int64_t> all;
  for (const auto& part : taken) all.insert(all.end(), part.begin(), part.end());
  std::ranges::sort(all);
  ASSERT_EQ(all.size(), 40U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<std::int64_t>(i + 1));
}

}  // namespace
}  // namespace sluice::payments
