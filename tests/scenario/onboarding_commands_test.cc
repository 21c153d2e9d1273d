// An admin at the command line: find a party, name its contacts, take it through onboarding.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class OnboardingCommands : public CommandTest {
 protected:
  std::vector<std::string> Move(const std::string& command, const std::string& who,
                                std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"onboarding", command, kElmTin, "--as", who};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(OnboardingCommands, APartyGoesFromDraftToActiveByTwoPeople) {
  EXPECT_THAT(Print({"onboarding", "show", kElmTin}), HasSubstr("has no case"));
  EXPECT_THAT(
      Print(Move("open", "anna")),
      AllOf(HasSubstr("Elm Practice (pty_"), HasSubstr("is draft; not paid yet; next: submit")));
  Print(Move("submit", "anna"));
  Print(Move("validate", "anna"));
  ExpectRefused(Move("approve", "anna"), 1, HasSubstr("submitted"));
  Print(Move("approve", "bob"));
  EXPECT_THAT(Print(Move("activate", "bob")), HasSubstr("is active and may be paid"));
  ExpectRefused(Move("submit", "anna"), 1,
                HasSubstr("a case in state active does not take 'submit'; it takes: return"));
  EXPECT_THAT(Print(Move("return", "bob", {"--reason", "its licence lapsed"})),
              HasSubstr("is draft"));
  EXPECT_THAT(Print({"onboarding", "show", "Elm Practice"}),
              AllOf(HasSubstr("approve by usr_"), HasSubstr("return by usr_"),
                    HasSubstr("its licence lapsed")));
}

TEST_F(OnboardingCommands, APartyIsFoundByNameNumberAndId) {
  const std::string by_name = Print({"party", "find", "elm"});
  EXPECT_THAT(by_name, AllOf(HasSubstr("practice  Elm Practice"), HasSubstr("tin 970000011"),
                             HasSubstr("participant of Lakes ACO (pty_")));
  EXPECT_EQ(Print({"party", "find", kElmTin}), by_name);
  EXPECT_EQ(Print({"party", "find", Word(by_name, "pty_")}), by_name);
  ExpectRefused({"party", "find", "Nobody Ltd"}, 2, HasSubstr("'Nobody Ltd'"));
  ExpectRefused({"onboarding", "show", "1234567890"}, 1, HasSubstr("check digit"));
}

TEST_F(OnboardingCommands, AContactMustBeReachable) {
  EXPECT_THAT(Print({"contact", "list", kElmTin}), HasSubstr("nobody is named"));
  Print({"contact", "add", kElmTin, "--name", "Erin Elm", "--kind", "finance", "--phone",
         "(614) 555-0123", "--as", "anna"});
  EXPECT_THAT(Print({"contact", "list", "Elm Practice"}),
              AllOf(HasSubstr("finance  Erin Elm"), HasSubstr("+16145550123")));
  ExpectRefused({"contact", "add", kElmTin, "--name", "Erin Elm", "--as", "anna"}, 1,
                HasSubstr("e-mail"));
  ExpectRefused(
      {"contact", "add", kElmTin, "--name", "Erin Elm", "--email", "erin@", "--as", "anna"}, 1,
      HasSubstr("erin@"));
  ExpectRefused({"contact", "add", kElmTin, "--name", "E", "--kind", "pigeon", "--email",
                 "e@example.org", "--as", "anna"},
                1, AllOf(HasSubstr("pigeon"), HasSubstr("finance")));
}

TEST_F(OnboardingCommands, AProgramHasABookAndANameOfItsOwn) {
  EXPECT_THAT(Print({"program", "list"}), HasSubstr("no program yet"));
  const std::string program = AddProgram();
  EXPECT_THAT(
      Print({"program", "list"}),
      AllOf(HasSubstr(program + "  Shared savings 2025  stream ssl, HCP-LAN 3B, book bok_")));
  const Outcome book = Run({"ledger", "verify"});
  EXPECT_EQ(book.exit_code, 0) << book.All();
  EXPECT_THAT(book.out, HasSubstr("1 books"));
  ExpectRefused(
      {"program", "add", "--name", "Shared savings 2025", "--stream", "ssl", "--lan", "3B"}, 1,
      HasSubstr("there is a program 'Shared savings 2025' already: " + program));
  ExpectRefused({"program", "add", "--name", "Other", "--stream", "abc", "--lan", "3B"}, 1,
                HasSubstr("abc"));
}

}  // namespace
}  // namespace sluice::testing
