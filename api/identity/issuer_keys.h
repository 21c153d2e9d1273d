// The keys of an issuer as they are now: fetched when first needed, and again after a while or when
// a token names one that is not there.
//
//   1. An unknown key asks the issuer at most every half minute, so that forged ids do not make us
//      knock at its door.
//   2. While the issuer does not answer, keys up to a day old are used.
//   3. One caller fetches; others go on with what there is.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "api/identity/https_fetch.h"
#include "api/identity/jwt.h"
#include "core/clock.h"
#include "core/status.h"

namespace sluice::api {

class IssuerKeys {
 public:
  struct Place {
    std::string url;  // of the JWKS
    std::string ca_file = {};
  };
  // Reads where the keys are when it is first needed, which may ask the issuer.
  using FindPlace = std::function<StatusOr<Place>()>;

  // The clock outlives it.
  IssuerKeys(FindPlace find_place, Fetch fetch, Clock& clock)
      : find_place_(std::move(find_place)), fetch_(std::move(fetch)), clock_(clock) {}

  // As VerifyJwt, with the keys of now. Unavailable when there are none.
  StatusOr<JwtClaims> Verify(std::string_view token, const JwtRules& rules);

 private:
  struct Kept {
    std::shared_ptr<const KeySet> keys;
    Instant fetched_at;
    Instant tried_at;
    bool tried = false;
  };
  enum class Need { kAny, kNewer };

  StatusOr<std::shared_ptr<const KeySet>> Get(Need need);
  bool IsDue(const Kept& kept, Need need, Instant now) const;
  StatusOr<KeySet> FetchKeys() const;

  FindPlace find_place_;
  Fetch fetch_;
  Clock& clock_;
  std::mutex fetching_;
  std::mutex mutex_;
  Kept kept_;
};

}  // namespace sluice::api
