// Transactions against a real server: what commits, what is undone, what is run again.
#include "core/pg/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Query kCount{"test_count", "SELECT count(*) FROM core.payer"};
constexpr Query kInsert{"test_insert", "INSERT INTO core.payer (payer_id, name, tin)"
                                       " VALUES ($1, $2, $3)"};

std::int64_t CountPayers(const Database& database) {
  const auto count = database.Transact([](Transaction& tx) -> StatusOr<std::int64_t> {
    return tx.Query(kCount).One<std::int64_t>();
  });
  EXPECT_TRUE(count.ok()) << count.status();
  return count.value_or(-1);
}

TEST(Database, RowsOfAnotherPayerAreInvisible) {
  testing::TestDatabase db;
  const PayerId first = db.NewPayer("First");
  const PayerId second = db.NewPayer("Second");
  EXPECT_EQ(CountPayers(db.App().ForPayer(first)), 1);
  EXPECT_EQ(CountPayers(db.App().ForPayer(second)), 1);
  EXPECT_EQ(CountPayers(db.App()), 0);
  EXPECT_EQ(CountPayers(db.Admin()), 2);
}

}  // namespace
}  // namespace sluice::pg
