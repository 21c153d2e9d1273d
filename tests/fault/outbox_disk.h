// The disk under the outbox, as a test sees it: it can be full, and it tells what a power cut would
// leave. The program's own write, fsync, link, rename and unlink go through it (outbox_disk.cc
// takes the place of the C library's), so a test that uses it is a program of its own.
//
//   OutboxDisk disk(directory);
//   disk.FillAfter(1'000);    // ENOSPC from the 1,001st byte on
//   EXPECT_THAT(disk.Lost(), IsEmpty());
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sluice::payments {

class OutboxDisk {
 public:
  // Watches what happens under the directory until it goes out of scope. One at a time.
  explicit OutboxDisk(std::string directory);
  ~OutboxDisk();
  OutboxDisk(const OutboxDisk&) = delete;
  OutboxDisk& operator=(const OutboxDisk&) = delete;

  // Room for so many more bytes; negative: as many as come.
  void FillAfter(std::int64_t bytes);
  // Files that got a name a reader sees before their bytes were on the disk: a power cut would
  // leave an empty or half file there.
  std::vector<std::string> Torn() const;
  // True when names were given or taken that a power cut now would undo.
  bool NamesAreLoose() const;
  std::int64_t Syncs() const;

  // Called by the functions that stand for the C library's.
  static std::int64_t RoomFor(int file, std::int64_t bytes);
  static void Wrote(int file);
  static void Synced(int file);
  static void Named(const char* from, const char* to);

 private:
  bool Covers(const std::string& path) const;

  mutable std::mutex mutex_;
  std::string directory_;
  std::int64_t room_ = -1;
  std::set<std::string> dirty_;  // paths whose bytes are not on the disk
  std::vector<std::string> torn_;
  bool loose_ = false;
  std::int64_t syncs_ = 0;
};

}  // namespace sluice::payments
