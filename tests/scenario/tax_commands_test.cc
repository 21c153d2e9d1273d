// The tax office at the command line.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TaxCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddPayee("Elm Practice", kElmTin);
  }
};

TEST_F(TaxCommands, AW9IsRecordedAndItsNumberIsNeverShown) {
  const std::string tin_file = temp_.Write("tin.txt", "98-7654320\n");
  const std::string certified =
      Print({"tax", "w9", "Elm Practice", "--certified", "2025-01-15", "--name", "Elm Partners",
             "--classification", "partnership", "--tin-file", tin_file, "--as", "anna"});
  EXPECT_THAT(certified, HasSubstr("W-9 certified on 2025-01-15 is on file"));
  EXPECT_THAT(Print({"tax", "list"}),
              AllOf(HasSubstr("EIN ending 4320, partnership"), HasSubstr("TIN not matched yet"),
                    Not(HasSubstr("987654320"))));
  // The role of this database that stands for the file builder may not open it.
  const Outcome refused = Run({"tax", "tin-match", "ask", temp_.Path("question.txt")});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.All(), Not(HasSubstr("987654320")));
}

TEST_F(TaxCommands, BackupWithholdingTakesTwoPeople) {
  Print({"tax", "backup", "start", "Elm Practice", "--reason", "c-notice", "--from", "2025-03-01",
         "--note", "notice of February", "--as", "anna"});
  EXPECT_THAT(Print({"tax", "list"}), HasSubstr("backup withholding from 2025-03-01: c-notice"));
  ExpectRefused({"tax", "backup", "end", "Elm Practice", "--note", "they asked", "--as", "anna"}, 1,
                HasSubstr("another person ends it"));
  Print({"tax", "backup", "end", "Elm Practice", "--note", "notice of June", "--as", "bob"});
  ExpectRefused({"tax", "backup", "start", "Oak Practice", "--reason", "c-notice", "--note", "n",
                 "--as", "anna"},
                2, HasSubstr("no payee has Oak Practice"));
}

TEST_F(TaxCommands, AYearWithoutPaymentsIsAHeader) {
  AddProgram();
  EXPECT_THAT(Print({"tax", "1099", "--year", "2025"}),
              HasSubstr("tax_year,payer_name,payer_tin,name,"));
  ExpectRefused({"tax", "1099", "--year", "2025", "--tins"}, 1, HasSubstr("add --out"));
}

}  // namespace
}  // namespace sluice::testing
