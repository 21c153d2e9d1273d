// Rows of bank statements: deposit accounts, balances, booked lines and what they settle. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/inbound/bank_match.h"
#include "payments/inbound/inbound_file.h"
#include "payments/ledger/account.h"
#include "payments/payee_store.h"
#include "payments/pool.h"

namespace sluice::payments {

// One of the payer's own accounts, as a statement names it.
struct DepositAccount {
  BankAccountId account;
  BookId book;
  Digest blind{};
  std::string last4;
};
// False when the account or the number is known.
bool InsertDepositAccount(pg::Transaction& tx, PayerId payer, const DepositAccount& account,
                          const Recorded& recorded);
std::vector<DepositAccount> LoadDepositAccounts(pg::Transaction& tx, PayerId payer);

// The pools of a book, by name: their money is at the deposit accounts.
std::vector<Pool> LoadPoolsOf(pg::Transaction& tx, BookId book);

struct StatementRow {
  BankAccountId account;
  Date as_of{};
  InboundFileId file;
  std::int32_t item_no = 0;
  std::optional<Money> opening, closing, available;
};
// Once; a repetition changes nothing.
void InsertStatement(pg::Transaction& tx, BookId book, const StatementRow& row, Instant at);
// The newest day of each account, by account.
std::vector<StatementRow> LoadLatestStatements(pg::Transaction& tx, BookId book);

struct BankLineRow {
  std::int64_t id = 0;
  BankAccountId account;
  Date as_of{};
  std::string type_code;
  BankDirection direction = BankDirection::kNone;
  Money amount;
  std::string bank_reference, customer_reference, information;
  std::int32_t occurrence = 1;
  InboundFileId file;
  std::int32_t item_no = 0;
  std::optional<Uuid> journal_id;
  bool matched = false;
};
// The lines of an account that are stored for a day, by id.
std::vector<BankLineRow> LoadLinesOfDay(pg::Transaction& tx, BookId book, BankAccountId account,
                                        Date as_of);
// Locks them, by id.
std::vector<BankLineRow> LockOpenLines(pg::Transaction& tx, BookId book, BankAccountId account);
std::vector<BankLineRow> LoadOpenLines(pg::Transaction& tx, BookId book);
void InsertBankLines(pg::Transaction& tx, BookId book, std::span<const BankLineRow> rows,
                     Instant at);

struct LineMatchRow {
  std::int64_t line = 0;
  std::int32_t match_no = 1;
  BankTargetKind kind{};
  std::int64_t target = 0;
  std::optional<Uuid> journal_id;  // kBooked
  Money amount;
  std::string rule;
};
// Stores the matches and closes their lines.
void InsertLineMatches(pg::Transaction& tx, BookId book, std::span<const LineMatchRow> rows,
                       const Recorded& recorded);

// A cash journal that no line of a statement has explained yet.
struct CashJournal {
  Uuid journal_id{};
  BankDirection direction = BankDirection::kNone;
  Money amount;
  Date date{};
};
std::vector<CashJournal> LoadUnexplainedCash(pg::Transaction& tx, BookId book,
                                             BankAccountId account);

// An ACH file that was delivered, and what the ledger still has in transit for it.
struct FileInTransit {
  PaymentFileId file;
  RunId run;
  std::string name;
  Money amount;
  Date effective_date{};
};
// Of runs whose pool's money is at this account, by file.
std::vector<FileInTransit> LoadFilesInTransit(pg::Transaction& tx, BookId book,
                                              BankAccountId account);

// A returned payment whose money no line has brought back yet; or one whose return is un-applied,
// and whose money no line has taken back.
struct ReturnDue {
  DisbursementId payment;
  std::string payment_key;
  std::string trace;  // 15 digits would need the ODFI: the seven of ours
  Money amount;
  Date returned_on{};
  bool taken_back = false;
};
std::vector<ReturnDue> LoadReturnsDue(pg::Transaction& tx, BookId book, BankAccountId account);

}  // namespace sluice::payments
