// One libpq connection. Internal to core/pg: everybody else uses core/pg/database.h.
//
//   1. Every wait has a deadline, also against a server that is stopped and not closed.
//   2. A connection that failed in an unknown state is broken for ever: the pool closes it.
//   3. Only Begin() sets session state, and only for the transaction.
//   4. Errors carry SQLSTATE and names, never values (core/pg/sqlstate.h says which of the server's
//      messages may be shown).
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/pg/database.h"

namespace sluice::pg {

using ResultPtr = std::shared_ptr<PGresult>;

// Which history of which cluster a transaction id belongs to. A server that crashes may give an id
// again whose log never reached the disk, so that a "committed" asked for afterwards may be another
// transaction's: hence the incarnation, which every crash recovery changes.
struct ServerIdentity {
  std::string system;       // system identifier
  std::string timeline;     // eight hexadecimal digits
  std::string incarnation;  // when the server last began to count anew: at the last recovery
  friend bool operator==(const ServerIdentity&, const ServerIdentity&) = default;
};

// A message of a COPY, in the memory that libpq gave it.
struct CopyMessage {
  struct Free {
    void operator()(char* bytes) const { PQfreemem(bytes); }
  };
  std::unique_ptr<char, Free> bytes;
  std::size_t size = 0;
  std::string_view View() const { return {bytes.get(), size}; }
};

class Connection {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // Throws Error.
  static std::unique_ptr<Connection> Connect(const ConnectOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Idle, and the server has not closed it, as far as can be seen without asking.
  bool IsReusable();
  bool IsBroken() const { return broken_; }
  void Break() { broken_ = true; }

  void Begin(const TransactOptions& options, const Scope& scope);
  // The transaction's xid8 as text; empty for a read-only one.
  const std::string& TransactionId() const { return xid_; }
  const ServerIdentity& Identity() const { return identity_; }

  // True: the server answered COMMIT. False: COMMIT was sent and no certain answer came. Throws
  // Error when the transaction certainly did not commit.
  bool Commit();
  // Breaks the connection when the server does not confirm.
  void Rollback() noexcept;

  ResultPtr Execute(const Query& query, const EncodedValue* values, std::size_t count);
  // Without preparing it under a name.
  ResultPtr ExecuteOnce(const std::string& sql, std::span<const EncodedValue> values);
  // Simple protocol, several statements.
  void RunScript(const std::string& sql);

  // What the server stores for a password (SCRAM), so that the password itself is never sent.
  std::string PasswordVerifier(const std::string& password, const std::string& user);

  // COPY. StartCopy leaves the connection in the copy state.
  void StartCopy(const std::string& name, const std::string& sql, ExecStatusType expected);
  void PutCopyData(std::string_view bytes);
  std::int64_t FinishCopyIn();
  // The next message in place of the last one; false at the end.
  bool GetCopyData(CopyMessage& message);
  // Ends a COPY that its owner left; the transaction can only be rolled back after it.
  void AbandonCopyIn() noexcept;
  void AbandonCopyOut() noexcept;

 private:
  Connection() = default;
  void LearnIdentity();
  const std::string& PreparedName(const Query& query, const EncodedValue* values,
                                  std::size_t count);
  void SendExecute(const std::string& prepared, const EncodedValue* values, std::size_t count);
  void Flush();
  // All results up to the end of the command, the last one returned. Throws the first error.
  ResultPtr Finish(std::string_view what);
  PGresult* NextResult();
  // Waits for the socket; throws when the deadline passes.
  void Wait(bool write);
  void StartDeadline();
  [[noreturn]] void Lost(std::string_view what);
  [[noreturn]] void Refused(std::string_view what, const PGresult* result);
  void Require(bool sent, std::string_view what) {
    if (!sent) Lost(what);
  }
  void Poison(const std::string& reason);
  void Cancel() noexcept;

  struct Statement {
    std::string sql;
    // One server-side statement for each list of parameter types it was called with.
    std::vector<std::pair<std::vector<Oid>, std::string>> variants;
  };

  PGconn* conn_ = nullptr;
  bool broken_ = false;
  std::unordered_map<std::string, Statement> statements_;
  ServerIdentity identity_;
  bool distributed_ = false;  // deploy/distribution.sql spread the tables over a cluster
  std::string xid_;
  Milliseconds answer_within_{60'000};
  std::chrono::steady_clock::time_point deadline_{};
  // The first failure inside the transaction: it can no longer commit.
  std::optional<Error> failure_;
};

}  // namespace sluice::pg
