// A folder of this machine as a channel (payments/file_delivery.h).
#pragma once

#include <string>
#include <utility>

#include "payments/delivery/file_channel.h"

namespace sluice::payments {

class FolderChannel : public FileChannel {
 public:
  // Makes the folder with the first file when it is missing.
  explicit FolderChannel(std::string directory) : directory_(std::move(directory)) {}

  StatusOr<Sighting> LookUp(const FileIdentity& file) override;
  Status WriteTemporary(const std::string& name, std::string_view bytes) override;
  Status RenameTemporary(const std::string& name) override;
  Status RemoveTemporary(const std::string& name) override;
  std::string Where() const override { return "folder " + directory_; }
  bool IsRemote() const override { return false; }

 private:
  std::string directory_;
};

}  // namespace sluice::payments
