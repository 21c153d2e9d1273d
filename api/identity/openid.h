// People who sign in at an issuer: OpenID Connect, authorization code with PKCE.
//
//   1. What a browser has to bring back (state, nonce, verifier) is sealed in a cookie of its own,
//      good for ten minutes: a callback works in the browser that began, once, and on any server of
//      the database.
//   2. The code is exchanged over our own connection, with the verifier; the id_token is verified
//      like any other token (api/identity/jwt.h) and has our nonce.
//   3. To step up, the issuer authenticates the person again: the id_token says when, and for whom
//      is decided by the session that asked.
// Source: OpenID Connect Core 1.0; RFC 7636, 9207, 9700; LEDGER_RELIABILITY_SECURITY 8.6.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/identity/https_fetch.h"
#include "api/identity/issuer_keys.h"
#include "api/identity/sign_in.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::api {

// Where the people of a payer sign in.
struct PeopleIssuer {
  PayerId payer;
  std::string issuer;  // "https://login.example.org"
  std::string client_id;
  std::optional<Secret<std::string>> client_secret = {};  // unset: PKCE alone
  std::string redirect_uri;  // "https://sluice.example.org/auth/callback"
  // Whose text is the sign-in name: "sub", "email" (verified) or "preferred_username".
  std::string name_claim = "sub";
  std::vector<std::string> scopes = {"openid"};
  std::string ca_file = {};
};

class OpenIdClient {
 public:
  struct Intent {
    std::string to = "/";  // where the browser goes afterward: a path of ours
    std::optional<IssuedIdentity::Again> again = {};  // steps up
  };
  struct Start {
    std::string url;     // of the issuer, for the browser
    std::string cookie;  // "pyr_....<sealed>"
  };
  // What the browser came back with.
  struct Return {
    std::string cookie, state, code, error, issuer;
  };
  struct Person {
    std::string name;  // the sign-in name
    std::string to;
    std::optional<IssuedIdentity::Again> again;
  };

  // The key is the same for all servers of one database; the clock outlives it.
  OpenIdClient(PeopleIssuer at, SecretKey key, Fetch fetch, Clock& clock);

  PayerId Payer() const { return at_.payer; }

  // Unavailable while the issuer does not describe itself.
  StatusOr<Start> Begin(const Intent& intent);
  // Unauthenticated for whatever is wrong; Unavailable while the issuer does not answer.
  StatusOr<Person> Finish(const Return& returned);

 private:
  struct Described {
    std::string authorization_endpoint, token_endpoint, jwks_uri;
    bool names_itself = false;  // the issuer is among what comes back (RFC 9207)
    Instant at;
  };
  struct Attempt;

  StatusOr<Described> Describe();
  StatusOr<Attempt> OpenAttempt(const std::string& cookie) const;
  StatusOr<std::string> Exchange(const Described& described, const std::string& code,
                                 const std::string& verifier) const;
  StatusOr<std::string> NameOf(const JwtClaims& claims, const Attempt& attempt) const;

  PeopleIssuer at_;
  SecretKey key_;
  Fetch fetch_;
  Clock& clock_;
  IssuerKeys keys_;
  std::mutex mutex_;
  std::optional<Described> described_;
};

// Whether a browser may be sent there: a path of this server, and of no other.
bool IsOwnPath(std::string_view path);

}  // namespace sluice::api
