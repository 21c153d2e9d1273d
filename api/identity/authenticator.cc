#include "api/identity/authenticator.h"

#include <algorithm>

#include "api/identity/identity_store.h"
#include "core/base64.h"
#include "core/bytes.h"
#include "core/log.h"

namespace sluice::api {
namespace {

// A session's token has one dot, a signed one two.
bool IsSigned(const std::string& token) { return std::ranges::count(token, '.') == 2; }

Status UnknownService(std::string_view why) {
  LogInfo("service not known", {{"why", why}});
  return Unauthenticated("the token or the certificate is of nobody who may call");
}

// OK where the token is bound to nothing, or to this certificate.
Status CheckBinding(const JwtClaims& claims, const std::optional<CertificateFacts>& certificate) {
  const auto found = claims.All().fields().find("cnf");
  if (found == claims.All().fields().end()) return OkStatus();
  const auto& bound = found->second.struct_value().fields();
  const auto thumbprint = bound.find("x5t#S256");
  if (bound.size() != 1 || thumbprint == bound.end() || !certificate ||
      thumbprint->second.string_value() != ToBase64Url(certificate->sha256)) {
    return Unauthenticated("the token is bound to something that the call does not show");
  }
  return OkStatus();
}

}  // namespace

Authenticator::Authenticator(Parts parts) : parts_(std::move(parts)) {
  for (const ServiceIssuer& at : parts_.services) {
    const IssuerKeys::Place place{at.jwks_uri, at.ca_file};
    issuers_.push_back({at, std::make_unique<IssuerKeys>(
                                [place]() -> StatusOr<IssuerKeys::Place> { return place; },
                                parts_.fetch, parts_.clock)});
  }
}

StatusOr<CallerSession> Authenticator::Authenticate(const Shown& shown) {
  if (shown.by_cookie || (!shown.token.empty() && !IsSigned(shown.token))) {
    return parts_.sign_in.Authenticate(shown.token);
  }
  if (!shown.token.empty()) return ByToken(shown);
  if (shown.certificate) return ByCertificate(*shown.certificate);
  return Unauthenticated("there is no session; sign in");
}

StatusOr<CallerSession> Authenticator::ByToken(const Shown& shown) {
  const std::string claimed = ClaimedIssuer(shown.token);
  Status why = Unauthenticated("of no issuer that is configured");
  for (Issuer& issuer : issuers_) {
    if (issuer.at.issuer != claimed) continue;
    const StatusOr<JwtClaims> claims =
        issuer.keys->Verify(shown.token, {.issuer = issuer.at.issuer,
                                          .audience = issuer.at.audience,
                                          .algorithms = issuer.at.algorithms});
    why = claims.status();
    if (!claims.ok()) continue;
    why = CheckBinding(*claims, shown.certificate);
    if (!why.ok()) continue;
    return ServiceOf(issuer.at.payer, claims->Text(issuer.at.name_claim),
                     Sha256(AsBytes(shown.token)));
  }
  if (why.code() == absl::StatusCode::kUnavailable) return why;
  return UnknownService(StatusMessage(why));
}

StatusOr<CallerSession> Authenticator::ByCertificate(const CertificateFacts& certificate) {
  for (const CertificateAccount& account : parts_.certificates) {
    if (std::ranges::find(certificate.names, account.san) == certificate.names.end()) continue;
    return ServiceOf(account.payer, account.account, certificate.sha256);
  }
  return UnknownService("no name of the certificate is configured");
}

StatusOr<CallerSession> Authenticator::ServiceOf(PayerId payer, const std::string& name,
                                                 const Digest& id) {
  const Instant now = parts_.clock.Now();
  return parts_.database.ForPayer(payer).Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<CallerSession> {
        const auto user = FindUserByName(tx, payer, name);
        if (!user || !user->is_service) return UnknownService("no service account of the name");
        const std::vector<Grant> grants = LoadGrantsFor(tx, payer, user->id);
        return CallerSession{.principal = {.payer = payer,
                                           .user = user->id,
                                           .grants = GrantsInForce(grants, user->id, now.UtcDate()),
                                           .job = std::nullopt},
                             .is_service = true,
                             .id = id,
                             .csrf_sha256 = {},
                             .stepped_up_at = std::nullopt};
      });
}

}  // namespace sluice::api
