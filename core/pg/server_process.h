// Starting PostgreSQL's programs as the right user, and finding what is left of an earlier server.
// Internal to core/pg/embedded.cc.
//
// As root, every program runs as the unprivileged server user (PostgreSQL refuses root). The server
// gets SIGINT (fast shutdown) from the kernel when its owner dies, however it dies.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/status.h"

namespace sluice::pg {

// The user that PostgreSQL's programs run as.
struct ServerUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

// Ourselves; as root, the user `name`. FailedPrecondition when there is none.
StatusOr<ServerUser> FindServerUser(const std::string& name);

// FailedPrecondition names the first parent of `path` that the user cannot pass through.
Status CheckTraversable(const std::string& path, const ServerUser& user);

// Runs a program to its end with its output in `log_path` (appended). FailedPrecondition with the
// end of the log when it fails.
Status RunProgram(const std::vector<std::string>& command, const ServerUser& user,
                  const std::string& log_path);

// The last lines of a file, for messages.
std::string TailOf(const std::string& path);

// Processes of any server that runs on this cluster directory: its postmaster, or orphans of one.
struct ServerProcesses {
  std::optional<pid_t> postmaster;
  std::vector<pid_t> children;
  bool Any() const { return postmaster || !children.empty(); }
};
ServerProcesses FindServerProcesses(const std::string& cluster, const std::string& cluster_name);

// A running postmaster. A thread of its own starts it and waits for it: the kernel's parent-death
// signal follows the thread that forked, not the process.
class Postmaster {
 public:
  Postmaster(std::vector<std::string> command, ServerUser user, std::string log_path);
  ~Postmaster();  // fast shutdown
  Postmaster(const Postmaster&) = delete;
  Postmaster& operator=(const Postmaster&) = delete;

  // -1 when it could not be started.
  pid_t Pid() const { return pid_; }
  bool HasExited();
  // Sends SIGINT (open transactions are rolled back), after `patience` SIGQUIT, and waits.
  void Stop(std::chrono::milliseconds patience);

 private:
  void Keep(const std::vector<std::string>& command, const ServerUser& user,
            const std::string& log_path);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool started_ = false;
  bool exited_ = false;
  pid_t pid_ = -1;
  std::thread keeper_;
};

}  // namespace sluice::pg
