// Attribution by every model and every link of the chain, with the members at the edges.
#include "performance/attribution/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "performance/attribution/method_codec.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::performance {
namespace {

using hierarchy::HierarchySnapshot;
using hierarchy::IdentifierType;
using hierarchy::PartyKind;
using testing::ClaimsStep;
using testing::CoveredMember;
using testing::Day2026;
using testing::kNpiA;
using testing::kNpiB;
using testing::kNpiC;
using testing::kNpiD;
using testing::PluralityMethod;
using testing::Visit;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kTin1 = "111111111";
constexpr const char* kTin2 = "222222222";
constexpr const char* kTin3 = "333333333";

// ACO 10 has practices 21 and 22; practice 23 stands alone. A and B work in 21, C in 22, D in 23.
HierarchySnapshot Network(bool second_aco = false) {
  using Party = hierarchy::SnapshotParty;
  using Edge = hierarchy::SnapshotEdge;
  const DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
  const auto person = [](std::int64_t id, const std::string& npi) {
    return Party{PartyId(id), PartyKind::kProvider, "Dr " + npi, {{IdentifierType::kNpi, "", npi}}};
  };
  const auto practice = [](std::int64_t id, const std::string& tin) {
    return Party{PartyId(id), PartyKind::kPractice, "P " + tin, {{IdentifierType::kTin, "", tin}}};
  };
  const auto edge = [&](std::int64_t parent, std::int64_t child, const char* role) {
    return Edge{PartyId(parent), PartyId(child), role, valid};
  };
  std::vector<Edge> edges = {edge(10, 21, "participant"), edge(10, 22, "participant"),
                             edge(21, 31, "physician"),   edge(21, 32, "physician"),
                             edge(22, 33, "physician"),   edge(23, 34, "physician")};
  if (second_aco) edges.push_back(edge(11, 21, "participant"));
  const auto snapshot = HierarchySnapshot::Make(
      {.as_of = Day2026(12, 31), .version = 1},
      {Party{PartyId(10), PartyKind::kAco, "ACO", {}}, Party{PartyId(11), PartyKind::kAco, "B", {}},
       practice(21, kTin1), practice(22, kTin2), practice(23, kTin3), person(31, kNpiA),
       person(32, kNpiB), person(33, kNpiC), person(34, kNpiD)},
      edges);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *snapshot;
}

std::vector<AttributionRow> Attribute(const AttributionMethod& method, const MemberRecord& record,
                                      const HierarchySnapshot& network = Network(),
                                      const std::vector<ProviderTaxonomy>& taxonomies = {},
                                      DateRange period = DateRange::Year(2026)) {
  EXPECT_TRUE(ValidateMethod(method).ok()) << ValidateMethod(method);
  const ProviderDirectory directory(network, taxonomies, method);
  return AttributionEngine(method, directory, period).Attribute(record);
}

AttributionRow First(const AttributionMethod& method, const MemberRecord& record,
                     const HierarchySnapshot& network = Network(),
                     const std::vector<ProviderTaxonomy>& taxonomies = {}) {
  const auto rows = Attribute(method, record, network, taxonomies);
  EXPECT_FALSE(rows.empty());
  return rows.empty() ? AttributionRow{} : rows.front();
}

MemberRecord Member2026() { return CoveredMember(7, DateRange::Year(2026)); }

// feature:A01
TEST(Attribution, EachLinkOfTheChainDecides) {
  struct Case {
    const char* name;
    std::vector<MedicalClaimLine> claims;
    std::string winner;
    TieBreak decided_by;
  };
  const std::vector<Case> cases = {
      {"dollars", {Visit(kNpiA, Day2026(3, 1), 100), Visit(kNpiB, Day2026(2, 1), 101)}, kNpiB,
       TieBreak::kDollars},
      {"visits",
       {Visit(kNpiA, Day2026(3, 1), 100), Visit(kNpiB, Day2026(1, 1), 60),
        Visit(kNpiB, Day2026(1, 2), 40)},
       kNpiB, TieBreak::kVisits},
      {"most recent", {Visit(kNpiA, Day2026(3, 1), 100), Visit(kNpiB, Day2026(3, 2), 100)}, kNpiB,
       TieBreak::kMostRecent},
      {"lowest NPI", {Visit(kNpiB, Day2026(3, 1), 100), Visit(kNpiA, Day2026(3, 1), 100)}, kNpiA,
       TieBreak::kLowestKey},
      {"two lines of a day are one visit",
       {Visit(kNpiB, Day2026(3, 1), 60), Visit(kNpiB, Day2026(3, 1), 40),
        Visit(kNpiA, Day2026(3, 1), 100)},
       kNpiA, TieBreak::kLowestKey},
  };
  for (const Case& c : cases) {
    MemberRecord record = Member2026();
    record.claims = c.claims;
    const AttributionRow row = First(PluralityMethod(), record);
    EXPECT_EQ(row.to.provider_npi, c.winner) << c.name;
    EXPECT_EQ(row.to.decided_by, c.decided_by) << c.name;
  }
}

TEST(Attribution, PhysicianComesBeforeOtherWhereTheChainSaysSo) {
  AttributionMethod method = PluralityMethod();
  method.ties = {TieBreak::kMostRecent, TieBreak::kProviderClass, TieBreak::kLowestKey};
  method.taxonomies = {{"207Q00000X", ProviderClass::kPrimaryCare},
                       {"363L00000X", ProviderClass::kNonPhysician}};
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(3, 1), 100), Visit(kNpiB, Day2026(3, 1), 100)};
  const AttributionRow row =
      First(method, record, Network(), {{kNpiA, "363L00000X"}, {kNpiB, "207Q00000X"}});
  EXPECT_EQ(row.to.provider_npi, kNpiB);
  EXPECT_EQ(row.to.decided_by, TieBreak::kProviderClass);
  EXPECT_EQ(Explain(row), "step 1 plurality_of_dollars: 1234567893 with 1.00 in 1 visits, before "
                          "1003000126 with 1.00 in 1 visits, by provider_class");
}

// feature:A01
TEST(Attribution, VisitsDollarsAndRecencyAreDifferentModels) {
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(1, 5), 300), Visit(kNpiB, Day2026(2, 1), 50),
                   Visit(kNpiB, Day2026(2, 8), 50), Visit(kNpiC, Day2026(9, 1), 10)};
  const auto winner = [&](StepKind kind) {
    AttributionMethod method = PluralityMethod();
    method.steps = {ClaimsStep(kind)};
    return First(method, record).to.provider_npi;
  };
  EXPECT_EQ(winner(StepKind::kDollars), kNpiA);
  EXPECT_EQ(winner(StepKind::kVisits), kNpiB);
  EXPECT_EQ(winner(StepKind::kMostRecent), kNpiC);
}

ProviderChoice Choice(ChoiceKind kind, std::int64_t provider, DateRange valid) {
  return {.member_id = 7,
          .kind = kind,
          .provider = PartyId(provider),
          .practice = std::nullopt,
          .valid = valid};
}

// feature:A01
TEST(Attribution, StepsDecideInTheirOrder) {
  AttributionMethod method = PluralityMethod();
  method.steps = {{.kind = StepKind::kVoluntary},
                  {.kind = StepKind::kMemberSelected},
                  {.kind = StepKind::kAutoAssigned},
                  ClaimsStep(StepKind::kDollars),
                  {.kind = StepKind::kGeography}};
  method.areas = {{"90210", PartyId(23)}, {"West", PartyId(22)}};
  MemberRecord record = Member2026();
  const DateRange year = DateRange::Year(2026);
  EXPECT_EQ(First(method, record).reason, UnattributedReason::kNoClaims);
  record.details.push_back(
      {.member_id = 7, .valid_from = Day2026(1, 1), .zip = "11111", .region = "West"});
  EXPECT_EQ(First(method, record).to.practice, PartyId(22));
  record.details.front().zip = "90210";
  EXPECT_EQ(First(method, record).to.practice, PartyId(23));
  EXPECT_EQ(First(method, record).to.kind, StepKind::kGeography);
  record.claims.push_back(Visit(kNpiD, Day2026(5, 1), 100));
  EXPECT_EQ(First(method, record).to.provider_npi, kNpiD);
  EXPECT_EQ(First(method, record).to.step, 4);
  record.choices.push_back(Choice(ChoiceKind::kAutoAssigned, 33, year));
  EXPECT_EQ(First(method, record).to.provider_npi, kNpiC);
  record.choices.push_back(Choice(ChoiceKind::kMemberSelected, 32, year));
  EXPECT_EQ(First(method, record).to.provider_npi, kNpiB);
  record.choices.push_back(Choice(ChoiceKind::kVoluntary, 31, year));
  const AttributionRow row = First(method, record);
  EXPECT_EQ(row.to.provider_npi, kNpiA);
  EXPECT_EQ(row.to.practice, PartyId(21));
  EXPECT_EQ(row.to.organization, PartyId(10));
}

TEST(Attribution, ChoiceHoldsInItsMonths) {
  AttributionMethod method = PluralityMethod();
  method.steps = {{.kind = StepKind::kMemberSelected}};
  MemberRecord record = Member2026();
  record.choices = {Choice(ChoiceKind::kMemberSelected, 31, {Day2026(1, 1), Day2026(4, 1)}),
                    Choice(ChoiceKind::kMemberSelected, 32, {Day2026(4, 1), Day2026(7, 1)})};
  const auto rows = Attribute(method, record);
  ASSERT_THAT(rows, SizeIs(12));
  EXPECT_EQ(rows[2].to.provider_npi, kNpiA);
  EXPECT_EQ(rows[3].to.provider_npi, kNpiB);
  EXPECT_EQ(rows[6].reason, UnattributedReason::kNoChoice);
}

// The ACO is the unit compared, so it can win a person whom none of its TINs would.
TEST(Attribution, OrganizationWinsWhatNoneOfItsPracticesWould) {
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(1, 5), 60, kTin1), Visit(kNpiC, Day2026(2, 5), 50, kTin2),
                   Visit(kNpiD, Day2026(3, 5), 100, kTin3)};
  AttributionMethod method = PluralityMethod();
  EXPECT_EQ(First(method, record).to.provider_npi, kNpiD);
  method.unit = AttributionUnit::kPractice;
  EXPECT_EQ(First(method, record).to.practice, PartyId(23));
  method.unit = AttributionUnit::kOrganization;
  const AttributionRow row = First(method, record);
  EXPECT_EQ(row.to.organization, PartyId(10));
  EXPECT_EQ(row.to.practice, PartyId(21));
  EXPECT_EQ(row.to.provider_npi, kNpiA);
  EXPECT_EQ(row.to.winner->dollars, Money::FromCents(110));
  EXPECT_EQ(row.to.runner_up->key, kTin3);
}

TEST(Attribution, ServiceOfTwoOrganizationsIsForPeopleToSettle) {
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(1, 5), 60, kTin1)};
  AttributionMethod method = PluralityMethod();
  method.unit = AttributionUnit::kOrganization;
  const AttributionRow row = First(method, record, Network(true));
  EXPECT_EQ(row.reason, UnattributedReason::kAmbiguousAffiliation);
  EXPECT_THAT(Explain(row), HasSubstr("belongs to 2 organizations"));
}

TEST(Attribution, SpecialistsCountOnlyForThoseWithoutPrimaryCare) {
  AttributionMethod method = PluralityMethod();
  method.steps = {
      ClaimsStep(StepKind::kDollars, {ProviderClass::kPrimaryCare, ProviderClass::kNonPhysician}),
      ClaimsStep(StepKind::kDollars, {ProviderClass::kSpecialist}),
      ClaimsStep(StepKind::kDollars, {}, 24)};
  method.taxonomies = {{"207Q00000X", ProviderClass::kPrimaryCare},
                       {"207R00000X", ProviderClass::kSpecialist}};
  const std::vector<ProviderTaxonomy> taxonomies = {{kNpiA, "207R00000X"},
                                                    {kNpiB, "207R00000X"},
                                                    {kNpiB, "207Q00000X"}};
  MemberRecord record = CoveredMember(7, DateRange{MakeDate(2024, 1, 1), MakeDate(2027, 1, 1)});
  record.claims = {Visit(kNpiD, MakeDate(2025, 6, 1), 900)};
  EXPECT_EQ(First(method, record, Network(), taxonomies).to.step, 3);
  record.claims.push_back(Visit(kNpiA, Day2026(1, 5), 500));
  EXPECT_EQ(First(method, record, Network(), taxonomies).to.step, 2);
  record.claims.push_back(Visit(kNpiB, Day2026(1, 5), 1));
  const AttributionRow row = First(method, record, Network(), taxonomies);
  EXPECT_EQ(row.to.step, 1);
  EXPECT_EQ(row.to.provider_npi, kNpiB);
}

// 425.402(b): an ACO gets a person only with a service of one of its physicians, and keeps the
// plurality from the others even where it does not.
TEST(Attribution, OrganizationNeedsAServiceOfAPhysicianOfItsOwn) {
  AttributionMethod method = PluralityMethod();
  method.unit = AttributionUnit::kOrganization;
  method.steps = {ClaimsStep(StepKind::kDollars,
                             {ProviderClass::kPrimaryCare, ProviderClass::kNonPhysician}),
                  ClaimsStep(StepKind::kDollars, {ProviderClass::kSpecialist})};
  for (AttributionStep& step : method.steps) {
    step.winner_needs = {ProviderClass::kPrimaryCare, ProviderClass::kSpecialist};
  }
  method.taxonomies = {{"207Q00000X", ProviderClass::kPrimaryCare},
                       {"207R00000X", ProviderClass::kSpecialist},
                       {"363L00000X", ProviderClass::kNonPhysician}};
  // A is a nurse practitioner and C a specialist of the ACO; D is a nurse practitioner outside.
  const std::vector<ProviderTaxonomy> taxonomies = {
      {kNpiA, "363L00000X"}, {kNpiC, "207R00000X"}, {kNpiD, "363L00000X"}};
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(1, 5), 500, kTin1),
                   Visit(kNpiD, Day2026(1, 6), 400, kTin3)};
  const AttributionRow without = First(method, record, Network(), taxonomies);
  EXPECT_EQ(without.reason, UnattributedReason::kNoRequiredService);
  EXPECT_THAT(Explain(without), HasSubstr("NO_REQUIRED_SERVICE: party 00000000000000000010 won"));
  // One dollar of the specialist is enough, though step 1 does not count it.
  record.claims.push_back(Visit(kNpiC, Day2026(2, 1), 1, kTin2));
  const AttributionRow with = First(method, record, Network(), taxonomies);
  EXPECT_EQ(with.reason, UnattributedReason::kNone);
  EXPECT_EQ(with.to.organization, PartyId(10));
  EXPECT_EQ(with.to.step, 1);
  EXPECT_EQ(with.to.winner->dollars, Money::FromCents(500));
  // Outside the look-back it is not there.
  record.claims.back() = Visit(kNpiC, MakeDate(2025, 12, 31), 1, kTin2);
  record.coverage.front().covered.from = MakeDate(2025, 1, 1);
  EXPECT_EQ(First(method, record, Network(), taxonomies).reason,
            UnattributedReason::kNoRequiredService);
  // A practice that belongs to no ACO needs none.
  record.claims = {Visit(kNpiD, Day2026(1, 6), 400, kTin3)};
  EXPECT_EQ(First(method, record, Network(), taxonomies).to.practice, PartyId(23));
  // The practice and the provider as units: known ones need it.
  method.unit = AttributionUnit::kPractice;
  EXPECT_EQ(First(method, record, Network(), taxonomies).reason,
            UnattributedReason::kNoRequiredService);
  method.unit = AttributionUnit::kProvider;
  EXPECT_EQ(First(method, record, Network(), taxonomies).reason,
            UnattributedReason::kNoRequiredService);
}

// feature:A02
TEST(Attribution, ProspectiveAndRetrospectiveGiveDifferentMembers) {
  const DateRange both{MakeDate(2025, 1, 1), MakeDate(2027, 1, 1)};
  std::vector<MemberRecord> members;
  // 1: only before; 2: only during; 3: both, with another provider; 4: joins in March; 5: leaves
  // in June; 6: dies in June.
  for (std::int64_t id = 1; id <= 6; ++id) members.push_back(CoveredMember(id, both));
  members[0].claims = {Visit(kNpiA, MakeDate(2025, 5, 1), 100)};
  members[1].claims = {Visit(kNpiA, Day2026(5, 1), 100)};
  members[2].claims = {Visit(kNpiA, MakeDate(2025, 5, 1), 100), Visit(kNpiB, Day2026(5, 1), 100)};
  members[3].coverage[0].covered.from = Day2026(3, 1);
  members[3].claims = {Visit(kNpiA, Day2026(5, 1), 100)};
  members[4].coverage[0].covered.to = Day2026(7, 1);
  members[4].claims = {Visit(kNpiA, MakeDate(2025, 5, 1), 100)};
  members[5].details.push_back(
      {.member_id = 6, .valid_from = MakeDate(2025, 1, 1), .death_date = Day2026(6, 10)});
  members[5].claims = {Visit(kNpiA, MakeDate(2025, 5, 1), 100), Visit(kNpiA, Day2026(5, 1), 100)};
  const auto run = [&](AttributionTiming timing) {
    AttributionMethod method = PluralityMethod();
    method.timing = timing;
    std::map<std::int64_t, std::pair<std::string, int>> result;  // provider, months
    for (const MemberRecord& member : members) {
      for (const AttributionRow& row : Attribute(method, member)) {
        if (row.reason != UnattributedReason::kNone) continue;
        result[member.member.id].first = row.to.provider_npi;
        ++result[member.member.id].second;
      }
    }
    return result;
  };
  using Panel = std::map<std::int64_t, std::pair<std::string, int>>;
  EXPECT_EQ(run(AttributionTiming::kProspective),
            (Panel{{1, {kNpiA, 12}}, {3, {kNpiA, 12}}, {5, {kNpiA, 6}}, {6, {kNpiA, 6}}}));
  EXPECT_EQ(run(AttributionTiming::kRetrospective),
            (Panel{{2, {kNpiA, 12}}, {3, {kNpiB, 12}}, {4, {kNpiA, 10}}, {6, {kNpiA, 6}}}));
}

TEST(Attribution, ProspectiveOnlyRemoves) {
  AttributionMethod method = PluralityMethod();
  method.timing = AttributionTiming::kProspective;
  MemberRecord record = CoveredMember(7, {MakeDate(2025, 1, 1), Day2026(4, 1)});
  record.coverage.push_back(record.coverage[0]);
  record.coverage[1].covered = {Day2026(6, 1), MakeDate(2027, 1, 1)};
  record.claims = {Visit(kNpiA, MakeDate(2025, 5, 1), 100)};
  const auto rows = Attribute(method, record);
  ASSERT_THAT(rows, SizeIs(10));
  EXPECT_EQ(rows[2].reason, UnattributedReason::kNone);
  EXPECT_EQ(rows[3].reason, UnattributedReason::kLostCoverage);
  EXPECT_EQ(rows[3].month.ToString(), "2026-06");
}

TEST(Attribution, JoinerCountsByTheDayTheMethodNames) {
  struct Case {
    CoverageDay rule;
    unsigned joins;
    unsigned first_month;
  };
  const std::vector<Case> cases = {
      {CoverageDay::kFirst, 1, 3},      {CoverageDay::kFirst, 2, 4},
      {CoverageDay::kFirst, 15, 4},     {CoverageDay::kFirst, 31, 4},
      {CoverageDay::kFifteenth, 15, 3}, {CoverageDay::kFifteenth, 16, 4},
      {CoverageDay::kLast, 31, 3},      {CoverageDay::kAny, 31, 3},
      {CoverageDay::kAll, 1, 3},        {CoverageDay::kAll, 2, 4}};
  for (const Case& c : cases) {
    AttributionMethod method = PluralityMethod();
    method.coverage_day = c.rule;
    const auto rows =
        Attribute(method, CoveredMember(7, {Day2026(3, c.joins), MakeDate(2027, 1, 1)}));
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows.front().month.Number(), c.first_month)
        << static_cast<int>(c.rule) << " " << c.joins;
  }
}

TEST(Attribution, DeadMemberIsNotAttributedAfterTheDeath) {
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(1, 5), 100)};
  record.details.push_back(
      {.member_id = 7, .valid_from = Day2026(1, 1), .death_date = Day2026(3, 1)});
  const auto reason = [&](unsigned month) {
    return Attribute(PluralityMethod(), record).at(month - 1).reason;
  };
  EXPECT_EQ(reason(3), UnattributedReason::kNone);
  EXPECT_EQ(reason(4), UnattributedReason::kDeceased);  // covered on: the row stays, labelled
  record.details.back().death_date = Day2026(2, 28);
  EXPECT_EQ(reason(2), UnattributedReason::kNone);
  EXPECT_EQ(reason(3), UnattributedReason::kDeceased);
}

TEST(Attribution, MembersWhoCannotBeAttributedSayWhy) {
  struct Case {
    const char* name;
    std::function<void(AttributionMethod&, MemberRecord&)> change;
    UnattributedReason reason;
  };
  const std::vector<Case> cases = {
      {"no claims", [](auto&, auto& r) { r.claims.clear(); }, UnattributedReason::kNoClaims},
      {"another code", [](auto&, auto& r) { r.claims[0].procedure_code = "70450"; },
       UnattributedReason::kNoQualifyingService},
      {"denied", [](auto&, auto& r) { r.claims[0].status = ClaimStatus::kDenied; },
       UnattributedReason::kNoClaims},
      {"institutional", [](auto&, auto& r) { r.claims[0].kind = ClaimKind::kInstitutional; },
       UnattributedReason::kNoQualifyingService},
      {"before the window",
       [](auto&, auto& r) {
         r.claims[0].service_from = MakeDate(2025, 12, 31);
         r.coverage[0].covered.from = MakeDate(2025, 1, 1);
       },
       UnattributedReason::kNoClaims},
      {"service in an uncovered month",
       [](auto&, auto& r) { r.coverage[0].covered.from = Day2026(4, 1); },
       UnattributedReason::kNoQualifyingService},
      {"too few months", [](auto& m, auto& r) {
         m.minimum_months = 10;
         r.coverage[0].covered.from = Day2026(4, 1);
       },
       UnattributedReason::kBelowMinimumMonths},
      {"new", [](auto& m, auto&) {
         m.new_member_months = 1;
         m.new_members = NewMemberRule::kNobody;
       },
       UnattributedReason::kNewMember},
      {"new, without a choice", [](auto& m, auto&) {
         m.new_member_months = 1;
         m.new_members = NewMemberRule::kOnlyByChoice;
       },
       UnattributedReason::kNewMember},
      {"another line of business", [](auto& m, auto& r) {
         m.lines_of_business = {"medicare"};
         r.coverage.push_back(r.coverage[0]);
         r.coverage[1].line_of_business = "medicare";
         r.claims.clear();
       },
       UnattributedReason::kNoClaims}};
  for (const Case& c : cases) {
    AttributionMethod method = PluralityMethod();
    MemberRecord record = Member2026();
    record.claims = {Visit(kNpiA, Day2026(3, 1), 100)};
    c.change(method, record);
    EXPECT_EQ(First(method, record).reason, c.reason) << c.name;
  }
}

TEST(Attribution, NineMonthsAreNotTenButTenAre) {
  AttributionMethod method = PluralityMethod();
  method.minimum_months = 10;
  MemberRecord record = CoveredMember(7, {Day2026(3, 1), MakeDate(2027, 1, 1)});
  record.claims = {Visit(kNpiA, Day2026(5, 1), 100)};
  EXPECT_EQ(First(method, record).reason, UnattributedReason::kNone);
  record.coverage[0].covered.from = Day2026(3, 2);
  EXPECT_EQ(First(method, record).detail, "9 of 10 months");
}

TEST(Attribution, NewMemberWithAChoiceIsAttributedAtOnce) {
  AttributionMethod method = PluralityMethod();
  method.steps.insert(method.steps.begin(), {.kind = StepKind::kMemberSelected});
  method.new_member_months = 3;
  method.new_members = NewMemberRule::kOnlyByChoice;
  MemberRecord record = CoveredMember(7, {Day2026(2, 1), MakeDate(2027, 1, 1)});
  record.claims = {Visit(kNpiA, Day2026(3, 1), 100)};
  auto rows = Attribute(method, record);
  EXPECT_EQ(rows[2].reason, UnattributedReason::kNewMember);  // April
  EXPECT_EQ(rows[3].reason, UnattributedReason::kNone);       // May
  record.choices = {Choice(ChoiceKind::kMemberSelected, 32, DateRange::From(Day2026(2, 1)))};
  rows = Attribute(method, record);
  EXPECT_EQ(rows[0].to.provider_npi, kNpiB);
}

TEST(Attribution, AllowedCountsElsePaid) {
  MemberRecord record = Member2026();
  record.claims = {Visit(kNpiA, Day2026(3, 1), 0), Visit(kNpiB, Day2026(3, 1), 50)};
  record.claims[0].paid = Money::FromCents(60);
  EXPECT_EQ(First(PluralityMethod(), record).to.provider_npi, kNpiA);
}

// Random members and claims; the rows may come in any order. Reports the seed.
TEST(Attribution, OrderOfRowsNeverMatters) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const std::vector<std::string> npis = {kNpiA, kNpiB, kNpiC, kNpiD};
  const std::vector<std::string> tins = {"", kTin1, kTin2, kTin3};
  for (int round = 0; round < 300; ++round) {
    AttributionMethod method = PluralityMethod();
    method.steps.insert(method.steps.begin(), {.kind = StepKind::kMemberSelected});
    method.unit = static_cast<AttributionUnit>(1 + pick(3));
    method.coverage_day = static_cast<CoverageDay>(1 + pick(5));
    method.timing = static_cast<AttributionTiming>(1 + pick(2));
    MemberRecord record = CoveredMember(7, {MakeDate(2025, 1, 1), MakeDate(2026, 9, 1)});
    record.coverage.push_back(record.coverage[0]);
    record.coverage[1].covered = {Day2026(10, 1), std::nullopt};
    for (int i = pick(12); i > 0; --i) {
      record.claims.push_back(Visit(npis[static_cast<std::size_t>(pick(4))],
                                    MakeDate(2025, 1, 1) + Days(pick(730)), 100 * pick(3),
                                    tins[static_cast<std::size_t>(pick(4))]));
    }
    for (int i = pick(3); i > 0; --i) {
      record.choices.push_back(
          Choice(ChoiceKind::kMemberSelected, 31 + pick(4),
                 DateRange::From(Day2026(3 * static_cast<unsigned>(i), 1))));
    }
    const auto expected = Attribute(method, record);
    for (int shuffle = 0; shuffle < 3; ++shuffle) {
      std::shuffle(record.claims.begin(), record.claims.end(), random);
      std::shuffle(record.coverage.begin(), record.coverage.end(), random);
      std::shuffle(record.choices.begin(), record.choices.end(), random);
      ASSERT_EQ(Attribute(method, record), expected) << "round " << round;
    }
  }
}

TEST(AttributionMethod, BytesAreCanonicalAndHashed) {
  AttributionMethod method = PluralityMethod();
  method.steps.push_back({.kind = StepKind::kGeography});
  method.areas = {{"90210", PartyId(23)}};
  method.taxonomies = {{"207Q00000X", ProviderClass::kPrimaryCare}};
  method.steps[0].winner_needs = {ProviderClass::kPrimaryCare};
  const Bytes bytes = EncodeMethod(method);
  const auto again = DecodeMethod(bytes);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, method);
  EXPECT_EQ(MethodFromJson(MethodToJson(method)).value(), method);
  AttributionMethod other = method;
  other.steps[0].look_back_months = 13;
  EXPECT_NE(HashMethod(other), HashMethod(method));
  Bytes longer = bytes;
  longer.insert(longer.end(), {0xF8, 0x07, 0x01});  // a field nobody knows
  EXPECT_FALSE(DecodeMethod(longer).ok());
}

TEST(AttributionMethod, EachBrokenRuleIsNamed) {
  struct Case {
    std::function<void(AttributionMethod&)> change;
    std::string message;
  };
  const std::vector<Case> cases = {
      {[](auto& m) { m.title.clear(); }, "title"},
      {[](auto& m) { m.steps.clear(); }, "no step"},
      {[](auto& m) { m.ties.pop_back(); }, "lowest_key"},
      {[](auto& m) { m.ties = {TieBreak::kVisits, TieBreak::kVisits, TieBreak::kLowestKey}; },
       "twice"},
      {[](auto& m) { m.steps[0].code_list = "x"; }, "code list 'x'"},
      {[](auto& m) { m.steps[0].look_back_months = 0; }, "looks back"},
      {[](auto& m) { m.steps[0].classes = {ProviderClass::kSpecialist}; }, "taxonomies"},
      {[](auto& m) { m.steps[0].winner_needs = {ProviderClass::kSpecialist}; }, "taxonomies"},
      {[](auto& m) { m.steps.push_back({.kind = StepKind::kGeography}); }, "service areas"},
      {[](auto& m) {
         m.steps.push_back({.kind = StepKind::kVoluntary});
         m.steps.push_back({.kind = StepKind::kVoluntary});
       },
       "twice"},
      {[](auto& m) { m.code_lists[0].codes = {"2", "1"}; }, "ascend"},
      {[](auto& m) { m.minimum_months = 13; }, "minimum_months"},
      {[](auto& m) { m.new_member_months = 2; }, "go together"}};
  for (const Case& c : cases) {
    AttributionMethod method = PluralityMethod();
    c.change(method);
    EXPECT_THAT(StatusMessage(ValidateMethod(method)), HasSubstr(c.message));
  }
  EXPECT_EQ(ExpandCodes({"G0463", "99202-99204"}).value(),
            (std::vector<std::string>{"99202", "99203", "99204", "G0463"}));
  EXPECT_FALSE(ExpandCodes({"99204-99202"}).ok());
}

}  // namespace
}  // namespace sluice::performance
