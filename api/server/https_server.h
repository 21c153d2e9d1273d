// The HTTPS transport: connections, TLS, limits and time-outs. What a request is answered with is
// api/server/http_api.h.
//
//   1. TLS 1.2 and 1.3, with forward secrecy only. HTTP/1.1 with keep-alive. A client may show a
//      certificate where somebody is trusted to issue them; one that is not theirs ends the
//      connection.
//   2. One thread moves bytes; calls run on a bounded number of others, because they wait for the
//      database.
//   3. Whoever sends or reads too slowly, too much, or comes when all connections are taken, all of
//      them or those of one address, is cut.
//   4. Stop() lets running calls finish and closes idle connections at once.
//   5. The certificate may be changed while it runs: connections that are there keep the one they
//      began with.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "api/server/http_api.h"
#include "api/server/metrics.h"
#include "core/status.h"
#include "core/tls_identity.h"

namespace sluice::api {

struct HttpsOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: one that is free
  TlsIdentity tls = {};
  std::string client_ca = {};  // PEM of those whose client certificates are taken; empty: none are
  int threads = 16;
  int most_connections = 1024;
  int most_connections_of_address = 256;
  std::uint32_t largest_header_bytes = 16 << 10;
  std::uint64_t largest_body_bytes = 4 << 20;
  std::chrono::milliseconds handshake_within{10'000};
  // Of an idle connection until its next request begins; of the header, the body and the answer.
  std::chrono::milliseconds idle{60'000};
  std::chrono::milliseconds header_within{10'000};
  std::chrono::milliseconds body_within{30'000};
  std::chrono::milliseconds answer_within{30'000};
  // Of streams: how many at once, how often they look for what is new, how often they show a sign
  // of life, and how long one lasts at most.
  int most_streams = 64;
  std::chrono::milliseconds stream_look_every{500};
  std::chrono::milliseconds stream_sign_every{15'000};
  std::chrono::milliseconds stream_at_most{600'000};
};

class HttpsServer {
 public:
  // The API and the metrics outlive it. Unavailable when it cannot listen there,
  // FailedPrecondition when the certificate or key is none.
  static StatusOr<std::unique_ptr<HttpsServer>> Start(const HttpApi& api, Metrics& metrics,
                                                      const HttpsOptions& options);
  ~HttpsServer();

  int Port() const;
  // For new connections. FailedPrecondition when the certificate or key is none: then the one
  // before stays.
  Status UseIdentity(const TlsIdentity& identity);
  // Takes no new connections, and waits for the calls that run, at most so long.
  void Stop(std::chrono::milliseconds wait);

 private:
  struct State;
  explicit HttpsServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::api
