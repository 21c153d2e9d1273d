#include "api/store.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "api/configuration.h"
#include "core/pg/migrate.h"
#include "core/pg/start_check.h"

namespace sluice::api {

std::string DefaultDataDir() {
  if (geteuid() == 0) return "/var/lib/sluice";
  if (const char* data_home = std::getenv("XDG_DATA_HOME");
      data_home != nullptr && *data_home != 0) {
    return std::string(data_home) + "/sluice";
  }
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + "/.local/share/sluice";
}

Connections ReadConnections(const ConfigSection& root) {
  const ConfigSection section = root.RequiredSection("database");
  pg::ConnectOptions common;
  common.password_file = section.Text("password_file", "");
  common.pool_size = static_cast<int>(section.Integer("pool_size", 8, {.least = 1, .most = 64}));
  const auto reaching = [&](std::string uri) {
    pg::ConnectOptions options = common;
    options.uri = std::move(uri);
    return options;
  };
  Connections connections{.app = reaching(section.RequiredText("uri")),
                          .files = reaching(section.RequiredText("files_uri")),
                          .verify = reaching(section.RequiredText("verify_uri")),
                          .admin = std::nullopt};
  if (auto admin = section.OptionalText("admin_uri")) connections.admin = reaching(*admin);
  return connections;
}

StatusOr<Store> Store::Open(const StoreOptions& options, Clock& clock) {
  StatusOr<Store> store = OpenOnce(options, clock);
  if (store.status().code() == absl::StatusCode::kFailedPrecondition) {
    return Unavailable("{}", StatusMessage(store.status()));
  }
  return store;
}

StatusOr<Store> Store::OpenOnce(const StoreOptions& options, Clock& clock) {
  Store store;
  store.data_dir_ = options.data_dir.empty() ? DefaultDataDir() : options.data_dir;
  std::error_code error;
  std::filesystem::create_directories(store.data_dir_, error);
  if (error) {
    return FailedPrecondition(
        "cannot make the data directory {}: {}; choose another with --data-dir", store.data_dir_,
        error.message());
  }
  if (!options.config_file.empty()) {
    ASSIGN_OR_RETURN(const Configuration configuration, ReadConfiguration(options.config_file));
    if (configuration.database) {
      RETURN_IF_ERROR(store.Connect(*configuration.database, clock));
      return store;
    }
  }
  ASSIGN_OR_RETURN(store.server_,
                   pg::EmbeddedServer::Start({.directory = store.data_dir_ + "/postgres"}));
  if (options.start_over) {
    pg::ConnectOptions maintenance = store.server_->Admin();
    maintenance.database = "postgres";
    RETURN_IF_ERROR(pg::DropDatabase(maintenance, "sluice"));
    RETURN_IF_ERROR(pg::CreateDatabase(maintenance, "sluice", "template1"));
  }
  RETURN_IF_ERROR(store.Connect({.app = store.server_->App(),
                                 .files = store.server_->Files(),
                                 .verify = store.server_->Verify(),
                                 .admin = store.server_->Admin()},
                                clock));
  return store;
}

Status Store::Connect(const Connections& connections, Clock& clock) {
  if (connections.admin) {
    ASSIGN_OR_RETURN(admin_, pg::Database::Open(*connections.admin));
    RETURN_IF_ERROR(pg::Migrate(*admin_, pg::EmbeddedMigrations(), clock.Now()).status());
  }
  ASSIGN_OR_RETURN(app_, pg::Database::Open(connections.app));
  if (!admin_) RETURN_IF_ERROR(pg::CheckStart(*app_));
  ASSIGN_OR_RETURN(files_, pg::Database::Open(connections.files));
  ASSIGN_OR_RETURN(verify_, pg::Database::Open(connections.verify));
  return OkStatus();
}

StatusOr<std::vector<hierarchy::PayerRecord>> AllPayers(const Store& store) {
  if (!store.HasAdmin()) {
    return FailedPrecondition(
        "only the administrator sees every payer: add admin_uri to the configuration");
  }
  return store.Admin().Transact(
      [](pg::Transaction& tx) -> StatusOr<std::vector<hierarchy::PayerRecord>> {
        return hierarchy::ListPayers(tx);
      });
}

}  // namespace sluice::api
