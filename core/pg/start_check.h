// What must be true of a server and a login before the service may move money through them.
#pragma once

#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::pg {

struct StartCheckOptions {
  // False only for tests: accepts a server that may lose commits in a crash.
  bool require_durable = true;
  // False only for tests: accepts a login that row-level security does not bind.
  bool require_plain_role = true;
};

// FailedPrecondition lists everything that is wrong, each with what to do:
//   - fsync, full_page_writes or synchronous_commit is off, or data checksums are off;
//   - the role is a superuser, has BYPASSRLS, or owns a table of ours (owners can alter policies);
//   - the schema is not exactly the one this program was built with.
Status CheckStart(const Database& database, const StartCheckOptions& options = {});

}  // namespace sluice::pg
