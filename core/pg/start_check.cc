#include "core/pg/start_check.h"

#include <string>

#include "core/pg/migrate.h"

namespace sluice::pg {
namespace {

struct ServerState {
  std::string fsync;
  std::string full_page_writes;
  std::string synchronous_commit;
  std::string data_checksums;
  std::string role;
  bool superuser = false;
  bool bypasses_rls = false;
  std::optional<std::string> owned;

  static ServerState FromRow(const Row& row) {
    return {row.Get<std::string>(0), row.Get<std::string>(1),
            row.Get<std::string>(2), row.Get<std::string>(3),
            row.Get<std::string>(4), row.Get<bool>(5),
            row.Get<bool>(6),        row.Get<std::optional<std::string>>(7)};
  }
};

constexpr pg::Query kServerState{"start_check_server_state", R"sql(
  SELECT current_setting('fsync'),
         current_setting('full_page_writes'),
         current_setting('synchronous_commit'),
         current_setting('data_checksums'),
         current_user::text,
         r.rolsuper,
         r.rolbypassrls,
         (SELECT min(n.nspname || '.' || c.relname)
          FROM pg_class AS c
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          WHERE n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
            AND c.relowner = r.oid)
  FROM pg_roles AS r
  WHERE r.rolname = current_user
)sql"};

}  // namespace

Status CheckStart(const Database& database, const StartCheckOptions& options) {
  const auto state = database.Transact(
      TransactOptions{.read_only = true}, [](Transaction& tx) -> StatusOr<ServerState> {
        return tx.Query(kServerState).One<ServerState>();
      });
  if (!state.ok()) return state.status();
  std::string wrong;
  const auto refuse = [&wrong](const std::string& reason) {
    if (!wrong.empty()) wrong += "; ";
    wrong += reason;
  };
  const auto must_be_on = [&](const char* name, const std::string& value, const char* remedy) {
    if (value == "off") refuse(fmt::format("{} is off: {}", name, remedy));
  };
  if (options.require_durable) {
    constexpr const char* kSwitchOn = "switch it on in the server's configuration";
    must_be_on("fsync", state->fsync, kSwitchOn);
    must_be_on("full_page_writes", state->full_page_writes, kSwitchOn);
    must_be_on("synchronous_commit", state->synchronous_commit, kSwitchOn);
    must_be_on("data_checksums", state->data_checksums,
               "stop the server and run pg_checksums --enable");
  }
  if (options.require_plain_role) {
    if (state->superuser) {
      refuse(fmt::format("role {} is a superuser: sign in as a member of sluice_app", state->role));
    }
    if (state->bypasses_rls) {
      refuse(fmt::format("role {} has BYPASSRLS: take it away", state->role));
    }
    if (state->owned) {
      refuse(fmt::format("role {} owns {}: sign in as a role that owns nothing", state->role,
                         *state->owned));
    }
  }
  if (const Status schema = CheckSchemaVersion(database, EmbeddedMigrations()); !schema.ok()) {
    if (schema.code() != absl::StatusCode::kFailedPrecondition) return schema;
    refuse(StatusMessage(schema));
  }
  if (wrong.empty()) return OkStatus();
  return FailedPrecondition("the service does not start on this database: {}", wrong);
}

}  // namespace sluice::pg
