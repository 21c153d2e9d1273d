// Where finished files go, whoever takes them: a folder of this machine, or a server behind SFTP.
//
//   1. A file comes whole under a temporary name, `.<name>.tmp`, that nobody looks for, and then
//      gets its name in one step. A reader never sees half a file.
//   2. Nothing that has a name is ever overwritten.
//   3. After any interruption LookUp says what lies there. Neither name means that nobody knows
//      whether the file was taken: the caller asks people, and never sends it again by itself.
// Source: LEDGER_RELIABILITY_SECURITY 6.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/status.h"

namespace sluice::payments {

// What lies at a place under a name.
enum class Delivered {
  kNothing,    // neither the file nor its temporary file
  kTemporary,  // only the temporary file: it did not get its name
  kSame,       // the file, with this content
  kOther,      // a file of this name with other content
};

// What is known of a file without its bytes.
struct FileIdentity {
  std::string name;  // no path
  std::int64_t size = 0;
  Digest sha256{};
};

// What was seen, and in which words it is kept as evidence.
struct Sighting {
  Delivered what = Delivered::kNothing;
  std::string evidence;  // "sftp bank lists out/x.ach with 1880 bytes"
};

// Not safe to use from several threads at once.
class FileChannel {
 public:
  FileChannel() = default;
  FileChannel(const FileChannel&) = delete;
  FileChannel& operator=(const FileChannel&) = delete;
  virtual ~FileChannel() = default;

  virtual StatusOr<Sighting> LookUp(const FileIdentity& file) = 0;
  // The temporary file, whole and kept by the other side. An older one is replaced.
  virtual Status WriteTemporary(const std::string& name, std::string_view bytes) = 0;
  // Gives the temporary file its name. AlreadyExists when the name is taken. Unavailable when the
  // answer was lost: only LookUp knows then.
  virtual Status RenameTemporary(const std::string& name) = 0;
  // Ok when there is none.
  virtual Status RemoveTemporary(const std::string& name) = 0;

  // For messages: "folder /var/outbox", "sftp bank". Never a key, never the path of one.
  virtual std::string Where() const = 0;
  // Somebody else's machine: that it cannot be reached says nothing about our own.
  virtual bool IsRemote() const = 0;
};

}  // namespace sluice::payments
