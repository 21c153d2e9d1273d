// Importing roster files into a real database, the real list of ACO participants among them.
#include "hierarchy/roster_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "hierarchy/hierarchy_service.h"
#include "tests/support/shared_data.h"
#include "tests/support/test_database.h"

namespace sluice::hierarchy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kDay = MakeDate(2026, 1, 1);
constexpr std::string_view kParticipants = "data/aco_participants/mssp_aco_participants_PY2026.csv";

class RosterServiceTest : public ::testing::Test {
 protected:
  RosterServiceTest()
      : payer_(db_.NewPayer("Plan")),
        mapping_(LoadRosterMapping("deploy/config/aco_participants.toml").value()),
        service_(db_.App(), db_.Clock(), db_.Ids()),
        hierarchy_(db_.App(), db_.Clock()) {}

  StatusOr<ImportReport> Import(const std::string& text, const ImportOptions& options = {}) {
    return service_.ImportText(payer_, text, "list.csv", mapping_, options);
  }
  HierarchySnapshot Snapshot() { return hierarchy_.Snapshot(payer_, {kDay, {}}).value(); }
  std::int64_t ImportsLogged() {
    return db_.Admin()
        .Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
          return tx
              .Query({"count_imports",
                      "SELECT count(*) FROM hierarchy.roster_import "
                      "WHERE payer_id = $1"},
                     payer_)
              .One<std::int64_t>();
        })
        .value();
  }

  testing::TestDatabase db_;
  PayerId payer_;
  RosterMapping mapping_;
  RosterService service_;
  HierarchyService hierarchy_;
};

const std::string kSmall =
    "aco_id,aco_name,participant_org\r\n"
    "A1,One,Swedish\r\n"
    "A1,One,Swedish\r\n"
    "A2,Two,SWEDISH\r\n";

// feature:H05
TEST_F(RosterServiceTest, ADryRunCountsWhatTheImportDoesAndWritesNothing) {
  const auto dry = Import(kSmall, {.dry_run = true});
  ASSERT_TRUE(dry.ok()) << StatusMessage(dry.status());
  EXPECT_FALSE(dry->applied);
  EXPECT_THAT(Snapshot().Parties(), IsEmpty());
  EXPECT_EQ(ImportsLogged(), 0);
  const auto wet = Import(kSmall);
  ASSERT_TRUE(wet.ok()) << StatusMessage(wet.status());
  EXPECT_EQ(wet->counts, dry->counts);
  EXPECT_EQ(wet->counts.parties_added, 4);
  EXPECT_EQ(wet->counts.affiliations_added, 3);
  EXPECT_EQ(wet->version, 1);
  EXPECT_THAT(Snapshot().Edges(), SizeIs(3));
}

TEST_F(RosterServiceTest, ImportingAgainChangesNothingAndIsLogged) {
  ASSERT_TRUE(Import(kSmall).ok());
  const auto again = Import(kSmall);
  EXPECT_EQ(again->counts.Adds() + again->counts.Changes() + again->counts.Ends(), 0);
  EXPECT_EQ(again->version, 1);
  EXPECT_EQ(ImportsLogged(), 2);
}

// feature:H05
TEST_F(RosterServiceTest, ARejectedRowRefusesTheFileUnlessAllowed) {
  const std::string text = kSmall + "A3,Three,\r\nA4,Four,Elm\r\n";
  const auto refused = Import(text);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(refused.status()),
              AllOf(HasSubstr("list.csv: nothing was applied"),
                    HasSubstr("row 5 column 'participant_org': MISSING_VALUE")));
  EXPECT_THAT(Snapshot().Parties(), IsEmpty());

  const auto dry = Import(text, {.dry_run = true});
  ASSERT_TRUE(dry.ok());
  EXPECT_THAT(dry->rejects, SizeIs(1));
  EXPECT_THAT(dry->ToText(), HasSubstr("rejects 1"));

  const auto allowed = Import(text, {.allow_rejects = true});
  ASSERT_TRUE(allowed.ok());
  EXPECT_EQ(allowed->counts.rows_rejected, 1);
  EXPECT_THAT(Snapshot().Edges(), SizeIs(4));
}

TEST_F(RosterServiceTest, ABrokenFileIsRefusedEvenWhereRejectsAreAllowed) {
  for (const std::string& text :
       {kSmall.substr(0, kSmall.size() - 4), kSmall + "A3,Three\r\n", kSmall + "A3,\xff,B\r\n",
        std::string("aco_id,participant_org\r\nA1,B\r\n")}) {
    EXPECT_FALSE(Import(text, {.allow_rejects = true}).ok());
  }
  EXPECT_THAT(Snapshot().Parties(), IsEmpty());
  EXPECT_EQ(ImportsLogged(), 0);
}

TEST_F(RosterServiceTest, AFileThatIsNotThereIsNamed) {
  const auto missing = service_.Import(payer_, "no/such/roster.csv", mapping_, {});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(StatusMessage(missing.status()), HasSubstr("no/such/roster.csv"));
  EXPECT_EQ(service_.Import(payer_, ".", mapping_, {}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(RosterServiceTest, AParticipantThatIsNoLongerListedEndsAndStaysKnown) {
  const auto first = Import(kSmall);
  const Instant known_at = db_.Clock().Now();
  db_.Clock().AdvanceMicros(1);
  const auto next = Import("aco_id,aco_name,participant_org\r\nA1,One,Swedish\r\n",
                           {.effective = MakeDate(2026, 7, 1)});
  ASSERT_TRUE(next.ok()) << StatusMessage(next.status());
  EXPECT_EQ(next->counts.affiliations_ended, 1);
  const AsOf july{MakeDate(2026, 7, 1), std::nullopt};
  EXPECT_THAT(hierarchy_.Snapshot(payer_, july)->Edges(), SizeIs(2));
  EXPECT_THAT(hierarchy_.Snapshot(payer_, {july.day, known_at})->Edges(), SizeIs(3));
}

TEST_F(RosterServiceTest, TheRealListOfAcoParticipants) {
  if (!testing::HasShared(kParticipants)) GTEST_SKIP() << testing::kNoSharedData;
  const std::string path = testing::SharedPath(kParticipants);
  const auto dry = service_.Import(payer_, path, mapping_, {.dry_run = true});
  ASSERT_TRUE(dry.ok()) << StatusMessage(dry.status());
  const auto start = std::chrono::steady_clock::now();
  const auto report = service_.Import(payer_, path, mapping_, {});
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(report.ok()) << StatusMessage(report.status());
  std::cout << "import of the list: "
            << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms, "
            << report->ToText();
  EXPECT_EQ(report->counts, dry->counts);
  EXPECT_EQ(report->counts.rows, 15'370);
  EXPECT_EQ(report->counts.affiliations_added, 15'370);
  EXPECT_THAT(report->rejects, IsEmpty());

  const HierarchySnapshot graph = Snapshot();
  EXPECT_THAT(graph.Edges(), SizeIs(15'370));
  std::map<std::size_t, int> by_parents;
  std::int64_t acos = 0;
  int surplus = 0;
  std::map<std::string, int> repeated;  // pairs of one ACO and one name
  for (const SnapshotParty& party : graph.Parties()) {
    acos += party.kind == PartyKind::kAco ? 1 : 0;
    if (party.kind != PartyKind::kPractice) continue;
    const std::string& key = party.identifiers.at(0).value;
    const auto parents = graph.Parents(party.id);
    if (key.ends_with("#1")) ++by_parents[parents.size()];
    if (key.ends_with("#1")) continue;
    surplus += static_cast<int>(parents.size());
    for (const SnapshotEdge& edge : parents) {
      ++repeated[edge.parent.ToString() + key.substr(0, key.rfind('#'))];
    }
  }
  EXPECT_EQ(acos, 511);
  EXPECT_EQ(by_parents, (std::map<std::size_t, int>{{1, 15'232}, {2, 39}, {3, 5}}));
  EXPECT_EQ(surplus, 45);
  EXPECT_THAT(repeated, SizeIs(25));
  const auto a1001 = graph.FindByIdentifier({IdentifierType::kPayerAssigned, "cms_aco", "A1001"});
  EXPECT_THAT(graph.Children(a1001.value()), SizeIs(823));

  const auto again = service_.Import(payer_, path, mapping_, {});
  ASSERT_TRUE(again.ok()) << StatusMessage(again.status());
  EXPECT_EQ(again->counts.Adds() + again->counts.Changes() + again->counts.Ends(), 0);
  EXPECT_EQ(again->version, 1);
  EXPECT_EQ(Snapshot().Hash(), graph.Hash());
}

// The last statement of the change fails after parties, names and identifiers were written.
TEST_F(RosterServiceTest, AFailureInTheMiddleLeavesNothing) {
  const auto as_admin = [&](const char* statement) {
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) {
      tx.RunScript(statement);
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << StatusMessage(status);
  };
  as_admin("REVOKE INSERT ON hierarchy.affiliation FROM sluice_app");
  EXPECT_FALSE(Import(kSmall).ok());
  EXPECT_THAT(Snapshot().Parties(), IsEmpty());
  EXPECT_EQ(Snapshot().Header().version, 0);
  as_admin("GRANT INSERT ON hierarchy.affiliation TO sluice_app");
  EXPECT_TRUE(Import(kSmall).ok());
  EXPECT_THAT(Snapshot().Edges(), SizeIs(3));
}

}  // namespace
}  // namespace sluice::hierarchy
