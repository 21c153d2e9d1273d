#include "tests/delivery/sftp_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "core/check.h"

namespace sluice::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServer = "/usr/sbin/sshd";
constexpr const char* kKeyMaker = "/usr/bin/ssh-keygen";
constexpr int kTriesToConnect = 500;

// Starts a program that ends with us; what it says goes into `log`.
pid_t StartProgram(std::vector<std::string> words, const std::string& log) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(fd, STDOUT_FILENO);
  dup2(fd, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

void Await(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

sockaddr_in LocalAddress(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = LocalAddress(0);
  socklen_t size = sizeof address;
  CHECK(bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(fd);
  return ntohs(address.sin_port);
}

bool Answers(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = LocalAddress(port);
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

std::string SftpServer::WhyNot() {
  if (access(kServer, X_OK) == 0 && access(kKeyMaker, X_OK) == 0) return "";
  return "skipped: no OpenSSH server (openssh-server, openssh-client)";
}

SftpServer::SftpServer(std::string directory) : directory_(std::move(directory)) {
  fs::create_directories(directory_);
  // As root it wants an empty folder of its own, which its package makes when a machine starts.
  if (geteuid() == 0) fs::create_directories("/run/sshd");
  MakeKeys();
  Start();
}

SftpServer::~SftpServer() { Stop(); }

void SftpServer::MakeKeys() {
  for (const char* const name : {"host_key", "key"}) {
    const std::string path = directory_ + "/" + name;
    if (fs::exists(path)) continue;
    Await(StartProgram({kKeyMaker, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path},
                       directory_ + "/log"));
    CHECK(fs::exists(path));
  }
  fs::copy_file(directory_ + "/key.pub", directory_ + "/authorized_keys",
                fs::copy_options::overwrite_existing);
  const std::string line = FirstLine(directory_ + "/host_key.pub");
  host_key_ = line.substr(0, line.rfind(' '));  // without the comment
}

std::string SftpServer::WriteConfiguration() const {
  const std::string path = directory_ + "/sshd_config";
  std::ofstream(path) << "Port " << port_ << "\nListenAddress 127.0.0.1\nHostKey " << directory_
                      << "/host_key\nPidFile none\nAuthorizedKeysFile " << directory_
                      << "/authorized_keys\nStrictModes no\nPasswordAuthentication no\n"
                      << "KbdInteractiveAuthentication no\nUsePAM no\nPermitRootLogin yes\n"
                      << "MaxStartups 100\nSubsystem sftp internal-sftp\n";
  return path;
}

void SftpServer::Start() {
  if (port_ == 0) port_ = FreePort();
  pid_ = StartProgram({kServer, "-D", "-e", "-f", WriteConfiguration()}, directory_ + "/log");
  for (int i = 0; i < kTriesToConnect; ++i) {
    if (Answers(port_)) return;
    poll(nullptr, 0, 20);
  }
  CHECK(Answers(port_));
}

void SftpServer::Stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  Await(pid_);
  pid_ = -1;
}

payments::SftpPlace SftpServer::Place(const std::string& name, const std::string& folder) const {
  fs::create_directories(folder);
  return {.name = name,
          .host = "127.0.0.1",
          .port = port_,
          .user = getpwuid(geteuid())->pw_name,
          .key_file = directory_ + "/key",
          .host_keys = {host_key_},
          .directory = folder,
          .timeout_seconds = 10};
}

}  // namespace sluice::testing
