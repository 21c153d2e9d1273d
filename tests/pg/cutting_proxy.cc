#include "tests/pg/cutting_proxy.h"

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

CuttingProxy::CuttingProxy(const pg::ConnectOptions& options) : options_(options) {
  directory_ = "/tmp/sluice-proxy-XXXXXX";
  CHECK(mkdtemp(directory_.data()) != nullptr);
  // "host=/tmp/sluice-... port=5432 ..."
  const std::size_t begin = options.uri.find("host=") + 5;
  const std::size_t end = options.uri.find(' ', begin);
  server_socket_ = options.uri.substr(begin, end - begin) + "/.s.PGSQL.5432";
  options_.uri.replace(begin, end - begin, directory_);
  const std::string path = directory_ + "/.s.PGSQL.5432";
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = Address(path);
  CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(listen(listener_, 16) == 0);
  acceptor_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& forwarder : forwarders_) forwarder.join();
  close(listener_);
  std::filesystem::remove_all(directory_);
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
      if (bytes.find(kCommit) != std::string::npos && cut_ != Cut::kNothing) {
        const bool only_our_side = cut_ == Cut::kOnlyOurSide;
        if (OnCommit(bytes, client, server)) break;
        client_open = !only_our_side;
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

bool CuttingProxy::OnCommit(const std::string& bytes, int client, int server) {
  const Cut cut = cut_.exchange(Cut::kNothing);
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
