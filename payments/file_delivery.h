// Puts finished bytes into a directory so that a reader never sees half a file, and says after a
// crash what had happened.
//
//   1. Write `.<name>.tmp`, fsync it, rename it, fsync the directory, then read back and compare.
//   2. A file that is there under the final name with other content is a stop, never overwritten.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/status.h"
#include "payments/delivery/file_channel.h"

namespace sluice::payments {

// What lies in the directory under a name.
StatusOr<Delivered> LookUp(const std::string& directory, const std::string& name,
                           const Digest& sha256);

// Writes and syncs the temporary file. Makes the directory when it is missing.
Status WriteTemporary(const std::string& directory, const std::string& name,
                      std::string_view bytes);
// Gives the temporary file its name. AlreadyExists when the name is taken.
Status RenameTemporary(const std::string& directory, const std::string& name);

// Removes the temporary name that a crash between the two names left. Ok when there is none.
Status RemoveTemporary(const std::string& directory, const std::string& name);

// Writes a report, replacing an older one of that name whole. Never for payment files.
Status ReplaceFile(const std::string& directory, const std::string& name, std::string_view bytes);

}  // namespace sluice::payments
