// What a book withheld, as the fact that the release of it is calculated from.
#include "payments/withheld_balance_source.h"

#include <gtest/gtest.h>

#include "hierarchy/hierarchy_service.h"
#include "payments/withhold_forfeit.h"
#include "performance/program_run/run_facts.h"
#include "performance/program_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using performance::DetailContract;
using performance::DetailOutcome;

class WithheldBalanceSourceTest : public RunFixture {
 protected:
  DetailContract ContractOf(std::int64_t party) {
    performance::ProgramService programs(database(), db_.Clock(), db_.Ids());
    const performance::Contract contract{.id = db_.Ids().Next<ContractTag>(),
                                         .payer = payer_,
                                         .program = program_.program,
                                         .party = PartyId(party),
                                         .effective = DateRange::From(MakeDate(2025, 1, 1))};
    const Status created = programs.CreateContracts({&contract, 1});
    EXPECT_TRUE(created.ok()) << created;
    performance::Terms terms{.title = "Release"};
    terms.components = {
        {.rule = performance::Basis{.kind = performance::WithheldBalance{},
                                    .zero_reason = performance::ReasonCode::kPoolEmpty},
         .clause = "6"},
        {.rule = performance::RoundingRule{}, .clause = "6"}};
    return {.contract = contract, .effective = contract.effective, .terms = std::move(terms)};
  }
  pg::Database database() { return db_.App().ForPayer(payer_); }

  DetailOutcome Refresh(const std::vector<DetailContract>& contracts) {
    const pg::Database app = database();
    hierarchy::HierarchyService hierarchies(app, db_.Clock());
    const auto snapshot = hierarchies.Snapshot(payer_, {.day = kYear.from});
    const auto affiliations = hierarchies.OverTime(payer_, db_.Clock().Now());
    EXPECT_TRUE(snapshot.ok() && affiliations.ok()) << snapshot.status() << affiliations.status();
    const performance::DetailScope scope{.database = app,
                                         .payer = payer_,
                                         .program = program_.program,
                                         .dates = {.period = kYear, .pay_date = kBusinessDate},
                                         .known_at = db_.Clock().Now(),
                                         .actor = "test",
                                         .clock = db_.Clock(),
                                         .ids = db_.Ids(),
                                         .hierarchy = *snapshot,
                                         .affiliations = *affiliations,
                                         .progress = nullptr};
    const auto outcome = WithheldBalanceSource(program_.book).Refresh(scope, contracts);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.value_or(DetailOutcome{});
  }
  std::optional<Exact> Withheld(const DetailContract& contract) {
    db_.Clock().AdvanceMicros(1);
    const auto facts =
        performance::FactsOf(database(), contract.contract.id, kYear, db_.Clock().Now());
    EXPECT_TRUE(facts.ok()) << facts.status();
    return facts->own.Amount("withheld").value();
  }

  static inline const DateRange kYear = DateRange::Year(2025);
};

// 10.00 from the party as such and 3.00 from it in a role of its own; nothing from the other party.
TEST_F(WithheldBalanceSourceTest, IsWhatTheBookTookFromAllPayeesOfTheParty) {
  const PayeeId payee = AddPaidPayee(1);
  AddPaidPayee(1, PartyId(), "specialist");
  hierarchy::HierarchyService hierarchies(database(), db_.Clock());
  hierarchy::ChangeSet change;
  change.AddParty({.id = PartyId(1), .kind = hierarchy::PartyKind::kPractice}, "Practice",
                  MakeDate(2020, 1, 1), {});
  ASSERT_TRUE(hierarchies.Apply(payer_, change, {.source = "test"}).ok());
  Fund(Dollars(1'000));
  AwardToPay in_role = Award(2, {{1, Dollars(30)}}, Dollars(3));
  in_role.shares[0].role = "specialist";
  const RunId run = Approved({Award(1, {{1, Dollars(100)}}, Dollars(10)), in_role});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());

  const DetailContract contract = ContractOf(1);
  const DetailContract other = ContractOf(2);
  EXPECT_EQ(Refresh({contract, other}).rows, 1);
  EXPECT_EQ(Withheld(contract), Exact(Dollars(13)));
  EXPECT_FALSE(Withheld(other)) << "missing, not zero";
  EXPECT_EQ(Refresh({contract, other}).rows, 0);

  // What is forfeited later, or given back, was withheld all the same.
  for (const std::int64_t forfeited : {4, 1}) {
    const Forfeit forfeit{.award = AwardId(501),
                          .version = static_cast<std::int32_t>(5 - forfeited),
                          .payee = payee,
                          .performance_year = 2025,
                          .amount = Dollars(forfeited)};
    const Status posted = PostForfeits(Ledger(db_.Clock()), database(), program_, {&forfeit, 1},
                                       kBusinessDate, kMaker.user);
    ASSERT_TRUE(posted.ok()) << posted;
    EXPECT_EQ(Refresh({contract}).rows, 0);
  }
  EXPECT_EQ(Balance(WithholdReserveAccount(payee, 2025)), Dollars(9));
}

}  // namespace
}  // namespace sluice::payments
