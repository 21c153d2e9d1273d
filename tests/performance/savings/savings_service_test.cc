// Deficit accounts and recalibrations of risk on a real database, around stored awards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/benchmark.h"
#include "performance/program_service.h"
#include "performance/savings/deficit_service.h"
#include "performance/savings/recalibration.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

// Half of the result; a loss is carried; at most 40 % of a gain goes against the deficit.
Terms CarryTerms() {
  return {
      .title = "Shared risk with carry-forward",
      .components = {{.rule = Basis{.kind = TargetMinusActual{}}},
                     {.rule = RateComponent{.cases = {{.rule = FixedRate{Rate::FromPercent(50)}}}}},
                     {.rule = RoundingRule{}},
                     {.rule = CarryForward{.maximum = Rate::FromPercent(40),
                                           .carry_losses = true,
                                           .expires_after_years = 5,
                                           .yearly_interest = Rate::FromPercent(2)},
                      .clause = "section 9"}}};
}

// A benchmark of one type with risk capped at 3 %.
Terms RiskTerms() {
  HistoricalBenchmark benchmark{
      .years = {{.name = "by3", .weight = Ratio(1)}},
      .types = {"all"},
      .risk = {
          .performance_year = true, .cap = RiskCap::kPerType, .highest_growth = Ratio(3, 100)}};
  return {
      .title = "Risk-adjusted",
      .components = {{.rule = Basis{.kind = BenchmarkMinusActual{.target = benchmark}}},
                     {.rule = RateComponent{.cases = {{.rule = FixedRate{Rate::FromPercent(50)}}}}},
                     {.rule = RoundingRule{}}}};
}

class SavingsServiceTest : public ::testing::Test {
 protected:
  SavingsServiceTest()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        programs_(database_, db_.Clock(), db_.Ids()),
        deficits_(database_, db_.Clock(), db_.Ids()),
        recalibrations_(database_, db_.Clock(), db_.Ids()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Shared risk",
                 .stream = "ssl",
                 .lan_category = "3B",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()},
        contract_{.id = db_.Ids().Next<ContractTag>(),
                  .payer = payer_,
                  .program = program_.id,
                  .party = PartyId(1'000),
                  .effective = DateRange::From(MakeDate(2022, 1, 1))},
        hierarchy_(*hierarchy::HierarchySnapshot::Make(
            {.as_of = MakeDate(2026, 12, 31), .version = 1},
            {{.id = PartyId(1'000), .name = "ACO"}, {.id = PartyId(2'000), .name = "New TIN"}},
            {})) {}

  void SetUp() override { ASSERT_TRUE(programs_.CreateProgram(program_).ok()); }

  void Sign(const Terms& terms) {
    ASSERT_TRUE(programs_.CreateContracts({&contract_, 1}).ok());
    const NewTerms version{
        .contract = contract_.id, .effective = contract_.effective, .terms = terms};
    const auto added = programs_.AddTerms({&version, 1});
    ASSERT_TRUE(added.ok()) << added.status();
  }

  void Record(int year, Facts facts) {
    db_.Clock().AdvanceMicros(1);
    const FactSet set{
        .contract = contract_.id, .period = DateRange::Year(year), .facts = std::move(facts)};
    ASSERT_TRUE(programs_.RecordFacts({&set, 1}, "test").ok());
  }

  static CalculationDates Dates(int year) {
    return {.period = DateRange::Year(year), .pay_date = MakeDate(year + 1, 10, 1)};
  }

  StoredAward Calculate(int year) {
    db_.Clock().AdvanceMicros(1);
    const auto summary =
        programs_.Calculate({.program = program_.id, .dates = Dates(year)}, hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    const auto history = programs_.History(contract_.id, DateRange::Year(year));
    EXPECT_TRUE(history.ok());
    return history->back();
  }

  // Records cost against a target of 1,000,000, takes the balance from the account, calculates and
  // books.
  StoredAward SettleYear(int year, std::int64_t saving) {
    Facts facts;
    facts.SetAmount("benchmark", Dollars(1'000'000));
    facts.SetAmount("expenditure", Dollars(1'000'000 - saving));
    const auto known = programs_.History(contract_.id, DateRange::Year(year));
    const AwardId award = known->empty() ? AwardId() : known->back().award;
    const auto balance = deficits_.BalanceFor(Account(), award);
    EXPECT_TRUE(balance.ok()) << balance.status();
    facts.SetAmount("deficit_balance", *balance);
    Record(year, std::move(facts));
    StoredAward stored = Calculate(year);
    const Status posted = deficits_.Post(KeyOf(stored));
    EXPECT_TRUE(posted.ok()) << posted;
    return stored;
  }

  static AwardKey KeyOf(const StoredAward& award) {
    return {.contract = award.contract, .award = award.award, .version = award.version};
  }
  DeficitAccount Account(std::int64_t party = 1'000) const {
    return {.payer = payer_, .program = program_.id, .party = PartyId(party)};
  }

  testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  ProgramService programs_;
  DeficitService deficits_;
  RecalibrationService recalibrations_;
  Program program_;
  Contract contract_;
  hierarchy::HierarchySnapshot hierarchy_;
};

// feature:C13
TEST_F(SavingsServiceTest, ALossIsCarriedAndLaterGainsRecoverIt) {
  Sign(CarryTerms());
  const StoredAward loss = SettleYear(2023, -60'000);
  EXPECT_EQ(loss.amount, Dollars(-30'000));
  EXPECT_EQ(loss.payable, Money());
  EXPECT_EQ(loss.payable_zero_reason, ReasonCode::kLossCarriedForward);
  EXPECT_EQ(*deficits_.Balance(Account()), Dollars(30'000));
  const StoredAward gain = SettleYear(2024, 100'000);
  EXPECT_EQ(gain.amount, Dollars(50'000));
  EXPECT_EQ(gain.payable, Dollars(30'000));  // 20,000 is 40 % of the gain
  EXPECT_EQ(*deficits_.Balance(Account()), Dollars(10'000));
  // The year is restated: only the difference is booked, from the same starting balance.
  const StoredAward restated = SettleYear(2024, 40'000);
  EXPECT_EQ(restated.version, 2);
  EXPECT_EQ(restated.recouped, Dollars(8'000));
  EXPECT_EQ(restated.delta, Dollars(12'000) - Dollars(30'000));
  EXPECT_EQ(*deficits_.Balance(Account()), Dollars(22'000));
  EXPECT_TRUE(deficits_.Post(KeyOf(restated)).ok());
  EXPECT_EQ(*deficits_.Balance(Account()), Dollars(22'000));
  EXPECT_THAT(StatusMessage(deficits_.Post(KeyOf(gain))), HasSubstr("not the newest"));
  const auto statement = deficits_.Statement(Account(), "ACO");
  EXPECT_THAT(*statement, HasSubstr("balance 22,000.00"));
  EXPECT_THAT(*statement, HasSubstr("until 2029-10-01"));
}

// feature:P15
TEST_F(SavingsServiceTest, AnInterimThenAFinalVersionPostsOnlyTheDifference) {
  Sign({.title = "Interim, then final",
        .components = {
            {.rule = Basis{.kind = TargetMinusActual{}}},
            {.rule = RateComponent{.cases = {{.rule = FixedRate{Rate::FromPercent(50)}}}}},
            {.rule = Interim{.pay = Rate::FromPercent(60)}, .clause = "section 7"},
            {.rule = RoundingRule{}}}});
  const auto settle = [&](std::int64_t saving, const std::string& stage) {
    Facts facts;
    facts.SetAmount("benchmark", Dollars(1'000'000));
    facts.SetAmount("expenditure", Dollars(1'000'000 - saving));
    facts.SetText("settlement_stage", stage);
    Record(2024, std::move(facts));
    return Calculate(2024);
  };
  const StoredAward interim = settle(100'000, "interim");
  EXPECT_EQ(interim.delta, Dollars(30'000));
  const StoredAward complete = settle(120'000, "final");
  EXPECT_EQ(complete.amount, Dollars(60'000));
  EXPECT_EQ(complete.delta, Dollars(30'000));
  const StoredAward reopened = settle(40'000, "final");
  EXPECT_EQ(reopened.delta, Dollars(-40'000));
  EXPECT_EQ(interim.delta + complete.delta + reopened.delta, reopened.payable);
  EXPECT_THAT(*programs_.Package(KeyOf(interim)), HasSubstr("section 7"));
}

TEST_F(SavingsServiceTest, InterestIsBookedOnce) {
  Sign(CarryTerms());
  SettleYear(2023, -60'000);
  const CarryForward carry = std::get<CarryForward>(CarryTerms().components.back().rule);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(deficits_.Accrue(Account(), carry, MakeDate(2025, 12, 31)).ok());
    EXPECT_EQ(*deficits_.Balance(Account()), Dollars(30'600));
  }
}

TEST_F(SavingsServiceTest, ADeficitFollowsOnlyAnExplicitSuccessorLink) {
  Sign(CarryTerms());
  SettleYear(2023, -60'000);
  EXPECT_EQ(*deficits_.Balance(Account(2'000)), Money());
  DeficitLink link{.payer = payer_,
                   .program = program_.id,
                   .from = PartyId(1'000),
                   .to = PartyId(2'000),
                   .effective_on = MakeDate(2025, 1, 1),
                   .recorded_by = "k.meyer"};
  EXPECT_EQ(deficits_.Link(link).code(), absl::StatusCode::kInvalidArgument);  // no evidence
  link.evidence = "merger agreement of 2024-11-02";
  ASSERT_TRUE(deficits_.Link(link).ok());
  ASSERT_TRUE(deficits_.Link(link).ok());
  EXPECT_EQ(*deficits_.Balance(Account(1'000)), Money());
  EXPECT_EQ(*deficits_.Balance(Account(2'000)), Dollars(30'000));
  EXPECT_THAT(*deficits_.Statement(Account(2'000), "New TIN"),
              HasSubstr("lot of 2024-10-01, until 2029-10-01"));
  DeficitLink back = link;
  std::swap(back.from, back.to);
  EXPECT_THAT(StatusMessage(deficits_.Link(back)), HasSubstr("already descends"));
  link.to = PartyId(3'000);
  EXPECT_EQ(deficits_.Link(link).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(SavingsServiceTest, AnotherPayerSeesNothing) {
  Sign(CarryTerms());
  SettleYear(2023, -60'000);
  const PayerId other = db_.NewPayer("Other");
  DeficitService theirs(db_.App().ForPayer(other), db_.Clock(), db_.Ids());
  EXPECT_EQ(*theirs.Balance(Account()), Money());
  const auto rewritten = database_.Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(pg::Query{"test_deficit_delete", "DELETE FROM performance.deficit_entry"});
    return OkStatus();
  });
  EXPECT_FALSE(rewritten.ok());  // append-only
}

TEST_F(SavingsServiceTest, AwardsThatCarryNothingAreNotBooked) {
  Sign(RiskTerms());
  Facts facts;
  facts.Set("benchmark.by3.all.expenditure", Exact(Dollars(1'000'000)));
  Record(2024, facts);
  const StoredAward blocked = Calculate(2024);
  EXPECT_THAT(StatusMessage(deficits_.Post(KeyOf(blocked))), HasSubstr("blocked"));
  EXPECT_EQ(deficits_.Post({contract_.id, AwardId(1), 1}).code(), absl::StatusCode::kNotFound);
}

// feature:C20
TEST_F(SavingsServiceTest, ARecalibrationCountsWhenBothHaveAcknowledgedItsEffect) {
  Sign(RiskTerms());
  Facts facts;
  facts.Set("benchmark.by3.all.expenditure", Exact(Dollars(1'000'000)));
  facts.SetCount("benchmark.by3.all.member_months", 1'200);
  facts.SetCount("benchmark.py.all.member_months", 1'200);
  facts.SetRatio("benchmark.by3.all.risk", Ratio(1));
  facts.SetRatio("benchmark.py.all.risk", Ratio(102, 100));
  facts.SetAmount("expenditure", Dollars(1'000'000));
  Record(2024, facts);
  const StoredAward before = Calculate(2024);
  EXPECT_EQ(before.amount, Dollars(10'000));
  const std::string old_package = *programs_.Package(KeyOf(before));

  Facts restated;
  restated.SetRatio("benchmark.by3.all.risk", Ratio(98, 100));
  restated.SetRatio("benchmark.py.all.risk", Ratio(98, 100));
  const auto proposed = recalibrations_.Propose(
      {.contract = contract_.id,
       .dates = Dates(2024),
       .before = {.name = "V24, 2024", .sha256 = Sha256(AsBytes("tables of V24"))},
       .after = {.name = "V28, 2024", .sha256 = Sha256(AsBytes("tables of V28"))},
       .restated = restated});
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_THAT(proposed->statement, HasSubstr("benchmark.py.all.risk: 51/50 -> 49/50"));
  EXPECT_THAT(proposed->statement, HasSubstr("effect: -10,000.00"));

  const std::int64_t id = proposed->id;
  EXPECT_THAT(StatusMessage(recalibrations_.Apply(contract_.id, id)),
              HasSubstr("the payer has not"));
  const Digest digest = proposed->statement_sha256;
  const auto acknowledge = [&](AcknowledgingSide side, const Digest& of) {
    return recalibrations_.Acknowledge(contract_.id, id, side, "a.person", of);
  };
  EXPECT_EQ(acknowledge(AcknowledgingSide::kPayer, Sha256(AsBytes("another statement"))).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(acknowledge(AcknowledgingSide::kPayer, digest).ok());
  ASSERT_TRUE(acknowledge(AcknowledgingSide::kPayer, digest).ok());
  EXPECT_THAT(StatusMessage(recalibrations_.Apply(contract_.id, id)),
              HasSubstr("the provider has not"));
  EXPECT_EQ(Calculate(2024).version, 1);  // nothing counts yet
  ASSERT_TRUE(acknowledge(AcknowledgingSide::kProvider, digest).ok());
  EXPECT_THAT(*recalibrations_.Statement(contract_.id, id), HasSubstr("does not count yet"));
  db_.Clock().AdvanceMicros(1);
  ASSERT_TRUE(recalibrations_.Apply(contract_.id, id).ok());
  ASSERT_TRUE(recalibrations_.Apply(contract_.id, id).ok());

  const StoredAward after = Calculate(2024);
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.amount, Money());
  EXPECT_EQ(after.delta, Dollars(-10'000));
  // The old result is there as it was, and can be computed again as it was known.
  EXPECT_EQ(*programs_.Package(KeyOf(before)), old_package);
  EXPECT_EQ(*programs_.RecalculateAsKnown(KeyOf(before), hierarchy_), old_package);
  EXPECT_THAT(*recalibrations_.Statement(contract_.id, id),
              HasSubstr("acknowledged by the provider: a.person"));
}

// feature:C20
TEST_F(SavingsServiceTest, AStatementOfOldFactsIsNotApplied) {
  Sign(RiskTerms());
  Facts facts;
  facts.Set("benchmark.by3.all.expenditure", Exact(Dollars(1'000'000)));
  facts.SetCount("benchmark.by3.all.member_months", 1'200);
  facts.SetCount("benchmark.py.all.member_months", 1'200);
  facts.SetRatio("benchmark.by3.all.risk", Ratio(1));
  facts.SetRatio("benchmark.py.all.risk", Ratio(1));
  facts.SetAmount("expenditure", Dollars(1'000'000));
  Record(2024, facts);
  db_.Clock().AdvanceMicros(1);
  Facts restated;
  restated.SetRatio("benchmark.py.all.risk", Ratio(101, 100));
  RecalibrationService::Proposal proposal{.contract = contract_.id,
                                          .dates = Dates(2024),
                                          .before = {.name = "a", .sha256 = Sha256(AsBytes("a"))},
                                          .after = {.name = "b", .sha256 = Sha256(AsBytes("b"))},
                                          .restated = restated};
  const auto proposed = recalibrations_.Propose(proposal);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  for (const AcknowledgingSide side : {AcknowledgingSide::kPayer, AcknowledgingSide::kProvider}) {
    ASSERT_TRUE(recalibrations_
                    .Acknowledge(contract_.id, proposed->id, side, "x", proposed->statement_sha256)
                    .ok());
  }
  Facts late;
  late.SetAmount("expenditure", Dollars(900'000));
  Record(2024, late);
  db_.Clock().AdvanceMicros(1);
  EXPECT_THAT(StatusMessage(recalibrations_.Apply(contract_.id, proposed->id)),
              HasSubstr("changed after the statement"));
  // Nothing to restate, a fact that is not there, one model twice.
  proposal.restated = Facts().SetRatio("benchmark.py.all.risk", Ratio(1));
  EXPECT_FALSE(recalibrations_.Propose(proposal).ok());
  proposal.restated = Facts().SetRatio("benchmark.py.other.risk", Ratio(1));
  EXPECT_THAT(StatusMessage(recalibrations_.Propose(proposal).status()), HasSubstr("not recorded"));
  proposal.restated = restated;
  proposal.after = proposal.before;
  EXPECT_FALSE(recalibrations_.Propose(proposal).ok());
}

}  // namespace
}  // namespace sluice::performance
