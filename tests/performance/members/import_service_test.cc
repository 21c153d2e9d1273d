// Files into the database: the published demo files to the cent, and what a bad row does.
#include "performance/members/import_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "hierarchy/hierarchy_service.h"
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

  // Provider 41 at practice 40 to the end of May 2026; provider 42 at location 43 of it.
  void ApplyNetwork() {
    using hierarchy::IdentifierType;
    using hierarchy::PartyKind;
    hierarchy::ChangeSet change;
    const DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
    const auto add = [&](std::int64_t id, PartyKind kind, IdentifierType type, const char* number) {
      const std::vector<hierarchy::Identifier> numbers = {
          {type, type == IdentifierType::kPayerAssigned ? "site" : "", number}};
      change.AddParty({.id = PartyId(id), .kind = kind}, "Party", valid.from, numbers);
    };
    add(40, PartyKind::kPractice, IdentifierType::kTin, "411234567");
    add(41, PartyKind::kProvider, IdentifierType::kNpi, "1234567893");
    add(42, PartyKind::kProvider, IdentifierType::kNpi, "1245319599");
    add(43, PartyKind::kLocation, IdentifierType::kPayerAssigned, "L1");
    change.AddAffiliation(PartyId(40), PartyId(41), "physician",
                          DateRange::Between(valid.from, MakeDate(2026, 6, 1)));
    change.AddAffiliation(PartyId(40), PartyId(43), "site", valid);
    change.AddAffiliation(PartyId(43), PartyId(42), "physician", valid);
    const hierarchy::HierarchyService service(database_, db_.Clock());
    const auto applied = service.Apply(payer_, change, {.source = "test"});
    ASSERT_TRUE(applied.ok()) << applied.status();
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
valid_to = "t"
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
  ApplyNetwork();
  const auto summary = ImportText(
      "m,k,npi,tin,f,t\nA,member_selected,1234567893,,2026-02-01,\n"
      "B,member_selected,1234567893,,2026-02-01,\nA,voluntary,1003000126,,2026-02-01,\n",
      Request(kChoice));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->rows_added, 1);
  EXPECT_EQ(summary->issues_by_code.at(IssueCode::kUnknownMember), 1);
  EXPECT_EQ(summary->issues_by_code.at(IssueCode::kUnknownProvider), 1);
  const MemberRecord record = All().at(0);
  ASSERT_THAT(record.choices, SizeIs(1));
  EXPECT_EQ(record.choices[0].provider, PartyId(41));
  EXPECT_EQ(record.choices[0].practice, std::nullopt);
}

// The provider left the practice on June 1; today is in October. A choice must have held on the
// last day of it that has come.
TEST_F(MemberImportTest, ChoiceUnderAnEndedAffiliationIsRefusedWithRowAndDay) {
  ASSERT_TRUE(ImportText("m,f,p,b\nA,2026-01-01,gold,\n", Request(kEligibility)).ok());
  ApplyNetwork();
  const auto import = [&](const std::string& rows) {
    return ImportText("m,k,npi,tin,f,t\n" + rows, Request(kChoice)).value();
  };
  const auto summary =
      import("A,member_selected,1234567893,411234567,2026-06-01,2026-07-31\n"
             "A,auto_assigned,1234567893,411234567,2026-05-01,\n"
             "A,voluntary,1234567893,411234567,2019-12-01,2019-12-31\n");
  EXPECT_EQ(summary.counts.rejected, 3);
  EXPECT_EQ(summary.rows_added, 0);
  ASSERT_THAT(summary.issues, SizeIs(3));
  EXPECT_EQ(summary.issues[0].code, IssueCode::kNotAffiliated);
  EXPECT_EQ(summary.issues[0].row, 2);
  EXPECT_EQ(summary.issues[0].column, "tin");
  EXPECT_THAT(summary.issues[0].reason, HasSubstr("2026-07-31"));
  EXPECT_THAT(summary.issues[0].reason, HasSubstr("end the choice"));
  EXPECT_EQ(summary.issues[1].code, IssueCode::kNotAffiliated);
  EXPECT_EQ(summary.issues[2].code, IssueCode::kUnknownProvider);  // before anybody knew them
  // To its last day; and at a location of the practice.
  const auto good = import("A,member_selected,1234567893,411234567,2026-05-01,2026-05-31\n"
                           "A,auto_assigned,1245319599,411234567,2026-05-01,\n");
  EXPECT_EQ(good.counts.rejected, 0);
  EXPECT_EQ(good.rows_added, 2);
}

}  // namespace
}  // namespace sluice::performance
