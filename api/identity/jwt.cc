#include "api/identity/jwt.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base64.h"
#include "core/bytes.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr std::size_t kLongestToken = 16'384;
constexpr double kLargestNumber = 9'007'199'254'740'991;  // what a double still counts by ones

struct Parts {
  std::string_view signed_text;  // header and claims, as they were signed
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
};

std::optional<Parts> Split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos || token.size() > kLongestToken) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{.signed_text = token.substr(0, second),
               .header = token.substr(0, first),
               .claims = token.substr(first + 1, second - first - 1),
               .signature = token.substr(second + 1)};
}

StatusOr<Struct> ReadPart(std::string_view encoded) {
  ASSIGN_OR_RETURN(const Bytes bytes, FromBase64Url(encoded));
  return ParseJsonObject(std::string(bytes.begin(), bytes.end()));
}

std::string TextIn(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? "" : found->second.string_value();
}

StatusOr<Bytes> BytesIn(const Struct& object, const std::string& name) {
  return FromBase64Url(TextIn(object, name));
}

StatusOr<VerifyingKey> KeyOf(const Struct& jwk) {
  const std::string type = TextIn(jwk, "kty");
  if (type == "RSA") {
    ASSIGN_OR_RETURN(const Bytes modulus, BytesIn(jwk, "n"));
    ASSIGN_OR_RETURN(const Bytes exponent, BytesIn(jwk, "e"));
    return VerifyingKey::FromRsa(modulus, exponent);
  }
  if (type == "EC" && TextIn(jwk, "crv") == "P-256") {
    ASSIGN_OR_RETURN(const Bytes x, BytesIn(jwk, "x"));
    ASSIGN_OR_RETURN(const Bytes y, BytesIn(jwk, "y"));
    return VerifyingKey::FromP256(x, y);
  }
  return InvalidArgument("a key of another kind");
}

// What a key says it is for must fit what it is used for here.
bool IsForSignatures(const Struct& jwk, VerifyingKey::Kind kind) {
  const std::string use = TextIn(jwk, "use");
  const std::string algorithm = TextIn(jwk, "alg");
  const std::string_view own = kind == VerifyingKey::Kind::kRsa ? "RS256" : "ES256";
  return (use.empty() || use == "sig") && (algorithm.empty() || algorithm == own);
}

VerifyingKey::Kind KindOf(JwtAlgorithm algorithm) {
  return algorithm == JwtAlgorithm::kRs256 ? VerifyingKey::Kind::kRsa : VerifyingKey::Kind::kP256;
}

StatusOr<JwtAlgorithm> AlgorithmOf(const Struct& header, const JwtRules& rules) {
  const std::string name = TextIn(header, "alg");
  for (const JwtAlgorithm algorithm : rules.algorithms) {
    if (name == (algorithm == JwtAlgorithm::kRs256 ? "RS256" : "ES256")) return algorithm;
  }
  return Unauthenticated("the token's algorithm is not allowed");
}

Status CheckHeader(const Struct& header, const JwtRules& rules) {
  for (const char* const name : {"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"}) {
    if (header.fields().contains(name)) {
      return Unauthenticated("the token's header has {}, which is not taken", name);
    }
  }
  std::string type = TextIn(header, "typ");
  std::ranges::transform(type, type.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  if (type.starts_with("application/")) type.erase(0, 12);
  if (header.fields().contains("typ") &&
      std::ranges::find(rules.types, type) == rules.types.end()) {
    return Unauthenticated("the token is of another type");
  }
  return OkStatus();
}

Status CheckClaims(const JwtClaims& claims, const JwtRules& rules, Instant now) {
  const std::int64_t seconds = now.Micros() / 1'000'000;
  if (claims.Text("iss") != rules.issuer) return Unauthenticated("the token is of another issuer");
  const std::vector<std::string> audience = claims.Texts("aud");
  if (std::ranges::find(audience, rules.audience) == audience.end()) {
    return Unauthenticated("the token is for another audience");
  }
  if (claims.Text("sub").empty()) return Unauthenticated("the token has no subject");
  const auto expires = claims.Number("exp");
  if (!expires || *expires + rules.leeway_seconds <= seconds) {
    return Unauthenticated("the token has expired, or never does");
  }
  for (const char* const name : {"nbf", "iat"}) {
    if (!claims.All().fields().contains(name)) continue;
    const auto from = claims.Number(name);
    if (!from || *from - rules.leeway_seconds > seconds) {
      return Unauthenticated("the token is not good yet: {}", name);
    }
  }
  return OkStatus();
}

}  // namespace

StatusOr<Struct> ParseJsonObject(const std::string& json) {
  Struct object;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return InvalidArgument("this is no JSON object");
  }
  return object;
}

StatusOr<KeySet> KeySet::Parse(const std::string& json) {
  ASSIGN_OR_RETURN(const Struct object, ParseJsonObject(json));
  const auto keys = object.fields().find("keys");
  if (keys == object.fields().end() || !keys->second.has_list_value()) {
    return InvalidArgument("the key set has no keys");
  }
  KeySet set;
  for (const Value& value : keys->second.list_value().values()) {
    const Struct& jwk = value.struct_value();
    StatusOr<VerifyingKey> key = KeyOf(jwk);
    const std::string id = TextIn(jwk, "kid");
    if (!key.ok() || id.empty() || !IsForSignatures(jwk, key->KeyKind())) continue;
    set.keys_.push_back({id, *std::move(key)});
  }
  if (set.keys_.empty()) {
    return InvalidArgument("the key set has no key for RS256 or ES256 with an id");
  }
  return set;
}

const VerifyingKey* KeySet::Find(std::string_view id, JwtAlgorithm algorithm) const {
  for (const Key& key : keys_) {
    if (key.id == id && key.key.KeyKind() == KindOf(algorithm)) return &key.key;
  }
  return nullptr;
}

std::string JwtClaims::Text(const std::string& name) const { return TextIn(claims_, name); }

std::optional<std::int64_t> JwtClaims::Number(const std::string& name) const {
  const auto found = claims_.fields().find(name);
  if (found == claims_.fields().end() || !found->second.has_number_value()) return std::nullopt;
  const double number = found->second.number_value();
  if (!(std::abs(number) <= kLargestNumber)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

bool JwtClaims::Flag(const std::string& name) const {
  const auto found = claims_.fields().find(name);
  return found != claims_.fields().end() && found->second.bool_value();
}

std::vector<std::string> JwtClaims::Texts(const std::string& name) const {
  const auto found = claims_.fields().find(name);
  if (found == claims_.fields().end()) return {};
  if (found->second.has_string_value()) return {found->second.string_value()};
  std::vector<std::string> texts;
  for (const Value& value : found->second.list_value().values()) {
    if (value.has_string_value()) texts.push_back(value.string_value());
  }
  return texts;
}

StatusOr<JwtClaims> VerifyJwt(std::string_view token, const KeySet& keys, const JwtRules& rules,
                              Instant now) {
  const std::optional<Parts> parts = Split(token);
  if (!parts) return Unauthenticated("this is no signed token");
  const StatusOr<Struct> header = ReadPart(parts->header);
  if (!header.ok()) return Unauthenticated("the token's header cannot be read");
  RETURN_IF_ERROR(CheckHeader(*header, rules));
  ASSIGN_OR_RETURN(const JwtAlgorithm algorithm, AlgorithmOf(*header, rules));
  const VerifyingKey* const key = keys.Find(TextIn(*header, "kid"), algorithm);
  if (key == nullptr) return NotFound("the token's key is none of the issuer's");
  const StatusOr<Bytes> signature = FromBase64Url(parts->signature);
  if (!signature.ok() || !key->Verify(AsBytes(parts->signed_text), *signature)) {
    return Unauthenticated("the token's signature is not right");
  }
  StatusOr<Struct> read = ReadPart(parts->claims);
  if (!read.ok()) return Unauthenticated("the token's claims cannot be read");
  JwtClaims claims(*std::move(read));
  RETURN_IF_ERROR(CheckClaims(claims, rules, now));
  return claims;
}

std::string ClaimedIssuer(std::string_view token) {
  const std::optional<Parts> parts = Split(token);
  if (!parts) return "";
  const StatusOr<Struct> claims = ReadPart(parts->claims);
  return claims.ok() ? TextIn(*claims, "iss") : "";
}

}  // namespace sluice::api
