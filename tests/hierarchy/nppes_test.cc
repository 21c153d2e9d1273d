// The national provider file as a roster: the mapping that we ship, on invented rows in its layout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "hierarchy/roster_plan.h"

namespace sluice::hierarchy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kDay = MakeDate(2026, 1, 1);

RosterMapping Load(const std::string& name) {
  auto mapping = LoadRosterMapping("deploy/config/" + name);
  if (!mapping.ok()) ADD_FAILURE() << StatusMessage(mapping.status());
  return *std::move(mapping);
}

// Quoted throughout, as the real file is, with some of its other columns.
constexpr std::string_view kHeader =
    R"x("NPI","Entity Type Code","Replacement NPI",)x"
    R"x("Provider Organization Name (Legal Business Name)",)x"
    R"x("Provider Last Name (Legal Name)","Provider First Name","Provider Middle Name",)x"
    R"x("Provider First Line Business Practice Location Address",)x"
    R"x("Provider Second Line Business Practice Location Address",)x"
    R"x("Provider Business Practice Location Address City Name",)x"
    R"x("Provider Business Practice Location Address State Name",)x"
    R"x("Provider Business Practice Location Address Postal Code","NPI Deactivation Date")x"
    "\n";
constexpr std::string_view kAsh =
    R"x("1234567893","1","","","ASH","ROBIN","Q","1 ELM ST","","SEATTLE","WA","981010042","")x"
    "\n";
constexpr std::string_view kElm =
    R"x("1000000004","2","","ELM PRACTICE","","","","1 ELM ST","SUITE 2",)x"
    R"x("SEATTLE","WA","98101","")x"
    "\n";
constexpr std::string_view kDeactivated =
    R"x("1588000000","","","","","","","","","","","","03/04/2020")x"
    "\n";

class Graph {
 public:
  RosterPlan Apply(const RosterMapping& mapping, const std::string& text) {
    auto file = ReadRoster(text, "file.csv", mapping);
    if (!file.ok()) ADD_FAILURE() << StatusMessage(file.status());
    RosterPlan plan =
        PlanRoster(*file, mapping, known_, kDay, [this] { return PartyId(++last_id_); });
    EXPECT_THAT(CheckChange(known_, plan.change), IsEmpty());
    known_ = Merge(known_, plan.change, known_.version + 1);
    return plan;
  }
  HierarchySnapshot Today() const { return known_.AsOf(kDay).value(); }

 private:
  Knowledge known_;
  std::int64_t last_id_ = 0;
};

std::string RosterText(const std::string& provider, const std::string& practice) {
  return "aco_id,aco_name,practice_tin,practice_name,practice_npi,address,city,state,zip,"
         "provider_npi,provider_name,provider_id,start_date,end_date\n"
         "N1,North ACO,12-3456789," +
         practice + ",1000000004,1 ELM ST,SEATTLE,WA,98101,1234567893," + provider +
         ",,2025-03-01,\n";
}

// feature:H05
TEST(Nppes, PersonsAndOrganizationsAndNoDeactivatedNumber) {
  Graph graph;
  const RosterPlan plan =
      graph.Apply(Load("nppes.toml"), std::string(kHeader) + std::string(kAsh) + std::string(kElm) +
                                          std::string(kDeactivated));
  EXPECT_THAT(plan.rejects, IsEmpty());
  EXPECT_EQ(plan.counts.rows, 3);
  EXPECT_EQ(plan.counts.parties_added, 2);
  const HierarchySnapshot snapshot = graph.Today();
  ASSERT_THAT(snapshot.Parties(), SizeIs(2));
  EXPECT_EQ(snapshot.Parties()[0].name, "ROBIN ASH");
  EXPECT_EQ(snapshot.Parties()[0].kind, PartyKind::kProvider);
  EXPECT_EQ(snapshot.Parties()[1].name, "ELM PRACTICE");
  EXPECT_EQ(snapshot.Parties()[1].kind, PartyKind::kPractice);
  ASSERT_THAT(plan.change.details, SizeIs(2));
  EXPECT_EQ(plan.change.details[0].address.postal_code, "98101-0042");
  EXPECT_EQ(plan.change.details[1].address.line2, "SUITE 2");
}

// feature:H05
TEST(Nppes, ARosterAndTheNationalFileGiveTheSameGraphInEitherOrder) {
  const RosterMapping nppes = Load("nppes.toml");
  const RosterMapping roster = Load("roster.toml");
  const std::string national = std::string(kHeader) + std::string(kAsh) + std::string(kElm);
  const std::string own = RosterText("ROBIN ASH", "ELM PRACTICE");

  Graph roster_first;
  roster_first.Apply(roster, own);
  const auto parties = roster_first.Today().Parties().size();
  const RosterPlan checked = roster_first.Apply(nppes, national);
  EXPECT_THAT(checked.rejects, IsEmpty());
  EXPECT_EQ(checked.counts.parties_added, 0) << "the NPI is the key: nobody is doubled";
  EXPECT_EQ(roster_first.Today().Parties().size(), parties);

  Graph national_first;
  national_first.Apply(nppes, national);
  const RosterPlan added = national_first.Apply(roster, own);
  // The roster knows the practice by its TIN, which the national file does not have: who is who is
  // for people to decide, and the row says so.
  ASSERT_THAT(added.rejects, SizeIs(1));
  EXPECT_EQ(added.rejects[0].code, RejectCode::kIdentifierConflict);
}

TEST(Nppes, ABadNumberRejectsItsRowAlone) {
  Graph graph;
  std::string bad(kAsh);
  bad.replace(bad.find("1234567893"), 10, "1234567898");
  const RosterPlan plan =
      graph.Apply(Load("nppes.toml"), std::string(kHeader) + bad + std::string(kElm));
  ASSERT_THAT(plan.rejects, SizeIs(1));
  EXPECT_EQ(plan.rejects[0].row, 2);
  EXPECT_EQ(plan.rejects[0].column, "NPI");
  EXPECT_EQ(plan.counts.parties_added, 1);
}

TEST(RosterMapping, AConditionNeedsItsColumnAndItsValue) {
  const auto mapping = ParseRosterMapping(R"(name = "half"
[[party]]
name = "provider"
kind = "provider"
when_column = "type"
name_columns = ["first", "last"]
key = "npi"
key_column = "npi"
)",
                                          "half.toml");
  ASSERT_FALSE(mapping.ok());
  EXPECT_THAT(StatusMessage(mapping.status()), ::testing::HasSubstr("when_value"));
}

}  // namespace
}  // namespace sluice::hierarchy
