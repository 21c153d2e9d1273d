// The sample configurations, read by the program's own readers: each key that a reader knows is
// explained, and each key that is explained is one that a reader knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "api/configuration.h"
#include "api/release_profile.h"
#include "core/config.h"
#include "payments/notices/mail_config.h"
#include "payments/remittance/plb_mapping.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// "pool_size" of "pool_size = 16"; empty for another line.
std::string KeyOf(const std::string& line) {
  const std::size_t end = line.find_first_not_of(
      "abcdefghijklmnopqrstuvwxyz_0123456789"
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (end == 0 || end == std::string::npos || line.compare(end, 2, " =") != 0) return "";
  return line.substr(0, end);
}

// Keys without a comment above them or above the lines of keys that they stand under. A key that
// was explained in another table of the file, such as another server's, needs no second comment.
std::vector<std::string> Unexplained(const std::vector<std::string>& lines) {
  std::set<std::string> explained;
  std::vector<std::string> missing;
  bool under_comment = false;
  for (const std::string& line : lines) {
    const std::string key = KeyOf(line);
    if (key.empty()) {
      under_comment = line.starts_with("# ");
    } else if (under_comment) {
      explained.insert(key);
    } else if (!explained.contains(key)) {
      missing.push_back(key);
    }
  }
  return missing;
}

// Keys that the file may not set beside others stand in it as a comment: "# drop = ...".
bool IsShownAsComment(const std::vector<std::string>& lines, const std::string& path) {
  const std::string key = path.substr(path.rfind('.') + 1);
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.starts_with("# " + key + " = "); });
}

template <typename Read>
void ExpectExplained(const std::string& file, Read read) {
  const StatusOr<Config> config = Config::Load(file);
  ASSERT_TRUE(config.ok()) << config.status();
  read(config->Root());
  const Status known = config->Finish();
  EXPECT_TRUE(known.ok()) << StatusMessage(known);
  const std::vector<std::string> lines = LinesOf(file);
  for (const std::string& key : config->Absent()) {
    EXPECT_TRUE(IsShownAsComment(lines, key)) << file << " does not explain " << key;
  }
  EXPECT_THAT(Unexplained(lines), IsEmpty()) << file;
}

TEST(SampleConfiguration, ExplainsEveryKeyOfAServer) {
  ExpectExplained("deploy/config/sluice.toml",
                  [](const ConfigSection& root) { api::ReadConfiguration(root); });
}

TEST(SampleConfiguration, ExplainsEveryKeyOfAReleaseProfile) {
  const std::string file = "deploy/config/release.toml";
  ExpectExplained(file, [](const ConfigSection& root) {
    api::ReadReleaseSettings(root);
    root.Text("check_layout", "");
  });
  const std::vector<std::string> lines = LinesOf(file);
  for (std::size_t i = 0; i < payments::kLineKinds; ++i) {
    const auto kind = static_cast<payments::LineKind>(i);
    const std::string line = fmt::format("{} = \"{}\"", payments::LineKindName(kind),
                                         payments::PlbMapping().CodeOf(kind));
    EXPECT_THAT(lines, ::testing::Contains(line)) << "the default of " << file;
  }
}

TEST(SampleConfiguration, IsAReleaseProfileThatMayBeUsed) {
  const auto settings = api::ReadReleaseProfile("deploy/config/release.toml", "out");
  EXPECT_TRUE(settings.ok()) << settings.status();
}

TEST(SampleConfiguration, ExplainsEveryKeyOfMail) {
  ExpectExplained("deploy/config/mail.toml",
                  [](const ConfigSection& root) { payments::ReadMailChannel(root); });
}

// What the claims above rest on.
TEST(SampleConfiguration, IsSeenToLackAKey) {
  const auto config = Config::FromText("[database]\nuri = \"x\"\nuris = \"x\"\n", "short.toml");
  ASSERT_TRUE(config.ok());
  api::ReadConnections(config->Root());
  EXPECT_THAT(
      config->Absent(),
      ::testing::ElementsAre("database.admin_uri", "database.files_uri", "database.password_file",
                             "database.pool_size", "database.verify_uri"));
  EXPECT_THAT(StatusMessage(config->Finish()), HasSubstr("uris: unknown key"));
  EXPECT_THAT(Unexplained({"[database]", "uri = 1", "# What it is.", "pool_size = 2", "", "a = 1"}),
              ::testing::ElementsAre("uri", "a"));
}

}  // namespace
}  // namespace sluice
