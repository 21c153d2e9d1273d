// A program at the command line, from files of members and choices to awards that replay: what is
// missing is named, what was calculated is shown to its last step.
#include "tests/scenario/program_command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using ProgramCommands = ProgramCommandTest;

// feature:C12
TEST_F(ProgramCommands, FilesBecomeAwardsAndWhatIsMissingIsNamed) {
  const Outcome nothing = Run(StatusOf("2025-06"));
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.out, AllOf(HasSubstr(contract_ + "  Lakes ACO (pty_"),
                                 HasSubstr("NOT CALCULATED"), HasSubstr("sluice program run")));
  const Outcome blocked = Run(RunOf("2025-06"));
  EXPECT_EQ(blocked.exit_code, 1) << blocked.All();
  EXPECT_THAT(blocked.out, AllOf(HasSubstr("Primary-care capitation, 2025-06-01 to 2025-06-30"),
                                 HasSubstr("1 contract: 1 new version, 0 unchanged, 1 blocked"),
                                 HasSubstr("BLOCKED " + contract_ + "  Lakes ACO (pty_"),
                                 HasSubstr("missing: the attribution list of 2025-06 (publish it)"),
                                 HasSubstr("supply what is missing and run it again")));
  const Outcome status = Run(StatusOf("2025-06"));
  EXPECT_EQ(status.exit_code, 1);
  EXPECT_THAT(status.out, AllOf(HasSubstr("version 1: BLOCKED MISSING_INPUT"),
                                HasSubstr("1 award, 1 blocked, 0 not calculated")));

  Publish();
  EXPECT_THAT(Print(RunOf("2025-06")),
              AllOf(HasSubstr("capitation: 1 contract"), HasSubstr("1 new version"),
                    HasSubstr("0 blocked"), HasSubstr("60.00"), Not(HasSubstr("BLOCKED"))));
  EXPECT_THAT(Print(RunOf("2025-06")), HasSubstr("0 new versions, 1 unchanged, 0 blocked"));
  EXPECT_THAT(Print(StatusOf("2025-06")),
              AllOf(HasSubstr("version 2: 60.00, payable 60.00"),
                    HasSubstr("0 blocked, 0 not calculated, payable 60.00")));
}

TEST_F(ProgramCommands, AnAwardShowsItsStepsItsSharesAndReplays) {
  Publish();
  Print(RunOf("2025-06", {"--contract", contract_}));
  const std::string package = temp_.Path("june.package");
  EXPECT_THAT(
      Print({"program", "award", contract_, "--period", "2025-06", "--out", package}),
      AllOf(HasSubstr("section 7"), HasSubstr("Elm Practice"), HasSubstr("37.00"),
            HasSubstr("Oak Practice"), HasSubstr("23.00"), HasSubstr("sluice replay " + package)));
  const Outcome replayed = RunSluice({"replay", package});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.All();
  ExpectRefused({"program", "award", contract_, "--period", "2025-06", "--version", "7"}, 2,
                HasSubstr("no version 7 of an award for 2025-06-01 to 2025-06-30"));
  ExpectRefused({"program", "award", contract_, "--period", "2025-05"}, 2,
                AllOf(HasSubstr("has no award for 2025-05-01"), HasSubstr("sluice program run")));
  ExpectRefused(
      {"program", "award", contract_, "--period", "2025-06", "--out", temp_.Path("no/where")}, 2,
      HasSubstr("no/where"));
}

TEST_F(ProgramCommands, AGateThatFailsStopsTheReleaseUntilSomebodyAnswersForIt) {
  Publish();
  Print({"gate", "set", kProgram, "whole", "--feed", "members", "--kind", "complete", "--limit",
         "1000"});
  const Outcome stopped = Run(RunOf("2025-06"));
  EXPECT_EQ(stopped.exit_code, 1) << stopped.All();
  EXPECT_THAT(stopped.out, AllOf(HasSubstr("1 gate checked: one stops the release"),
                                 HasSubstr("whole, feed members"), HasSubstr("60.00")));
  const Outcome listed = Run({"gate", "list", kProgram, "--period", "2025-06"});
  EXPECT_EQ(listed.exit_code, 1);
  const std::string check = listed.out.substr(0, listed.out.find(' '));
  Print({"gate", "override", kProgram, check, "--as", "cfo", "--reason",
         "the plan has three members"});
  EXPECT_THAT(Print(StatusOf("2025-06")), HasSubstr("the awards may be released"));
}

TEST_F(ProgramCommands, WhatCannotBeRunIsRefusedWithTheReason) {
  ExpectRefused({"program", "run", "Nothing", "--period", "2025-06", "--pay-date", "2025-07-20",
                 "--as", "anna"},
                2, AllOf(HasSubstr("no program 'Nothing'"), HasSubstr("sluice program list")));
  ExpectRefused(RunOf("June"), 1, AllOf(HasSubstr("'June' is no period"), HasSubstr("2026-07")));
  ExpectRefused(RunOf("2025-06-01.."), 1, HasSubstr("has no end"));
  ExpectRefused(RunOf("2025-06", {"--known-at", "2999-01-01T00:00:00Z"}), 1,
                HasSubstr("is in the future"));
  ExpectRefused(RunOf("2025-06", {"--contract", "ctr_0000000000005"}), 2,
                HasSubstr("contract ctr_0000000000005 is not one of program"));
  ExpectRefused(
      {"program", "run", kProgram, "--period", "2025-06", "--pay-date", "soon", "--as", "anna"}, 1,
      HasSubstr("--pay-date"));
  ExpectRefused(
      {"program", "run", kProgram, "--period", "2025-06", "--pay-date", "2025-07-20", "--as", "?"},
      1, HasSubstr("'?' names no person"));
  const Outcome before = Run(RunOf("2024-06"));
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_THAT(before.out, HasSubstr("no contract of the program touches the period"));
  ExpectRefused({"program", "status", "Nothing", "--period", "2025-06"}, 2,
                HasSubstr("no program 'Nothing'"));
}

}  // namespace
}  // namespace sluice::testing
