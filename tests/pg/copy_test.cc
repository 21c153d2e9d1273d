// Binary COPY, both ways, in bounded memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/pg/database.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

constexpr Query kIn{"copy_in", "COPY public.fact (id, name, amount) FROM STDIN (FORMAT binary)"};
constexpr Query kOut{"copy_out", R"sql(
  COPY (SELECT id, name, amount FROM public.fact ORDER BY id) TO STDOUT (FORMAT binary)
)sql"};
constexpr Query kCount{"copy_count", "SELECT count(*) FROM public.fact"};

class Copy : public ::testing::Test {
 protected:
  Copy() {
    const Status made = db_.Admin().Transact([](Transaction& tx) -> Status {
      tx.RunScript(
          "CREATE TABLE public.fact (id bigint PRIMARY KEY, name text NOT NULL, amount bigint);"
          "GRANT SELECT, INSERT ON public.fact TO sluice_app");
      return OkStatus();
    });
    EXPECT_TRUE(made.ok()) << made;
  }

  std::int64_t Count() {
    return db_.App()
        .Transact([](Transaction& tx) -> StatusOr<std::int64_t> {
          return tx.Query(kCount).One<std::int64_t>();
        })
        .value();
  }

  testing::TestDatabase db_;
};

std::int64_t PeakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

std::optional<Money> AmountOf(std::int64_t id) {
  return id % 10 == 0 ? std::nullopt : std::optional(Money::FromCents(-id));
}

TEST_F(Copy, AMillionRowsGoInAndComeOutInBoundedMemory) {
  constexpr std::int64_t kRows = 1'000'000;
  const std::string name(100, 'x');  // 100 MB together
  const std::int64_t before = PeakKilobytes();
  const auto written = db_.App().Transact([&](Transaction& tx) -> StatusOr<std::int64_t> {
    CopyWriter copy = tx.CopyIn(kIn, 3);
    for (std::int64_t id = 0; id < kRows; ++id) copy.AddRow(id, name, AmountOf(id));
    return copy.Finish();
  });
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(*written, kRows);

  const Status read = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyReader copy = tx.CopyOut<std::int64_t, std::string, std::optional<Money>>(kOut);
    std::int64_t id = 0;
    bool same = true;
    for (; copy.Next(); ++id) {
      same = same && copy.Get<std::int64_t>(0) == id &&
             copy.Get<std::string_view>(1) == name &&
             copy.Get<std::optional<Money>>(2) == AmountOf(id);
    }
    EXPECT_TRUE(same);
    EXPECT_EQ(id, kRows);
    return OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory back
  EXPECT_LT(PeakKilobytes() - before, 32 * 1024);
#else
  (void)before;
#endif
}

TEST_F(Copy, AnEmptyTableHasNoRows) {
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyReader copy = tx.CopyOut<std::int64_t, std::string, std::optional<Money>>(kOut);
    EXPECT_FALSE(copy.Next());
    EXPECT_FALSE(copy.Next());
    EXPECT_EQ(tx.CopyIn(kIn, 3).Finish(), 0);
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(Copy, ARowThatIsRefusedFailsTheTransaction) {
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyWriter copy = tx.CopyIn(kIn, 3);
    for (int i = 0; i < 2; ++i) copy.AddRow(std::int64_t{1}, "once", std::optional<Money>());
    copy.Finish();
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
  EXPECT_EQ(Count(), 0);
}

TEST_F(Copy, AWriterThatGivesUpStoresNothing) {
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyWriter copy = tx.CopyIn(kIn, 3);
    copy.AddRow(std::int64_t{1}, "lost", std::optional<Money>());
    return OkStatus();  // without Finish()
  });
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(StatusMessage(status), ::testing::HasSubstr("not finished"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(Copy, AReaderThatLeavesEarlyFailsTheTransactionAndNothingElse) {
  const Status filled = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyWriter copy = tx.CopyIn(kIn, 3);
    for (std::int64_t id = 0; id < 100'000; ++id) copy.AddRow(id, "name", AmountOf(id));
    copy.Finish();
    return OkStatus();
  });
  ASSERT_TRUE(filled.ok()) << filled;
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyReader copy = tx.CopyOut<std::int64_t, std::string, std::optional<Money>>(kOut);
    EXPECT_TRUE(copy.Next());
    return OkStatus();
  });
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(Count(), 100'000);
}

TEST_F(Copy, AFailingQueryIsAnError) {
  const Status status = db_.App().Transact([&](Transaction& tx) -> Status {
    CopyReader copy = tx.CopyOut<std::int64_t>(
        Query{"copy_bad", "COPY (SELECT 1 / (3 - g) FROM generate_series(1::bigint, 5) AS g)"
                          " TO STDOUT (FORMAT binary)"});
    while (copy.Next()) {
    }
    return OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
}

}  // namespace
}  // namespace sluice::pg
