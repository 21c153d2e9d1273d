// The auditor finds what a superuser does behind the ledger's back, and names the first bad batch.
#include "payments/ledger/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/ledger/ledger_fixture.h"

namespace sluice::payments {
namespace {

class VerifyTest : public LedgerTest {
 protected:
  // Seven batches: funding, a hold that is posted in part, one that is voided, an overdraft, a
  // refusal, a close of the year.
  void Live() {
    Fund(10'000);
    ASSERT_TRUE(Post(One(3, AccrueAward(kProgram, kContract, Cents(5'000)))).Accepted());
    PostAll({One(4, ApproveHold(kPool, kRun, Cents(5'000), std::nullopt)),
             One(5, ApproveHold(kPool, RunId(8), Cents(700), std::nullopt))});
    const Funding funding{kPool, kRun};
    const auto released =
        PostAll({One(6, ReleaseHold(kPool, kRun, Cents(5'000), HoldRef{HeaderOf(4).id, 1})),
                 One(7, DropHold(kPool, RunId(8), Cents(700), HoldRef{HeaderOf(5).id, 1},
                                 DropReason::kVoid)),
                 One(8, Join({Recognize(kContract, PayeeId(101), funding, Cents(5'000)),
                              Withhold(PayeeId(101), 2026, Cents(500)),
                              Disburse(PayeeId(101), PaymentFileId(1), Cents(4'500))}))});
    ASSERT_TRUE(RequireAccepted(released).ok()) << RequireAccepted(released);
    ASSERT_TRUE(Post(SetLimit(HeaderOf(9), PoolAccount(kPool), Cents(50))).Accepted());
    ASSERT_FALSE(Post(One(10, DefundPool(kPool, PaymentFileId(2), Cents(9'999)))).Accepted());
    ASSERT_TRUE(Post(One(11, BankDebit(kBank, Cents(4'500)))).Accepted());
  }

  LedgerVerifyReport Verify(const LedgerVerifyOptions& options = {}) {
    const auto report = VerifyLedger(db_.Verify().ForPayer(payer_), options);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : LedgerVerifyReport{};
  }

  // What a superuser can do: triggers off, then a statement.
  void Tamper(const std::string& sql) {
    const pg::Query off{"test_triggers_off", "SET LOCAL session_replication_role = replica"};
    const std::string name = fmt::format("test_tamper_{}", ++tampers_);
    const pg::Query change{name.c_str(), sql.c_str()};
    const Status status = db_.Admin().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(off);
      EXPECT_GT(tx.Execute(change), 0) << sql;
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  // The findings as "NAME batch", in the order found.
  std::vector<std::string> Found(const LedgerVerifyOptions& options = {}) {
    std::vector<std::string> found;
    for (const LedgerFinding& finding : Verify(options).findings) {
      EXPECT_EQ(finding.book, book_);
      found.push_back(fmt::format("{} {}", LedgerFindingName(finding.kind), finding.batch_seq));
    }
    return found;
  }

 private:
  int tampers_ = 0;  // a statement's name means one text
};

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(VerifyTest, ASoundLedgerIsClean) {
  Live();
  const LedgerVerifyReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.ExitCode(), 0);
  EXPECT_EQ(report.books, 1);
  EXPECT_EQ(report.batches, 7);
  EXPECT_EQ(report.journals, 11);
  EXPECT_EQ(report.transfers, 12);
  const auto head = app_.Transact([&](pg::Transaction& tx) { return FindHead(tx, book_); });
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(report.heads, std::vector<ChainHead>{*head});
}

TEST_F(VerifyTest, AnEmptyBookIsCleanAndAnUnknownOneIsNotFound) {
  EXPECT_THAT(Verify().findings, IsEmpty());
  LedgerVerifyOptions options;
  options.book = BookId(12'345);
  EXPECT_TRUE(absl::IsNotFound(VerifyLedger(db_.Verify().ForPayer(payer_), options).status()));
}

struct TamperCase {
  const char* name;
  const char* sql;
  const char* expected;  // one of the findings
};

const TamperCase kTampers[] = {
    {"edit of an amount",
     "UPDATE payments.transfer SET amount_cents = amount_cents + 1 WHERE batch_seq = 4 AND "
     "position = 3",
     "HASH_MISMATCH 4"},
    {"edit of an actor", "UPDATE payments.journal SET actor_id = 8 WHERE batch_seq = 2",
     "HASH_MISMATCH 2"},
    {"edit of an account's owner",
     "UPDATE payments.account SET owner_key = 'payee:102' WHERE class = 8", "HASH_MISMATCH 4"},
    {"swap of two transfers",
     "UPDATE payments.transfer SET debit_account_id = credit_account_id, credit_account_id = "
     "debit_account_id WHERE batch_seq = 1 AND position = 2",
     "HASH_MISMATCH 1"},
    {"removal of a transfer", "DELETE FROM payments.transfer WHERE batch_seq = 4 AND position = 6",
     "SEQUENCE_GAP 4"},
    {"removal of a refusal", "DELETE FROM payments.journal WHERE batch_seq = 6", "SEQUENCE_GAP 6"},
    {"edit of a refusal",
     "UPDATE payments.journal SET refused_body = refused_body || '\\x00'::bytea WHERE outcome <> 0",
     "HASH_MISMATCH 6"},
    {"a foreign transfer",
     "INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id, "
     "amount_cents, position, journal_ordinal, effective_date, kind, event) SELECT book_id, 2, "
     "debit_account_id, credit_account_id, 1, 2, 1, effective_date, 0, event FROM "
     "payments.transfer WHERE batch_seq = 2",
     "SEQUENCE_GAP 2"},
    {"rows of no batch",
     "INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id, "
     "amount_cents, position, journal_ordinal, effective_date, kind, event) SELECT book_id, 99, "
     "debit_account_id, credit_account_id, 1, 1, 1, effective_date, 0, event FROM "
     "payments.transfer WHERE batch_seq = 2",
     "SEQUENCE_GAP 8"},
    {"edit of a balance",
     "UPDATE payments.account_balance SET credits_posted = credits_posted + 1 WHERE debits_posted "
     "> 0 AND limit_kind = 1",
     "BALANCE_MISMATCH 7"},
    {"edit of an overdraft",
     "UPDATE payments.account_balance SET overdraft_cents = 999 WHERE overdraft_cents = 50",
     "BALANCE_MISMATCH 7"},
    {"edit of history",
     "UPDATE payments.balance_after SET credits_posted = credits_posted + 1 WHERE batch_seq = 3",
     "BALANCE_MISMATCH 3"},
    {"removal of history", "DELETE FROM payments.balance_after WHERE batch_seq = 4",
     "BALANCE_MISMATCH 4"},
    {"edit of the head", "UPDATE payments.book_head SET hash = sha256('x')", "HEAD_MISMATCH 7"},
    {"edit of a seal",
     "UPDATE payments.batch SET sealed_at_us = sealed_at_us + 1 WHERE batch_seq "
     "= 3",
     "HASH_MISMATCH 3"},
    {"removal of a batch", "DELETE FROM payments.batch WHERE batch_seq = 3", "SEQUENCE_GAP 3"},
    {"a cut tail", "DELETE FROM payments.batch WHERE batch_seq >= 6", "TAIL_TRUNCATED 6"},
    {"removal of a resolution", "DELETE FROM payments.pending_resolution WHERE outcome = 3",
     "PENDING_INVALID 4"},
    {"a hold resolved twice",
     "UPDATE payments.transfer SET pending_position = 1 WHERE batch_seq = 4 AND position = 2",
     "PENDING_RESOLVED_TWICE 4"},
    {"reopened period", "UPDATE payments.book_head SET closed_through = '2020-01-01'",
     "BALANCE_MISMATCH 7"},
};

TEST_F(VerifyTest, FindsAndLocatesEveryKindOfTampering) {
  for (const TamperCase& test : kTampers) {
    SCOPED_TRACE(test.name);
    // Each case has a payer and a book of its own.
    payer_ = db_.NewPayer(test.name);
    book_ = MakeBook(db_, payer_);
    app_ = db_.App().ForPayer(payer_);
    Live();
    ASSERT_THAT(Found(), IsEmpty());
    std::string sql = test.sql;
    const std::string scope = fmt::format("book_id = {}", book_.Value());
    const std::size_t where = sql.rfind(" WHERE ");
    if (where == std::string::npos) {
      sql += " WHERE " + scope;
    } else {
      sql.insert(where + 7, scope + " AND ");
    }
    Tamper(sql);
    EXPECT_THAT(Found(), Contains(test.expected));
  }
}

TEST_F(VerifyTest, AConsistentCutIsFoundByTheExportedHead) {
  Live();
  const auto head = app_.Transact([&](pg::Transaction& tx) { return FindHead(tx, book_); });
  ASSERT_TRUE(head.ok());
  // The last batch is one transfer between accounts that were open before: undo all it wrote.
  Tamper("DELETE FROM payments.transfer WHERE batch_seq = 7");
  Tamper("DELETE FROM payments.journal WHERE batch_seq = 7");
  Tamper("DELETE FROM payments.balance_after WHERE batch_seq = 7");
  Tamper("DELETE FROM payments.batch WHERE batch_seq = 7");
  Tamper(
      "UPDATE payments.account_balance AS b SET debits_posted = b.debits_posted - 4500 FROM "
      "payments.account AS a WHERE a.account_id = b.account_id AND a.class = 2");
  Tamper(
      "UPDATE payments.account_balance AS b SET credits_posted = b.credits_posted - 4500 FROM "
      "payments.account AS a WHERE a.account_id = b.account_id AND a.class = 1");
  Tamper(
      "UPDATE payments.book_head AS h SET batch_seq = 6, hash = b.hash FROM payments.batch AS b "
      "WHERE b.batch_seq = 6");
  EXPECT_THAT(Found(), IsEmpty()) << "from inside, a consistent cut cannot be seen";
  LedgerVerifyOptions options;
  options.exported_heads = {*head};
  EXPECT_THAT(Found(options), ElementsAre("TAIL_TRUNCATED 7"));
}

TEST_F(VerifyTest, ReportsClearingAccountsThatStayOpen) {
  Live();
  const LedgerVerifyReport report = Verify();
  ASSERT_EQ(report.open_clearing.size(), 2U);
  EXPECT_EQ(report.open_clearing[1].account, "IN_TRANSIT file:1");
  EXPECT_EQ(report.open_clearing[1].credit_balance, Cents(4'500));
  LedgerVerifyOptions options;
  options.now = Instant::FromMicros(db_.Clock().Now().Micros() + 11 * 86'400'000'000LL);
  EXPECT_THAT(Found(options), ElementsAre("CLEARING_OVERDUE 7"));
}

TEST_F(VerifyTest, ExportsAPlainTextJournal) {
  Live();
  std::ostringstream out;
  const Status status = ExportPlainText(db_.Verify().ForPayer(payer_), book_, out);
  ASSERT_TRUE(status.ok()) << status;
  const std::string text = out.str();
  EXPECT_THAT(text, ::testing::StartsWith("commodity 1000.00 USD\naccount "));
  EXPECT_THAT(text, ::testing::HasSubstr(fmt::format(
                        "\n2026-03-02 * ({}) event 3\n    BANK_SUSPENSE:bank:9  100.00 USD\n"
                        "    POOL:pool:1  -100.00 USD\n",
                        FormatUuid(HeaderOf(2).id))));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr(FormatUuid(HeaderOf(4).id))))
      << "a hold posts nothing";
}

}  // namespace
}  // namespace sluice::payments
