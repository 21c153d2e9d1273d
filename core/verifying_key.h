// Public keys of others, and whether they signed something: RSA with PKCS #1 v1.5 and ECDSA over
// P-256, both with SHA-256. These are what issuers of tokens use (RFC 7518, RS256 and ES256); our
// own signatures are Ed25519 (core/crypto.h).
#pragma once

#include <memory>
#include <utility>

#include "core/bytes.h"
#include "core/status.h"

namespace sluice {

class VerifyingKey {
 public:
  enum class Kind { kRsa, kP256 };

  // The numbers big-endian. InvalidArgument unless the modulus has 2048 to 8192 bits and the
  // exponent is odd and at least 65537.
  static StatusOr<VerifyingKey> FromRsa(ByteView modulus, ByteView exponent);
  // The coordinates, 32 bytes each. InvalidArgument for a point that is not on the curve.
  static StatusOr<VerifyingKey> FromP256(ByteView x, ByteView y);

  Kind KeyKind() const { return kind_; }
  // The signature of P-256 is its two numbers, 32 bytes each. Safe to call from several threads.
  bool Verify(ByteView message, ByteView signature) const;

 private:
  VerifyingKey(Kind kind, std::shared_ptr<void> key) : kind_(kind), key_(std::move(key)) {}

  Kind kind_;
  std::shared_ptr<void> key_;  // an EVP_PKEY
};

}  // namespace sluice
