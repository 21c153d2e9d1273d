// Which pools there are, asked of the books: what a contract's readiness rests on.
#include "payments/pool_funding.h"

#include <gtest/gtest.h>

#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

class PoolFundingTest : public RunFixture {
 protected:
  bool Has(PayerId payer, BookId book, const std::string& pool) {
    return *db_.App().ForPayer(payer).Transact(
        [&](pg::Transaction& tx) -> StatusOr<bool> { return funding_.HasPool(tx, book, pool); });
  }
  PoolFunding funding_;
};

// feature:C10
TEST_F(PoolFundingTest, APoolFundsTheContractsOfItsOwnBook) {
  EXPECT_TRUE(Has(payer_, program_.book, "main"));
  EXPECT_FALSE(Has(payer_, program_.book, "Main"));
  EXPECT_FALSE(Has(payer_, program_.book, ""));
  EXPECT_FALSE(Has(payer_, db_.Ids().Next<BookTag>(), "main"));
  // Another payer sees none of it.
  EXPECT_FALSE(Has(db_.NewPayer("Other"), program_.book, "main"));
}

}  // namespace
}  // namespace sluice::payments
