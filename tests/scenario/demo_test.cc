// The main job from the outside: a whole cycle of a small plan, twice on one database and once on
// another. The money is added up here from the bytes of the files, by nothing of the product.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <random>
#include <sstream>

#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Tree = std::map<std::string, std::string>;

std::int64_t Cents(std::string text) {
  std::erase(text, ',');
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.size() != point + 3) {
    ADD_FAILURE() << "'" << text << "' is no amount with cents";
    return 0;
  }
  return std::stoll(text.substr(0, point) + text.substr(point + 1));
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The fields of a CSV line in which no field holds a comma in front of the one that is asked for.
std::string Field(const std::string& line, std::size_t index) {
  std::istringstream in(line);
  std::string field;
  for (std::size_t i = 0; i <= index; ++i) std::getline(in, field, ',');
  return field;
}

class DemoTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    temp_.emplace();
    // The first two at the same time: what one does must not show in the other.
    RunningSluice first(SmallDemo(Data(), Out()));
    RunningSluice elsewhere(SmallDemo(temp_->Path("other/data"), temp_->Path("b/payments.out")));
    first_ = first.Finish();
    elsewhere_ = elsewhere.Finish();
    again_ = RunSluice(SmallDemo(Data(), temp_->Path("again")));
    for (const Outcome* outcome : {&first_, &elsewhere_, &again_}) {
      ASSERT_EQ(outcome->exit_code, 0) << outcome->All();
    }
    files_ = ReadTree(Out());
  }
  static void TearDownTestSuite() { temp_.reset(); }

  static std::string Data() { return temp_->Path("data"); }
  static std::string Out() { return temp_->Path("out"); }

  static std::vector<std::string> Packages() {
    std::vector<std::string> paths;
    for (const auto& [name, bytes] : files_) {
      if (name.starts_with("packages/")) paths.push_back(Out() + "/" + name);
    }
    return paths;
  }

  // The first file of the run whose name ends so.
  static std::string FirstFile(std::string_view ending) {
    for (const auto& [name, bytes] : files_) {
      if (name.ends_with(ending)) return name;
    }
    ADD_FAILURE() << "no file ends with " << ending;
    return "";
  }

  // A copy of the run's folder in which one file has other bytes.
  static std::string CopyWith(const std::string& name, const std::string& bytes) {
    const std::string copy = temp_->Path("changed");
    std::filesystem::remove_all(copy);
    std::filesystem::copy(Out(), copy, std::filesystem::copy_options::recursive);
    temp_->Write("changed/" + name, bytes);
    return copy;
  }

  static inline std::optional<TempDir> temp_;
  static inline Outcome first_, elsewhere_, again_;
  static inline Tree files_;
};

// The same digit made another one: 0 becomes 1, 1 becomes 2, ..., 9 becomes 0.
std::string Flipped(std::string bytes, std::size_t at) {
  bytes[at] = bytes[at] == '9' ? '0' : static_cast<char>(bytes[at] + 1);
  return bytes;
}

TEST_F(DemoTest, AnotherDatabaseAndAnotherFolderGiveTheSameBytes) {
  EXPECT_GT(files_.size(), 17U);
  EXPECT_THAT(Differences(files_, ReadTree(temp_->Path("b/payments.out"))), IsEmpty());
}

TEST_F(DemoTest, ASecondRunOnTheSameDatabaseGivesTheSameBytes) {
  EXPECT_THAT(Differences(files_, ReadTree(temp_->Path("again"))), IsEmpty());
}

TEST_F(DemoTest, ASecondRunIntoTheSameFolderReplacesItsFiles) {
  temp_->Write("again/EXHP.OLD24.0RSJ7WFW80297.0001.statements.csv", "an earlier run's\n");
  temp_->Write("again/notes.txt", "somebody's own\n");
  const Outcome third = RunSluice(SmallDemo(Data(), temp_->Path("again")));
  ASSERT_EQ(third.exit_code, 0) << third.All();
  Tree now = ReadTree(temp_->Path("again"));
  EXPECT_EQ(now["notes.txt"], "somebody's own\n");
  now.erase("notes.txt");
  EXPECT_THAT(Differences(files_, now), IsEmpty());
}

TEST_F(DemoTest, TheSummaryIsTheSameButForTheFolder) {
  EXPECT_EQ(Replaced(first_.out, Out(), "OUT"),
            Replaced(elsewhere_.out, temp_->Path("b/payments.out"), "OUT"));
  EXPECT_EQ(Replaced(first_.out, Out(), "OUT"), Replaced(again_.out, temp_->Path("again"), "OUT"));
}

TEST_F(DemoTest, AnotherSeedGivesAnotherPlan) {
  std::vector<std::string> arguments = SmallDemo(Data(), temp_->Path("seed"));
  arguments.insert(arguments.end(), {"--seed", "7"});
  const Outcome other = RunSluice(arguments);
  ASSERT_EQ(other.exit_code, 0) << other.All();
  EXPECT_NE(ReadTree(temp_->Path("seed")).at("cycle_control.csv"), files_.at("cycle_control.csv"));
}

TEST_F(DemoTest, TheSummarySaysOfEachProgramWhatWasPaid) {
  for (const char* name : {"Medicare ACO Shared Savings 2025  (stream ssl, HCP-LAN 3B)",
                           "Medicare Advantage Quality Incentive 2025  (stream qip, HCP-LAN 2C)",
                           "Commercial Shared Savings 2025  (stream ssp, HCP-LAN 3A)"}) {
    const std::size_t at = first_.out.find(name);
    ASSERT_NE(at, std::string::npos) << name << " is not in\n" << first_.out;
    const std::string block = first_.out.substr(at, first_.out.find("\n\n", at) - at);
    EXPECT_THAT(block, HasSubstr("\n  contracts "));
    EXPECT_THAT(block, HasSubstr("\n  earned "));
    EXPECT_THAT(block, HasSubstr("\n  paid "));
    EXPECT_THAT(block, HasSubstr("run CLOSED; approved by two people over digest "));
  }
}

TEST_F(DemoTest, SummaryAchAndControlFileCarryTheSameMoney) {
  std::int64_t summary = 0;
  for (const std::string& line : Lines(first_.out)) {
    if (!line.starts_with("  paid ")) continue;
    std::istringstream words(line.substr(7));
    std::string amount;
    words >> amount;
    summary += Cents(amount);
  }
  // Entry detail records: type 6, credits 22 and 32, the amount at positions 30-39 (Nacha).
  std::int64_t credits = 0;
  std::int64_t entries = 0;
  for (const auto& [name, bytes] : files_) {
    if (!name.ends_with(".ach")) continue;
    for (const std::string& line : Lines(bytes)) {
      if (!line.starts_with("622") && !line.starts_with("632")) continue;
      credits += std::stoll(line.substr(29, 10));
      ++entries;
    }
  }
  std::int64_t control = 0;
  const std::vector<std::string> rows = Lines(files_.at("cycle_control.csv"));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    // The payee's name is the only field that may hold a comma, and then it is quoted.
    const std::size_t quoted = rows[i].find('"');
    const std::string row = quoted == std::string::npos
                                ? rows[i]
                                : rows[i].substr(0, quoted) + "payee" +
                                      rows[i].substr(rows[i].find('"', quoted + 1) + 1);
    if (Field(row, 1) == "ACH") control += Cents(Field(row, 7));
  }
  EXPECT_GT(entries, 80);
  EXPECT_EQ(credits, summary);
  EXPECT_EQ(control, summary);
  EXPECT_EQ(static_cast<std::size_t>(entries), rows.size() - 1);
}

TEST_F(DemoTest, TheFilesVerifyOnTheirOwn) {
  const Outcome verified = RunSluice({"verify-files", Out()});
  EXPECT_EQ(verified.exit_code, 0) << verified.All();
  EXPECT_THAT(verified.out, HasSubstr("no findings"));
}

TEST_F(DemoTest, EveryPackageReplaysWithoutADatabase) {
  const std::vector<std::string> packages = Packages();
  ASSERT_EQ(packages.size(), 12U);  // two ACOs in two programs, eight practices in one
  std::vector<std::string> arguments = {"replay"};
  arguments.insert(arguments.end(), packages.begin(), packages.end());
  const Outcome replayed = RunSluice(arguments);
  EXPECT_EQ(replayed.exit_code, 0) << replayed.All();
  for (const std::string& package : packages) EXPECT_THAT(replayed.out, HasSubstr(package));
}

TEST_F(DemoTest, TheLedgerVerifiesInAnotherProcess) {
  const Outcome verified = RunSluice({"ledger", "verify", "--data-dir", Data()});
  EXPECT_EQ(verified.exit_code, 0) << verified.All();
  EXPECT_THAT(verified.out, HasSubstr("3 books, "));
  EXPECT_THAT(verified.out, HasSubstr("no findings"));
}

// The last amount digit of the first credit.
TEST_F(DemoTest, AChangedAmountInAnAchFileIsFoundAndNamesThePayment) {
  const std::string name = FirstFile(".ach");
  const std::string& bytes = files_.at(name);
  const std::size_t entry = bytes.find("\n622") + 1;
  const std::string payment = bytes.substr(entry + 39, 13);
  const Outcome found = RunSluice({"verify-files", CopyWith(name, Flipped(bytes, entry + 38))});
  EXPECT_EQ(found.exit_code, 1) << found.All();
  EXPECT_THAT(found.out, HasSubstr(name));
  EXPECT_THAT(found.out, HasSubstr("payment " + payment + ": amount"));
}

TEST_F(DemoTest, AChangedAmountInA835IsFoundAndNamesThePayment) {
  const std::string name = FirstFile(".835");
  const std::string& bytes = files_.at(name);
  const std::size_t amount = bytes.find("~BPR*I*") + 7;
  const std::size_t trace = bytes.find("~TRN*1*") + 7;
  const std::string payment = bytes.substr(trace, bytes.find('*', trace) - trace);
  const Outcome found = RunSluice({"verify-files", CopyWith(name, Flipped(bytes, amount))});
  EXPECT_EQ(found.exit_code, 1) << found.All();
  EXPECT_THAT(found.out, HasSubstr(name));
  EXPECT_THAT(found.out, HasSubstr(payment));
}

TEST_F(DemoTest, AChangedStatementIsFoundAndNamesThePayment) {
  const std::string name = FirstFile(".statements.csv");
  const std::string& bytes = files_.at(name);
  const std::size_t payment = bytes.find("\nPAYMENT,") + 9;
  const std::size_t end = bytes.find("\n", payment);
  const std::size_t cents = bytes.find_last_of("0123456789", end);
  const Outcome found = RunSluice({"verify-files", CopyWith(name, Flipped(bytes, cents))});
  EXPECT_EQ(found.exit_code, 1) << found.All();
  EXPECT_THAT(found.out, HasSubstr(name));
  EXPECT_THAT(found.out,
              HasSubstr("payment " + bytes.substr(payment, bytes.find(',', payment) - payment)));
}

// No byte of any file can be changed unseen: each file stands with its hash in the cycle report,
// and the report and each package end with a hash of their own.
TEST_F(DemoTest, NoByteOfAPaymentFileStatementReportOrPackageCanBeChanged) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  for (const auto& [name, bytes] : files_) {
    if (name.starts_with("packages/") && name != FirstFile(".package")) continue;  // one of twelve
    const std::size_t at = std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random);
    std::string changed = bytes;
    changed[at] =
        static_cast<char>(changed[at] ^ std::uniform_int_distribution<int>(1, 255)(random));
    const std::string copy = CopyWith(name, changed);
    const Outcome found = name.starts_with("packages/") ? RunSluice({"replay", copy + "/" + name})
                                                        : RunSluice({"verify-files", copy});
    EXPECT_EQ(found.exit_code, 1) << name << ", byte " << at << ", seed " << seed << ":\n"
                                  << found.All();
    EXPECT_THAT(found.All(), HasSubstr(name)) << "byte " << at << ", seed " << seed;
  }
}

}  // namespace
}  // namespace sluice::testing
