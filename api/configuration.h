// The configuration file of a server: every key that Sluice reads from it, in one place.
// deploy/config/sluice.toml explains them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/identity/authenticator.h"
#include "api/store.h"
#include "core/config.h"
#include "core/status.h"

namespace sluice::api {

struct ServeConfiguration {
  std::string listen = "127.0.0.1";
  std::uint16_t https_port = 8443;
  std::uint16_t grpc_port = 8444;
  std::string certificate, certificate_key;
  std::string key_file;  // empty: service.key in the data directory
  std::string portal;
  int connections = 1024;
  int connections_of_address = 256;
};

struct IdentityConfiguration {
  bool step_up_needs_factor = false;
  std::string client_ca_file;
  std::vector<PeopleIssuer> people;              // without their secrets,
  std::vector<std::string> client_secret_files;  // which are in these, one for each
  std::vector<ServiceIssuer> services;
  std::vector<CertificateAccount> certificates;
};

struct Configuration {
  std::optional<Connections> database;  // unset: the embedded server
  ServeConfiguration serve;
  IdentityConfiguration identity;
};

// Faults are reported by Config::Finish(): use nothing before it is ok.
Configuration ReadConfiguration(const ConfigSection& root);
// NotFound when the file cannot be read; InvalidArgument with every fault of it. Reads no other
// file.
StatusOr<Configuration> ReadConfiguration(const std::string& file);

// With what the other files hold. FailedPrecondition names a file that cannot be read, that others
// than its owner may read, or that still holds the text of a sample.
StatusOr<IdentityOptions> ReadIdentity(const IdentityConfiguration& configuration);

}  // namespace sluice::api
