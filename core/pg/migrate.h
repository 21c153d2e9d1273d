// Bringing a database's schema to what this program knows.
//
// Migrations are deploy/migrations/NNNN_<area>_<what>.sql, compiled into the program. One sequence
// (with gaps), forward only, each in a transaction of its own, run as sluice_owner from the second
// on. The table core.migration keeps number, name and SHA-256 of each: a migration that was edited
// after it was applied, and a number that this program does not know, are refused.
#pragma once

#include <string>
#include <vector>

#include "core/date.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::pg {

struct Migration {
  std::string name;  // "0001_core_foundation"
  std::string sql;

  // The four digits it begins with. Requires: they are there.
  int Number() const;
};

// Those of deploy/migrations, in their order.
std::vector<Migration> EmbeddedMigrations();

// Applies what is missing and returns the names. `admin` is a superuser, or a role with CREATEROLE
// that owns the database; `now` is stored. Several processes may call it at once: one migrates,
// the others wait and find nothing to do.
//
// FailedPrecondition: an applied migration was edited, is unknown here (the database belongs to a
// newer program), or a missing one comes before an applied one. Other codes: the statement failed;
// the message names the migration. What was applied before it stays.
StatusOr<std::vector<std::string>> Migrate(const Database& admin,
                                           const std::vector<Migration>& migrations, Instant now);

// OK when exactly these migrations are applied. FailedPrecondition says which one differs and what
// to do.
Status CheckSchemaVersion(const Database& database, const std::vector<Migration>& migrations);

}  // namespace sluice::pg
