// How often somebody may call: a bucket of tokens for each key, which fills at a steady rate.
//
//   1. A caller may spend what the bucket holds at once, and then as fast as it fills.
//   2. Buckets that are full again are forgotten, so that memory is bounded by who calls now;
//   beyond
//      the most buckets, new keys share one.
// Time comes as a parameter. Safe to use from several threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/status.h"

namespace sluice::api {

struct RateLimit {
  std::int64_t burst = 200;      // calls at once
  std::int64_t per_second = 50;  // calls in the long run
};

class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit RateLimiter(RateLimit limit, std::size_t most_keys = 100'000)
      : limit_(limit), most_keys_(most_keys) {}

  // ResourceExhausted, with how long to wait, when the key's bucket is empty.
  Status Take(const std::string& key, Time now);

 private:
  // In microseconds of filling: a call costs what one takes to fill.
  struct Bucket {
    std::int64_t filled_us = 0;
    Time at;
  };

  std::int64_t CostMicros() const { return 1'000'000 / limit_.per_second; }
  void Forget(Time now);

  const RateLimit limit_;
  const std::size_t most_keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Time forgot_at_;
};

}  // namespace sluice::api
