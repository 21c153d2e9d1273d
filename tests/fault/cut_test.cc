// Connections that are cut around COMMIT, before it arrives and after it is done: one effect.
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "tests/fault/kill_rounds.h"
#include "tests/fault/paid_cycle.h"
#include "tests/pg/cutting_proxy.h"

namespace sluice::payments {
namespace {

using ::sluice::testing::CuttingProxy;
using Cut = CuttingProxy::Cut;

class CutTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { rounds_ = std::make_unique<KillRounds>(); }
  static void TearDownTestSuite() { rounds_.reset(); }
  void SetUp() override { ASSERT_EQ(rounds_->Problem(), ""); }

  // Pays a cycle over two proxies on TCP that cut as `choose` says.
  void PayThrough(const std::function<Cut()>& choose) {
    auto cycle = PaidCycle::Open(rounds_->FreshCopy());
    ASSERT_TRUE(cycle.ok()) << StatusMessage(cycle.status());
    PaidCycle& paid = **cycle;
    CuttingProxy app(paid.Server().App(), CuttingProxy::Front::kTcp);
    CuttingProxy files(paid.Server().Files(), CuttingProxy::Front::kTcp);
    const Status connected = paid.ConnectThrough(app.Options(), files.Options());
    ASSERT_TRUE(connected.ok()) << StatusMessage(connected);
    app.CutBy(choose);
    files.CutBy(choose);
    const Status worked = paid.Work();
    EXPECT_TRUE(worked.ok()) << StatusMessage(worked);
    EXPECT_GT(app.Cuts(), 20);
    EXPECT_GT(files.Cuts(), 10);
    std::cout << app.Cuts() + files.Cuts() << " connections were cut\n";
    app.CutBy([] { return Cut::kNothing; });
    files.CutBy([] { return Cut::kNothing; });
    const auto left = paid.Observe();
    ASSERT_TRUE(left.ok()) << StatusMessage(left.status());
    EXPECT_TRUE(*left == rounds_->Undisturbed()) << *left;
    // The connections of the proxies end before the proxies.
    EXPECT_TRUE(paid.ConnectThrough(paid.Server().App(), paid.Server().Files()).ok());
  }

  static inline std::unique_ptr<KillRounds> rounds_;
};

// feature:M14
TEST_F(CutTest, EverySecondCommitIsCutBeforeItArrives) {
  bool cut = false;
  std::mutex mutex;
  PayThrough([&] {
    const std::lock_guard lock(mutex);
    return (cut = !cut) ? Cut::kBeforeDelivery : Cut::kNothing;
  });
}

// feature:M14
TEST_F(CutTest, EveryAnswerToASecondCommitIsLost) {
  bool cut = false;
  std::mutex mutex;
  PayThrough([&] {
    const std::lock_guard lock(mutex);
    return (cut = !cut) ? Cut::kAfterDelivery : Cut::kNothing;
  });
}

// feature:M14
TEST_F(CutTest, CommitsAreCutAtRandom) {
  constexpr std::uint64_t kSeed = 20'261'002;
  std::cout << "seed " << kSeed << "\n";
  constexpr int kMostInARow = 2;
  std::mt19937_64 random(kSeed);
  std::mutex mutex;
  int in_a_row = 0;
  PayThrough([&] {
    const std::lock_guard lock(mutex);
    constexpr std::array kCuts = {Cut::kNothing, Cut::kBeforeDelivery, Cut::kAfterDelivery,
                                  Cut::kNothing};
    const Cut next = kCuts[random() % kCuts.size()];
    // A transaction is tried a few times and then given up, which is not what is looked at here.
    in_a_row = next == Cut::kNothing ? 0 : in_a_row + 1;
    if (in_a_row <= kMostInARow) return next;
    in_a_row = 0;
    return Cut::kNothing;
  });
}

}  // namespace
}  // namespace sluice::payments
