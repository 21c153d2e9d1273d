// Contracts, facts and participants for tests of settlements: real designs, made-up numbers.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "performance/settlement.h"
#include "performance/terms.h"

namespace sluice::performance::testing {

// Shared savings and losses by the rules of the Medicare Shared Savings Program, BASIC level E in
// 2024, with the given split after everything else.
Terms SavingsTerms(const Split& split, bool has_advance = false);
// A withhold earned back by quality, with the measures "CBP" and "GSD" (lower is better).
Terms QualityTerms(const Split& split);
// One third kept, the rest in equal weights; losses are mirrored.
Split EqualSplit();
// Two levels: practices by member months after 10 % is kept, providers by points with a floor and
// a cap; what is forfeited goes to the parent.
Split PracticeAndProviderSplit();

CalculationDates Dates2024();
// A contract that saved `saving` dollars of a benchmark of 50 million.
Facts SavingsFacts(std::int64_t saving_dollars);
// `measures` at 70 and 20 per cent of 100, one million withheld.
Facts QualityFacts();

// A random input of one of the two designs, with participants two generations deep; some of them
// without standing, some without weight, now and then a fact that is missing.
class RandomSettlements {
 public:
  explicit RandomSettlements(unsigned seed) : random_(seed) {}
  SettlementInput Next();

 private:
  std::int64_t Up(std::int64_t limit) {
    return std::uniform_int_distribution<std::int64_t>(0, limit)(random_);
  }
  Participant NextParticipant(std::int64_t id, int generations);

  std::mt19937 random_;
};

// A seed that is printed, or SLUICE_TEST_SEED to repeat a run.
unsigned PrintedSeed();

}  // namespace sluice::performance::testing
