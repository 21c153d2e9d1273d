// Files into the database: the published demo files to the cent, and what a bad row does.
#include "performance/members/import_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "performance/members/member_stream.h"
#include "tests/support/shared_data.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using sluice::testing::HasShared;
using sluice::testing::kNoSharedData;
using sluice::testing::SharedPath;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class MemberImportTest : public ::testing::Test {
 protected:
  MemberImportTest()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        service_(database_, db_.Clock(), db_.Ids()) {}
  ~MemberImportTest() override { std::filesystem::remove(path_); }

  MemberImportSummary Import(const std::string& mapping, const std::string& path) {
    db_.Clock().AdvanceMicros(1'000'000);
    const auto summary = service_.Import(
        {.payer = payer_, .path = path, .mapping = LoadFileMapping(mapping).value()});
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(MemberImportSummary{});
  }

  StatusOr<MemberImportSummary> ImportText(const std::string& text, MemberImportRequest request) {
    db_.Clock().AdvanceMicros(1'000'000);
    path_ = std::filesystem::temp_directory_path() /
            ("member_import_" + std::to_string(db_.Ids().NextValue()));
    std::ofstream(path_) << text;
    request.payer = payer_;
    request.path = path_;
    return service_.Import(request);
  }

  std::vector<MemberRecord> All() {
    std::vector<MemberRecord> records;
    const Status status = ForEachMember(database_,
                                        {.payer = payer_,
                                         .known_at = db_.Clock().Now(),
                                         .claims = DateRange::From(MakeDate(2000, 1, 1)),
                                         .drugs = DateRange::From(MakeDate(2000, 1, 1)),
                                         .page = 33},
                                        [&](MemberRecord& record) -> Status {
                                          records.push_back(std::move(record));
                                          return OkStatus();
                                        });
    EXPECT_TRUE(status.ok()) << status;
    return records;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  MemberImportService service_;
  std::filesystem::path path_;
};

// PROGRAM_MATH section 15: spans, member-months and cost of the demo files.
TEST_F(MemberImportTest, DemoFilesKeepTheirMonthsAndTheirCost) {
  if (!HasShared("data/claims_tuva_demo")) GTEST_SKIP() << kNoSharedData;
  const std::string folder = SharedPath("data/claims_tuva_demo/");
  const auto members = Import("deploy/config/member_eligibility.toml", folder + "eligibility.csv");
  EXPECT_EQ(members.counts.read, 219);
  EXPECT_EQ(members.counts.rejected, 0);
  EXPECT_EQ(members.members_added, 100);
  const auto claims =
      Import("deploy/config/member_medical_claim.toml", folder + "medical_claim.csv");
  EXPECT_EQ(claims.counts.read, 6'075);
  EXPECT_EQ(claims.counts.rejected, 0);
  EXPECT_EQ(claims.rows_added, 6'075);
  const auto drugs =
      Import("deploy/config/member_pharmacy_claim.toml", folder + "pharmacy_claim.csv");
  // Most of the people with drugs are in no eligibility span: their rows are refused, not guessed.
  EXPECT_EQ(drugs.counts.rows, 648);
  EXPECT_EQ(drugs.counts.read, 78);
  EXPECT_EQ(drugs.issues_by_code.at(IssueCode::kUnknownMember), 570);
  EXPECT_GT(drugs.issues_by_code.at(IssueCode::kAmountRounded), 0);

  std::set<std::tuple<std::int64_t, Date>> months;
  std::int64_t months_of_2018 = 0;
  std::map<std::int64_t, Money> paid;
  for (const MemberRecord& record : All()) {
    for (const CoverageSpan& span : record.coverage) {
      for (Month month = Month::Of(span.covered.from); month.FirstDay() < *span.covered.to;
           month = month + 1) {
        EXPECT_GE(month.FirstDay(), span.covered.from);  // whole months
        if (!months.emplace(record.member.id, month.FirstDay()).second) continue;
        months_of_2018 += month.Year() == 2018 ? 1 : 0;
      }
    }
    for (const MedicalClaimLine& line : record.claims) {
      if (YearOf(line.service_from) == 2018) {
        paid[record.member.id] += line.paid.value_or(Money());
      }
    }
  }
  EXPECT_EQ(months.size(), 3'044u);
  EXPECT_EQ(months_of_2018, 820);
  Money total, highest;
  for (const auto& [member, amount] : paid) {
    total += amount;
    highest = std::max(highest, amount);
  }
  EXPECT_EQ(paid.size(), 87u);
  EXPECT_EQ(total, Money::FromCents(396'354'398));
  EXPECT_EQ(highest, Money::FromCents(182'249'736));

  // The same files again say nothing new.
  EXPECT_EQ(Import("deploy/config/member_eligibility.toml", folder + "eligibility.csv").rows_added,
            0);
  EXPECT_EQ(
      Import("deploy/config/member_medical_claim.toml", folder + "medical_claim.csv").rows_added,
      0);
}

MemberImportRequest Request(const std::string& mapping) {
  MemberImportRequest request;
  request.mapping = ParseFileMapping(mapping, "m.toml").value();
  return request;
}

constexpr const char* kEligibility = R"(
name = "e"
kind = "eligibility"
[columns]
member_number = "m"
valid_from = "f"
plan = "p"
birth_date = "b"
)";
constexpr const char* kChoice = R"(
name = "c"
kind = "provider_choice"
[columns]
member_number = "m"
kind = "k"
provider_npi = "npi"
practice_tin = "tin"
valid_from = "f"
)";

TEST_F(MemberImportTest, ContradictingRowIsLeftOutAndNamed) {
  const auto summary = ImportText(
      "m,f,p,b\nA,2026-01-01,gold,1950-01-01\nA,2026-01-01,silver,1950-01-02\n"
      "A,2026-01-01,gold,1950-01-01\n",
      Request(kEligibility));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->members_added, 1);
  EXPECT_EQ(summary->counts.rejected, 1);
  EXPECT_EQ(summary->counts.read, 2);
  ASSERT_THAT(summary->issues, SizeIs(1));
  EXPECT_EQ(summary->issues[0].code, IssueCode::kContradictsEarlierRow);
  EXPECT_EQ(summary->issues[0].row, 3);
  EXPECT_THAT(All().at(0).coverage, SizeIs(2));
  EXPECT_EQ(All().at(0).details.at(0).birth_date, MakeDate(1950, 1, 1));
}

TEST_F(MemberImportTest, RefusedFileRecordsNothing) {
  MemberImportRequest request = Request(kEligibility);
  request.refuse_on_reject = true;
  const auto summary =
      ImportText("m,f,p,b\nA,2026-01-01,gold,\nB,nonsense,gold,\n", std::move(request));
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(summary.status()), HasSubstr("row 3"));
  EXPECT_THAT(All(), SizeIs(0));
}

TEST_F(MemberImportTest, ChoiceNeedsAKnownMemberAndAKnownProvider) {
  ASSERT_TRUE(ImportText("m,f,p,b\nA,2026-01-01,gold,\n", Request(kEligibility)).ok());
  const PartyId provider(41);
  ASSERT_TRUE(db_.Admin()
                  .Transact([&](pg::Transaction& tx) -> Status {
                    tx.RunScript(fmt::format(
                        "INSERT INTO hierarchy.change VALUES ({0}, 1, '2026-01-01', 'test');"
                        "INSERT INTO hierarchy.party VALUES (41, {0}, 5, 1)",
                        payer_.Value()));
                    return OkStatus();
                  })
                  .ok());
  const auto hierarchy = hierarchy::HierarchySnapshot::Make(
      {.as_of = MakeDate(2026, 1, 1), .version = 1},
      {{.id = provider,
        .kind = hierarchy::PartyKind::kProvider,
        .name = "Dr. A",
        .identifiers = {{hierarchy::IdentifierType::kNpi, "", "1234567893"}}}},
      {});
  ASSERT_TRUE(hierarchy.ok());
  MemberImportRequest request = Request(kChoice);
  request.hierarchy = &*hierarchy;
  const auto summary = ImportText(
      "m,k,npi,tin,f\nA,member_selected,1234567893,,2026-02-01\n"
      "B,member_selected,1234567893,,2026-02-01\nA,voluntary,1003000126,,2026-02-01\n",
      request);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rows_added, 1);
  EXPECT_EQ(summary->issues_by_code.at(IssueCode::kUnknownMember), 1);
  EXPECT_EQ(summary->issues_by_code.at(IssueCode::kUnknownProvider), 1);
  const MemberRecord record = All().at(0);
  ASSERT_THAT(record.choices, SizeIs(1));
  EXPECT_EQ(record.choices[0].provider, provider);
  EXPECT_EQ(record.choices[0].practice, std::nullopt);
}

}  // namespace
}  // namespace sluice::performance
