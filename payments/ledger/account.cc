#include "payments/ledger/account.h"

#include <fmt/format.h>

#include "core/check.h"

namespace sluice::payments {
namespace {

template <typename Tag>
AccountKey Owned(AccountClass account_class, std::string_view kind, Id<Tag> owner) {
  return AccountKey{account_class, fmt::format("{}:{}", kind, owner.Value())};
}

}  // namespace

const std::vector<ClassRule>& ChartOfAccounts() {
  using enum AccountClass;
  constexpr auto kDebit = NormalSide::kDebit;
  constexpr auto kCredit = NormalSide::kCredit;
  constexpr auto kEither = NormalSide::kEither;
  constexpr auto kFunding = BookHalf::kFunding;
  constexpr auto kCoverage = BookHalf::kCashCoverage;
  static const std::vector<ClassRule> chart = {
      {kCash, "CASH", kDebit, LimitKind::kNone, false, kCoverage},
      {kBankSuspense, "BANK_SUSPENSE", kEither, LimitKind::kNone, true, kCoverage},
      {kPool, "POOL", kCredit, LimitKind::kL1, false, kCoverage},
      {kRunFunds, "RUN_FUNDS", kCredit, LimitKind::kL1, true, kCoverage},
      {kProgramExpense, "PROGRAM_EXPENSE", kDebit, LimitKind::kNone, false, kFunding},
      {kFundingApplied, "FUNDING_APPLIED", kCredit, LimitKind::kNone, false, kFunding},
      {kProgramObligation, "PROGRAM_OBLIGATION", kCredit, LimitKind::kL1, false, kFunding},
      {kPayeePayable, "PAYEE_PAYABLE", kCredit, LimitKind::kL1, false, kCoverage},
      {kWithholdReserve, "WITHHOLD_RESERVE", kCredit, LimitKind::kL1, false, kCoverage},
      {kForfeitedWithhold, "FORFEITED_WITHHOLD", kCredit, LimitKind::kL1, true, kCoverage},
      {kPayeeReceivable, "PAYEE_RECEIVABLE", kDebit, LimitKind::kL2, false, kFunding},
      {kInTransit, "IN_TRANSIT", kCredit, LimitKind::kL1, true, kCoverage},
      {kReturnedItems, "RETURNED_ITEMS", kEither, LimitKind::kNone, true, kCoverage},
      {kTaxWithheld, "TAX_WITHHELD", kCredit, LimitKind::kL1, false, kCoverage},
      {kLevyWithheld, "LEVY_WITHHELD", kCredit, LimitKind::kL1, false, kCoverage},
      {kUnclaimed, "UNCLAIMED", kCredit, LimitKind::kL1, false, kCoverage},
      {kInterbook, "INTERBOOK", kEither, LimitKind::kNone, false, kCoverage},
  };
  return chart;
}

bool IsKnown(AccountClass account_class) {
  const int number = static_cast<int>(account_class);
  return number >= 1 && number <= kAccountClassCount;
}

const ClassRule& RuleOf(AccountClass account_class) {
  CHECK(IsKnown(account_class));
  return ChartOfAccounts()[static_cast<std::size_t>(account_class) - 1];
}

std::string AccountKey::ToString() const {
  if (!IsKnown(account_class)) {
    return fmt::format("class {} {}", static_cast<int>(account_class), owner_key);
  }
  return fmt::format("{} {}", RuleOf(account_class).name, owner_key);
}

AccountKey CashAccount(BankAccountId bank_account) {
  return Owned(AccountClass::kCash, "bank", bank_account);
}
AccountKey BankSuspenseAccount(BankAccountId bank_account) {
  return Owned(AccountClass::kBankSuspense, "bank", bank_account);
}
AccountKey PoolAccount(PoolId pool) { return Owned(AccountClass::kPool, "pool", pool); }
AccountKey RunFundsAccount(RunId run, PoolId pool) {
  return AccountKey{AccountClass::kRunFunds,
                    fmt::format("run:{}/pool:{}", run.Value(), pool.Value())};
}
AccountKey ProgramExpenseAccount(ProgramId program) {
  return Owned(AccountClass::kProgramExpense, "program", program);
}
AccountKey FundingAppliedAccount(PoolId pool) {
  return Owned(AccountClass::kFundingApplied, "pool", pool);
}
AccountKey ProgramObligationAccount(ContractId contract) {
  return Owned(AccountClass::kProgramObligation, "contract", contract);
}
AccountKey PayeePayableAccount(PayeeId payee) {
  return Owned(AccountClass::kPayeePayable, "payee", payee);
}
AccountKey WithholdReserveAccount(PayeeId payee, int performance_year) {
  return AccountKey{AccountClass::kWithholdReserve,
                    fmt::format("payee:{}/year:{}", payee.Value(), performance_year)};
}
AccountKey ForfeitedWithholdAccount(int performance_year) {
  return AccountKey{AccountClass::kForfeitedWithhold, fmt::format("year:{}", performance_year)};
}
AccountKey PayeeReceivableAccount(PayeeId payee) {
  return Owned(AccountClass::kPayeeReceivable, "payee", payee);
}
AccountKey InTransitAccount(PaymentFileId file) {
  return Owned(AccountClass::kInTransit, "file", file);
}
AccountKey ReturnedItemsAccount(BankAccountId bank_account) {
  return Owned(AccountClass::kReturnedItems, "bank", bank_account);
}
AccountKey TaxWithheldAccount(std::string_view authority) {
  return AccountKey{AccountClass::kTaxWithheld, fmt::format("authority:{}", authority)};
}
AccountKey LevyWithheldAccount(std::string_view authority) {
  return AccountKey{AccountClass::kLevyWithheld, fmt::format("authority:{}", authority)};
}
AccountKey UnclaimedAccount(PayeeId payee, std::string_view jurisdiction) {
  return AccountKey{AccountClass::kUnclaimed,
                    fmt::format("payee:{}/jurisdiction:{}", payee.Value(), jurisdiction)};
}
AccountKey InterbookAccount(BookId other_book) {
  return Owned(AccountClass::kInterbook, "book", other_book);
}

bool KeepsLimit(LimitKind limit, Money overdraft, const Counters& counters, Money* short_by) {
  Money excess;
  if (limit == LimitKind::kL1) {
    excess = counters.debits_posted + counters.debits_pending - counters.credits_posted - overdraft;
  } else if (limit == LimitKind::kL2) {
    excess =
        counters.credits_posted + counters.credits_pending - counters.debits_posted - overdraft;
  }
  const bool keeps = excess <= Money();
  if (!keeps && short_by != nullptr) *short_by = excess;
  return keeps;
}

Money AccountBalance::Available() const {
  if (limit == LimitKind::kL2) {
    return counters.debits_posted + overdraft - counters.credits_posted - counters.credits_pending;
  }
  return counters.credits_posted + overdraft - counters.debits_posted - counters.debits_pending;
}

}  // namespace sluice::payments
