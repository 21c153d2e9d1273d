// Compliance at the command line: a list, a hit, a decision by a second person.
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ScreeningCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddPayee("Elm Zerkovich Practice", kElmTin);
  }
};

TEST_F(ScreeningCommands, AListIsImportedAndItsHitDecidedBySomebodyElse) {
  const std::string list =
      temp_.Write("sdn.csv",
                  "7,\"Unrelated\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
                  "8,\"ZERKOVICH\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n");
  const std::string alternates = temp_.Write("alt.csv", "8,1,\"aka\",\"Elm Zerkovich\",-0- \r\n");
  ExpectRefused({"screening", "run", "--as", "anna"}, 1, HasSubstr("import one first"));
  const Outcome imported = Run({"screening", "import", "sdn", list, "--alternates", alternates,
                                "--published", "2026-01-05", "--as", "anna"});
  EXPECT_EQ(imported.exit_code, 1) << imported.All();  // there is a hit
  EXPECT_THAT(imported.out, AllOf(HasSubstr("sdn list of 2026-01-05: 2 entries"),
                                  HasSubstr("may be 'Elm Zerkovich' (sdn TEST, score ")));
  const std::string hit = Word(imported.out, "hit_");
  ExpectRefused({"screening", "review", hit, "--not-the-same", "--note", "n", "--as", "anna"}, 1,
                HasSubstr("another person decides"));
  EXPECT_THAT(Print({"screening", "review", hit}), HasSubstr("is not decided"));
  EXPECT_THAT(Print({"screening", "review", hit, "--not-the-same", "--note", "other address",
                     "--as", "bob"}),
              HasSubstr("its hold is cleared"));
  EXPECT_THAT(Print({"screening", "review", hit}), HasSubstr("other address"));
  EXPECT_THAT(Print({"screening", "review"}), HasSubstr("no hit stands"));
  EXPECT_THAT(Print({"screening", "run", "--as", "bob"}), HasSubstr("1 finding, 0 new hits"));
}

TEST_F(ScreeningCommands, ADamagedListIsRefusedWithItsLine) {
  const std::string list = temp_.Write("sdn.csv", "x,\"N\",-0-,p,,,,,,,,\n");
  ExpectRefused({"screening", "import", "sdn", list, "--published", "2026-01-05", "--as", "anna"},
                1, HasSubstr("sdn.csv line 1"));
  ExpectRefused({"screening", "import", "ofac", list, "--published", "2026-01-05", "--as", "anna"},
                1, HasSubstr("a list is sdn (OFAC) or leie (OIG)"));
}

}  // namespace
}  // namespace sluice::testing
