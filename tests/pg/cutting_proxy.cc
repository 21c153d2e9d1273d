#include "tests/pg/cutting_proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "core/check.h"

namespace sluice::testing {
namespace {

constexpr std::string_view kCommit("COMMIT\0", 7);

sockaddr_un Address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  CHECK(path.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

int ConnectTo(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(path);
  CHECK(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

std::string ReadSome(int fd) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(fd, buffer.data(), buffer.size());
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

CuttingProxy::CuttingProxy(const pg::ConnectOptions& options, Front front) : options_(options) {
  // "host=/tmp/sluice-... port=5432 ..."
  const std::size_t begin = options.uri.find("host=") + 5;
  const std::size_t end = options.uri.find(' ', begin);
  server_socket_ = options.uri.substr(begin, end - begin) + "/.s.PGSQL.5432";
  if (front == Front::kTcp) {
    ListenOnTcp(begin, end);
  } else {
    ListenOnSocket(begin, end);
  }
  CHECK(listen(listener_, 64) == 0);
  acceptor_ = std::thread([this] { Accept(); });
}

void CuttingProxy::ListenOnTcp(std::size_t begin, std::size_t end) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  constexpr std::string_view kPort = " port=5432";
  CHECK(options_.uri.compare(end, kPort.size(), kPort) == 0);
  options_.uri.replace(begin, end + kPort.size() - begin,
                       fmt::format("127.0.0.1 port={}", ntohs(address.sin_port)));
}

void CuttingProxy::ListenOnSocket(std::size_t begin, std::size_t end) {
  directory_ = "/tmp/sluice-proxy-XXXXXX";
  CHECK(mkdtemp(directory_.data()) != nullptr);
  options_.uri.replace(begin, end - begin, directory_);
  const std::string path = directory_ + "/.s.PGSQL.5432";
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(path);
  CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

void CuttingProxy::CutBy(std::function<Cut()> choose) {
  const std::lock_guard lock(choose_mutex_);
  choose_ = std::move(choose);
}

CuttingProxy::Cut CuttingProxy::Choose() {
  const std::lock_guard lock(choose_mutex_);
  return choose_ ? choose_() : cut_.exchange(Cut::kNothing);
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& forwarder : forwarders_) forwarder.join();
  close(listener_);
  if (!directory_.empty()) std::filesystem::remove_all(directory_);
}

void CuttingProxy::Accept() {
  while (!stopping_) {
    pollfd entry{listener_, POLLIN, 0};
    if (poll(&entry, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (refusing_) {
      close(client);
      continue;
    }
    const int server = ConnectTo(server_socket_);
    forwarders_.emplace_back([this, client, server] { Forward(client, server); });
  }
}

void CuttingProxy::Forward(int client, int server) {
  bool client_open = true;
  while (!stopping_) {
    pollfd entries[] = {{client_open ? client : -1, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(entries, 2, 20) <= 0) continue;
    if (entries[0].revents != 0) {
      const std::string bytes = ReadSome(client);
      if (bytes.empty()) break;
      const Cut cut = bytes.find(kCommit) == std::string::npos ? Cut::kNothing : Choose();
      if (cut != Cut::kNothing) {
        if (OnCommit(cut, bytes, client, server)) break;
        client_open = cut != Cut::kOnlyOurSide;
        continue;
      }
      if (!WriteAll(server, bytes)) break;
    }
    if (entries[1].revents != 0) {
      const std::string bytes = ReadSome(server);
      if (bytes.empty()) break;
      if (client_open && !WriteAll(client, bytes)) break;
    }
  }
  close(client);
  close(server);
}

bool CuttingProxy::OnCommit(Cut cut, const std::string& bytes, int client, int server) {
  if (refuse_after_cut_) refusing_ = true;
  ++cuts_;
  if (cut == Cut::kOnlyOurSide) {
    shutdown(client, SHUT_RDWR);
    return false;
  }
  if (cut == Cut::kAfterDelivery && WriteAll(server, bytes)) ReadSome(server);
  return true;
}

}  // namespace sluice::testing
