// A contract at the command line: drafted, read, edited, approved, signed, in force.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ContractCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    program_ = AddProgram();
    contract_ = DraftContract(program_);
  }

  // The hash that a reader has in front of them: of the last version.
  std::string Seen() {
    const std::string text = Print({"contract", "show", contract_});
    return text.substr(text.rfind("\n  sha256 ") + 10, 64);
  }

  void Approve(const std::string& who) {
    Print({"contract", "approve", contract_, "--seen", Seen(), "--as", who});
  }

  void BringToSigned() {
    Print({"contract", "submit", contract_, "--approvers", "bob,cat", "--as", "anna", "--reason",
           "agreed"});
    Approve("bob");
    Approve("cat");
    Print({"contract", "sign", contract_, "--seen", Seen(), "--side", "payer", "--as", "cat",
           "--name", "Cat Cole", "--title", "CFO"});
    Print({"contract", "sign", contract_, "--seen", Seen(), "--side", "party", "--as", "dan",
           "--name", "Dan Dale"});
  }

  void MakeReady() {
    for (const char* party : {"payer", "Lakes ACO"}) {
      Print({"contact", "add", party, "--name", "Erin Elm", "--email", "erin@example.org", "--days",
             "2025-01-01..", "--as", "anna"});
    }
    Print({"contract", "announce", contract_, "--period", "2025", "--on", "2024-11-03", "--source",
           "rate letter"});
  }

  std::string program_;
  std::string contract_;
};

// feature:Q06
TEST_F(ContractCommands, FromADraftToACalendar) {
  BringToSigned();
  const Outcome not_ready = Run({"contract", "readiness", contract_});
  EXPECT_EQ(not_ready.exit_code, 1);
  EXPECT_THAT(not_ready.out,
              AllOf(HasSubstr("NO_CONTACT: the payer"), HasSubstr("NO_CONTACT: Lakes ACO"),
                    HasSubstr("TARGET_NOT_ANNOUNCED"), Not(HasSubstr("NOT_FUNDED"))));
  ExpectRefused({"contract", "activate", contract_, "--as", "bob", "--reason", "go"}, 1,
                AllOf(HasSubstr("cannot become active"), HasSubstr("NO_CONTACT")));
  MakeReady();
  EXPECT_THAT(Print({"contract", "readiness", contract_}), HasSubstr("nothing is missing"));
  EXPECT_THAT(Print({"contract", "activate", contract_, "--as", "bob", "--reason", "go"}),
              HasSubstr("version 1, Two-sided shared savings 2025: active"));
  EXPECT_THAT(Print({"contract", "list", "--program", program_}),
              AllOf(HasSubstr(contract_ + "  active  Lakes ACO"), HasSubstr("2025-12-31")));
  EXPECT_THAT(Print({"contract", "calendar", contract_, "--period", "2025"}),
              AllOf(HasSubstr("2025-01-15  payment  quarterly advance, for 2025-01-01 to "
                              "2025-03-31"),
                    HasSubstr("2025-10-15  payment"), Not(HasSubstr("settlement"))));
  Print({"contract", "done", contract_, "--name", "quarterly advance", "--covers-from",
         "2025-01-01", "--on", "2025-01-10", "--as", "anna", "--note", "paid"});
  const Outcome overdue = Run({"contract", "calendar", contract_, "--overdue"});
  EXPECT_EQ(overdue.exit_code, 1);
  EXPECT_THAT(overdue.out, AllOf(HasSubstr("2025-04-15"), Not(HasSubstr("2025-01-15"))));
}

TEST_F(ContractCommands, AnEditIsAVersionAndTheRedlineSaysWhoAndWhy) {
  EXPECT_THAT(Print({"contract", "text", contract_}),
              AllOf(HasSubstr("with Lakes ACO (pty_"), HasSubstr("multiplied by 50 %")));
  EXPECT_THAT(Print({"contract", "text", contract_, "--index"}), HasSubstr("components[2].rate"));
  EXPECT_THAT(Print({"contract", "json", contract_}),
              HasSubstr("\"fixed_millionths\": \"500000\""));
  EXPECT_THAT(Print({"contract", "draft", "--contract", contract_, "--terms", TermsFile("550000"),
                     "--as", "bea", "--comment", "the party asked for more"}),
              HasSubstr(contract_ + " version 2"));
  const Outcome diff = Run({"contract", "diff", contract_, "1", "2"});
  EXPECT_EQ(diff.exit_code, 1) << diff.All();
  EXPECT_THAT(diff.out,
              AllOf(HasSubstr("50 %"), HasSubstr("55 %"), HasSubstr("the party asked for more")));
  EXPECT_THAT(Print({"contract", "show", contract_}),
              AllOf(HasSubstr("version 1, Two-sided shared savings 2025: superseded"),
                    HasSubstr("version 2, Two-sided shared savings 2025: draft")));
  ExpectRefused({"contract", "draft", "--contract", contract_, "--terms", TermsFile("550000"),
                 "--as", "bea", "--comment", "again"},
                1, HasSubstr("nothing was edited"));
}

TEST_F(ContractCommands, ATemplateIsFilledInWithinItsRanges) {
  const std::string parameters =
      temp_.Write("parameters.csv",
                  "name,label,path,kind,least,most\n"
                  "share,Share of the party,components[2].rate.cases[0].fixed_millionths,rate,"
                  "30 %,60 %\n");
  const std::string saved =
      Print({"contract", "template", "save", contract_, "--name", "Two-sided savings",
             "--parameters", parameters, "--as", "anna", "--comment", "our usual"});
  EXPECT_THAT(saved, HasSubstr(":1  Two-sided savings, 1 parameter\n"));
  const std::string id = Word(saved, "tpl_");
  EXPECT_THAT(Print({"contract", "template", "list"}), HasSubstr(id + ":1  Two-sided savings"));
  EXPECT_THAT(Print({"contract", "template", "show", id}),
              HasSubstr("--set share=<rate, 30 % to 60 %>  Share of the party"));
  const std::vector<std::string> draft = {
      "contract",   "draft", "--program", program_, "--party",   kElmTin,     "--days", "2025",
      "--template", id,      "--as",      "anna",   "--comment", "from ours", "--set"};
  auto with = draft;
  with.emplace_back("share=45 %");
  const std::string made = Print(with);
  EXPECT_THAT(made, AllOf(HasSubstr("draft"), HasSubstr("with Elm Practice")));
  EXPECT_THAT(Print({"contract", "text", Word(made, "ctr_")}), HasSubstr("multiplied by 45 %"));
  with = draft;
  with.emplace_back("share=70 %");
  ExpectRefused(with, 1, AllOf(HasSubstr("share"), HasSubstr("60 %")));
  with = draft;
  with.emplace_back("shares=45 %");
  ExpectRefused(with, 1, HasSubstr("shares"));
}

TEST_F(ContractCommands, NobodyApprovesWhatTheyWroteOrHaveNotSeen) {
  ExpectRefused({"contract", "submit", contract_, "--approvers", "anna", "--as", "anna", "--reason",
                 "agreed"},
                1, HasSubstr("wrote this version or one before it, and cannot approve it"));
  Print({"contract", "submit", contract_, "--approvers", "bob,cat", "--as", "anna", "--reason",
         "agreed"});
  ExpectRefused({"contract", "approve", contract_, "--seen", std::string(64, '0'), "--as", "bob"},
                1, AllOf(HasSubstr("version 1 of " + contract_), HasSubstr("read it again")));
  ExpectRefused({"contract", "approve", contract_, "--seen", "0123", "--as", "bob"}, 1,
                HasSubstr("first 12 digits"));
  ExpectRefused({"contract", "approve", contract_, "--seen", Seen(), "--as", "cat"}, 1,
                AllOf(HasSubstr("step 1 is usr_"), HasSubstr("is not its delegate")));
  ExpectRefused({"contract", "sign", contract_, "--seen", Seen(), "--side", "payer", "--as", "cat",
                 "--name", "Cat Cole"},
                1, HasSubstr("only an approved version"));
  ExpectRefused({"contract", "sign", contract_, "--seen", Seen(), "--side", "both", "--as", "cat",
                 "--name", "Cat Cole"},
                1, HasSubstr("--side is one of payer, party, not 'both'"));
  ExpectRefused({"contract", "approve", contract_, "--seen", Seen(), "--as", "?"}, 1,
                HasSubstr("'?' names no person"));
}

TEST_F(ContractCommands, WhatDoesNotExistIsNamed) {
  ExpectRefused({"contract", "show", "ctr_0000000000001"}, 2, HasSubstr("ctr_0000000000001"));
  ExpectRefused({"contract", "show", "seventeen"}, 1, HasSubstr("seventeen"));
  const std::vector<std::string> draft = {
      "contract", "draft",     "--program", program_,  "--days",    "2025",   "--as",
      "anna",     "--comment", "x",         "--terms", TermsFile(), "--party"};
  auto with = draft;
  with.emplace_back("Rivers ACO");
  ExpectRefused(with, 2,
                AllOf(HasSubstr("'Rivers ACO' is not in the hierarchy on 2025-01-01"),
                      HasSubstr("NPI, TIN or exact name")));
  ExpectRefused({"contract", "draft", "--program", program_, "--party", "Lakes ACO", "--days",
                 "soon", "--terms", TermsFile(), "--as", "anna", "--comment", "x"},
                1, HasSubstr("'soon' is no period"));
  ExpectRefused({"contract", "draft", "--as", "anna", "--comment", "x"}, 1,
                HasSubstr("--program, --party and --days"));
  ExpectRefused({"contract", "draft", "--program", program_, "--days", "2025", "--party",
                 "Lakes ACO", "--terms", temp_.Write("bad.json", "{\"components\": []}"), "--as",
                 "anna", "--comment", "x"},
                1, HasSubstr("bad.json"));
}

}  // namespace
}  // namespace sluice::testing
