// Preloaded into PostgreSQL: while the file that SLUICE_FULL_DISK names exists, its disk is full.
// Named "...data", no table or index grows; named "...wal", the log is not written either.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

bool Contains(const char* text, const char* part) { return std::strstr(text, part) != nullptr; }

bool Refuses(int file, off_t offset, size_t size) {
  const int before = errno;
  const char* const flag = std::getenv("SLUICE_FULL_DISK");
  bool refused = false;
  if (flag != nullptr && access(flag, F_OK) == 0) {
    char link[64] = "/proc/self/fd/";
    char digits[16];
    int count = 0;
    for (int rest = file; rest > 0 || count == 0; rest /= 10) {
      digits[count++] = static_cast<char>('0' + rest % 10);
    }
    char* end = link + std::strlen(link);
    while (count > 0) *end++ = digits[--count];
    *end = '\0';
    char path[4096];
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
      path[length] = '\0';
      const size_t flag_size = std::strlen(flag);
      const bool wal_too = flag_size > 3 && std::strcmp(flag + flag_size - 3, "wal") == 0;
      struct stat info;
      const bool grows =
          fstat(file, &info) == 0 && offset + static_cast<off_t>(size) > info.st_size;
      if (Contains(path, "/pg_wal/")) {
        refused = wal_too;
      } else {
        refused = grows && Contains(path, "/base/");
      }
    }
  }
  errno = refused ? ENOSPC : before;
  return refused;
}

ssize_t Write(int file, const void* bytes, size_t size, off_t offset) {
  if (Refuses(file, offset, size)) return -1;
  return syscall(SYS_pwrite64, file, bytes, size, offset);
}

ssize_t WriteMany(int file, const iovec* parts, int count, off_t offset) {
  size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  if (Refuses(file, offset, size)) return -1;
  // The kernel takes the offset in two halves; on a 64-bit machine the first holds all of it.
  return syscall(SYS_pwritev, file, parts, count, offset, 0L);
}

}  // namespace

extern "C" {

#undef pwrite
#undef pwritev
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return Write(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return Write(file, bytes, size, offset);
}
ssize_t pwritev(int file, const iovec* parts, int count, off_t offset) {
  return WriteMany(file, parts, count, offset);
}
ssize_t pwritev64(int file, const iovec* parts, int count, off64_t offset) {
  return WriteMany(file, parts, count, offset);
}

}  // extern "C"
