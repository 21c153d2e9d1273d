#include "tests/support/test_database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/pg/embedded.h"
#include "core/pg/migrate.h"
#include "tests/support/citus_stand_ins.h"

namespace sluice::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDirectoryPrefix = "/tmp/sluice-test-";
// Generous: a sanitizer's build on a machine that is busy with other tests.
constexpr std::chrono::milliseconds kConnectTimeout{30'000};
constexpr std::int64_t kStartMicros = 1'790'856'000'000'000;  // 2026-10-01T12:00:00Z

constexpr pg::Query kHasCitus{"test_has_citus", R"sql(
  SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')
)sql"};
constexpr pg::Query kInsertPayer{"test_insert_payer", R"sql(
  INSERT INTO core.payer (payer_id, name, tin)
  VALUES ($1, $2, $3)
)sql"};

// A superuser may act as anybody; an administrator without that right has to be a member.
constexpr pg::Query kJoinRoles{"test_join_roles", R"sql(
  DO $$
  DECLARE
    role_name text;
  BEGIN
    FOREACH role_name IN ARRAY ARRAY['sluice_app', 'sluice_files', 'sluice_verify']
    LOOP
      IF NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
        EXECUTE format('GRANT %I TO %I', role_name, current_user);
      END IF;
    END LOOP;
  END
  $$
)sql"};

void Require(const Status& status, std::string_view what) {
  if (status.ok()) return;
  std::fprintf(stderr, "test database: %s: %s\n", std::string(what).c_str(),
               StatusMessage(status).c_str());
  std::abort();
}

template <typename T>
T Require(StatusOr<T> value, std::string_view what) {
  Require(value.status(), what);
  return std::move(value).value();
}

// Directories of test programs that were killed: nobody holds their lock.
void SweepOldDirectories() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/tmp", error)) {
    const std::string path = entry.path().string();
    if (!path.starts_with(kDirectoryPrefix)) continue;
    const std::string lock_path = path + "/lock";
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(lock_path, error);
    if (error || age < std::chrono::minutes(30)) continue;
    const int lock = open(lock_path.c_str(), O_RDWR | O_CLOEXEC);
    if (lock < 0) continue;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) fs::remove_all(path, error);
    close(lock);
  }
}

// One per test program: a server and a migrated template in it.
class Server {
 public:
  static Server& Get() {
    static Server server;
    return server;
  }

  bool CanClone() const { return can_clone_; }
  std::string Clone() {
    const std::string name = fmt::format("{}_{}", base_name_, ++clones_);
    Require(pg::CreateDatabase(maintenance_, name, template_), "cloning the template");
    return name;
  }
  void Drop(const std::string& name) {
    Require(pg::DropDatabase(maintenance_, name), "dropping a clone");
  }

  pg::ConnectOptions Admin(const std::string& database) const {
    return With(maintenance_, database, "");
  }
  pg::ConnectOptions App(const std::string& database) const {
    return embedded_ ? With(embedded_->App(), database, "")
                     : With(maintenance_, database, "sluice_app");
  }
  pg::ConnectOptions Files(const std::string& database) const {
    return embedded_ ? With(embedded_->Files(), database, "")
                     : With(maintenance_, database, "sluice_files");
  }
  pg::ConnectOptions Verify(const std::string& database) const {
    return embedded_ ? With(embedded_->Verify(), database, "")
                     : With(maintenance_, database, "sluice_verify");
  }

 private:
  Server() {
    const char* url = std::getenv("SLUICE_TEST_DATABASE_URL");
    if (url != nullptr && *url != '\0') {
      UseNamedServer(url);
    } else {
      StartEmbedded();
    }
  }

  ~Server() {
    if (getpid() != owner_) return;  // the child of a death test
    if (!embedded_ && can_clone_) Drop(template_);
    embedded_.reset();
    std::error_code ignored;
    if (!directory_.empty()) fs::remove_all(directory_, ignored);
  }

  void StartEmbedded() {
    SweepOldDirectories();
    directory_ = std::string(kDirectoryPrefix) + "XXXXXX";
    if (mkdtemp(directory_.data()) == nullptr) {
      Require(Internal("no temporary directory"), "starting");
    }
    if (geteuid() == 0) chmod(directory_.c_str(), 0711);  // the server's user passes through
    pg::EmbeddedOptions options;
    options.directory = directory_;
    options.durable = false;
    options.shared_buffers_mb = 64;
    embedded_ = Require(pg::EmbeddedServer::Start(options), "starting the server");
    maintenance_ = embedded_->Admin();
    maintenance_.database = "postgres";
    base_name_ = "sluice_test";
    can_clone_ = true;
    template_ = "sluice";
    MigrateTemplate();
  }

  void UseNamedServer(const std::string& url) {
    maintenance_.uri = url;
    maintenance_.connect_timeout = kConnectTimeout;
    maintenance_.pool_size = 4;
    const pg::Database admin = Require(pg::Database::Open(maintenance_), "connecting");
    const bool citus = Require(admin.Transact([](pg::Transaction& tx) -> StatusOr<bool> {
      return tx.Query(kHasCitus).One<bool>();
    }),
                               "looking for Citus");
    base_name_ = fmt::format("sluice_test_{}", getpid());
    template_ = base_name_ + "_template";
    can_clone_ = !citus && pg::DropDatabase(maintenance_, template_).ok() &&
                 pg::CreateDatabase(maintenance_, template_, "template0").ok();
    if (!can_clone_) template_.clear();
    MigrateTemplate();
    Require(admin.Transact([](pg::Transaction& tx) -> Status {
      tx.Execute(kJoinRoles);
      return OkStatus();
    }),
            "becoming a member of the roles");
  }

  // A template with a session in it cannot be cloned: the pool is closed at the end.
  void MigrateTemplate() {
    pg::ConnectOptions options = Admin(template_);
    options.pool_size = 1;
    const pg::Database admin = Require(pg::Database::Open(options), "connecting");
    SystemClock clock;
    Require(pg::Migrate(admin, pg::EmbeddedMigrations(), clock.Now()).status(), "migrating");
    if (!embedded_ || std::getenv("SLUICE_TEST_DISTRIBUTED") == nullptr) return;
    Require(admin.Transact([](pg::Transaction& tx) -> Status {
      tx.RunScript(kCitusStandIns);
      tx.RunScript(DistributionScript());
      return OkStatus();
    }),
            "distributing");
  }

  static pg::ConnectOptions With(pg::ConnectOptions options, const std::string& database,
                                 const std::string& role) {
    options.database = database;
    options.role = role;
    options.connect_timeout = kConnectTimeout;
    return options;
  }

  const pid_t owner_ = getpid();
  std::string directory_;
  std::unique_ptr<pg::EmbeddedServer> embedded_;
  pg::ConnectOptions maintenance_;
  bool can_clone_ = false;
  std::string base_name_;
  std::string template_;
  int clones_ = 0;
};

// Who makes ids. In a shared database a program's test databases must not make the same ones, nor
// those of programs that run beside it.
int NodeOfIds(bool isolated) {
  static std::atomic<int> made = 0;
  return isolated ? 1 : (static_cast<int>(getpid()) + 131 * made++) % 1024;
}

Instant StartOfClock(bool isolated) {
  if (isolated) return Instant::FromMicros(kStartMicros);
  SystemClock clock;
  return clock.Now();  // ids of earlier runs are still there
}

}  // namespace

struct TestDatabase::State {
  explicit State(Server& from)
      : server(from),
        name(from.CanClone() ? from.Clone() : std::string()),
        clock(StartOfClock(from.CanClone())),
        ids(clock, NodeOfIds(from.CanClone())),
        app_options(from.App(name)),
        admin_options(from.Admin(name)) {}

  const pg::Database& Open(std::optional<pg::Database>& database,
                           const pg::ConnectOptions& options) {
    if (!database) database = Require(pg::Database::Open(options), "connecting");
    return *database;
  }

  Server& server;
  std::string name;
  ManualClock clock;
  IdGenerator ids;
  pg::ConnectOptions app_options;
  pg::ConnectOptions admin_options;
  std::optional<pg::Database> app, files, verify, admin;
};

TestDatabase::TestDatabase() : state_(std::make_unique<State>(Server::Get())) { App(); }

TestDatabase::~TestDatabase() {
  const std::string name = state_->name;
  Server& server = state_->server;
  state_.reset();
  if (!name.empty()) server.Drop(name);
}

const pg::Database& TestDatabase::App() const {
  return state_->Open(state_->app, state_->app_options);
}
const pg::Database& TestDatabase::Files() const {
  return state_->Open(state_->files, state_->server.Files(state_->name));
}
const pg::Database& TestDatabase::Verify() const {
  return state_->Open(state_->verify, state_->server.Verify(state_->name));
}
const pg::Database& TestDatabase::Admin() const {
  return state_->Open(state_->admin, state_->admin_options);
}
const pg::ConnectOptions& TestDatabase::AppOptions() const { return state_->app_options; }
const pg::ConnectOptions& TestDatabase::AdminOptions() const { return state_->admin_options; }
ManualClock& TestDatabase::Clock() { return state_->clock; }
IdGenerator& TestDatabase::Ids() { return state_->ids; }
bool TestDatabase::IsIsolated() const { return state_->server.CanClone(); }

PayerId TestDatabase::NewPayer(std::string_view name) {
  const PayerId payer = Ids().Next<PayerTag>();
  const std::string tin = fmt::format("{:09}", payer.Value() % 1'000'000'000);
  Require(App().ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kInsertPayer, payer, name, tin);
    return OkStatus();
  }),
          "storing a payer");
  return payer;
}

}  // namespace sluice::testing
