// An outbox whose disk is full, or loses its power: a reader never finds half a file, and what was
// refused goes on once there is room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "payments/disbursement_store.h"
#include "payments/file_delivery.h"
#include "tests/fault/outbox_disk.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OutboxTest : public RunFixture {
 protected:
  std::string Outbox() const { return Settings().directory; }

  // Every file of the run that a reader sees has the bytes that were built.
  void ExpectOnlyWholeFiles(RunId run) {
    const auto files = Releases()->Files().FinishedFiles(run);
    ASSERT_TRUE(files.ok()) << StatusMessage(files.status());
    std::map<std::string, Digest> built;
    for (const auto& file : *files) built[file.file.name] = file.sha256;
    for (const auto& [name, bytes] : DeliveredFiles()) {
      const auto file = built.find(name);
      if (file == built.end()) continue;  // of an earlier run
      EXPECT_TRUE(Sha256(AsBytes(bytes)) == file->second) << name;
    }
  }
  std::int64_t Delivered(RunId run) {
    const auto files = Releases()->Files().FinishedFiles(run);
    return std::ranges::count_if(*files, [](const FileBuilder::FinishedFile& file) {
      return file.file.state == FileState::kDelivered;
    });
  }
};

// feature:M05
TEST_F(OutboxTest, AFullDiskRefusesWholeFilesAndGoesOnWhenThereIsRoom) {
  for (std::int64_t party = 10; party < 13; ++party) AddPaidPayee(party);
  Fund(Dollars(10'000));
  std::int32_t round = 0;
  // Nothing fits; a part of the first file does; the first does and a later one does not.
  for (const std::int64_t room : {0, 94, 3'000, 9'000}) {
    const RunId run = Approved({Award(++round, {{10, Dollars(100)}, {11, Dollars(90)}})}, round);
    OutboxDisk disk(Outbox());
    disk.FillAfter(room);
    const Status refused = Releases()->Release(run, kService);
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << StatusMessage(refused);
    EXPECT_THAT(StatusMessage(refused),
                AllOf(HasSubstr("cannot write"), HasSubstr("No space left"), HasSubstr(Outbox())));
    EXPECT_EQ(StateOf(run), RunState::kReleased) << "released, and not everything delivered";
    EXPECT_LT(Delivered(run), 5) << room;
    ExpectOnlyWholeFiles(run);
    // Again with the disk as full as before: refused the same way.
    disk.FillAfter(0);
    EXPECT_FALSE(Releases()->Resume(run, kService).ok());
    ExpectOnlyWholeFiles(run);

    disk.FillAfter(-1);
    const Status resumed = Releases()->Resume(run, kService);
    ASSERT_TRUE(resumed.ok()) << StatusMessage(resumed);
    EXPECT_EQ(StateOf(run), RunState::kSettling);
    EXPECT_EQ(Delivered(run), 5);
    ExpectOnlyWholeFiles(run);
    for (const auto& [name, bytes] : DeliveredFiles()) EXPECT_FALSE(name.starts_with(".")) << name;
    EXPECT_THAT(disk.Torn(), IsEmpty());
    EXPECT_FALSE(disk.NamesAreLoose());
    ASSERT_TRUE(Releases()->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
    ASSERT_TRUE(Releases()->Close(run, kFirst).ok());
  }
  ExpectBooksInOrder();
}

// feature:M05
TEST_F(OutboxTest, AFileHasItsNameOnlyOnceItsBytesSurviveAPowerCut) {
  AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}})});
  OutboxDisk disk(Outbox());
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_THAT(disk.Torn(), IsEmpty()) << "named before it was synced";
  EXPECT_FALSE(disk.NamesAreLoose()) << "delivered, and its name may be lost";
  EXPECT_GE(disk.Syncs(), 10) << "five files and their directory";
}

TEST_F(OutboxTest, AReportIsReplacedWholeOrNotAtAll) {
  OutboxDisk disk(Outbox());
  ASSERT_TRUE(ReplaceFile(Outbox(), "report.csv", "the first report\n").ok());
  EXPECT_THAT(disk.Torn(), IsEmpty());
  EXPECT_FALSE(disk.NamesAreLoose());
  disk.FillAfter(5);
  EXPECT_EQ(ReplaceFile(Outbox(), "report.csv", "the second report\n").code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(DeliveredFiles().at("report.csv"), "the first report\n");
}

}  // namespace
}  // namespace sluice::payments
