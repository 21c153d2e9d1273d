// Tokens that an issuer signed: JSON Web Tokens (RFC 7519) in compact form, and the keys that
// verify them (RFC 7517).
//
//   1. The algorithm is one of the rules' own list, and the key is of that algorithm: a token
//      chooses neither. "none" and keyed hashes are in no list.
//   2. Keys come from the configured issuer. A header that brings a key or says where one is
//      (jwk, jku, x5u, x5c), or that has an extension which must be understood (crit), is refused.
//   3. Issuer, audience, expiry and subject are always asked for; nothing of the claims is looked
//      at before the signature is right.
// Source: RFC 8725; LEDGER_RELIABILITY_SECURITY 8.6. Pure.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "core/verifying_key.h"

namespace sluice::api {

enum class JwtAlgorithm { kRs256, kEs256 };

// The keys of an issuer.
class KeySet {
 public:
  // The keys of a JWKS that verify one of the algorithms; others are left out, and so are keys
  // without an id. InvalidArgument for what is no JWKS, or when nothing is left.
  static StatusOr<KeySet> Parse(const std::string& json);

  // Null when there is no such key of the algorithm.
  const VerifyingKey* Find(std::string_view id, JwtAlgorithm algorithm) const;

 private:
  struct Key {
    std::string id;
    VerifyingKey key;
  };
  std::vector<Key> keys_;
};

struct JwtRules {
  std::string issuer;
  std::string audience;
  std::vector<JwtAlgorithm> algorithms = {JwtAlgorithm::kRs256, JwtAlgorithm::kEs256};
  // What "typ" may say, in lower case; a token without one is of any type.
  std::vector<std::string> types = {"jwt", "at+jwt"};
  std::int64_t leeway_seconds = 60;  // for clocks that differ
};

class JwtClaims {
 public:
  explicit JwtClaims(google::protobuf::Struct claims) : claims_(std::move(claims)) {}

  // Empty when it is not there, or is no text.
  std::string Text(const std::string& name) const;
  // In seconds since 1970, or whatever the claim counts.
  std::optional<std::int64_t> Number(const std::string& name) const;
  bool Flag(const std::string& name) const;
  // Of a claim that is a text or a list of texts.
  std::vector<std::string> Texts(const std::string& name) const;
  const google::protobuf::Struct& All() const { return claims_; }

 private:
  google::protobuf::Struct claims_;
};

// The claims of a token that keeps the rules. NotFound when its key is not in the set, which may
// have changed at the issuer; Unauthenticated, with the reason for the log, for everything else.
StatusOr<JwtClaims> VerifyJwt(std::string_view token, const KeySet& keys, const JwtRules& rules,
                              Instant now);

// What an unverified token says its issuer is, to find the rules to verify it by. Empty when it
// says none.
std::string ClaimedIssuer(std::string_view token);

// A JSON object; InvalidArgument for anything else.
StatusOr<google::protobuf::Struct> ParseJsonObject(const std::string& json);

}  // namespace sluice::api
