// Every feed that we ship, through its own specification: what a good file records, what a bad row
// does, and that rows in are rows read and rows rejected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "performance/members/member_stream.h"
#include "performance/quality/measure_service.h"
#include "tests/performance/feeds/feed_fixture.h"

namespace sluice::performance {
namespace {

using testing::kDoctor;
using testing::kDoctorNpi;
using testing::kFormerNpi;
using testing::kTin;
using testing::kYear;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FeedKindsTest : public testing::FeedFixture {
 protected:
  // A file of a shipped feed: the header, the rows that are good, and the rows that are not, each
  // with its code and column.
  struct BadRow {
    std::string row, code, column;
  };
  Delivery ReceiveShipped(const std::string& feed, const std::string& header,
                          const std::vector<std::string>& good, const std::vector<BadRow>& bad) {
    const auto spec = LoadFeedSpec("deploy/config/feeds/" + feed + ".toml");
    EXPECT_TRUE(spec.ok()) << spec.status();
    EXPECT_TRUE(feeds_.Declare(spec.value_or(FeedSpec{})).ok());
    std::string text = header + "\n";
    for (const std::string& row : good) text += row + "\n";
    for (const BadRow& row : bad) text += row.row + "\n";
    Delivery delivery = ReceiveText(feed, text);
    EXPECT_TRUE(delivery.Accepted()) << delivery.refused_reason;
    EXPECT_EQ(delivery.rows_in, static_cast<std::int64_t>(good.size() + bad.size()));
    EXPECT_EQ(delivery.rows_read, static_cast<std::int64_t>(good.size()));
    EXPECT_EQ(delivery.rows_rejected, static_cast<std::int64_t>(bad.size()));
    std::map<std::int64_t, QuarantinedRow> rejected;
    for (const QuarantinedRow& row : Rejected(delivery)) rejected[row.row] = row;
    for (std::size_t i = 0; i < bad.size(); ++i) {
      const QuarantinedRow& row = rejected[static_cast<std::int64_t>(good.size() + i) + 2];
      EXPECT_EQ(row.code, bad[i].code) << bad[i].row << ": " << row.reason;
      EXPECT_EQ(row.column, bad[i].column) << bad[i].row << ": " << row.reason;
    }
    return delivery;
  }
  MemberRecord MemberOf(const std::string& number) {
    MemberRecord found;
    const Status status = ForEachMember(database_,
                                        {.payer = payer_,
                                         .known_at = db_.Clock().Now(),
                                         .claims = kYear,
                                         .drugs = kYear},
                                        [&](MemberRecord& record) -> Status {
                                          if (record.member.number == number) found = record;
                                          return OkStatus();
                                        });
    EXPECT_TRUE(status.ok()) << status;
    return found;
  }
};

// feature:D01 feature:D04
TEST_F(FeedKindsTest, Eligibility) {
  ReceiveShipped("eligibility_monthly",
                 "patient_id,enrollment_start_date,enrollment_end_date,birth_date,death_date,"
                 "gender,zip_code,state,payer_type,payer",
                 {"M1,2026-01-01,2026-06-30,1980-02-29,,female,43004,OH,commercial,acme"},
                 {{"M2,2026-13-01,2026-06-30,1980-02-29,,female,43004,OH,commercial,acme",
                   "bad_value", "enrollment_start_date"},
                  {",2026-01-01,2026-06-30,,,female,43004,OH,commercial,acme", "missing_value",
                   "patient_id"}});
  const MemberRecord member = MemberOf("M1");
  ASSERT_THAT(member.coverage, SizeIs(1));
  EXPECT_EQ(member.coverage[0].covered,
            DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 7, 1)));
  EXPECT_EQ(member.coverage[0].line_of_business, "commercial");
}

// feature:D01 feature:D04
TEST_F(FeedKindsTest, MedicalClaims) {
  Members();
  const std::string header =
      "claim_id,claim_line_number,claim_type,patient_id,claim_start_date,claim_end_date,"
      "claim_line_start_date,claim_line_end_date,place_of_service_code,ms_drg_code,"
      "revenue_center_code,hcpcs_code,rendering_npi,billing_npi,paid_date,paid_amount,"
      "allowed_amount,diagnosis_code_1,diagnosis_code_2,diagnosis_code_3";
  const auto row = [](const std::string& claim, const std::string& member,
                      const std::string& allowed, const std::string& type = "professional") {
    return claim + ",1," + type + "," + member +
           ",2026-09-02,2026-09-02,2026-09-02,2026-09-02,11,,,99213,1234567893,,2026-09-20,80.00," +
           allowed + ",I10,,";
  };
  ReceiveShipped("medical_claims", header, {row("C1", "M1", "100.00")},
                 {{row("C2", "M9", "100.00"), "unknown_member", "patient_id"},
                  {row("C3", "M1", "much"), "bad_value", "allowed_amount"},
                  {row("C4", "M1", "100.00", "dental"), "unknown_word", "claim_type"}});
  const MemberRecord member = MemberOf("M1");
  ASSERT_THAT(member.claims, SizeIs(1));
  EXPECT_EQ(member.claims[0].allowed, Money::FromCents(100'00));
}

// feature:D01 feature:D04
TEST_F(FeedKindsTest, PharmacyClaims) {
  Members();
  const std::string tail = "1234567893,,62.17,46.62,2026-09-05";
  ReceiveShipped("pharmacy_claims",
                 "patient_id,claim_id,claim_line_number,dispensing_date,ndc_code,quantity,"
                 "days_supply,prescribing_provider_npi,dispensing_provider_npi,allowed_amount,"
                 "paid_amount,paid_date",
                 {"M1,R1,1,2026-09-03,00093101293,30,30," + tail},
                 {{"M9,R2,1,2026-09-03,00093101293,30,30," + tail, "unknown_member", "patient_id"},
                  {"M1,R3,1,2026-09-03,,30,30," + tail, "missing_value", "ndc_code"},
                  {"M1,R4,1,2026-09-03,00093101293,30,30,1234567893,,sixty,46.62,2026-09-05",
                   "bad_value", "allowed_amount"}});
  const MemberRecord member = MemberOf("M1");
  ASSERT_THAT(member.drugs, SizeIs(1));
  EXPECT_EQ(member.drugs[0].paid, Money::FromCents(46'62));
}

// feature:D01 feature:D04
TEST_F(FeedKindsTest, ProviderChoices) {
  Members();
  const auto row = [](const std::string& member, const std::string& npi, const std::string& days,
                      const std::string& kind = "chosen") {
    return member + "," + kind + "," + npi + "," + kTin + "," + days;
  };
  ReceiveShipped("provider_choices",
                 "member_id,assignment,pcp_npi,practice_tin,effective_date,end_date",
                 {row("M1", kDoctorNpi, "2026-03-01,"),
                  row("M2", kFormerNpi, "2026-03-01,2026-05-31")},
                 {{row("M9", kDoctorNpi, "2026-03-01,"), "unknown_member", "member_id"},
                  {row("M1", "1003000126", "2026-04-01,"), "unknown_provider", "pcp_npi"},
                  {row("M2", kFormerNpi, "2026-06-01,"), "not_affiliated", "practice_tin"},
                  {row("M2", kDoctorNpi, "2026-07-01,", "drawn"), "unknown_word", "assignment"}});
  ASSERT_THAT(MemberOf("M1").choices, SizeIs(1));
  EXPECT_EQ(MemberOf("M1").choices[0].provider, kDoctor);
  EXPECT_EQ(MemberOf("M1").choices[0].kind, ChoiceKind::kMemberSelected);
  EXPECT_THAT(MemberOf("M2").choices, SizeIs(1));
}

// feature:D01 feature:H05
TEST_F(FeedKindsTest, Roster) {
  const std::string header =
      "aco_id,aco_name,practice_tin,practice_npi,practice_name,address,city,state,zip,provider_npi,"
      "provider_id,provider_name,start_date,end_date";
  const Delivery delivery = ReceiveShipped(
      "practice_roster", header,
      {"A1,First ACO,421234567,,Elm Street,1 Elm St,Columbus,OH,43004,1003000126,D1,Dr Elm,"
       "2026-01-01,"},
      {{"A1,First ACO,421234567,,Elm Street,1 Elm St,Columbus,OH,43004,1003000127,D2,Dr Wrong,"
        "2026-01-01,",
        "BAD_IDENTIFIER", "provider_npi"}});
  EXPECT_GT(delivery.rows_recorded, 0);
  const hierarchy::HierarchyService hierarchies(database_, db_.Clock());
  const hierarchy::AsOf today{.day = MakeDate(2026, 9, 30)};
  const auto find = [&](hierarchy::IdentifierType type, const char* value) {
    return hierarchies.FindByIdentifier(payer_, {type, "", value}, today);
  };
  const auto practice = find(hierarchy::IdentifierType::kTin, "421234567");
  const auto provider = find(hierarchy::IdentifierType::kNpi, "1003000126");
  ASSERT_TRUE(practice.ok() && provider.ok()) << practice.status() << provider.status();
  const auto parents = hierarchies.ListParents(payer_, *provider, today).value();
  ASSERT_THAT(parents, SizeIs(1));
  EXPECT_EQ(parents[0].parent, *practice);
}

// feature:D01 feature:D04
TEST_F(FeedKindsTest, MeasureResults) {
  const std::string header =
      "contract_id,provider_npi,practice_tin,measurement_start,measurement_end,measure_id,"
      "numerator,denominator,reported";
  const std::string front = contract_.ToString() + ",,,2026-01-01,2026-12-31,";
  const Delivery delivery =
      ReceiveShipped("measure_results", header,
                     {front + "CBP,412,611,Y", front + "PCR,81,75,Y", front + "GSD,,,N"},
                     {{front + "BCS-E,0,0,Y", "bad_value", "denominator"},
                      {front + "COL-E,5,0,Y", "bad_value", "denominator"},
                      {front + "W30,5,,Y", "missing_value", "denominator"},
                      {front + "A1C,,7,Y", "missing_value", "numerator"},
                      {front + "EED,-1,7,Y", "bad_value", "numerator"},
                      {front + "KED,1,7,maybe", "unknown_word", "reported"}});
  EXPECT_THAT(Rejected(delivery).at(0).reason, HasSubstr("denominator above zero"));
  EXPECT_THAT(Rejected(delivery).at(0).reason, HasSubstr("reported = no"));
  EXPECT_THAT(Rejected(delivery).at(0).raw.value(), HasSubstr("BCS-E,0,0,Y"));
  const Facts facts = OwnFacts(kYear);
  EXPECT_EQ(facts.FindMeasure("CBP"), (MeasureResult{Ratio(412), Ratio(611), true}));
  EXPECT_EQ(facts.FindMeasure("PCR"), (MeasureResult{Ratio(81), Ratio(75), true}));
  EXPECT_FALSE(facts.FindMeasure("GSD").value().reported);
  EXPECT_THAT(facts.Measures(), SizeIs(3));

  // Where a mapping says so, a measure may have nobody in it: the terms decide what that means.
  FeedSpec spec = LoadFeedSpec("deploy/config/feeds/measure_results.toml").value();
  spec.mapping = "zero_denominators = true\n" + spec.mapping;
  ASSERT_EQ(feeds_.Declare(spec).value(), 2);
  const Delivery restated = ReceiveText(
      "measure_results", header + "\n" + front + "BCS-E,0,0,Y\n" + front + "COL-E,5,0,Y\n");
  EXPECT_EQ(restated.rows_rejected, 1);
  EXPECT_EQ(Rejected(restated).at(0).row, 3);
  EXPECT_EQ(OwnFacts(kYear).FindMeasure("BCS-E").value().denominator, Ratio());
}

// feature:D01 feature:D04
TEST_F(FeedKindsTest, MemberMeasures) {
  Members();
  const std::string header =
      "contract_id,member_id,measurement_start,measurement_end,measure_id,numerator_met";
  const std::string contract = contract_.ToString();
  const auto row = [&](const std::string& member, const std::string& measure,
                       const std::string& met) {
    return contract + "," + member + ",2026-01-01,2026-12-31," + measure + "," + met;
  };
  const Delivery delivery = ReceiveShipped(
      "member_measures", header,
      {row("M1", "CBP", "Y"), row("M2", "CBP", "N"), row("M1", "GSD", "N"), row("M1", "GSD", "N")},
      {{row("M1", "CBP", "N"), "contradicts_earlier_row", "numerator_met"},
       {row("M2", "GSD", "maybe"), "unknown_word", "numerator_met"},
       {row("", "GSD", "Y"), "missing_value", "member_id"},
       {"ctr_00000000000AA,M1,2026-01-01,2026-12-31,CBP,Y", "unknown_contract", "contract_id"},
       {contract + ",M1,2025-01-01,2025-12-31,CBP,Y", "bad_value", "measurement_start"},
       {contract + ",M1,2026-09-30,2026-09-01,CBP,Y", "ends_before_start", "measurement_end"}});
  EXPECT_EQ(delivery.rows_recorded, 3);
  EXPECT_EQ(Rejected(delivery).at(0).raw, std::nullopt) << "it names a member";
  MeasureService measures(database_, db_.Clock(), db_.Ids());
  const auto counted = [&](const std::string& measure) -> std::optional<MeasureResult> {
    db_.Clock().AdvanceMicros(1'000'000);
    const auto summary = measures.Count({.program = program_, .period = kYear});
    EXPECT_TRUE(summary.ok()) << summary.status();
    db_.Clock().AdvanceMicros(1'000'000);
    return OwnFacts(kYear).FindMeasure(measure);
  };
  EXPECT_EQ(counted("CBP"), (MeasureResult{Ratio(1), Ratio(2), true}));
  EXPECT_EQ(counted("GSD"), (MeasureResult{Ratio(0), Ratio(1), true}));

  // Restated: M2 met after all. M1's row of CBP is rejected and stands; GSD is not stated any more,
  // but a row that tells nothing keeps all of it.
  const std::string bad = row("M1", "CBP", "?");
  const Delivery unclear =
      ReceiveText("member_measures", header + "\n" + row("M2", "CBP", "Y") + "\n" + bad +
                                         "\n,M1,2026-01-01,2026-12-31,GSD,Y\n");
  EXPECT_THAT(unclear.note, HasSubstr("row 4 was rejected before it told"));
  EXPECT_EQ(counted("CBP"), (MeasureResult{Ratio(2), Ratio(2), true}));
  EXPECT_EQ(counted("GSD"), (MeasureResult{Ratio(0), Ratio(1), true}));
  const Delivery restated =
      ReceiveText("member_measures", header + "\n" + row("M2", "CBP", "X") + "\n" + bad + "\n");
  EXPECT_THAT(restated.note, HasSubstr("was not withdrawn"));
  EXPECT_EQ(counted("CBP"), (MeasureResult{Ratio(1), Ratio(1), true}));
  EXPECT_EQ(counted("GSD"), (MeasureResult{Ratio(0), Ratio(0), true})) << "nobody any more";
  // Somebody nobody knows.
  EXPECT_EQ(Rejected(ReceiveText("member_measures", header + "\n" + row("M9", "CBP", "Y") + "\n"))
                .at(0)
                .code,
            "unknown_member");
}

}  // namespace
}  // namespace sluice::performance
