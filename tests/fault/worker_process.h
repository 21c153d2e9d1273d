// The worker program as a process of its own: started, watched, killed.
//
//   WorkerProcess worker({"work", directory}, "file.after_fsync:crash");
//   worker.EndsWithin(std::chrono::milliseconds(300));  // gives it time, and stops waiting
//   worker.Kill();
//   const WorkerEnd end = worker.Finish();
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace sluice::payments {

struct WorkerEnd {
  int exit_code = -1;  // 128 and the signal's number when a signal ended it
  std::string output;
};

class WorkerProcess {
 public:
  // `failpoints` is the value of SLUICE_FAILPOINT; empty: not set.
  explicit WorkerProcess(std::vector<std::string> arguments, const std::string& failpoints = "");
  ~WorkerProcess();  // kills it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Waits until it has said `text`; false when it ended before.
  bool WaitFor(const std::string& text);
  bool HasSaid(const std::string& text) const { return text_.find(text) != std::string::npos; }
  // True when it closed its output within the time.
  bool EndsWithin(std::chrono::microseconds time);
  void Kill();
  WorkerEnd Finish();

 private:
  // Reads what comes within the time; false at the end of the output.
  bool Read(std::chrono::microseconds time);

  pid_t pid_ = -1;
  int output_ = -1;
  std::string text_;
};

// Removes the target, then copies the directory with its owners and modes. Aborts on failure.
void CopyDirectory(const std::string& from, const std::string& to);

// A directory that others may pass through, removed at the end. It lies in memory where there is
// room: a kill loses nothing that the kernel has, and a disk would be waited for at each recovery.
class FaultDirectory {
 public:
  enum class Place { kMemory, kDisk };
  explicit FaultDirectory(Place place = Place::kMemory);
  ~FaultDirectory();
  FaultDirectory(const FaultDirectory&) = delete;
  FaultDirectory& operator=(const FaultDirectory&) = delete;
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace sluice::payments
