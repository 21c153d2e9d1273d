// Checks and pools at the command line: numbers, the register, voids, deposits and transfers.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kProgram = "Shared savings 2025";

class CheckCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddProgram();
  }
  static std::vector<std::string> Check(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "check");
    arguments.insert(arguments.end(), {"--pool", "Savings pool"});
    return arguments;
  }
};

// feature:R06
TEST_F(CheckCommands, NumbersAreRegisteredAndAVoidTakesTwoPeople) {
  EXPECT_THAT(Print(Check({"list", kProgram})), HasSubstr("0 checks, 0.00 outstanding"));
  EXPECT_THAT(
      Print(Check({"stock", kProgram, "--first", "1001", "--last", "1050", "--as", "anna"})),
      HasSubstr("numbers 1001 to 1050 may be printed"));
  EXPECT_THAT(Print(Check({"list", kProgram, "--state", "outstanding"})),
              HasSubstr("numbers 1001 to 1050: 50 left"));
  ExpectRefused(Check({"list", kProgram, "--state", "lost"}), 1, HasSubstr("--state is one of"));
  ExpectRefused(Check({"stock", kProgram, "--first", "1050", "--last", "1060", "--as", "anna"}), 1,
                HasSubstr("run into 1001 to 1050"));
  ExpectRefused(Check({"show", kProgram, "1001"}), 2, HasSubstr("check 1001 was not issued"));
  ExpectRefused(
      Check({"void", kProgram, "1001", "--reason", "lost", "--as", "anna", "--second", "anna"}), 1,
      HasSubstr("two people"));
  ExpectRefused(
      Check({"void", kProgram, "1001", "--reason", "lost", "--as", "anna", "--second", "bob"}), 2,
      HasSubstr("was not issued"));
  EXPECT_THAT(Print(Check({"stale", kProgram, "--as", "anna"})),
              HasSubstr("0 checks not cashed within 180 days"));
}

// feature:R06
TEST_F(CheckCommands, RulesOfStatesAreLoadedAndNothingIsSetAsideWithoutMoney) {
  AddPayee("Elm Practice", kElmTin);
  const std::string rules = temp_.Write("rules.csv",
                                        "state,from,months,letter_days,report_by,source\n"
                                        "MN,2000-01-01,36,90,11-01,an invented rule\n");
  EXPECT_THAT(Print({"unclaimed", "rules", kProgram, rules, "--as", "anna"}),
              HasSubstr("1 rule, 1 of them new"));
  EXPECT_THAT(Print({"unclaimed", "list", kProgram}), HasSubstr("0 owners"));
  const std::string bad = temp_.Write("bad.csv",
                                      "state,from,months,letter_days,report_by,source\n"
                                      "Minnesota,2000-01-01,36,90,11-01,x\n");
  ExpectRefused({"unclaimed", "rules", kProgram, bad, "--as", "anna"}, 1,
                AllOf(HasSubstr("row 2"), HasSubstr("two capital letters")));
  ExpectRefused({"unclaimed", "set-aside", kProgram, "Elm Practice", "--note", "x", "--as", "anna",
                 "--second", "anna"},
                1, HasSubstr("two people"));
  ExpectRefused({"unclaimed", "set-aside", kProgram, "Elm Practice", "--note", "x", "--as", "anna",
                 "--second", "ben"},
                2, HasSubstr("no money that nobody took"));
}

TEST_F(CheckCommands, ThePoolSaysWhatItExpectsAndWhoMovesItsMoney) {
  const auto pool = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "pool");
    return arguments;
  };
  EXPECT_THAT(Print(pool({"list", kProgram})),
              HasSubstr("balance 0.00, held 0.00, available 0.00"));
  const std::string expected =
      Print(pool({"expect", kProgram, "--to", "Savings pool", "--amount", "1,500.00", "--on",
                  "2026-03-02", "--reference", "FUND-7", "--as", "anna"}));
  EXPECT_THAT(expected, HasSubstr("Savings pool expects 1,500.00 on 2026-03-02"));
  EXPECT_THAT(Print(pool({"list", kProgram})),
              HasSubstr("expects 1,500.00 on 2026-03-02, reference FUND-7"));
  EXPECT_THAT(Print(pool({"match", kProgram, "--as", "anna"})), HasSubstr("0 deposits matched"));
  const std::string id = expected.substr(0, expected.find(':'));
  EXPECT_THAT(Print(pool({"withdraw", kProgram, id, "--as", "bob"})),
              HasSubstr("not expected any more"));
  ExpectRefused(pool({"withdraw", kProgram, id, "--as", "bob"}), 1, HasSubstr("not expected"));
  ExpectRefused(pool({"transfer", kProgram, "--from", "Savings pool", "--to", "Other pool",
                      "--amount", "10", "--reason", "short", "--as", "anna"}),
                2, AllOf(HasSubstr("no pool 'Other pool'"), HasSubstr("sluice pool list")));
  ExpectRefused(pool({"transfer", kProgram, "--from", "Savings pool", "--to", "Savings pool",
                      "--amount", "10", "--reason", "short", "--as", "anna"}),
                1, HasSubstr("between two pools"));
}

}  // namespace
}  // namespace sluice::testing
