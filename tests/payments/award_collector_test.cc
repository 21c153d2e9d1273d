// From calculated awards to what is paid, on a real database: every award with its shares, once, as
// its newest version says.
#include "payments/award_collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/payments/run_fixture.h"
#include "tests/performance/sample_settlements.h"

namespace sluice::payments {
namespace {

using performance::ProgramService;
using performance::Split;
using performance::testing::Dates2024;
using performance::testing::EqualSplit;
using performance::testing::SavingsFacts;
using performance::testing::SavingsTerms;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr pg::Query kReplacePackage{"test_replace_package", R"sql(
  UPDATE performance.calculation_package
  SET content = $3
  WHERE contract_id = $1 AND version = $2
)sql"};
constexpr pg::Query kReplaceAmount{"test_replace_amount", R"sql(
  UPDATE performance.award
  SET amount_cents = amount_cents + 1, payable_cents = payable_cents + 1
  WHERE contract_id = $1
)sql"};

// ACOs 1000, 2000 and 3000 with two practices each, and a contract with each ACO.
class AwardCollectorTest : public RunFixture {
 protected:
  void SetUp() override {
    RunFixture::SetUp();
    service_ = std::make_unique<ProgramService>(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    std::vector<hierarchy::SnapshotParty> parties;
    std::vector<hierarchy::SnapshotEdge> edges;
    std::vector<performance::Contract> contracts;
    std::vector<performance::NewTerms> terms;
    for (const std::int64_t aco : {1'000, 2'000, 3'000}) {
      parties.push_back({.id = PartyId(aco), .name = fmt::format("ACO {}", aco)});
      for (const std::int64_t practice : {aco + 1, aco + 2}) {
        parties.push_back({.id = PartyId(practice), .name = fmt::format("Practice {}", practice)});
        edges.push_back({.parent = PartyId(aco),
                         .child = PartyId(practice),
                         .role = "member",
                         .valid = DateRange::Year(2024)});
      }
      contracts_.push_back(db_.Ids().Next<ContractTag>());
      contracts.push_back({.id = contracts_.back(),
                           .payer = payer_,
                           .program = program_.program,
                           .party = PartyId(aco),
                           .effective = DateRange::From(MakeDate(2022, 1, 1))});
      terms.push_back({.contract = contracts_.back(),
                       .effective = DateRange::From(MakeDate(2022, 1, 1)),
                       .terms = SavingsTerms(EqualSplit())});
    }
    hierarchy_ = *hierarchy::HierarchySnapshot::Make(
        {.as_of = MakeDate(2024, 12, 31), .version = 1}, std::move(parties), std::move(edges));
    ASSERT_TRUE(service_->CreateContracts(contracts).ok());
    ASSERT_TRUE(service_->AddTerms(terms).ok());
  }

  // Records what the contract saved and calculates the program.
  void Saved(std::size_t contract, std::int64_t dollars) {
    db_.Clock().AdvanceMicros(1);
    const performance::FactSet facts{.contract = contracts_[contract],
                                     .period = Dates2024().period,
                                     .facts = SavingsFacts(dollars)};
    ASSERT_TRUE(service_->RecordFacts({&facts, 1}, "test").ok());
  }
  void Calculate() {
    db_.Clock().AdvanceMicros(1);
    const auto done = service_->Calculate(
        {.program = program_.program, .dates = Dates2024(), .known_at = {}, .progress = {}},
        hierarchy_);
    ASSERT_TRUE(done.ok()) << StatusMessage(done.status());
  }
  StatusOr<CollectedAwards> TryCollect() {
    return CollectAwards(*service_, service_->Programs().value().front(), Dates2024().period);
  }
  std::vector<AwardToPay> Collect() {
    const auto collected = TryCollect();
    EXPECT_TRUE(collected.ok()) << StatusMessage(collected.status());
    return collected.ok() ? collected->awards : std::vector<AwardToPay>{};
  }
  std::string PackageOf(std::size_t contract, std::int32_t version = 1) {
    const auto history = service_->History(contracts_[contract], Dates2024().period).value();
    return service_->Package({contracts_[contract], history.front().award, version}).value();
  }
  void ReplacePackage(std::size_t contract, const std::string& content) {
    const Status done = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kReplacePackage, contracts_[contract], std::int32_t{1}, content);
      return OkStatus();
    });
    ASSERT_TRUE(done.ok()) << StatusMessage(done);
  }
  static std::vector<Money> Amounts(const AwardToPay& award) {
    std::vector<Money> amounts;
    for (const AwardShare& share : award.shares) amounts.push_back(share.amount);
    return amounts;
  }

  std::unique_ptr<ProgramService> service_;
  hierarchy::HierarchySnapshot hierarchy_;
  std::vector<ContractId> contracts_;
};

TEST_F(AwardCollectorTest, AnAwardComesWithEveryShareAndItsExplanation) {
  Saved(0, 2'000'000);
  Saved(1, 2'000'000);
  Saved(2, 2'000'000);
  Calculate();
  const std::vector<AwardToPay> awards = Collect();
  ASSERT_EQ(awards.size(), 3U);
  const AwardToPay& award = awards.front();
  EXPECT_EQ(award.contract, contracts_[0]);
  EXPECT_EQ(award.hash, Sha256(AsBytes(PackageOf(0))));
  EXPECT_EQ(award.line_kind, LineKind::kSharedSavingsFinal);
  EXPECT_EQ(award.holder_name, "ACO 1000");
  EXPECT_EQ(award.period_text, "January 1, 2024 to December 31, 2024");
  EXPECT_EQ(award.performance_year, 2024);
  // 2,000,000 x 50 % x 98 %; 33.3333 % of it is kept, the rest is halved.
  EXPECT_EQ(award.payable, Dollars(980'000));
  EXPECT_THAT(Amounts(award),
              ElementsAre(Money::FromCents(32'666'634), Money::FromCents(32'666'683),
                          Money::FromCents(32'666'683)));
  EXPECT_EQ(award.shares[0].party, PartyId(1'000));
  EXPECT_THAT(award.shares[0].ancestors, IsEmpty());
  EXPECT_EQ(award.shares[1].party, PartyId(1'001));
  EXPECT_THAT(award.shares[1].ancestors, ElementsAre(PartyId(1'000)));
  // What a payee reads: from the benchmark to the award, and from the award to the share.
  const auto says = [](const std::vector<ExplanationStep>& steps, std::string_view text) {
    return std::ranges::any_of(steps, [&](const ExplanationStep& step) {
      return (step.label + " " + step.value + " " + step.note).find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(says(award.steps, "enchmark"));
  EXPECT_TRUE(says(award.steps, "980,000.00"));
  EXPECT_TRUE(says(award.shares[1].steps, "Part of Practice 1001"));
  EXPECT_TRUE(says(award.shares[1].steps, "326,666.83"));
  EXPECT_TRUE(says(award.shares[0].steps, "Stays with ACO 1000"));
}

TEST_F(AwardCollectorTest, AZeroKeepsItsReasonAndABlockedAwardIsListedAndNotPaid) {
  Saved(0, 2'000'000);
  Saved(1, 100);
  Calculate();
  const auto collected = TryCollect();
  ASSERT_TRUE(collected.ok()) << StatusMessage(collected.status());
  ASSERT_EQ(collected->awards.size(), 2U);
  EXPECT_EQ(collected->awards[1].contract, contracts_[1]);
  EXPECT_EQ(collected->awards[1].payable, Money());
  EXPECT_EQ(collected->awards[1].zero_reason, "BELOW_MINIMUM_SAVINGS_RATE");
  EXPECT_THAT(collected->awards[1].shares, IsEmpty());
  EXPECT_EQ(collected->awards[0].zero_reason, "");
  ASSERT_EQ(collected->blocked.size(), 1U);
  EXPECT_EQ(collected->blocked[0].contract, contracts_[2]);
  EXPECT_THAT(collected->blocked[0].missing, HasSubstr("benchmark"));
}

TEST_F(AwardCollectorTest, ALossIsOwedByItsHolders) {
  Saved(0, -2'500'000);
  Calculate();
  const std::vector<AwardToPay> awards = Collect();
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_LT(awards[0].payable, Money());
  Money sum;
  for (const AwardShare& share : awards[0].shares) {
    EXPECT_LT(share.amount, Money());
    sum += share.amount;
  }
  EXPECT_EQ(sum, awards[0].payable);
}

TEST_F(AwardCollectorTest, CollectingAgainGivesTheSameAndMovesNothing) {
  Saved(0, 2'000'000);
  Calculate();
  const std::vector<AwardToPay> first = Collect();
  Calculate();
  const std::vector<AwardToPay> second = Collect();
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].award, first[0].award);
  EXPECT_EQ(second[0].version, 1);
  EXPECT_EQ(second[0].hash, first[0].hash);

  for (const std::int64_t party : {1'000, 1'001, 1'002}) AddPaidPayee(party);
  Fund(Dollars(980'000));
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, first, kMaker).ok());
  const auto totals = Cycles().Calculate(run, second, kMaker);
  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(totals->hold, Dollars(980'000));
  EXPECT_EQ(Balance(ProgramObligationAccount(contracts_[0])), Dollars(980'000));
}

// The money of a restated year, from the facts to the bank's file: the second run pays what the new
// version adds to each payee, to the cent, and nothing of what was paid before.
TEST_F(AwardCollectorTest, ASecondVersionPaysTheDifferenceOfEachShare) {
  const PayeeId aco = AddPaidPayee(1'000);
  const PayeeId first = AddPaidPayee(1'001);
  const PayeeId second = AddPaidPayee(1'002);
  Fund(Dollars(2'000'000));
  Saved(0, 2'000'000);
  Calculate();
  const std::vector<AwardToPay> paid = Collect();
  ASSERT_TRUE(Releases()->Release(Approved(paid), kService).ok());

  Saved(0, 3'000'000);
  Calculate();
  const std::vector<AwardToPay> restated = Collect();
  ASSERT_EQ(restated.size(), 1U);
  EXPECT_EQ(restated[0].award, paid[0].award);
  EXPECT_EQ(restated[0].version, 2);
  EXPECT_NE(restated[0].hash, paid[0].hash);
  EXPECT_EQ(restated[0].payable, Dollars(1'470'000));
  const RunId run = Open(1, RunKind::kCorrection);
  Approve(run, Submit(run, restated));
  // 489,999.51 kept and 490,000.25, 490,000.24, less what was paid: the cent goes to the lowest id.
  EXPECT_EQ(PayeeOf(run, aco).net, Money::FromCents(48'999'951 - 32'666'634));
  EXPECT_EQ(PayeeOf(run, first).net, Money::FromCents(49'000'025 - 32'666'683));
  EXPECT_EQ(PayeeOf(run, second).net, Money::FromCents(49'000'024 - 32'666'683));
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Dollars(2'000'000 - 1'470'000));
  ExpectBooksInOrder();
}

TEST_F(AwardCollectorTest, APracticeWithoutAPayeeIsPaidThroughItsAco) {
  const PayeeId aco = AddPaidPayee(1'000);
  AddPaidPayee(1'001);
  Fund(Dollars(980'000));
  Saved(0, 2'000'000);
  Calculate();
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, Collect(), kMaker).ok());
  EXPECT_EQ(PayeeOf(run, aco).net, Money::FromCents(32'666'634 + 32'666'683));
}

// feature:C17
// What nobody earned goes to nobody: not to the ACO whose split it left, but nowhere.
TEST_F(AwardCollectorTest, WhatTheSplitGivesBackToThePayerStaysInThePool) {
  Split split = performance::testing::EqualSplit();
  split.levels[0].forfeit_to = performance::ForfeitTo::kPayer;
  const performance::NewTerms terms{.contract = contracts_[0],
                                    .effective = DateRange::From(MakeDate(2022, 1, 1)),
                                    .terms = SavingsTerms(split)};
  ASSERT_TRUE(service_->AddTerms({&terms, 1}).ok());
  performance::FactSet left{
      .contract = contracts_[0], .period = Dates2024().period, .party = PartyId(1'002)};
  left.facts.SetDate("standing_to", MakeDate(2024, 6, 30));
  ASSERT_TRUE(service_->RecordFacts({&left, 1}, "test").ok());
  const PayeeId aco = AddPaidPayee(1'000);
  const PayeeId practice = AddPaidPayee(1'001);
  AddPaidPayee(1'002);
  Fund(Dollars(980'000));
  Saved(0, 2'000'000);
  Calculate();
  const std::vector<AwardToPay> awards = Collect();
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_EQ(awards[0].gross, Dollars(980'000));
  EXPECT_EQ(awards[0].payable, Money::FromCents(98'000'000 - 32'666'683));
  const RunId run = Approved(awards);
  EXPECT_EQ(PayeeOf(run, aco).net, Money::FromCents(32'666'634));
  EXPECT_EQ(PayeeOf(run, practice).net, Money::FromCents(32'666'683));
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(Balance(PoolAccount(program_.pool.id)), Money::FromCents(32'666'683));
  bool said = false;
  for (const auto& [name, bytes] : DeliveredFiles()) {
    said |=
        name.ends_with("statements.csv") && bytes.find("Stays with the payer") != std::string::npos;
  }
  EXPECT_TRUE(said);
  ExpectBooksInOrder();
}

// feature:H08
// One doctor in four roles, in one cycle: four lines to four accounts, and a later version of the
// award moves each by its own difference.
TEST_F(AwardCollectorTest, OnePersonInFourRolesIsPaidToFourAccounts) {
  Split split{.levels = {{.basis = performance::SplitBasis::kRolePools}},
              .losses = performance::LossSplit::kMirrored};
  const std::vector<std::string> roles = {"employee", "medical_director", "owner", "physician"};
  std::vector<hierarchy::SnapshotEdge> edges;
  for (const std::string& role : roles) {
    split.levels[0].pools.push_back(
        {.name = role, .share = Rate::FromPercent(25), .roles = {role}});
    edges.push_back({.parent = PartyId(1'000),
                     .child = PartyId(7),
                     .role = role,
                     .valid = DateRange::From(MakeDate(2024, 1, 1))});
  }
  hierarchy_ = *hierarchy::HierarchySnapshot::Make(
      {.as_of = MakeDate(2024, 12, 31), .version = 1},
      {{.id = PartyId(7), .name = "Dr. Many"}, {.id = PartyId(1'000), .name = "ACO 1000"}}, edges);
  const performance::NewTerms terms{.contract = contracts_[0],
                                    .effective = DateRange::From(MakeDate(2022, 1, 1)),
                                    .terms = SavingsTerms(split)};
  ASSERT_TRUE(service_->AddTerms({&terms, 1}).ok());
  // Two roles have an account under this ACO, one has one anywhere; the rest goes to his own.
  const std::map<std::string, PayeeId> accounts = {
      {"employee", AddPaidPayee(7)},
      {"medical_director", AddPaidPayee(7, PartyId(1'000), "medical_director")},
      {"owner", AddPaidPayee(7, PartyId(), "owner")},
      {"physician", AddPaidPayee(7, PartyId(1'000), "physician")}};
  AddPaidPayee(7, PartyId(2'000), "employee");  // another ACO's: not for this award
  Fund(Dollars(2'000'000));
  Saved(0, 2'000'000);
  Calculate();
  const std::vector<AwardToPay> awards = Collect();
  ASSERT_EQ(awards.size(), 1U);
  ASSERT_EQ(awards[0].shares.size(), 4U);
  const RunId run = Approved(awards);
  const auto plan = Cycles().Plan(run);
  ASSERT_EQ(plan->lines.size(), 4U);
  EXPECT_EQ(TotalsOf(*plan).paid, awards[0].payable);
  EXPECT_EQ(TotalsOf(*plan).payees_paid, 4);
  for (const auto& [role, payee] : accounts) {
    EXPECT_EQ(PayeeOf(run, payee).net, Dollars(245'000)) << role;
  }
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  for (const auto& [name, bytes] : DeliveredFiles()) {
    if (!name.ends_with("statements.csv")) continue;
    for (const char* words : {"as employee", "as medical director", "as owner", "as physician"}) {
      EXPECT_THAT(bytes, HasSubstr(words));
    }
  }

  Saved(0, 3'000'000);
  Calculate();
  const RunId later = Open(1, RunKind::kCorrection);
  Approve(later, Submit(later, Collect()));
  for (const auto& [role, payee] : accounts) {
    EXPECT_EQ(PayeeOf(later, payee).net, Dollars(122'500)) << role;
  }
}

// Nothing is paid that cannot be computed again from its package.
TEST_F(AwardCollectorTest, AnAwardThatDoesNotReplayStopsTheCycle) {
  Saved(0, 2'000'000);
  Saved(1, 1'900'000);
  Calculate();
  const std::string good = PackageOf(0);
  // Another amount under a hash that fits.
  std::string changed = good.substr(0, good.rfind("sha256\t"));
  const std::size_t at = changed.find("980000.00");
  ASSERT_NE(at, std::string::npos);
  changed.replace(at, 9, "980000.01");
  changed += "sha256\t" + ToHex(Sha256(AsBytes(changed))) + "\n";
  ReplacePackage(0, changed);
  Status refused = TryCollect().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(StatusMessage(refused)), HasSubstr("does not replay"));

  ReplacePackage(0, PackageOf(1));  // replays, but is another contract's
  refused = TryCollect().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(StatusMessage(refused)), HasSubstr("has the package of"));

  ReplacePackage(0, "no package");
  EXPECT_FALSE(TryCollect().ok());
  ReplacePackage(0, good);
  EXPECT_EQ(Collect().size(), 2U);
}

TEST_F(AwardCollectorTest, AStoredAmountThatItsPackageDoesNotSayStopsTheCycle) {
  Saved(0, 2'000'000);
  Calculate();
  const Status changed = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kReplaceAmount, contracts_[0]);
    return OkStatus();
  });
  ASSERT_TRUE(changed.ok()) << StatusMessage(changed);
  const Status refused = TryCollect().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(StatusMessage(refused)),
              AllOf(HasSubstr("980,000.01"), HasSubstr("980,000.00")));
}

TEST_F(AwardCollectorTest, AnotherPayerCollectsNothing) {
  Saved(0, 2'000'000);
  Calculate();
  const performance::Program program = service_->Programs().value().front();
  ProgramService other(db_.App().ForPayer(db_.NewPayer("Other")), db_.Clock(), db_.Ids());
  const auto collected = CollectAwards(other, program, Dates2024().period);
  ASSERT_TRUE(collected.ok()) << StatusMessage(collected.status());
  EXPECT_THAT(collected->awards, IsEmpty());
  EXPECT_THAT(collected->blocked, IsEmpty());
}

}  // namespace
}  // namespace sluice::payments
