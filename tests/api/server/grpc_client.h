// A gRPC client for tests that calls any method of the contract with JSON.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/tls_identity.h"

namespace sluice::testing {

struct GrpcAnswer {
  int code = 0;
  std::string message;
  std::string reason;  // of its ErrorInfo; empty for none
  std::string json;    // as the gateway writes it
  std::map<std::string, std::string> trailers;
};

class GrpcClient {
 public:
  // Trusts this certificate alone, which is for 127.0.0.1: a name would be looked up by c-ares,
  // which does not free all that it takes.
  GrpcClient(int port, const std::string& certificate);
  // The same, and shows a certificate of its own.
  GrpcClient(int port, const std::string& certificate, const TlsIdentity& own);
  ~GrpcClient();

  // "sluice.payments.v1.RunService", "GetRun". An empty token is nobody.
  GrpcAnswer Call(const std::string& service, const std::string& method,
                  const std::string& request_json, const std::string& token);
  // Reads a stream to its end: its messages as JSON, and how it ended.
  struct Streamed {
    int code = 0;
    std::vector<std::string> messages;
  };
  Streamed Stream(const std::string& service, const std::string& method,
                  const std::string& request_json, const std::string& token);
  // Whether the health of the service is SERVING.
  bool IsServing(const std::string& service);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::testing
