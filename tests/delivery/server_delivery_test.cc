// A release whose files go to servers: the bank's, the clearinghouse's, and payees' own drops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/failpoint.h"
#include "payments/delivery/remittance_service.h"
#include "payments/disbursement_store.h"
#include "payments/remittance/verify_files.h"
#include "payments/routing/preference_service.h"
#include "payments/work/cycle_scheduler.h"
#include "tests/delivery/sftp_server.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;
using ::sluice::testing::SftpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ServerDeliveryTest : public RunFixture {
 protected:
  void SetUp() override {
    RunFixture::SetUp();
    if (const std::string why = SftpServer::WhyNot(); !why.empty()) GTEST_SKIP() << why;
    server_ = std::make_unique<SftpServer>(directory_ + "/ssh");
    release_ = Settings();
    release_.bank_server = "bank";
    release_.clearinghouse_server = "claims";
    for (const char* const name : {"bank", "claims", "drops"}) {
      release_.servers.emplace(name, server_->Place(name, directory_ + "/" + name));
    }
  }
  void TearDown() override {
    EXPECT_TRUE(ArmFailpoints("").ok());
    server_.reset();
    RunFixture::TearDown();
  }

  std::unique_ptr<ReleaseService> Service(ReleaseHooks hooks = {}) {
    return std::make_unique<ReleaseService>(db_.App(), db_.Files(), program_, release_, *keys_,
                                            db_.Clock(), db_.Ids(), std::move(hooks));
  }
  RunId TwoApproved() {
    AddPaidPayee(10);
    AddPaidPayee(11);
    Fund(Dollars(1'000));
    return Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  }
  std::vector<std::string> NamesIn(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_ + "/" + folder)) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }
  std::string Read(const std::string& path) const {
    std::ifstream in(directory_ + "/" + path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  std::string AchName(RunId run) const { return FileName(program_, run, FileKind::kAch, 1); }
  PaymentFile FileOf(RunId run, FileKind kind, std::int32_t number = 1) {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
          return LoadFiles(tx, program_.book, run);
        });
    EXPECT_TRUE(rows.ok());
    for (const PaymentFile& file : *rows) {
      if (file.kind == kind && file.file_no == number) return file;
    }
    ADD_FAILURE() << "no such file";
    return {};
  }
  static ReleaseHooks KilledAt(std::string_view where) {
    return {.reached = [where](std::string_view place) -> Status {
      return place == where ? Aborted("killed") : OkStatus();
    }};
  }

  std::unique_ptr<SftpServer> server_;
  ReleaseSettings release_;
};

// feature:M13 feature:M08
TEST_F(ServerDeliveryTest, EachFileGoesToItsReceiverAndNowhereElse) {
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 1)));
  const PayeeId own = AddPaidPayee(12);
  ASSERT_TRUE(PreferenceService(db_.App(), payer_, db_.Clock(), db_.Ids())
                  .Record({.key = {.tin = "410000012"},
                           .delivery = RemittanceDelivery::kSftp,
                           .effective_from = MakeDate(2026, 1, 1),
                           .reason = "asked for"},
                          kBankOffice)
                  .ok());
  ASSERT_TRUE(RemittanceService(db_.App(), payer_, db_.Clock())
                  .RegisterDrop({.payee = own,
                                 .to = {.receiver_qualifier = "30",
                                        .receiver_id = "410000012",
                                        .server = "drops",
                                        .directory = "elm/in"},
                                 .reason = "asked for"},
                                kBankOffice)
                  .ok());
  fs::create_directories(directory_ + "/drops/elm/in");
  db_.Clock().Set(Instant::AtMidnight(kBusinessDate));
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {12, Dollars(50)}})});
  const Status released = Service()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(StateOf(run), RunState::kSettling);

  EXPECT_THAT(NamesIn("bank"), ElementsAre(AchName(run)));
  const std::string claims = FileName(program_, run, FileKind::k835, 1);
  const std::string drop = FileName(program_, run, FileKind::k835, 2);
  EXPECT_THAT(NamesIn("claims"), ElementsAre(claims));
  EXPECT_THAT(NamesIn("drops/elm/in"), ElementsAre(drop));
  EXPECT_THAT(Read("drops/elm/in/" + drop), HasSubstr("*30*410000012      *"));
  EXPECT_THAT(Verify835(drop, Read("drops/elm/in/" + drop)), IsEmpty());
  EXPECT_THAT(VerifyAch(AchName(run), Read("bank/" + AchName(run)), {.profile = release_.bank}),
              IsEmpty());
  for (const auto& [name, bytes] : DeliveredFiles()) {
    EXPECT_FALSE(name.ends_with(".ach") || name.ends_with(".835")) << name;
  }
  const auto queue = RemittanceService(db_.App(), payer_, db_.Clock()).Queue(program_.book, true);
  ASSERT_TRUE(queue.ok());
  EXPECT_THAT(*queue, IsEmpty());
  const auto times =
      RemittanceService(db_.App(), payer_, db_.Clock()).TimesOf(program_.book, run, kBusinessDate);
  ASSERT_TRUE(times.ok());
  ASSERT_THAT(*times, SizeIs(2));
  for (const TimedRemittance& timed : *times) {
    EXPECT_EQ(timed.verdict, RemittanceVerdict::kOnTime) << timed.text;
    EXPECT_EQ(timed.remittance.way, timed.remittance.payee == own
                                        ? RemittanceDelivery::kSftp
                                        : RemittanceDelivery::kClearinghouse);
  }
}

// feature:M08
TEST_F(ServerDeliveryTest, AnUploadThatBreaksIsDoneAgainWholeWithTheSameBytes) {
  const RunId run = TwoApproved();
  bool released = false;
  for (const char* const place : {"deliver.mid_upload:error", "deliver.after_upload:error"}) {
    if (!ArmFailpoints(place).ok()) GTEST_SKIP() << "skipped: a release build has no failpoints";
    const Status broken =
        released ? Service()->Resume(run, kService) : Service()->Release(run, kService);
    released = true;
    EXPECT_EQ(broken.code(), absl::StatusCode::kUnavailable) << place;
    EXPECT_EQ(StateOf(run), RunState::kReleased);
    EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kReady) << place;
    EXPECT_THAT(NamesIn("bank"), ElementsAre("." + AchName(run) + ".tmp"));
  }
  const Status resumed = Service()->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_THAT(NamesIn("bank"), ElementsAre(AchName(run)));
  EXPECT_EQ(Read("bank/" + AchName(run)), *Service()->Files().Read(FileOf(run, FileKind::kAch).id));
  EXPECT_EQ(StateOf(run), RunState::kSettling);
}

// feature:M08
TEST_F(ServerDeliveryTest, WhenItIsKilledBeforeTheNameItGoesOnAndAfterItItSeesTheFile) {
  const RunId run = TwoApproved();
  ASSERT_FALSE(Service(KilledAt("file.after_mark"))->Release(run, kService).ok());
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivering);
  ASSERT_FALSE(Service(KilledAt("file.after_rename"))->Resume(run, kService).ok());
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivering);
  EXPECT_THAT(NamesIn("bank"), ElementsAre(AchName(run)));
  const Status resumed = Service()->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivered);
  EXPECT_THAT(NamesIn("bank"), ElementsAre(AchName(run)));
}

// feature:M08
TEST_F(ServerDeliveryTest, AnUnknownOutcomeIsNeverSentAgainAndSettledByWhatTheServerLists) {
  const RunId run = TwoApproved();
  ASSERT_FALSE(Service(KilledAt("file.after_rename"))->Release(run, kService).ok());
  fs::create_directories(directory_ + "/archive");
  fs::rename(directory_ + "/bank/" + AchName(run), directory_ + "/archive/" + AchName(run));
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_THAT(StatusMessage(Service()->Resume(run, kService)), HasSubstr("is unknown"));
    EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kSentUnknown);
    EXPECT_THAT(NamesIn("bank"), IsEmpty());
    EXPECT_EQ(StateOf(run), RunState::kReleased);
  }
  // The bank's folder of what it took becomes known: a listing is evidence enough.
  release_.servers.at("bank").taken_directory = directory_ + "/archive";
  const Status resumed = Service()->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivered);
  EXPECT_THAT(NamesIn("bank"), IsEmpty());
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  ASSERT_TRUE(Service()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
  ASSERT_TRUE(Service()->Close(run, kFirst).ok());
}

// The rename is done and its answer lost: found over the next connection, not sent again.
// feature:M08
TEST_F(ServerDeliveryTest, ALostAnswerIsLookedUp) {
  const RunId run = TwoApproved();
  ASSERT_FALSE(Service(KilledAt("file.after_mark"))->Release(run, kService).ok());
  fs::rename(directory_ + "/bank/." + AchName(run) + ".tmp", directory_ + "/bank/" + AchName(run));
  const auto written = fs::last_write_time(directory_ + "/bank/" + AchName(run));
  ASSERT_TRUE(Service()->Resume(run, kService).ok());
  EXPECT_EQ(fs::last_write_time(directory_ + "/bank/" + AchName(run)), written);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivered);
}

// feature:M13
TEST_F(ServerDeliveryTest, AReceiverOfRemittancesThatIsDownKeepsNoMoneyBack) {
  const RunId run = TwoApproved();
  const SftpServer other(directory_ + "/other");
  release_.servers.at("claims").host_keys = {other.HostKey()};
  EXPECT_THAT(StatusMessage(Service()->Release(run, kService)), HasSubstr("not the pinned one"));
  EXPECT_EQ(StateOf(run), RunState::kSettling);
  EXPECT_EQ(FileOf(run, FileKind::kAch).state, FileState::kDelivered);
  EXPECT_EQ(FileOf(run, FileKind::k835).state, FileState::kReady);
  EXPECT_EQ(FileOf(run, FileKind::kStatementPdf).state, FileState::kDelivered);

  // Nor does one that does not answer, or one that nobody configured.
  release_.servers.at("claims").port = 1;
  EXPECT_EQ(Service()->Resume(run, kService).code(), absl::StatusCode::kUnavailable);
  release_.servers.erase("claims");
  EXPECT_THAT(StatusMessage(Service()->Resume(run, kService)),
              HasSubstr("server claims is not in the configuration"));
  release_.servers.emplace("claims", server_->Place("claims", directory_ + "/claims"));
  const Status resumed = Service()->Resume(run, kService);
  ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
  EXPECT_EQ(FileOf(run, FileKind::k835).state, FileState::kDelivered);
}

// feature:M13 feature:M08
TEST_F(ServerDeliveryTest, TheNextTickSendsWhatAReceiverDidNotTake) {
  const RunId run = TwoApproved();
  const int port = release_.servers.at("claims").port;
  release_.servers.at("claims").port = 1;
  EXPECT_EQ(Service()->Release(run, kService).code(), absl::StatusCode::kUnavailable);
  CycleService cycles = Cycles();
  const auto tick = [&] {
    const auto releases = Service();
    const auto lines = CycleScheduler(db_.App(), cycles, *releases).Tick(kBusinessDate, kService);
    EXPECT_TRUE(lines.ok()) << StatusMessage(lines.status());
    return lines.value_or(std::vector<TickLine>{}).at(0);
  };
  const TickLine failed = tick();
  EXPECT_EQ(failed.outcome, TickOutcome::kFailed);
  EXPECT_THAT(failed.what, HasSubstr("sftp claims: 127.0.0.1 port 1 does not answer"));
  release_.servers.at("claims").port = port;
  EXPECT_EQ(tick().outcome, TickOutcome::kWaiting);
  EXPECT_EQ(FileOf(run, FileKind::k835).state, FileState::kDelivered);
}

// feature:M08
TEST_F(ServerDeliveryTest, ABankThatIsDownKeepsTheRunFromSettling) {
  const RunId run = TwoApproved();
  server_->Stop();
  EXPECT_EQ(Service()->Release(run, kService).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(StateOf(run), RunState::kReleased);
  server_->Start();
  ASSERT_TRUE(Service()->Resume(run, kService).ok());
  EXPECT_EQ(StateOf(run), RunState::kSettling);
}

}  // namespace
}  // namespace sluice::payments
