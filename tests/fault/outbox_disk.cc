#include "tests/fault/outbox_disk.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "core/check.h"

namespace sluice::payments {
namespace {

std::atomic<OutboxDisk*> watching = nullptr;

std::string PathOf(int file) {
  std::array<char, 4'096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return size <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(size));
}

}  // namespace

OutboxDisk::OutboxDisk(std::string directory) : directory_(std::move(directory)) {
  CHECK(watching == nullptr);
  watching = this;
}

OutboxDisk::~OutboxDisk() { watching = nullptr; }

bool OutboxDisk::Covers(const std::string& path) const { return path.starts_with(directory_); }

void OutboxDisk::FillAfter(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  room_ = bytes;
}

std::vector<std::string> OutboxDisk::Torn() const {
  const std::lock_guard lock(mutex_);
  return torn_;
}

bool OutboxDisk::NamesAreLoose() const {
  const std::lock_guard lock(mutex_);
  return loose_;
}

std::int64_t OutboxDisk::Syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

std::int64_t OutboxDisk::RoomFor(int file, std::int64_t bytes) {
  OutboxDisk* const disk = watching;
  if (disk == nullptr) return bytes;
  const std::string path = PathOf(file);
  const std::lock_guard lock(disk->mutex_);
  if (disk->room_ < 0 || !disk->Covers(path)) return bytes;
  const std::int64_t room = std::min(bytes, disk->room_);
  disk->room_ -= room;
  return room;
}

void OutboxDisk::Wrote(int file) {
  OutboxDisk* const disk = watching;
  if (disk == nullptr) return;
  const std::string path = PathOf(file);
  const std::lock_guard lock(disk->mutex_);
  if (disk->Covers(path)) disk->dirty_.insert(path);
}

void OutboxDisk::Synced(int file) {
  OutboxDisk* const disk = watching;
  if (disk == nullptr) return;
  const std::string path = PathOf(file);
  const std::lock_guard lock(disk->mutex_);
  if (!disk->Covers(path)) return;
  ++disk->syncs_;
  disk->dirty_.erase(path);
  if (path == disk->directory_) disk->loose_ = false;
}

// `to` empty: the name is taken away.
void OutboxDisk::Named(const char* from, const char* to) {
  OutboxDisk* const disk = watching;
  if (disk == nullptr || !disk->Covers(from)) return;
  const std::lock_guard lock(disk->mutex_);
  disk->loose_ = true;
  if (*to != '\0' && disk->dirty_.contains(from)) disk->torn_.emplace_back(to);
}

}  // namespace sluice::payments

// In the place of the C library's. They reach the kernel themselves.
using sluice::payments::OutboxDisk;

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  const std::int64_t room = OutboxDisk::RoomFor(file, static_cast<std::int64_t>(size));
  if (room == 0 && size > 0) {
    errno = ENOSPC;
    return -1;
  }
  const ssize_t written = syscall(SYS_write, file, bytes, static_cast<std::size_t>(room));
  if (written > 0) OutboxDisk::Wrote(file);
  return written;
}

int fsync(int file) {
  const auto result = static_cast<int>(syscall(SYS_fsync, file));
  if (result == 0) OutboxDisk::Synced(file);
  return result;
}

int link(const char* from, const char* to) noexcept {
  const auto result = static_cast<int>(syscall(SYS_link, from, to));
  if (result == 0) OutboxDisk::Named(from, to);
  return result;
}

int rename(const char* from, const char* to) noexcept {
  const auto result = static_cast<int>(syscall(SYS_rename, from, to));
  if (result == 0) OutboxDisk::Named(from, to);
  return result;
}

int unlink(const char* path) noexcept {
  const auto result = static_cast<int>(syscall(SYS_unlink, path));
  if (result == 0) OutboxDisk::Named(path, "");
  return result;
}

}  // extern "C"
