#include "api/server/serve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string_view>

#include "api/handlers/handlers.h"
#include "api/identity/sign_in.h"
#include "api/server/grpc_server.h"
#include "api/server/http_api.h"
#include "api/server/https_server.h"
#include "api/server/metrics.h"
#include "core/bytes.h"

namespace sluice::api {
namespace {

// A key for one purpose: nothing of one says anything about another.
SecretKey Derive(const SecretKey& key, std::string_view purpose) {
  const Digest derived = HmacSha256(ByteView(key.Reveal()), AsBytes(purpose));
  return SecretKey(derived);
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
  State(const pg::Database& database, Clock& clock, IdGenerator& ids)
      : sign_in(database, clock, ids) {}

  SignInService sign_in;
  Metrics metrics;
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpApi> http_api;
  // Declared last: transports end before what they call.
  std::unique_ptr<HttpsServer> https;
  std::unique_ptr<GrpcServer> grpc;
};

StatusOr<std::unique_ptr<Server>> Server::Start(const pg::Database& database, Clock& clock,
                                                IdGenerator& ids, const ServerOptions& options) {
  auto state = std::make_unique<State>(database, clock, ids);
  ASSIGN_OR_RETURN(state->service,
                   Service::Make({.database = database,
                                  .clock = clock,
                                  .ids = ids,
                                  .sign_in = state->sign_in,
                                  .methods = AllHandlers(),
                                  .keys = {.page_tokens = Derive(options.key, "page tokens"),
                                           .request_hashes = Derive(options.key, "requests")},
                                  .rate_limit = options.rate_limit,
                                  .sealing = options.sealing}));
  const auto ready = [database] {
    return database.Transact({.read_only = true, .statement_timeout = std::chrono::seconds(2)},
                             [](pg::Transaction&) -> Status { return OkStatus(); });
  };
  ASSIGN_OR_RETURN(state->http_api, HttpApi::Make({.service = *state->service,
                                                   .sign_in = state->sign_in,
                                                   .metrics = state->metrics,
                                                   .ids = ids,
                                                   .ready = ready}));
  HttpsOptions https{.address = options.address, .port = options.https_port, .tls = options.tls};
  ASSIGN_OR_RETURN(state->https, HttpsServer::Start(*state->http_api, state->metrics, https));
  GrpcOptions grpc{.address = fmt::format("{}:{}", options.address, options.grpc_port),
                   .tls = options.tls};
  ASSIGN_OR_RETURN(state->grpc, GrpcServer::Start(*state->service, state->metrics, grpc));
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() = default;

int Server::HttpsPort() const { return state_->https->Port(); }

int Server::GrpcPort() const { return state_->grpc->Port(); }

void Server::Stop(std::chrono::milliseconds wait) {
  state_->https->Stop(wait);
  state_->grpc->Stop(wait);
}

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
  return *key;
}

}  // namespace sluice::api
