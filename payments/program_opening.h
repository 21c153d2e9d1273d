// A program with what it pays from: its book and its first pool, made together or not at all.
#pragma once

#include <string>

#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/cycle.h"
#include "performance/program.h"

namespace sluice::payments {

struct NewProgram {
  performance::Program program;  // with its id and that of its book
  std::string pool;              // the pool's name; empty: "<name> pool"
};

// Gives the pool. AlreadyExists for a program of the same name: people know programs by it.
StatusOr<Pool> OpenProgram(const pg::Database& database, const NewProgram& asked, IdGenerator& ids);

}  // namespace sluice::payments
