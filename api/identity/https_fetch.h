// Asking an issuer of identities: its description, its keys, its tokens. The only outbound HTTP.
//
//   1. HTTPS only, with the certificate verified; no redirect is followed and no proxy of the
//      environment is asked.
//   2. Ten seconds and 256 KiB at most.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/secret.h"
#include "core/status.h"

namespace sluice::api {

struct FetchRequest {
  std::string url;
  // A form to POST; unset: GET.
  std::optional<Secret<std::string>> form = {};
  // Basic authentication, encoded as RFC 6749, 2.3.1 has it.
  std::optional<Secret<std::string>> authorization = {};
  std::string ca_file =
      {};  // of certificates to trust instead of the system's; empty: the system's
};

struct FetchAnswer {
  int status = 0;
  std::string body;
};

// What asks; tests put their own in its place.
using Fetch = std::function<StatusOr<FetchAnswer>(const FetchRequest&)>;

// Unavailable when nobody answers as they should; the message names the address and the cause.
StatusOr<FetchAnswer> FetchHttps(const FetchRequest& request);

}  // namespace sluice::api
