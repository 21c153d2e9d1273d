// Passwords of built-in accounts: Argon2id (RFC 9106), by libsodium.
//
// The verifier is a text that holds its own salt and cost, so that the cost may grow later without
// anybody losing access.
#pragma once

#include <cstddef>
#include <string>

#include "core/secret.h"
#include "core/status.h"

namespace sluice::api {

using Password = Secret<std::string>;

// How much work a guess takes. Tests take less.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = std::size_t{64} << 20;
};

// InvalidArgument unless it has 12 to 128 bytes of UTF-8. No other rule: length is what counts
// (NIST SP 800-63B), and nobody has to change it on a schedule.
Status CheckNewPassword(const Password& password);

std::string MakeVerifier(const Password& password, const PasswordCost& cost = {});
bool Matches(const std::string& verifier, const Password& password);

}  // namespace sluice::api
