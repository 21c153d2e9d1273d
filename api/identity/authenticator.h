// Who calls, however they show it: a session's token, a token that an issuer signed, or a client
// certificate.
//
//   1. People have sessions; services have tokens of their issuer or a certificate. Neither may
//      come by the other's way.
//   2. A service is an account of the payer like a person's (is_service), with grants: the issuer
//      says who it is and never what it may do. It approves nothing.
//   3. A token that is bound to a certificate (RFC 8705) is good with that certificate only.
//   4. What is wrong with a token is in the log; the caller reads one text.
// Source: LEDGER_RELIABILITY_SECURITY 8.6.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/identity/https_fetch.h"
#include "api/identity/issuer_keys.h"
#include "api/identity/jwt.h"
#include "api/identity/openid.h"
#include "api/identity/sign_in.h"
#include "core/clock.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "core/tls_identity.h"

namespace sluice::api {

// Who issues the tokens of a payer's services.
struct ServiceIssuer {
  PayerId payer;
  std::string issuer;
  std::string audience;
  std::string jwks_uri;
  std::vector<JwtAlgorithm> algorithms = {JwtAlgorithm::kRs256, JwtAlgorithm::kEs256};
  std::string name_claim = "sub";  // whose text is the account's sign-in name
  std::string ca_file = {};
};

// A certificate's name and whose it is.
struct CertificateAccount {
  PayerId payer;
  std::string san;      // "URI:spiffe://example.org/calc", "DNS:calc.example.org"
  std::string account;  // the sign-in name
};

// Who may identify themselves how; what the configuration says.
struct IdentityOptions {
  std::vector<PeopleIssuer> people;
  std::vector<ServiceIssuer> services;
  // PEM of those whose client certificates are looked at; empty: none is asked for.
  std::string client_ca = {};
  std::vector<CertificateAccount> certificates;
  bool step_up_needs_factor = false;
};

// What a call shows. A certificate was verified by the transport.
struct Shown {
  std::string token;
  bool by_cookie = false;
  std::optional<CertificateFacts> certificate = {};
};

class Authenticator {
 public:
  struct Parts {
    pg::Database database;  // of the service's role
    SignInService& sign_in;
    Clock& clock;
    std::vector<ServiceIssuer> services = {};
    std::vector<CertificateAccount> certificates = {};
    Fetch fetch = FetchHttps;
  };
  explicit Authenticator(Parts parts);

  // Unauthenticated unless somebody is known. Unavailable while an issuer's keys cannot be had.
  StatusOr<CallerSession> Authenticate(const Shown& shown);

 private:
  struct Issuer {
    ServiceIssuer at;
    std::unique_ptr<IssuerKeys> keys;
  };

  StatusOr<CallerSession> ByToken(const Shown& shown);
  StatusOr<CallerSession> ByCertificate(const CertificateFacts& certificate);
  StatusOr<CallerSession> ServiceOf(PayerId payer, const std::string& name, const Digest& id);

  Parts parts_;
  std::vector<Issuer> issuers_;
};

}  // namespace sluice::api
