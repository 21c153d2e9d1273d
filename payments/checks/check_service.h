// Checks: the numbers that may be printed, the register, and what becomes of a check.
//
//   1. A number is taken in the transaction that makes its payment, under the lock of its stock:
//      no number is left out and none is given twice (check_issue's keys say so once more).
//   2. A check that is voided (by two people) or stale is owed again: VOID_DISBURSEMENT puts the
//      money back to the payee, the obligations wait for the next run, and the check that pays
//      them then names the one that did not.
//   3. Void and stale checks are told to the bank by the next void file of their run
//      (ReleaseService::DeliverCheckVoids).
//   4. What was offset or taxed on a check that was not cashed stays so, like on a payment that
//      came back.
// Source: PRODUCT R06; LEDGER_RELIABILITY_SECURITY 2.4, 6.2; FORMATS 10.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/checks/check_store.h"
#include "payments/disbursement.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// The checks of these payments, in their order, with the next numbers of the account; sets the
// payment keys. FailedPrecondition when the account has no numbers left.
StatusOr<std::vector<CheckRow>> NumberChecks(pg::Transaction& tx, const Run& run,
                                             BankAccountId account,
                                             std::vector<Disbursement>& payments);

// After this many days a bank need not pay a check (UCC 4-404: six months).
inline constexpr int kStaleDays = 180;

// A check and what became of it.
struct CheckHistory {
  CheckRow check;
  std::vector<CheckEvent> events;
  std::vector<std::int64_t> replaces;     // numbers that this check pays again
  std::vector<std::int64_t> replaced_by;  // numbers that pay it again
};
// None when the number was not issued.
std::optional<CheckRow> FindCheck(pg::Transaction& tx, BookId book, std::int64_t number);
CheckHistory HistoryOf(pg::Transaction& tx, BookId book, const CheckRow& check);

class CheckService {
 public:
  CheckService(const pg::Database& app, PayerId payer, BookId book, Clock& clock)
      : app_(app.ForPayer(payer)), book_(book), clock_(clock), ledger_(clock) {}

  // Registers the numbers first_number to last_number of an account. FailedPrecondition when they
  // run into others of the book: the number of a check is its payment number.
  Status AddStock(BankAccountId account, std::int64_t first_number, std::int64_t last_number,
                  Actor actor);
  StatusOr<std::vector<CheckStock>> Stocks();

  // The register by account and number.
  StatusOr<std::vector<CheckRow>> Register(std::optional<CheckState> state = std::nullopt);
  using History = CheckHistory;
  // NotFound when the number was not issued.
  StatusOr<History> Find(std::int64_t number);

  struct VoidRequest {
    std::int64_t number = 0;
    std::string reason;
    Date on{};
    Actor first, second;
  };
  // PermissionDenied without two people; FailedPrecondition when the check is not outstanding.
  Status Void(const VoidRequest& request);

  // Ends one that was not cashed within `days` of its date. FailedPrecondition for another one.
  Status Expire(std::int64_t number, Date today, Actor actor, int days = kStaleDays);
  // Ends the checks that were not cashed within `days` of their date, and returns them.
  StatusOr<std::vector<CheckRow>> MarkStale(Date today, Actor actor, int days = kStaleDays);

 private:
  Status EndStale(const CheckRow& check, Date today, Actor actor, int days);
  Status End(const CheckRow& check, CheckEvent event);

  pg::Database app_;
  BookId book_;
  Clock& clock_;
  Ledger ledger_;
};

}  // namespace sluice::payments
