// The published contract against its last release, and against the rules for writing one: what
// `buf` says. It comes from npm (proto/README.md) and is looked for in SLUICE_BUF and in
// build/tools; without it the tests say so and are skipped. The image is made by the same protoc
// that makes the code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/status.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;

struct Outcome {
  int exit_code = 0;
  std::string output;
};

Outcome RunShell(const std::string& command) {
  const fs::path output = fs::temp_directory_path() / ("sluice_buf_" + std::to_string(getpid()));
  const int result = std::system((command + " > " + output.string() + " 2>&1").c_str());
  std::stringstream text;
  text << std::ifstream(output).rdbuf();
  fs::remove(output);
  return {WIFEXITED(result) ? WEXITSTATUS(result) : -1, text.str()};
}

std::string FindBuf() {
  if (const char* const set = std::getenv("SLUICE_BUF")) return set;
  const fs::path built = fs::path(SLUICE_SOURCE) / "build/tools/node_modules/.bin/buf";
  return fs::exists(built) ? built.string() : std::string();
}

class Compatibility : public ::testing::Test {
 protected:
  void SetUp() override {
    buf_ = FindBuf();
    if (buf_.empty()) GTEST_SKIP() << "skipped: no buf; see proto/README.md";
    folder_ = fs::temp_directory_path() / ("sluice_contract_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  // The image of the files below a folder.
  fs::path ImageOf(const fs::path& proto) {
    std::string files;
    for (const auto& entry : fs::recursive_directory_iterator(proto / "sluice")) {
      if (entry.path().extension() == ".proto") files += " " + entry.path().string();
    }
    const fs::path image = folder_ / "image.binpb";
    const Outcome made =
        RunShell(fmt::format("{} -I {} -I {} --include_imports --include_source_info -o {}{}",
                        SLUICE_PROTOC, proto.string(), SLUICE_GOOGLEAPIS, image.string(), files));
    EXPECT_EQ(made.exit_code, 0) << made.output;
    return image;
  }
  Outcome Buf(std::string_view verb, const fs::path& image, std::string_view more = {}) {
    return RunShell(fmt::format("{} {} {} --config {} {}", buf_, verb, image.string(),
                           (Proto() / "buf.yaml").string(), more));
  }
  static fs::path Proto() { return fs::path(SLUICE_SOURCE) / "proto"; }
  static std::string AgainstReleased() {
    return "--against " + (Proto() / "released.binpb").string();
  }

  // A copy of the contract with a text replaced, in one file.
  fs::path Changed(const std::string& file, const std::string& from, const std::string& to) {
    const fs::path copy = folder_ / "proto";
    fs::create_directories(copy);
    fs::copy(Proto() / "sluice", copy / "sluice", fs::copy_options::recursive);
    std::stringstream text;
    text << std::ifstream(copy / file).rdbuf();
    std::string content = text.str();
    const std::size_t at = content.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) content.replace(at, from.size(), to);
    std::ofstream(copy / file) << content;
    return copy;
  }

  std::string buf_;
  fs::path folder_;
};

TEST_F(Compatibility, TheContractIsWrittenByTheRules) {
  const Outcome lint = Buf("lint", ImageOf(Proto()));
  EXPECT_EQ(lint.exit_code, 0) << lint.output;
}

TEST_F(Compatibility, AFieldWithoutASentenceIsFound) {
  const fs::path changed =
      Changed("sluice/core/v1/money.proto", "  // The city.\n  string city", "  string city");
  const Outcome lint = Buf("lint", ImageOf(changed));
  EXPECT_NE(lint.exit_code, 0);
  EXPECT_THAT(lint.output, HasSubstr("city"));
}

TEST_F(Compatibility, NothingThatWasReleasedIsBroken) {
  const Outcome breaking = Buf("breaking", ImageOf(Proto()), AgainstReleased());
  EXPECT_EQ(breaking.exit_code, 0) << breaking.output;
}

TEST_F(Compatibility, AFieldOfAnotherTypeIsFound) {
  const fs::path changed =
      Changed("sluice/core/v1/money.proto", "int64 cents = 1", "int32 cents = 1");
  const Outcome breaking = Buf("breaking", ImageOf(changed), AgainstReleased());
  EXPECT_NE(breaking.exit_code, 0);
  EXPECT_THAT(breaking.output, HasSubstr("cents"));
}

}  // namespace
}  // namespace sluice
