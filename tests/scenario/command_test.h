// Commands of the real program on a database of the test's own: what a user types, what is printed.
//
//   class MyCommands : public CommandTest {};
//   TEST_F(MyCommands, ...) {
//     const Outcome shown = Run({"program", "list"});
//     EXPECT_EQ(shown.exit_code, 0) << shown.All();
//   }
//
// The program uses the machine's clock, so what tests load lies in years that have passed.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/scenario/sluice_program.h"
#include "tests/support/test_database.h"

namespace sluice::testing {

class CommandTest : public ::testing::Test {
 protected:
  // A migrated database with one payer, and a roster: ACO "Lakes ACO" with "Elm Practice"
  // (kElmTin; Ann, Bob) and "Oak Practice" (kOakTin; Cyd), from 2023 on.
  void SetUp() override;

  static constexpr const char* kElmTin = "970000011";
  static constexpr const char* kOakTin = "970000029";
  static constexpr const char* kAnn = "1234567893";
  static constexpr const char* kBob = "1000100010";
  static constexpr const char* kCyd = "1003000126";

  Outcome Run(std::vector<std::string> arguments);
  // Runs it, expects exit code 0, and gives what it printed.
  std::string Print(const std::vector<std::string>& arguments);
  // Expects that it is refused with this message and prints nothing else.
  void ExpectRefused(const std::vector<std::string>& arguments, int exit_code,
                     const ::testing::Matcher<std::string>& message);
  // The first word of the text that begins so: an id.
  static std::string Word(const std::string& text, const std::string& prefix);

  // A payee for the party with this tax number, as the enrollment of a roster makes it.
  void AddPayee(const std::string& name, const std::string& tin);
  // The ids of a program with the pool "Savings pool", and of a contract in draft with the ACO for
  // 2025, made by "anna".
  std::string AddProgram();
  std::string DraftContract(const std::string& program);
  // A contract's terms as JSON: two-sided savings, half of them shared over two levels.
  std::string TermsFile(const std::string& share_millionths = "500000");

  // A feed of a kind with this mapping of columns, and a file of it about 2025 without a fault.
  void Declare(const std::string& feed, const std::string& kind, const std::string& columns);
  void Receive(const std::string& feed, const std::string& text);

  TestDatabase db_;
  TempDir temp_;

 private:
  std::string config_;
};

}  // namespace sluice::testing
