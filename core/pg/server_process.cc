#include "core/pg/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/check.h"

namespace sluice::pg {
namespace {

constexpr int kCannotBecomeUser = 126;
constexpr int kCannotExecute = 127;
constexpr std::size_t kTailBytes = 2'000;

// Between fork and exec: system calls only, since other threads may have held any lock.
bool BecomeUser(const ServerUser& user) {
  if (geteuid() != 0) return true;
  return setgroups(1, &user.gid) == 0 && setresgid(user.gid, user.gid, user.gid) == 0 &&
         setresuid(user.uid, user.uid, user.uid) == 0;
}

std::vector<char*> Arguments(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

// Forks and runs a program. With `die_with_us`, it leads a session of its own, so that Ctrl-C in a
// terminal reaches us and not it, and gets SIGINT when the calling thread ends.
pid_t Spawn(const std::vector<std::string>& command, const ServerUser& user,
            const std::string& log_path, bool die_with_us) {
  const std::vector<char*> arguments = Arguments(command);
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return -1;
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    const int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (!BecomeUser(user) || chdir("/") != 0) _exit(kCannotBecomeUser);
    if (die_with_us) {
      setsid();
      // After the change of user, which clears it. The parent may have died just before.
      prctl(PR_SET_PDEATHSIG, SIGINT);
      if (getppid() != parent) _exit(kCannotBecomeUser);
    }
    execv(arguments[0], arguments.data());
    _exit(kCannotExecute);
  }
  close(log);
  return pid;
}

// None for a process that ends meanwhile: reading then fails, which a stream would throw.
std::optional<std::string> CommandLine(const std::string& pid) {
  const int file = open(("/proc/" + pid + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string line;
  std::array<char, 4'096> buffer{};
  ssize_t count = 0;
  while ((count = read(file, buffer.data(), buffer.size())) > 0) {
    line.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(file);
  if (count < 0) return std::nullopt;
  return line;
}

}  // namespace

StatusOr<ServerUser> FindServerUser(const std::string& name) {
  if (geteuid() != 0) return ServerUser{geteuid(), getegid(), "the current user"};
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) {
    return FailedPrecondition(
        "PostgreSQL does not run as root, and there is no user \"{}\" to run it as: install the "
        "package postgresql-15, or run this program as an ordinary user",
        name);
  }
  return ServerUser{entry->pw_uid, entry->pw_gid, entry->pw_name};
}

Status CheckTraversable(const std::string& path, const ServerUser& user) {
  std::vector<std::string> parents;
  std::filesystem::path parent = std::filesystem::absolute(path).parent_path();
  for (; parent != parent.root_path(); parent = parent.parent_path()) {
    parents.insert(parents.begin(), parent.string());
  }
  CHECK(parents.size() < 100);
  const pid_t pid = fork();
  if (pid == 0) {
    // The kernel is asked as that user, so that groups, lists and mounts count too.
    if (!BecomeUser(user)) _exit(kCannotBecomeUser);
    int index = 0;
    for (const std::string& each : parents) {
      ++index;
      if (access(each.c_str(), X_OK) != 0) _exit(index);
    }
    _exit(0);
  }
  int state = 0;
  while (waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  const int index = WIFEXITED(state) ? WEXITSTATUS(state) : kCannotBecomeUser;
  if (index == 0) return OkStatus();
  if (index == kCannotBecomeUser) {
    return FailedPrecondition("cannot run programs as user \"{}\"", user.name);
  }
  return FailedPrecondition(
      "the database directory {} lies under {}, which the user \"{}\" that runs PostgreSQL cannot "
      "pass through: choose a data directory outside it (for instance /var/lib/sluice), or give "
      "that directory execute permission",
      path, parents[static_cast<std::size_t>(index - 1)], user.name);
}

Status RunProgram(const std::vector<std::string>& command, const ServerUser& user,
                  const std::string& log_path) {
  const pid_t pid = Spawn(command, user, log_path, false);
  if (pid < 0) return FailedPrecondition("cannot start {}: {}", command[0], std::strerror(errno));
  int state = 0;
  while (waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return OkStatus();
  return FailedPrecondition("{} failed; the end of {}:\n{}", command[0], log_path,
                            TailOf(log_path));
}

std::string TailOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  return text.size() <= kTailBytes ? text : text.substr(text.size() - kTailBytes);
}

// Reads command lines, which every user may: in a container, root without CAP_SYS_PTRACE cannot
// read another user's /proc/PID/cwd.
ServerProcesses FindServerProcesses(const std::string& cluster, const std::string& cluster_name) {
  ServerProcesses found;
  const std::string postmaster_mark = std::string("\0-D\0", 4) + cluster + std::string("\0", 1);
  const std::string child_mark = "postgres: " + cluster_name + ": ";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto line = CommandLine(name);
    if (!line) continue;
    const auto pid = static_cast<pid_t>(std::stol(name));
    if (line->starts_with(child_mark)) {
      found.children.push_back(pid);
    } else if (line->find("/postgres") != std::string::npos &&
               line->find(postmaster_mark) != std::string::npos) {
      found.postmaster = pid;
    }
  }
  return found;
}

Postmaster::Postmaster(std::vector<std::string> command, ServerUser user, std::string log_path) {
  keeper_ = std::thread([this, command = std::move(command), user = std::move(user),
                         log_path = std::move(log_path)] { Keep(command, user, log_path); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return started_; });
}

Postmaster::~Postmaster() {
  // PostgreSQL 15 can hang in a fast shutdown that meets a crash recovery; SIGQUIT is safe, too.
  Stop(std::chrono::seconds(30));
  keeper_.join();
}

void Postmaster::Keep(const std::vector<std::string>& command, const ServerUser& user,
                      const std::string& log_path) {
  const pid_t pid = Spawn(command, user, log_path, true);
  {
    const std::lock_guard lock(mutex_);
    pid_ = pid;
    started_ = true;
    exited_ = pid < 0;
  }
  changed_.notify_all();
  if (pid < 0) return;
  // WNOWAIT leaves the zombie until exited_ is set under the lock, so that Stop() never signals a
  // process id that somebody else got meanwhile.
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  {
    const std::lock_guard lock(mutex_);
    exited_ = true;
    waitpid(pid, nullptr, 0);
  }
  changed_.notify_all();
}

bool Postmaster::HasExited() {
  const std::lock_guard lock(mutex_);
  return exited_;
}

void Postmaster::Stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (exited_) return;
  kill(pid_, SIGINT);
  if (changed_.wait_for(lock, patience, [this] { return exited_; })) return;
  kill(pid_, SIGQUIT);
  if (changed_.wait_for(lock, std::chrono::seconds(10), [this] { return exited_; })) return;
  kill(pid_, SIGKILL);
  changed_.wait(lock, [this] { return exited_; });
}

}  // namespace sluice::pg
