// The channel of each file: by its kind, its receiver and the configuration of releases.
//
//   1. Files of the bank (ACH, checks) go to the bank's server, 835 files to their receiver's.
//      Everything else, and whatever has no server, goes into the outbox folder.
//   2. A server is a name. What it takes to reach it is in the configuration alone.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/status.h"
#include "payments/delivery/file_channel.h"
#include "payments/disbursement.h"
#include "payments/release_plan.h"

namespace sluice::payments {

class Channels {
 public:
  // `settings` outlives it. Connects to nobody.
  explicit Channels(const ReleaseSettings& settings) : settings_(settings) {}

  // FailedPrecondition when the file's server is not in the configuration. Valid as long as this.
  StatusOr<FileChannel*> Of(const PaymentFile& file);
  StatusOr<FileChannel*> OfBank();

 private:
  // The folder where `name` is empty. `directory` lies below that of the server.
  StatusOr<FileChannel*> Named(const std::string& name, const std::string& directory);

  const ReleaseSettings& settings_;
  std::map<std::string, std::unique_ptr<FileChannel>> channels_;  // by name and directory
};

}  // namespace sluice::payments
