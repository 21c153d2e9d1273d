#include "core/pg/connection.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/check.h"
#include "core/failpoint.h"
#include "core/pg/sqlstate.h"

namespace sluice::pg {
namespace {

using Clock = std::chrono::steady_clock;

// What a server that enforces its own statement time-out needs to say so.
constexpr std::chrono::milliseconds kAnswerGrace{5'000};
// Ending a transaction or a COPY on a connection that is given up anyway.
constexpr std::chrono::milliseconds kCleanUpWithin{5'000};

ResultPtr Own(PGresult* result) { return ResultPtr(result, &PQclear); }

std::string Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

std::int64_t AffectedRows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::int64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

const char* BeginStatement(const TransactOptions& options) {
  switch (options.isolation) {
    case Isolation::kReadCommitted:
      return options.read_only ? "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
                               : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    case Isolation::kRepeatableRead:
      return options.read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                               : "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";
    case Isolation::kSerializable:
      return options.read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
                               : "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
  }
  CHECK(false);
}

// set_config(..., true) is SET LOCAL with parameters. A writing transaction takes its id here, in
// the same round trip: only with it can an in-doubt commit be asked about.
constexpr pg::Query kBeginReading{"sluice_begin_reading", R"sql(
  SELECT set_config('lock_timeout', $1, true),
         set_config('statement_timeout', $2, true),
         set_config('idle_in_transaction_session_timeout', $3, true),
         set_config('sluice.payer_id', $4, true),
         set_config('sluice.user_id', $5, true)
)sql"};
constexpr pg::Query kBeginWriting{"sluice_begin_writing", R"sql(
  SELECT set_config('lock_timeout', $1, true),
         set_config('statement_timeout', $2, true),
         set_config('idle_in_transaction_session_timeout', $3, true),
         set_config('sluice.payer_id', $4, true),
         set_config('sluice.user_id', $5, true),
         pg_current_xact_id()::text
)sql"};
constexpr int kXidColumn = 5;

// What the workers of a cluster have to know of a transaction. Citus sends SET LOCAL on to them and
// not set_config. Only numbers stand in these statements.
std::vector<std::string> SettingsForWorkers(const TransactOptions& options, const Scope& scope) {
  return {fmt::format("SET LOCAL sluice.payer_id = '{}'",
                      scope.payer ? std::to_string(scope.payer->Value()) : std::string()),
          fmt::format("SET LOCAL lock_timeout = {}", options.lock_timeout.count()),
          fmt::format("SET LOCAL statement_timeout = {}", options.statement_timeout.count())};
}

}  // namespace

std::unique_ptr<Connection> Connection::Connect(const ConnectOptions& options) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout).count();
  const std::string timeout = std::to_string(std::max<std::int64_t>(2, seconds));
  std::vector<const char*> names;
  std::vector<const char*> values;
  const auto add = [&](const char* name, const char* value) {
    names.push_back(name);
    values.push_back(value);
  };
  // Words after `dbname` override what the URI says; defaults stand before it.
  add("application_name", "sluice");
  add("keepalives_idle", "30");
  add("keepalives_interval", "10");
  add("keepalives_count", "3");
  add("tcp_user_timeout", "30000");
  add("target_session_attrs", "read-write");
  add("dbname", options.uri.c_str());
  add("client_encoding", "UTF8");
  add("connect_timeout", timeout.c_str());
  if (!options.password_file.empty()) add("passfile", options.password_file.c_str());
  const std::string role = "-c role=" + options.role;
  if (!options.role.empty()) add("options", role.c_str());
  // libpq expands only the first dbname, so that the second is a plain name.
  if (!options.database.empty()) add("dbname", options.database.c_str());
  add(nullptr, nullptr);

  std::unique_ptr<Connection> connection(new Connection);
  connection->conn_ = PQconnectdbParams(names.data(), values.data(), 1);
  PGconn* conn = connection->conn_;
  if (conn == nullptr) throw Error("53200", "", "no memory for a connection");
  if (PQstatus(conn) != CONNECTION_OK) {
    std::string reason = PQerrorMessage(conn);
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    throw Error("", "", "cannot connect to the database: " + reason);
  }
  PQsetNoticeReceiver(
      conn, [](void*, const PGresult*) {}, nullptr);  // notices may hold values
  PQsetnonblocking(conn, 1);
  connection->LearnIdentity();
  return connection;
}

Connection::~Connection() { PQfinish(conn_); }

void Connection::LearnIdentity() {
  StartDeadline();
  Require(PQsendQueryParams(conn_,
                            "SELECT system_identifier::text,"
                            " substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),"
                            " (SELECT stats_reset::text FROM pg_stat_wal),"
                            " EXISTS (SELECT 1 FROM pg_proc AS p"
                            "  JOIN pg_namespace AS n ON n.oid = p.pronamespace"
                            "  WHERE n.nspname = 'core' AND p.proname = 'distributed')"
                            " FROM pg_control_system()",
                            0, nullptr, nullptr, nullptr, nullptr, 0) == 1,
          "asking for the system identifier");
  const ResultPtr result = Finish("asking for the system identifier");
  CHECK(PQntuples(result.get()) == 1);
  identity_ = {PQgetvalue(result.get(), 0, 0), PQgetvalue(result.get(), 0, 1),
               PQgetvalue(result.get(), 0, 2)};
  distributed_ = std::strcmp(PQgetvalue(result.get(), 0, 3), "t") == 0;
}

bool Connection::IsReusable() {
  if (broken_ || PQstatus(conn_) != CONNECTION_OK) return false;
  if (PQtransactionStatus(conn_) != PQTRANS_IDLE) return false;
  // A server that went away has left its last words in the socket.
  if (PQconsumeInput(conn_) == 0) return false;
  return PQstatus(conn_) == CONNECTION_OK;
}

void Connection::Begin(const TransactOptions& options, const Scope& scope) {
  failure_.reset();
  xid_.clear();
  answer_within_ = options.statement_timeout;
  StartDeadline();
  const EncodedValue values[] = {
      Encode(std::to_string(options.lock_timeout.count())),
      Encode(std::to_string(options.statement_timeout.count())),
      Encode(std::to_string(options.idle_timeout.count())),
      Encode(scope.payer ? std::to_string(scope.payer->Value()) : std::string()),
      Encode(scope.user ? std::to_string(scope.user->Value()) : std::string())};
  const pg::Query& query = options.read_only ? kBeginReading : kBeginWriting;
  constexpr std::string_view kWhat = "beginning a transaction";
  const std::string& prepared = PreparedName(query, values, std::size(values));
  std::vector<std::string> first = {BeginStatement(options)};
  if (distributed_) {
    for (std::string& setting : SettingsForWorkers(options, scope)) {
      first.push_back(std::move(setting));
    }
  }
  Require(PQenterPipelineMode(conn_) == 1, kWhat);
  for (const std::string& statement : first) {
    Require(PQsendQueryParams(conn_, statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) ==
                1,
            kWhat);
  }
  SendExecute(prepared, values, std::size(values));
  Require(PQpipelineSync(conn_) == 1, kWhat);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const ResultPtr begun = Finish(kWhat);
    CHECK(PQresultStatus(begun.get()) == PGRES_COMMAND_OK);
  }
  const ResultPtr set = Finish(kWhat);
  if (!options.read_only) xid_ = PQgetvalue(set.get(), 0, kXidColumn);
  const ResultPtr sync = Own(NextResult());
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(conn_) != 1) {
    Lost(kWhat);
  }
}

bool Connection::Commit() {
  if (failure_) {
    // The work returned ok although a statement of it failed: COMMIT would answer ROLLBACK.
    const Error failure = *failure_;
    Rollback();
    throw failure;
  }
  // An armed place loses the connection, as a cut cable does.
  if (!Failpoint("pg.before_commit").ok()) Lost("committing");
  StartDeadline();
  // From here on, bytes of COMMIT may have reached the server.
  try {
    if (PQsendQuery(conn_, "COMMIT") != 1) Lost("committing");
    if (!Failpoint("pg.commit_sent").ok()) Lost("committing");
    const ResultPtr result = Finish("committing");
    if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") == 0) {
      if (Failpoint("pg.after_commit").ok()) return true;
      Break();
      return false;
    }
    throw Error("40000", "",
                "the server rolled the transaction back at COMMIT, after a statement of it failed");
  } catch (const Error&) {
    // An answer that leaves the session idle is certain; a FATAL one may come after the commit.
    if (PQstatus(conn_) == CONNECTION_OK && PQtransactionStatus(conn_) == PQTRANS_IDLE) throw;
    Break();
    return false;
  }
}

void Connection::Rollback() noexcept {
  if (broken_) return;
  try {
    deadline_ = Clock::now() + kCleanUpWithin;
    if (PQtransactionStatus(conn_) == PQTRANS_IDLE) return;
    Require(PQsendQuery(conn_, "ROLLBACK") == 1, "rolling back");
    Finish("rolling back");
  } catch (...) {
    Break();
  }
}

ResultPtr Connection::Execute(const pg::Query& query, const EncodedValue* values,
                              std::size_t count) {
  if (failure_) throw *failure_;
  StartDeadline();
  SendExecute(PreparedName(query, values, count), values, count);
  return Finish(query.name);
}

ResultPtr Connection::ExecuteOnce(const std::string& sql, std::span<const EncodedValue> values) {
  if (failure_) throw *failure_;
  StartDeadline();
  std::vector<Oid> types;
  std::vector<const char*> bytes;
  std::vector<int> lengths;
  for (const EncodedValue& value : values) {
    types.push_back(value.type);
    bytes.push_back(value.null ? nullptr : value.bytes.data());
    lengths.push_back(static_cast<int>(value.bytes.size()));
  }
  const std::vector<int> formats(values.size(), 1);
  Require(PQsendQueryParams(conn_, sql.c_str(), static_cast<int>(values.size()), types.data(),
                            bytes.data(), lengths.data(), formats.data(), 1) == 1,
          "a statement of a list");
  return Finish("a statement of a list");
}

void Connection::RunScript(const std::string& sql) {
  if (failure_) throw *failure_;
  StartDeadline();
  Require(PQsendQuery(conn_, sql.c_str()) == 1, "running a script");
  Finish("running a script");
}

std::string Connection::PasswordVerifier(const std::string& password, const std::string& user) {
  char* verifier = PQencryptPasswordConn(conn_, password.c_str(), user.c_str(), "scram-sha-256");
  if (verifier == nullptr) throw Error("53200", "", "cannot compute a password verifier");
  std::string text = verifier;
  PQfreemem(verifier);
  return text;
}

const std::string& Connection::PreparedName(const pg::Query& query, const EncodedValue* values,
                                            std::size_t count) {
  Statement& statement = statements_[query.name];
  if (statement.sql.empty()) statement.sql = query.sql;
  if (statement.sql != query.sql) {
    std::fprintf(stderr, "two statements have the name %s\n", query.name);
    CHECK(statement.sql == query.sql);
  }
  std::vector<Oid> types(count);
  std::transform(values, values + count, types.begin(),
                 [](const EncodedValue& value) { return value.type; });
  for (const auto& [known, name] : statement.variants) {
    if (known == types) return name;
  }
  std::string name = query.name;
  if (!statement.variants.empty()) name += "/" + std::to_string(statement.variants.size());
  Require(PQsendPrepare(conn_, name.c_str(), query.sql, static_cast<int>(count), types.data()) == 1,
          query.name);
  Finish(query.name);
  return statement.variants.emplace_back(std::move(types), std::move(name)).second;
}

void Connection::SendExecute(const std::string& prepared, const EncodedValue* values,
                             std::size_t count) {
  std::vector<const char*> bytes(count);
  std::vector<int> lengths(count);
  const std::vector<int> formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i] = values[i].null ? nullptr : values[i].bytes.data();
    lengths[i] = static_cast<int>(values[i].bytes.size());
  }
  Require(PQsendQueryPrepared(conn_, prepared.c_str(), static_cast<int>(count), bytes.data(),
                              lengths.data(), formats.data(), 1) == 1,
          prepared);
}

void Connection::StartDeadline() {
  deadline_ = answer_within_.count() == 0 ? Clock::time_point::max()
                                          : Clock::now() + answer_within_ + kAnswerGrace;
}

void Connection::Wait(bool write) {
  for (;;) {
    int timeout_ms = -1;
    if (deadline_ != Clock::time_point::max()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      if (left <= 0) Lost("waiting for an answer that did not come in time");
      timeout_ms = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    }
    pollfd entry{PQsocket(conn_), POLLIN, 0};
    if (write) entry.events = POLLIN | POLLOUT;
    const int ready = poll(&entry, 1, timeout_ms);
    if (ready > 0) {
      // A failure shows in the connection's status; what arrived before it is still to be read,
      // because a FATAL names the reason.
      if ((entry.revents & ~POLLOUT) != 0) PQconsumeInput(conn_);
      return;
    }
    if (ready < 0 && errno != EINTR) Lost("waiting for an answer");
  }
}

void Connection::Flush() {
  for (;;) {
    const int left = PQflush(conn_);
    if (left == 0) return;
    if (left < 0) return;  // the results tell why
    Wait(true);
  }
}

PGresult* Connection::NextResult() {
  Flush();
  while (PQisBusy(conn_) != 0) Wait(false);
  return PQgetResult(conn_);
}

ResultPtr Connection::Finish(std::string_view what) {
  ResultPtr last;
  ResultPtr error;
  while (PGresult* next = NextResult()) {
    ResultPtr result = Own(next);
    switch (PQresultStatus(next)) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        last = std::move(result);
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        // COPY has functions of its own; a script or query that starts one is our bug.
        Break();
        throw Error("0A000", "", std::string(what) + " starts a COPY where none is expected");
      default:
        if (!error) error = std::move(result);
        break;
    }
    if (PQstatus(conn_) == CONNECTION_BAD) break;
  }
  if (error) Refused(what, error.get());
  if (!last) Lost(what);
  return last;
}

void Connection::Lost(std::string_view what) {
  Break();
  Error error("", "", "the connection to the database was lost while " + std::string(what));
  if (!failure_) failure_ = error;
  throw error;
}

void Connection::Refused(std::string_view what, const PGresult* result) {
  const std::string sqlstate = Field(result, PG_DIAG_SQLSTATE);
  if (PQstatus(conn_) == CONNECTION_BAD) Break();
  if (PQpipelineStatus(conn_) != PQ_PIPELINE_OFF) Break();
  if (sqlstate.empty()) Lost(what);
  const SqlstateRule& rule = RuleFor(sqlstate);
  std::string message = fmt::format("{}: {} (SQLSTATE {}", what, rule.meaning, sqlstate);
  const std::string constraint = Field(result, PG_DIAG_CONSTRAINT_NAME);
  if (!constraint.empty()) message += ", constraint " + constraint;
  const std::string column = Field(result, PG_DIAG_COLUMN_NAME);
  if (!column.empty()) message += ", column " + column;
  message += ")";
  if (rule.message_is_safe) message += ": " + Field(result, PG_DIAG_MESSAGE_PRIMARY);
  Error error(sqlstate, constraint, message);
  if (!failure_) failure_ = error;
  throw error;
}

void Connection::Poison(const std::string& reason) {
  if (!failure_) failure_ = Error("25P02", "", reason);
}

void Connection::StartCopy(const std::string& name, const std::string& sql,
                           ExecStatusType expected) {
  if (failure_) throw *failure_;
  StartDeadline();
  Require(PQsendQueryParams(conn_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) == 1,
          name);
  const ResultPtr result = Own(NextResult());
  if (!result) Lost(name);
  if (PQresultStatus(result.get()) == expected) {
    CHECK(PQbinaryTuples(result.get()) == 1);
    return;
  }
  while (PGresult* rest = NextResult()) {
    PQclear(rest);
    if (PQstatus(conn_) == CONNECTION_BAD) break;
  }
  Refused(name, result.get());
}

void Connection::PutCopyData(std::string_view bytes) {
  StartDeadline();
  for (;;) {
    const int put = PQputCopyData(conn_, bytes.data(), static_cast<int>(bytes.size()));
    if (put == 1) break;
    if (put < 0) Lost("sending rows");
    Wait(true);
  }
  // Without this, libpq would keep in memory what the socket does not take.
  Flush();
}

std::int64_t Connection::FinishCopyIn() {
  StartDeadline();
  for (;;) {
    const int put = PQputCopyEnd(conn_, nullptr);
    if (put == 1) break;
    if (put < 0) Lost("ending a COPY");
    Wait(true);
  }
  return AffectedRows(Finish("copying rows in").get());
}

bool Connection::GetCopyData(CopyMessage& message) {
  bool waited = false;
  for (;;) {
    char* buffer = nullptr;
    const int length = PQgetCopyData(conn_, &buffer, 1);
    if (length > 0) {
      message.bytes.reset(buffer);
      message.size = static_cast<std::size_t>(length);
      return true;
    }
    if (length == 0) {
      if (PQstatus(conn_) == CONNECTION_BAD) Lost("reading rows");
      // Most messages are there already: only a wait has a deadline, which begins with it.
      if (!std::exchange(waited, true)) StartDeadline();
      Wait(false);
      continue;
    }
    if (length == -2) Lost("reading rows");
    StartDeadline();
    Finish("copying rows out");
    return false;
  }
}

void Connection::AbandonCopyIn() noexcept {
  if (broken_) return;
  try {
    Poison("a COPY was begun and not finished");
    deadline_ = Clock::now() + kCleanUpWithin;
    while (PQputCopyEnd(conn_, "the writer gave up") == 0) Wait(true);
    while (PGresult* rest = NextResult()) {
      PQclear(rest);
      if (PQstatus(conn_) == CONNECTION_BAD) break;
    }
  } catch (...) {
    Break();
  }
}

void Connection::AbandonCopyOut() noexcept {
  if (broken_) return;
  try {
    Poison("a COPY was left before its end");
    deadline_ = Clock::now() + kCleanUpWithin;
    Cancel();
    for (;;) {
      char* buffer = nullptr;
      const int length = PQgetCopyData(conn_, &buffer, 1);
      if (length > 0) PQfreemem(buffer);
      if (length < 0 || PQstatus(conn_) == CONNECTION_BAD) break;
      if (length == 0) Wait(false);
    }
    while (PGresult* rest = NextResult()) {
      PQclear(rest);
      if (PQstatus(conn_) == CONNECTION_BAD) break;
    }
  } catch (...) {
    Break();
  }
}

void Connection::Cancel() noexcept {
  PGcancel* cancel = PQgetCancel(conn_);
  if (cancel == nullptr) return;
  char reason[256];
  PQcancel(cancel, reason, sizeof reason);
  PQfreeCancel(cancel);
}

}  // namespace sluice::pg
