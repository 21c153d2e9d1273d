// The database a command works on: the embedded server under a data directory, or a configured one.
//
// Without configuration Sluice keeps its own PostgreSQL (core/pg/embedded.h). With a configuration
// file (api/configuration.h) that has a [database] section it uses that server;
// deploy/config/sluice.toml explains it.
//
// Only a configuration that names the administrator (admin_uri) migrates the schema, lists payers
// and adds them. Without it a command takes the schema as it is, which has to be its own, and the
// payer has to be named: so a service needs no right to change the schema.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/config.h"
#include "core/pg/database.h"
#include "core/pg/embedded.h"
#include "core/status.h"
#include "hierarchy/payer_store.h"

namespace sluice::api {

struct StoreOptions {
  std::string data_dir;     // of the embedded server; empty for DefaultDataDir()
  std::string config_file;  // empty for none
  // Drops the embedded server's database first. Only for a directory that holds a demo.
  bool start_over = false;
};

// /var/lib/sluice for root, else $XDG_DATA_HOME/sluice or ~/.local/share/sluice.
std::string DefaultDataDir();

// How to reach a configured server. `admin` is absent where it is not named.
struct Connections {
  pg::ConnectOptions app, files, verify;
  std::optional<pg::ConnectOptions> admin;
};

// The table [database]: uri, files_uri, verify_uri, admin_uri, password_file, pool_size. Faults are
// reported by Config::Finish().
Connections ReadConnections(const ConfigSection& root);

class Store {
 public:
  // Starts or reaches the server and brings its schema up to date, or without an administrator
  // requires that it is. Unavailable when there is no database to work on, whatever the cause;
  // InvalidArgument for a fault in the configuration.
  static StatusOr<Store> Open(const StoreOptions& options, Clock& clock);

  // Acts as the service, the file builder and the verifier; Admin owns the schema.
  const pg::Database& App() const { return *app_; }
  const pg::Database& Files() const { return *files_; }
  const pg::Database& Verify() const { return *verify_; }
  // Requires: HasAdmin().
  const pg::Database& Admin() const { return admin_.value(); }
  bool HasAdmin() const { return admin_.has_value(); }
  // The data directory of the embedded server, or the configured one: where keys are kept.
  const std::string& DataDir() const { return data_dir_; }
  bool IsEmbedded() const { return server_ != nullptr; }

 private:
  static StatusOr<Store> OpenOnce(const StoreOptions& options, Clock& clock);
  Status Connect(const Connections& connections, Clock& clock);

  std::unique_ptr<pg::EmbeddedServer> server_;
  std::string data_dir_;
  // Declared after the server: connections close before it stops.
  std::optional<pg::Database> admin_, app_, files_, verify_;
};

// Every payer of the database, as the administrator sees them. FailedPrecondition without one.
StatusOr<std::vector<hierarchy::PayerRecord>> AllPayers(const Store& store);

}  // namespace sluice::api
