// Rows of account tests, their files and entries. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/enrollment/account_test.h"
#include "payments/payee_store.h"
#include "payments/sealed_bytes.h"

namespace sluice::payments {

// A test with its sealed amounts; none for a prenote.
struct NewAccountTest {
  AccountTest test;
  std::optional<SealedBytes> amounts;
  std::optional<Digest> amounts_index;
};
// AlreadyExists when the version has a test that is not over.
Status InsertAccountTest(pg::Transaction& tx, PayerId payer, const NewAccountTest& test,
                         const Recorded& recorded);
std::vector<AccountTest> LockAccountTests(pg::Transaction& tx, PayerId payer,
                                          AccountTestState state);
// By id; of one payee, or of all.
std::vector<AccountTest> LoadAccountTests(pg::Transaction& tx, PayerId payer,
                                          std::optional<PayeeId> payee);
// The one of the version that is not over, with the index of its amounts.
struct OpenMicroTest {
  AccountTest test;
  std::optional<Digest> amounts_index;
};
std::optional<OpenMicroTest> LockOpenTest(pg::Transaction& tx, PayerId payer,
                                          const AccountVersion& version);
std::optional<AccountTest> LockAccountTest(pg::Transaction& tx, PayerId payer, std::int64_t test);
// Writes state, attempts, file, day and result; `closed_at` when it is over.
void SaveAccountTest(pg::Transaction& tx, PayerId payer, const AccountTest& test,
                     std::optional<Instant> closed_at);

// What only the role sluice_files reads and writes.
struct SealedTest {
  AccountTest test;
  std::optional<SealedBytes> amounts;
};
std::vector<SealedTest> LoadTestsOfFile(pg::Transaction& tx, PayerId payer, PaymentFileId file);
struct TestEntry {
  PaymentFileId file;
  std::string trace;
  std::int64_t test = 0;
  std::string rdfi;
  std::string company_id;
};
void InsertTestEntries(pg::Transaction& tx, PayerId payer, std::span<const TestEntry> entries);
// With one of the traces, the newest file first.
std::vector<TestEntry> FindTestEntries(pg::Transaction& tx, PayerId payer,
                                       std::span<const std::string> traces);

}  // namespace sluice::payments
