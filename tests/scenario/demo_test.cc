// The main job from the outside: a whole cycle of a small plan, twice on one database and once on
// another. The money is added up here from the bytes of the files, by nothing of the product.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
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

  // What the summary says of one program's cycle.
  static std::string Block(const std::string& title) {
    const std::size_t at = first_.out.find(title);
    if (at == std::string::npos) {
      ADD_FAILURE() << title << " is not in\n" << first_.out;
      return "";
    }
    return first_.out.substr(at, first_.out.find("\n\n", at) - at);
  }
  // The amount of a line of it.
  static std::int64_t AmountOf(const std::string& title, const std::string& label) {
    for (const std::string& line : Lines(Block(title))) {
      if (!line.starts_with("  " + label + " ")) continue;
      std::istringstream words(line.substr(label.size() + 2));
      std::string amount;
      words >> amount;
      return Cents(amount);
    }
    ADD_FAILURE() << "no line '" << label << "' in\n" << Block(title);
    return 0;
  }
  // The statements of a program's cycle, by its place among the program's files.
  static std::string Statements(const std::string& program, std::size_t cycle) {
    std::vector<std::string> found;
    for (const auto& [name, bytes] : files_) {
      if (name.starts_with("EXHP." + program + ".") && name.ends_with(".statements.csv")) {
        found.push_back(bytes);
      }
    }
    if (cycle < found.size()) return found[cycle];
    ADD_FAILURE() << program << " has " << found.size() << " files of statements";
    return "";
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
                           "Commercial Shared Savings 2025  (stream ssp, HCP-LAN 3A)",
                           "Primary Care Capitation 2026, October 2026  (stream pcpcp, HCP-LAN 4A)",
                           "Care Coordination 2026, October 2026  (stream ccf, HCP-LAN 2A)",
                           "Wellness and Gap Closure Incentive 2026, third quarter  (stream p4p",
                           "Hip and Knee Replacement Bundle 2025, first reconciliation  (str",
                           "Hip and Knee Replacement Bundle 2025, second reconciliation  (st"}) {
    const std::string block = Block(name);
    EXPECT_THAT(block, HasSubstr("\n  contracts "));
    EXPECT_THAT(block, HasSubstr("\n  earned "));
    EXPECT_THAT(block, HasSubstr("\n  paid "));
    EXPECT_THAT(block, HasSubstr("run CLOSED; approved by two people over digest "));
  }
}

// The panel of the first month is added up here: members at the price of their cell.
TEST_F(DemoTest, CapitationIsMembersAtTheirRatesLessFeeAndWithhold) {
  std::int64_t months = 0;
  std::int64_t cents = 0;
  for (const std::string& line : Lines(Statements("PCC26", 0))) {
    const std::size_t at = line.find(" at ");
    if (!line.starts_with("SPLIT_STEP,")) continue;
    if (at == std::string::npos || line.find("member-month") == std::string::npos) continue;
    const std::int64_t count = std::stoll(line.substr(line.rfind(',', at) + 1));
    months += count;
    cents += count *
             Cents(line.substr(at + 4, line.find_first_not_of("0123456789.", at + 4) - (at + 4)));
  }
  const std::string title = "Primary Care Capitation 2026, September 2026";
  EXPECT_EQ(months, 40);
  EXPECT_EQ(AmountOf(title, "of this month"), cents);
  EXPECT_EQ(AmountOf(title, "fees deducted"), -40 * 35);
  EXPECT_EQ(AmountOf(title, "earned"), cents - 40 * 35);
  // Two per cent of each practice's lines, to the cent of each.
  const std::int64_t withheld = -AmountOf(title, "withheld until a settlement");
  EXPECT_NEAR(static_cast<double>(withheld), static_cast<double>(cents - 40 * 35) * 0.02, 4);
  EXPECT_EQ(AmountOf(title, "paid"), AmountOf(title, "earned") - withheld);
}

TEST_F(DemoTest, WhatCameLateIsInTheNextMonthWithItsCause) {
  const std::string title = "Primary Care Capitation 2026, October 2026";
  const std::int64_t late = AmountOf(title, "  earlier: RETRO_ADD") +
                            AmountOf(title, "  earlier: RETRO_TERM") +
                            AmountOf(title, "  earlier: PAYEE_MOVED");
  EXPECT_EQ(AmountOf(title, "  earlier: PAYEE_MOVED"), 0);
  EXPECT_LT(AmountOf(title, "  earlier: RETRO_TERM"), 0);
  EXPECT_EQ(AmountOf(title, "earned"), AmountOf(title, "of this month") + late - 40 * 35);
  const std::string statements = Statements("PCC26", 1);
  for (const char* cause :
       {"\"September 2026, member EHP0004107\"", "Term dated 2026-09-01, learned 2026-10-01",
        "\"September 2026, member EHP0004140\"", "Add dated 2026-09-01, learned 2026-10-01",
        "\"September 2026, member EHP0004112\"", "Moved to ", "Moved from "}) {
    EXPECT_THAT(statements, HasSubstr(cause));
  }
}

TEST_F(DemoTest, EveryEventThatEarnsNothingSaysWhy) {
  const std::string spring = "Wellness and Gap Closure Incentive 2026, second quarter";
  EXPECT_THAT(Block(spring), HasSubstr("events                                              19"));
  for (const char* reason :
       {"EVIDENCE_INVALID", "DUPLICATE_ACTIVITY", "ANNUAL_LIMIT_USED", "zero: NOT_REPORTED"}) {
    EXPECT_THAT(Block(spring), HasSubstr(reason));
  }
  // 300.00 at the provider's limit, 3 visits and 2 gaps, 1 visit and 3 results.
  EXPECT_EQ(AmountOf(spring, "paid"), 300'00 + 3 * 60'00 + 2 * 40'00 + 60'00 + 3 * 25'00);
  const std::string statements = Statements("ACT26", 0);
  EXPECT_THAT(statements, HasSubstr("5 events at 60"));
  EXPECT_THAT(statements, HasSubstr("The activity was already paid."));
}

// A visit that was withdrawn after it was paid is owed, and the quarter's own events are paid.
TEST_F(DemoTest, AWithdrawnEventIsTakenBackAndNeverDebited) {
  const std::string summer = "Wellness and Gap Closure Incentive 2026, third quarter";
  EXPECT_EQ(AmountOf(summer, "changes of earlier periods"), -60'00);
  EXPECT_EQ(AmountOf(summer, "owed by payees from now on"), 60'00);
  EXPECT_EQ(AmountOf(summer, "paid"), 2 * 25'00 + 60'00 + 40'00 + 2 * 60'00);
  const std::string statements = Statements("ACT26", 1);
  EXPECT_THAT(statements, HasSubstr("\"G0439 on June 4, 2026\",0.00,The activity was voided."));
  EXPECT_THAT(statements, HasSubstr("CLM-26-01003"));
}

// 3 episodes at 30,000.00 less 3 %, and what they cost; then a claim of 640.00 becomes 415.25.
TEST_F(DemoTest, ASecondReconciliationPaysTheDifference) {
  const std::string name = "Hip and Knee Replacement Bundle 2025, ";
  const std::int64_t cost = 24'180'00 + 1'320'50 + 27'900'00 + 640'00 + 29'400'00;
  EXPECT_EQ(AmountOf(name + "first", "target"), 3 * 29'100'00);
  EXPECT_EQ(AmountOf(name + "first", "paid"), 3 * 29'100'00 - cost);
  EXPECT_EQ(AmountOf(name + "second", "settled by an earlier cycle"),
            -AmountOf(name + "first", "paid"));
  EXPECT_EQ(AmountOf(name + "second", "paid"), 640'00 - 415'25);
}

// The report has each run under a name of its own, and the balances of a book once.
TEST_F(DemoTest, TheReportTellsTheRunsOfAProgramApart) {
  const std::vector<std::string> rows = Lines(files_.at("cycle_report.csv"));
  std::set<std::string> seen;
  for (const std::string& row : rows) EXPECT_TRUE(seen.insert(row).second) << row;
  EXPECT_THAT(files_.at("cycle_report.csv"),
              HasSubstr("Primary Care Capitation 2026, 2026-10-01 to 2026-10-31, regular run 1"));
}

// A member of staff sees what is left of the year's withholds, and that nothing more is due.
TEST_F(DemoTest, WithholdsAreSettledAndCanBeAskedFor) {
  const auto withhold = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "withhold");
    arguments.insert(arguments.end(), {"--data-dir", Data(), "--on", "2026-10-05"});
    return RunSluice(arguments);
  };
  const std::string quality = "Medicare Advantage Quality Incentive 2025";
  const Outcome list = withhold({"list", "--program", quality});
  EXPECT_EQ(list.exit_code, 0) << list.All();
  EXPECT_THAT(list.out, HasSubstr("8 reserves"));
  for (const std::string& line : Lines(list.out)) {
    if (!line.starts_with("  ")) continue;
    EXPECT_TRUE(line.ends_with("left 0.00")) << line;
  }
  const Outcome again =
      withhold({"forfeit", "--program", quality, "--period", "2025", "--user", "finance.lead"});
  EXPECT_EQ(again.exit_code, 0) << again.All();
  EXPECT_THAT(again.out, HasSubstr("8 withholds decided on"));
  const Outcome verified = RunSluice({"ledger", "verify", "--data-dir", Data()});
  EXPECT_THAT(verified.out, HasSubstr("no findings"));
  const Outcome due =
      withhold({"settle", "--program", "Primary Care Capitation 2026", "--user", "finance.lead"});
  EXPECT_EQ(due.exit_code, 0) << due.All();
  EXPECT_THAT(due.out, HasSubstr("0 posted, 0 to be released"));
  const Outcome unknown =
      withhold({"settle", "--program", "No such program", "--user", "finance.lead"});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_THAT(unknown.All(), HasSubstr("No such program"));
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
  std::int64_t by_ach = 0;
  const std::vector<std::string> rows = Lines(files_.at("cycle_control.csv"));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    // The payee's name is the only field that may hold a comma, and then it is quoted.
    const std::size_t quoted = rows[i].find('"');
    const std::string row = quoted == std::string::npos
                                ? rows[i]
                                : rows[i].substr(0, quoted) + "payee" +
                                      rows[i].substr(rows[i].find('"', quoted + 1) + 1);
    if (Field(row, 1) != "ACH") continue;
    control += Cents(Field(row, 7));
    ++by_ach;
  }
  EXPECT_GT(entries, 80);
  EXPECT_EQ(credits, summary);
  EXPECT_EQ(control, summary);
  EXPECT_EQ(entries, by_ach);
  EXPECT_EQ(rows.size(), 1U + static_cast<std::size_t>(by_ach) + 1U) << "and one check";
}

// The bank's statements explain every line, a return is put back, and a check pays it again.
TEST_F(DemoTest, WhatCameBackIsPaidAgainByCheck) {
  EXPECT_THAT(first_.out, HasSubstr("lines, each explained; deposit = remittance = ledger for 11 "
                                    "runs"));
  const std::string before = "Return: payment ";
  const std::size_t at = first_.out.find(before);
  ASSERT_NE(at, std::string::npos) << first_.out;
  std::istringstream words(first_.out.substr(at + before.size()));
  std::string key, of, amount;
  words >> key >> of >> amount;
  EXPECT_THAT(first_.out, HasSubstr(amount + " came back with R03; paid again by check 1001"));
  EXPECT_THAT(files_.at("from-bank/2026-10-07.returns.ach"), HasSubstr(key));
  EXPECT_THAT(files_.at("from-bank/2026-10-07.bai"), HasSubstr("RETURN R03 " + key));
  EXPECT_THAT(files_.at(FirstFile(".checks")), HasSubstr("1001"));
  std::int64_t checks = 0;
  for (const std::string& row : Lines(files_.at("cycle_control.csv"))) {
    if (Field(row, 1) != "CHK") continue;
    EXPECT_TRUE(row.starts_with("1001,")) << row;
    std::string plain = amount;
    std::erase(plain, ',');
    EXPECT_THAT(row, HasSubstr("," + plain + ","));
    ++checks;
  }
  EXPECT_EQ(checks, 1);
}

TEST_F(DemoTest, TheFilesVerifyOnTheirOwn) {
  const Outcome verified = RunSluice({"verify-files", Out()});
  EXPECT_EQ(verified.exit_code, 0) << verified.All();
  EXPECT_THAT(verified.out, HasSubstr("no findings"));
}

TEST_F(DemoTest, EveryPackageReplaysWithoutADatabase) {
  const std::vector<std::string> packages = Packages();
  // Two ACOs in two programs, eight practices in one; two months of two panels; four practices in
  // two quarters, of which one award was restated; a bundle reconciled twice.
  ASSERT_EQ(packages.size(), 12U + 4U + 9U + 2U);
  std::vector<std::string> arguments = {"replay"};
  arguments.insert(arguments.end(), packages.begin(), packages.end());
  const Outcome replayed = RunSluice(arguments);
  EXPECT_EQ(replayed.exit_code, 0) << replayed.All();
  for (const std::string& package : packages) EXPECT_THAT(replayed.out, HasSubstr(package));
}

TEST_F(DemoTest, TheLedgerVerifiesInAnotherProcess) {
  const Outcome verified = RunSluice({"ledger", "verify", "--data-dir", Data()});
  EXPECT_EQ(verified.exit_code, 0) << verified.All();
  EXPECT_THAT(verified.out, HasSubstr("8 books, "));
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
  // Of the five files of a run one by chance, both files of the cycle, and one package.
  std::map<std::string, std::vector<std::string>> of_run;
  for (const auto& [name, bytes] : files_) {
    if (name.starts_with("EXHP.")) of_run[name.substr(0, name.rfind(".0001."))].push_back(name);
  }
  std::set<std::string> chosen = {FirstFile(".package"), "cycle_control.csv", "cycle_report.csv"};
  for (const auto& [run, names] : of_run) {
    chosen.insert(names[std::uniform_int_distribution<std::size_t>(0, names.size() - 1)(random)]);
  }
  EXPECT_EQ(chosen.size(), 3U + 11U + 1U) << "eleven runs, and the one that pays by check";
  for (const std::string& name : chosen) {
    const std::string& bytes = files_.at(name);
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
