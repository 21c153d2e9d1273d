// An issuer of tokens with keys of its own, which signs whatever a test wants.
#pragma once

#include <memory>
#include <string>

namespace sluice::testing {

class FakeIssuer {
 public:
  // With an RSA key "rsa-1" and one of P-256, "ec-1".
  FakeIssuer();
  ~FakeIssuer();

  // Its keys as JWKS.
  std::string Keys() const;
  // Another RSA key under another id, in place of the one before.
  void Rotate(const std::string& id);

  // Signed by the RSA key (RS256), the one of P-256 (ES256), or not at all; claims and header are
  // JSON objects. A header without "kid" and "alg" gets those of the key.
  std::string SignRs256(const std::string& claims, const std::string& header = "") const;
  std::string SignEs256(const std::string& claims, const std::string& header = "") const;
  // HMAC-SHA-256 keyed by the RSA key's public part in PEM: the trick with confused algorithms.
  std::string SignWithPublicKeyAsSecret(const std::string& claims) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "<header>.<claims>.<signature>" of JSON texts and bytes.
std::string Unsigned(const std::string& header, const std::string& claims);

}  // namespace sluice::testing
