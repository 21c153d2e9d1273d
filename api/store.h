// The database a command works on: the embedded server under a data directory, or a configured one.
//
// Without configuration Sluice keeps its own PostgreSQL (core/pg/embedded.h). With a configuration
// file that has a [database] section it uses that server:
//
//   [database]
//   uri = "postgresql://sluice@db.example.org/sluice?sslmode=verify-full"        # the service
//   admin_uri = "postgresql://sluice_admin@db.example.org/sluice?sslmode=verify-full"  # migrations
//   files_uri = "..."     # the file builder, the only reader of account numbers
//   verify_uri = "..."    # the independent verifier
//   password_file = "/etc/sluice/pgpass"                                          # libpq passfile
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
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

class Store {
 public:
  // Starts or reaches the server and brings its schema up to date. Unavailable when there is no
  // database to work on, whatever the cause; InvalidArgument for a fault in the configuration.
  static StatusOr<Store> Open(const StoreOptions& options, Clock& clock);

  // Acts as the service, the file builder and the verifier; Admin owns the schema.
  const pg::Database& App() const { return *app_; }
  const pg::Database& Files() const { return *files_; }
  const pg::Database& Verify() const { return *verify_; }
  const pg::Database& Admin() const { return *admin_; }
  // The data directory of the embedded server, or the configured one: where keys are kept.
  const std::string& DataDir() const { return data_dir_; }
  bool IsEmbedded() const { return server_ != nullptr; }

 private:
  struct Connections {
    pg::ConnectOptions app, files, verify, admin;
  };
  static StatusOr<Store> OpenOnce(const StoreOptions& options, Clock& clock);
  static StatusOr<Connections> ReadConnections(const std::string& config_file);
  Status Connect(const Connections& connections, Clock& clock);

  std::unique_ptr<pg::EmbeddedServer> server_;
  std::string data_dir_;
  // Declared after the server: connections close before it stops.
  std::optional<pg::Database> admin_, app_, files_, verify_;
};

// Every payer of the database, as the administrator sees them.
StatusOr<std::vector<hierarchy::PayerRecord>> AllPayers(const Store& store);

}  // namespace sluice::api
