// What a change may say, and what is known after it.
#include "hierarchy/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::hierarchy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kDay = MakeDate(2026, 1, 1);
constexpr PartyId kAco{1}, kIpa{2}, kPractice{3}, kDoctor{4}, kClerk{5};
const Identifier kNpi{IdentifierType::kNpi, "", "1234567893"};
const Identifier kTin{IdentifierType::kTin, "", "123456789"};

DateRange Days365(int from, int to) {
  return DateRange::Between(kDay + Days(from), kDay + Days(to));
}

ChangeSet Start() {
  ChangeSet change;
  change.AddParty({kAco, PartyKind::kAco}, "North ACO", kDay);
  change.AddParty({kIpa, PartyKind::kIpa}, "River IPA", kDay);
  change.AddParty({kPractice, PartyKind::kPractice}, "Elm Practice", kDay, std::vector{kTin});
  change.AddParty({kDoctor, PartyKind::kProvider}, "Dr. Ash", kDay, std::vector{kNpi});
  change.AddParty({kClerk, PartyKind::kOfficeEmployee}, "B. Clerk", kDay);
  change.AddAffiliation(kAco, kIpa, role::kMember, DateRange::From(kDay));
  change.AddAffiliation(kIpa, kPractice, role::kParticipant, DateRange::From(kDay));
  change.AddAffiliation(kPractice, kDoctor, role::kPhysician, Days365(0, 100));
  return change;
}
Knowledge Known() { return Merge({}, Start(), 1); }

std::vector<std::string> Problems(const ChangeSet& change) {
  std::vector<std::string> names;
  for (const Finding& finding : CheckChange(Known(), change)) {
    names.emplace_back(ProblemName(finding.problem));
  }
  return names;
}
ChangeSet Edge(PartyId parent, PartyId child, std::string_view role, DateRange valid,
               bool withdrawn = false) {
  ChangeSet change;
  change.affiliations.push_back({parent, child, std::string(role), valid, withdrawn});
  return change;
}
ChangeSet Named(PartyId party, const Identifier& identifier, DateRange valid) {
  ChangeSet change;
  change.identifiers.push_back({party, identifier, valid, false});
  return change;
}

TEST(CheckChange, AGoodChangePasses) { EXPECT_THAT(CheckChange({}, Start()), IsEmpty()); }

TEST(CheckChange, EachRuleHasItsFinding) {
  ChangeSet twice = Start();
  twice.affiliations.push_back(twice.affiliations[0]);
  EXPECT_EQ(ProblemName(CheckChange({}, twice)[0].problem), "DUPLICATE");
  EXPECT_THAT(Problems(Start()), ::testing::Contains("DUPLICATE"));

  EXPECT_THAT(Problems(Edge(kAco, PartyId(99), "member", DateRange::From(kDay))),
              ElementsAre("UNKNOWN_PARTY"));
  ChangeSet nameless;
  nameless.parties.push_back({PartyId(9), PartyKind::kPractice});
  EXPECT_THAT(Problems(nameless), ElementsAre("BAD_NAME"));
  EXPECT_THAT(
      Problems(Named(kClerk, {IdentifierType::kNpi, "", "1234567898"}, DateRange::From(kDay))),
      ElementsAre("BAD_IDENTIFIER"));
  EXPECT_THAT(
      Problems(Named(kClerk, {IdentifierType::kTin, "", "12-3456789"}, DateRange::From(kDay))),
      ElementsAre("BAD_IDENTIFIER"));
  ChangeSet doctor;
  doctor.AddParty({PartyId(9), PartyKind::kProvider}, "Dr. Birch", kDay);
  EXPECT_THAT(Problems(doctor), ElementsAre("NPI_REQUIRED"));
  EXPECT_THAT(Problems(Edge(kClerk, kDoctor, "member", DateRange::From(kDay))),
              ElementsAre("KIND_NOT_ALLOWED"));
  EXPECT_THAT(Problems(Edge(kAco, kClerk, "Member", DateRange::From(kDay))),
              ElementsAre("BAD_ROLE"));
  EXPECT_THAT(Problems(Edge(kAco, kClerk, "member", {kDay, kDay})), ElementsAre("EMPTY_RANGE"));
  EXPECT_THAT(Problems(Edge(kAco, kClerk, "member", DateRange::From(kDay), true)),
              ElementsAre("NOTHING_TO_WITHDRAW"));
}

TEST(CheckChange, OneValueBelongsToOnePartyAtATime) {
  const auto findings = CheckChange(Known(), Named(kIpa, kTin, DateRange::From(kDay + Days(5))));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_THAT(findings[0].message, AllOf(HasSubstr("Elm Practice"), HasSubstr("River IPA")));
  EXPECT_EQ(findings[0].problem, Problem::kIdentifierConflict);
}

TEST(CheckChange, OnePartyHasOneValuePerNumberingAtATime) {
  const Identifier other{IdentifierType::kTin, "", "987654321"};
  EXPECT_THAT(Problems(Named(kPractice, other, DateRange::From(kDay + Days(9)))),
              ElementsAre("IDENTIFIER_CONFLICT"));
  // The old one is ended by saying its span again, in the same change.
  ChangeSet change = Named(kPractice, other, DateRange::From(kDay + Days(9)));
  change.identifiers.push_back({kPractice, kTin, Days365(0, 9), false});
  EXPECT_THAT(Problems(change), IsEmpty());
}

TEST(CheckChange, SpansOfOneAffiliationDoNotOverlap) {
  EXPECT_THAT(Problems(Edge(kPractice, kDoctor, "physician", Days365(99, 200))),
              ElementsAre("OVERLAPPING_AFFILIATION"));
  EXPECT_THAT(Problems(Edge(kPractice, kDoctor, "physician", Days365(100, 200))), IsEmpty());
  EXPECT_THAT(Problems(Edge(kPractice, kDoctor, "director", Days365(99, 200))), IsEmpty());
}

TEST(CheckChange, ACycleIsNamedWithItsPath) {
  const auto findings =
      CheckChange(Known(), Edge(kPractice, kAco, "member", DateRange::From(kDay + Days(3))));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].problem, Problem::kCycle);
  EXPECT_THAT(findings[0].message, AllOf(HasSubstr("2026-01-04"), HasSubstr("North ACO"),
                                         HasSubstr(" > River IPA"), HasSubstr(" > Elm Practice")));
}

TEST(CheckChange, TheNumberOfFindingsIsBounded) {
  ChangeSet change;
  for (std::int64_t i = 100; i < 200; ++i) change.parties.push_back({PartyId(i), PartyKind::kAco});
  EXPECT_EQ(CheckChange({}, change, 7).size(), 7u);
}

TEST(Merge, ALaterWordOnASpanReplacesIt) {
  const Knowledge ended = Merge(Known(), Edge(kIpa, kPractice, "participant", Days365(0, 30)), 2);
  EXPECT_EQ(ended.version, 2);
  EXPECT_EQ(ended.affiliations.size(), 3u);
  EXPECT_TRUE(ended.AsOf(kDay + Days(30))->Children(kIpa).empty());
  EXPECT_EQ(ended.AsOf(kDay + Days(29))->Children(kIpa).size(), 1u);
  const Knowledge gone =
      Merge(ended, Edge(kIpa, kPractice, "participant", DateRange::From(kDay), true), 3);
  EXPECT_EQ(gone.affiliations.size(), 2u);
}

TEST(AsOf, NamesAndIdentifiersAreThoseOfTheDay) {
  ChangeSet renamed;
  renamed.details.push_back({kPractice, kDay + Days(50), "Oak Practice", {}});
  renamed.identifiers.push_back({kPractice, kTin, Days365(0, 50), false});
  ASSERT_THAT(CheckChange(Known(), renamed), IsEmpty());
  const Knowledge known = Merge(Known(), renamed, 2);
  EXPECT_EQ(known.AsOf(kDay + Days(49))->Find(kPractice)->name, "Elm Practice");
  EXPECT_EQ(known.AsOf(kDay + Days(50))->Find(kPractice)->name, "Oak Practice");
  EXPECT_EQ(known.AsOf(kDay - Days(9))->Find(kPractice)->name, "Elm Practice");
  EXPECT_EQ(known.AsOf(kDay + Days(49))->FindByIdentifier(kTin), kPractice);
  EXPECT_EQ(known.AsOf(kDay + Days(50))->FindByIdentifier(kTin), std::nullopt);
}

// An office employee who leaves is gone the next day.
TEST(AsOf, TheEndIsTheFirstDayWithout) {
  const Knowledge known =
      Merge(Known(), Edge(kPractice, kClerk, role::kEmployee, Days365(0, 10)), 2);
  EXPECT_THAT(known.AsOf(kDay + Days(9))->Ancestors(kClerk), ElementsAre(kAco, kIpa, kPractice));
  EXPECT_THAT(known.AsOf(kDay + Days(10))->Ancestors(kClerk), IsEmpty());
}

}  // namespace
}  // namespace sluice::hierarchy
