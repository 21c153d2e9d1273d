// Mappings, roster files and what they would change: one row per rule, bad input included.
#include "hierarchy/roster_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sluice::hierarchy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kDay = MakeDate(2026, 1, 1);

// The mappings that we ship: that they load is part of every test here.
RosterMapping Shipped(const std::string& name) {
  auto mapping = LoadRosterMapping("deploy/config/" + name);
  if (!mapping.ok()) ADD_FAILURE() << StatusMessage(mapping.status());
  return *std::move(mapping);
}

constexpr std::string_view kRosterHeader =
    "aco_id,aco_name,practice_tin,practice_name,practice_npi,address,city,state,zip,provider_npi,"
    "provider_name,provider_id,start_date,end_date\n";

// A row of the roster; what is not named has a good value.
struct Row {
  std::string aco = "N1";
  std::string aco_name = "North ACO";
  std::string tin = "12-3456789";
  std::string practice = "Elm Practice";
  std::string practice_npi;
  std::string state = "WA";
  std::string zip = "98101";
  std::string npi = "1234567893";
  std::string provider = "Dr. Ash";
  std::string provider_id;
  std::string start = "2025-03-01";
  std::string end;
};

std::string Text(const std::vector<Row>& rows) {
  std::string text(kRosterHeader);
  for (const Row& r : rows) {
    text += r.aco + "," + r.aco_name + "," + r.tin + "," + r.practice + "," + r.practice_npi +
            ",1 Elm St,Seattle," + r.state + "," + r.zip + "," + r.npi + "," + r.provider + "," +
            r.provider_id + "," + r.start + "," + r.end + "\n";
  }
  return text;
}

// Plans, and checks what must hold of every plan: it passes the rules, and applied, it changes
// nothing when planned again.
class Roster {
 public:
  explicit Roster(RosterMapping mapping) : mapping_(std::move(mapping)) {}

  RosterPlan Plan(const std::string& text, Date effective = kDay) {
    auto file = ReadRoster(text, "roster.csv", mapping_);
    if (!file.ok()) ADD_FAILURE() << StatusMessage(file.status());
    RosterPlan plan =
        PlanRoster(*file, mapping_, known_, effective, [this] { return PartyId(++last_id_); });
    for (const Finding& finding : CheckChange(known_, plan.change)) {
      ADD_FAILURE() << ProblemName(finding.problem) << ": " << finding.message;
    }
    return plan;
  }

  ImportCounts Apply(const std::string& text, Date effective = kDay) {
    const RosterPlan plan = Plan(text, effective);
    for (const Reject& reject : plan.rejects) ADD_FAILURE() << reject.ToString();
    known_ = Merge(known_, plan.change, known_.version + 1);
    const RosterPlan again = Plan(text, effective);
    EXPECT_TRUE(again.change.Empty());
    EXPECT_EQ(again.counts.Adds() + again.counts.Changes() + again.counts.Ends(), 0);
    return plan.counts;
  }

  std::vector<std::string> Rejects(const std::string& text) {
    std::vector<std::string> rejects;
    for (const Reject& reject : Plan(text).rejects) rejects.push_back(reject.ToString());
    return rejects;
  }
  HierarchySnapshot On(Date day) const { return known_.AsOf(day).value(); }
  const Knowledge& Known() const { return known_; }

 private:
  RosterMapping mapping_;
  Knowledge known_;
  std::int64_t last_id_ = 0;
};

Row Second() {
  Row row;
  row.npi = "1000000004";
  row.provider = "Dr. Birch";
  return row;
}

TEST(RosterPlan, ANewFileAddsEachPartyAndEdgeOnce) {
  Roster roster(Shipped("roster.toml"));
  const ImportCounts counts = roster.Apply(Text({Row(), Second()}));
  EXPECT_EQ(counts.parties_added, 4);
  EXPECT_EQ(counts.affiliations_added, 3);
  EXPECT_EQ(counts.Adds(), 7);
  const HierarchySnapshot graph = roster.On(kDay);
  const PartyId ash = graph.FindByIdentifier({IdentifierType::kNpi, "", "1234567893"}).value();
  EXPECT_EQ(graph.PathsFromRoots(ash).value().size(), 1u);
  EXPECT_EQ(graph.Find(ash)->name, "Dr. Ash");
}

// A provider who began before the file's day has an NPI from then on, so that the earlier days can
// be asked.
TEST(RosterPlan, WhatIsSaidOfANewPartyHoldsFromItsFirstAffiliation) {
  Roster roster(Shipped("roster.toml"));
  roster.Apply(Text({Row()}));
  const HierarchySnapshot graph = roster.On(MakeDate(2025, 3, 1));
  EXPECT_TRUE(graph.FindByIdentifier({IdentifierType::kNpi, "", "1234567893"}));
  EXPECT_FALSE(
      roster.On(MakeDate(2025, 2, 28)).FindByIdentifier({IdentifierType::kNpi, "", "1234567893"}));
}

TEST(RosterPlan, AProviderInTwoPracticesIsOneParty) {
  Roster roster(Shipped("roster.toml"));
  Row other;
  other.tin = "98-7654321";
  other.practice = "Oak Practice";
  other.aco = "S2";
  other.aco_name = "South ACO";
  const ImportCounts counts = roster.Apply(Text({Row(), other}));
  EXPECT_EQ(counts.parties_added, 5);
  EXPECT_EQ(counts.affiliations_added, 4);
}

TEST(RosterPlan, AnEndDateEndsTheSpanTheDayAfterIt) {
  Roster roster(Shipped("roster.toml"));
  roster.Apply(Text({Row()}));
  Row ended;
  ended.end = "2026-02-28";
  const ImportCounts counts = roster.Apply(Text({ended}));
  EXPECT_EQ(counts.affiliations_ended, 1);
  EXPECT_EQ(counts.Adds() + counts.Changes(), 0);
  const auto with = [&](Date day) { return roster.On(day).Edges().size(); };
  EXPECT_EQ(with(MakeDate(2026, 2, 28)), 2u);
  EXPECT_EQ(with(MakeDate(2026, 3, 1)), 1u);
  // A later end, or none, is a change.
  EXPECT_EQ(roster.Apply(Text({Row()})).affiliations_changed, 1);
}

TEST(RosterPlan, NamesAndAddressesChangeFromTheFilesDay) {
  Roster roster(Shipped("roster.toml"));
  roster.Apply(Text({Row()}));
  Row renamed;
  renamed.practice = "Elm & Oak Practice";
  const ImportCounts counts = roster.Apply(Text({renamed}), MakeDate(2026, 6, 1));
  EXPECT_EQ(counts.parties_changed, 1);
  EXPECT_EQ(counts.Changes(), 1);
  const PartyId practice =
      roster.On(kDay).FindByIdentifier({IdentifierType::kTin, "", "123456789"}).value();
  EXPECT_EQ(roster.On(MakeDate(2026, 5, 31)).Find(practice)->name, "Elm Practice");
  EXPECT_EQ(roster.On(MakeDate(2026, 6, 1)).Find(practice)->name, "Elm & Oak Practice");
}

TEST(RosterPlan, AnIdentifierThatWasMissingIsAdded) {
  Roster roster(Shipped("roster.toml"));
  roster.Apply(Text({Row()}));
  Row more;
  more.provider_id = "P-17";
  EXPECT_EQ(roster.Apply(Text({more})).identifiers_added, 1);
}

TEST(RosterPlan, AnOptionalPartyMayBeAbsent) {
  Roster roster(Shipped("roster.toml"));
  Row alone;
  alone.aco.clear();
  alone.aco_name.clear();
  const ImportCounts counts = roster.Apply(Text({alone}));
  EXPECT_EQ(counts.parties_added, 2);
  EXPECT_EQ(counts.affiliations_added, 1);
}

struct BadRow {
  std::string_view name;
  void (*spoil)(Row&);
  std::string_view want;
};

// feature:H05
TEST(RosterPlan, EachBadRowIsRejectedWithPlaceCodeAndReason) {
  const BadRow cases[] = {
      {"npi check digit", [](Row& r) { r.npi = "1234567898"; },
       "row 3 column 'provider_npi': BAD_IDENTIFIER: '1234567898' is not an NPI: the check digit"},
      {"npi missing", [](Row& r) { r.npi = ""; },
       "row 3 column 'provider_npi': MISSING_VALUE: the provider needs its npi"},
      {"tin", [](Row& r) { r.tin = "12345678"; },
       "row 3 column 'practice_tin': BAD_IDENTIFIER: the TIN is not an employer number"},
      {"practice npi", [](Row& r) { r.practice_npi = "12"; },
       "row 3 column 'practice_npi': BAD_IDENTIFIER"},
      {"name missing", [](Row& r) { r.provider = ""; },
       "row 3 column 'provider_name': MISSING_VALUE: the provider is new and needs a name"},
      {"name with a control character", [](Row& r) { r.provider = "Dr.\x01 Birch"; },
       "row 3 column 'provider_name': BAD_NAME"},
      {"state", [](Row& r) { r.state = "Wash"; }, "row 3: BAD_NAME: the state 'Wash'"},
      {"zip", [](Row& r) { r.zip = "9810"; }, "row 3: BAD_NAME: the postal code"},
      {"date form", [](Row& r) { r.start = "3/1/2025"; },
       "row 3 column 'start_date': BAD_DATE: '3/1/2025' is not a date of the form YYYY-MM-DD"},
      {"no such day", [](Row& r) { r.start = "2025-02-29"; },
       "row 3 column 'start_date': BAD_DATE"},
      {"end before start", [](Row& r) { r.end = "2025-02-27"; },
       "row 3 column 'end_date': EMPTY_RANGE"},
      {"other name of one practice", [](Row& r) { r.practice = "Oak Practice"; },
       "row 3 column 'practice_name': CONFLICTING_VALUE: the practice is called 'Oak Practice' "
       "here and 'Elm Practice' in row 2"},
      {"other address of one practice", [](Row& r) { r.zip = "98109"; },
       "row 3: CONFLICTING_VALUE: the address"},
      {"npi of another", [](Row& r) { r.practice_npi = "1234567893"; },
       "row 3 column 'practice_npi': IDENTIFIER_CONFLICT: npi 1234567893 belongs to Dr. Ash"},
      {"provider id of another", [](Row& r) { r.provider_id = "P-1"; },
       "row 3 column 'provider_id': IDENTIFIER_CONFLICT: payer_assigned P-1 (provider)"},
  };
  for (const BadRow& bad : cases) {
    Roster roster(Shipped("roster.toml"));
    Row first;
    first.provider_id = "P-1";
    Row second = Second();
    bad.spoil(second);
    const RosterPlan plan = roster.Plan(Text({first, second}));
    ASSERT_EQ(plan.rejects.size(), 1u) << bad.name;
    EXPECT_THAT(plan.rejects[0].ToString(), HasSubstr(bad.want)) << bad.name;
    // The row contributes nothing; the other one is planned.
    EXPECT_EQ(plan.counts.rows_rejected, 1) << bad.name;
    EXPECT_EQ(plan.counts.parties_added, 3) << bad.name;
    EXPECT_EQ(plan.counts.affiliations_added, 2) << bad.name;
  }
}

TEST(RosterPlan, ARowThatSaysNothingNewIsADuplicate) {
  Roster roster(Shipped("roster.toml"));
  EXPECT_THAT(roster.Rejects(Text({Row(), Second(), Row()})),
              ElementsAre(HasSubstr("row 4: DUPLICATE_ROW: row 2 says all of this")));
}

TEST(RosterPlan, OverlapsWithinTheFileAndWithWhatIsKnownAreRejected) {
  Roster roster(Shipped("roster.toml"));
  Row later;
  later.start = "2025-09-01";
  EXPECT_THAT(roster.Rejects(Text({Row(), later})),
              ElementsAre(AllOf(HasSubstr("row 3 column 'start_date': OVERLAPPING_AFFILIATION"),
                                HasSubstr("stated in row 2"), HasSubstr("Elm Practice"))));
  Row same_start;
  same_start.end = "2025-12-31";
  EXPECT_THAT(roster.Rejects(Text({Row(), same_start})),
              ElementsAre(HasSubstr("OVERLAPPING_AFFILIATION")));
  roster.Apply(Text({Row()}));
  EXPECT_THAT(roster.Rejects(Text({later})), ElementsAre(HasSubstr("is known from 2025-03-01")));
  // Ended first, the second span fits.
  Row ended;
  ended.end = "2025-08-31";
  const ImportCounts counts = roster.Apply(Text({ended, later}));
  EXPECT_EQ(counts.affiliations_ended, 1);
  EXPECT_EQ(counts.affiliations_added, 1);
}

TEST(RosterPlan, ASecondValueOfOneNumberingIsAConflict) {
  Roster roster(Shipped("roster.toml"));
  Row first;
  first.provider_id = "P-1";
  roster.Apply(Text({first}));
  Row second;
  second.provider_id = "P-2";
  EXPECT_THAT(
      roster.Rejects(Text({second})),
      ElementsAre(AllOf(HasSubstr("IDENTIFIER_CONFLICT"), HasSubstr("P-1"), HasSubstr("P-2"))));
}

constexpr std::string_view kNetworks = R"(
name = "networks"
[[party]]
name = "upper"
kind = "ipa"
name_column = "upper"
key = "payer_assigned"
key_scope = "network"
key_column = "upper"
[[party]]
name = "lower"
kind = "ipa"
name_column = "lower"
key = "payer_assigned"
key_scope = "network"
key_column = "lower"
[[affiliation]]
parent = "upper"
child = "lower"
role = "member"
from = 2026-01-01
to_column = "last_day"
complete = true
)";

Roster Networks() { return Roster(ParseRosterMapping(kNetworks, "networks.toml").value()); }

TEST(RosterPlan, TheRowThatClosesACycleIsRejectedWithThePath) {
  Roster roster = Networks();
  const std::string text = "upper,lower,last_day\nA,B,\nB,C,\nX,Y,\nC,A,\n";
  EXPECT_THAT(roster.Rejects(text),
              ElementsAre(AllOf(HasSubstr("row 5: CYCLE: on 2026-01-01"), HasSubstr("C (pty_"),
                                HasSubstr(" > A (pty_"), HasSubstr(" > B (pty_"))));
  EXPECT_THAT(roster.Rejects("upper,lower,last_day\nA,A,\n"),
              ElementsAre(HasSubstr("row 2: CYCLE")));
}

TEST(RosterPlan, ACycleWithWhatIsKnownIsRejected) {
  Roster roster = Networks();
  roster.Apply("upper,lower,last_day\nA,B,\nB,C,\n");
  EXPECT_THAT(roster.Rejects("upper,lower,last_day\nC,D,\nD,A,\n"),
              ElementsAre(HasSubstr("row 3: CYCLE")));
  // What ends before the file's edge begins closes nothing.
  EXPECT_THAT(roster.Plan("upper,lower,last_day\nC,A,2026-03-31\n").rejects.size(), 1u);
}

TEST(RosterPlan, WhatACompleteFileLeavesOutEndsOnItsDay) {
  Roster roster = Networks();
  roster.Apply("upper,lower,last_day\nA,B,\nA,C,\nX,Y,\n");
  const ImportCounts counts = roster.Apply("upper,lower,last_day\nA,B,\n", MakeDate(2026, 7, 1));
  EXPECT_EQ(counts.affiliations_ended, 1);
  EXPECT_EQ(roster.On(MakeDate(2026, 6, 30)).Edges().size(), 3u);
  // X is not in the file, so nothing is said of its children.
  EXPECT_EQ(roster.On(MakeDate(2026, 7, 1)).Edges().size(), 2u);
}

// The rejected row might be the one that is missing.
TEST(RosterPlan, NothingEndsByAbsenceWhenARowIsRejected) {
  Roster roster = Networks();
  roster.Apply("upper,lower,last_day\nA,B,\nA,C,\n");
  const RosterPlan plan =
      roster.Plan("upper,lower,last_day\nA,B,\nA,D,nonsense\n", MakeDate(2026, 7, 1));
  EXPECT_EQ(plan.rejects.size(), 1u);
  EXPECT_EQ(plan.counts.affiliations_ended, 0);
}

constexpr std::string_view kParticipants =
    "aco_id,aco_name,participant_org\r\n"
    "A1,One,SWEDISH HEALTH\r\n"
    "A1,One,Swedish Health\r\n"
    "A2,Two,\"Swedish  health\"\r\n"
    "A2,Two,OTHER\r\n";

TEST(RosterPlan, ANameAndItsOccurrenceUnderOneParentAreAKey) {
  Roster roster(Shipped("aco_participants.toml"));
  const ImportCounts counts = roster.Apply(std::string(kParticipants));
  EXPECT_EQ(counts.parties_added, 5);  // 2 ACOs, the first and second Swedish, Other
  EXPECT_EQ(counts.affiliations_added, 4);
  const HierarchySnapshot graph = roster.On(kDay);
  const auto first =
      graph.FindByIdentifier({IdentifierType::kNameKey, "mssp_participant", "SWEDISH HEALTH#1"});
  EXPECT_EQ(graph.Parents(first.value()).size(), 2u);
  EXPECT_EQ(graph.Find(*first)->name, "SWEDISH HEALTH");
}

TEST(ReadRoster, AFileThatIsNotWellFormedIsRefusedAsAWhole) {
  const RosterMapping aco = Shipped("aco_participants.toml");
  const RosterMapping plain = Shipped("roster.toml");
  const std::string good(kParticipants);
  const struct {
    std::string text;
    const RosterMapping& mapping;
    std::string_view want;
  } cases[] = {
      {good.substr(0, good.size() - 5), aco, "was cut"},
      {good.substr(0, 40), aco, "was cut"},
      {good + "A2,Two\r\n", aco, "row 6"},
      {good + "A2,Two,\"Oth\r\n", aco, "row 6"},
      {good + "A2,Two,Cl\xc3\xadnica\r\n", aco, "line 6: a byte that is not ASCII"},
      {Text({Row()}) + "\xff\xfe,\n", plain, "invalid_utf8"},
      {"aco_id,aco_name\r\nA1,One\r\n", aco, "participant_org"},
      {"", plain, "empty_file"},
      {std::string("\xff\xfe"
                   "a\0",
                   4),
       plain, "encoding"},
  };
  for (const auto& bad : cases) {
    const auto file = ReadRoster(bad.text, "bad.csv", bad.mapping);
    ASSERT_FALSE(file.ok()) << bad.want;
    EXPECT_THAT(StatusMessage(file.status()), AllOf(HasSubstr("bad.csv"), HasSubstr(bad.want)));
  }
}

TEST(RosterMapping, AFaultNamesThePlaceAndWhatIsExpected) {
  const struct {
    std::string_view from;
    std::string_view to;
    std::string_view want;
  } cases[] = {
      {"kind = \"ipa\"", "kind = \"ipo\"", "'ipo' is not a kind of party; use one of payer, aco"},
      {"key = \"payer_assigned\"", "key = \"payer\"", "not a type of identifier"},
      {"key_column = \"upper\"", "key_colum = \"upper\"", "key_colum"},
      {"key_column = \"upper\"", "", "party 'upper' needs a key_column"},
      {"key_scope = \"network\"", "", "needs a scope"},
      {"parent = \"upper\"", "parent = \"uper\"", "'uper', which is no party"},
      {"parent = \"upper\"", "parent = \"lower\"", "both ends"},
      {"role = \"member\"", "role = \"Member\"", "is not a role"},
      {"role = \"member\"", "", "role"},
      {"from = 2026-01-01", "from = 2026-02-30", "networks.toml:"},
      {"name = \"lower\"", "name = \"upper\"", "'upper' is there twice"},
      {"name = \"networks\"", "date_format = \"DD.MM.YYYY\"", "date_format"},
  };
  for (const auto& bad : cases) {
    std::string text(kNetworks);
    text.replace(text.find(bad.from), bad.from.size(), bad.to);
    const auto mapping = ParseRosterMapping(text, "networks.toml");
    ASSERT_FALSE(mapping.ok()) << bad.to;
    EXPECT_THAT(StatusMessage(mapping.status()),
                AllOf(HasSubstr("networks.toml"), HasSubstr(bad.want)));
  }
}

}  // namespace
}  // namespace sluice::hierarchy
