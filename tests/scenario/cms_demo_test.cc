// The settlement of 2024 as CMS published it: 476 ACOs, each award to the dollar, each split over
// the ACO's real participants to the cent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "api/demo/demo_source.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/program_service.h"
#include "tests/scenario/sluice_program.h"
#include "tests/support/shared_data.h"
#include "tests/support/test_database.h"

namespace sluice::testing {
namespace {

using ::testing::HasSubstr;

bool HasData() {
  return HasShared("data/mssp_puf/PY2024.csv") &&
         HasShared("data/aco_participants/mssp_aco_participants_PY2026.csv");
}

// The ACO keeps 33 %; half a cent is rounded up to it. The rest is divided equally,
// and the cents left over go to the lowest ids.
void ExpectSplit(std::int64_t cents, std::vector<PartyId> participants,
                 const std::vector<performance::SplitShare>& shares) {
  ASSERT_EQ(shares.size(), participants.size() + 1);
  const std::int64_t hundredths = cents % 100 * 33 % 100;
  const std::int64_t kept = cents / 100 * 33 + cents % 100 * 33 / 100 + (hundredths >= 50 ? 1 : 0);
  EXPECT_EQ(shares.front().amount.Cents(), kept);
  std::sort(participants.begin(), participants.end());
  const auto count = static_cast<std::int64_t>(participants.size());
  const std::int64_t rest = cents - kept;
  for (std::int64_t i = 0; i < count; ++i) {
    const performance::SplitShare& share = shares[static_cast<std::size_t>(i) + 1];
    EXPECT_EQ(share.party, participants[static_cast<std::size_t>(i)]);
    EXPECT_EQ(share.amount.Cents(), rest / count + (i < rest % count ? 1 : 0));
  }
}

// What the demo does up to the award, with the same source and services.
class CmsSettlement : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasData()) GTEST_SKIP() << kNoSharedData;
    const Status done = Settle();
    ASSERT_TRUE(done.ok()) << StatusMessage(done);
  }

  Status Settle() {
    ASSIGN_OR_RETURN(source_, demo::MakeCmsSource(SharedPath("data"), 2026));
    const PayerId payer = db_.NewPayer("Medicare Shared Savings Demo");
    const pg::Database database = db_.App().ForPayer(payer);
    const demo::DemoContext context{.database = database,
                                    .payer = payer,
                                    .clock = db_.Clock(),
                                    .ids = db_.Ids(),
                                    .inbox = ""};
    RETURN_IF_ERROR(source_->Onboard(context).status());
    const hierarchy::HierarchyService hierarchies(database, db_.Clock());
    ASSIGN_OR_RETURN(snapshot_,
                     hierarchies.Snapshot(payer, {.day = source_->HierarchyDay(), .known_at = {}}));
    ASSIGN_OR_RETURN(std::vector<demo::DemoProgram> programs,
                     source_->Programs(context, snapshot_));
    demo::DemoProgram& plan = programs.front();
    plan.program.book = db_.Ids().Next<BookTag>();
    plan.program.created_at = db_.Clock().Now();
    performance::ProgramService service(database, db_.Clock(), db_.Ids());
    RETURN_IF_ERROR(service.CreateProgram(plan.program));
    RETURN_IF_ERROR(service.CreateContracts(plan.contracts));
    RETURN_IF_ERROR(service.AddTerms(plan.terms).status());
    const demo::DemoCycle& cycle = plan.cycles.front();
    ASSIGN_OR_RETURN(const std::vector<performance::FactSet> facts,
                     source_->Facts(context, plan, cycle));
    RETURN_IF_ERROR(service.RecordFacts(facts, source_->FactsSource()).status());
    ASSIGN_OR_RETURN(
        summary_,
        service.Calculate({.program = plan.program.id,
                           .dates = {.period = cycle.period, .pay_date = source_->BusinessDate()},
                           .known_at = std::nullopt,
                           .progress = {}},
                          snapshot_));
    ASSIGN_OR_RETURN(awards_, service.Awards(plan.program.id, cycle.period));
    std::vector<performance::AwardKey> keys;
    for (const performance::StoredAward& award : awards_) {
      keys.push_back({award.contract, award.award, award.version});
    }
    ASSIGN_OR_RETURN(const std::vector<performance::StoredShare> shares, service.Shares(keys));
    for (const performance::StoredShare& share : shares) {
      shares_[share.contract].push_back(share.share);
    }
    return OkStatus();
  }

  std::vector<PartyId> ParticipantsOf(PartyId aco) const {
    std::vector<PartyId> parties;
    for (const hierarchy::SnapshotEdge& edge : snapshot_.Edges()) {
      if (edge.parent == aco) parties.push_back(edge.child);
    }
    return parties;
  }

  TestDatabase db_;
  std::unique_ptr<demo::DemoSource> source_;
  hierarchy::HierarchySnapshot snapshot_;
  performance::CalculationSummary summary_;
  std::vector<performance::StoredAward> awards_;
  std::map<ContractId, std::vector<performance::SplitShare>> shares_;
};

// One test: the set-up imports 15,370 affiliations and settles 476 contracts.
TEST_F(CmsSettlement, EachAwardAndEachSplitIsExact) {
  EXPECT_EQ(summary_.contracts, 476);
  EXPECT_EQ(summary_.blocked, 0);
  std::map<ContractId, const performance::StoredAward*> awards;
  for (const performance::StoredAward& award : awards_) awards[award.contract] = &award;

  const std::vector<demo::PublishedAward> published = source_->Published();
  ASSERT_EQ(published.size(), 476U);
  int equal = 0;
  int split = 0;
  for (const demo::PublishedAward& expected : published) {
    SCOPED_TRACE(expected.holder);
    ASSERT_TRUE(awards.contains(expected.contract));
    const performance::StoredAward& award = *awards.at(expected.contract);
    const Exact difference = Abs(Exact(award.amount) - expected.earned);
    if (difference <= Exact(Money::FromCents(100))) {
      ++equal;
    } else {
      EXPECT_LE(difference, expected.tolerance) << "beyond what the printed inputs allow";
    }
    const std::vector<PartyId> participants = ParticipantsOf(award.party);
    if (award.payable > Money() && !participants.empty()) {
      ++split;
      ExpectSplit(award.payable.Cents(), participants, shares_.at(award.contract));
    } else {
      // Nobody below, nothing to divide, or a loss, which stays with the ACO.
      ASSERT_TRUE(shares_.contains(award.contract));
      EXPECT_EQ(shares_.at(award.contract).front().amount, award.payable);
    }
  }
  EXPECT_GE(equal, 474);
  EXPECT_GT(split, 250);
}

// Statements for eleven thousand payees take minutes in a build for debugging, so that the whole
// program is run by the optimized build; what lies above is checked by every build.
TEST(CmsDemo, TheWholeCycleIsPaidAndVerified) {
  if (!HasData()) GTEST_SKIP() << kNoSharedData;
#ifndef NDEBUG
  GTEST_SKIP() << "skipped: runs in the release build";
#endif
  const TempDir temp;
  const Outcome demo = RunSluice({"demo", "--data", SharedPath("data"), "--out", temp.Path("out"),
                                  "--data-dir", temp.Path("data")});
  ASSERT_EQ(demo.exit_code, 0) << demo.All();
  EXPECT_THAT(demo.out, HasSubstr("Compared with what was published: 476 awards, "));
  EXPECT_THAT(demo.out, HasSubstr("ABOVE_ACH_LIMIT"));
  const Outcome files = RunSluice({"verify-files", temp.Path("out")});
  EXPECT_EQ(files.exit_code, 0) << files.All();
  const Outcome ledger = RunSluice({"ledger", "verify", "--data-dir", temp.Path("data")});
  EXPECT_EQ(ledger.exit_code, 0) << ledger.All();
}

}  // namespace
}  // namespace sluice::testing
