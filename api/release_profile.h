// How the files of a payer's releases leave, from a TOML file, and the releases of a program.
#pragma once

#include <memory>
#include <string>

#include "api/session.h"
#include "core/config.h"
#include "payments/key_provider.h"
#include "payments/release_service.h"

namespace sluice::api {

// TOML: receiver_id, production, undo_minutes, check_layout (a path from the profile's own folder;
// without it the payer pays nobody by check), bank_server, clearinghouse_server, [payer], [bank],
// [plb] and the servers as [sftp.<name>]. `out` is the outbox folder. InvalidArgument names every
// fault with its place.
StatusOr<payments::ReleaseSettings> ReadReleaseProfile(const std::string& path,
                                                       const std::string& out);
// The keys of the profile but the path of check_layout. Faults are reported by Config::Finish().
payments::ReleaseSettings ReadReleaseSettings(const ConfigSection& root);
// The servers alone: bank_server, clearinghouse_server, [sftp.<name>].
void ReadServers(const ConfigSection& root, payments::ReleaseSettings& settings);

// The releases of a program, with the keys that they need. Files are named after the payer and the
// program.
class ReleaseDesk {
 public:
  static StatusOr<std::unique_ptr<ReleaseDesk>> Open(Session& session,
                                                     payments::ProgramPayments program,
                                                     payments::ReleaseSettings settings);
  payments::ReleaseService& Releases() { return releases_; }

 private:
  ReleaseDesk(Session& session, payments::FileKeyProvider keys, payments::ProgramPayments program,
              payments::ReleaseSettings settings);

  payments::FileKeyProvider keys_;
  payments::ReleaseService releases_;
};

}  // namespace sluice::api
