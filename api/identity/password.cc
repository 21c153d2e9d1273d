#include "api/identity/password.h"

#include <sodium.h>

#include <array>

#include "core/check.h"
#include "core/utf8.h"

namespace sluice::api {
namespace {

constexpr std::size_t kShortestPassword = 12;
constexpr std::size_t kLongestPassword = 128;

void Prepare() {
  static const bool ready = sodium_init() >= 0;
  CHECK(ready);
}

}  // namespace

Status CheckNewPassword(const Password& password) {
  const std::string& text = password.Reveal();
  if (text.size() < kShortestPassword || text.size() > kLongestPassword || !IsUtf8(text)) {
    return InvalidArgument("a password has {} to {} bytes of UTF-8", kShortestPassword,
                           kLongestPassword);
  }
  return OkStatus();
}

std::string MakeVerifier(const Password& password, const PasswordCost& cost) {
  Prepare();
  std::array<char, crypto_pwhash_STRBYTES> verifier{};
  const std::string& text = password.Reveal();
  CHECK(crypto_pwhash_str_alg(verifier.data(), text.data(), text.size(), cost.passes,
                              cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) == 0);
  return verifier.data();
}

bool Matches(const std::string& verifier, const Password& password) {
  Prepare();
  const std::string& text = password.Reveal();
  return text.size() <= kLongestPassword &&
         crypto_pwhash_str_verify(verifier.c_str(), text.data(), text.size()) == 0;
}

}  // namespace sluice::api
