#include "tests/delivery/byte_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/check.h"

namespace sluice::testing {
namespace {

sockaddr_in OnThisMachine(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

ByteProxy::ByteProxy(int server_port) : server_port_(server_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = OnThisMachine(0);
  socklen_t size = sizeof address;
  CHECK(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  CHECK(listen(listener_, 16) == 0);
  server_ = std::thread([this] { Serve(); });
}

ByteProxy::~ByteProxy() {
  stopping_ = true;
  server_.join();
  close(listener_);
}

void ByteProxy::CutNextAfter(Way way, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  next_ = Limit{way, bytes};
}

void ByteProxy::Serve() {
  while (!stopping_) {
    pollfd entry{listener_, POLLIN, 0};
    if (poll(&entry, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = OnThisMachine(server_port_);
    const int at_once = 1;
    for (const int fd : {client, server}) {
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    }
    std::optional<Limit> limit;
    {
      const std::lock_guard lock(mutex_);
      limit = std::exchange(next_, std::nullopt);
    }
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      Forward(client, server, limit);
    }
    close(client);
    close(server);
  }
}

void ByteProxy::Forward(int client, int server, std::optional<Limit> limit) {
  for (auto& count : passed_) count = 0;
  while (!stopping_) {
    pollfd entries[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(entries, 2, 20) <= 0) continue;
    if (entries[0].revents != 0 && !Pass(client, server, Way::kToServer, limit)) return;
    if (entries[1].revents != 0 && !Pass(server, client, Way::kToClient, limit)) return;
  }
}

bool ByteProxy::Pass(int from, int to, Way way, const std::optional<Limit>& limit) {
  std::array<char, 16'384> buffer{};
  const ssize_t size = read(from, buffer.data(), buffer.size());
  if (size <= 0) return false;
  std::atomic<std::int64_t>& passed = passed_.at(static_cast<std::size_t>(way));
  std::int64_t count = size;
  const bool cut = limit && limit->way == way && passed + count >= limit->bytes;
  if (cut) count = std::max<std::int64_t>(limit->bytes - passed, 0);
  if (!SendAll(to, {buffer.data(), static_cast<std::size_t>(count)})) return false;
  passed += count;
  if (cut) ++cuts_;
  return !cut;
}

}  // namespace sluice::testing
