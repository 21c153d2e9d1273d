// The certificate and key that a server presents.
#pragma once

#include <string>

#include "core/secret.h"
#include "core/status.h"

namespace sluice {

// Both in PEM.
struct TlsIdentity {
  std::string certificate;
  Secret<std::string> key;
};

// Reads the chain and the key. FailedPrecondition names the file, and the fault: it cannot be read,
// the two do not belong together, or others than the owner may read the key.
StatusOr<TlsIdentity> ReadTlsIdentity(const std::string& certificate_file,
                                      const std::string& key_file);

// A self-signed one for this machine, for trials and tests: "localhost" and 127.0.0.1, P-256.
TlsIdentity MakeTrialIdentity(int days_valid = 30);

}  // namespace sluice
