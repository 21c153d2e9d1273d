// A payer's file as rows and issues: each bad cell is named, each bad file refused.
#include "performance/members/file_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kClaims = R"(
name = "claims"
kind = "medical_claim"
date_format = "YYYY-MM-DD"
[columns]
member_number = "member"
claim_number = "claim"
line_number = "line"
kind = "type"
service_from = "from"
procedure_code = "code"
rendering_npi = "npi"
allowed = "allowed"
paid = "paid"
diagnosis_1 = "dx1"
diagnosis_2 = "dx2"
[fallback_columns]
service_from = "claim_from"
[words.kind]
P = "professional"
I = "institutional"
)";
constexpr const char* kHeader =
    "member,claim,line,type,from,claim_from,code,npi,allowed,paid,dx1,dx2\n";

FileMapping Mapping(const std::string& text) {
  const auto mapping = ParseFileMapping(text, "test.toml");
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  return mapping.value_or(FileMapping{});
}

struct ReadResult {
  FileCounts counts;
  std::vector<MedicalClaimRow> rows;
  std::vector<std::string> issues;
};

ReadResult Read(const std::string& rows, FileMapping mapping = Mapping(kClaims)) {
  ReadResult result;
  auto file = MemberFile::FromText(kHeader + rows, "claims.csv", std::move(mapping));
  EXPECT_TRUE(file.ok()) << file.status();
  const auto counts = ReadMedicalClaimFile(
      *file,
      [&](const MedicalClaimRow& row) -> Status {
        result.rows.push_back(row);
        return OkStatus();
      },
      [&](const FileIssue& issue) -> Status {
        result.issues.push_back(issue.ToString());
        return OkStatus();
      });
  EXPECT_TRUE(counts.ok()) << counts.status();
  result.counts = counts.value_or(FileCounts{});
  return result;
}

TEST(MemberFileReader, RowBecomesALine) {
  const ReadResult result =
      Read("A1,C1,2,P,2026-03-01,,99213,1234567893,100.50,80,E119,I10\n"
           "A1,C2,,I,,2026-04-01,,,,-5.25,,\n");
  EXPECT_THAT(result.issues, IsEmpty());
  ASSERT_THAT(result.rows, SizeIs(2));
  const MedicalClaimLine& line = result.rows[0].line;
  EXPECT_EQ(result.rows[0].member_number, "A1");
  EXPECT_EQ(result.rows[0].place.row, 2);
  EXPECT_EQ(line.line_number, 2);
  EXPECT_EQ(line.kind, ClaimKind::kProfessional);
  EXPECT_EQ(line.service_from, MakeDate(2026, 3, 1));
  EXPECT_EQ(line.service_to, MakeDate(2026, 3, 1));
  EXPECT_EQ(line.allowed, Money::FromCents(10'050));
  EXPECT_EQ(line.diagnosis_codes, "E119 I10");
  EXPECT_EQ(result.rows[1].line.service_from, MakeDate(2026, 4, 1));
  EXPECT_EQ(result.rows[1].line.line_number, 1);
  EXPECT_EQ(result.rows[1].line.allowed, std::nullopt);
  EXPECT_EQ(result.rows[1].line.paid, Money::FromCents(-525));
}

struct BadRow {
  std::string row;
  std::string issue;
};

TEST(MemberFileReader, EachBadCellNamesRowColumnCodeAndReason) {
  const std::vector<BadRow> cases = {
      {",C1,1,P,2026-03-01,,,,,,,\n", "column 'member': missing_value"},
      {"A1,,1,P,2026-03-01,,,,,,,\n", "column 'claim': missing_value"},
      {"A1,C1,1,,2026-03-01,,,,,,,\n", "column 'type': missing_value"},
      {"A1,C1,1,X,2026-03-01,,,,,,,\n", "column 'type': unknown_word: 'X'"},
      {"A1,C1,0,P,2026-03-01,,,,,,,\n", "column 'line': bad_value: '0'"},
      {"A1,C1,1,P,,,,,,,,\n", "column 'from': missing_value"},
      {"A1,C1,1,P,2026-02-30,,,,,,,\n", "column 'from': bad_value: '2026-02-30'"},
      {"A1,C1,1,P,03/01/2026,,,,,,,\n", "column 'from': bad_value: '03/01/2026'"},
      {"A1,C1,1,P,2026-03-01,,,1234567890,,,,\n", "column 'npi': bad_identifier"},
      {"A1,C1,1,P,2026-03-01,,,,1.005,,,\n", "column 'allowed': bad_value: '1.005' has more"},
      {"A1,C1,1,P,2026-03-01,,,,abc,,,\n", "column 'allowed': bad_value"},
      {"A1,C1,1,P,2026-03-01,,,,,1/2,,\n", "column 'paid': bad_value"},
      {"A1,C1,1,P,2026-03-01,,,,,,E1 19,\n", "column 'dx1': bad_value"},
      {"A1,C1,1,P\n", "malformed_row: wrong_column_count"},
  };
  for (const BadRow& bad : cases) {
    const ReadResult result = Read(bad.row + "A1,C9,1,P,2026-03-01,,,,,,,\n");
    EXPECT_THAT(result.rows, SizeIs(1)) << bad.row;
    ASSERT_THAT(result.issues, SizeIs(1)) << bad.row;
    EXPECT_THAT(result.issues[0], HasSubstr("claims.csv row 2 (line 2)"));
    EXPECT_THAT(result.issues[0], HasSubstr(bad.issue));
    EXPECT_EQ(result.counts.rejected, 1);
    EXPECT_EQ(result.counts.read, 1);
    EXPECT_EQ(result.counts.rows, 2);
  }
}

TEST(MemberFileReader, NoiseIsRoundedOnlyWhenTheMappingSaysSo) {
  FileMapping mapping = Mapping(kClaims);
  mapping.round_amounts = true;
  const ReadResult result =
      Read("A1,C1,1,P,2026-03-01,,,,46.620000000000005,-0.005,,\n", mapping);
  ASSERT_THAT(result.rows, SizeIs(1));
  EXPECT_EQ(result.rows[0].line.allowed, Money::FromCents(4'662));
  EXPECT_EQ(result.rows[0].line.paid, Money::FromCents(-1));
  EXPECT_EQ(result.counts.warnings, 2);
  EXPECT_THAT(result.issues[0], HasSubstr("amount_rounded"));
}

TEST(MemberFileReader, WrongIdentifierIsDroppedOnlyWhenTheMappingSaysSo) {
  FileMapping mapping = Mapping(kClaims);
  mapping.drop_wrong_identifiers = true;
  const ReadResult result = Read("A1,C1,1,P,2026-03-01,,,1234567890,,,,\n", mapping);
  ASSERT_THAT(result.rows, SizeIs(1));
  EXPECT_EQ(result.rows[0].line.rendering_npi, "");
  EXPECT_EQ(result.counts.warnings, 1);
}

TEST(MemberFileReader, FileOfAnotherShapeIsRefused) {
  const auto missing = MemberFile::FromText("member,claim\n", "claims.csv", Mapping(kClaims));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kInvalidArgument);
  FileMapping whole = Mapping(kClaims);
  whole.ends_with_newline = true;
  const auto cut = MemberFile::FromText(std::string(kHeader) + "A1,C1", "claims.csv", whole);
  EXPECT_THAT(StatusMessage(cut.status()), HasSubstr("was cut"));
  auto file = MemberFile::FromText(kHeader, "claims.csv", Mapping(kClaims));
  const auto other = ReadEligibility(
      *file, [](const EligibilityRow&) { return OkStatus(); },
      [](const FileIssue&) { return OkStatus(); });
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(MemberFileReader, EndOfASpanIsTheLastDayOrTheDayAfter) {
  const std::string text = R"(
name = "e"
kind = "eligibility"
[columns]
member_number = "m"
valid_from = "f"
valid_to = "t"
sex = "s"
[words.sex]
M = "male"
)";
  for (const bool last_day : {true, false}) {
    FileMapping mapping = Mapping(text);
    mapping.to_is_last_day = last_day;
    auto file = MemberFile::FromText(
        "m,f,t,s\nA,2026-01-01,2026-02-01,M\nB,2026-01-01,,\nC,2026-02-01,2026-01-15,\n", "e.csv",
        mapping);
    std::vector<EligibilityRow> rows;
    std::vector<FileIssue> issues;
    const auto counts = ReadEligibility(
        *file,
        [&](const EligibilityRow& row) -> Status {
          rows.push_back(row);
          return OkStatus();
        },
        [&](const FileIssue& issue) -> Status {
          issues.push_back(issue);
          return OkStatus();
        });
    ASSERT_TRUE(counts.ok());
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0].coverage.covered.to, MakeDate(2026, 2, last_day ? 2 : 1));
    EXPECT_EQ(rows[0].detail.sex, Sex::kMale);
    EXPECT_EQ(rows[1].coverage.covered.to, std::nullopt);
    ASSERT_THAT(issues, SizeIs(1));
    EXPECT_EQ(issues[0].code, IssueCode::kEndsBeforeStart);
  }
}

TEST(FileMapping, FaultsNameTheKey) {
  struct Case {
    std::string text;
    std::string message;
  };
  const std::vector<Case> cases = {
      {"name=\"a\"\nkind=\"claims\"\n[columns]\n", "kind"},
      {"name=\"a\"\nkind=\"eligibility\"\n[columns]\nmember_number=\"m\"\n", "'valid_from'"},
      {"name=\"a\"\nkind=\"eligibility\"\n[columns]\nmember_number=\"m\"\nvalid_from=\"f\"\n"
       "paid=\"p\"\n",
       "no field of a file of kind eligibility"},
      {"name=\"a\"\nkind=\"eligibility\"\nfoo=1\n[columns]\nmember_number=\"m\"\n"
       "valid_from=\"f\"\n",
       "foo"},
  };
  for (const Case& c : cases) {
    const auto mapping = ParseFileMapping(c.text, "m.toml");
    ASSERT_FALSE(mapping.ok()) << c.text;
    EXPECT_THAT(StatusMessage(mapping.status()), HasSubstr(c.message));
  }
  for (const char* path : {"deploy/config/member_eligibility.toml",
                           "deploy/config/member_medical_claim.toml",
                           "deploy/config/member_pharmacy_claim.toml"}) {
    EXPECT_TRUE(LoadFileMapping(path).ok()) << LoadFileMapping(path).status();
  }
}

}  // namespace
}  // namespace sluice::performance
