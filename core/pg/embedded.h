// The embedded database: a private PostgreSQL server that lives as long as this object.
//
//   1. The directory holds `cluster` (PostgreSQL's data), `passwords` (a libpq passfile, 0600),
//      `lock` and `server.log`. It needs no care: it is made on the first start and reused.
//   2. The server listens on a Unix socket only. The socket's directory is a short private one
//      under /tmp, because the kernel limits a socket's path to 107 bytes; it is removed on stop.
//   3. One process per directory: a second one gets FailedPrecondition that names the first.
//   4. Killed at any moment, the next start recovers: a server that outlived its owner is stopped,
//      stale files are removed, PostgreSQL replays its log.
//   5. As root, the server runs as the user `postgres`, who must be able to reach the directory.
//
// Passwords are random, made once per directory. The service signs in as `sluice`, which owns
// nothing and is no superuser; only migrations use Admin().
#pragma once

#include <memory>
#include <string>

#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::pg {

struct EmbeddedOptions {
  std::string directory;
  // False only for tests that do not test durability: no fsync, and a crash may lose everything.
  bool durable = true;
  // Where `initdb` and `postgres` are; empty to look for them.
  std::string bin_directory;
  // The user that runs the server when this process is root.
  std::string server_user = "postgres";
  int max_connections = 60;
  int shared_buffers_mb = 128;
};

class EmbeddedServer {
 public:
  // Makes the cluster if there is none, starts the server, makes the database and login roles, and
  // returns when it answers. FailedPrecondition says what is missing and what to do.
  static StatusOr<std::unique_ptr<EmbeddedServer>> Start(const EmbeddedOptions& options);
  ~EmbeddedServer();  // fast shutdown, and waits for it
  EmbeddedServer(const EmbeddedServer&) = delete;
  EmbeddedServer& operator=(const EmbeddedServer&) = delete;

  // The superuser: migrations, and making databases.
  ConnectOptions Admin() const { return For("postgres"); }
  // The service: a member of sluice_app.
  ConnectOptions App() const { return For("sluice"); }
  // The file builder, the only reader of account numbers: a member of sluice_files.
  ConnectOptions Files() const { return For("sluice_file_builder"); }
  // The independent verifier: a member of sluice_verify.
  ConnectOptions Verify() const { return For("sluice_auditor"); }

  // The postmaster's process id, for tests that kill it and for status pages.
  int ProcessId() const;
  // False after the server went away by itself. A new Start() on the directory recovers it.
  bool IsRunning() const;
  const std::string& SocketDirectory() const;

 private:
  struct State;
  explicit EmbeddedServer(std::unique_ptr<State> state);
  ConnectOptions For(const std::string& login) const;

  std::unique_ptr<State> state_;
};

// The directory of PostgreSQL 15's server programs on this machine.
StatusOr<std::string> FindServerPrograms();

}  // namespace sluice::pg
