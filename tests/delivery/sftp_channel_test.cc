// Files over SFTP to a real OpenSSH server, cut at every step.
#include "payments/delivery/sftp_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "core/failpoint.h"
#include "tests/delivery/byte_proxy.h"
#include "tests/delivery/sftp_server.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;
using ::sluice::testing::ByteProxy;
using ::sluice::testing::SftpServer;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

class SftpChannelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = SftpServer::WhyNot(); !why.empty()) GTEST_SKIP() << why;
    directory_ = "/tmp/sluice-sftp-XXXXXX";
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
    server_ = std::make_unique<SftpServer>(directory_ + "/ssh");
  }
  void TearDown() override {
    ASSERT_TRUE(ArmFailpoints("").ok());
    server_.reset();
    if (!directory_.empty()) fs::remove_all(directory_);
  }

  std::string Inbox() const { return directory_ + "/inbox"; }
  SftpPlace Place() const { return server_->Place("bank", Inbox()); }

  // What lies in a folder, by name.
  static std::map<std::string, std::string> FilesIn(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
      std::ifstream in(entry.path(), std::ios::binary);
      files[entry.path().filename()] = std::string(std::istreambuf_iterator<char>(in), {});
    }
    return files;
  }

  static FileIdentity IdentityOf(const std::string& name, const std::string& bytes) {
    return {.name = name,
            .size = static_cast<std::int64_t>(bytes.size()),
            .sha256 = Sha256(AsBytes(bytes))};
  }

  // What a caller does, also after an interruption.
  static Status Send(FileChannel& channel, const std::string& name, const std::string& bytes) {
    ASSIGN_OR_RETURN(const Sighting seen, channel.LookUp(IdentityOf(name, bytes)));
    if (seen.what == Delivered::kSame) return OkStatus();
    RETURN_IF_ERROR(channel.WriteTemporary(name, bytes));
    return channel.RenameTemporary(name);
  }

  static Delivered Seen(FileChannel& channel, const std::string& name, const std::string& bytes) {
    const auto seen = channel.LookUp(IdentityOf(name, bytes));
    EXPECT_TRUE(seen.ok()) << StatusMessage(seen.status());
    return seen.ok() ? seen->what : Delivered::kNothing;
  }

  std::string directory_;
  std::unique_ptr<SftpServer> server_;
};

// feature:M08
TEST_F(SftpChannelTest, AFileComesUnderATemporaryNameAndGetsItsOwnInOneStep) {
  SftpChannel channel(Place());
  EXPECT_EQ(Seen(channel, "run.ach", "bytes"), Delivered::kNothing);
  ASSERT_TRUE(channel.WriteTemporary("run.ach", "bytes").ok());
  EXPECT_THAT(FilesIn(Inbox()), ElementsAre(Pair(".run.ach.tmp", "bytes")));
  EXPECT_EQ(Seen(channel, "run.ach", "bytes"), Delivered::kTemporary);
  // Whatever an earlier attempt left there is replaced whole.
  ASSERT_TRUE(channel.WriteTemporary("run.ach", "new").ok());
  ASSERT_TRUE(channel.RenameTemporary("run.ach").ok());
  EXPECT_THAT(FilesIn(Inbox()), ElementsAre(Pair("run.ach", "new")));
  const auto seen = channel.LookUp(IdentityOf("run.ach", "new"));
  ASSERT_TRUE(seen.ok()) << StatusMessage(seen.status());
  EXPECT_EQ(seen->what, Delivered::kSame);
  EXPECT_EQ(seen->evidence,
            "sftp bank lists " + Inbox() + "/run.ach with 3 bytes, read back and the same");
  EXPECT_TRUE(channel.RemoveTemporary("run.ach").ok());
}

// feature:M08
TEST_F(SftpChannelTest, WhatHasANameIsNeverOverwritten) {
  SftpChannel channel(Place());
  std::ofstream(Inbox() + "/run.ach") << "theirs";
  EXPECT_EQ(Seen(channel, "run.ach", "mine"), Delivered::kOther);
  EXPECT_EQ(Seen(channel, "run.ach", "mining"), Delivered::kOther);  // of the same size
  ASSERT_TRUE(channel.WriteTemporary("run.ach", "mine").ok());
  EXPECT_EQ(channel.RenameTemporary("run.ach").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(FilesIn(Inbox()).at("run.ach"), "theirs");
  ASSERT_TRUE(channel.RemoveTemporary("run.ach").ok());
  EXPECT_THAT(FilesIn(Inbox()), ElementsAre(Key("run.ach")));
}

TEST_F(SftpChannelTest, WhereNothingCanBeReadNameAndSizeAreTheEvidence) {
  SftpPlace place = Place();
  place.read_back = false;
  SftpChannel channel(place);
  std::ofstream(Inbox() + "/run.ach") << "12345";
  EXPECT_EQ(Seen(channel, "run.ach", "54321"), Delivered::kSame);
  EXPECT_EQ(Seen(channel, "run.ach", "1234"), Delivered::kOther);
}

TEST_F(SftpChannelTest, AFileThatTheOtherSideMovedAwayWasTaken) {
  SftpPlace place = Place();
  place.taken_directory = directory_ + "/taken";
  SftpChannel channel(place);
  EXPECT_EQ(Seen(channel, "run.ach", "bytes"), Delivered::kNothing);
  fs::create_directories(place.taken_directory);
  std::ofstream(place.taken_directory + "/run.ach") << "bytes";
  EXPECT_EQ(Seen(channel, "run.ach", "bytes"), Delivered::kSame);
}

// feature:M08
TEST_F(SftpChannelTest, AServerWithAnotherHostKeyGetsNothing) {
  const SftpServer other(directory_ + "/other");
  SftpPlace place = Place();
  place.host_keys = {other.HostKey()};
  SftpChannel channel(place);
  const Status refused = channel.WriteTemporary("run.ach", "bytes");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused), AllOf(HasSubstr("shows the host key SHA256:"),
                                            HasSubstr("not the pinned one: nothing is sent")));
  EXPECT_THAT(FilesIn(Inbox()), IsEmpty());
  // The message's fingerprint is what could be pinned.
  const std::string text = StatusMessage(refused);
  const std::size_t at = text.find("SHA256:");
  place.host_keys = {text.substr(at, text.find(',', at) - at)};
  SftpChannel pinned(place);
  EXPECT_TRUE(pinned.WriteTemporary("run.ach", "bytes").ok());
}

// feature:M08
TEST_F(SftpChannelTest, AKeyThatOthersCanReadOrThatIsNotKnownIsRefusedAndInNoMessage) {
  SftpPlace place = Place();
  place.key_file = directory_ + "/copy-of-key";
  fs::copy_file(directory_ + "/ssh/key", place.key_file);
  fs::permissions(place.key_file, fs::perms::owner_read | fs::perms::group_read);
  Status refused = SftpChannel(place).WriteTemporary("run.ach", "bytes");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused),
              AllOf(HasSubstr("may be used by others"), Not(HasSubstr("copy-of-key"))));

  const SftpServer other(directory_ + "/other");
  place.key_file = directory_ + "/other/key";
  refused = SftpChannel(place).WriteTemporary("run.ach", "bytes");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << StatusMessage(refused);
  EXPECT_THAT(StatusMessage(refused),
              AllOf(HasSubstr("does not take our key"), Not(HasSubstr("other/key"))));

  place.key_file = directory_ + "/nowhere";
  refused = SftpChannel(place).WriteTemporary("run.ach", "bytes");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused), Not(HasSubstr("nowhere")));
}

TEST_F(SftpChannelTest, AServerThatIsDownIsTriedAgainByTheNextCall) {
  SftpChannel channel(Place());
  server_->Stop();
  EXPECT_EQ(channel.WriteTemporary("run.ach", "bytes").code(), absl::StatusCode::kUnavailable);
  server_->Start();
  EXPECT_TRUE(channel.WriteTemporary("run.ach", "bytes").ok());
}

TEST_F(SftpChannelTest, AFolderThatIsNotThereIsSaid) {
  SftpPlace place = Place();
  place.directory += "/missing";
  const Status refused = SftpChannel(place).WriteTemporary("run.ach", "bytes");
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(StatusMessage(refused), HasSubstr("there is no such file or folder"));
}

// feature:M08
TEST_F(SftpChannelTest, AConnectionCutAnywhereLeavesTheWholeFileOrNone) {
  const std::string bytes = [] {
    std::string text;
    for (int i = 0; text.size() < 200'000; ++i) text += std::to_string(i) + "\n";
    return text;
  }();
  ByteProxy proxy(server_->Port());
  SftpPlace through = Place();
  through.port = proxy.Port();
  through.read_back = false;  // what comes back is short, and every byte of it an answer
  ASSERT_TRUE(Send(*std::make_unique<SftpChannel>(through), "whole.ach", bytes).ok());
  const std::int64_t sent = proxy.Passed(ByteProxy::Way::kToServer);
  const std::int64_t answered = proxy.Passed(ByteProxy::Way::kToClient);

  int halves = 0, lost_answers = 0, number = 0;
  const auto cut_after = [&](ByteProxy::Way way, std::int64_t limit) {
    const std::string name = "cut" + std::to_string(++number) + ".ach";
    proxy.CutNextAfter(way, limit);
    Status status;
    {
      SftpChannel channel(through);
      status = Send(channel, name, bytes);
    }
    const auto left = FilesIn(Inbox());
    const bool named = left.contains(name);
    if (named) {
      EXPECT_EQ(left.at(name), bytes) << name;
    }
    if (status.ok()) {
      EXPECT_TRUE(named) << name << ": it says it was delivered";
    }
    const auto temporary = left.find("." + name + ".tmp");
    if (temporary != left.end() && temporary->second.size() < bytes.size()) ++halves;
    if (named && !status.ok()) ++lost_answers;
    // Who comes after sees what happened, and ends with the file there once.
    SftpChannel straight(Place());
    const Status finished = Send(straight, name, bytes);
    EXPECT_TRUE(finished.ok()) << StatusMessage(finished);
    const auto after = FilesIn(Inbox());
    EXPECT_EQ(after.at(name), bytes);
    EXPECT_FALSE(after.contains("." + name + ".tmp")) << name;
    fs::remove(Inbox() + "/" + name);
  };
  for (std::int64_t i = 1; i < 10; ++i) cut_after(ByteProxy::Way::kToServer, sent * i / 10);
  // Sessions differ by some hundred bytes: the answer to the rename is looked for until it is lost.
  constexpr std::int64_t kStep = 24;
  for (std::int64_t i = 0; i < 24 || (i < 200 && lost_answers == 0); ++i) {
    if (i % 4 == 0 && i < 24) cut_after(ByteProxy::Way::kToServer, sent - 1 - i * kStep);
    if (answered - 1 - i * kStep > 0) {
      cut_after(ByteProxy::Way::kToClient, answered - 1 - i * kStep);
    }
  }
  EXPECT_GE(proxy.Cuts(), 25);
  EXPECT_GT(halves, 0);
  EXPECT_GT(lost_answers, 0);
}

TEST_F(SftpChannelTest, AnErrorAtItsFailpointsLeavesTheTemporaryNameAlone) {
  for (const char* const place : {"deliver.mid_upload:error", "deliver.after_upload:error"}) {
    if (!ArmFailpoints(place).ok()) GTEST_SKIP() << "skipped: a release build has no failpoints";
    SftpChannel channel(Place());
    EXPECT_EQ(channel.WriteTemporary("run.ach", "bytes").code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(Seen(channel, "run.ach", "bytes"), Delivered::kTemporary) << place;
  }
  SftpChannel channel(Place());
  ASSERT_TRUE(Send(channel, "run.ach", "bytes").ok());
  EXPECT_THAT(FilesIn(Inbox()), ElementsAre(Pair("run.ach", "bytes")));
}

TEST(SftpPlaceTest, ConfigurationNamesWhatIsWrong) {
  const auto config = Config::FromText(
      "[sftp.bank]\nhost = \"bank.example\"\nuser = \"plan\"\nkey_file = \"/keys/bank\"\n"
      "host_keys = [\"ssh-ed25519 AAAAC3Nza=\", \"what\"]\nport = 70000\n",
      "release.toml");
  ASSERT_TRUE(config.ok());
  ReadSftpPlace(config->Root().Section("sftp").Section("bank"), "bank");
  const std::string faults = StatusMessage(config->Finish());
  EXPECT_THAT(faults, HasSubstr("\"what\", which is neither"));
  EXPECT_THAT(faults, HasSubstr("port"));

  const auto open = Config::FromText(
      "[sftp.bank]\nhost = \"bank.example\"\nuser = \"plan\"\nkey_file = \"/keys/bank\"\n",
      "release.toml");
  ASSERT_TRUE(open.ok());
  ReadSftpPlace(open->Root().Section("sftp").Section("bank"), "bank");
  EXPECT_THAT(StatusMessage(open->Finish()), HasSubstr("must hold the server's key"));
}

}  // namespace
}  // namespace sluice::payments
