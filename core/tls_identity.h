// The certificate and key that a server presents.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
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

// A self-signed one, for trials and tests: P-256, for this machine unless other names are given.
TlsIdentity MakeTrialIdentity(int days_valid = 30,
                              const std::string& names = "DNS:localhost,IP:127.0.0.1");

// What identifies whoever presents a certificate. That somebody trusted issued it was verified
// before.
struct CertificateFacts {
  // Alternative names: "DNS:calc.example.org", "URI:spiffe://example.org/calc". Others are left
  // out.
  std::vector<std::string> names;
  Digest sha256{};  // of the certificate (RFC 8705, x5t#S256)
};

// InvalidArgument for what is no certificate.
StatusOr<CertificateFacts> FactsOfCertificate(ByteView der);
// The same of the first certificate in PEM.
StatusOr<CertificateFacts> FactsOfPem(const std::string& pem);

}  // namespace sluice
