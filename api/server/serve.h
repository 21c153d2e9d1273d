// A whole server: sign-in, the service with its handlers, and both transports.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "api/identity/authenticator.h"
#include "api/server/https_server.h"
#include "api/service/rate_limit.h"
#include "api/service/service.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "core/tls_identity.h"
#include "payments/key_provider.h"

namespace sluice::api {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t https_port = 0;  // 0: one that is free
  std::uint16_t grpc_port = 0;
  TlsIdentity tls;
  SecretKey key;              // the same for all servers of one database
  RateLimit rate_limit = {};  // of one person
  // Seals numbers of accounts and taxpayers; outlives the server. Null: nothing is sealed here.
  const payments::KeyProvider* sealing = nullptr;
  IdentityOptions identity = {};
  // Where the certificate is, and what client certificates come from, to see when they change;
  // empty: they stay.
  std::string certificate_file = {}, certificate_key_file = {}, client_ca_file = {};
  std::string portal = {};  // the folder of the portal's files; empty: none
  // Its limits; where it listens and what it presents is said above.
  HttpsOptions https = {};
  unsigned watch_seconds = 30;  // how often gRPC looks whether the certificate changed
};

class Server {
 public:
  // Acts on the database as the service; the clock and the ids outlive it.
  static StatusOr<std::unique_ptr<Server>> Start(const pg::Database& database, Clock& clock,
                                                 IdGenerator& ids, const ServerOptions& options);
  ~Server();

  int HttpsPort() const;
  int GrpcPort() const;
  // Reads the certificate and the portal's files again. Whatever cannot be read stays as it was.
  Status Reload();
  // Takes nothing new, and waits for the calls that run, at most so long.
  void Stop(std::chrono::milliseconds wait);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The key of uploads, which those who work on them need, too.
SecretKey UploadKeyOf(const SecretKey& key);

// The key in a file of 64 hexadecimal digits that only its owner may use; made at first.
// FailedPrecondition names the file and what is wrong with it: a key that somebody wrote down as an
// example, or that is no random one, is refused.
StatusOr<SecretKey> ReadOrMakeKey(const std::string& file);

}  // namespace sluice::api
