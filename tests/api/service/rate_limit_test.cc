#include "api/service/rate_limit.h"

#include <gtest/gtest.h>

#include "api/gateway/problem.h"
#include "api/service/reason.h"

namespace sluice::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const RateLimiter::Time kStart{};

int TakenAt(RateLimiter& limiter, const std::string& key, RateLimiter::Time now) {
  int taken = 0;
  while (limiter.Take(key, now).ok()) ++taken;
  return taken;
}

TEST(RateLimiter, ABurstAndThenASteadyRate) {
  RateLimiter limiter({.burst = 5, .per_second = 10});
  EXPECT_EQ(TakenAt(limiter, "ann", kStart), 5);
  EXPECT_EQ(TakenAt(limiter, "ann", kStart + milliseconds(99)), 0);
  EXPECT_EQ(TakenAt(limiter, "ann", kStart + milliseconds(100)), 1);
  EXPECT_EQ(TakenAt(limiter, "ann", kStart + milliseconds(400)), 3);
  EXPECT_EQ(TakenAt(limiter, "ann", kStart + seconds(100)), 5);  // never more than the bucket holds
}

TEST(RateLimiter, OneKeyDoesNotSpendAnothers) {
  RateLimiter limiter({.burst = 2, .per_second = 1});
  EXPECT_EQ(TakenAt(limiter, "ann", kStart), 2);
  EXPECT_EQ(TakenAt(limiter, "bob", kStart), 2);
}

TEST(RateLimiter, KeysBeyondTheMostShareABucket) {
  RateLimiter limiter({.burst = 2, .per_second = 1}, 2);
  EXPECT_EQ(TakenAt(limiter, "ann", kStart), 2);
  EXPECT_EQ(TakenAt(limiter, "bob", kStart), 2);
  EXPECT_EQ(TakenAt(limiter, "carol", kStart), 2);
  EXPECT_EQ(TakenAt(limiter, "dave", kStart), 0);
  // Whoever is full again is forgotten, and makes room.
  EXPECT_EQ(TakenAt(limiter, "dave", kStart + seconds(20)), 2);
  EXPECT_EQ(TakenAt(limiter, "erin", kStart + seconds(20)), 2);
}

TEST(RateLimiter, ARefusalSaysWhenToComeAgain) {
  RateLimiter limiter({.burst = 1, .per_second = 1});
  ASSERT_TRUE(limiter.Take("ann", kStart).ok());
  const Status refused = limiter.Take("ann", kStart);
  const ProblemAnswer problem = ProblemOf(ToRpcStatus(refused), {.instance = "req"});
  EXPECT_EQ(problem.http_status, 429);
  EXPECT_EQ(problem.retry_after_seconds, 1);
}

}  // namespace
}  // namespace sluice::api
