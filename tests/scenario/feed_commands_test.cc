// A data desk at the command line: feeds declared, files received and refused, gates set.
#include <cstdint>

#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class FeedCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    temp_.Write("members.mapping.toml",
                "name = \"members\"\nkind = \"eligibility\"\n[columns]\nmember_number = \"id\"\n"
                "valid_from = \"from\"\nvalid_to = \"through\"\nbirth_date = \"birth\"\n");
    spec_ = temp_.Write("members.toml", Spec("Enrollment"));
  }

  static std::string Spec(const std::string& owner) {
    return "name = \"members\"\nkind = \"eligibility\"\nowner = \"" + owner +
           "\"\nmapping = \"members.mapping.toml\"\nstarts_on = 2025-01-01\n"
           "interval_days = 31\ngrace_days = 5\n";
  }

  std::vector<std::string> Receive(const std::string& file) {
    return {"feed", "receive", "members", file, "--period", "2025-03"};
  }

  std::string spec_;
};

TEST_F(FeedCommands, AFileIsReceivedOnceAndItsHealthIsShown) {
  EXPECT_THAT(Print({"feed", "declare", spec_}),
              HasSubstr("feed members version 1: eligibility, every 31 days from 2025-01-01, owner "
                        "Enrollment"));
  const std::string file = temp_.Write("march.csv",
                                       "id,from,through,birth\n"
                                       "M1,2025-01-01,2025-12-31,1960-02-03\n"
                                       "M2,2025-02-01,,1971-04-05\n");
  EXPECT_THAT(Print(Receive(file)), AllOf(HasSubstr("march.csv: feed members"),
                                          HasSubstr("version 1: 2 rows in, 2 read, 0 rejected")));
  const Outcome again = Run(Receive(file));
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.out, HasSubstr("REFUSED DUPLICATE"));
  const Outcome status = Run({"feed", "status", "members"});
  EXPECT_THAT(status.out, AllOf(HasSubstr("members (owner Enrollment), next due"),
                                HasSubstr("duplicate: march.csv DUPLICATE"),
                                HasSubstr("version 1: 2 rows in")));
}

TEST_F(FeedCommands, ARejectedRowIsQuarantinedAndTheFileExitsWithAFinding) {
  Print({"feed", "declare", spec_});
  const Outcome received = Run(Receive(temp_.Write("march.csv",
                                                   "id,from,through,birth\n"
                                                   "M1,2025-01-01,,1960-02-03\n"
                                                   "M2,2025-01-01,2024-12-01,1971-04-05\n")));
  EXPECT_EQ(received.exit_code, 1);
  EXPECT_THAT(received.out, AllOf(HasSubstr("2 rows in, 1 read, 1 rejected"), HasSubstr("row 3")));
  const Outcome rows = Run({"feed", "quarantine", Word(received.out, "fdl_")});
  EXPECT_EQ(rows.exit_code, 1);
  EXPECT_THAT(rows.out, AllOf(HasSubstr("row 3 (line 3) column 'through'"),
                              HasSubstr("1 row; remove the cause"),
                              Not(HasSubstr("1971"))));  // health data is not kept a second time
}

TEST_F(FeedCommands, AFileWithoutAColumnIsRefusedWhole) {
  Print({"feed", "declare", spec_});
  const Outcome refused = Run(Receive(temp_.Write("march.csv", "member,from\nM1,2025-01-01\n")));
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("REFUSED MALFORMED"),
                                 HasSubstr("no such column; it has member, from")));
  const Outcome status = Run({"feed", "status"});
  EXPECT_EQ(status.exit_code, 1) << "red";
  EXPECT_THAT(status.out, AllOf(HasSubstr("red members"), HasSubstr("refused: march.csv")));
}

TEST_F(FeedCommands, AChangedSpecificationIsANewVersion) {
  Print({"feed", "declare", spec_});
  temp_.Write("members.toml", Spec("Membership"));
  EXPECT_THAT(Print({"feed", "declare", spec_}), HasSubstr("version 2"));
  EXPECT_THAT(Print({"feed", "declare", spec_}), HasSubstr("version 2"));
}

TEST_F(FeedCommands, WhatIsWrittenWrongIsNamedWithTheFormThereIs) {
  Print({"feed", "declare", spec_});
  ExpectRefused({"feed", "receive", "members", temp_.Path("march.csv"), "--period", "March"}, 1,
                AllOf(HasSubstr("'March' is no period"), HasSubstr("2026-Q3")));
  ExpectRefused({"feed", "receive", "claims", temp_.Write("march.csv", "id\n"), "--period", "2025"},
                2, HasSubstr("claims"));
  ExpectRefused({"feed", "receive", "members", temp_.Path("nowhere.csv"), "--period", "2025"}, 2,
                HasSubstr("nowhere.csv: name an existing file"));
  EXPECT_THAT(Run({"feed", "status"}).out, Not(HasSubstr("nowhere.csv"))) << "no delivery";
  ExpectRefused({"feed", "declare", temp_.Path("nowhere.toml")}, 2, HasSubstr("nowhere.toml"));
  ExpectRefused({"feed", "status", "claims"}, 2, HasSubstr("there is no feed 'claims'"));
  ExpectRefused({"feed", "quarantine", "fdl_oops"}, 1, HasSubstr("fdl_oops"));
}

TEST_F(FeedCommands, WhatDoesNotReadAsACommandCouldNotBeDone) {
  ExpectRefused({"feed", "receive", "members"}, 2,
                AllOf(HasSubstr("sluice: feed receive: file is required"),
                      HasSubstr("see: sluice feed receive --help")));
  ExpectRefused({"feed", "recieve"}, 2, HasSubstr("no command 'feed recieve'"));
  ExpectRefused({"feeds"}, 2, HasSubstr("no command 'feeds'; see: sluice --help"));
  const Outcome help = Run({"feed", "receive", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--reprocess"));
}

TEST_F(FeedCommands, AGateIsSetListedAndRefusedWhenItsLimitIsNone) {
  Print({"feed", "declare", spec_});
  const std::string program = AddProgram();
  EXPECT_THAT(Print({"gate", "set", program, "clean", "--feed", "members", "--kind",
                     "rejected_share", "--limit", "2 %"}),
              HasSubstr("gate clean of " + program + ": feed members rejected_share, limit 2 %"));
  Print({"gate", "set", program, "fresh", "--feed", "members", "--kind", "fresh", "--limit", "40"});
  EXPECT_THAT(Print({"gate", "list", program}),
              AllOf(HasSubstr("clean  feed members  rejected_share  2"),
                    HasSubstr("fresh  feed members  fresh  40")));
  EXPECT_THAT(Print({"gate", "list", program, "--period", "2025"}),
              HasSubstr("no gate was checked"));
  ExpectRefused(
      {"gate", "set", program, "old", "--feed", "members", "--kind", "fresh", "--limit", "1/2"}, 1,
      HasSubstr("whole number"));
  ExpectRefused({"gate", "set", program, "old", "--feed", "members", "--kind", "new"}, 1,
                HasSubstr("--kind is one of recorded, delivered, rejected_share, fresh, complete, "
                          "not 'new'"));
  ExpectRefused({"gate", "override", program, "17", "--as", "cfo", "--reason",
                 "the file is known to be right"},
                2, HasSubstr("17"));
}

}  // namespace
}  // namespace sluice::testing
