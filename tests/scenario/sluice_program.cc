#include "tests/scenario/sluice_program.h"

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
#include <fstream>
#include <iterator>

#include "core/check.h"

namespace sluice::testing {
namespace {

namespace fs = std::filesystem;

// Reads what is there; false, and the stream is closed, at its end.
bool Drain(int& stream, std::string& text) {
  std::array<char, 65'536> buffer{};
  const ssize_t count = read(stream, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  close(stream);
  stream = -1;
  return false;
}

}  // namespace

RunningSluice::RunningSluice(const std::vector<std::string>& arguments) {
  // Close-on-exec: a second program that runs at the same time must not hold this one's pipes.
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  CHECK(pipe2(out.data(), O_CLOEXEC) == 0 && pipe2(err.data(), O_CLOEXEC) == 0);
  std::vector<std::string> words = {SLUICE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) {
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

RunningSluice::~RunningSluice() {
  if (pid_ < 0) return;
  Kill();
  Finish();
}

bool RunningSluice::ReadSome() {
  std::array<pollfd, 2> streams = {pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  if (poll(streams.data(), streams.size(), -1) < 0) return errno == EINTR;
  if (out_ >= 0 && streams[0].revents != 0) Drain(out_, outcome_.out);
  if (err_ >= 0 && streams[1].revents != 0) Drain(err_, outcome_.err);
  return true;
}

bool RunningSluice::WaitFor(std::string_view text) {
  while (outcome_.err.find(text) == std::string::npos) {
    if (!ReadSome()) return false;
  }
  return true;
}

void RunningSluice::Kill() { kill(pid_, SIGKILL); }

Outcome RunningSluice::Finish() {
  while (ReadSome()) {
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome_;
}

Outcome RunSluice(const std::vector<std::string>& arguments) {
  return RunningSluice(arguments).Finish();
}

TempDir::TempDir() : path_("/tmp/sluice-scenario-XXXXXX") {
  CHECK(mkdtemp(path_.data()) != nullptr);
  chmod(path_.c_str(), 0711);
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TempDir::Path(std::string_view name) const { return path_ + "/" + std::string(name); }

std::string TempDir::Write(std::string_view name, std::string_view text) const {
  const std::string path = Path(name);
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::map<std::string, std::string> ReadTree(const std::string& directory) {
  std::map<std::string, std::string> files;
  if (!fs::exists(directory)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), directory).string()] = ReadBytes(entry.path().string());
  }
  return files;
}

std::vector<std::string> Differences(const std::map<std::string, std::string>& a,
                                     const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second != bytes) names.push_back(name);
  }
  for (const auto& [name, bytes] : b) {
    if (!a.contains(name)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> SmallDemo(const std::string& data_dir, const std::string& out) {
  return {"demo",      "--acos", "2",     "--practices", "8",          "--providers", "30",
          "--members", "3000",   "--out", out,           "--data-dir", data_dir};
}

pid_t PostmasterOf(const std::string& data_dir) {
  std::ifstream file(data_dir + "/postgres/cluster/postmaster.pid");
  pid_t pid = -1;
  file >> pid;
  return file ? pid : -1;
}

}  // namespace sluice::testing
