// Keys of a trial, service files and container files: what is wrong with them should not be found
// out by the one who installs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "api/server/serve.h"
#include "core/tls_identity.h"
#include "payments/key_provider.h"
#include "tests/deploy/shell.h"
#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

std::vector<std::string> FilesUnder(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && path.find("/state/") == std::string::npos) files.push_back(path);
  }
  return files;
}

// The first group of each match in a text.
std::vector<std::string> Matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

TEST(TrialKeys, AreThoseTheProgramTakesAndAreNeverReplaced) {
  const TempDir temp;
  const std::string keys = temp.Path("keys");
  const ShellOutcome made = RunShell("deploy/make-trial-keys " + keys + " plan.example 192.0.2.7");
  ASSERT_EQ(made.exit_code, 0) << made.text;
  for (const auto& entry : fs::directory_iterator(keys)) {
    struct stat info {};
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << entry.path();
  }
  EXPECT_TRUE(ReadTlsIdentity(keys + "/service.pem", keys + "/service-certificate.key").ok());
  EXPECT_TRUE(ReadTlsIdentity(keys + "/database.pem", keys + "/database.key").ok());
  EXPECT_TRUE(api::ReadOrMakeKey(keys + "/service.key").ok());
  EXPECT_TRUE(payments::FileKeyProvider::Open(keys + "/key-encryption.key").ok());
  const ShellOutcome chain = RunShell("openssl verify -x509_strict -CAfile " + keys +
                                      "/authority.pem -verify_hostname plan.example " + keys +
                                      "/service.pem");
  EXPECT_EQ(chain.exit_code, 0) << chain.text;

  const auto before = ReadTree(keys);
  const ShellOutcome again = RunShell("deploy/make-trial-keys " + keys);
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.text, HasSubstr("exists"));
  EXPECT_THAT(Differences(before, ReadTree(keys)), IsEmpty());
}

TEST(Scripts, AreShellWithoutAFault) {
  for (const char* script : {"setup", "run", "test", "backup", "restore", "make-trial-keys",
                             "container/prepare", "container/sluice-with-config",
                             "container/database/10-logins.sh", "systemd/take-inbound"}) {
    const std::string path = std::string("deploy/") + script;
    const ShellOutcome parsed = RunShell("bash -n " + path);
    EXPECT_EQ(parsed.exit_code, 0) << parsed.text;
    EXPECT_EQ(access(path.c_str(), X_OK), 0) << path << " is not executable";
  }
}

// A bank's files arrive one by one; what cannot be stored stays, the others do not wait for it.
TEST(TakeInbound, MovesWhatIsStoredAndLeavesTheRest) {
  const TempDir temp;
  const std::string program = temp.Write(
      "sluice", "#!/bin/sh\necho \"$@\" >>" + temp.Path("calls") +
                    "\ncase \"$3\" in *bad*) exit 2 ;; *refused*) exit 1 ;; esac\n"
                    "echo inb_1\ncase \"$3\" in *odd*) exit 1 ;; esac\n");
  fs::permissions(program, fs::perms::owner_all);
  for (const char* file : {"good.ach", "odd.ach", "bad.ach", "refused.ach", "coming.ach.part"}) {
    const std::string path = temp.Write(std::string("spool/inbound/") + file, "x");
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  temp.Write("spool/inbound/new.ach", "x");
  fs::create_directories(temp.Path("spool/taken"));
  const ShellOutcome taken =
      RunShell("SLUICE_PROGRAM=" + program + " SLUICE_PAYER=pyr_1 SLUICE_USER=usr_1 " +
               "STATE_DIRECTORY=" + temp.Path("state") + " deploy/systemd/take-inbound " +
               temp.Path("spool"));
  EXPECT_EQ(taken.exit_code, 2) << taken.text;
  EXPECT_THAT(taken.text, AllOf(HasSubstr("bad.ach is not stored"), Not(HasSubstr("good.ach"))));
  std::set<std::string> left, moved;
  for (const auto& entry : fs::directory_iterator(temp.Path("spool/inbound"))) {
    left.insert(entry.path().filename().string());
  }
  for (const auto& [path, bytes] : ReadTree(temp.Path("spool/taken"))) {
    moved.insert(fs::path(path).filename().string());
  }
  EXPECT_THAT(left, ::testing::ElementsAre("bad.ach", "coming.ach.part", "new.ach", "refused.ach"));
  EXPECT_THAT(moved, ::testing::ElementsAre("good.ach", "odd.ach"));
  EXPECT_THAT(ReadBytes(temp.Path("calls")), HasSubstr("inbound apply --as usr_1 --payer pyr_1"));
}

TEST(Units, AreUnderstoodAndShutIn) {
  if (RunShell("command -v systemd-analyze").exit_code != 0) {
    GTEST_SKIP() << "skipped: no systemd-analyze";
  }
  for (const std::string& path : FilesUnder("deploy/systemd")) {
    if (!path.ends_with(".service") && !path.ends_with(".timer")) continue;
    const ShellOutcome verified = RunShell("systemd-analyze verify " + path);
    // The program is not installed here; nothing else may be said.
    const std::string said = std::regex_replace(
        verified.text, std::regex("[^\n]*Command [^\n]* is not executable[^\n]*\n"), "");
    EXPECT_THAT(said, IsEmpty()) << path;
    if (!path.ends_with(".service")) continue;
    // In tenths of the scale from 0 (shut in) to 10 (as exposed as root).
    const ShellOutcome exposure =
        RunShell("systemd-analyze security --offline=true --threshold=15 " + path);
    EXPECT_EQ(exposure.exit_code, 0) << exposure.text;
    EXPECT_THAT(ReadBytes(path), AllOf(HasSubstr("NoNewPrivileges=yes"), HasSubstr("LimitCORE=0"),
                                       Not(HasSubstr("Environment=")))) << path;
  }
  EXPECT_THAT(ReadBytes("deploy/systemd/sluice.service"), HasSubstr("\nUser=sluice\n"));
  for (const char* worker : {"sluice-inbound", "sluice-notices", "sluice-cycle@"}) {
    EXPECT_THAT(ReadBytes(std::string("deploy/systemd/") + worker + ".service"),
                AllOf(HasSubstr("\nUser=sluice-files\n"),
                      HasSubstr("InaccessiblePaths=-/var/lib/sluice\n")));
  }
}

TEST(ContainerFiles, PinImagesAndKeepSecretsInFiles) {
  for (const char* name : {"compose.yaml", "compose.citus.yaml", "Containerfile"}) {
    const std::string path = std::string("deploy/container/") + name;
    const std::string text = ReadBytes(path);
    for (const std::string& image : Matches(text, R"((?:image:|\nFROM) +([^\s]+))")) {
      if (image == "sluice:latest") continue;  // built here
      EXPECT_TRUE(std::regex_match(image, std::regex(R"([a-z/]+:[0-9]+\.[0-9][-.0-9a-z]*)")))
          << path << ": " << image << " may be another one tomorrow";
    }
    // A password is named by a file, never given.
    EXPECT_THAT(Matches(text, R"((\w*PASSWORD(?!_FILE)\w*):)"), IsEmpty()) << path;
    EXPECT_THAT(text, Not(HasSubstr("METHOD: trust")));
  }
  EXPECT_THAT(ReadBytes("deploy/container/Containerfile"), HasSubstr("\nUSER sluice\n"));
}

TEST(ContainerFiles, MakeEverySecretThatTheyName) {
  const std::string prepare = ReadBytes("deploy/container/prepare") +
                              ReadBytes("deploy/make-trial-keys");
  for (const char* name : {"compose.yaml", "compose.citus.yaml"}) {
    const std::string text = ReadBytes(std::string("deploy/container/") + name);
    for (const std::string& file : Matches(text, R"(\{file: \./state/([^}]+)\})")) {
      const std::string leaf = fs::path(file).filename().string();
      const bool password = leaf.ends_with("_password");
      EXPECT_THAT(prepare, HasSubstr(password ? "_password" : leaf)) << name;
    }
  }
}

// Every cluster that anything here makes has data checksums.
TEST(Clusters, AreMadeWithDataChecksums) {
  int makers = 0;
  for (const char* directory : {"deploy", "core", "tests"}) {
    for (const std::string& path : FilesUnder(directory)) {
      if (path.ends_with("service_files_test.cc") || path.ends_with(".md")) continue;
      const std::string text = ReadBytes(path);
      const bool makes = text.find("POSTGRES_INITDB_ARGS") != std::string::npos ||
                         text.find("/initdb\",") != std::string::npos ||
                         text.find("/initdb --") != std::string::npos;
      if (!makes) continue;
      ++makers;
      EXPECT_THAT(text, HasSubstr("--data-checksums")) << path;
    }
  }
  EXPECT_GE(makers, 3) << "the embedded server and two compose files";
}

}  // namespace
}  // namespace sluice::testing
