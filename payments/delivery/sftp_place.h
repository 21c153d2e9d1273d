// A server that takes our files over SFTP: configuration, and what is checked of it.
//
//   1. The server's host key is pinned: its owner gave it to us by another way, and it stands in
//      the configuration. A server that shows another key is not spoken to.
//   2. We sign in with a key file that only we can read. Its path and content are in no message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/config.h"
#include "core/status.h"

namespace sluice::payments {

struct SftpPlace {
  std::string name;  // what configuration and messages call it: "bank"
  std::string host;
  int port = 22;
  std::string user;
  std::string key_file;  // a private key without a passphrase
  // As ssh-keyscan prints it after the host ("ssh-ed25519 AAAA..."), or its fingerprint
  // ("SHA256:..."). Several while the server changes its key.
  std::vector<std::string> host_keys;
  std::string directory;  // where files are put; empty: where a sign-in begins
  // Where the other side moves what it took, when it does: a file that lies there was delivered.
  std::string taken_directory;
  // What was put is read back and its hash compared. Off for a drop that may not be read: then the
  // size is all that is known.
  bool read_back = true;
  int timeout_seconds = 30;  // of every step
};

// The table [sftp.<name>]: host, port, user, key_file, host_keys, directory, taken_directory,
// read_back, timeout_seconds. Faults are reported by Config::Finish().
SftpPlace ReadSftpPlace(const ConfigSection& section, std::string name);

// "SHA256:" and the base 64 of the hash, as ssh prints it. `key` is the key's blob.
std::string HostKeyFingerprint(ByteView key);
// Whether the key is one of those that the place knows.
bool IsPinned(const SftpPlace& place, ByteView key);
// The types of the pinned keys, "ssh-ed25519,ssh-rsa", so that the server shows one of these; empty
// where there are only fingerprints.
std::string PinnedKeyTypes(const SftpPlace& place);

}  // namespace sluice::payments
