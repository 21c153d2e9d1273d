#include "payments/delivery/folder_channel.h"

#include "payments/file_delivery.h"

namespace sluice::payments {

StatusOr<Sighting> FolderChannel::LookUp(const FileIdentity& file) {
  ASSIGN_OR_RETURN(const Delivered what, payments::LookUp(directory_, file.name, file.sha256));
  return Sighting{.what = what, .evidence = "final name, size and hash are right"};
}

Status FolderChannel::WriteTemporary(const std::string& name, std::string_view bytes) {
  return payments::WriteTemporary(directory_, name, bytes);
}

Status FolderChannel::RenameTemporary(const std::string& name) {
  return payments::RenameTemporary(directory_, name);
}

Status FolderChannel::RemoveTemporary(const std::string& name) {
  return payments::RemoveTemporary(directory_, name);
}

}  // namespace sluice::payments
