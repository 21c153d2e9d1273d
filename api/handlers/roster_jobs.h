// What the operations of RosterImportService do, and rosters as the contract writes them.
#pragma once

#include <string>

#include "api/operations/operation_worker.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/hierarchy_store.h"
#include "sluice/hierarchy/v1/roster.pb.h"

namespace sluice::api {

// ImportRoster. `upload_key` opens what was uploaded.
Jobs RosterJobs(const SecretKey& upload_key);

hierarchy::v1::RosterImport RosterImportMessage(PayerId payer,
                                                const hierarchy::RosterImportRecord& record);

// FailedPrecondition when it is no file that the sender uploaded in the last day.
Status CheckUploadIsThere(pg::Transaction& tx, PayerId payer, const std::string& upload,
                          UserId sender, Instant now);

// What an import is made with.
struct RosterWork {
  const pg::Database& database;
  PayerId payer;
  UserId sender;  // of the upload
  sluice::Clock& clock;
  IdGenerator& ids;
  const SecretKey& upload_key;
};
// Imports, or only plans where the request says `validate_only`. FailedPrecondition when the upload
// is not there any more, or is not the sender's; else as hierarchy/roster_service.h says.
StatusOr<hierarchy::v1::RosterImport> Import(const RosterWork& work,
                                             const hierarchy::v1::ImportRosterRequest& request);

}  // namespace sluice::api
