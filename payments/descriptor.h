// A file descriptor that is closed when its owner goes.
#pragma once

#include <unistd.h>

namespace sluice::payments {

class Descriptor {
 public:
  // Takes what open() gave; a negative number is no file and is not closed.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int Get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace sluice::payments
