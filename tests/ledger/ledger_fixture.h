// A migrated database with one payer and one book, for the tests of the ledger's store.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "tests/ledger/memory_book.h"
#include "tests/support/test_database.h"

namespace sluice::payments {

// The accounts most tests use.
inline const BankAccountId kBank(9);
inline const PoolId kPool(1);
inline const RunId kRun(4);
inline const ProgramId kProgram(2);
inline const ContractId kContract(3);

inline Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
inline Journal One(int number, const Lines& lines) { return MakeJournal(HeaderOf(number), lines); }

// A book of a program of its own. As the administrator: no test of the ledger needs its service.
inline BookId MakeBook(testing::TestDatabase& db, PayerId payer) {
  const BookId book = db.Ids().Next<BookTag>();
  const ProgramId program = db.Ids().Next<ProgramTag>();
  constexpr pg::Query kProgramRow{"test_insert_program", R"sql(
    INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category, book_id,
      created_at)
    VALUES ($1, $2, $3, 'QI', '2C', $4, $5)
  )sql"};
  constexpr pg::Query kBookRow{"test_insert_book", R"sql(
    INSERT INTO payments.book (book_id, payer_id, program_id, kind)
    VALUES ($1, $2, $3, 0)
  )sql"};
  const Status status = db.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kProgramRow, program, payer, "program " + program.ToString(), book,
               db.Clock().Now());
    tx.Execute(kBookRow, book, payer, program);
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return book;
}

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest()
      : payer_(db_.NewPayer("Plan")),
        book_(MakeBook(db_, payer_)),
        app_(db_.App().ForPayer(payer_)),
        ledger_(db_.Clock()) {}

  PostResult Post(const Journal& journal) { return PostAll({journal}).front(); }
  std::vector<PostResult> PostAll(const std::vector<Journal>& journals) {
    auto results = ledger_.Post(app_, book_, journals);
    EXPECT_TRUE(results.ok()) << results.status();
    if (!results.ok()) return std::vector<PostResult>(journals.size());
    return *results;
  }
  // Puts `cents` into the pool, under ids 1 and 2.
  void Fund(std::int64_t cents) {
    const auto results =
        PostAll({One(1, BankCredit(kBank, Cents(cents))),
                 One(2, FundPool(BankSuspenseAccount(kBank), kPool, Cents(cents)))});
    EXPECT_TRUE(RequireAccepted(results).ok()) << RequireAccepted(results);
  }

  // The balance, or none when the account was never used.
  std::optional<AccountLine> Find(const AccountKey& key) {
    const auto line =
        app_.Transact([&](pg::Transaction& tx) { return FindBalance(tx, book_, key); });
    if (!line.ok()) return std::nullopt;
    return *line;
  }
  std::int64_t Count(const std::string& table) {
    const std::string sql = "SELECT count(*) FROM payments." + table + " WHERE book_id = $1";
    const std::string name = "test_count_" + table;
    const pg::Query query{name.c_str(), sql.c_str()};
    const auto count = db_.Admin().Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
      return tx.Query(query, book_).One<std::int64_t>();
    });
    EXPECT_TRUE(count.ok()) << count.status();
    return count.ok() ? *count : -1;
  }

  testing::TestDatabase db_;
  PayerId payer_;
  BookId book_;
  pg::Database app_;
  Ledger ledger_;
};

}  // namespace sluice::payments
