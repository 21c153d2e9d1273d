// Letters, emergency visits and closed clinics: what follows from a list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/attribution/audit.h"
#include "performance/attribution/dispute_letter.h"
#include "performance/attribution/ed_reconciliation.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::performance {
namespace {

using testing::CoveredMember;
using testing::Day2026;
using testing::Visit;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

Dispute About(std::int64_t member, const char* reason, std::int64_t cents) {
  Dispute dispute;
  dispute.id = DisputeId(member);
  dispute.contract = ContractId(5);
  dispute.period = DateRange::Year(2026);
  dispute.against_version = 3;
  dispute.operation = DisputeOperation::kRemove;
  dispute.entry.member_id = member;
  dispute.entry.plan = "secret plan";
  dispute.reason_code = reason;
  dispute.provisional_effect = Money::FromCents(cents);
  dispute.evidence = {{"chart", "smith_john_chart.pdf", Sha256(AsBytes(reason))}};
  return dispute;
}

// feature:A05
TEST(DisputeLetter, CitesCountRuleEvidenceAndDollarsButNobody) {
  const std::vector<Dispute> disputes = {About(987'654'321, "moved", 10'050),
                                         About(987'654'322, "moved", -50),
                                         About(987'654'323, "not_my_patient", 100'000)};
  const LetterHeading heading{"North ACO", "Plan", "MA 2026", "clause 2.1", Day2026(3, 4)};
  const auto letter = DisputeLetter(disputes, heading);
  ASSERT_TRUE(letter.ok()) << letter.status();
  EXPECT_THAT(*letter, HasSubstr("March 4, 2026"));
  EXPECT_THAT(*letter, HasSubstr("the attribution of 3 members."));
  EXPECT_THAT(*letter, HasSubstr("rest on clause 2.1."));
  EXPECT_THAT(*letter, HasSubstr("remove 2 members: moved"));
  EXPECT_THAT(*letter, HasSubstr("remove 1 member: not_my_patient"));
  EXPECT_THAT(*letter, HasSubstr("chart: 2"));
  EXPECT_THAT(*letter, HasSubstr(ToHex(Sha256(AsBytes("moved")))));
  EXPECT_THAT(*letter, HasSubstr("Provisional effect: $1,100.00"));
  for (const char* secret : {"987654321", "smith", "secret plan"}) {
    EXPECT_THAT(*letter, Not(HasSubstr(secret)));
  }
  EXPECT_FALSE(DisputeLetter({}, heading).ok());
  std::vector<Dispute> mixed = disputes;
  mixed[1].contract = ContractId(6);
  EXPECT_FALSE(DisputeLetter(mixed, heading).ok());
}

MedicalClaimLine Emergency(Date day, std::string number) {
  MedicalClaimLine line = Visit("", day, 100);
  line.claim_number = std::move(number);
  line.procedure_code = "99284";
  return line;
}

// feature:A07
TEST(EdReconciliation, VisitsAndClaimsAreListedInBothDirections) {
  MemberRecord record = CoveredMember(7, DateRange::Year(2026));
  record.claims = {Emergency(Day2026(3, 2), "B"), Emergency(Day2026(3, 2), "A"),
                   Emergency(Day2026(5, 1), "C"), Visit("", Day2026(4, 1), 100)};
  const std::vector<EdVisit> visits = {{7, Day2026(8, 1), "late"},
                                       {7, Day2026(3, 1), "one"},
                                       {7, Day2026(4, 1), "lost"},
                                       {7, Day2026(7, 31), "overdue"}};
  // 60 days after August 1 is September 30: not yet overdue then, a day later it is.
  const EdReconciliation result =
      ReconcileEdVisits(record, visits, {.as_of = Day2026(9, 30), .claim_days = 60});
  EXPECT_EQ(result.matched, 1);
  EXPECT_THAT(result.without_claim, ElementsAre(EdVisit{7, Day2026(4, 1), "lost"},
                                                EdVisit{7, Day2026(7, 31), "overdue"}));
  EXPECT_THAT(result.waiting, ElementsAre(EdVisit{7, Day2026(8, 1), "late"}));
  EXPECT_THAT(result.without_visit, ElementsAre(EdClaim{7, Day2026(5, 1), "C"}));
  EXPECT_THAT(ReconcileEdVisits(record, visits, {.as_of = Day2026(10, 1)}).waiting, IsEmpty());
}

TEST(EdReconciliation, TheNearestPairGoesFirstAndEachOnce) {
  MemberRecord record = CoveredMember(7, DateRange::Year(2026));
  record.claims = {Emergency(Day2026(3, 2), "A")};
  const EdReconciliation result = ReconcileEdVisits(
      record, {{7, Day2026(3, 1), "before"}, {7, Day2026(3, 2), "same"}},
      {.as_of = Day2026(12, 1)});
  EXPECT_EQ(result.matched, 1);
  EXPECT_THAT(result.without_claim, ElementsAre(EdVisit{7, Day2026(3, 1), "before"}));
}

TEST(EdReconciliation, EmergencyIsKnownByRevenuePlaceOrProcedure) {
  const auto line = [](const char* revenue, const char* place, const char* code) {
    MedicalClaimLine claim;
    claim.revenue_code = revenue;
    claim.place_of_service = place;
    claim.procedure_code = code;
    return IsEmergencyLine(claim);
  };
  EXPECT_TRUE(line("0450", "", ""));
  EXPECT_TRUE(line("459", "", ""));
  EXPECT_TRUE(line("0981", "", ""));
  EXPECT_TRUE(line("", "23", ""));
  EXPECT_TRUE(line("", "", "99281"));
  EXPECT_FALSE(line("0460", "22", "99280"));
  EXPECT_FALSE(line("4500", "", "99286"));
}

// feature:H10
TEST(Closures, LocationIsClosedWhenItsLastAffiliationEnds) {
  using hierarchy::PartyKind;
  const auto edge = [](std::int64_t parent, std::int64_t child, std::optional<Date> to) {
    return hierarchy::SnapshotEdge{PartyId(parent), PartyId(child), "location",
                                   {MakeDate(2020, 1, 1), to}};
  };
  const auto snapshot = hierarchy::HierarchySnapshot::Make(
      {.as_of = Day2026(5, 1), .version = 1},
      {{PartyId(21), PartyKind::kPractice, "P", {}},
       {PartyId(22), PartyKind::kPractice, "Q", {}},
       {PartyId(91), PartyKind::kLocation, "closing", {}},
       {PartyId(92), PartyKind::kLocation, "shared, one stays", {}},
       {PartyId(93), PartyKind::kLocation, "closing later", {}}},
      {edge(21, 91, Day2026(5, 10)), edge(22, 91, Day2026(5, 20)), edge(21, 92, Day2026(5, 10)),
       edge(22, 92, std::nullopt), edge(21, 93, Day2026(6, 2))});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const auto closures = ClosuresIn(*snapshot, Month(2026, 5));
  ASSERT_THAT(closures, SizeIs(1));
  EXPECT_EQ(closures[0].party, PartyId(91));
  EXPECT_EQ(closures[0].closed_on, Day2026(5, 20));
}

}  // namespace
}  // namespace sluice::performance
