#include "api/identity/openid.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <utility>

#include "core/base64.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/log.h"
#include "core/query_text.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kAttempt = 600 * kMicros;
constexpr std::int64_t kDescribed = 3600 * kMicros;
constexpr std::int64_t kClockLeeway = 60;

// A cookie of one payer opens at no other's issuer.
Bytes BindingOf(PayerId payer) {
  CanonicalWriter writer("sluice.openid.v1");
  return writer.I64(payer.Value()).Data();
}

Status NotSignedIn(std::string_view why) {
  LogInfo("sign-in at the issuer refused", {{"why", why}});
  return Unauthenticated("the sign-in did not come to an end; begin again at /auth/login");
}

std::string NewSecretText() { return ToBase64Url(RandomBytes(32)); }

bool SameText(const std::string& a, const std::string& b) {
  return ConstantTimeEqual(AsBytes(a), AsBytes(b));
}

// Standard base 64 with padding, as HTTP has it.
std::string ToBase64(std::string_view text) {
  std::string encoded = ToBase64Url(AsBytes(text));
  std::ranges::replace(encoded, '-', '+');
  std::ranges::replace(encoded, '_', '/');
  while (encoded.size() % 4 != 0) encoded += '=';
  return encoded;
}

}  // namespace

// What the cookie holds, sealed.
struct OpenIdClient::Attempt {
  std::string state, nonce, verifier, to;
  Instant began_at;
  std::optional<IssuedIdentity::Again> again;

  std::string ToJson() const {
    Struct object;
    auto& fields = *object.mutable_fields();
    fields["state"].set_string_value(state);
    fields["nonce"].set_string_value(nonce);
    fields["verifier"].set_string_value(verifier);
    fields["to"].set_string_value(to);
    fields["began"].set_string_value(fmt::format("{}", began_at.Micros()));
    if (again) {
      fields["user"].set_string_value(again->user.ToString());
      fields["session"].set_string_value(ToHex(again->session));
    }
    std::string json;
    CHECK(google::protobuf::util::MessageToJsonString(object, &json).ok());
    return json;
  }

  static StatusOr<Attempt> FromJson(const std::string& json) {
    ASSIGN_OR_RETURN(Struct object, ParseJsonObject(json));
    const JwtClaims fields(std::move(object));
    Attempt attempt{.state = fields.Text("state"),
                    .nonce = fields.Text("nonce"),
                    .verifier = fields.Text("verifier"),
                    .to = fields.Text("to"),
                    .began_at = Instant::FromMicros(std::stoll("0" + fields.Text("began"))),
                    .again = std::nullopt};
    if (const std::string user = fields.Text("user"); !user.empty()) {
      attempt.again.emplace();
      ASSIGN_OR_RETURN(attempt.again->user, UserId::Parse(user));
      ASSIGN_OR_RETURN(const Bytes session, FromHex(fields.Text("session")));
      if (session.size() != attempt.again->session.size()) return InvalidArgument("no session");
      std::ranges::copy(session, attempt.again->session.begin());
    }
    return attempt;
  }
};

OpenIdClient::OpenIdClient(PeopleIssuer at, SecretKey key, Fetch fetch, Clock& clock)
    : at_(std::move(at)),
      key_(std::move(key)),
      fetch_(std::move(fetch)),
      clock_(clock),
      keys_(
          [this]() -> StatusOr<IssuerKeys::Place> {
            ASSIGN_OR_RETURN(const Described described, Describe());
            return IssuerKeys::Place{described.jwks_uri, at_.ca_file};
          },
          fetch_, clock) {}

StatusOr<OpenIdClient::Described> OpenIdClient::Describe() {
  const Instant now = clock_.Now();
  {
    const std::lock_guard lock(mutex_);
    if (described_ && now.Micros() - described_->at.Micros() < kDescribed) return *described_;
  }
  const std::string url =
      at_.issuer + (at_.issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
  ASSIGN_OR_RETURN(const FetchAnswer answer,
                   fetch_(FetchRequest{.url = url, .ca_file = at_.ca_file}));
  if (answer.status != 200) return Unavailable("{} answers {}", url, answer.status);
  StatusOr<Struct> object = ParseJsonObject(answer.body);
  if (!object.ok()) return Unavailable("{} is no description of an issuer", url);
  const JwtClaims fields(*std::move(object));
  const Described described{
      .authorization_endpoint = fields.Text("authorization_endpoint"),
      .token_endpoint = fields.Text("token_endpoint"),
      .jwks_uri = fields.Text("jwks_uri"),
      .names_itself = fields.Flag("authorization_response_iss_parameter_supported"),
      .at = now};
  if (fields.Text("issuer") != at_.issuer) {
    return Unavailable("{} describes another issuer than {}", url, at_.issuer);
  }
  for (const std::string& endpoint :
       {described.authorization_endpoint, described.token_endpoint, described.jwks_uri}) {
    if (!endpoint.starts_with("https://")) {
      return Unavailable("{} names an address that is not of HTTPS", url);
    }
  }
  const std::lock_guard lock(mutex_);
  described_ = described;
  return described;
}

StatusOr<OpenIdClient::Start> OpenIdClient::Begin(const Intent& intent) {
  if (!IsOwnPath(intent.to)) return InvalidArgument("'to' is a path of this server: /...");
  ASSIGN_OR_RETURN(const Described described, Describe());
  const Attempt attempt{.state = NewSecretText(),
                        .nonce = NewSecretText(),
                        .verifier = NewSecretText(),
                        .to = intent.to,
                        .began_at = clock_.Now(),
                        .again = intent.again};
  std::vector<std::pair<std::string_view, std::string>> fields = {
      {"response_type", "code"},
      {"client_id", at_.client_id},
      {"redirect_uri", at_.redirect_uri},
      {"scope", fmt::format("{}", fmt::join(at_.scopes, " "))},
      {"state", attempt.state},
      {"nonce", attempt.nonce},
      {"code_challenge", ToBase64Url(Sha256(AsBytes(attempt.verifier)))},
      {"code_challenge_method", "S256"}};
  if (intent.again) {
    fields.emplace_back("prompt", "login");
    fields.emplace_back("max_age", "0");
  }
  const Secret<std::string> json(attempt.ToJson());
  const char joint = described.authorization_endpoint.find('?') == std::string::npos ? '?' : '&';
  return Start{
      .url = described.authorization_endpoint + joint + WriteQuery(fields),
      .cookie = fmt::format("{}.{}", at_.payer,
                            ToBase64Url(Seal(key_, AsBytes(json.Reveal()), BindingOf(at_.payer))))};
}

StatusOr<OpenIdClient::Attempt> OpenIdClient::OpenAttempt(const std::string& cookie) const {
  const std::size_t dot = cookie.find('.');
  if (dot == std::string::npos) return NotSignedIn("no attempt of this browser");
  const StatusOr<Bytes> sealed = FromBase64Url(std::string_view(cookie).substr(dot + 1));
  if (!sealed.ok()) return NotSignedIn("no attempt of this browser");
  const StatusOr<SecretBytes> opened = Open(key_, *sealed, BindingOf(at_.payer));
  if (!opened.ok()) return NotSignedIn("the attempt does not open");
  const Bytes& bytes = opened->Reveal();
  StatusOr<Attempt> attempt = Attempt::FromJson(std::string(bytes.begin(), bytes.end()));
  if (!attempt.ok()) return NotSignedIn("the attempt cannot be read");
  if (clock_.Now().Micros() - attempt->began_at.Micros() > kAttempt) {
    return NotSignedIn("the attempt is older than ten minutes");
  }
  return attempt;
}

StatusOr<OpenIdClient::Person> OpenIdClient::Finish(const Return& returned) {
  ASSIGN_OR_RETURN(const Attempt attempt, OpenAttempt(returned.cookie));
  if (!SameText(attempt.state, returned.state)) return NotSignedIn("another state");
  if (!returned.error.empty()) return NotSignedIn("the issuer refused: " + returned.error);
  ASSIGN_OR_RETURN(const Described described, Describe());
  // RFC 9207: an answer of another issuer, mixed in.
  if (returned.issuer.empty() ? described.names_itself : returned.issuer != at_.issuer) {
    return NotSignedIn("the answer is of another issuer");
  }
  ASSIGN_OR_RETURN(const std::string token, Exchange(described, returned.code, attempt.verifier));
  const StatusOr<JwtClaims> claims =
      keys_.Verify(token, {.issuer = at_.issuer, .audience = at_.client_id, .types = {"jwt"}});
  if (!claims.ok()) {
    if (claims.status().code() == absl::StatusCode::kUnavailable) return claims.status();
    return NotSignedIn(StatusMessage(claims.status()));
  }
  ASSIGN_OR_RETURN(std::string name, NameOf(*claims, attempt));
  return Person{.name = std::move(name), .to = attempt.to, .again = attempt.again};
}

StatusOr<std::string> OpenIdClient::Exchange(const Described& described, const std::string& code,
                                             const std::string& verifier) const {
  std::vector<std::pair<std::string_view, std::string>> fields = {
      {"grant_type", "authorization_code"},
      {"code", code},
      {"redirect_uri", at_.redirect_uri},
      {"code_verifier", verifier}};
  FetchRequest request{.url = described.token_endpoint, .ca_file = at_.ca_file};
  if (at_.client_secret) {
    const Secret<std::string> pair(PercentEncoded(at_.client_id) + ":" +
                                   PercentEncoded(at_.client_secret->Reveal()));
    request.authorization = Secret<std::string>(ToBase64(pair.Reveal()));
  } else {
    fields.emplace_back("client_id", at_.client_id);
  }
  request.form = Secret<std::string>(WriteQuery(fields));
  ASSIGN_OR_RETURN(const FetchAnswer answer, fetch_(request));
  if (answer.status >= 500) {
    return Unavailable("{} answers {}", described.token_endpoint, answer.status);
  }
  StatusOr<Struct> object = ParseJsonObject(answer.body);
  if (answer.status != 200 || !object.ok()) {
    return NotSignedIn(fmt::format("the issuer does not take the code: {}", answer.status));
  }
  std::string token = JwtClaims(*std::move(object)).Text("id_token");
  if (token.empty()) return NotSignedIn("the issuer gave no id_token");
  return token;
}

StatusOr<std::string> OpenIdClient::NameOf(const JwtClaims& claims, const Attempt& attempt) const {
  if (!SameText(claims.Text("nonce"), attempt.nonce)) return NotSignedIn("another nonce");
  const std::string party = claims.Text("azp");
  if (claims.Texts("aud").size() > 1 ? party != at_.client_id
                                     : !party.empty() && party != at_.client_id) {
    return NotSignedIn("the token was issued to somebody else");
  }
  if (attempt.again) {
    const auto at = claims.Number("auth_time");
    if (!at || *at < attempt.began_at.Micros() / kMicros - kClockLeeway) {
      return NotSignedIn("the person was not authenticated again");
    }
  }
  if (at_.name_claim == "email" && !claims.Flag("email_verified")) {
    return NotSignedIn("the address is not verified");
  }
  std::string name = claims.Text(at_.name_claim);
  if (name.empty()) return NotSignedIn("the token has no " + at_.name_claim);
  return name;
}

bool IsOwnPath(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//")) return false;
  return std::ranges::all_of(path, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
}

}  // namespace sluice::api
