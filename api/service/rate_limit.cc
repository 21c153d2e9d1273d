#include "api/service/rate_limit.h"

#include <algorithm>

#include "api/service/reason.h"

namespace sluice::api {
namespace {

constexpr std::chrono::seconds kForgetEvery{10};

// Where the keys beyond the most meet.
constexpr char kOthers[] = "others";

std::int64_t MicrosBetween(RateLimiter::Time from, RateLimiter::Time to) {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
}

}  // namespace

Status RateLimiter::Take(const std::string& key, Time now) {
  const std::lock_guard lock(mutex_);
  if (now - forgot_at_ >= kForgetEvery) Forget(now);
  const bool is_known = buckets_.contains(key);
  const std::string used = is_known || buckets_.size() < most_keys_ ? key : std::string(kOthers);
  const std::int64_t full = limit_.burst * CostMicros();
  const auto [found, is_new] = buckets_.try_emplace(used, Bucket{full, now});
  Bucket& bucket = found->second;
  bucket.filled_us = std::min(full, bucket.filled_us + MicrosBetween(bucket.at, now));
  bucket.at = now;
  if (bucket.filled_us < CostMicros()) {
    return RetryAfter(ResourceExhausted("too many calls; come again later"),
                      std::chrono::microseconds(CostMicros() - bucket.filled_us));
  }
  bucket.filled_us -= CostMicros();
  return OkStatus();
}

void RateLimiter::Forget(Time now) {
  const std::int64_t full = limit_.burst * CostMicros();
  std::erase_if(buckets_, [&](const auto& entry) {
    return entry.second.filled_us + MicrosBetween(entry.second.at, now) >= full;
  });
  forgot_at_ = now;
}

}  // namespace sluice::api
