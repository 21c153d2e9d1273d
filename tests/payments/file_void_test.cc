// A bank's file that is taken back before it leaves: by two people, with all that belongs to it,
// and never while it may be on its way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "payments/disbursement_store.h"
#include "payments/ledger/verify.h"
#include "payments/obligation_store.h"
#include "payments/remittance/verify_files.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using TwoPeople = ReleaseService::TwoPeople;

class FileVoidTest : public RunFixture {
 protected:
  static constexpr TwoPeople kBoth{.first = kFirst, .second = kSecond};

  ReleaseSettings Held() const {
    ReleaseSettings settings = Settings();
    settings.undo_minutes = 60;
    return settings;
  }
  std::unique_ptr<ReleaseService> Service(const ReleaseSettings& settings,
                                          ReleaseHooks hooks = {}) {
    return std::make_unique<ReleaseService>(db_.App(), db_.Files(), program_, settings, *keys_,
                                            db_.Clock(), db_.Ids(), std::move(hooks));
  }
  // Released, and held back for an hour.
  RunId TwoReady() {
    AddPaidPayee(10);
    AddPaidPayee(11);
    Fund(Dollars(1'000));
    const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
    const Status released = Service(Held())->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    EXPECT_EQ(StateOf(run), RunState::kReleased);
    EXPECT_THAT(DeliveredFiles(), IsEmpty());
    return run;
  }
  template <typename Load>
  auto Rows(Load load) {
    using Result = decltype(load(std::declval<pg::Transaction&>()));
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<Result> { return load(tx); });
    EXPECT_TRUE(rows.ok()) << StatusMessage(rows.status());
    return rows.value_or(Result{});
  }
  std::vector<PaymentFile> FilesOf(RunId run) {
    return Rows([&](pg::Transaction& tx) { return LoadFiles(tx, program_.book, run); });
  }
  std::vector<Disbursement> PaymentsOf(RunId run) {
    return Rows([&](pg::Transaction& tx) { return LoadDisbursements(tx, program_.book, run); });
  }
  PaymentFile FileOf(RunId run, FileKind kind, std::int32_t number = 1) {
    for (PaymentFile& file : FilesOf(run)) {
      if (file.kind == kind && file.file_no == number) return file;
    }
    ADD_FAILURE() << "no such file";
    return {};
  }
  Status Void(RunId run, TwoPeople people = kBoth) {
    return Service(Held())->VoidFile(run, FileOf(run, FileKind::kAch).id, "wrong cycle", people);
  }
  void ExpectVerified() {
    const auto report = VerifyLedger(db_.Verify().ForPayer(payer_), {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_THAT(report->findings, IsEmpty());
  }
};

// feature:M08
TEST_F(FileVoidTest, AFileWaitsInItsUndoTimeAndLeavesAfterIt) {
  const RunId run = TwoReady();
  ASSERT_TRUE(Service(Held())->Resume(run, kService).ok());
  EXPECT_THAT(DeliveredFiles(), IsEmpty());
  db_.Clock().AdvanceMicros(60LL * 60 * 1'000'000);
  ASSERT_TRUE(Service(Held())->Resume(run, kService).ok());
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  EXPECT_THAT(DeliveredFiles(), Not(IsEmpty()));
}

// feature:M08
TEST_F(FileVoidTest, TakenBackItsMoneyIsOwedAgainAndALaterRunPaysIt) {
  const RunId run = TwoReady();
  const Money pool = Balance(PoolAccount(program_.pool.id));
  ASSERT_TRUE(Void(run).ok());
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(row.state, DisbursementState::kVoided);
    EXPECT_EQ(Balance(PayeePayableAccount(row.payee)), row.amount);
  }
  for (const PaymentFile& file : FilesOf(run)) {
    EXPECT_EQ(file.state, FileState::kVoided) << file.name;
    EXPECT_EQ(Balance(InTransitAccount(file.id)), Money{});
  }
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), pool);
  ExpectBooksInOrder();
  ExpectVerified();

  // Nothing is left to deliver, and the run comes to its end.
  const auto releases = Releases();
  ASSERT_TRUE(releases->Resume(run, kService).ok());
  EXPECT_THAT(DeliveredFiles(), IsEmpty());
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  ASSERT_TRUE(releases->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  const Status closed = releases->Close(run, kFirst);
  ASSERT_TRUE(closed.ok()) << StatusMessage(closed);

  const RunId again = Approved({}, 2);
  ASSERT_TRUE(releases->Release(again, kService).ok());
  ASSERT_THAT(PaymentsOf(again), SizeIs(2));
  for (const Disbursement& row : PaymentsOf(again)) {
    EXPECT_EQ(row.state, DisbursementState::kSent);
    EXPECT_EQ(Balance(PayeePayableAccount(row.payee)), Money{});
  }
  ExpectBooksInOrder();
  ExpectVerified();
}

// feature:M08
TEST_F(FileVoidTest, TwoPeopleWithAReason) {
  const RunId run = TwoReady();
  EXPECT_EQ(Void(run, {kFirst, kFirst}).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Void(run, {kFirst, kService}).code(), absl::StatusCode::kPermissionDenied);
  const PaymentFile ach = FileOf(run, FileKind::kAch);
  const auto service = Service(Held());
  EXPECT_EQ(service->VoidFile(run, ach.id, "", kBoth).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(service->VoidFile(run, FileOf(run, FileKind::k835).id, "no", kBoth)),
              HasSubstr("pays nobody"));
  EXPECT_EQ(service->VoidFile(run, PaymentFileId(4711), "no", kBoth).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kReady);
  ASSERT_TRUE(Void(run).ok());
  EXPECT_THAT(StatusMessage(Void(run)), HasSubstr("was taken back before"));
}

// feature:M08
TEST_F(FileVoidTest, WhatIsOnItsWayOrThereIsNotTakenBack) {
  const RunId run = TwoReady();
  const auto killed_at = [](std::string_view where) {
    return ReleaseHooks{.reached = [where](std::string_view place) -> Status {
      return place == where ? Aborted("killed") : OkStatus();
    }};
  };
  ASSERT_FALSE(Releases(killed_at("file.after_mark"))->Resume(run, kService).ok());
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivering);
  EXPECT_THAT(StatusMessage(Void(run)), HasSubstr("is unknown: ask the bank"));
  // Neither name is there: nobody knows.
  for (const auto& entry : fs::directory_iterator(directory_ + "/out")) fs::remove(entry.path());
  ASSERT_FALSE(Releases()->Resume(run, kService).ok());
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kSentUnknown);
  EXPECT_THAT(StatusMessage(Void(run)), HasSubstr("is unknown: ask the bank"));
  // Two people know that it was not: then it may be.
  const PaymentFile ach = FileOf(run, FileKind::kAch);
  ASSERT_TRUE(Releases()->DeclareNotDelivered(run, ach.id, "the bank says so", kBoth).ok());
  // The others went meanwhile: what payees were told stands.
  EXPECT_THAT(StatusMessage(Void(run)),
              AllOf(HasSubstr("tells of payments of file"), HasSubstr("DELIVERED")));
  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  EXPECT_THAT(StatusMessage(Void(run)), HasSubstr("is DELIVERED"));
  ExpectBooksInOrder();
}

// An approved run has nothing to take back, and one that is being released goes on first.
TEST_F(FileVoidTest, OnlyAfterTheReleaseIsFinished) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  const auto service = Service(Held());
  EXPECT_THAT(StatusMessage(service->VoidFile(run, PaymentFileId(1), "no", kBoth)),
              HasSubstr("after the release is finished"));
}

// What a voided file does not concern is told all the same, in files of new numbers.
// feature:M08 feature:M13
TEST_F(FileVoidTest, FilesThatTellOfOtherPaymentsAreBuiltAnewWithoutIt) {
  const PayeeId paid = AddPaidPayee(10);
  const PayeeId owing = AddPaidPayee(11);
  Fund(Dollars(1'000));
  // A loss: a notice of zero in the same 835.
  const RunId run = Approved({Award(1, {{10, Dollars(100)}}), Award(2, {{11, Dollars(-30)}})});
  ASSERT_TRUE(Service(Held())->Release(run, kService).ok());
  const PaymentFile before = FileOf(run, FileKind::k835);
  ASSERT_TRUE(Void(run).ok());
  EXPECT_EQ(FileOf(run, FileKind::k835).state, FileState::kVoided);
  const PaymentFile after = FileOf(run, FileKind::k835, 2);
  EXPECT_EQ(after.state, FileState::kReady);
  EXPECT_EQ(after.entry_count, 1);
  EXPECT_NE(after.control_number, before.control_number);

  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  const auto delivered = DeliveredFiles();
  EXPECT_FALSE(delivered.contains(before.name));
  EXPECT_THAT(Verify835(after.name, delivered.at(after.name)), IsEmpty());
  EXPECT_THAT(delivered.at(after.name),
              AllOf(HasSubstr("PRACTICE 11"), Not(HasSubstr("PRACTICE 10"))));
  EXPECT_EQ(Balance(PayeePayableAccount(paid)), Dollars(100));
  EXPECT_EQ(Balance(PayeeReceivableAccount(owing)), Dollars(30));
  ASSERT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  const Status closed = Releases()->Close(run, kFirst);
  ASSERT_TRUE(closed.ok()) << StatusMessage(closed);
  ExpectBooksInOrder();
  ExpectVerified();
}

// Killed between the void and the new files: a resume builds them.
TEST_F(FileVoidTest, InterruptedBeforeTheNewFilesItIsFinishedByAResume) {
  AddPaidPayee(10);
  AddPaidPayee(11);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}}), Award(2, {{11, Dollars(-30)}})});
  ASSERT_TRUE(Service(Held())->Release(run, kService).ok());
  const ReleaseHooks killed{.reached = [](std::string_view place) -> Status {
    return place == "file.after_build" ? Aborted("killed") : OkStatus();
  }};
  const Status broken =
      Service(Held(), killed)->VoidFile(run, FileOf(run, FileKind::kAch).id, "wrong", kBoth);
  EXPECT_EQ(broken.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kVoided);
  EXPECT_EQ(FileOf(run, FileKind::k835, 2).state, FileState::kBuilding);
  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  EXPECT_EQ(FileOf(run, FileKind::k835, 2).state, FileState::kDelivered);
}

// Between the upload and the mark, the void wins: the deliverer changes nothing any more, and no
// reader ever sees the file. Behind the mark, the delivery wins.
// feature:M08
TEST_F(FileVoidTest, OfAVoidAndADeliveryOneWins) {
  const RunId run = TwoReady();
  Status voided;
  const ReleaseHooks hooks{.reached = [&](std::string_view place) -> Status {
    if (place == "file.after_fsync" && voided.ok()) {
      voided = Void(run);
      EXPECT_TRUE(voided.ok()) << StatusMessage(voided);
      voided = Aborted("once");
    }
    return OkStatus();
  }};
  EXPECT_EQ(Releases(hooks)->Resume(run, kService).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kVoided);
  EXPECT_THAT(DeliveredFiles(), IsEmpty());
  // Not even its temporary name is left.
  EXPECT_TRUE(fs::is_empty(directory_ + "/out"));
  ExpectBooksInOrder();
}

// feature:M08
TEST_F(FileVoidTest, ARaceEndsOneWayOrTheOther) {
  const RunId run = TwoReady();
  Status voided, delivered;
  {
    const auto deliverer = Releases();
    const auto voider = Service(Held());
    const PaymentFileId ach = FileOf(run, FileKind::kAch).id;
    std::thread one([&] { delivered = deliverer->Resume(run, kService); });
    std::thread two([&] { voided = voider->VoidFile(run, ach, "wrong cycle", kBoth); });
    one.join();
    two.join();
  }
  const PaymentFile ach = FileOf(run, FileKind::kAch);
  const bool there = DeliveredFiles().contains(ach.name);
  EXPECT_EQ(voided.ok(), !there) << StatusMessage(voided);
  EXPECT_EQ(ach.state == FileState::kVoided, voided.ok()) << FileStateName(ach.state);
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(row.state == DisbursementState::kVoided, voided.ok());
  }
  ExpectBooksInOrder();
}

// Two that take the same file back at once: one effect.
TEST_F(FileVoidTest, TwoVoidsAreOne) {
  const RunId run = TwoReady();
  std::vector<Status> results(2);
  {
    const PaymentFileId ach = FileOf(run, FileKind::kAch).id;
    std::vector<std::thread> people;
    for (Status& result : results) {
      people.emplace_back(
          [&, ach] { result = Service(Held())->VoidFile(run, ach, "wrong cycle", kBoth); });
    }
    for (std::thread& person : people) person.join();
  }
  EXPECT_EQ(std::ranges::count_if(results, [](const Status& s) { return s.ok(); }), 1)
      << StatusMessage(results[0]) << " " << StatusMessage(results[1]);
  for (const Disbursement& row : PaymentsOf(run)) {
    EXPECT_EQ(Balance(PayeePayableAccount(row.payee)), row.amount);
  }
  ExpectBooksInOrder();
  ExpectVerified();
}

}  // namespace
}  // namespace sluice::payments
