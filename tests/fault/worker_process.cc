#include "tests/fault/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "core/check.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;

// Runs a program with these words, its output in `output` when that is a descriptor.
pid_t Start(std::vector<std::string> words, int output, const std::string& failpoints) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid != 0) return pid;
  if (output >= 0) {
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
  }
  if (failpoints.empty()) {
    unsetenv("SLUICE_FAILPOINT");
  } else {
    setenv("SLUICE_FAILPOINT", failpoints.c_str(), 1);
  }
  execvp(argv[0], argv.data());
  _exit(127);
}

std::string RoomyPlace() {
  constexpr std::uintmax_t kRoom = std::uintmax_t{2} << 30U;
  std::error_code error;
  const fs::space_info memory = fs::space("/dev/shm", error);
  return !error && memory.available >= kRoom ? "/dev/shm" : "/tmp";
}

int WaitForEnd(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

WorkerProcess::WorkerProcess(std::vector<std::string> arguments, const std::string& failpoints) {
  std::array<int, 2> ends{};
  CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  arguments.insert(arguments.begin(), SLUICE_FAULT_WORKER);
  pid_ = Start(std::move(arguments), ends[1], failpoints);
  close(ends[1]);
  output_ = ends[0];
}

WorkerProcess::~WorkerProcess() {
  if (pid_ < 0) return;
  Kill();
  Finish();
}

bool WorkerProcess::Read(std::chrono::microseconds time) {
  pollfd entry{output_, POLLIN, 0};
  const timespec wait{.tv_sec = time.count() / 1'000'000,
                      .tv_nsec = time.count() % 1'000'000 * 1'000};
  if (ppoll(&entry, 1, time.count() < 0 ? nullptr : &wait, nullptr) <= 0) return true;
  std::array<char, 4'096> buffer{};
  const ssize_t count = read(output_, buffer.data(), buffer.size());
  if (count > 0) text_.append(buffer.data(), static_cast<std::size_t>(count));
  return count != 0;
}

bool WorkerProcess::WaitFor(const std::string& text) {
  while (!HasSaid(text)) {
    if (!Read(std::chrono::microseconds(-1))) return false;
  }
  return true;
}

bool WorkerProcess::EndsWithin(std::chrono::microseconds time) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point until = Clock::now() + time;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until - Clock::now());
    if (left.count() <= 0) return false;
    if (!Read(left)) return true;
  }
}

void WorkerProcess::Kill() { kill(pid_, SIGKILL); }

WorkerEnd WorkerProcess::Finish() {
  while (Read(std::chrono::microseconds(-1))) {
  }
  close(output_);
  const WorkerEnd end{WaitForEnd(pid_), text_};
  pid_ = -1;
  return end;
}

void CopyDirectory(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  CHECK(WaitForEnd(Start({"cp", "-a", "--reflink=auto", from, to}, -1, "")) == 0);
}

FaultDirectory::FaultDirectory(Place place)
    : path_((place == Place::kMemory ? RoomyPlace() : "/tmp") + "/sluice-fault-XXXXXX") {
  CHECK(mkdtemp(path_.data()) != nullptr);
  chmod(path_.c_str(), 0711);
}

FaultDirectory::~FaultDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace sluice::payments
