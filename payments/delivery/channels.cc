#include "payments/delivery/channels.h"

#include <utility>

#include "payments/delivery/folder_channel.h"
#include "payments/delivery/sftp_channel.h"

namespace sluice::payments {

StatusOr<FileChannel*> Channels::Of(const PaymentFile& file) {
  if (IsBankFile(file.kind) || file.kind == FileKind::kCheckVoids) return OfBank();
  if (file.kind != FileKind::k835) return Named("", "");
  if (!file.to) return Named(settings_.clearinghouse_server, "");
  return Named(file.to->server, file.to->directory);
}

StatusOr<FileChannel*> Channels::OfBank() { return Named(settings_.bank_server, ""); }

StatusOr<FileChannel*> Channels::Named(const std::string& name, const std::string& directory) {
  std::unique_ptr<FileChannel>& channel = channels_[name + "\n" + directory];
  if (channel != nullptr) return channel.get();
  if (name.empty()) {
    channel = std::make_unique<FolderChannel>(settings_.directory);
    return channel.get();
  }
  const auto known = settings_.servers.find(name);
  if (known == settings_.servers.end()) {
    return FailedPrecondition("server {} is not in the configuration: add [sftp.{}]", name, name);
  }
  SftpPlace place = known->second;
  if (!directory.empty()) {
    place.directory = place.directory.empty() ? directory : place.directory + "/" + directory;
    place.taken_directory.clear();
  }
  channel = std::make_unique<SftpChannel>(std::move(place));
  return channel.get();
}

}  // namespace sluice::payments
