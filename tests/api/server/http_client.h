// An HTTPS client for tests: one request on a connection of its own, or several on one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/tls_identity.h"

namespace sluice::testing {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::vector<std::string> cookies;  // what Set-Cookie says, in order
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
 public:
  // Trusts this certificate alone, whose name is "localhost". Aborts when it cannot connect.
  HttpClient(int port, const std::string& certificate);
  // The same, and shows a certificate of its own.
  HttpClient(int port, const std::string& certificate, const TlsIdentity& own);
  ~HttpClient();

  HttpAnswer Send(const std::string& method, const std::string& target,
                  const HttpHeaders& headers = {}, const std::string& body = "");
  // Whether there is a server there that takes the connection.
  static bool CanConnect(int port, const std::string& certificate);
  // Bytes as they are; the status of what comes back, 0 when the connection ends without an answer.
  int SendRaw(const std::string& bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::testing
