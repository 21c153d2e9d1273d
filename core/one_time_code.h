// One-time codes that follow from a secret and the time (RFC 6238): six digits over HMAC-SHA-1,
// a new one every 30 seconds. It is what authenticator apps compute; the digest is theirs, and
// nothing else here uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/date.h"

namespace sluice {

inline constexpr std::int64_t kCodeStepSeconds = 30;
// As long as the digest (RFC 4226, section 4).
inline constexpr std::size_t kCodeSecretBytes = 20;

// The number of whole steps since 1970.
std::int64_t CodeStepAt(Instant at);
// The code of a step, with leading zeros.
std::string OneTimeCode(ByteView secret, std::int64_t step);
// The step whose code this is: that of `now`, the one before or the one after, for clocks that
// differ; never one up to `last_step`, so that a code is good once. All are compared, in constant
// time.
std::optional<std::int64_t> MatchCode(ByteView secret, std::string_view code, Instant now,
                                      std::int64_t last_step);

// Base 32 (RFC 4648, section 6) without padding, as people type a secret into an app.
std::string ToBase32(ByteView bytes);

}  // namespace sluice
