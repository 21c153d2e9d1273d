// Reversals at the command line: what is refused, and why.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kProgram = "Shared savings 2025";

class ReversalCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddProgram();
  }
  static std::vector<std::string> Reversal(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "reversal");
    arguments.insert(arguments.end(), {"--pool", "Savings pool"});
    return arguments;
  }
  static std::vector<std::string> Request(const std::string& key, const std::string& reason) {
    return Reversal(
        {"request", kProgram, key, "--reason", reason, "--detail", "paid twice", "--as", "anna"});
  }
};

// feature:M05
TEST_F(ReversalCommands, AskOnlyForWhatNachaPermits) {
  EXPECT_THAT(Print(Reversal({"list", kProgram, "--all"})), HasSubstr("0 reversals"));
  ExpectRefused(Request("0RSJ7YP600001", "lack-of-funds"), 1,
                HasSubstr("Nacha permits duplicate, wrong-receiver, wrong-amount and wrong-date"));
  ExpectRefused(Request("not a key", "wrong-date"), 1, HasSubstr("is no payment key"));
  ExpectRefused(Request("0RSJ7YP600001", "wrong-date"), 2, HasSubstr("there is no payment"));
  ExpectRefused(Reversal({"approve", kProgram, "rvs_0RSJ7YP600001", "--as", "bob"}), 2,
                HasSubstr("there is no reversal"));
  ExpectRefused(
      Reversal({"reject", kProgram, "rvs_0RSJ7YP600001", "--reason", "no", "--as", "bob"}), 2,
      HasSubstr("there is no reversal"));
  EXPECT_THAT(Print(Reversal({"settle", kProgram, "--as", "anna"})),
              HasSubstr("0 reversals final"));
}

}  // namespace
}  // namespace sluice::testing
