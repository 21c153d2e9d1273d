// Plurality over the demo claims of ../shared, through the import and the database
// (PROGRAM_MATH section 15), against a second count made here from the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/csv.h"
#include "performance/attribution/engine.h"
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

// feature:A01
TEST(AttributionOracle, PluralityOverTheDemoClaims) {
  if (!HasShared("data/claims_tuva_demo")) GTEST_SKIP() << kNoSharedData;
  ::sluice::testing::TestDatabase db;
  const PayerId payer = db.NewPayer("Plan");
  const pg::Database database = db.App().ForPayer(payer);
  MemberImportService service(database, db.Clock(), db.Ids());
  const std::string folder = SharedPath("data/claims_tuva_demo/");
  for (const auto& [mapping, file] :
       {std::pair("deploy/config/member_eligibility.toml", "eligibility.csv"),
        std::pair("deploy/config/member_medical_claim.toml", "medical_claim.csv")}) {
    const auto imported = service.Import(
        {.payer = payer, .path = folder + file, .mapping = LoadFileMapping(mapping).value()});
    ASSERT_TRUE(imported.ok()) << imported.status();
  }
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

}  // namespace
}  // namespace sluice::performance
