// A server's front, on a Unix socket or on TCP, that cuts a connection around its COMMIT. Tests of
// in-doubt commits connect through it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/pg/database.h"

namespace sluice::testing {

class CuttingProxy {
 public:
  enum class Cut {
    kNothing,
    kBeforeDelivery,  // COMMIT never arrives, and the server sees the end
    kAfterDelivery,   // the server commits, and its answer is lost
    kOnlyOurSide,     // COMMIT never arrives, and the server notices nothing
  };

  enum class Front { kUnixSocket, kTcp };  // kTcp: on a free port of this machine

  // In front of the embedded server that `options` reach.
  explicit CuttingProxy(const pg::ConnectOptions& options, Front front = Front::kUnixSocket);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  const pg::ConnectOptions& Options() const { return options_; }
  // The next COMMIT is cut so.
  void CutNext(Cut cut) { cut_ = cut; }
  // Each COMMIT is cut as `choose` says; it is called by one thread at a time.
  void CutBy(std::function<Cut()> choose);
  // From the next cut on, nobody can connect.
  void RefuseAfterCut() { refuse_after_cut_ = true; }
  int Cuts() const { return cuts_; }

 private:
  void ListenOnSocket(std::size_t begin, std::size_t end);
  void ListenOnTcp(std::size_t begin, std::size_t end);
  Cut Choose();
  void Accept();
  void Forward(int client, int server);
  // True when the connection ends here.
  bool OnCommit(Cut cut, const std::string& bytes, int client, int server);

  pg::ConnectOptions options_;
  std::string directory_;
  std::string server_socket_;
  int listener_ = -1;
  std::atomic<Cut> cut_ = Cut::kNothing;
  std::mutex choose_mutex_;
  std::function<Cut()> choose_;
  std::atomic<bool> refuse_after_cut_ = false;
  std::atomic<bool> refusing_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> cuts_ = 0;
  std::vector<std::thread> forwarders_;  // touched by the acceptor only, until it ended
  std::thread acceptor_;
};

}  // namespace sluice::testing
