// The midpoint identity: by hand, on random segments, and on the published results.
#include "performance/savings/variance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include "core/csv.h"

namespace sluice::performance {
namespace {

Exact Dollars(const Ratio& dollars) { return Exact(Money::FromCents(100)) * dollars; }

// feature:P12
TEST(MidpointVariance, ByHand) {
  const std::vector<VarianceSegment> before = {{"a", Ratio(1, 2), Dollars(Ratio(100))},
                                               {"b", Ratio(1, 2), Dollars(Ratio(300))}};
  const std::vector<VarianceSegment> after = {{"a", Ratio(1, 4), Dollars(Ratio(120))},
                                              {"b", Ratio(3, 4), Dollars(Ratio(300))}};
  const auto variance = MidpointVariance(before, after);
  ASSERT_TRUE(variance.ok());
  EXPECT_EQ(variance->rate, Dollars(Ratio(15, 2)));  // 3/8 x 20
  EXPECT_EQ(variance->mix, Dollars(Ratio(95, 2)));   // -1/4 x 110 + 1/4 x 300
  EXPECT_EQ(variance->after - variance->before, Dollars(Ratio(55)));
  EXPECT_TRUE(variance->residual.IsZero());
  EXPECT_FALSE(MidpointVariance(before, {after.data(), 1}).ok());
}

// feature:P12
TEST(MidpointVariance, LeavesNothingWhateverTheSegments) {
  const unsigned seed = 77;
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937 random(seed);
  const auto ratio = [&] {
    return Ratio(static_cast<std::int64_t>(random() % 100'000),
                 1 + static_cast<std::int64_t>(random() % 997));
  };
  for (int run = 0; run < 200; ++run) {
    std::vector<VarianceSegment> before;
    std::vector<VarianceSegment> after;
    for (int i = 0; i < 5; ++i) {
      before.push_back({std::to_string(i), ratio(), Dollars(ratio())});
      after.push_back({std::to_string(i), ratio(), Dollars(ratio())});
    }
    const auto forward = MidpointVariance(before, after);
    const auto backward = MidpointVariance(after, before);
    EXPECT_TRUE(forward->residual.IsZero()) << "seed " << seed;
    EXPECT_EQ(forward->rate, -backward->rate) << "seed " << seed;  // no order is preferred
  }
}

struct PublishedYear {
  std::vector<VarianceSegment> segments;
};

// ACOs with all four enrollment types in a published file.
std::optional<std::map<std::string, PublishedYear>> ReadYear(const std::string& name) {
  const char* shared = std::getenv("SLUICE_SHARED");
  auto reader = CsvReader::Open(
      (std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/mssp_puf" / name)
          .string());
  if (!reader.ok()) return std::nullopt;
  const std::vector<std::string> types = {"ESRD", "DIS", "AGDU", "AGND"};
  const std::vector<std::string> people = {"ESRD", "DIS", "AGED_Dual", "AGED_NonDual"};
  const auto number = [&](const std::string& column) -> std::optional<Ratio> {
    std::string text((*reader)[*reader->Column(column)]);
    std::erase_if(text, [](char c) { return c == ',' || c == '$' || c == ' '; });
    const auto value = Ratio::Parse(text);
    if (!value.ok()) return std::nullopt;
    return *value;
  };
  std::map<std::string, PublishedYear> years;
  while (reader->Next()) {
    PublishedYear year;
    Ratio all;
    for (std::size_t i = 0; i < types.size(); ++i) {
      const auto cost = number("Per_Capita_Exp_ALL_" + types[i] + "_PY");
      const auto count = number("N_AB_Year_" + people[i] + "_PY");
      if (!cost || !count || cost->IsZero() || count->IsZero()) break;
      year.segments.push_back({types[i], *count, Dollars(*cost)});
      all = all + *count;
    }
    if (year.segments.size() != types.size()) continue;
    for (VarianceSegment& segment : year.segments) segment.weight = segment.weight / all;
    years.emplace(std::string((*reader)[*reader->Column("ACO_ID")]), std::move(year));
  }
  return years;
}

std::string Cents(const Exact& amount) {
  return Round(amount, Rounding::kHalfAwayFromZero).ToString();
}

// feature:P12
TEST(MidpointVariance, ThePublishedPairsHaveNoResidual) {
  const auto before = ReadYear("PY2022.csv");
  const auto after = ReadYear("PY2024.csv");
  if (!before || !after) GTEST_SKIP() << "skipped: no ../shared/data";
  std::int64_t pairs = 0;
  Exact rate;
  Exact mix;
  for (const auto& [aco, year] : *before) {
    const auto later = after->find(aco);
    if (later == after->end()) continue;
    ++pairs;
    const auto variance = MidpointVariance(year.segments, later->second.segments);
    ASSERT_TRUE(variance.ok());
    EXPECT_TRUE(variance->residual.IsZero()) << aco;
    rate = rate + variance->rate;
    mix = mix + variance->mix;
    if (aco != "A1001") continue;
    EXPECT_EQ(Cents(variance->rate), "936.41");
    EXPECT_EQ(Cents(variance->mix), "-50.54");
    EXPECT_EQ(Cents(variance->after - variance->before), "885.87");
  }
  EXPECT_EQ(pairs, 336);
  EXPECT_EQ(Cents(rate * Ratio(1, pairs)), "1,857.15");
  EXPECT_EQ(Cents(mix * Ratio(1, pairs)), "-206.29");
}

}  // namespace
}  // namespace sluice::performance
