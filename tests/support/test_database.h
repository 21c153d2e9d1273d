// A real PostgreSQL for tests.
//
//   TestDatabase db;
//   const PayerId payer = db.NewPayer("Plan");
//   db.App().ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status { ... });
//
//   1. The first TestDatabase of a program starts an embedded server in a temporary directory and
//      migrates a template; each one is a fresh clone of it, dropped at the end.
//   2. With SLUICE_TEST_DATABASE_URL (an administrator's libpq URI) that server is used instead.
//      Where it cannot clone (Citus), all share its database: each test makes payers of its own,
//      and must not expect empty tables.
//   3. The server does not survive a crash of the machine (no fsync). A test of durability starts
//      its own pg::EmbeddedServer.
//   4. With SLUICE_TEST_DISTRIBUTED in the environment the embedded server's tables are as
//      deploy/distribution.sql leaves them: policies without a subquery, no triggers.
//
// What goes wrong here is no outcome of a test: it prints the reason and aborts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::testing {

class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // As the service signs in: a member of sluice_app. Scope it with ForPayer().
  const pg::Database& App() const;
  // As the file builder (sluice_files) and the verifier (sluice_verify) sign in.
  const pg::Database& Files() const;
  const pg::Database& Verify() const;
  // The superuser, whom row-level security does not bind: for set-up and for looking.
  const pg::Database& Admin() const;

  // How to reach the same database, for programs under test and pools of one's own.
  const pg::ConnectOptions& AppOptions() const;
  const pg::ConnectOptions& AdminOptions() const;

  // Stores a payer with a TIN of its own.
  PayerId NewPayer(std::string_view name);
  // Stands still until moved. In a database of its own it starts at 2026-10-01T12:00:00Z, and the
  // ids begin after it, so that a run repeats to the same ids.
  ManualClock& Clock();
  IdGenerator& Ids();
  // False where tests share one database (rule 2).
  bool IsIsolated() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::testing
