// The service over gRPC.
//
//   1. Methods come from the descriptors: what the contract defines is there, without a line for
//   each.
//   2. Calls are synchronous, over a bounded number of threads; a caller's deadline goes along. So
//   are streams, of which there are fewer.
//   3. Health is by service: SERVING where a method has a handler. Reflection is open.
//   4. A caller is known by the metadata "authorization: Bearer <token>", or by a client
//      certificate where somebody is trusted to issue them.
//   5. A certificate that is in files is read again when they change.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "api/server/metrics.h"
#include "api/service/service.h"
#include "core/status.h"
#include "core/tls_identity.h"

namespace sluice::api {

struct GrpcOptions {
  std::string address = "127.0.0.1:0";  // port 0: one that is free
  TlsIdentity tls;
  // Where the certificate and the key are, to see when they change; unset: they stay.
  struct Watched {
    std::string certificate_file, key_file;
    unsigned every_seconds = 30;
  };
  std::optional<Watched> watched = {};
  // PEM of those whose client certificates are taken, and the file that it is in; empty: none are.
  std::string client_ca = {};
  std::string client_ca_file = {};
  int threads = 32;
  int most_streams = 8;  // at once
  int largest_message_bytes = 4 << 20;
};

class GrpcServer {
 public:
  // The service and the metrics outlive it. Unavailable when it cannot listen there.
  static StatusOr<std::unique_ptr<GrpcServer>> Start(Service& service, Metrics& metrics,
                                                     const GrpcOptions& options);
  ~GrpcServer();

  int Port() const;
  // Takes no new calls, and waits for those that run, at most so long.
  void Stop(std::chrono::milliseconds wait);

 private:
  struct State;
  explicit GrpcServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::api
