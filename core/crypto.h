// Encryption, authentication and signatures, on OpenSSL.
//
// Three primitives and no choice between algorithms: AES-256-GCM to keep bytes secret, HMAC-SHA-256
// to recognize them, Ed25519 to prove who wrote them. Failure of OpenSSL itself is a bug and
// aborts; bytes that do not open or verify are an outcome.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice {

// A symmetric key of 256 bits.
using SecretKey = Secret<std::array<std::uint8_t, 32>>;

// Sealed bytes are: nonce, ciphertext as long as the plaintext, tag.
inline constexpr std::size_t kSealNonceSize = 12;
inline constexpr std::size_t kSealTagSize = 16;

// Bytes of the operating system's secure generator.
Bytes RandomBytes(std::size_t count);
SecretKey RandomKey();
// InvalidArgument when `bytes` are not exactly 32; the message does not show them.
StatusOr<SecretKey> KeyFromBytes(ByteView bytes);
// Whether somebody wrote the key down instead of drawing it: bytes all alike, counted up or down, a
// text. Random bytes look like that with next to no chance.
bool LooksMadeUp(const SecretKey& key);

// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. `aad` is not kept: the caller builds
// the same bytes again to open, so that sealed bytes moved to another row do not open there.
// One key seals at most 2^32 values: beyond it a repeated random nonce is no longer unthinkable.
Bytes Seal(const SecretKey& key, ByteView plaintext, ByteView aad);
// DataLoss when the key, the `aad` or any sealed byte is another than at Seal().
StatusOr<SecretBytes> Open(const SecretKey& key, ByteView sealed, ByteView aad);

// HMAC with SHA-256 (RFC 2104), for blind indexes and request authentication.
Digest HmacSha256(ByteView key, ByteView message);

// Compares in a time that depends on the lengths only.
bool ConstantTimeEqual(ByteView a, ByteView b);

// Ed25519 (RFC 8032).
using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// `seed` is the 32-byte private key of RFC 8032.
PublicKey PublicKeyOf(const SecretKey& seed);
Signature Sign(const SecretKey& seed, ByteView message);
bool Verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace sluice
