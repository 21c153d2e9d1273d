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

// The numbers are stored.
enum class TestFileState : std::int16_t {
  kBuilding = 0,
  kReady = 1,
  kDelivering = 2,
  kDelivered = 3,
  kUnknown = 4,
};
struct AccountTestFile {
  PaymentFileId id;
  BookId book;
  std::string name;
  Instant created_at;
  std::int16_t modifier = 0;
  std::int64_t first_trace = 0;
  Date effective_date{};
  std::int32_t entry_count = 0;
  std::optional<Money> total;  // once it is built
  TestFileState state = TestFileState::kBuilding;
};
void InsertTestFile(pg::Transaction& tx, PayerId payer, const AccountTestFile& file,
                    const Recorded& recorded);
// The first of the book that is not delivered, locked.
std::optional<AccountTestFile> LockUnfinishedTestFile(pg::Transaction& tx, PayerId payer,
                                                      BookId book);
// False when it is not in the state `from` any more.
bool MoveTestFile(pg::Transaction& tx, PayerId payer, PaymentFileId file, TestFileState from,
                  TestFileState to);

// What only the role sluice_files reads and writes.
struct SealedTest {
  AccountTest test;
  std::optional<SealedBytes> amounts;
};
std::vector<SealedTest> LoadTestsOfFile(pg::Transaction& tx, PayerId payer, PaymentFileId file);
struct TestFileContent {
  Digest sha256{};
  SealedBytes sealed;
};
// BUILDING to READY. False when somebody else built it.
bool StoreTestFile(pg::Transaction& tx, PayerId payer, PaymentFileId file,
                   const TestFileContent& content, Money total);
std::optional<TestFileContent> FindTestFileContent(pg::Transaction& tx, PayerId payer,
                                                   PaymentFileId file);
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
