// Every seed of the corpora through every reader, and a little fuzzing: the longer run is
// tests/fault/fuzz/run.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/fault/fuzz/mutation.h"
#include "tests/fault/fuzz/parsers.h"
#include "tests/support/shared_data.h"

namespace sluice::payments {
namespace {

std::vector<std::string> SeedsOf(const FuzzedParser& parser) {
  std::vector<std::string> seeds = OwnSeeds(parser.name);
  const std::string folder = ::sluice::testing::SharedPath("corpora/" + std::string(parser.corpus));
  for (std::string& seed : SeedsIn(folder)) seeds.push_back(std::move(seed));
  return seeds;
}

// feature:M05
TEST(ParserFuzz, EverySeedGoesThroughEveryReader) {
  std::size_t read = 0;
  for (const FuzzedParser& from : FuzzedParsers()) {
    for (const std::string& seed : SeedsOf(from)) {
      for (const FuzzedParser& parser : FuzzedParsers()) parser.read(seed);
      ++read;
    }
  }
  EXPECT_GE(read, FuzzedParsers().size());
}

// feature:M05
TEST(ParserFuzz, AThousandChangedFilesForEachReader) {
  constexpr std::uint64_t kSeed = 20'261'003;
  std::cout << "seed " << kSeed << "\n";
  for (const FuzzedParser& parser : FuzzedParsers()) {
    ByteMutator mutator(kSeed, parser.words, SeedsOf(parser));
    for (int i = 0; i < 1'000; ++i) parser.read(mutator.Next());
  }
}

}  // namespace
}  // namespace sluice::payments
