// What a user can get wrong on the command line: each is refused with a message that names the
// place and what to do, and nothing is half applied.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kMapping = "deploy/config/roster.toml";
constexpr const char* kHeader =
    "aco_id,aco_name,practice_tin,practice_npi,practice_name,address,city,state,zip,provider_npi,"
    "provider_id,provider_name,start_date,end_date\n";
constexpr const char* kPractice =
    "A1,Lakes ACO,970000011,1000100002,Elm Practice,1 Elm Street,Columbus,OH,43215,";
constexpr const char* kAnn = "1234567893,P1,Ann Ames,2026-01-01,\n";
constexpr const char* kBob = "1000100010,P2,Bob Bell,2026-01-01,\n";

std::string Roster(const std::vector<std::string>& providers) {
  std::string text = kHeader;
  for (const std::string& provider : providers) text += kPractice + provider;
  return text;
}

// One payer without any party; no test of the file adds one.
class BadRoster : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    temp_.emplace();
    const Outcome added = RunSluice({"payer", "add", "--name", "Example Plan", "--tin", "970000001",
                                     "--data-dir", temp_->Path("data")});
    ASSERT_EQ(added.exit_code, 0) << added.All();
    const Outcome good = DryRun();
    ASSERT_EQ(good.exit_code, 0) << good.All();
    ASSERT_THAT(good.out, HasSubstr("adds 7 (parties 4, identifiers 0, affiliations 3)"));
    empty_ = good.out;
  }
  static void TearDownTestSuite() { temp_.reset(); }

  static Outcome Import(const std::string& file, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"import", file, "--data-dir", temp_->Path("data")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunSluice(arguments);
  }
  static Outcome DryRun() {
    return Import(temp_->Write("good.csv", Roster({kAnn, kBob})),
                  {"--mapping", kMapping, "--dry-run"});
  }

  // The sample mapping for files whose last line may have no end.
  static std::string LenientMapping() {
    std::string text = ReadBytes(kMapping);
    const std::string_view rule = "ends_with_newline = true\n";
    text.erase(text.find(rule), rule.size());
    return temp_->Write("lenient.toml", text);
  }

  // The file is refused, and a good one still finds the hierarchy empty.
  static void ExpectRefused(const std::string& text, ::testing::Matcher<std::string> message) {
    const Outcome refused = Import(temp_->Write("bad.csv", text), {"--mapping", kMapping});
    EXPECT_EQ(refused.exit_code, 1) << refused.All();
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_THAT(refused.err, AllOf(HasSubstr("sluice: "), HasSubstr("bad.csv"), message));
    EXPECT_EQ(DryRun().out, empty_) << "something of the file was applied";
  }

  static inline std::optional<TempDir> temp_;
  static inline std::string empty_;
};

TEST_F(BadRoster, AMissingColumnIsNamedWithThoseThatAreThere) {
  std::string text = Roster({kAnn, kBob});
  text.replace(text.find("provider_npi"), 12, "npi_number");
  ExpectRefused(text, AllOf(HasSubstr("row 1"), HasSubstr("'provider_npi'"),
                            HasSubstr("the header has no such column; it has aco_id, aco_name"),
                            HasSubstr("npi_number")));
}

TEST_F(BadRoster, ABadNpiIsNamedByRowAndColumn) {
  ExpectRefused(Roster({kAnn, "1000100011,P2,Bob Bell,2026-01-01,\n"}),
                AllOf(HasSubstr("nothing was applied"),
                      HasSubstr("row 3 column 'provider_npi': BAD_IDENTIFIER: '1000100011'"),
                      HasSubstr("check digit"), HasSubstr("compare it with the source")));
}

TEST_F(BadRoster, ADuplicateRowIsNamedWithTheRowThatSaysItAlready) {
  ExpectRefused(Roster({kAnn, kBob, kAnn}),
                AllOf(HasSubstr("nothing was applied"), HasSubstr("row 4: DUPLICATE_ROW"),
                      HasSubstr("row 2 says all of this already; remove one")));
}

TEST_F(BadRoster, AnOverlappingAffiliationIsNamedWithBothRows) {
  ExpectRefused(Roster({kAnn, "1234567893,P1,Ann Ames,2026-03-01,\n"}),
                AllOf(HasSubstr("nothing was applied"),
                      HasSubstr("row 3 column 'start_date': OVERLAPPING_AFFILIATION"),
                      HasSubstr("stated in row 2 from 2026-01-01"),
                      HasSubstr("end the first before the second begins")));
}

TEST_F(BadRoster, AFileCutInTheMiddleOfARowIsRefused) {
  std::string text = Roster({kAnn, kBob});
  text.resize(text.find("Bob Bell") + 5);
  ExpectRefused(text, AllOf(HasSubstr("it was cut"), HasSubstr("get it again")));
  // Without the rule about the last line end, the row itself tells.
  const Outcome row = Import(temp_->Path("bad.csv"), {"--mapping", LenientMapping()});
  EXPECT_EQ(row.exit_code, 1) << row.All();
  EXPECT_THAT(row.err, AllOf(HasSubstr("bad.csv row 3"), HasSubstr("may have been cut")));
  EXPECT_EQ(DryRun().out, empty_);
}

// Cut inside the last field every field is there: "2026-12-31" may have become nothing, and the
// affiliation would be one without an end. Only the missing line end tells.
TEST_F(BadRoster, AFileCutInItsLastFieldIsRefused) {
  std::string text = Roster({kAnn, "1000100010,P2,Bob Bell,2026-01-01,2026-12-31\n"});
  text.resize(text.size() - 11);
  ASSERT_TRUE(text.ends_with("2026-01-01,"));
  ExpectRefused(text, AllOf(HasSubstr("it was cut"), HasSubstr("get it again")));
}

TEST_F(BadRoster, AWrongEncodingIsNamedByRowAndColumn) {
  ExpectRefused(Roster({kAnn, "1000100010,P2,Bob B\xe9ll,2026-01-01,\n"}),
                AllOf(HasSubstr("row 3"), HasSubstr("'provider_name'"), HasSubstr("not UTF-8"),
                      HasSubstr("save the file with the encoding UTF-8")));
}

TEST_F(BadRoster, RejectsAreListedAndTheOthersAppliedOnlyWhenAsked) {
  const std::string file =
      temp_->Write("bad.csv", Roster({kAnn, "1000100011,P2,Bob Bell,2026-01-01,\n"}));
  const Outcome counted = Import(file, {"--mapping", kMapping, "--allow-rejects", "--dry-run"});
  EXPECT_EQ(counted.exit_code, 0) << counted.All();
  EXPECT_THAT(counted.out, AllOf(HasSubstr("rejects 1"), HasSubstr("row 3 column 'provider_npi'"),
                                 HasSubstr("Dry run: nothing was written.")));
}

TEST_F(BadRoster, AFileOrMappingThatIsNotThereIsNamed) {
  const std::string good = temp_->Write("good.csv", Roster({kAnn}));
  const Outcome file = Import(temp_->Path("nowhere.csv"), {"--mapping", kMapping});
  EXPECT_EQ(file.exit_code, 2);
  EXPECT_THAT(file.err, AllOf(HasSubstr("nowhere.csv"), HasSubstr("check the path")));
  const Outcome mapping = Import(good, {"--mapping", temp_->Path("nowhere.toml")});
  EXPECT_EQ(mapping.exit_code, 2);
  EXPECT_THAT(mapping.err, HasSubstr("nowhere.toml"));
  const Outcome wrong = Import(good, {"--mapping", temp_->Write("wrong.toml", "name = 3\n")});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("wrong.toml:1:8"), HasSubstr("expected text")));
}

TEST_F(BadRoster, APayerNeedsATaxIdOfItsOwn) {
  const auto add = [](const std::string& tin) {
    return RunSluice({"payer", "add", "--name", "Another Plan", "--tin", tin, "--data-dir",
                      temp_->Path("data")});
  };
  const Outcome malformed = add("97-00000x");
  EXPECT_EQ(malformed.exit_code, 1);
  EXPECT_THAT(malformed.err, AllOf(HasSubstr("--tin"), Not(HasSubstr("SQLSTATE"))));
  const Outcome taken = add("970000001");
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.err, AllOf(HasSubstr("970000001"), HasSubstr("Example Plan")));
  EXPECT_EQ(DryRun().out, empty_);  // there is one payer still, so that --payer is not needed
}

class BadArgument : public ::testing::Test {
 protected:
  TempDir temp_;
};

TEST_F(BadArgument, AnOutFolderThatCannotBeMadeIsNamed) {
  temp_.Write("file", "not a folder\n");
  const Outcome refused = RunSluice(SmallDemo(temp_.Path("data"), temp_.Path("file/out")));
  EXPECT_EQ(refused.exit_code, 2) << refused.All();
  EXPECT_THAT(refused.err, AllOf(HasSubstr(temp_.Path("file/out")), HasSubstr("--out")));
  EXPECT_FALSE(std::filesystem::exists(temp_.Path("data"))) << "refused before any work";
}

// The demo replaces what an earlier one left; it once took every PDF and CSV of the folder for
// that.
TEST_F(BadArgument, SomebodysOwnFilesAreNotReplaced) {
  const std::string own = temp_.Write("out/2025 taxes.pdf", "%PDF-1.4\n");
  const Outcome refused = RunSluice(SmallDemo(temp_.Path("data"), temp_.Path("out")));
  EXPECT_EQ(refused.exit_code, 1) << refused.All();
  EXPECT_THAT(refused.err, AllOf(HasSubstr("2025 taxes.pdf"), HasSubstr("--out")));
  EXPECT_EQ(ReadBytes(own), "%PDF-1.4\n");
}

TEST_F(BadArgument, ADataFolderWithoutAFileNamesTheFile) {
  const auto run = [&] {
    return RunSluice({"demo", "--data", temp_.Path("cms"), "--out", temp_.Path("out"), "--data-dir",
                      temp_.Path("data")});
  };
  const Outcome nothing = run();
  EXPECT_EQ(nothing.exit_code, 2) << nothing.All();
  EXPECT_THAT(nothing.err, HasSubstr(temp_.Path("cms/mssp_puf/PY2024.csv") + " is missing"));

  temp_.Write("cms/mssp_puf/PY2024.csv", "ACO_ID,ACO_Name\nA1,Lakes\n");
  const Outcome no_list = run();
  EXPECT_EQ(no_list.exit_code, 2) << no_list.All();
  EXPECT_THAT(no_list.err, HasSubstr("mssp_aco_participants_PY2026.csv is missing"));

  temp_.Write("cms/aco_participants/mssp_aco_participants_PY2026.csv", "aco_id\n");
  const Outcome no_column = run();
  EXPECT_EQ(no_column.exit_code, 1) << no_column.All();
  EXPECT_THAT(no_column.err, AllOf(HasSubstr("PY2024.csv"), HasSubstr("column")));
  EXPECT_FALSE(std::filesystem::exists(temp_.Path("out")));
}

TEST_F(BadArgument, APackageThatIsNoneIsNamed) {
  const Outcome missing = RunSluice({"replay", temp_.Path("nowhere.package")});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("nowhere.package"), HasSubstr("existing file")));
  const Outcome other = RunSluice({"replay", temp_.Write("letter.txt", "Dear Sirs\n")});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, AllOf(HasSubstr("letter.txt"), HasSubstr("no replay package")));
  const Outcome folder = RunSluice({"replay", temp_.Path(".")});
  EXPECT_NE(folder.exit_code, 0);
  EXPECT_THAT(folder.err, HasSubstr(temp_.Path(".")));
}

TEST_F(BadArgument, AFolderWithoutPaymentFilesIsNoSuccess) {
  const Outcome missing = RunSluice({"verify-files", temp_.Path("nowhere")});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr(temp_.Path("nowhere")));
  const Outcome empty = RunSluice({"verify-files", temp_.Path("")});
  EXPECT_EQ(empty.exit_code, 1) << empty.All();
  EXPECT_THAT(empty.out, HasSubstr("control file is missing"));
}

TEST_F(BadArgument, ADatabaseThatIsDownIsSaid) {
  const std::string uri = "\"host=" + temp_.Path("no-socket") + " user=sluice dbname=sluice\"\n";
  const std::string config =
      temp_.Write("sluice.toml", "[database]\nuri = " + uri + "admin_uri = " + uri +
                                     "files_uri = " + uri + "verify_uri = " + uri);
  const Outcome down =
      RunSluice({"ledger", "verify", "--config", config, "--data-dir", temp_.Path("data")});
  EXPECT_EQ(down.exit_code, 2) << down.All();
  EXPECT_THAT(down.err, HasSubstr(temp_.Path("no-socket")));
}

TEST_F(BadArgument, ACommandThatIsNoneAndAPlanOfNobodyAreRefused) {
  EXPECT_NE(RunSluice({"demonstrate"}).exit_code, 0);
  EXPECT_NE(RunSluice({}).exit_code, 0);
  const Outcome nobody = RunSluice({"demo", "--practices", "0"});
  EXPECT_NE(nobody.exit_code, 0);
  EXPECT_THAT(nobody.err, HasSubstr("--practices"));
}

}  // namespace
}  // namespace sluice::testing
