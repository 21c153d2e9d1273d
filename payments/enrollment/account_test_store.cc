#include "payments/enrollment/account_test_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertTest{"payments_insert_account_test", R"sql(
  INSERT INTO payments.account_test (payer_id, test_id, account_id, version, payee_id, kind, state,
    attempts, key_id, nonce, ciphertext, tag, amounts_index, result, requested_by, requested_at)
  VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9, $10, $11, '', $12, $13)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLockInState{"payments_lock_account_tests", R"sql(
  SELECT test_id, account_id, version, payee_id, kind, state, attempts, file_id, passes_on, result
  FROM payments.account_test
  WHERE payer_id = $1 AND state = $2
  ORDER BY test_id
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadTests{"payments_load_account_tests", R"sql(
  SELECT test_id, account_id, version, payee_id, kind, state, attempts, file_id, passes_on, result
  FROM payments.account_test
  WHERE payer_id = $1 AND ($2::bigint IS NULL OR payee_id = $2)
  ORDER BY test_id
)sql"};

constexpr pg::Query kLockOpen{"payments_lock_open_account_test", R"sql(
  SELECT test_id, account_id, version, payee_id, kind, state, attempts, file_id, passes_on, result,
    amounts_index
  FROM payments.account_test
  WHERE payer_id = $1 AND account_id = $2 AND version = $3 AND state < 3
  FOR UPDATE
)sql"};

constexpr pg::Query kLockOne{"payments_lock_account_test", R"sql(
  SELECT test_id, account_id, version, payee_id, kind, state, attempts, file_id, passes_on, result
  FROM payments.account_test
  WHERE payer_id = $1 AND test_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kSaveTest{"payments_save_account_test", R"sql(
  UPDATE payments.account_test
  SET state = $3, attempts = $4, file_id = $5, passes_on = $6, result = $7, closed_at = $8
  WHERE payer_id = $1 AND test_id = $2
)sql"};

constexpr pg::Query kLoadOfFile{"payments_load_account_tests_of_file", R"sql(
  SELECT test_id, account_id, version, payee_id, kind, state, attempts, file_id, passes_on, result,
    key_id, nonce, ciphertext, tag
  FROM payments.account_test
  WHERE payer_id = $1 AND file_id = $2
  ORDER BY test_id
)sql"};

constexpr pg::Query kInsertEntries{"payments_insert_account_test_entries", R"sql(
  INSERT INTO payments.account_test_entry (payer_id, file_id, trace, test_id, rdfi, company_id)
  SELECT $1, u.file, u.trace, u.test, u.rdfi, u.company
  FROM unnest ($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])
    AS u (file, trace, test, rdfi, company)
)sql"};

constexpr pg::Query kFindEntries{"payments_find_account_test_entries", R"sql(
  SELECT file_id, trace, test_id, rdfi, company_id
  FROM payments.account_test_entry
  WHERE payer_id = $1 AND trace = ANY ($2::text[])
  ORDER BY file_id DESC, trace
)sql"};

AccountTest TestOf(const pg::Row& row) {
  return {.id = row.Get<std::int64_t>(0),
          .account = row.Get<BankAccountId>(1),
          .version = row.Get<std::int32_t>(2),
          .payee = row.Get<PayeeId>(3),
          .kind = static_cast<AccountTestKind>(row.Get<std::int16_t>(4)),
          .state = static_cast<AccountTestState>(row.Get<std::int16_t>(5)),
          .attempts = row.Get<std::int16_t>(6),
          .file = row.Get<std::optional<PaymentFileId>>(7),
          .passes_on = row.Get<std::optional<Date>>(8),
          .result = row.Get<std::string>(9)};
}

std::vector<AccountTest> TestsOf(const pg::Result& result) {
  std::vector<AccountTest> tests;
  for (int i = 0; i < result.Size(); ++i) tests.push_back(TestOf(result[i]));
  return tests;
}

}  // namespace

Status InsertAccountTest(pg::Transaction& tx, PayerId payer, const NewAccountTest& fresh,
                         const Recorded& recorded) {
  const AccountTest& test = fresh.test;
  std::optional<std::int64_t> key;
  std::optional<Bytes> nonce, ciphertext, tag;
  if (fresh.amounts) {
    key = fresh.amounts->key_id;
    nonce = fresh.amounts->nonce;
    ciphertext = fresh.amounts->ciphertext;
    tag = fresh.amounts->tag;
  }
  if (tx.Execute(kInsertTest, payer, test.id, test.account, test.version, test.payee,
                 Stored(test.kind), key, nonce, ciphertext, tag, fresh.amounts_index, recorded.by,
                 recorded.at) != 1) {
    return AlreadyExists("bank account {} version {} has a test that is not over", test.account,
                         test.version);
  }
  return OkStatus();
}

std::vector<AccountTest> LockAccountTests(pg::Transaction& tx, PayerId payer,
                                          AccountTestState state) {
  return TestsOf(tx.Query(kLockInState, payer, Stored(state)));
}

std::vector<AccountTest> LoadAccountTests(pg::Transaction& tx, PayerId payer,
                                          std::optional<PayeeId> payee) {
  return TestsOf(tx.Query(kLoadTests, payer, payee));
}

std::optional<OpenMicroTest> LockOpenTest(pg::Transaction& tx, PayerId payer,
                                          const AccountVersion& version) {
  const pg::Result result = tx.Query(kLockOpen, payer, version.account, version.version);
  if (result.Empty()) return std::nullopt;
  return OpenMicroTest{TestOf(result[0]), result[0].Get<std::optional<Digest>>(10)};
}

std::optional<AccountTest> LockAccountTest(pg::Transaction& tx, PayerId payer, std::int64_t test) {
  const pg::Result result = tx.Query(kLockOne, payer, test);
  if (result.Empty()) return std::nullopt;
  return TestOf(result[0]);
}

void SaveAccountTest(pg::Transaction& tx, PayerId payer, const AccountTest& test,
                     std::optional<Instant> closed_at) {
  tx.Execute(kSaveTest, payer, test.id, Stored(test.state),
             static_cast<std::int16_t>(test.attempts), test.file, test.passes_on, test.result,
             closed_at);
}

std::vector<SealedTest> LoadTestsOfFile(pg::Transaction& tx, PayerId payer, PaymentFileId file) {
  const pg::Result result = tx.Query(kLoadOfFile, payer, file);
  std::vector<SealedTest> tests;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    SealedTest test{.test = TestOf(row)};
    if (const auto key = row.Get<std::optional<std::int64_t>>(10)) {
      test.amounts = SealedBytes{.key_id = *key,
                                 .nonce = row.Get<Bytes>(11),
                                 .ciphertext = row.Get<Bytes>(12),
                                 .tag = row.Get<Bytes>(13)};
    }
    tests.push_back(std::move(test));
  }
  return tests;
}

void InsertTestEntries(pg::Transaction& tx, PayerId payer, std::span<const TestEntry> entries) {
  tx.Execute(kInsertEntries, payer, Pluck(entries, &TestEntry::file),
             Pluck(entries, &TestEntry::trace), Pluck(entries, &TestEntry::test),
             Pluck(entries, &TestEntry::rdfi), Pluck(entries, &TestEntry::company_id));
}

std::vector<TestEntry> FindTestEntries(pg::Transaction& tx, PayerId payer,
                                       std::span<const std::string> traces) {
  const pg::Result result = tx.Query(kFindEntries, payer, traces);
  std::vector<TestEntry> entries;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    entries.push_back({.file = row.Get<PaymentFileId>(0),
                       .trace = row.Get<std::string>(1),
                       .test = row.Get<std::int64_t>(2),
                       .rdfi = row.Get<std::string>(3),
                       .company_id = row.Get<std::string>(4)});
  }
  return entries;
}

}  // namespace sluice::payments
