// Payers on a real PostgreSQL.
#include "hierarchy/payer_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_database.h"

namespace sluice::hierarchy {
namespace {

Status Add(testing::TestDatabase& db, const std::string& name, const std::string& tin) {
  const PayerRecord payer{.id = db.Ids().Next<PayerTag>(), .name = name, .tin = tin};
  return db.App().ForPayer(payer.id).Transact([&](pg::Transaction& tx) -> Status {
    InsertPayer(tx, payer);
    return OkStatus();
  });
}

// Neither sees the other's row, so only the database can tell.
TEST(PayerStoreTest, ATaxIdIsUsedOnceAlsoAcrossPayersThatDoNotSeeEachOther) {
  testing::TestDatabase db;
  ASSERT_TRUE(Add(db, "First", "123456789").ok());
  const Status second = Add(db, "Second", "123456789");
  EXPECT_TRUE(absl::IsAlreadyExists(second)) << second;
  EXPECT_THAT(std::string(second.message()), ::testing::HasSubstr("payer_tin_is_used_once"));
  EXPECT_TRUE(Add(db, "Third", "987654321").ok());
}

}  // namespace
}  // namespace sluice::hierarchy
