// The log's lines and what it refuses, and the progress lines.
#include "core/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "core/crypto.h"
#include "core/progress.h"

namespace sluice {
namespace {

static_assert(std::is_constructible_v<LogValue, std::string>);
static_assert(std::is_constructible_v<LogValue, ContractId>);
static_assert(!std::is_constructible_v<LogValue, SecretString>);
static_assert(!std::is_constructible_v<LogValue, SecretBytes>);
static_assert(!std::is_constructible_v<LogValue, SecretKey>);

TEST(Log, TextLines) {
  EXPECT_EQ(FormatLogLine(LogFormat::kText, "cycle released",
                          {{"contract", ContractId(17)},
                           {"payments", 3'000},
                           {"total", Money::FromCents(125'000)},
                           {"day", MakeDate(2026, 10, 5)},
                           {"late", false},
                           {"file", "a b.ach"},
                           {"empty", ""},
                           {"outcome", NotFound("no row")}}),
            "cycle released contract=ctr_000000000000H payments=3000 total=1,250.00 "
            "day=2026-10-05 late=false file=\"a b.ach\" empty=\"\" outcome=\"NOT_FOUND: no row\"");
}

TEST(Log, JsonLines) {
  EXPECT_EQ(FormatLogLine(LogFormat::kJson, "x", {{"n", -5}, {"on", true}, {"t", "a\"b\\c"}}),
            R"("event":"x","n":-5,"on":true,"t":"a\"b\\c")");
}

TEST(Log, OneEventIsOneLine) {
  const std::string hostile = "a\nfake event\r\t\x01";
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line = FormatLogLine(format, hostile, {{"v", hostile}});
    for (const char c : line) EXPECT_GE(c, ' ') << line;
  }
}

TEST(Log, WritesToItsFileFromTheLeastLevelOn) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "sluice_log_test.jsonl";
  std::filesystem::remove(path);
  ASSERT_TRUE(ConfigureLog({.format = LogFormat::kJson, .file = path.string()}).ok());
  LogDebug("unseen");
  LogWarning("seen", {{"n", 1}});
  ASSERT_TRUE(ConfigureLog({}).ok());
  std::ifstream file(path);
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_TRUE(std::regex_match(
      line, std::regex(R"(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","level":"warning",)"
                       R"("event":"seen","n":1\})")))
      << line;
  EXPECT_FALSE(std::getline(file, line));
  std::filesystem::remove(path);
}

TEST(Log, FileThatCannotBeOpened) {
  EXPECT_EQ(ConfigureLog({.file = "/proc/no/such.log"}).code(), absl::StatusCode::kUnavailable);
}

TEST(Progress, PlainLinesOutsideATerminal) {
  std::ostringstream out;
  ManualClock clock(Instant{});
  Progress progress("paying", 2'000, {.out = &out, .clock = &clock});
  progress.Add(10);
  clock.AdvanceMicros(6'000'000);
  progress.Add(990);
  progress.Add(1'000);
  clock.AdvanceMicros(60'000'000);
  progress.Finish();
  EXPECT_EQ(out.str(), "paying ...\npaying: 1,000 of 2,000 (50 %)\npaying: 2,000 in 1 min 6 s\n");
}

TEST(Progress, OneLineOnATerminal) {
  std::ostringstream out;
  ManualClock clock(Instant{});
  Progress progress("reading a file", std::nullopt,
                    {.out = &out, .terminal = true, .clock = &clock});
  clock.AdvanceMicros(200'000);
  progress.Add(5);
  progress.Finish("5 rows");
  EXPECT_EQ(out.str(),
            "\rreading a file ...\rreading a file: 5 \rreading a file: 5 rows in 0.2 s\n");
}

TEST(Progress, SaysThatAStepStopped) {
  std::ostringstream out;
  ManualClock clock(Instant{});
  { Progress progress("paying", 10, {.out = &out, .clock = &clock}); }
  EXPECT_EQ(out.str(), "paying ...\npaying: stopped after 0 of 10 (0 %)\n");
}

}  // namespace
}  // namespace sluice
