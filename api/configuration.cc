#include "api/configuration.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "core/config.h"

namespace sluice::api {
namespace {

std::uint16_t ReadPort(const ConfigSection& section, std::string_view key, std::uint16_t fallback) {
  return static_cast<std::uint16_t>(section.Integer(key, fallback, {.least = 0, .most = 65'535}));
}

ServeConfiguration ReadServe(const ConfigSection& section) {
  const ServeConfiguration usual;
  ServeConfiguration serve{
      .listen = section.Text("listen", usual.listen),
      .https_port = ReadPort(section, "https_port", usual.https_port),
      .grpc_port = ReadPort(section, "grpc_port", usual.grpc_port),
      .certificate = section.Text("certificate", ""),
      .certificate_key = section.Text("certificate_key", ""),
      .key_file = section.Text("key_file", ""),
      .portal = section.Text("portal", ""),
      .connections = static_cast<int>(
          section.Integer("connections", usual.connections, {.least = 1, .most = 100'000})),
      .connections_of_address = static_cast<int>(section.Integer(
          "connections_of_address", usual.connections_of_address, {.least = 1, .most = 100'000}))};
  if (serve.certificate.empty() != serve.certificate_key.empty()) {
    section.Fault("certificate", "and certificate_key go together");
  }
  return serve;
}

PayerId ReadPayer(const ConfigSection& section) {
  const StatusOr<PayerId> payer = PayerId::Parse(section.RequiredText("payer"));
  if (payer.ok()) return *payer;
  section.Fault("payer", "is an id pyr_...");
  return {};
}

std::string ReadHttps(const ConfigSection& section, std::string_view key) {
  std::string address = section.RequiredText(key);
  if (!address.starts_with("https://")) section.Fault(key, "is an address https://...");
  return address;
}

PeopleIssuer ReadPeople(const ConfigSection& section) {
  PeopleIssuer people{
      .payer = ReadPayer(section),
      .issuer = ReadHttps(section, "issuer"),
      .client_id = section.RequiredText("client_id"),
      .redirect_uri = ReadHttps(section, "redirect_uri"),
      .name_claim = section.Choice("name_claim", {"sub", "email", "preferred_username"}, "sub"),
      .scopes = section.Texts("scopes"),
      .ca_file = section.Text("ca_file", "")};
  if (!people.redirect_uri.ends_with("/auth/callback")) {
    section.Fault("redirect_uri", "ends with /auth/callback");
  }
  if (people.scopes.empty()) people.scopes = {"openid"};
  if (std::ranges::find(people.scopes, "openid") == people.scopes.end()) {
    section.Fault("scopes", "holds \"openid\"");
  }
  return people;
}

ServiceIssuer ReadService(const ConfigSection& section) {
  ServiceIssuer service{.payer = ReadPayer(section),
                        .issuer = section.RequiredText("issuer"),
                        .audience = section.RequiredText("audience"),
                        .jwks_uri = ReadHttps(section, "jwks_uri"),
                        .name_claim = section.Text("name_claim", "sub"),
                        .ca_file = section.Text("ca_file", "")};
  const std::vector<std::string> names = section.Texts("algorithms");
  if (!names.empty()) service.algorithms.clear();
  for (const std::string& name : names) {
    if (name != "RS256" && name != "ES256") {
      section.Fault("algorithms", "are of \"RS256\" and \"ES256\"");
      continue;
    }
    service.algorithms.push_back(name == "RS256" ? JwtAlgorithm::kRs256 : JwtAlgorithm::kEs256);
  }
  return service;
}

CertificateAccount ReadCertificate(const ConfigSection& section) {
  CertificateAccount account{.payer = ReadPayer(section),
                             .san = section.RequiredText("san"),
                             .account = section.RequiredText("account")};
  if (!account.san.starts_with("URI:") && !account.san.starts_with("DNS:")) {
    section.Fault("san", "begins with URI: or DNS:");
  }
  return account;
}

IdentityConfiguration ReadIdentitySection(const ConfigSection& section) {
  IdentityConfiguration identity{
      .step_up_needs_factor =
          section.Choice("second_factor", {"optional", "for-step-up"}, "optional") == "for-step-up",
      .client_ca_file = section.Text("client_ca", "")};
  for (const ConfigSection& one : section.Sections("people")) {
    PeopleIssuer people = ReadPeople(one);
    if (std::ranges::find(identity.people, people.payer, &PeopleIssuer::payer) !=
        identity.people.end()) {
      one.Fault("payer", "has an issuer already");
    }
    identity.people.push_back(std::move(people));
    identity.client_secret_files.push_back(one.Text("client_secret_file", ""));
  }
  for (const ConfigSection& one : section.Sections("services")) {
    identity.services.push_back(ReadService(one));
  }
  for (const ConfigSection& one : section.Sections("certificates")) {
    identity.certificates.push_back(ReadCertificate(one));
  }
  if (identity.client_ca_file.empty() && !identity.certificates.empty()) {
    section.Fault("client_ca", "says whose client certificates are taken, and is missing");
  }
  return identity;
}

StatusOr<std::string> ReadText(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return FailedPrecondition("cannot read {}", file);
  return text.str();
}

StatusOr<Secret<std::string>> ReadSecret(const std::string& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) return FailedPrecondition("cannot read {}", file);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FailedPrecondition("others than its owner may use {}: chmod 600 it", file);
  }
  ASSIGN_OR_RETURN(std::string text, ReadText(file));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  static constexpr std::array<std::string_view, 5> kSamples = {"", "secret", "changeme",
                                                               "change-me", "change me"};
  if (std::ranges::find(kSamples, text) != kSamples.end()) {
    return FailedPrecondition("{} holds no secret of your own: put the issuer's into it", file);
  }
  return Secret<std::string>(std::move(text));
}

}  // namespace

Configuration ReadConfiguration(const ConfigSection& root) {
  Configuration configuration;
  if (root.Has("database")) configuration.database = ReadConnections(root);
  configuration.serve = ReadServe(root.Section("serve"));
  configuration.identity = ReadIdentitySection(root.Section("identity"));
  return configuration;
}

StatusOr<Configuration> ReadConfiguration(const std::string& file) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(file));
  Configuration configuration = ReadConfiguration(config.Root());
  RETURN_IF_ERROR(config.Finish());
  return configuration;
}

StatusOr<IdentityOptions> ReadIdentity(const IdentityConfiguration& configuration) {
  IdentityOptions options{.people = configuration.people,
                          .services = configuration.services,
                          .certificates = configuration.certificates,
                          .step_up_needs_factor = configuration.step_up_needs_factor};
  for (std::size_t i = 0; i < options.people.size(); ++i) {
    const std::string& file = configuration.client_secret_files[i];
    if (file.empty()) continue;
    ASSIGN_OR_RETURN(options.people[i].client_secret, ReadSecret(file));
  }
  if (!configuration.client_ca_file.empty()) {
    ASSIGN_OR_RETURN(options.client_ca, ReadText(configuration.client_ca_file));
  }
  return options;
}

}  // namespace sluice::api
