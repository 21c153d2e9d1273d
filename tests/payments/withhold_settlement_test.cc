// Settlements of withholds as a service calls them: from stored awards and terms, by date.
#include "payments/withhold_settlement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hierarchy/hierarchy_service.h"
#include "payments/award_collector.h"
#include "payments/withheld_balance_source.h"
#include "performance/program_run/program_run.h"
#include "performance/program_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using performance::Contract;
using performance::Facts;
using performance::ForfeitTo;
using performance::Terms;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DateRange kYear = DateRange::Year(2025);

class WithholdSettlementTest : public RunFixture {
 protected:
  WithholdSettlementTest() : RunFixture("qip") {}

  void SetUp() override {
    RunFixture::SetUp();
    programs_ = std::make_unique<performance::ProgramService>(database(), db_.Clock(), db_.Ids());
    hierarchy::HierarchyService hierarchies(database(), db_.Clock());
    hierarchy::ChangeSet change;
    for (const std::int64_t party : {1, 2}) {
      change.AddParty({.id = PartyId(party), .kind = hierarchy::PartyKind::kPractice},
                      "Practice " + std::to_string(party), MakeDate(2020, 1, 1), {});
    }
    ASSERT_TRUE(hierarchies.Apply(payer_, change, {.source = "test"}).ok());
    Fund(Dollars(1'000));
  }
  pg::Database database() { return db_.App().ForPayer(payer_); }
  void Tick() { db_.Clock().AdvanceMicros(1'000'000); }

  // A settlement of what was withheld: the share of it that the score earns is released.
  static Terms Settlement(ForfeitTo to) {
    Terms terms{.title = "Release by score"};
    terms.components = {
        {.rule = performance::Basis{.kind = performance::WithheldBalance{},
                                    .zero_reason = performance::ReasonCode::kPoolEmpty},
         .clause = "6.1"},
        {.rule =
             performance::RateComponent{
                 .cases = {{.rule = performance::RateTimesScore{.maximum = Rate::FromPercent(100),
                                                                .score_fact = "score"}}},
                 .otherwise = performance::ReasonCode::kScoreZero},
         .clause = "6.2"},
        {.rule = performance::RoundingRule{}, .clause = "6.3"}};
    terms.payment_withhold = performance::Withhold{
        .rate = Rate::FromPercent(5), .released_by = "the score", .forfeit_to = to};
    return terms;
  }
  ContractId AddContract(std::int64_t party, const Terms& terms) {
    const Contract contract{.id = db_.Ids().Next<ContractTag>(),
                            .payer = payer_,
                            .program = program_.program,
                            .party = PartyId(party),
                            .effective = kYear};
    EXPECT_TRUE(programs_->CreateContracts({&contract, 1}).ok());
    const performance::NewTerms version{
        .contract = contract.id, .effective = kYear, .terms = terms};
    const auto added = programs_->AddTerms({&version, 1});
    EXPECT_TRUE(added.ok()) << added.status();
    Tick();
    return contract.id;
  }
  void Record(ContractId contract, Facts facts) {
    Tick();
    const performance::FactSet set{
        .contract = contract, .period = kYear, .facts = std::move(facts)};
    ASSERT_TRUE(programs_->RecordFacts({&set, 1}, "test").ok());
    Tick();
  }
  // Payments of the year from which these were withheld.
  void Withheld(const std::vector<std::pair<std::int64_t, Money>>& of_party) {
    std::vector<AwardToPay> awards;
    for (const auto& [party, withheld] : of_party) {
      awards.push_back(Award(party, {{party, Dollars(100)}}, withheld));
    }
    Finish(Approved(awards, static_cast<std::int32_t>(++runs_)));
  }
  void Finish(RunId run) {
    const auto releases = Releases();
    const Status released = releases->Release(run, kService);
    ASSERT_TRUE(released.ok()) << released;
    ASSERT_TRUE(releases->PostSettlement(run, MakeDate(2026, 10, 2), kService).ok());
    ASSERT_TRUE(releases->Close(run, kFirst).ok());
  }
  // The awards of the year, from the book's withholds.
  void RunProgram() {
    Tick();
    performance::ProgramRun run(db_.App(), payer_, db_.Clock(), db_.Ids());
    run.AddSource(std::make_unique<WithheldBalanceSource>(program_.book));
    const auto summary = run.Run({.program = program_.program,
                                  .dates = {.period = kYear, .pay_date = kBusinessDate},
                                  .actor = "test"});
    ASSERT_TRUE(summary.ok()) << summary.status();
    Tick();
  }
  UnearnedWithholds Forfeit() {
    const auto unearned = Service().ForfeitUnearned(kYear, kBusinessDate, kMaker.user);
    EXPECT_TRUE(unearned.ok()) << unearned.status();
    return unearned.value_or(UnearnedWithholds{});
  }
  WithholdSettlement Service() {
    return WithholdSettlement(db_.App(), program_, db_.Clock(), db_.Ids());
  }
  Money Reserve(PayeeId payee) { return Balance(WithholdReserveAccount(payee, 2025)); }
  Money Pool() { return Balance(PoolAccount(program_.pool.id)); }

  std::unique_ptr<performance::ProgramService> programs_;
  std::int64_t runs_ = 0;
};

// 10.00 and 6.00 were withheld; scores of 80 % and 25 %. One contract forfeits to the pool, the
// other to the payer. What is left is released by the cycle, and the reserves are empty.
TEST_F(WithholdSettlementTest, WhatAwardsDoNotEarnLeavesTheReservesAsEachContractSays) {
  const PayeeId first = AddPaidPayee(1);
  const PayeeId second = AddPaidPayee(2);
  Withheld({{1, Dollars(10)}, {2, Dollars(6)}});
  const ContractId to_pool = AddContract(1, Settlement(ForfeitTo::kPool));
  const ContractId to_payer = AddContract(2, Settlement(ForfeitTo::kPayer));
  Record(to_pool, Facts().SetRatio("score", Ratio(4, 5)));

  // The second has no score yet: it is blocked and nothing is decided about its money.
  RunProgram();
  const Money pool = Pool();
  const UnearnedWithholds early = Forfeit();
  EXPECT_EQ(early.total, Dollars(2));
  EXPECT_EQ(early.blocked, 1);
  EXPECT_EQ(Reserve(first), Dollars(8));
  EXPECT_EQ(Reserve(second), Dollars(6));
  EXPECT_EQ(Pool(), pool + Dollars(2));

  Record(to_payer, Facts().SetRatio("score", Ratio(1, 4)));
  RunProgram();
  for (int i = 0; i < 2; ++i) {
    const UnearnedWithholds all = Forfeit();
    EXPECT_EQ(all.total, Dollars(2) + Money::FromCents(4'50));
    EXPECT_EQ(all.blocked, 0);
    EXPECT_EQ(Reserve(second), Money::FromCents(1'50));
    EXPECT_EQ(Pool(), pool + Dollars(2));
    EXPECT_EQ(Balance(ForfeitedWithholdAccount(2025)), Money::FromCents(4'50));
  }

  const auto collected =
      CollectAwards(*programs_, programs_->Programs()->front(), kYear);
  ASSERT_TRUE(collected.ok()) << collected.status();
  const auto run = Cycles().Open({.name = "Release",
                                  .period = kYear,
                                  .kind = RunKind::kOffCycle,
                                  .business_date = kBusinessDate},
                                 kMaker);
  ASSERT_TRUE(run.ok()) << run.status();
  Approve(run->id, Submit(run->id, collected->awards));
  Finish(run->id);
  EXPECT_EQ(Reserve(first), Money());
  EXPECT_EQ(Reserve(second), Money());
  EXPECT_EQ(Pool(), pool + Dollars(2)) << "releases are paid out of the reserve";
  ExpectBooksInOrder();
}

// A better score gives back what was taken too much.
TEST_F(WithholdSettlementTest, ALaterVersionGivesBack) {
  const PayeeId payee = AddPaidPayee(1);
  Withheld({{1, Dollars(10)}});
  const ContractId contract = AddContract(1, Settlement(ForfeitTo::kPool));
  Record(contract, Facts().SetRatio("score", Ratio(1, 2)));
  RunProgram();
  Forfeit();
  EXPECT_EQ(Reserve(payee), Dollars(5));
  Record(contract, Facts().SetRatio("score", Ratio(1)));
  RunProgram();
  EXPECT_EQ(Forfeit().total, Money());
  EXPECT_EQ(Reserve(payee), Dollars(10));
  ExpectBooksInOrder();
}

TEST_F(WithholdSettlementTest, WhatWasWithheldElsewhereIsToldAndNotPosted) {
  AddPaidPayee(1);
  const ContractId contract = AddContract(1, Settlement(ForfeitTo::kPool));
  Record(contract,
         Facts().SetRatio("score", Ratio(3, 4)).SetAmount("withheld", Dollars(40)));
  RunProgram();
  const Money pool = Pool();
  const UnearnedWithholds unearned = Forfeit();
  EXPECT_THAT(unearned.forfeits, IsEmpty());
  EXPECT_EQ(unearned.elsewhere, 1);
  EXPECT_EQ(unearned.elsewhere_total, Dollars(10));
  EXPECT_EQ(Pool(), pool);
}

Terms ByDate(int months, const std::string& flag) {
  Terms terms{.title = "Release by date"};
  terms.components = {
      {.rule = performance::Basis{.kind = performance::WithheldBalance{},
                                  .zero_reason = performance::ReasonCode::kPoolEmpty},
       .clause = "6.1"},
      {.rule = performance::RoundingRule{}, .clause = "6.3"}};
  terms.payment_withhold =
      performance::Withhold{.rate = Rate::FromPercent(5), .released_by = "the report"};
  terms.payment_withhold->release_on =
      performance::ReleaseOnDate{.months_after_year = months, .flag_fact = flag};
  return terms;
}

// The flag of each contract decides, on the day and not before.
TEST_F(WithholdSettlementTest, TheDatesOfEachContractSettleItsReserve) {
  const PayeeId kept = AddPaidPayee(1);
  const PayeeId lost = AddPaidPayee(2);
  Withheld({{1, Dollars(10)}, {2, Dollars(6)}});
  const ContractId first = AddContract(1, ByDate(9, "reported"));
  const ContractId second = AddContract(2, ByDate(10, "reported"));
  Record(first, Facts().SetFlag("reported", true));
  const Money pool = Pool();

  const auto early = Service().SettleByDate(MakeDate(2026, 9, 30), kMaker.user);
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_THAT(early->release, IsEmpty());
  // Nine months after the year: the first is due to be released, the second a month later.
  const auto october = Service().SettleByDate(MakeDate(2026, 10, 1), kMaker.user);
  ASSERT_TRUE(october.ok()) << october.status();
  ASSERT_THAT(october->release, SizeIs(1));
  EXPECT_EQ(october->release[0].key.payee, kept);
  EXPECT_EQ(october->release[0].post.amount, Dollars(10));
  const auto unknown = Service().SettleByDate(MakeDate(2026, 11, 1), kMaker.user);
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(StatusMessage(unknown.status())), HasSubstr("reported"));

  Record(second, Facts().SetFlag("reported", false));
  for (int i = 0; i < 2; ++i) {
    const auto november = Service().SettleByDate(MakeDate(2026, 11, 1), kMaker.user);
    ASSERT_TRUE(november.ok()) << november.status();
    EXPECT_THAT(november->posted, SizeIs(i == 0 ? 1 : 0));
    EXPECT_EQ(Reserve(lost), Money());
    EXPECT_EQ(Reserve(kept), Dollars(10));
    EXPECT_EQ(Pool(), pool + Dollars(6));
  }
  ExpectBooksInOrder();
}

// A payee of neither contract: nobody could say which dates are its own.
TEST_F(WithholdSettlementTest, ContractsThatDifferAreRefusedByName) {
  AddPaidPayee(3);
  Withheld({{3, Dollars(6)}});
  const ContractId first = AddContract(1, ByDate(9, ""));
  const ContractId second = AddContract(2, ByDate(10, ""));
  const auto refused = Service().SettleByDate(MakeDate(2026, 11, 1), kMaker.user);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(StatusMessage(refused.status())),
              ::testing::AllOf(HasSubstr(first.ToString()), HasSubstr(second.ToString())));
}

}  // namespace
}  // namespace sluice::payments
