// deploy/distribution.sql against the migrated catalog: every table is declared once, and its keys
// let it be distributed so. The script itself runs here, with functions of ours in the place of
// Citus's that write down what they are asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/pg/database.h"
#include "tests/support/citus_stand_ins.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

using ::testing::IsEmpty;

// Tables of ours; partitions belong to their parent.
constexpr Query kTables{"distribution_tables", R"sql(
  SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ORDER BY 1
)sql"};

// SLUICE_TEST_DISTRIBUTED has it run already.
constexpr Query kIsDistributed{"distribution_is_there", R"sql(
  SELECT to_regclass('public.declared') IS NOT NULL
)sql"};

struct Declared {
  std::string table, kind;
  std::optional<std::string> column, colocated_with;
  static Declared FromRow(const Row& row) {
    return {row.Get<std::string>(0), row.Get<std::string>(1),
            row.Get<std::optional<std::string>>(2), row.Get<std::optional<std::string>>(3)};
  }
};
constexpr Query kDeclared{"distribution_declared", R"sql(
  SELECT name, kind, by_column, colocated_with FROM public.declared
)sql"};

// Unique indexes, those of primary keys and unique constraints included, with their first column.
struct UniqueIndex {
  std::string table, index;
  std::optional<std::string> first_column;
  static UniqueIndex FromRow(const Row& row) {
    return {row.Get<std::string>(0), row.Get<std::string>(1),
            row.Get<std::optional<std::string>>(2)};
  }
};
constexpr Query kUniqueIndexes{"distribution_unique_indexes", R"sql(
  SELECT n.nspname || '.' || c.relname, i.relname::text, a.attname::text
  FROM pg_index AS x
  JOIN pg_class AS c ON c.oid = x.indrelid
  JOIN pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
  WHERE n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
    AND x.indisunique AND NOT c.relispartition
  ORDER BY 1, 2
)sql"};

struct ForeignKey {
  std::string table, name, target, first_column, first_target_column;
  static ForeignKey FromRow(const Row& row) {
    return {row.Get<std::string>(0), row.Get<std::string>(1), row.Get<std::string>(2),
            row.Get<std::string>(3), row.Get<std::string>(4)};
  }
};
constexpr Query kForeignKeys{"distribution_foreign_keys", R"sql(
  SELECT n.nspname || '.' || c.relname, k.conname::text, tn.nspname || '.' || t.relname,
         a.attname::text, ta.attname::text
  FROM pg_constraint AS k
  JOIN pg_class AS c ON c.oid = k.conrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_class AS t ON t.oid = k.confrelid
  JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
  JOIN pg_attribute AS ta ON ta.attrelid = t.oid AND ta.attnum = k.confkey[1]
  WHERE k.contype = 'f' AND NOT c.relispartition AND NOT t.relispartition
    AND n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
  ORDER BY 1, 2
)sql"};

constexpr Query kColumnIsBigint{"distribution_column", R"sql(
  SELECT EXISTS (
    SELECT 1 FROM pg_attribute
    WHERE attrelid = to_regclass($1::text) AND attname = $2::text
      AND atttypid = 'bigint'::regtype AND attnotnull)
)sql"};

// What Citus refuses on a distributed table.
constexpr Query kRefused{"distribution_refused", R"sql(
  SELECT 'policy ' || schemaname || '.' || tablename || ' ' || policyname
  FROM pg_policies
  WHERE coalesce(qual, '') || coalesce(with_check, '') LIKE '%SELECT%'
  UNION ALL
  SELECT 'trigger ' || t.tgrelid::regclass::text || ' ' || t.tgname
  FROM pg_trigger AS t
  WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'exclusion constraint ' || conrelid::regclass::text || ' ' || conname
  FROM pg_constraint
  WHERE contype = 'x'
  UNION ALL
  SELECT 'identity or generated column ' || attrelid::regclass::text || ' ' || attname
  FROM pg_attribute
  WHERE attidentity <> '' OR attgenerated <> ''
)sql"};

class Distribution : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!db_.IsIsolated()) GTEST_SKIP() << "skipped: needs a database of its own";
    const Status status = db_.Admin().Transact([&](Transaction& tx) -> Status {
      if (!tx.Query(kIsDistributed).One<bool>()) {
        tx.RunScript(testing::kCitusStandIns);
        tx.RunScript(testing::DistributionScript());
      }
      tables_ = tx.Query(kTables).All<std::string>();
      for (Declared& each : tx.Query(kDeclared).All<Declared>()) {
        if (declared_.contains(each.table)) repeated_.push_back(each.table);
        declared_[each.table] = each;
      }
      indexes_ = tx.Query(kUniqueIndexes).All<UniqueIndex>();
      foreign_keys_ = tx.Query(kForeignKeys).All<ForeignKey>();
      refused_ = tx.Query(kRefused).All<std::string>();
      for (const auto& [table, each] : declared_) {
        if (each.column && !tx.Query(kColumnIsBigint, table, *each.column).One<bool>()) {
          wrong_columns_.push_back(table + "." + *each.column);
        }
      }
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  // The table whose colocation group it is in, or nothing.
  std::string GroupOf(const std::string& table) const {
    const Declared& declared = declared_.at(table);
    if (declared.kind != "distributed") return "";
    return declared.colocated_with == "none" ? table : declared.colocated_with.value_or("?");
  }

  testing::TestDatabase db_;
  std::vector<std::string> tables_, repeated_, refused_, wrong_columns_;
  std::map<std::string, Declared> declared_;
  std::vector<UniqueIndex> indexes_;
  std::vector<ForeignKey> foreign_keys_;
};

TEST_F(Distribution, DeclaresEveryTableOnce) {
  EXPECT_THAT(repeated_, IsEmpty());
  std::vector<std::string> undeclared, unknown;
  for (const std::string& table : tables_) {
    if (!declared_.contains(table)) undeclared.push_back(table);
  }
  for (const auto& [table, each] : declared_) {
    if (!std::binary_search(tables_.begin(), tables_.end(), table)) unknown.push_back(table);
  }
  EXPECT_THAT(undeclared, IsEmpty()) << "declare new tables in deploy/distribution.sql";
  EXPECT_THAT(unknown, IsEmpty()) << "deploy/distribution.sql declares what does not exist";
}

TEST_F(Distribution, DistributesByNotNullBigints) { EXPECT_THAT(wrong_columns_, IsEmpty()); }

TEST_F(Distribution, HasOneGroupPerColumn) {
  std::map<std::string, std::string> column_of_group;
  for (const auto& [table, each] : declared_) {
    if (each.kind != "distributed") continue;
    const std::string group = GroupOf(table);
    ASSERT_TRUE(declared_.contains(group)) << table << " is colocated with " << group;
    EXPECT_EQ(GroupOf(group), group) << table << ": colocate with the first table of the group";
    EXPECT_EQ(declared_.at(group).column, each.column) << table;
    column_of_group[group] = *each.column;
  }
  std::map<std::string, std::string> group_of_column;
  for (const auto& [group, column] : column_of_group) {
    EXPECT_TRUE(group_of_column.emplace(column, group).second)
        << column << " has two groups: " << group << " and " << group_of_column[column];
  }
}

TEST_F(Distribution, LeadsEveryUniqueIndex) {
  for (const UniqueIndex& index : indexes_) {
    if (!declared_.contains(index.table)) continue;  // DeclaresEveryTableOnce tells
    const Declared& declared = declared_.at(index.table);
    if (declared.kind != "distributed") continue;
    EXPECT_EQ(index.first_column, declared.column) << index.table << " " << index.index;
  }
}

TEST_F(Distribution, KeepsForeignKeysInsideAGroup) {
  for (const ForeignKey& key : foreign_keys_) {
    if (!declared_.contains(key.table) || !declared_.contains(key.target)) continue;
    const Declared& from = declared_.at(key.table);
    const Declared& to = declared_.at(key.target);
    const std::string what = key.table + " " + key.name + " to " + key.target;
    if (to.kind == "reference") continue;
    if (to.kind == "local") {
      EXPECT_EQ(from.kind, "local") << what << ": only a local table may refer to a local one";
      continue;
    }
    EXPECT_EQ(from.kind, "distributed") << what << ": refers to a distributed table";
    if (from.kind != "distributed") continue;
    EXPECT_EQ(GroupOf(key.table), GroupOf(key.target)) << what << ": crosses groups";
    EXPECT_EQ(key.first_column, from.column) << what;
    EXPECT_EQ(key.first_target_column, to.column) << what;
  }
}

TEST_F(Distribution, LeavesNothingThatCitusRefuses) { EXPECT_THAT(refused_, IsEmpty()); }

// The script drops them all, so that none may do what the program needs done.
TEST_F(Distribution, DropsOnlyTriggersThatRefuse) {
  constexpr Query kWorking{"distribution_working_triggers", R"sql(
    SELECT n.nspname || '.' || p.proname
    FROM pg_proc AS p
    JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE p.prorettype = 'trigger'::regtype
      AND n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
      AND p.prosrc ~ '(INSERT INTO|DELETE FROM|UPDATE [a-z_]+[.]|NEW[.][a-z_]+ *:=)'
  )sql"};
  const auto working =
      db_.Admin().Transact([&](Transaction& tx) -> StatusOr<std::vector<std::string>> {
        return tx.Query(kWorking).All<std::string>();
      });
  ASSERT_TRUE(working.ok()) << working.status();
  EXPECT_THAT(*working, IsEmpty());
}

// A policy of another form than the conventions' is not made silently wide or narrow.
TEST(DistributionScript, StopsAtASubqueryItHasNoFormFor) {
  testing::TestDatabase db;
  if (!db.IsIsolated()) GTEST_SKIP() << "skipped: needs a database of its own";
  const Status stopped = db.Admin().Transact([](Transaction& tx) -> Status {
    if (tx.Query(kIsDistributed).One<bool>()) return Unimplemented("distributed already");
    tx.RunScript(testing::kCitusStandIns);
    tx.RunScript(R"sql(
      CREATE TABLE payments.odd (book_id bigint NOT NULL PRIMARY KEY);
      CREATE POLICY tenant ON payments.odd
        USING (EXISTS (SELECT FROM payments.book AS b WHERE b.book_id = odd.book_id));
    )sql");
    tx.RunScript(testing::DistributionScript());
    return OkStatus();
  });
  EXPECT_FALSE(stopped.ok());
}

// Two payers, each with a book and a contract, in tables as the schema conventions make them.
class DistributedPolicies : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!db_.IsIsolated()) GTEST_SKIP() << "skipped: needs a database of its own";
    const Status made = db_.Admin().Transact([](Transaction& tx) -> Status {
      if (tx.Query(kIsDistributed).One<bool>()) return Unimplemented("distributed already");
      tx.RunScript(testing::kCitusStandIns);
      tx.RunScript(R"sql(
        CREATE TABLE payments.led (book_id bigint NOT NULL PRIMARY KEY);
        CREATE TABLE performance.led (contract_id bigint NOT NULL PRIMARY KEY);
        ALTER TABLE payments.led ENABLE ROW LEVEL SECURITY;
        ALTER TABLE payments.led FORCE ROW LEVEL SECURITY;
        ALTER TABLE performance.led ENABLE ROW LEVEL SECURITY;
        ALTER TABLE performance.led FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON payments.led
          USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
          WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
        CREATE POLICY tenant ON performance.led
          USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
        GRANT SELECT, INSERT, UPDATE ON payments.led, performance.led TO sluice_app;
      )sql");
      tx.RunScript(testing::DistributionScript());
      return OkStatus();
    });
    if (made.code() == absl::StatusCode::kUnimplemented) GTEST_SKIP() << "skipped: " << made;
    ASSERT_TRUE(made.ok()) << made;
    for (std::size_t i = 0; i < payers_.size(); ++i) {
      payers_[i] = db_.NewPayer("Plan " + std::to_string(i));
      const std::string rows = fmt::format(
          "INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category,"
          " book_id, created_at) VALUES ({0}, {1}, 'P', 'ssl', '3B', {0}, '2026-01-01');"
          "INSERT INTO payments.book (book_id, payer_id, program_id, kind)"
          " VALUES ({0}, {1}, {0}, 0);"
          "INSERT INTO performance.contract (contract_id, payer_id, program_id, party_id,"
          " effective_from) VALUES ({0}, {1}, {0}, 1, '2026-01-01');"
          "INSERT INTO payments.led (book_id) VALUES ({0});"
          "INSERT INTO performance.led (contract_id) VALUES ({0})",
          i + 7, payers_[i].Value());
      const Status stored = As(i, rows);
      ASSERT_TRUE(stored.ok()) << stored;
    }
  }

  // Runs it as the service does for a payer, on a connection made after the script.
  Status As(std::size_t payer, const std::string& sql) {
    if (!app_) app_ = Database::Open(db_.AppOptions()).value();
    return app_->ForPayer(payers_[payer]).Transact([&](Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
  }
  std::int64_t Count(const Database& database, const char* name, const char* sql) {
    return database
        .Transact([&](Transaction& tx) -> StatusOr<std::int64_t> {
          return tx.Query(Query{name, sql}).One<std::int64_t>();
        })
        .value();
  }

  testing::TestDatabase db_;
  std::optional<Database> app_;
  std::array<PayerId, 2> payers_;
};

TEST_F(DistributedPolicies, ShowAPayerItsOwnAndNobodyElsewhere) {
  for (const PayerId payer : payers_) {
    EXPECT_EQ(Count(app_->ForPayer(payer), "led_books", "SELECT count(*) FROM payments.led"), 1);
    EXPECT_EQ(Count(app_->ForPayer(payer), "led_contracts", "SELECT count(*) FROM performance.led"),
              1);
  }
  EXPECT_EQ(Count(*app_, "led_unset", "SELECT count(*) FROM payments.led"), 0) << "no payer is set";
}

TEST_F(DistributedPolicies, RefuseARowOfAnotherPayersBook) {
  EXPECT_FALSE(As(0, "INSERT INTO payments.led (book_id) VALUES (8)").ok()) << "the other's book";
  EXPECT_FALSE(As(0, "INSERT INTO performance.led (contract_id) VALUES (8)").ok());
  // Nor by naming the column that no statement names.
  const std::string other = std::to_string(payers_[1].Value());
  EXPECT_FALSE(
      As(0, "INSERT INTO payments.led (book_id, tenant_id) VALUES (8, " + other + ")").ok());
  EXPECT_FALSE(As(0, "UPDATE payments.led SET tenant_id = " + other).ok());
  EXPECT_FALSE(As(0, "UPDATE payments.led SET book_id = 8").ok());
}

TEST_F(DistributedPolicies, RefuseWhoActsForNobody) {
  const Status refused = app_->Transact([](Transaction& tx) -> Status {
    tx.RunScript("INSERT INTO payments.led (book_id) VALUES (9)");
    return OkStatus();
  });
  EXPECT_FALSE(refused.ok());
}

// What the program says for the workers is set here, too.
TEST_F(DistributedPolicies, KeepTheTimeOutsOfATransaction) {
  const auto waits = app_->ForPayer(payers_[0]).Transact(
      {.statement_timeout = std::chrono::milliseconds(1'234),
       .lock_timeout = std::chrono::milliseconds(567)},
      [](Transaction& tx) -> StatusOr<std::string> {
        return tx
            .Query(Query{"led_settings",
                         "SELECT current_setting('statement_timeout') || ' ' ||"
                         " current_setting('lock_timeout')"})
            .One<std::string>();
      });
  ASSERT_TRUE(waits.ok()) << waits.status();
  EXPECT_EQ(*waits, "1234ms 567ms");
}

}  // namespace
}  // namespace sluice::pg
