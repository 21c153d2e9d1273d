// A server behind SFTP as a channel.
//
//   1. The connection is made at the first call and kept for the next ones. After a failure of the
//      connection the next call makes a new one; what was under way is not repeated.
//   2. The server shows a pinned host key before anything of ours, a name or a signature, is sent.
//   3. An upload is kept by the server (fsync where it offers it), has the size that was sent and,
//      where it may be read, its bytes, before the file may get its name.
//   4. Messages name the place, the step and the server's answer. They hold no key, no path of one
//      and nothing of a file.
#pragma once

#include <memory>
#include <string>

#include "payments/delivery/file_channel.h"
#include "payments/delivery/sftp_place.h"

namespace sluice::payments {

class SftpChannel : public FileChannel {
 public:
  explicit SftpChannel(SftpPlace place);
  ~SftpChannel() override;

  // FailedPrecondition for a host key that is not pinned, a key file that others can read or that
  // the server does not accept: somebody has to act. Unavailable for everything that may pass.
  StatusOr<Sighting> LookUp(const FileIdentity& file) override;
  Status WriteTemporary(const std::string& name, std::string_view bytes) override;
  Status RenameTemporary(const std::string& name) override;
  Status RemoveTemporary(const std::string& name) override;
  std::string Where() const override { return "sftp " + place_.name; }
  bool IsRemote() const override { return true; }

 private:
  class Connection;
  // The connection there is, or a new one.
  StatusOr<Connection*> Connected();
  // Ends the connection after a failure that may have broken it.
  Status Gone(Status status);

  SftpPlace place_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::payments
