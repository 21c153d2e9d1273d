// A real OpenSSH server of a test's own: on a free port of this machine, with keys of its own, for
// the user who runs the test.
//
//   if (const std::string why = SftpServer::WhyNot(); !why.empty()) GTEST_SKIP() << why;
//   SftpServer server(directory + "/ssh");
//   SftpChannel channel(server.Place("bank", directory + "/inbox"));
#pragma once

#include <sys/types.h>

#include <string>

#include "payments/delivery/sftp_place.h"

namespace sluice::testing {

class SftpServer {
 public:
  // Why there can be none here: "skipped: no OpenSSH server (openssh-server)". Empty: there can.
  static std::string WhyNot();

  // Keeps its keys and its log in the directory, which it makes, and uses keys that lie there.
  // Aborts when the server does not come up.
  explicit SftpServer(std::string directory);
  ~SftpServer();  // it ends with the program, too, however that ends
  SftpServer(const SftpServer&) = delete;
  SftpServer& operator=(const SftpServer&) = delete;

  // How to reach it; `folder` is a path of this machine, which it makes.
  payments::SftpPlace Place(const std::string& name, const std::string& folder) const;
  int Port() const { return port_; }
  // "ssh-ed25519 AAAA...".
  const std::string& HostKey() const { return host_key_; }
  // Nobody can connect any more; connections that there are stay.
  void Stop();
  void Start();

 private:
  void MakeKeys();
  std::string WriteConfiguration() const;

  std::string directory_;
  std::string host_key_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace sluice::testing
