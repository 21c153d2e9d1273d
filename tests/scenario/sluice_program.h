// The real program, started as a user starts it: what it prints, how it ends, what it leaves.
//
//   TempDir temp;
//   const Outcome demo = RunSluice({"demo", "--data-dir", temp.Path("data")});
//   EXPECT_EQ(demo.exit_code, 0) << demo.All();
//
// The embedded server of a data directory runs as another user when the test is root, so data
// directories lie under /tmp and let others pass through.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::testing {

struct Outcome {
  int exit_code = -1;  // 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;

  std::string All() const { return out + err; }
};

// A process that is still running. It is killed when it goes out of scope before Finish().
class RunningSluice {
 public:
  explicit RunningSluice(const std::vector<std::string>& arguments);
  ~RunningSluice();
  RunningSluice(const RunningSluice&) = delete;
  RunningSluice& operator=(const RunningSluice&) = delete;

  // Waits until standard error has shown `text`; false when the program ended before it did.
  bool WaitFor(std::string_view text);
  void Kill();
  Outcome Finish();
  pid_t Pid() const { return pid_; }

 private:
  bool ReadSome();  // false at the end of both streams

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  Outcome outcome_;
};

Outcome RunSluice(const std::vector<std::string>& arguments);

// A directory of its own under /tmp, removed at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string Path(std::string_view name) const;
  // Writes a file and returns its path.
  std::string Write(std::string_view name, std::string_view text) const;

 private:
  std::string path_;
};

std::string ReadBytes(const std::string& path);
// Every file under the directory, by its path from there.
std::map<std::string, std::string> ReadTree(const std::string& directory);
// The names of what differs between two trees; empty when they are the same bytes.
std::vector<std::string> Differences(const std::map<std::string, std::string>& a,
                                     const std::map<std::string, std::string>& b);

// A demo that takes seconds: 2 ACOs, 8 practices, 30 providers and 3,000 members.
std::vector<std::string> SmallDemo(const std::string& data_dir, const std::string& out);
// The process id of the embedded server under a demo's data directory.
pid_t PostmasterOf(const std::string& data_dir);

}  // namespace sluice::testing
