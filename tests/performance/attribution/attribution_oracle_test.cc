// Plurality over the demo claims of ../shared, through the import and the database
// (PROGRAM_MATH section 15), against a second count made here from the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/csv.h"
#include "performance/attribution/attribution_service.h"
#include "performance/members/import_service.h"
#include "performance/members/member_stream.h"
#include "tests/support/shared_data.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using sluice::testing::HasShared;
using sluice::testing::kNoSharedData;
using sluice::testing::SharedPath;

AttributionMethod OfficeVisits() {
  AttributionMethod method;
  method.title = "Plurality by rendering NPI over office visits";
  method.steps = {{.kind = StepKind::kDollars, .look_back_months = 12, .code_list = "office"}};
  method.ties = {TieBreak::kDollars, TieBreak::kVisits, TieBreak::kMostRecent,
                 TieBreak::kLowestKey};
  method.code_lists = {
      {"office",
       *ExpandCodes({"99202-99205", "99211-99215", "99341-99345", "99347-99350", "99381-99387",
                     "99391-99397", "99406-99407", "99487", "99489-99491", "99495-99498", "G0402",
                     "G0438", "G0439", "G0442", "G0443", "G0444", "G0463", "G0506"})}};
  return method;
}

// Winner by dollars of each patient, from the cells of the file alone.
std::map<std::string, std::string> CountAgain(const std::set<std::string>& codes) {
  const std::string folder = SharedPath("data/claims_tuva_demo/");
  std::set<std::pair<std::string, std::string>> months;  // patient, "2018-03"
  CsvReader spans = CsvReader::Open(folder + "eligibility.csv").value();
  const auto at = [](CsvReader& reader, const char* column) {
    return std::string(reader[reader.Column(column).value()]);
  };
  while (spans.Next()) {
    const Date last = ParseDate(at(spans, "enrollment_end_date")).value();
    for (Month month = Month::Of(ParseDate(at(spans, "enrollment_start_date")).value());
         month.FirstDay() <= last; month = month + 1) {
      months.emplace(at(spans, "patient_id"), month.ToString());
    }
  }
  std::map<std::string, std::map<std::string, std::int64_t>> cents;
  CsvReader claims = CsvReader::Open(folder + "medical_claim.csv").value();
  while (claims.Next()) {
    const std::string day = at(claims, "claim_line_start_date");
    const std::string patient = at(claims, "patient_id"), npi = at(claims, "rendering_npi");
    if (at(claims, "claim_type") != "professional" || !day.starts_with("2018") || npi.empty() ||
        !codes.contains(at(claims, "hcpcs_code")) || !months.contains({patient, day.substr(0, 7)}))
      continue;
    const auto amount = [&](const char* column) {
      const std::string cell = at(claims, column);
      return cell.empty() ? 0 : Money::Parse(cell).value().Cents();
    };
    const std::int64_t allowed = amount("allowed_amount");
    cents[patient][npi] += allowed != 0 ? allowed : amount("paid_amount");
  }
  std::map<std::string, std::string> winners;
  for (const auto& [patient, candidates] : cents) {
    std::int64_t best = -1;
    for (const auto& [npi, amount] : candidates) {
      if (amount <= best) continue;
      best = amount;
      winners[patient] = npi;
    }
  }
  return winners;
}

// The files of the demo claims, into the database.
void ImportDemo(::sluice::testing::TestDatabase& db, PayerId payer) {
  MemberImportService service(db.App().ForPayer(payer), db.Clock(), db.Ids());
  const std::string folder = SharedPath("data/claims_tuva_demo/");
  for (const auto& [mapping, file] :
       {std::pair("deploy/config/member_eligibility.toml", "eligibility.csv"),
        std::pair("deploy/config/member_medical_claim.toml", "medical_claim.csv")}) {
    const auto imported = service.Import(
        {.payer = payer, .path = folder + file, .mapping = LoadFileMapping(mapping).value()});
    ASSERT_TRUE(imported.ok()) << imported.status();
  }
}

// An ACO with one practice, where everybody works who renders a service in the file.
hierarchy::HierarchySnapshot EverybodysAco() {
  using hierarchy::IdentifierType;
  using hierarchy::PartyKind;
  const DateRange valid = DateRange::From(MakeDate(2010, 1, 1));
  std::vector<hierarchy::SnapshotParty> parties = {
      {PartyId(10), PartyKind::kAco, "ACO", {}},
      {PartyId(11), PartyKind::kPractice, "Practice", {{IdentifierType::kTin, "", "411234567"}}}};
  std::vector<hierarchy::SnapshotEdge> edges = {{PartyId(10), PartyId(11), "participant", valid}};
  CsvReader claims = CsvReader::Open(SharedPath("data/claims_tuva_demo/medical_claim.csv")).value();
  const std::size_t column = claims.Column("rendering_npi").value();
  std::set<std::string> npis;
  while (claims.Next()) npis.emplace(claims[column]);
  npis.erase("");
  for (const std::string& npi : npis) {
    const PartyId id(static_cast<std::int64_t>(1'000 + parties.size()));
    parties.push_back({id, PartyKind::kProvider, npi, {{IdentifierType::kNpi, "", npi}}});
    edges.push_back({PartyId(11), id, "physician", valid});
  }
  return hierarchy::HierarchySnapshot::Make({.as_of = MakeDate(2018, 12, 31), .version = 1},
                                            std::move(parties), std::move(edges))
      .value();
}

// feature:A01
TEST(AttributionOracle, PluralityOverTheDemoClaims) {
  if (!HasShared("data/claims_tuva_demo")) GTEST_SKIP() << kNoSharedData;
  ::sluice::testing::TestDatabase db;
  const PayerId payer = db.NewPayer("Plan");
  const pg::Database database = db.App().ForPayer(payer);
  ImportDemo(db, payer);
  const AttributionMethod method = OfficeVisits();
  ASSERT_TRUE(ValidateMethod(method).ok()) << ValidateMethod(method);
  const ProviderDirectory directory({}, {}, method);
  const AttributionEngine engine(method, directory, DateRange::Year(2018));
  std::map<std::string, std::string> attributed;
  std::set<std::string> with_choice;
  int ties = 0, rows = 0, members = 0;
  const Status status =
      ForEachMember(database,
                    {.payer = payer,
                     .known_at = db.Clock().Now(),
                     .claims = engine.ClaimsWindow(),
                     .drugs = std::nullopt,
                     .page = 17},
                    [&](MemberRecord& record) -> Status {
                      ++members;
                      for (const AttributionRow& row : engine.Attribute(record)) {
                        ++rows;
                        if (row.reason != UnattributedReason::kNone) continue;
                        attributed[record.member.number] = row.to.provider_npi;
                        if (!row.to.runner_up) continue;
                        with_choice.insert(record.member.number);
                        ties += row.to.decided_by != TieBreak::kDollars ? 1 : 0;
                      }
                      return OkStatus();
                    });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(members, 100);
  EXPECT_EQ(rows, 820);  // member-months of 2018: every one has a row
  EXPECT_EQ(attributed.size(), 79u);
  EXPECT_EQ(with_choice.size(), 68u);
  EXPECT_EQ(ties, 0);
  const std::vector<std::string>& codes = method.code_lists[0].codes;
  EXPECT_EQ(attributed, CountAgain({codes.begin(), codes.end()}));
}

// The same people, from the files to the list that a contract sends out.
// feature:A01 feature:A08
TEST(AttributionOracle, DemoClaimsBecomeAListAndItsFile) {
  if (!HasShared("data/claims_tuva_demo")) GTEST_SKIP() << kNoSharedData;
  ::sluice::testing::TestDatabase db;
  const PayerId payer = db.NewPayer("Plan");
  ImportDemo(db, payer);
  const auto program = db.Ids().Next<ProgramTag>();
  const auto contract = db.Ids().Next<ContractTag>();
  const Status created = db.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(fmt::format(
        "INSERT INTO performance.program VALUES ({0}, {1}, 'P', 'ssl', '3B', {2}, '2018-01-01');"
        "INSERT INTO performance.contract VALUES ({3}, {1}, {0}, 10, '2018-01-01', NULL)",
        program.Value(), payer.Value(), db.Ids().NextValue(), contract.Value()));
    return OkStatus();
  });
  ASSERT_TRUE(created.ok()) << created;
  const DateRange year = DateRange::Year(2018);
  const AttributionMethod method = OfficeVisits();
  const hierarchy::HierarchySnapshot hierarchy = EverybodysAco();
  AttributionService service(db.App().ForPayer(payer), db.Clock(), db.Ids());
  db.Clock().AdvanceMicros(1'000'000);
  ASSERT_TRUE(service.SetMethod(contract, DateRange::From(year.from), method, {}, "anna").ok());
  db.Clock().AdvanceMicros(1'000'000);
  const auto prepared = service.PrepareList(
      {.contract = contract, .period = year, .known_at = std::nullopt, .actor = "anna"},
      hierarchy);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->list.ActiveMembers(), 79);
  EXPECT_EQ(prepared->members_elsewhere, 0);
  ASSERT_TRUE(service.PublishList(contract, year.from, "anna").ok());

  // The file names the same provider for each of them as the count from the cells alone.
  const auto exported = service.ExportCsv(contract, year.from, hierarchy);
  ASSERT_TRUE(exported.ok()) << exported.status();
  CsvReader file = CsvReader::FromText(*exported, "list.csv").value();
  std::map<std::string, std::string> listed;
  std::int64_t months = 0;
  const auto months_of = [](const DateRange& days) {
    std::int64_t count = 0;
    for (Month month = Month::Of(days.from); month.FirstDay() < *days.to; month = month + 1) {
      ++count;
    }
    return count;
  };
  while (file.Next()) {
    listed[std::string(file[file.Column("member_number").value()])] =
        std::string(file[file.Column("provider_npi").value()]);
    months += months_of(DateRange::Between(
        ParseDate(std::string(file[file.Column("attributed_from").value()])).value(),
        ParseDate(std::string(file[file.Column("attributed_through").value()])).value() +
            Days(1)));
  }
  const std::vector<std::string>& codes = method.code_lists[0].codes;
  EXPECT_EQ(listed, CountAgain({codes.begin(), codes.end()}));

  // The others are kept with their reason: together they are the 820 member-months of the year.
  const auto nobody = service.UnattributedMembers(contract, year.from, 1);
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  std::set<std::int64_t> left;
  for (const UnattributedMember& row : *nobody) {
    months += months_of(row.months);
    if (row.reason == "DECEASED") continue;  // the months after a death, of whoever it is
    left.insert(row.member_id);
    EXPECT_TRUE(row.reason == "NO_CLAIMS" || row.reason == "NO_QUALIFYING_SERVICE") << row.reason;
  }
  EXPECT_EQ(months, 820);
  for (const ListEntry& entry : prepared->list.entries) {
    EXPECT_FALSE(left.contains(entry.member_id));
    const auto rows = service.Why(contract, year.from, 1, entry.member_id, hierarchy);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_EQ(rows->front().to.provider, entry.provider);
    EXPECT_EQ(rows->front().to.practice, entry.practice);
  }
}

}  // namespace
}  // namespace sluice::performance
