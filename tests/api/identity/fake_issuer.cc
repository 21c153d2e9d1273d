#include "tests/api/identity/fake_issuer.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/crypto.h"

namespace sluice::testing {
namespace {

struct FreePkey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;

std::string EncodeText(const std::string& text) { return ToBase64Url(AsBytes(text)); }

Bytes Sign(EVP_PKEY* key, const std::string& text) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  CHECK(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1);
  const Bytes message(text.begin(), text.end());
  std::size_t size = 0;
  CHECK(EVP_DigestSign(context, nullptr, &size, message.data(), message.size()) == 1);
  Bytes signature(size);
  CHECK(EVP_DigestSign(context, signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return signature;
}

std::string NumberOf(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  BN_free(number);
  return ToBase64Url(bytes);
}

// Two numbers of 32 bytes each.
Bytes PairOf(const Bytes& der) {
  const unsigned char* at = der.data();
  ECDSA_SIG* const pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  CHECK(pair != nullptr);
  Bytes bytes(64);
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes.data(), 32) == 32);
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes.data() + 32, 32) == 32);
  ECDSA_SIG_free(pair);
  return bytes;
}

}  // namespace

struct FakeIssuer::State {
  Pkey rsa{EVP_RSA_gen(2048)};
  Pkey ec{EVP_EC_gen("P-256")};
  std::string rsa_id = "rsa-1";
};

FakeIssuer::FakeIssuer() : state_(std::make_unique<State>()) {}
FakeIssuer::~FakeIssuer() = default;

void FakeIssuer::Rotate(const std::string& id) {
  state_->rsa.reset(EVP_RSA_gen(2048));
  state_->rsa_id = id;
}

std::string FakeIssuer::Keys() const {
  EVP_PKEY* const rsa = state_->rsa.get();
  Bytes point(65);
  std::size_t size = 0;
  CHECK(EVP_PKEY_get_octet_string_param(state_->ec.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                        point.size(), &size) == 1);
  const ByteView numbers(point);
  return fmt::format(R"({{"keys":[{{"kty":"oct","kid":"shared","k":"c2VjcmV0"}},)"
                     R"({{"kty":"RSA","kid":"{}","use":"sig","alg":"RS256","n":"{}","e":"{}"}},)"
                     R"({{"kty":"EC","kid":"ec-1","crv":"P-256","x":"{}","y":"{}"}}]}})",
                     state_->rsa_id, NumberOf(rsa, OSSL_PKEY_PARAM_RSA_N),
                     NumberOf(rsa, OSSL_PKEY_PARAM_RSA_E), ToBase64Url(numbers.subspan(1, 32)),
                     ToBase64Url(numbers.subspan(33, 32)));
}

std::string FakeIssuer::SignRs256(const std::string& claims, const std::string& header) const {
  const std::string text =
      EncodeText(header.empty()
                     ? fmt::format(R"({{"alg":"RS256","typ":"JWT","kid":"{}"}})", state_->rsa_id)
                     : header) +
      "." + EncodeText(claims);
  return text + "." + ToBase64Url(Sign(state_->rsa.get(), text));
}

std::string FakeIssuer::SignEs256(const std::string& claims, const std::string& header) const {
  const std::string text = EncodeText(header.empty() ? R"({"alg":"ES256","kid":"ec-1"})" : header) +
                           "." + EncodeText(claims);
  return text + "." + ToBase64Url(PairOf(Sign(state_->ec.get(), text)));
}

std::string FakeIssuer::SignWithPublicKeyAsSecret(const std::string& claims) const {
  BIO* const bio = BIO_new(BIO_s_mem());
  CHECK(PEM_write_bio_PUBKEY(bio, state_->rsa.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  const std::string pem(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  const std::string text =
      EncodeText(fmt::format(R"({{"alg":"HS256","kid":"{}"}})", state_->rsa_id)) + "." +
      EncodeText(claims);
  return text + "." + ToBase64Url(HmacSha256(AsBytes(pem), AsBytes(text)));
}

std::string Unsigned(const std::string& header, const std::string& claims) {
  return EncodeText(header) + "." + EncodeText(claims) + ".";
}

}  // namespace sluice::testing
