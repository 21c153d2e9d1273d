#include "api/identity/issuer_keys.h"

#include "core/log.h"

namespace sluice::api {
namespace {

constexpr std::int64_t kSecondMicros = 1'000'000;
constexpr std::int64_t kFresh = 600 * kSecondMicros;
constexpr std::int64_t kUsable = 24 * 3600 * kSecondMicros;
constexpr std::int64_t kTryAgain = 30 * kSecondMicros;

std::int64_t AgeOf(Instant at, Instant now) { return now.Micros() - at.Micros(); }

}  // namespace

StatusOr<JwtClaims> IssuerKeys::Verify(std::string_view token, const JwtRules& rules) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const KeySet> keys, Get(Need::kAny));
  StatusOr<JwtClaims> claims = VerifyJwt(token, *keys, rules, clock_.Now());
  if (claims.status().code() != absl::StatusCode::kNotFound) return claims;
  ASSIGN_OR_RETURN(const std::shared_ptr<const KeySet> newer, Get(Need::kNewer));
  if (newer != keys) claims = VerifyJwt(token, *newer, rules, clock_.Now());
  if (claims.status().code() == absl::StatusCode::kNotFound) {
    return Unauthenticated("{}", StatusMessage(claims.status()));
  }
  return claims;
}

bool IssuerKeys::IsDue(const Kept& kept, Need need, Instant now) const {
  if (kept.tried && AgeOf(kept.tried_at, now) < kTryAgain) return false;
  return kept.keys == nullptr || need == Need::kNewer || AgeOf(kept.fetched_at, now) >= kFresh;
}

StatusOr<std::shared_ptr<const KeySet>> IssuerKeys::Get(Need need) {
  const Instant now = clock_.Now();
  const auto kept = [&] {
    const std::lock_guard lock(mutex_);
    return kept_;
  };
  Kept seen = kept();
  if (IsDue(seen, need, now)) {
    std::unique_lock fetching(fetching_, std::defer_lock);
    // Whoever has no keys at all waits for the one who fetches them.
    if (seen.keys == nullptr) {
      fetching.lock();
    } else {
      (void)fetching.try_lock();
    }
    if (fetching.owns_lock() && IsDue(kept(), need, now)) {
      StatusOr<KeySet> fetched = FetchKeys();
      const std::lock_guard lock(mutex_);
      kept_.tried = true;
      kept_.tried_at = now;
      if (fetched.ok()) {
        kept_.keys = std::make_shared<const KeySet>(*std::move(fetched));
        kept_.fetched_at = now;
      } else {
        LogWarning("keys of an issuer not fetched", {{"status", fetched.status()}});
      }
    }
    seen = kept();
  }
  if (seen.keys == nullptr || AgeOf(seen.fetched_at, now) >= kUsable) {
    return Unavailable("the keys of the issuer cannot be had now");
  }
  return seen.keys;
}

StatusOr<KeySet> IssuerKeys::FetchKeys() const {
  ASSIGN_OR_RETURN(const Place place, find_place_());
  ASSIGN_OR_RETURN(const FetchAnswer answer,
                   fetch_(FetchRequest{.url = place.url, .ca_file = place.ca_file}));
  if (answer.status != 200) {
    return Unavailable("{} answers {}", place.url, answer.status);
  }
  return KeySet::Parse(answer.body);
}

}  // namespace sluice::api
