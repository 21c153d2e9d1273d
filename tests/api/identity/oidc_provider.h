// A real OpenID Connect provider (npm's oidc-provider) as a process of its own, and a browser that
// signs in at it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "core/tls_identity.h"
#include "tests/api/server/http_client.h"
#include "tests/support/temp_folder.h"

namespace sluice::testing {

class OidcProvider {
 public:
  // Why it cannot run here; empty when it can. deploy/test installs what is missing.
  static std::string WhyNot();

  // For one redirect_uri. Aborts when it does not start.
  explicit OidcProvider(const std::string& redirect_uri);
  ~OidcProvider();
  OidcProvider(const OidcProvider&) = delete;
  OidcProvider& operator=(const OidcProvider&) = delete;

  std::string Issuer() const;
  // Of the certificate that it serves with.
  std::string CaFile() const { return temp_.Path("provider.pem"); }
  std::string Certificate() const { return tls_.certificate; }
  int Port() const { return port_; }

 private:
  TempFolder temp_;
  TlsIdentity tls_;
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int port_ = 0;
};

// Keeps cookies and follows the provider's redirects until they leave it.
class ProviderBrowser {
 public:
  explicit ProviderBrowser(const OidcProvider& provider) : provider_(provider) {}

  // Goes to the provider's page, types the name where it asks for one, and returns where it is
  // sent in the end: "https://.../auth/callback?code=...".
  std::string SignIn(const std::string& url, const std::string& name);

 private:
  HttpAnswer Send(const std::string& method, const std::string& target,
                  const std::string& form = "");

  const OidcProvider& provider_;
  std::map<std::string, std::string> cookies_;
};

}  // namespace sluice::testing
