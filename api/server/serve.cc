#include "api/server/serve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/identity/https_fetch.h"
#include "api/identity/openid.h"
#include "api/identity/sign_in.h"
#include "api/server/auth_pages.h"
#include "api/server/grpc_server.h"
#include "api/server/http_api.h"
#include "api/server/https_server.h"
#include "api/server/metrics.h"
#include "api/server/static_files.h"
#include "core/bytes.h"
#include "core/crypto.h"

namespace sluice::api {
namespace {

// A key for one purpose: nothing of one says anything about another.
SecretKey Derive(const SecretKey& key, std::string_view purpose) {
  const Digest derived = HmacSha256(ByteView(key.Reveal()), AsBytes(purpose));
  return SecretKey(derived);
}

SignInRules RulesOf(const ServerOptions& options) {
  SignInRules rules{.factor_key = Derive(options.key, "second factors"),
                    .step_up_needs_factor = options.identity.step_up_needs_factor};
  for (const PeopleIssuer& at : options.identity.people) rules.at_issuer.insert(at.payer);
  return rules;
}

Status MakeKeyFile(const std::string& file) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return FailedPrecondition("cannot make the key file {}", file);
  const Secret<std::string> text(ToHex(RandomBytes(32)) + "\n");
  const bool written = write(fd, text.Reveal().data(), text.Reveal().size()) ==
                           static_cast<ssize_t>(text.Reveal().size()) &&
                       fsync(fd) == 0;
  close(fd);
  return written ? OkStatus() : FailedPrecondition("cannot write the key file {}", file);
}

}  // namespace

struct Server::State {
  State(const pg::Database& database, Clock& clock, IdGenerator& ids, const ServerOptions& from)
      : options(from),
        sign_in(database, clock, ids, RulesOf(from)),
        authenticator({.database = database,
                       .sign_in = sign_in,
                       .clock = clock,
                       .services = from.identity.services,
                       .certificates = from.identity.certificates}) {
    std::vector<OpenIdClient*> clients;
    for (const PeopleIssuer& at : from.identity.people) {
      issuers.push_back(
          std::make_unique<OpenIdClient>(at, Derive(from.key, "openid"), FetchHttps, clock));
      clients.push_back(issuers.back().get());
    }
    auth = std::make_unique<AuthPages>(AuthPages::Parts{.sign_in = sign_in,
                                                        .authenticator = authenticator,
                                                        .clock = clock,
                                                        .issuers = std::move(clients)});
  }

  const ServerOptions options;
  SignInService sign_in;
  Authenticator authenticator;
  std::vector<std::unique_ptr<OpenIdClient>> issuers;
  std::unique_ptr<AuthPages> auth;
  Metrics metrics;
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpApi> http_api;
  // Declared last: transports end before what they call.
  std::unique_ptr<HttpsServer> https;
  std::unique_ptr<GrpcServer> grpc;
};

StatusOr<std::unique_ptr<Server>> Server::Start(const pg::Database& database, Clock& clock,
                                                IdGenerator& ids, const ServerOptions& options) {
  auto state = std::make_unique<State>(database, clock, ids, options);
  ASSIGN_OR_RETURN(state->service,
                   Service::Make({.database = database,
                                  .clock = clock,
                                  .ids = ids,
                                  .authenticator = state->authenticator,
                                  .methods = AllHandlers(),
                                  .keys = {.page_tokens = Derive(options.key, "page tokens"),
                                           .request_hashes = Derive(options.key, "requests"),
                                           .uploads = UploadKeyOf(options.key)},
                                  .rate_limit = options.rate_limit,
                                  .sealing = options.sealing}));
  const auto ready = [database] {
    return database.Transact({.read_only = true, .statement_timeout = std::chrono::seconds(2)},
                             [](pg::Transaction&) -> Status { return OkStatus(); });
  };
  ASSIGN_OR_RETURN(state->http_api, HttpApi::Make({.service = *state->service,
                                                   .authenticator = state->authenticator,
                                                   .auth = *state->auth,
                                                   .metrics = state->metrics,
                                                   .ids = ids,
                                                   .ready = ready}));
  if (!options.portal.empty()) {
    ASSIGN_OR_RETURN(auto portal, StaticFiles::Read(options.portal));
    state->http_api->UsePortal(std::move(portal));
  }
  HttpsOptions https = options.https;
  https.address = options.address;
  https.port = options.https_port;
  https.tls = options.tls;
  https.client_ca = options.identity.client_ca;
  ASSIGN_OR_RETURN(state->https, HttpsServer::Start(*state->http_api, state->metrics, https));
  GrpcOptions grpc{.address = fmt::format("{}:{}", options.address, options.grpc_port),
                   .tls = options.tls,
                   .client_ca = options.identity.client_ca,
                   .client_ca_file = options.client_ca_file};
  if (!options.certificate_file.empty()) {
    grpc.watched = GrpcOptions::Watched{.certificate_file = options.certificate_file,
                                        .key_file = options.certificate_key_file,
                                        .every_seconds = options.watch_seconds};
  }
  ASSIGN_OR_RETURN(state->grpc, GrpcServer::Start(*state->service, state->metrics, grpc));
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() = default;

int Server::HttpsPort() const { return state_->https->Port(); }

int Server::GrpcPort() const { return state_->grpc->Port(); }

Status Server::Reload() {
  const ServerOptions& options = state_->options;
  if (!options.certificate_file.empty()) {
    ASSIGN_OR_RETURN(const TlsIdentity identity,
                     ReadTlsIdentity(options.certificate_file, options.certificate_key_file));
    RETURN_IF_ERROR(state_->https->UseIdentity(identity));
  }
  if (!options.portal.empty()) {
    ASSIGN_OR_RETURN(auto portal, StaticFiles::Read(options.portal));
    state_->http_api->UsePortal(std::move(portal));
  }
  return OkStatus();
}

void Server::Stop(std::chrono::milliseconds wait) {
  state_->service->Drain();
  state_->https->Stop(wait);
  state_->grpc->Stop(wait);
}

SecretKey UploadKeyOf(const SecretKey& key) { return Derive(key, "uploads"); }

StatusOr<SecretKey> ReadOrMakeKey(const std::string& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) {
    RETURN_IF_ERROR(MakeKeyFile(file));
  } else if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FailedPrecondition("others than its owner may use the key file {}: chmod 600 it", file);
  }
  std::string text;
  std::ifstream stream(file);
  if (!(stream >> text)) return FailedPrecondition("cannot read the key file {}", file);
  const StatusOr<Bytes> bytes = FromHex(text);
  Wipe(text.data(), text.size());
  const StatusOr<SecretKey> key = bytes.ok() ? KeyFromBytes(*bytes) : bytes.status();
  if (!key.ok()) return FailedPrecondition("the key file {} is not 64 hexadecimal digits", file);
  if (LooksMadeUp(*key)) {
    return FailedPrecondition(
        "the key file {} holds an example and no key: remove it, and a random one is made", file);
  }
  return *key;
}

}  // namespace sluice::api
