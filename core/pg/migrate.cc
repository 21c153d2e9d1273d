#include "core/pg/migrate.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/bytes.h"
#include "core/check.h"

namespace sluice::pg {
namespace {

constexpr TransactOptions kPatient{.statement_timeout = std::chrono::hours(6),
                                   .lock_timeout = std::chrono::minutes(10)};

struct Applied {
  std::int32_t number = 0;
  std::string name;
  Digest checksum{};

  static Applied FromRow(const Row& row) {
    return {row.Get<std::int32_t>(0), row.Get<std::string>(1), row.Get<Digest>(2)};
  }
};

// Held to the end of the transaction: whoever comes second waits. Any fixed number will do.
constexpr pg::Query kLock{"migrate_lock", R"sql(
  SELECT pg_advisory_xact_lock(7310033951418)::text
)sql"};
constexpr pg::Query kTableExists{"migrate_table_exists", R"sql(
  SELECT to_regclass('core.migration') IS NOT NULL
)sql"};
constexpr pg::Query kListApplied{"migrate_list_applied", R"sql(
  SELECT number, name, checksum
  FROM core.migration
  ORDER BY number
)sql"};
constexpr pg::Query kInsertApplied{"migrate_insert_applied", R"sql(
  INSERT INTO core.migration (number, name, checksum, applied_at)
  VALUES ($1, $2, $3, $4)
)sql"};

Digest Checksum(const Migration& migration) { return Sha256(AsBytes(migration.sql)); }

std::vector<Applied> ListApplied(Transaction& tx) {
  if (!tx.Query(kTableExists).One<bool>()) return {};
  return tx.Query(kListApplied).All<Applied>();
}

// Compares what is applied with the beginning of what we know.
Status Compare(const std::vector<Applied>& applied, const std::vector<Migration>& known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto match = std::find_if(known.begin(), known.end(), [&](const Migration& migration) {
      return migration.Number() == applied[i].number;
    });
    if (match == known.end()) {
      return FailedPrecondition(
          "the database has migration {}, which this program does not know: it belongs to a newer "
          "program; run that one",
          applied[i].name);
    }
    if (match->name != applied[i].name || Checksum(*match) != applied[i].checksum) {
      return FailedPrecondition(
          "migration {} was edited after it was applied: put its old text back, and make the "
          "change in a new migration",
          applied[i].name);
    }
    if (match != known.begin() + static_cast<std::ptrdiff_t>(i)) {
      return FailedPrecondition(
          "migration {} is not applied although the later {} is: give it a number after the last "
          "applied one",
          known[i].name, applied[i].name);
    }
  }
  return OkStatus();
}

void CheckSequence(const std::vector<Migration>& migrations) {
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    CHECK(migrations[i - 1].Number() < migrations[i].Number());
  }
}

}  // namespace

int Migration::Number() const {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  CHECK(error == std::errc() && end == name.data() + 4 && number > 0);
  return number;
}

StatusOr<std::vector<std::string>> Migrate(const Database& admin,
                                           const std::vector<Migration>& migrations, Instant now) {
  CheckSequence(migrations);
  std::vector<std::string> done;
  for (;;) {
    // Nothing when there is nothing left to do.
    const StatusOr<std::optional<std::string>> step =
        admin.Transact(kPatient, [&](Transaction& tx) -> StatusOr<std::optional<std::string>> {
          tx.Query(kLock);
          const std::vector<Applied> applied = ListApplied(tx);
          RETURN_IF_ERROR(Compare(applied, migrations));
          if (applied.size() == migrations.size()) return std::optional<std::string>();
          const Migration& next = migrations[applied.size()];
          // The first one makes the role, and takes it itself.
          if (!applied.empty()) tx.RunScript("SET LOCAL ROLE sluice_owner");
          tx.RunScript(next.sql);
          tx.Execute(kInsertApplied, std::int32_t{next.Number()}, next.name, Checksum(next), now);
          return std::optional(next.name);
        });
    if (!step.ok()) {
      const std::string_view after = done.empty() ? "the start" : std::string_view(done.back());
      return Annotate(step.status(), fmt::format("migrating the database, after {}", after));
    }
    if (!*step) return done;
    done.push_back(**step);
  }
}

Status CheckSchemaVersion(const Database& database, const std::vector<Migration>& migrations) {
  return database.Transact(TransactOptions{.read_only = true}, [&](Transaction& tx) -> Status {
    const std::vector<Applied> applied = ListApplied(tx);
    RETURN_IF_ERROR(Compare(applied, migrations));
    if (applied.size() < migrations.size()) {
      return FailedPrecondition("the database lacks migration {}: run `sluice migrate` first",
                                migrations[applied.size()].name);
    }
    return OkStatus();
  });
}

}  // namespace sluice::pg
