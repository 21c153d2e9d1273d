#include "core/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

#include "core/check.h"

namespace sluice {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

int IntSize(std::size_t size) {
  CHECK(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

Key PrivateKey(const SecretKey& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.Reveal().data(),
                                       seed.Reveal().size()));
  CHECK(key != nullptr);
  return key;
}

}  // namespace

void Wipe(void* bytes, std::size_t size) { OPENSSL_cleanse(bytes, size); }

Bytes RandomBytes(std::size_t count) {
  Bytes bytes(count);
  CHECK(RAND_bytes(bytes.data(), IntSize(count)) == 1);
  return bytes;
}

SecretKey RandomKey() {
  std::array<std::uint8_t, 32> key{};
  CHECK(RAND_priv_bytes(key.data(), IntSize(key.size())) == 1);
  SecretKey secret(key);
  Wipe(key.data(), key.size());
  return secret;
}

StatusOr<SecretKey> KeyFromBytes(ByteView bytes) {
  std::array<std::uint8_t, 32> key{};
  if (bytes.size() != key.size()) {
    return InvalidArgument("a key is {} bytes, not {}", key.size(), bytes.size());
  }
  std::ranges::copy(bytes, key.begin());
  SecretKey secret(key);
  Wipe(key.data(), key.size());
  return secret;
}

bool LooksMadeUp(const SecretKey& key) {
  const auto& bytes = key.Reveal();
  if (std::set<std::uint8_t>(bytes.begin(), bytes.end()).size() < 16) return true;
  int even_steps = 0;
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    const auto step = static_cast<std::uint8_t>(bytes[i] - bytes[i - 1]);
    if (step == static_cast<std::uint8_t>(bytes[i - 1] - bytes[i - 2])) ++even_steps;
  }
  return even_steps > 12 || std::ranges::all_of(bytes, [](int c) { return c >= ' ' && c <= '~'; });
}

Bytes Seal(const SecretKey& key, ByteView plaintext, ByteView aad) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  Bytes sealed = RandomBytes(kSealNonceSize);
  sealed.resize(kSealNonceSize + plaintext.size() + kSealTagSize);
  std::uint8_t* const ciphertext = sealed.data() + kSealNonceSize;
  int length = 0;
  CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.Reveal().data(),
                           sealed.data()) == 1);
  if (!aad.empty()) {
    CHECK(EVP_EncryptUpdate(context.get(), nullptr, &length, aad.data(), IntSize(aad.size())) == 1);
  }
  if (!plaintext.empty()) {
    CHECK(EVP_EncryptUpdate(context.get(), ciphertext, &length, plaintext.data(),
                            IntSize(plaintext.size())) == 1);
    CHECK(length == IntSize(plaintext.size()));
  }
  std::uint8_t* const tag = ciphertext + plaintext.size();
  CHECK(EVP_EncryptFinal_ex(context.get(), tag, &length) == 1 && length == 0);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kSealTagSize, tag) == 1);
  return sealed;
}

StatusOr<SecretBytes> Open(const SecretKey& key, ByteView sealed, ByteView aad) {
  if (sealed.size() < kSealNonceSize + kSealTagSize) {
    return DataLoss("sealed bytes are cut: {} bytes", sealed.size());
  }
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  const ByteView ciphertext =
      sealed.subspan(kSealNonceSize, sealed.size() - kSealNonceSize - kSealTagSize);
  Bytes tag(sealed.end() - kSealTagSize, sealed.end());
  Bytes plaintext(ciphertext.size());
  int length = 0;
  CHECK(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.Reveal().data(),
                           sealed.data()) == 1);
  if (!aad.empty()) {
    CHECK(EVP_DecryptUpdate(context.get(), nullptr, &length, aad.data(), IntSize(aad.size())) == 1);
  }
  if (!ciphertext.empty()) {
    CHECK(EVP_DecryptUpdate(context.get(), plaintext.data(), &length, ciphertext.data(),
                            IntSize(ciphertext.size())) == 1);
  }
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kSealTagSize, tag.data()) == 1);
  std::uint8_t rest[kSealTagSize];
  const bool genuine = EVP_DecryptFinal_ex(context.get(), rest, &length) == 1;
  SecretBytes secret(std::move(plaintext));
  if (!genuine) {
    return DataLoss(
        "sealed bytes do not open: they were changed or moved, or the key is another one");
  }
  return secret;
}

Digest HmacSha256(ByteView key, ByteView message) {
  Digest digest{};
  unsigned length = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), IntSize(key.size()), message.data(), message.size(),
             digest.data(), &length) != nullptr);
  CHECK(length == digest.size());
  return digest;
}

bool ConstantTimeEqual(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

PublicKey PublicKeyOf(const SecretKey& seed) {
  PublicKey result{};
  std::size_t length = result.size();
  CHECK(EVP_PKEY_get_raw_public_key(PrivateKey(seed).get(), result.data(), &length) == 1);
  CHECK(length == result.size());
  return result;
}

Signature Sign(const SecretKey& seed, ByteView message) {
  const Key key = PrivateKey(seed);
  const DigestContext context(EVP_MD_CTX_new());
  Signature signature{};
  std::size_t length = signature.size();
  CHECK(context != nullptr);
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &length, message.data(), message.size()) ==
        1);
  CHECK(length == signature.size());
  return signature;
}

bool Verify(const PublicKey& key, ByteView message, const Signature& signature) {
  const Key handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const DigestContext context(EVP_MD_CTX_new());
  CHECK(handle != nullptr && context != nullptr);
  CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace sluice
