#include "core/pg/embedded.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "core/bytes.h"
#include "core/check.h"
#include "core/pg/connection.h"
#include "core/pg/server_process.h"

namespace sluice::pg {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kMajorVersion = "15";
constexpr std::string_view kSocketPrefix = "/tmp/sluice-";
constexpr std::size_t kLongestSocketPath = 107;
// Replaying the log after a crash may take long; a server that answers "starting" is waited for.
constexpr seconds kStartWithin{600};
constexpr std::uintmax_t kLongestLog = 16 * 1024 * 1024;

struct Login {
  const char* name;
  const char* group;
};
constexpr std::array kLogins = {Login{"sluice", "sluice_app"},
                                Login{"sluice_file_builder", "sluice_files"},
                                Login{"sluice_auditor", "sluice_verify"}};

constexpr pg::Query kRoleExists{"embedded_role_exists", R"sql(
  SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1::text)
)sql"};
constexpr pg::Query kDatabaseExists{"embedded_database_exists", R"sql(
  SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1::text)
)sql"};

std::string RandomPassword() {
  std::array<std::uint8_t, 24> bytes{};
  CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  return ToHex(bytes);
}

// A rename is certain to survive a power cut only once its directory is on the disk.
Status SyncDirectory(const std::string& path) {
  const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && fsync(directory) == 0;
  const int reason = errno;
  if (directory >= 0) close(directory);
  if (synced) return OkStatus();
  return FailedPrecondition("cannot sync {}: {}", path, std::strerror(reason));
}

// Writes a file that only its owner reads, whole or not at all.
Status WritePrivate(const std::string& path, std::string_view text, const ServerUser* owner) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      fsync(file) == 0 && (owner == nullptr || fchown(file, owner->uid, owner->gid) == 0);
  const int reason = errno;
  if (file >= 0) close(file);
  if (written && rename(temporary.c_str(), path.c_str()) == 0) return OkStatus();
  return FailedPrecondition("cannot write {}: {}", path, std::strerror(written ? errno : reason));
}

std::string ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string RunAndRead(const char* command) {
  std::string text;
  FILE* pipe = popen(command, "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> line{};
  if (std::fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr) text = line.data();
  pclose(pipe);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// login -> what the server stores for its password in the file.
StatusOr<std::map<std::string, std::string>> MakeVerifiers(const ConnectOptions& admin,
                                                           const std::string& passwords) {
  std::map<std::string, std::string> verifiers;
  try {
    const auto connection = Connection::Connect(admin);
    std::ifstream file(passwords);
    for (std::string line; std::getline(file, line);) {
      const std::size_t colon = line.rfind(':');
      const std::size_t before = line.rfind(':', colon - 1);
      if (colon == std::string::npos || before == std::string::npos) continue;
      const std::string login = line.substr(before + 1, colon - before - 1);
      verifiers[login] = connection->PasswordVerifier(line.substr(colon + 1), login);
    }
  } catch (const Error& error) {
    return Unavailable("{}", error.what());
  }
  for (const Login& login : kLogins) {
    if (!verifiers.contains(login.name)) {
      return FailedPrecondition("{} has no line for the login {}", passwords, login.name);
    }
  }
  return verifiers;
}

bool HasServerPrograms(const std::string& directory) {
  return access((directory + "/initdb").c_str(), X_OK) == 0 &&
         access((directory + "/postgres").c_str(), X_OK) == 0;
}

}  // namespace

struct EmbeddedServer::State {
  EmbeddedOptions options;
  ServerUser user;
  std::string directory;
  std::string cluster_name;
  std::string socket_directory;
  int lock = -1;
  pid_t owner = getpid();
  std::unique_ptr<Postmaster> postmaster;

  std::string Cluster() const { return directory + "/cluster"; }
  std::string Passwords() const { return directory + "/passwords"; }
  std::string Log() const { return directory + "/server.log"; }

  Status Prepare();
  Status TakeLock();
  Status StopLeftovers();
  Status MakeCluster();
  Status MakeSocketDirectory();
  std::vector<std::string> Command() const;
  Status Launch();
  Status MakeLogins(const ConnectOptions& admin);
  ~State();
};

EmbeddedServer::State::~State() {
  if (owner != getpid()) {
    // A forked child has no keeper thread, and the server is its parent's.
    postmaster.release();  // NOLINT(bugprone-unused-return-value)
    return;
  }
  postmaster.reset();
  std::error_code ignored;
  if (!socket_directory.empty()) {
    fs::remove_all(socket_directory, ignored);
    fs::remove(directory + "/socket", ignored);
  }
  if (lock >= 0) close(lock);
}

Status EmbeddedServer::State::Prepare() {
  ASSIGN_OR_RETURN(user, FindServerUser(options.server_user));
  if (options.bin_directory.empty()) {
    ASSIGN_OR_RETURN(options.bin_directory, FindServerPrograms());
  }
  std::error_code error;
  directory = fs::weakly_canonical(fs::absolute(options.directory), error).string();
  if (error) return FailedPrecondition("bad database directory {}", options.directory);
  while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  const bool existed = fs::exists(directory, error);
  fs::create_directories(directory, error);
  if (error) return FailedPrecondition("cannot make {}: {}", directory, error.message());
  // Others may pass through to what they own, and see nothing.
  if (!existed) chmod(directory.c_str(), geteuid() == 0 ? 0711 : 0700);
  RETURN_IF_ERROR(CheckTraversable(Cluster(), user));
  cluster_name = "sluice-" + ToHex(Sha256(AsBytes(directory))).substr(0, 16);
  return OkStatus();
}

Status EmbeddedServer::State::TakeLock() {
  const std::string path = directory + "/lock";
  lock = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return FailedPrecondition("cannot open {}: {}", path, std::strerror(errno));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return FailedPrecondition(
        "the database directory {} is in use by process {}: stop that process, or give this one "
        "another data directory",
        directory, ReadSmallFile(path));
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(lock, 0) != 0 ||
      pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return FailedPrecondition("cannot write {}: {}", path, std::strerror(errno));
  }
  return OkStatus();
}

// The lock is ours, so that whatever still runs on the cluster lost its owner.
Status EmbeddedServer::State::StopLeftovers() {
  const auto wait_for_none = [&](seconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (FindServerProcesses(Cluster(), cluster_name).Any()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
  };
  struct Attempt {
    int signal;
    bool to_children;  // those without a postmaster leave by themselves, unless they hang
    seconds patience;
  };
  constexpr Attempt kAttempts[] = {
      {SIGINT, false, seconds(30)}, {SIGQUIT, true, seconds(10)}, {SIGKILL, true, seconds(5)}};
  bool none = !FindServerProcesses(Cluster(), cluster_name).Any();
  for (const Attempt& attempt : kAttempts) {
    if (none) break;
    const ServerProcesses left = FindServerProcesses(Cluster(), cluster_name);
    if (left.postmaster) kill(*left.postmaster, attempt.signal);
    if (attempt.to_children) {
      for (const pid_t child : left.children) kill(child, attempt.signal);
    }
    none = wait_for_none(attempt.patience);
  }
  if (!none) {
    return FailedPrecondition("an earlier server still runs on {} and does not stop", Cluster());
  }
  // With no process left, its pid file is stale; PostgreSQL itself would stop over it when the
  // number now belongs to another process of the same user.
  unlink((Cluster() + "/postmaster.pid").c_str());
  std::error_code ignored;
  const std::string old_sockets = ReadSmallFile(directory + "/socket");
  if (old_sockets.starts_with(kSocketPrefix) && old_sockets.find("..") == std::string::npos) {
    struct stat info;
    if (lstat(old_sockets.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
        info.st_uid == user.uid) {
      fs::remove_all(old_sockets, ignored);
    }
  }
  fs::remove_all(directory + "/cluster.new", ignored);  // an initdb that did not end
  return OkStatus();
}

Status EmbeddedServer::State::MakeCluster() {
  if (fs::exists(Cluster() + "/PG_VERSION")) {
    const std::string version = ReadSmallFile(Cluster() + "/PG_VERSION");
    if (version != kMajorVersion) {
      return FailedPrecondition("{} was made by PostgreSQL {}; this program needs {}", Cluster(),
                                version, kMajorVersion);
    }
    if (!fs::exists(Passwords())) {
      return FailedPrecondition(
          "{} is missing: put it back from the backup of {}, since the server's passwords are "
          "nowhere else",
          Passwords(), directory);
    }
    return OkStatus();
  }
  const std::string password = RandomPassword();
  std::string lines = "*:*:*:postgres:" + password + "\n";
  for (const Login& login : kLogins) {
    lines += fmt::format("*:*:*:{}:{}\n", login.name, RandomPassword());
  }
  RETURN_IF_ERROR(WritePrivate(Passwords(), lines, nullptr));
  const std::string password_file = directory + "/initdb.password";
  RETURN_IF_ERROR(WritePrivate(password_file, password + "\n", &user));
  const std::string making = directory + "/cluster.new";
  if (mkdir(making.c_str(), 0700) != 0 || chown(making.c_str(), user.uid, user.gid) != 0) {
    return FailedPrecondition("cannot make {}: {}", making, std::strerror(errno));
  }
  // Bytewise order everywhere: an index must not depend on the machine's locale data.
  std::vector<std::string> command = {options.bin_directory + "/initdb",
                                      "--pgdata=" + making,
                                      "--username=postgres",
                                      "--pwfile=" + password_file,
                                      "--auth=scram-sha-256",
                                      "--data-checksums",
                                      "--encoding=UTF8",
                                      "--lc-collate=C",
                                      "--lc-ctype=C.UTF-8",
                                      "--lc-messages=C",
                                      "--text-search-config=simple",
                                      "--no-instructions"};
  if (!options.durable) command.push_back("--no-sync");
  const Status made = RunProgram(command, user, Log());
  unlink(password_file.c_str());
  RETURN_IF_ERROR(made);
  if (rename(making.c_str(), Cluster().c_str()) != 0) {
    return FailedPrecondition("cannot rename {}: {}", making, std::strerror(errno));
  }
  return SyncDirectory(directory);
}

Status EmbeddedServer::State::MakeSocketDirectory() {
  std::string made = std::string(kSocketPrefix) + "XXXXXX";
  if (mkdtemp(made.data()) == nullptr || chown(made.c_str(), user.uid, user.gid) != 0) {
    return FailedPrecondition("cannot make a directory for the database's socket in /tmp: {}",
                              std::strerror(errno));
  }
  CHECK(made.size() + std::strlen("/.s.PGSQL.5432") <= kLongestSocketPath);
  socket_directory = made;
  return WritePrivate(directory + "/socket", socket_directory, nullptr);
}

std::vector<std::string> EmbeddedServer::State::Command() const {
  std::vector<std::string> command = {options.bin_directory + "/postgres", "-D", Cluster()};
  const auto set = [&command](std::string_view name, std::string_view value) {
    command.push_back("-c");
    command.push_back(fmt::format("{}={}", name, value));
  };
  set("cluster_name", cluster_name);
  set("listen_addresses", "");
  set("unix_socket_directories", socket_directory);
  set("unix_socket_permissions", "0700");
  set("port", "5432");
  set("max_connections", std::to_string(options.max_connections));
  set("shared_buffers", std::to_string(options.shared_buffers_mb) + "MB");
  set("max_wal_size", "2GB");
  set("jit", "off");
  set("timezone", "UTC");
  set("log_timezone", "UTC");
  set("password_encryption", "scram-sha-256");
  // The log names statements and states, never the values of rows or parameters.
  set("log_error_verbosity", "terse");
  set("log_parameter_max_length", "0");
  set("log_parameter_max_length_on_error", "0");
  set("log_min_error_statement", "panic");
  const std::string_view durable = options.durable ? "on" : "off";
  set("fsync", durable);
  set("synchronous_commit", durable);
  set("full_page_writes", durable);
  if (!options.durable) {
    set("wal_level", "minimal");
    set("max_wal_senders", "0");
    set("autovacuum", "off");
  }
  return command;
}

Status EmbeddedServer::State::Launch() {
  std::error_code ignored;
  if (fs::file_size(Log(), ignored) > kLongestLog && !ignored) {
    fs::rename(Log(), Log() + ".old", ignored);
  }
  RETURN_IF_ERROR(MakeSocketDirectory());
  postmaster = std::make_unique<Postmaster>(Command(), user, Log());
  const std::string ping = fmt::format(
      "host={} port=5432 user=postgres dbname=postgres connect_timeout=5", socket_directory);
  const auto until = std::chrono::steady_clock::now() + kStartWithin;
  while (PQping(ping.c_str()) != PQPING_OK) {
    if (postmaster->HasExited()) {
      return FailedPrecondition("the database server in {} did not start; the end of {}:\n{}",
                                directory, Log(), TailOf(Log()));
    }
    if (std::chrono::steady_clock::now() > until) {
      return Unavailable("the database server in {} did not answer within {} s", directory,
                         kStartWithin.count());
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return OkStatus();
}

Status EmbeddedServer::State::MakeLogins(const ConnectOptions& admin) {
  ConnectOptions maintenance = admin;
  maintenance.database = "postgres";
  maintenance.pool_size = 1;
  ASSIGN_OR_RETURN(const Database database, Database::Open(maintenance));
  std::map<std::string, std::string> verifiers;
  ASSIGN_OR_RETURN(verifiers, MakeVerifiers(maintenance, Passwords()));
  const auto made = database.Transact([&](Transaction& tx) -> StatusOr<bool> {
    std::string script;
    for (const Login& login : kLogins) {
      if (!tx.Query(kRoleExists, login.group).One<bool>()) {
        script += fmt::format("CREATE ROLE {} NOLOGIN;\n", login.group);
      }
      if (!tx.Query(kRoleExists, login.name).One<bool>()) {
        script += fmt::format("CREATE ROLE {} LOGIN PASSWORD '{}' IN ROLE {};\n", login.name,
                              verifiers.at(login.name), login.group);
      }
    }
    if (!script.empty()) tx.RunScript(script);
    return tx.Query(kDatabaseExists, "sluice").One<bool>();
  });
  if (!made.ok()) return made.status();
  return *made ? OkStatus() : CreateDatabase(maintenance, "sluice", "template1");
}

StatusOr<std::unique_ptr<EmbeddedServer>> EmbeddedServer::Start(const EmbeddedOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  RETURN_IF_ERROR(state->Prepare());
  RETURN_IF_ERROR(state->TakeLock());
  RETURN_IF_ERROR(state->StopLeftovers());
  RETURN_IF_ERROR(state->MakeCluster());
  RETURN_IF_ERROR(state->Launch());
  State& started = *state;
  std::unique_ptr<EmbeddedServer> server(new EmbeddedServer(std::move(state)));
  RETURN_IF_ERROR(started.MakeLogins(server->Admin()));
  return server;
}

EmbeddedServer::EmbeddedServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
EmbeddedServer::~EmbeddedServer() = default;

ConnectOptions EmbeddedServer::For(const std::string& login) const {
  ConnectOptions options;
  options.uri = fmt::format("host={} port=5432 user={} dbname=sluice", state_->socket_directory,
                            login);
  options.password_file = state_->Passwords();
  return options;
}

int EmbeddedServer::ProcessId() const { return state_->postmaster->Pid(); }
bool EmbeddedServer::IsRunning() const { return !state_->postmaster->HasExited(); }
const std::string& EmbeddedServer::SocketDirectory() const { return state_->socket_directory; }

StatusOr<std::string> FindServerPrograms() {
  const std::string packaged = fmt::format("/usr/lib/postgresql/{}/bin", kMajorVersion);
  if (HasServerPrograms(packaged)) return packaged;
  const std::string version = RunAndRead("pg_config --version 2>/dev/null");
  const std::string configured = RunAndRead("pg_config --bindir 2>/dev/null");
  if (version.starts_with(fmt::format("PostgreSQL {}", kMajorVersion)) &&
      HasServerPrograms(configured)) {
    return configured;
  }
  return FailedPrecondition(
      "the programs of PostgreSQL {} (initdb, postgres) are not installed: install the package "
      "postgresql-{}, or name a server in the configuration",
      kMajorVersion, kMajorVersion);
}

}  // namespace sluice::pg
