// Posting on a real PostgreSQL: idempotency, refusals that stay, what is read back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ledger/ledger_fixture.h"

namespace sluice::payments {
namespace {

TEST_F(LedgerTest, StoresABatchAndReadsItBack) {
  Fund(1'000);
  const auto pool = Find(PoolAccount(kPool));
  ASSERT_TRUE(pool);
  EXPECT_EQ(pool->counters.credits_posted, Cents(1'000));
  const auto entries = app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<EntryLine>> {
    return ListEntries(tx, book_, EntryFilter{});
  });
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[1].event, Event::kFundPool);
  EXPECT_EQ((*entries)[1].journal_id, HeaderOf(2).id);
  EXPECT_EQ((*entries)[1].debit, BankSuspenseAccount(kBank));
  EXPECT_EQ((*entries)[1].amount, Cents(1'000));
  EXPECT_EQ((*entries)[1].actor, UserId(7));
}

TEST_F(LedgerTest, AnUnknownBookIsNotFound) {
  const std::vector<Journal> journals = {One(1, BankCredit(kBank, Cents(5)))};
  EXPECT_TRUE(absl::IsNotFound(ledger_.Post(app_, BookId(12'345), journals).status()));
  const PayerId other = db_.NewPayer("Other plan");
  EXPECT_TRUE(absl::IsNotFound(ledger_.Post(db_.App().ForPayer(other), book_, journals).status()))
      << "a book of another payer does not exist for this one";
  EXPECT_EQ(Count("book_head"), 0);
}

TEST_F(LedgerTest, TheSameIdAndBodyAnswersFromStore) {
  Fund(1'000);
  const Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  const PostResult first = Post(journal);
  const PostResult second = Post(journal);
  EXPECT_TRUE(first.Accepted());
  EXPECT_FALSE(first.replayed);
  EXPECT_TRUE(second.Accepted());
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(first.batch_seq, second.batch_seq);
  EXPECT_EQ(first.first_position, second.first_position);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(400));
  EXPECT_EQ(Count("batch"), 2) << "a replay seals no batch";
}

TEST_F(LedgerTest, TheSameIdTwiceInOneCallTakesEffectOnce) {
  Fund(1'000);
  const Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  Journal other = journal;
  other.transfers[0].amount = Cents(401);
  const auto results = PostAll({journal, journal, other});
  EXPECT_TRUE(results[0].Accepted());
  EXPECT_TRUE(results[1].Accepted());
  EXPECT_TRUE(results[1].replayed);
  EXPECT_EQ(results[2].status, PostStatus::kIdReused);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(400));
}

TEST_F(LedgerTest, TheSameIdWithAnotherBodyNamesTheFields) {
  Fund(1'000);
  const HoldRef hold{HeaderOf(3).id, 1};
  const Lines approve = ApproveHold(kPool, kRun, Cents(100), Instant::FromMicros(1LL << 52));
  ASSERT_TRUE(Post(One(3, approve)).Accepted());
  const Journal release = One(4, ReleaseHold(kPool, kRun, Cents(100), hold));
  ASSERT_TRUE(Post(release).Accepted());

  Journal other = release;
  other.transfers[0].amount = Cents(90);
  other.transfers[0].hold->line = 2;
  other.effective_date = MakeDate(2026, 3, 3);
  const PostResult result = Post(other);
  EXPECT_EQ(result.status, PostStatus::kIdReused);
  const std::string id = FormatUuid(hold.journal_id);
  EXPECT_EQ(result.differing_fields,
            (std::vector<std::string>{
                "effective_date stored 2026-03-02, sent 2026-03-03",
                "line 1: amount_cents stored 100, sent 90",
                fmt::format("line 1: hold stored {} line 1, sent {} line 2", id, id)}));
  EXPECT_TRUE(absl::IsAlreadyExists(result.ToStatus()));
  EXPECT_TRUE(Post(release).Accepted()) << "the first body stays";

  Journal sooner = One(3, approve);
  sooner.transfers[0].expires_at = Instant::FromMicros(1LL << 51);
  EXPECT_EQ(Post(sooner).differing_fields.size(), 1U);
}

TEST_F(LedgerTest, AReusedLimitNamesItsField) {
  ASSERT_TRUE(Post(SetLimit(HeaderOf(1), PoolAccount(kPool), Cents(50))).Accepted());
  const PostResult result = Post(SetLimit(HeaderOf(1), PoolAccount(kPool), Cents(60)));
  EXPECT_EQ(result.differing_fields,
            (std::vector<std::string>{"limit: overdraft_cents stored 50, sent 60"}));
  EXPECT_EQ(Find(PoolAccount(kPool))->overdraft, Cents(50));
}

TEST_F(LedgerTest, AFailedIdStaysFailedAfterFundsArrive) {
  const Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  const PostResult refused = Post(journal);
  EXPECT_EQ(refused.status, PostStatus::kExceedsCredits);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.ToStatus()));
  Fund(1'000);
  const PostResult again = Post(journal);
  EXPECT_EQ(again.status, PostStatus::kExceedsCredits);
  EXPECT_EQ(again.message, refused.message);
  EXPECT_TRUE(again.replayed);
  Journal other = journal;
  other.transfers[0].amount = Cents(300);
  EXPECT_EQ(Post(other).differing_fields,
            (std::vector<std::string>{"line 1: amount_cents stored 400, sent 300"}));
  EXPECT_TRUE(Post(One(4, DefundPool(kPool, PaymentFileId(1), Cents(400)))).Accepted());
}

TEST_F(LedgerTest, AMalformedJournalIsNotStored) {
  Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  journal.transfers[0].amount = Money();
  const auto results = PostAll({journal, One(4, BankCredit(kBank, Cents(5)))});
  EXPECT_EQ(results[0].status, PostStatus::kAmountNotPositive);
  EXPECT_TRUE(absl::IsInvalidArgument(results[0].ToStatus()));
  EXPECT_TRUE(results[1].Accepted());
  EXPECT_EQ(Count("journal"), 1);
}

TEST_F(LedgerTest, ACorrectionIsFoundAcrossBatches) {
  Fund(1'000);
  JournalHeader header = HeaderOf(3);
  header.corrects = HeaderOf(1).id;
  EXPECT_TRUE(Post(MakeJournal(header, BankDebit(kBank, Cents(1'000)))).Accepted());
  header.id = HeaderOf(4).id;
  EXPECT_EQ(Post(MakeJournal(header, BankDebit(kBank, Cents(1'000)))).status,
            PostStatus::kAlreadyCorrected);
}

TEST_F(LedgerTest, HoldsAndClosingsAreFoundAcrossBatches) {
  Fund(1'000);
  const HoldRef hold{HeaderOf(3).id, 1};
  Post(One(3, ApproveHold(kPool, kRun, Cents(100), std::nullopt)));
  EXPECT_TRUE(Post(One(4, DropHold(kPool, kRun, Cents(100), hold, DropReason::kVoid))).Accepted());
  EXPECT_EQ(Post(One(5, ReleaseHold(kPool, kRun, Cents(100), hold))).status,
            PostStatus::kHoldAlreadyResolved);
  const Date end = MakeDate(2026, 12, 31);
  EXPECT_TRUE(Post(MakeJournal(HeaderOf(6, end), CloseYear(kPool, kProgram, Cents(1)))).Accepted());
  EXPECT_EQ(Post(MakeJournal(HeaderOf(7, end), AccrueAward(kProgram, kContract, Cents(1)))).status,
            PostStatus::kPeriodClosed);
}

TEST_F(LedgerTest, BalancesAsOfABatchAndADate) {
  Fund(1'000);
  Post(MakeJournal(HeaderOf(3, MakeDate(2026, 5, 1)),
                   DefundPool(kPool, PaymentFileId(1), Cents(300))));
  Post(SetLimit(HeaderOf(4), PoolAccount(kPool), Cents(50)));
  const Status status = app_.Transact([&](pg::Transaction& tx) -> Status {
    const AccountKey pool = PoolAccount(kPool);
    EXPECT_EQ(FindBalanceAsOfBatch(tx, book_, pool, 1)->counters.CreditBalance(), Cents(1'000));
    EXPECT_EQ(FindBalanceAsOfBatch(tx, book_, pool, 2)->counters.CreditBalance(), Cents(700));
    EXPECT_EQ(FindBalanceAsOfBatch(tx, book_, pool, 2)->overdraft, Money());
    EXPECT_EQ(FindBalanceAsOfBatch(tx, book_, pool, 3)->overdraft, Cents(50));
    EXPECT_TRUE(absl::IsNotFound(FindBalanceAsOfBatch(tx, book_, pool, 0).status()));
    const auto line_of = [&](Date date) {
      for (const AccountLine& line : TrialBalanceOnDate(tx, book_, date)) {
        if (line.key == pool) return line.counters.CreditBalance();
      }
      return Cents(-1);
    };
    EXPECT_EQ(line_of(MakeDate(2026, 4, 30)), Cents(1'000));
    EXPECT_EQ(line_of(MakeDate(2026, 5, 1)), Cents(700));
    EXPECT_EQ(line_of(MakeDate(2026, 1, 1)), Cents(0));
    EXPECT_EQ(TrialBalance(tx, book_).size(), 4U);
    return OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(LedgerTest, ListsAnAccountPageByPage) {
  Fund(1'000);
  for (int i = 3; i < 10; ++i) Post(One(i, DefundPool(kPool, PaymentFileId(1), Cents(i))));
  EntryFilter filter;
  filter.account = PoolAccount(kPool);
  filter.limit = 3;
  std::vector<std::int64_t> amounts;
  const Status status = app_.Transact([&](pg::Transaction& tx) -> Status {
    while (true) {
      const auto page = ListEntries(tx, book_, filter);
      if (page.empty()) return OkStatus();
      for (const EntryLine& entry : page) amounts.push_back(entry.amount.Cents());
      filter.after = {page.back().batch_seq, page.back().position};
    }
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(amounts, (std::vector<std::int64_t>{1'000, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(LedgerTest, PostsMoreThanABatchInParts) {
  Fund(100'000);
  std::vector<Journal> journals;
  for (int i = 0; i < 8'500; ++i) {
    journals.push_back(One(10 + i, DefundPool(kPool, PaymentFileId(1 + i % 3), Cents(1))));
  }
  const auto results = PostAll(journals);
  EXPECT_TRUE(RequireAccepted(results).ok()) << RequireAccepted(results);
  EXPECT_EQ(Count("batch"), 3);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(8'500));
  const Status status = app_.Transact(
      [&](pg::Transaction& tx) -> Status { return ledger_.PostIn(tx, book_, journals).status(); });
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << "one call of PostIn is one batch";
}

TEST_F(LedgerTest, SealsInStrictlyGrowingTime) {
  Post(One(1, BankCredit(kBank, Cents(5))));
  Post(One(2, BankCredit(kBank, Cents(5))));
  db_.Clock().AdvanceMicros(-1'000'000);
  Post(One(3, BankCredit(kBank, Cents(5))));
  const auto head = app_.Transact([&](pg::Transaction& tx) { return FindHead(tx, book_); });
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->batch_seq, 3);
  EXPECT_EQ(head->sealed_at.Micros(), db_.Clock().Now().Micros() + 1'000'002);
}

TEST_F(LedgerTest, PostInFallsWithItsTransaction) {
  const std::vector<Journal> journals = {One(1, BankCredit(kBank, Cents(5)))};
  const Status status = app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto results = ledger_.PostIn(tx, book_, journals);
    EXPECT_TRUE(results.ok() && results->front().Accepted());
    return FailedPrecondition("the caller's own rule");
  });
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  for (const char* table : {"batch", "journal", "transfer", "account", "book_head"}) {
    EXPECT_EQ(Count(table), 0) << table;
  }
}

// The keys of transfers go through balance_after: each refuses its own kind of stray row.
TEST_F(LedgerTest, ATransferNeedsItsBatchItsAccountsAndTheirCountersAfterIt) {
  Fund(1'000);
  int strays = 0;
  const auto refused_by = [&](const std::string& values) -> std::string {
    const std::string sql =
        "INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id, "
        "amount_cents, position, journal_ordinal, effective_date, kind, event) SELECT t.book_id, " +
        values + " FROM payments.transfer AS t WHERE t.batch_seq = 1 AND t.position = 2";
    const std::string name = fmt::format("test_stray_{}", ++strays);
    const pg::Query query{name.c_str(), sql.c_str()};
    const Status status = db_.Admin().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(query);
      return OkStatus();
    });
    return std::string(status.message());
  };
  const std::string rest = ", 1, 99, 1, t.effective_date, 0, 3";
  EXPECT_THAT(refused_by("7, t.debit_account_id, t.credit_account_id" + rest),
              ::testing::HasSubstr("transfer_debit_after"));
  EXPECT_THAT(refused_by("1, 12345, t.credit_account_id" + rest),
              ::testing::HasSubstr("transfer_debit_after"));
  EXPECT_THAT(refused_by("1, t.debit_account_id, 12345" + rest),
              ::testing::HasSubstr("transfer_credit_after"));
  EXPECT_EQ(refused_by("1, t.debit_account_id, t.credit_account_id" + rest), "");
}

TEST_F(LedgerTest, ListsTheEntriesOfOneAccountAcrossManyBatches) {
  Fund(100'000);
  for (int number = 3; number < 43; ++number) {
    const PaymentFileId file(number % 2 == 0 ? 1 : 2);
    ASSERT_TRUE(Post(One(number, DefundPool(kPool, file, Cents(number)))).Accepted());
  }
  std::vector<std::int64_t> amounts;
  EntryFilter filter{.account = InTransitAccount(PaymentFileId(1)), .limit = 7};
  while (true) {
    const auto page = app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<EntryLine>> {
      return ListEntries(tx, book_, filter);
    });
    ASSERT_TRUE(page.ok()) << page.status();
    for (const EntryLine& entry : *page) {
      EXPECT_EQ(entry.credit, InTransitAccount(PaymentFileId(1)));
      amounts.push_back(entry.amount.Cents());
    }
    if (page->size() < 7) break;
    filter.after = EntryCursor{page->back().batch_seq, page->back().position};
  }
  std::vector<std::int64_t> expected;
  for (int number = 4; number < 43; number += 2) expected.push_back(number);
  EXPECT_EQ(amounts, expected);
}

// More than one batch in one call: they are posted in order, and a repeated id answers as before.
TEST_F(LedgerTest, PostsMoreThanOneBatchInOneCall) {
  Fund(100'000'000);
  std::vector<Journal> journals;
  for (int number = 3; number < 3 + kMaxBatchTransfers + 500; ++number) {
    journals.push_back(One(number, DefundPool(kPool, PaymentFileId(1), Cents(1))));
  }
  journals.push_back(journals.front());
  const auto results = PostAll(journals);
  ASSERT_EQ(results.size(), journals.size());
  EXPECT_EQ(results.front().batch_seq, 2);
  EXPECT_EQ(results[kMaxBatchTransfers].batch_seq, 3);
  EXPECT_TRUE(results.back().replayed);
  EXPECT_EQ(results.back().batch_seq, 2);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(kMaxBatchTransfers + 500));
}

}  // namespace
}  // namespace sluice::payments
