// Rows of checks: the numbers that may be printed, the register, what became of each. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/checks/check_issue.h"
#include "payments/checks/paid_check.h"
#include "payments/cycle.h"
#include "payments/payee_store.h"

namespace sluice::payments {

// A range of numbers of an account; those from next_number on are left.
struct CheckStock {
  BankAccountId account;
  std::int64_t first_number = 1;
  std::int64_t last_number = 1;
  std::int64_t next_number = 1;
};
void InsertCheckStock(pg::Transaction& tx, BookId book, const CheckStock& stock,
                      const Recorded& recorded);
// By account and number.
std::vector<CheckStock> LoadCheckStocks(pg::Transaction& tx, BookId book);
// Locks those of an account, by number.
std::vector<CheckStock> LockCheckStocks(pg::Transaction& tx, BookId book, BankAccountId account);
void SetNextCheckNumber(pg::Transaction& tx, BookId book, const CheckStock& stock);

struct CheckRow {
  BankAccountId account;
  std::int64_t number = 0;
  std::int64_t stock_first = 0;
  DisbursementId disbursement;
  RunId run;
  PayeeId payee;
  std::string payee_name;
  Money amount;
  Date issued_on{};
  PaymentFileId file;
  CheckState state = CheckState::kOutstanding;
  std::optional<PaymentFileId> void_file;
};
// With the first event of each.
void InsertChecks(pg::Transaction& tx, BookId book, std::span<const CheckRow> rows,
                  const Recorded& recorded);
// By account and number. No state: all.
std::vector<CheckRow> LoadChecks(pg::Transaction& tx, BookId book,
                                 std::optional<CheckState> state = std::nullopt);
std::vector<CheckRow> LoadChecksOfRun(pg::Transaction& tx, BookId book, RunId run);
// Issued by the file, or taken back by it.
std::vector<CheckRow> LoadChecksOfFile(pg::Transaction& tx, BookId book, PaymentFileId file);
// A check and whether the bank has its file.
struct CheckAtBank {
  CheckRow check;
  bool sent = false;
};
// The checks of an account with these numbers, by number.
std::vector<CheckAtBank> FindChecks(pg::Transaction& tx, BookId book, BankAccountId account,
                                    std::span<const std::int64_t> numbers);
// As RulePaidChecks takes them.
std::vector<RegisteredCheck> RegisteredChecksOf(std::span<const CheckAtBank> checks);
// FindChecks, and takes their locks.
std::vector<CheckAtBank> LockChecks(pg::Transaction& tx, BookId book, BankAccountId account,
                                    std::span<const std::int64_t> numbers);
// Takes the lock of a check.
std::optional<CheckRow> LockCheck(pg::Transaction& tx, BookId book, BankAccountId account,
                                  std::int64_t number);

struct CheckEvent {
  std::int32_t event_no = 1;
  CheckState state = CheckState::kOutstanding;
  Date happened_on{};
  std::optional<UserId> second;
  std::string reason;
  std::optional<Uuid> journal_id;
  Recorded recorded;
};
// Moves a locked check and writes the event; updates the row.
void MoveCheck(pg::Transaction& tx, BookId book, CheckRow& row, const CheckEvent& event);
std::vector<CheckEvent> LoadCheckEvents(pg::Transaction& tx, BookId book, BankAccountId account,
                                        std::int64_t number);
void SetVoidFile(pg::Transaction& tx, BookId book, std::span<const CheckRow> rows,
                 PaymentFileId file);
// The checks of payments that were stopped before they left.
void SpoilChecks(pg::Transaction& tx, BookId book, std::span<const DisbursementId> payments,
                 Date on, const Recorded& recorded);

// Links the checks of these payments with those that last failed to pay the same obligations.
void InsertCheckReplacements(pg::Transaction& tx, BookId book,
                             std::span<const DisbursementId> payments);
struct CheckReplacement {
  BankAccountId account, replaced_account;
  std::int64_t number = 0, replaced_number = 0;
};
std::vector<CheckReplacement> LoadCheckReplacements(pg::Transaction& tx, BookId book);

void InsertCheckChoice(pg::Transaction& tx, const Run& run, PayeeId payee,
                       const std::string& reason, const Recorded& recorded);
std::set<PayeeId> LoadCheckChoices(pg::Transaction& tx, BookId book, RunId run);

}  // namespace sluice::payments
