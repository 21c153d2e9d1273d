// Programs on a real database: what is calculated, stored, calculated again and asked for later.
#include "performance/program_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "tests/performance/sample_settlements.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using hierarchy::HierarchySnapshot;
using testing::Dates2024;
using testing::EqualSplit;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PracticeAndProviderSplit;
using testing::PrintedSeed;
using testing::SavingsFacts;
using testing::SavingsTerms;

// A payer with one program; contracts of ACOs with some practices each.
class ProgramServiceTest : public ::testing::Test {
 protected:
  ProgramServiceTest()
      : payer_(db_.NewPayer("Plan")),
        service_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Shared savings 2024",
                 .stream = "ssl",
                 .lan_category = "3B",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()} {}

  void SetUp() override { ASSERT_TRUE(service_.CreateProgram(program_).ok()); }

  // ACOs 1000, 2000, ... with practices 1001, 1002, ...
  void MakeContracts(std::int64_t acos, std::int64_t practices, const Terms& terms) {
    std::vector<hierarchy::SnapshotParty> parties;
    std::vector<hierarchy::SnapshotEdge> edges;
    std::vector<NewTerms> versions;
    for (std::int64_t a = 1; a <= acos; ++a) {
      const PartyId aco(a * 1'000);
      parties.push_back({.id = aco, .name = "ACO " + std::to_string(a)});
      for (std::int64_t p = 1; p <= practices; ++p) {
        parties.push_back(
            {.id = PartyId(aco.Value() + p), .name = "Practice " + std::to_string(p)});
        edges.push_back({.parent = aco,
                         .child = PartyId(aco.Value() + p),
                         .role = "member",
                         .valid = DateRange::Year(2024)});
      }
      contracts_.push_back({.id = db_.Ids().Next<ContractTag>(),
                            .payer = payer_,
                            .program = program_.id,
                            .party = aco,
                            .effective = DateRange::From(MakeDate(2022, 1, 1))});
      versions.push_back({.contract = contracts_.back().id,
                          .effective = DateRange::From(MakeDate(2022, 1, 1)),
                          .terms = terms});
    }
    hierarchy_ = *HierarchySnapshot::Make({.as_of = MakeDate(2024, 12, 31), .version = 1},
                                          std::move(parties), std::move(edges));
    ASSERT_TRUE(service_.CreateContracts(contracts_).ok());
    const auto added = service_.AddTerms(versions);
    ASSERT_TRUE(added.ok()) << added.status();
  }

  FactSet FactsOf(std::size_t contract, Facts facts) {
    return {.contract = contracts_[contract].id,
            .period = Dates2024().period,
            .facts = std::move(facts)};
  }

  void Record(const std::vector<FactSet>& sets) {
    db_.Clock().AdvanceMicros(1);
    const auto recorded = service_.RecordFacts(sets, "test");
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  CalculationSummary Calculate() {
    db_.Clock().AdvanceMicros(1);
    const auto summary =
        service_.Calculate({.program = program_.id, .dates = Dates2024()}, hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(CalculationSummary{});
  }

  std::vector<StoredAward> Awards() {
    return service_.Awards(program_.id, Dates2024().period).value();
  }

  static AwardKey KeyOf(const StoredAward& award) {
    return {award.contract, award.award, award.version};
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  ProgramService service_;
  Program program_;
  std::vector<Contract> contracts_;
  HierarchySnapshot hierarchy_;
};

// What a deduction leaves of a year is due in the next, and follows when the year is corrected.
TEST_F(ProgramServiceTest, WhatADeductionLeavesIsDueInTheNextPeriod) {
  Terms terms{.title = "savings with a recovery"};
  terms.components = {{.rule = Basis{.kind = TargetMinusActual{}}},
                      {.rule = RoundingRule{}},
                      {.rule = Adjustment{.name = "claw_back",
                                          .kind = AdjustmentKind::kRecovery,
                                          .amount = StatedAmount{"overpaid"}}}};
  MakeContracts(1, 0, terms);
  const DateRange next = DateRange::Year(2025);
  const auto facts = [](std::int64_t saved, std::int64_t overpaid) {
    return Facts()
        .SetAmount("benchmark", Money::FromCents(saved))
        .SetAmount("expenditure", Money())
        .SetAmount("overpaid", Money::FromCents(overpaid));
  };
  FactSet later = FactsOf(0, facts(100'000, 0));
  later.period = next;
  Record({FactsOf(0, facts(30'000, 50'000)), later});
  const auto payable_of_2025 = [&] {
    db_.Clock().AdvanceMicros(1);
    const auto summary = service_.Calculate(
        {.program = program_.id, .dates = {.period = next, .pay_date = MakeDate(2026, 9, 1)}},
        hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return service_.Awards(program_.id, next)->front().payable.Cents();
  };
  EXPECT_EQ(Calculate().payable, Money());  // 300.00 of 500.00 is recovered
  EXPECT_EQ(payable_of_2025(), 80'000);     // and the other 200.00
  EXPECT_EQ(Calculate().new_versions, 0);
  Record({FactsOf(0, facts(60'000, 50'000))});  // 2024 was better: it carries nothing any more
  EXPECT_EQ(Calculate().payable.Cents(), 10'000);
  EXPECT_EQ(payable_of_2025(), 100'000);
}

TEST_F(ProgramServiceTest, ProgramIsMadeOnce) {
  EXPECT_TRUE(service_.CreateProgram(program_).ok());
  Program other = program_;
  other.stream = "qip";
  EXPECT_EQ(service_.CreateProgram(other).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(service_.Programs().value(), ::testing::ElementsAre(program_));
}

TEST_F(ProgramServiceTest, ProgramNeedsKnownStreamAndCategory) {
  Program program = program_;
  program.id = db_.Ids().Next<ProgramTag>();
  program.stream = "bonus";
  EXPECT_THAT(StatusMessage(service_.CreateProgram(program)), HasSubstr("VBPR payment stream"));
  program.stream = "qip";
  program.lan_category = "5A";
  EXPECT_THAT(StatusMessage(service_.CreateProgram(program)), HasSubstr("HCP-LAN category"));
}

TEST_F(ProgramServiceTest, ContractOfUnknownProgramIsNotFound) {
  const Contract contract{.id = ContractId(5),
                          .payer = payer_,
                          .program = ProgramId(77),
                          .party = PartyId(1),
                          .effective = DateRange::Year(2024)};
  EXPECT_EQ(service_.CreateContracts({&contract, 1}).code(), absl::StatusCode::kNotFound);
}

TEST_F(ProgramServiceTest, ContractsAndTermsAreRepeatable) {
  MakeContracts(2, 1, SavingsTerms(EqualSplit()));
  EXPECT_TRUE(service_.CreateContracts(contracts_).ok());
  const NewTerms same{.contract = contracts_[0].id,
                      .effective = DateRange::From(MakeDate(2022, 1, 1)),
                      .terms = SavingsTerms(EqualSplit())};
  EXPECT_THAT(service_.AddTerms({&same, 1}).value(), ::testing::ElementsAre(1));
  NewTerms other = same;
  other.terms = SavingsTerms(PracticeAndProviderSplit());
  EXPECT_THAT(service_.AddTerms({&other, 1}).value(), ::testing::ElementsAre(2));
  std::vector<Contract> changed = contracts_;
  changed[1].party = PartyId(3);
  EXPECT_EQ(service_.CreateContracts(changed).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(ProgramServiceTest, CalculatesAndStoresAwardSharesAndPackage) {
  MakeContracts(2, 3, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(100))});
  const CalculationSummary summary = Calculate();
  EXPECT_EQ(summary.contracts, 2);
  EXPECT_EQ(summary.new_versions, 2);
  EXPECT_EQ(summary.shares, 8);
  EXPECT_EQ(summary.zeros.at(ReasonCode::kBelowMinimumSavingsRate), 1);
  // 2,000,000 x 50 % x (1 - 2 %)
  EXPECT_EQ(summary.earned.Cents(), 980'000'00);
  EXPECT_EQ(summary.delta, summary.payable);

  const std::vector<StoredAward> awards = Awards();
  ASSERT_EQ(awards.size(), 2U);
  EXPECT_EQ(awards[0].amount.Cents(), 980'000'00);
  EXPECT_EQ(awards[0].delta.Cents(), 980'000'00);
  EXPECT_EQ(awards[0].stream, "ssl");
  EXPECT_EQ(awards[1].zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  EXPECT_THAT(awards[0].explanation, HasSubstr("rate"));
  for (const StoredAward& award : awards) {
    const AwardKey key = KeyOf(award);
    std::vector<SplitShare> shares;
    const auto rows = service_.Shares({&key, 1});
    ASSERT_TRUE(rows.ok());
    for (const StoredShare& stored : *rows) {
      shares.push_back(stored.share);
    }
    EXPECT_TRUE(CheckSplit(award.payable, shares).ok());
    const auto report = ReplayPackage(service_.Package(key).value());
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->Matches()) << ToText(*report);
    EXPECT_EQ(report->settlement.shares, shares);
    EXPECT_EQ(report->settlement.award.amount, award.amount);
  }
}

TEST_F(ProgramServiceTest, CalculatingAgainStoresNothing) {
  MakeContracts(3, 2, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(3'000'000)),
          FactsOf(2, SavingsFacts(-3'000'000))});
  const CalculationSummary first = Calculate();
  EXPECT_LT(first.losses, Money()) << Awards()[2].explanation;
  // The same facts learned again are the same facts.
  Record({FactsOf(0, SavingsFacts(2'000'000))});
  const CalculationSummary second = Calculate();
  EXPECT_EQ(second.unchanged, 3);
  EXPECT_EQ(second.new_versions, 0);
  EXPECT_EQ(second.delta, Money());
  EXPECT_EQ(second.payable, first.payable);
  EXPECT_EQ(Awards()[0].version, 1);
}

TEST_F(ProgramServiceTest, ChangedFactMakesAVersionWithItsDelta) {
  MakeContracts(2, 2, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(2'000'000))});
  Calculate();
  Record({FactsOf(0, SavingsFacts(1'500'000))});
  const CalculationSummary summary = Calculate();
  EXPECT_EQ(summary.new_versions, 1);
  EXPECT_EQ(summary.delta.Cents(), -245'000'00);
  const auto history = service_.History(contracts_[0].id, Dates2024().period).value();
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].award, history[1].award);
  EXPECT_EQ(history[1].version, 2);
  EXPECT_EQ(history[1].amount.Cents(), 735'000'00);
  EXPECT_EQ(history[1].delta.Cents(), -245'000'00);
}

TEST_F(ProgramServiceTest, BlockedVersionMovesNothing) {
  MakeContracts(2, 2, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(2'000'000))});
  Calculate();
  ASSERT_TRUE(service_.RetractFact(FactsOf(0, {}), "benchmark", "test").ok());
  const CalculationSummary blocked = Calculate();
  EXPECT_EQ(blocked.blocked, 1);
  EXPECT_EQ(blocked.delta, Money());
  ASSERT_EQ(blocked.missing.size(), 1U);
  EXPECT_THAT(blocked.missing[0].second, HasSubstr("benchmark"));
  EXPECT_EQ(blocked.earned.Cents(), 980'000'00);  // the other contract is not stopped
  Record({FactsOf(0, SavingsFacts(1'500'000))});
  EXPECT_EQ(Calculate().delta.Cents(), -245'000'00);  // against the last computed version
}

TEST_F(ProgramServiceTest, WithoutTermsOrHierarchyOnlyThatContractIsBlocked) {
  MakeContracts(2, 1, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(2'000'000))});
  const NewTerms withdrawn{.contract = contracts_[0].id,
                           .effective = DateRange::Year(2024),
                           .terms = SavingsTerms(EqualSplit()),
                           .state = TermsState::kWithdrawn};
  ASSERT_TRUE(service_.AddTerms({&withdrawn, 1}).ok());
  CalculationSummary summary = Calculate();
  ASSERT_EQ(summary.missing.size(), 1U);
  EXPECT_THAT(summary.missing[0].second, HasSubstr("terms in force on 2024-01-01"));

  hierarchy_ = HierarchySnapshot();
  summary = Calculate();
  EXPECT_EQ(summary.blocked, 2);
  EXPECT_THAT(summary.missing[1].second, HasSubstr("not in the hierarchy"));
  for (const StoredAward& award : Awards()) {
    const auto report = ReplayPackage(service_.Package(KeyOf(award)).value());
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->Matches()) << ToText(*report);
  }
}

TEST_F(ProgramServiceTest, OrderOfRowsDoesNotMatter) {
  MakeContracts(2, 6, SavingsTerms(PracticeAndProviderSplit()));
  std::vector<FactSet> sets;
  for (const std::size_t contract : {0U, 1U}) {
    sets.push_back(FactsOf(contract, SavingsFacts(4'000'000)));
    for (std::int64_t p = 1; p <= 6; ++p) {
      FactSet set = FactsOf(contract, Facts().SetCount("member_months", p * 17));
      set.party = PartyId(contracts_[contract].party.Value() + p);
      sets.push_back(set);
    }
  }
  Record(sets);
  Calculate();
  const std::vector<StoredAward> first = Awards();
  std::mt19937 random(PrintedSeed());
  for (int i = 0; i < 3; ++i) {
    std::ranges::shuffle(sets, random);
    for (const FactSet& set : sets) Record({set});
    EXPECT_EQ(Calculate().unchanged, 2);
  }
  EXPECT_EQ(Awards(), first);
  EXPECT_EQ(first[0].facts_sha256, first[1].facts_sha256);
}

// P5: after fifty retroactive edits, every settlement can be had again as it was known, bit for
// bit.
TEST_F(ProgramServiceTest, AsKnownRecalculationGivesTheSameBytes) {
  MakeContracts(3, 4, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000)), FactsOf(1, SavingsFacts(-2'500'000)),
          FactsOf(2, SavingsFacts(800'000))});
  Calculate();
  std::mt19937 random(PrintedSeed());
  for (int edit = 0; edit < 50; ++edit) {
    Record({FactsOf(random() % 3, SavingsFacts(static_cast<std::int64_t>(random() % 4'000'000)))});
    if (edit % 10 == 0) Calculate();
  }
  const NewTerms later{.contract = contracts_[0].id,
                       .effective = DateRange::From(MakeDate(2022, 1, 1)),
                       .terms = SavingsTerms(Split{.levels = {{}}})};
  ASSERT_TRUE(service_.AddTerms({&later, 1}).ok());
  Calculate();
  int versions = 0;
  for (const Contract& contract : contracts_) {
    const auto history = service_.History(contract.id, Dates2024().period);
    ASSERT_TRUE(history.ok());
    for (const StoredAward& award : *history) {
      const auto again = service_.RecalculateAsKnown(KeyOf(award), hierarchy_);
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(*again, service_.Package(KeyOf(award)).value());
      ++versions;
    }
  }
  EXPECT_GT(versions, 6);
}

TEST_F(ProgramServiceTest, KnownAtHidesWhatCameLater) {
  MakeContracts(1, 1, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000))});
  const Instant then = db_.Clock().Now();
  Record({FactsOf(0, SavingsFacts(1'000'000))});
  const auto summary = service_.Calculate(
      {.program = program_.id, .dates = Dates2024(), .known_at = then}, hierarchy_);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->earned.Cents(), 980'000'00);
}

TEST_F(ProgramServiceTest, AnotherPayerSeesNothing) {
  MakeContracts(1, 1, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000))});
  Calculate();
  const AwardKey key = KeyOf(Awards()[0]);
  ProgramService other(db_.App().ForPayer(db_.NewPayer("Other")), db_.Clock(), db_.Ids());
  EXPECT_THAT(other.Programs().value(), IsEmpty());
  EXPECT_THAT(other.Awards(program_.id, Dates2024().period).value(), IsEmpty());
  EXPECT_THAT(other.Shares({&key, 1}).value(), IsEmpty());
  EXPECT_EQ(other.Package(key).status().code(), absl::StatusCode::kNotFound);
  const FactSet facts = FactsOf(0, SavingsFacts(9'000'000));
  EXPECT_EQ(other.RecordFacts({&facts, 1}, "intruder").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(ProgramServiceTest, StoredRowsCannotBeChanged) {
  MakeContracts(1, 1, SavingsTerms(EqualSplit()));
  Record({FactsOf(0, SavingsFacts(2'000'000))});
  Calculate();
  const pg::Query statements[] = {
      {"test_update_award", "UPDATE performance.award SET amount_cents = 0"},
      {"test_update_share", "UPDATE performance.award_split SET amount_cents = 0"},
      {"test_update_fact", "UPDATE performance.fact SET value = '0'"},
      {"test_update_terms", "UPDATE performance.terms SET version = 9"},
      {"test_update_package", "UPDATE performance.calculation_package SET content = ''"},
      {"test_delete_award", "DELETE FROM performance.calculation_package"},
      {"test_delete_fact", "DELETE FROM performance.fact"},
  };
  for (const pg::Query& statement : statements) {
    const Status status = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(statement);
      return OkStatus();
    });
    EXPECT_FALSE(status.ok()) << statement.sql;
  }
}

TEST_F(ProgramServiceTest, FiveHundredContractsWithFifteenThousandShares) {
  MakeContracts(500, 30, SavingsTerms(EqualSplit()));
  std::vector<FactSet> sets;
  for (std::size_t i = 0; i < contracts_.size(); ++i) {
    sets.push_back(FactsOf(i, SavingsFacts(1'000'000 + static_cast<std::int64_t>(i))));
  }
  Record(sets);
  const auto start = std::chrono::steady_clock::now();
  const CalculationSummary summary = Calculate();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  std::printf("500 contracts, %lld shares: %lld ms\n", static_cast<long long>(summary.shares),
              static_cast<long long>(took.count()));
  EXPECT_EQ(summary.new_versions, 500);
  EXPECT_EQ(summary.shares, 15'500);
}

}  // namespace
}  // namespace sluice::performance
