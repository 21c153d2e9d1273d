// A program at the command line, from files of members and choices to awards that replay: what is
// missing is named, what was calculated is shown to its last step.
#include <fmt/format.h>

#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kProgram = "Primary-care capitation";

// By age and sex: 14.00 to 17, from 18 on 23.00 for women and 18.00 for men.
constexpr const char* kTerms = R"({
  "title": "Primary-care capitation 2025",
  "components": [
    {"basis": {"member_month_sum": {
       "rates": {"versions": [{"from": "2025-01", "cells": [
         {"label": "0-17", "age_to": 17, "price_millionths": "14000000"},
         {"label": "F18+", "age_from": 18, "sex": "CELL_SEX_FEMALE",
          "price_millionths": "23000000"},
         {"label": "M18+", "age_from": 18, "sex": "CELL_SEX_MALE",
          "price_millionths": "18000000"}]}]},
       "month": {"method": "MONTH_METHOD_FIFTEEN_THIRTY", "day": 15},
       "retro": [{"days": 90}],
       "first_month": "2025-06"},
     "zero_reason": "NO_MEMBER_MONTHS"}, "clause": "section 7"},
    {"rounding": {"unit_cents": "1"}, "clause": "section 7.2"}],
  "operations": {"funding_pool": "Capitation pool",
    "schedule": [{"kind": "SCHEDULE_KIND_PAYMENT", "name": "capitation", "every": "EVERY_MONTH",
                  "due_from": "DUE_FROM_START", "due_days": 19}]}
}
)";

constexpr const char* kMethod = R"({
  "title": "The member's choice",
  "steps": [{"kind": "ATTRIBUTION_STEP_KIND_MEMBER_SELECTED", "clause": "2"}],
  "unit": "ATTRIBUTION_UNIT_PROVIDER",
  "ties": ["ATTRIBUTION_TIE_LOWEST_KEY"],
  "timing": "ATTRIBUTION_TIMING_RETROSPECTIVE",
  "coverage_day": "COVERAGE_DAY_FIRST",
  "eligibility_months": 12,
  "new_members": "NEW_MEMBER_RULE_AS_OTHERS"
}
)";

class ProgramCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    Print({"program", "add", "--name", kProgram, "--stream", "pcpcp", "--lan", "4A", "--pool",
           "Capitation pool"});
    contract_ = Word(Print({"contract", "draft", "--program", kProgram, "--party", "Lakes ACO",
                            "--days", "2025", "--terms", temp_.Write("capitation.json", kTerms),
                            "--as", "anna", "--comment", "first text"}),
                     "ctr_");
    BringIntoForce();
    Print({"attribution", "method", contract_, temp_.Write("method.json", kMethod), "--days",
           "2025", "--as", "anna"});
    Declare("members", "eligibility",
            "member_number = \"id\"\nvalid_from = \"from\"\nvalid_to = \"through\"\n"
            "birth_date = \"birth\"\nsex = \"sex\"\nplan = \"plan\"\n"
            "[constants]\nline_of_business = \"commercial\"\n");
    Declare("choices", "provider_choice",
            "member_number = \"id\"\nprovider_npi = \"npi\"\npractice_tin = \"tin\"\n"
            "valid_from = \"from\"\n[constants]\nkind = \"member_selected\"\n");
    // A woman and a child with Elm Practice, a woman with Oak Practice.
    Receive("members",
            "id,from,through,birth,sex,plan\nM1,2025-01-01,,1980-05-05,female,gold\n"
            "M2,2025-01-01,,2015-03-03,male,gold\nM3,2025-01-01,,1950-06-06,female,gold\n");
    Receive("choices", fmt::format("id,npi,tin,from\nM1,{0},{2},2025-01-01\n"
                                   "M2,{0},{2},2025-01-01\nM3,{1},{3},2025-01-01\n",
                                   kAnn, kCyd, kElmTin, kOakTin));
  }

  void BringIntoForce() {
    const std::string shown = Print({"contract", "show", contract_});
    const std::string seen = shown.substr(shown.rfind("\n  sha256 ") + 10, 64);
    Print({"contract", "submit", contract_, "--approvers", "bob", "--as", "anna", "--reason",
           "agreed"});
    Print({"contract", "approve", contract_, "--seen", seen, "--as", "bob"});
    for (const auto& [side, who] : {std::pair("payer", "cat"), std::pair("party", "dan")}) {
      Print({"contract", "sign", contract_, "--seen", seen, "--side", side, "--as", who, "--name",
             who});
    }
    for (const char* party : {"payer", "Lakes ACO"}) {
      Print({"contact", "add", party, "--name", "Erin Elm", "--email", "erin@example.org", "--days",
             "2025-01-01..", "--as", "anna"});
    }
    Print({"contract", "activate", contract_, "--as", "bob", "--reason", "go"});
  }

  // A list that is final.
  void Publish() {
    const std::vector<std::string> of = {contract_, "--period", "2025", "--as", "anna"};
    for (const char* step : {"prepare", "publish", "publish"}) {
      std::vector<std::string> arguments = {"attribution", step};
      arguments.insert(arguments.end(), of.begin(), of.end());
      Print(arguments);
    }
  }

  static std::vector<std::string> RunOf(const std::string& period,
                                        std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"program",    "run",        kProgram, "--period", period,
                                          "--pay-date", "2025-07-20", "--as",   "anna"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  static std::vector<std::string> StatusOf(const std::string& period) {
    return {"program", "status", kProgram, "--period", period};
  }

  std::string contract_;
};

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
