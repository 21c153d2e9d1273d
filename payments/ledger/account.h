// The chart of accounts of a book.
//
//   1. An account is (book, class, owner key): one POOL account per pool, one PAYEE_PAYABLE per
//      payee. It is opened by the first batch that uses it and never closed.
//   2. A balance is four counters that never go down, except that a pending one falls when its hold
//      is resolved. There is no signed balance: holds stay visible and turnover is kept.
//   3. A limit counts what is held: L1 (credit-normal accounts): debits posted and pending must not
//      exceed credits posted plus the overdraft. L2 (debit-normal accounts) is its mirror.
//   4. The numbers of classes and limits are stored and hashed. They never change meaning.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/money.h"

namespace sluice::payments {

// Ids of the things that own ledger accounts.
struct PoolTag {
  static constexpr std::string_view kPrefix = "pol";
};
struct RunTag {
  static constexpr std::string_view kPrefix = "run";
};
struct PaymentFileTag {
  static constexpr std::string_view kPrefix = "fil";
};
struct BankAccountTag {
  static constexpr std::string_view kPrefix = "bac";
};
using PoolId = Id<PoolTag>;
using RunId = Id<RunTag>;
using PaymentFileId = Id<PaymentFileTag>;
using BankAccountId = Id<BankAccountTag>;

// What an account is for. The comment names its owner.
enum class AccountClass : std::int16_t {
  kCash = 1,                // bank account; moves only by bank statement lines
  kBankSuspense = 2,        // bank account; statement lines not yet matched
  kPool = 3,                // pool; program money not yet committed
  kRunFunds = 4,            // run x pool; taken from the pool for an approved run
  kProgramExpense = 5,      // program; cost of awards, fees, write-offs
  kFundingApplied = 6,      // pool; pool money applied to expense
  kProgramObligation = 7,   // contract; awards accrued, not yet recognized to payees
  kPayeePayable = 8,        // payee; owed, funded, not in transit
  kWithholdReserve = 9,     // payee x performance year; withheld, still to be earned back
  kForfeitedWithhold = 10,  // performance year; forfeited, destination not yet decided
  kPayeeReceivable = 11,    // payee; owed by the payee
  kInTransit = 12,          // payment file; sent or about to be sent, not yet settled
  kReturnedItems = 13,      // bank account; return notices without money, or the reverse
  kTaxWithheld = 14,        // tax authority; backup withholding
  kLevyWithheld = 15,       // tax authority; levies
  kUnclaimed = 16,          // payee x jurisdiction; dormant until claimed or escheated
  kInterbook = 17,          // other book; due to or from another book of the same payer
};
inline constexpr int kAccountClassCount = 17;

enum class NormalSide : std::int16_t { kDebit = 0, kCredit = 1, kEither = 2 };

// The limit that the row CHECKs, the engine and the verifier each enforce.
enum class LimitKind : std::int16_t {
  kNone = 0,
  kL1 = 1,  // debits_posted + debits_pending <= credits_posted + overdraft
  kL2 = 2,  // credits_posted + credits_pending <= debits_posted + overdraft
};

// The two halves of a book. A journal may not move value from one to the other, which is what keeps
// identities F and C: the credit balances of each half add up to zero.
enum class BookHalf : std::int16_t {
  kCashCoverage = 0,  // identity C: cash and everything it is held for
  kFunding = 1,       // identity F: funding applied, expense, obligation, receivable
};

// One row of the chart of accounts.
struct ClassRule {
  AccountClass account_class;
  std::string_view name;  // "PAYEE_PAYABLE"
  NormalSide normal;
  LimitKind limit;
  bool clears;  // must return to zero
  BookHalf half;
};

// All classes, in the order of their numbers.
const std::vector<ClassRule>& ChartOfAccounts();
bool IsKnown(AccountClass account_class);
// Requires: IsKnown(account_class).
const ClassRule& RuleOf(AccountClass account_class);

// An account as business code names it. `owner_key` is 1 to 80 printable ASCII characters without
// blanks, for example "payee:77/year:2026".
struct AccountKey {
  AccountClass account_class{};
  std::string owner_key;

  // "PAYEE_PAYABLE payee:77".
  std::string ToString() const;
  friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
  friend bool operator==(const AccountKey&, const AccountKey&) = default;
};

struct AccountKeyHash {
  std::size_t operator()(const AccountKey& key) const noexcept {
    return std::hash<std::string>{}(key.owner_key) ^
           (static_cast<std::size_t>(key.account_class) * 0x9E3779B97F4A7C15U);
  }
};

// The accounts, one function per class.
AccountKey CashAccount(BankAccountId bank_account);
AccountKey BankSuspenseAccount(BankAccountId bank_account);
AccountKey PoolAccount(PoolId pool);
AccountKey RunFundsAccount(RunId run, PoolId pool);
AccountKey ProgramExpenseAccount(ProgramId program);
AccountKey FundingAppliedAccount(PoolId pool);
AccountKey ProgramObligationAccount(ContractId contract);
AccountKey PayeePayableAccount(PayeeId payee);
AccountKey WithholdReserveAccount(PayeeId payee, int performance_year);
AccountKey ForfeitedWithholdAccount(int performance_year);
AccountKey PayeeReceivableAccount(PayeeId payee);
AccountKey InTransitAccount(PaymentFileId file);
AccountKey ReturnedItemsAccount(BankAccountId bank_account);
// `authority` is a short name such as "irs".
AccountKey TaxWithheldAccount(std::string_view authority);
AccountKey LevyWithheldAccount(std::string_view authority);
// `jurisdiction` is a state's two letters.
AccountKey UnclaimedAccount(PayeeId payee, std::string_view jurisdiction);
AccountKey InterbookAccount(BookId other_book);

// The four counters of an account, in cents, each >= 0.
struct Counters {
  Money debits_pending;
  Money debits_posted;
  Money credits_pending;
  Money credits_posted;

  // Posted credits minus posted debits; positive on a credit-normal account in good order.
  Money CreditBalance() const { return credits_posted - debits_posted; }
  Money DebitBalance() const { return debits_posted - credits_posted; }
  friend bool operator==(const Counters&, const Counters&) = default;
};

// Whether the counters keep the limit. On a breach, `*short_by` is by how much (when not null).
bool KeepsLimit(LimitKind limit, Money overdraft, const Counters& counters,
                Money* short_by = nullptr);

// An account with its balance as the ledger holds it.
struct AccountBalance {
  std::int64_t account_id = 0;
  AccountKey key;
  LimitKind limit = LimitKind::kNone;
  Money overdraft;
  Counters counters;

  // What may still be debited from an L1 account: posted credits plus overdraft, less debits posted
  // and pending. For an L2 account, what may still be credited.
  Money Available() const;
};

}  // namespace sluice::payments
