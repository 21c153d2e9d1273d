#include "core/pg/database.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <random>
#include <thread>

#include "core/check.h"
#include "core/pg/connection.h"
#include "core/pg/sqlstate.h"

namespace sluice::pg {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kAttempts = 6;  // the first and five more
constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{1'000};
constexpr milliseconds kVerdictPause{100};

constexpr pg::Query kXactStatus{"sluice_xact_status", R"sql(
  SELECT pg_xact_status($1::text::xid8)
)sql"};

PGresult* Native(const std::shared_ptr<void>& result) {
  return static_cast<PGresult*>(result.get());
}

// Full jitter, so that those who met once do not meet again.
void PauseBeforeAttempt(int attempt) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const auto longest = std::min(kLongestPause, kFirstPause * (1 << attempt));
  std::uniform_int_distribution<std::int64_t> pause(1, longest.count());
  std::this_thread::sleep_for(milliseconds(pause(random)));
}

Status ToStatus(const Error& error) {
  return Status(RuleFor(error.Sqlstate()).code, std::string(error.what()));
}

std::string QuoteIdentifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

// One statement outside a transaction, on a connection of its own.
Status RunAlone(const ConnectOptions& options, const std::string& sql) {
  try {
    Connection::Connect(options)->RunScript(sql);
    return OkStatus();
  } catch (const Error& error) {
    return ToStatus(error);
  }
}

// `around` may be null.
Status WorkWithin(const Around* around, const std::function<Status(Transaction&)>& work,
                  Transaction& transaction) {
  if (around != nullptr) RETURN_IF_ERROR(around->before(transaction));
  RETURN_IF_ERROR(work(transaction));
  return around != nullptr ? around->after(transaction) : OkStatus();
}

}  // namespace

RawValue Row::Raw(int column) const {
  const auto* result = static_cast<const PGresult*>(result_);
  if (column < 0 || column >= PQnfields(result)) {
    std::fprintf(stderr, "column %d of a result with %d columns\n", column, PQnfields(result));
    CHECK(column >= 0 && column < PQnfields(result));
  }
  RawValue raw;
  raw.type = PQftype(result, column);
  raw.null = PQgetisnull(result, row_, column) == 1;
  if (!raw.null) {
    raw.bytes = std::string_view(PQgetvalue(result, row_, column),
                                 static_cast<std::size_t>(PQgetlength(result, row_, column)));
  }
  return raw;
}

int Result::Size() const { return PQntuples(Native(result_)); }

Row Result::operator[](int row) const {
  CHECK(row >= 0 && row < Size());
  return Row(result_.get(), row);
}

void Result::RequireAtMostOne() const { CHECK(Size() <= 1); }
void Result::RequireExactlyOne() const { CHECK(Size() == 1); }

Result Transaction::QueryOnce(const std::string& sql, std::span<const EncodedValue> values) {
  return Result(connection_.ExecuteOnce(sql, values));
}

Result Transaction::Run(const pg::Query& query, const EncodedValue* values, std::size_t count) {
  return Result(connection_.Execute(query, values, count));
}

std::int64_t Transaction::RunForCount(const pg::Query& query, const EncodedValue* values,
                                      std::size_t count) {
  const ResultPtr result = connection_.Execute(query, values, count);
  const std::string rows = PQcmdTuples(result.get());
  return rows.empty() ? 0 : std::stoll(rows);
}

CopyWriter Transaction::CopyIn(const pg::Query& statement, int columns) {
  return CopyWriter(connection_, statement.sql, columns);
}

CopyReader Transaction::StartCopyOut(const pg::Query& statement, std::vector<unsigned> types) {
  return CopyReader(connection_, statement.sql, std::move(types));
}

void Transaction::RunScript(const std::string& sql) { connection_.RunScript(sql); }

// Connections that are idle, and the right to open more up to the limit.
struct Database::Pool {
  explicit Pool(ConnectOptions connect_options) : options(std::move(connect_options)) {}

  // Throws Error when none is free in time or the server does not answer.
  std::unique_ptr<Connection> Take() {
    std::unique_lock lock(mutex);
    for (;;) {
      if (!freed.wait_for(lock, options.connect_timeout,
                          [this] { return !idle.empty() || open < options.pool_size; })) {
        throw Error("53300", "",
                    fmt::format("all {} connections of the pool were busy for {} ms",
                                options.pool_size, options.connect_timeout.count()));
      }
      if (idle.empty()) break;
      std::unique_ptr<Connection> connection = std::move(idle.back());
      idle.pop_back();
      if (connection->IsReusable()) return connection;
      --open;
    }
    ++open;
    lock.unlock();
    try {
      return Connection::Connect(options);
    } catch (...) {
      Forget();
      throw;
    }
  }

  void Return(std::unique_ptr<Connection> connection) {
    if (!connection->IsReusable()) {
      connection.reset();
      Forget();
      return;
    }
    {
      const std::lock_guard lock(mutex);
      idle.push_back(std::move(connection));
    }
    freed.notify_one();
  }

  void Forget() {
    {
      const std::lock_guard lock(mutex);
      --open;
    }
    freed.notify_one();
  }

  enum class Verdict { kCommitted, kAborted, kUnknown };
  Verdict AskVerdict(const std::string& xid, const ServerIdentity& identity);

  const ConnectOptions options;
  std::mutex mutex;
  std::condition_variable freed;
  std::vector<std::unique_ptr<Connection>> idle;
  int open = 0;  // idle and taken
};

// A connection taken from the pool for one attempt.
struct Lease {
  explicit Lease(Database::Pool& from);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Database::Pool& pool;
  std::unique_ptr<Connection> connection;
};

Lease::Lease(Database::Pool& from) : pool(from), connection(from.Take()) {}

Lease::~Lease() {
  connection->Rollback();  // nothing to do after a commit
  pool.Return(std::move(connection));
}

// The server may have failed over meanwhile: the id means something only in the same history.
Database::Pool::Verdict Database::Pool::AskVerdict(const std::string& xid,
                                                   const ServerIdentity& identity) {
  if (xid.empty()) return Verdict::kAborted;  // it wrote nothing
  const Clock::time_point until = Clock::now() + options.verdict_timeout;
  while (Clock::now() < until) {
    try {
      const auto connection = Connection::Connect(options);
      while (Clock::now() < until) {
        if (connection->Identity() != identity) return Verdict::kUnknown;
        const EncodedValue value = Encode(xid);
        const ResultPtr result = connection->Execute(kXactStatus, &value, 1);
        if (PQgetisnull(result.get(), 0, 0) == 1) return Verdict::kUnknown;  // too old
        const std::string_view status = PQgetvalue(result.get(), 0, 0);
        if (status == "committed") return Verdict::kCommitted;
        if (status == "aborted") return Verdict::kAborted;
        std::this_thread::sleep_for(kVerdictPause);
      }
    } catch (const Error&) {
      std::this_thread::sleep_for(kVerdictPause);
    }
  }
  return Verdict::kUnknown;
}

StatusOr<Database> Database::Open(const ConnectOptions& options) {
  CHECK(options.pool_size > 0);
  auto pool = std::make_shared<Pool>(options);
  try {
    pool->Return(pool->Take());
  } catch (const Error& error) {
    return ToStatus(error);
  }
  return Database(std::move(pool));
}

Database Database::ForPayer(PayerId payer) const {
  Database copy = *this;
  copy.scope_.payer = payer;
  return copy;
}

Database Database::AsUser(UserId user) const {
  Database copy = *this;
  copy.scope_.user = user;
  return copy;
}

Database Database::WithBooks(std::vector<BookId> books) const {
  Database copy = *this;
  copy.scope_.books = std::move(books);
  return copy;
}

Database Database::WithContracts(std::vector<ContractId> contracts) const {
  Database copy = *this;
  copy.scope_.contracts = std::move(contracts);
  return copy;
}

Database Database::Within(Around around) const {
  Database copy = *this;
  copy.around_ = std::make_shared<const Around>(std::move(around));
  return copy;
}

Status Database::RunTransaction(const TransactOptions& options,
                                const std::function<Status(Transaction&)>& work) const {
  const Clock::time_point started = Clock::now();
  const auto may_retry = [&](int attempt) {
    if (attempt + 1 >= kAttempts) return false;
    return options.statement_timeout.count() == 0 ||
           Clock::now() - started < options.statement_timeout;
  };
  for (int attempt = 0;; ++attempt) {
    std::string xid;
    ServerIdentity identity;
    try {
      Lease lease(*pool_);
      Connection& connection = *lease.connection;
      connection.Begin(options, scope_);
      Transaction transaction(connection);
      RETURN_IF_ERROR(WorkWithin(options.read_only ? nullptr : around_.get(), work, transaction));
      xid = connection.TransactionId();
      identity = connection.Identity();
      if (connection.Commit()) return OkStatus();
    } catch (const Error& error) {
      if (RuleFor(error.Sqlstate()).kind != ErrorKind::kTransient || !may_retry(attempt)) {
        return ToStatus(error);
      }
      PauseBeforeAttempt(attempt);
      continue;
    }
    switch (pool_->AskVerdict(xid, identity)) {
      case Pool::Verdict::kCommitted:
        return OkStatus();
      case Pool::Verdict::kAborted:
        if (!may_retry(attempt)) {
          return Unavailable("the connection to the database was lost and nothing was stored");
        }
        PauseBeforeAttempt(attempt);
        break;
      case Pool::Verdict::kUnknown:
        return Unavailable(
            "outcome unknown: the connection to the database was lost during COMMIT and the server "
            "could not say what happened; ask again with the same request id");
    }
  }
}

Status CreateDatabase(const ConnectOptions& admin, const std::string& name,
                      const std::string& template_name) {
  return RunAlone(admin, "CREATE DATABASE " + QuoteIdentifier(name) + " TEMPLATE " +
                             QuoteIdentifier(template_name) + " STRATEGY FILE_COPY");
}

Status DropDatabase(const ConnectOptions& admin, const std::string& name) {
  return RunAlone(admin, "DROP DATABASE IF EXISTS " + QuoteIdentifier(name) + " WITH (FORCE)");
}

}  // namespace sluice::pg
