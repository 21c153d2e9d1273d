#include "core/verifying_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::size_t kCoordinate = 32;
constexpr int kLeastRsaBits = 2'048;
constexpr int kMostRsaBits = 8'192;
constexpr BN_ULONG kLeastExponent = 65'537;

template <typename T, void (*kFree)(T*)>
struct FreeBy {
  void operator()(T* value) const { kFree(value); }
};
using BigNumber = std::unique_ptr<BIGNUM, FreeBy<BIGNUM, BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeBy<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreeBy<OSSL_PARAM, OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using VerifyContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX, EVP_MD_CTX_free>>;
using EcdsaPair = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG, ECDSA_SIG_free>>;

BigNumber NumberOf(ByteView bytes) {
  BigNumber number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  CHECK(number != nullptr);
  return number;
}

// Null when OpenSSL does not take the numbers for a key.
std::shared_ptr<void> MakeKey(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  CHECK(params != nullptr && context != nullptr);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return {key, [](void* made) { EVP_PKEY_free(static_cast<EVP_PKEY*>(made)); }};
}

bool IsSound(const std::shared_ptr<void>& key) {
  const KeyContext context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, static_cast<EVP_PKEY*>(key.get()), nullptr));
  return context != nullptr && EVP_PKEY_public_check(context.get()) == 1;
}

// The two numbers as DER, which OpenSSL reads. Empty for what is no signature.
Bytes DerOfPair(ByteView signature) {
  if (signature.size() != 2 * kCoordinate) return {};
  const EcdsaPair pair(ECDSA_SIG_new());
  CHECK(pair != nullptr);
  BigNumber r = NumberOf(signature.first(kCoordinate));
  BigNumber s = NumberOf(signature.last(kCoordinate));
  CHECK(ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1);
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  CHECK(size > 0);
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  CHECK(i2d_ECDSA_SIG(pair.get(), &at) == size);
  return der;
}

}  // namespace

StatusOr<VerifyingKey> VerifyingKey::FromRsa(ByteView modulus, ByteView exponent) {
  if (modulus.size() > kMostRsaBits / 8 + 1 || exponent.size() > 8) {
    return InvalidArgument("an RSA key has at most {} bits", kMostRsaBits);
  }
  const BigNumber n = NumberOf(modulus);
  const BigNumber e = NumberOf(exponent);
  const int bits = BN_num_bits(n.get());
  if (bits < kLeastRsaBits || bits > kMostRsaBits) {
    return InvalidArgument("an RSA key has {} to {} bits, not {}", kLeastRsaBits, kMostRsaBits,
                           bits);
  }
  if (BN_is_odd(e.get()) != 1 || BN_get_word(e.get()) < kLeastExponent) {
    return InvalidArgument("the exponent of an RSA key is odd and at least {}", kLeastExponent);
  }
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  CHECK(builder != nullptr);
  CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1);
  CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  std::shared_ptr<void> key = MakeKey("RSA", builder.get());
  if (key == nullptr || !IsSound(key)) return InvalidArgument("this is no RSA key");
  return VerifyingKey(Kind::kRsa, std::move(key));
}

StatusOr<VerifyingKey> VerifyingKey::FromP256(ByteView x, ByteView y) {
  if (x.size() != kCoordinate || y.size() != kCoordinate) {
    return InvalidArgument("a coordinate of P-256 has {} bytes", kCoordinate);
  }
  Bytes point = {4};  // uncompressed
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  CHECK(builder != nullptr);
  CHECK(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) ==
        1);
  CHECK(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) == 1);
  std::shared_ptr<void> key = MakeKey("EC", builder.get());
  if (key == nullptr || !IsSound(key)) return InvalidArgument("this is no point of P-256");
  return VerifyingKey(Kind::kP256, std::move(key));
}

bool VerifyingKey::Verify(ByteView message, ByteView signature) const {
  Bytes der;
  if (kind_ == Kind::kP256) {
    der = DerOfPair(signature);
    if (der.empty()) return false;
    signature = der;
  }
  const VerifyContext context(EVP_MD_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                             static_cast<EVP_PKEY*>(key_.get())) == 1);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace sluice
