// PostgreSQL: the only door to the database.
//
//   1. Everything runs in a Transaction, and a Transaction exists only inside Database::Transact.
//   2. Transact commits if and only if the function returns ok and the server answered COMMIT
//      (a ROLLBACK tag is a failure). It runs the function again, at most five times with a
//      growing pause, after a serialization failure, a deadlock, a lock time-out, or a connection
//      lost before COMMIT was sent. So the function has no effect but through its transaction.
//   3. A commit whose outcome is unknown is not retried blindly: pg_xact_status answers; when it
//      cannot, Transact returns Unavailable with "outcome unknown", and the caller asks again with
//      the same request id.
//   4. pg::Error (the environment let us down) is thrown inside and caught only by Transact, which
//      turns it into a Status.
//   5. Session state is set with SET LOCAL only: each transaction sets lock and statement
//      time-outs and the payer scope that row-level security reads.
//
// Parameters and results travel in binary. Parameter types are what core/pg/value.h lists. No
// message holds a parameter or a column value: only names of statements, constraints and states.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/pg/value.h"
#include "core/status.h"

namespace sluice::pg {

// A named statement. Prepared once per connection under its name; two statements of one name are a
// bug.
struct Query {
  const char* name;
  const char* sql;
};

// The environment let us down: connection lost, time-out, disk full, or a statement the server
// refused. `sqlstate` is PostgreSQL's five characters, empty when no answer came.
class Error : public std::runtime_error {
 public:
  Error(std::string sqlstate, std::string constraint, const std::string& message)
      : std::runtime_error(message),
        sqlstate_(std::move(sqlstate)),
        constraint_(std::move(constraint)) {}
  const std::string& Sqlstate() const { return sqlstate_; }
  // The constraint or index that refused the row, where the server named one.
  const std::string& Constraint() const { return constraint_; }

 private:
  std::string sqlstate_;
  std::string constraint_;
};

class Connection;

// One row of a result. Columns are read by position, in the order the statement lists them.
// Reading NULL into a type that is not std::optional, or a column of another type, is a bug.
class Row {
 public:
  template <typename T>
  T Get(int column) const {
    return Decode<T>(Raw(column));
  }

 private:
  friend class Result;
  Row(const void* result, int row) : result_(result), row_(row) {}
  RawValue Raw(int column) const;

  const void* result_;
  int row_;
};

// All rows of one statement. A mapped type T has `static T FromRow(const pg::Row&)`.
class Result {
 public:
  int Size() const;
  bool Empty() const { return Size() == 0; }
  Row operator[](int row) const;

  template <typename T>
  std::vector<T> All() const {
    std::vector<T> rows;
    rows.reserve(static_cast<std::size_t>(Size()));
    for (int i = 0; i < Size(); ++i) rows.push_back(Map<T>((*this)[i]));
    return rows;
  }
  // CHECKs that there is at most one row.
  template <typename T>
  std::optional<T> OneOrNone() const {
    RequireAtMostOne();
    if (Empty()) return std::nullopt;
    return Map<T>((*this)[0]);
  }
  // CHECKs that there is exactly one row.
  template <typename T>
  T One() const {
    RequireExactlyOne();
    return Map<T>((*this)[0]);
  }

 private:
  friend class Transaction;
  explicit Result(std::shared_ptr<void> result) : result_(std::move(result)) {}
  void RequireAtMostOne() const;
  void RequireExactlyOne() const;
  // A scalar (column 0) or a type with FromRow.
  template <typename T>
  static T Map(const Row& row) {
    if constexpr (requires { T::FromRow(row); }) {
      return T::FromRow(row);
    } else {
      return row.Get<T>(0);
    }
  }

  std::shared_ptr<void> result_;
};

// Writes rows with binary COPY ... FROM STDIN in bounded memory. The values' types must be those of
// the columns: the server sees lengths, not types.
//   CopyWriter copy = tx.CopyIn("COPY t (a, b) FROM STDIN (FORMAT binary)", 2);
//   copy.AddRow(a, b); ...
//   const std::int64_t rows = copy.Finish();
class CopyWriter {
 public:
  CopyWriter(CopyWriter&&) noexcept;
  ~CopyWriter();  // without Finish() the COPY is cancelled and the transaction fails

  template <typename... Values>
  void AddRow(const Values&... values) {
    BeginRow(static_cast<int>(sizeof...(Values)));
    (AddField(Encode(values)), ...);
  }
  std::int64_t Finish();

 private:
  friend class Transaction;
  CopyWriter(Connection& connection, std::string sql, int columns);
  void BeginRow(int columns);
  void AddField(const EncodedValue& value);

  struct State;
  std::unique_ptr<State> state_;
};

// Reads rows with binary COPY ... TO STDOUT, one at a time. A view that Get() returns lives until
// the next Next().
class CopyReader {
 public:
  CopyReader(CopyReader&&) noexcept;
  ~CopyReader();  // before the end, the COPY is cancelled and the transaction fails

  // False at the end.
  bool Next();
  template <typename T>
  T Get(int column) const {
    return Decode<T>(Raw(column));
  }

 private:
  friend class Transaction;
  CopyReader(Connection& connection, std::string sql, std::vector<unsigned> types);
  RawValue Raw(int column) const;

  struct State;
  std::unique_ptr<State> state_;
};

class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  template <typename... Values>
  Result Query(const pg::Query& query, const Values&... values) {
    const EncodedValue encoded[] = {Encode(values)..., EncodedValue{}};
    return Run(query, encoded, sizeof...(Values));
  }
  // The number of rows that an INSERT, UPDATE or DELETE touched.
  template <typename... Values>
  std::int64_t Execute(const pg::Query& query, const Values&... values) {
    const EncodedValue encoded[] = {Encode(values)..., EncodedValue{}};
    return RunForCount(query, encoded, sizeof...(Values));
  }
  // A statement whose text was made for one call, such as a list with a caller's filter. The text
  // is the program's own; what a caller gave stands in `values`, which are $1, $2, ... It is not
  // prepared under a name, so that callers cannot fill the server with statements.
  Result QueryOnce(const std::string& sql, std::span<const EncodedValue> values);
  // `statement` is a COPY ... FROM STDIN (FORMAT binary) with `columns` columns.
  CopyWriter CopyIn(const pg::Query& statement, int columns);
  // `statement` is a COPY ... TO STDOUT (FORMAT binary); T... are its column types, in order.
  template <typename... T>
  CopyReader CopyOut(const pg::Query& statement) {
    return StartCopyOut(statement, {TypeOf<T>()...});
  }
  // Runs several statements without parameters: migrations, and tests of them.
  void RunScript(const std::string& sql);

 private:
  friend class Database;
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Result Run(const pg::Query& query, const EncodedValue* values, std::size_t count);
  std::int64_t RunForCount(const pg::Query& query, const EncodedValue* values, std::size_t count);
  CopyReader StartCopyOut(const pg::Query& statement, std::vector<unsigned> types);

  Connection& connection_;
};

enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

// One transaction's bounds. `statement_timeout` also bounds the retries: none begins later than
// that after the first start. Zero means no bound.
struct TransactOptions {
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
  std::chrono::milliseconds statement_timeout{60'000};
  std::chrono::milliseconds lock_timeout{5'000};
  // The server ends a transaction that sends nothing for so long: compute before or after it.
  std::chrono::milliseconds idle_timeout{10'000};
};

// Whom a transaction acts for: what it sets for row-level security.
struct Scope {
  std::optional<PayerId> payer;
  std::optional<UserId> user;
  std::optional<std::vector<BookId>> books;
  std::optional<std::vector<ContractId>> contracts;
};

// What stands around the work of each transaction that may write, inside it: the record of who did
// it, the answer that is kept for it. Anything but OK rolls the whole transaction back. Both run
// again with every attempt, so they have no effect but through the transaction and what they own.
struct Around {
  std::function<Status(Transaction&)> before;
  std::function<Status(Transaction&)> after;
};

// How to reach the server. `uri` is a libpq URI or keyword string without a password in it when
// `password_file` is given.
struct ConnectOptions {
  std::string uri;
  std::string password_file;  // libpq passfile; empty for none
  std::string database;       // overrides the database of `uri`; empty for that one
  std::string role;           // acts as this role from the start; empty for the login role
  int pool_size = 8;
  std::chrono::milliseconds connect_timeout{5'000};
  // How long to ask what became of a COMMIT whose answer was lost. Longer than idle_timeout, after
  // which the server ends a session whose COMMIT never arrived.
  std::chrono::milliseconds verdict_timeout{15'000};
};

// A pool of connections, and the payer its transactions act for. Copies share the pool. Safe to
// use from several threads.
class Database {
 public:
  // Connects once. Unavailable when the server does not answer: the message names host and port,
  // never a password.
  static StatusOr<Database> Open(const ConnectOptions& options);

  // The same pool, acting for one payer: row-level security shows its rows and no others.
  Database ForPayer(PayerId payer) const;
  // The same pool, with a user recorded in `sluice.user_id`.
  Database AsUser(UserId user) const;

  // The same pool, for an engine whose policies hold no subquery (Citus): its policies show the
  // rows of these books and contracts and no others. PostgreSQL's own do not read them.
  Database WithBooks(std::vector<BookId> books) const;
  Database WithContracts(std::vector<ContractId> contracts) const;

  // The same pool; every transaction that is not read-only does its work between these two.
  Database Within(Around around) const;

  // Runs `work(Transaction&)`, which returns a Status or a StatusOr<T>, as rule 2 above says.
  template <typename Work>
  std::invoke_result_t<Work&, Transaction&> Transact(const TransactOptions& options,
                                                     Work&& work) const {
    using Outcome = std::invoke_result_t<Work&, Transaction&>;
    std::optional<Outcome> outcome;
    const Status status = RunTransaction(options, [&](Transaction& tx) -> Status {
      outcome.emplace(work(tx));
      if constexpr (std::is_same_v<Outcome, Status>) {
        return *outcome;
      } else {
        return outcome->status();
      }
    });
    if (!status.ok()) return status;
    return std::move(*outcome);
  }
  template <typename Work>
  std::invoke_result_t<Work&, Transaction&> Transact(Work&& work) const {
    return Transact(TransactOptions{}, std::forward<Work>(work));
  }

 private:
  struct Pool;
  friend struct Lease;
  explicit Database(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
  Status RunTransaction(const TransactOptions& options,
                        const std::function<Status(Transaction&)>& work) const;

  std::shared_ptr<Pool> pool_;
  Scope scope_;
  std::shared_ptr<const Around> around_;  // null for none
};

// For set-up and tests: what PostgreSQL runs only outside a transaction. `name` is the database's;
// the connection of `admin` must be to another one.
Status CreateDatabase(const ConnectOptions& admin, const std::string& name,
                      const std::string& template_name);
// Ends the sessions in it first. OK when there is no such database.
Status DropDatabase(const ConnectOptions& admin, const std::string& name);

}  // namespace sluice::pg
