// Stands before a server on this machine and cuts a connection after so many bytes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

namespace sluice::testing {

class ByteProxy {
 public:
  enum class Way { kToServer = 0, kToClient = 1 };

  explicit ByteProxy(int server_port);
  ~ByteProxy();
  ByteProxy(const ByteProxy&) = delete;
  ByteProxy& operator=(const ByteProxy&) = delete;

  int Port() const { return port_; }
  // The next connection ends once so many bytes went this way; what is more is lost.
  void CutNextAfter(Way way, std::int64_t bytes);
  int Cuts() const { return cuts_; }
  // Of the connection that was made last.
  std::int64_t Passed(Way way) const { return passed_.at(static_cast<std::size_t>(way)); }

 private:
  struct Limit {
    Way way = Way::kToServer;
    std::int64_t bytes = 0;
  };
  void Serve();
  void Forward(int client, int server, std::optional<Limit> limit);
  // False when the connection ends here.
  bool Pass(int from, int to, Way way, const std::optional<Limit>& limit);

  int server_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> cuts_ = 0;
  std::array<std::atomic<std::int64_t>, 2> passed_{};
  std::mutex mutex_;
  std::optional<Limit> next_;
  std::thread server_;
};

}  // namespace sluice::testing
