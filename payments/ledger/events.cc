#include "payments/ledger/events.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

Transfer Line(Event event, const AccountKey& debit, const AccountKey& credit, Money amount) {
  Transfer transfer;
  transfer.event = event;
  transfer.debit = debit;
  transfer.credit = credit;
  transfer.amount = amount;
  return transfer;
}

// The second half of an event that returns money to the pool that bore it.
Transfer RestorePool(Event event, PoolId pool, Money amount) {
  return Line(event, FundingAppliedAccount(pool), PoolAccount(pool), amount);
}

// The second half of an event that spends run funds.
Transfer ApplyRunFunds(Event event, const Funding& funding, Money amount) {
  return Line(event, RunFundsAccount(funding.run, funding.pool),
              FundingAppliedAccount(funding.pool), amount);
}

void RequireBank(const AccountKey& bank) {
  CHECK(bank.account_class == AccountClass::kBankSuspense ||
        bank.account_class == AccountClass::kInterbook);
}

Transfer Resolve(TransferKind kind, Event event, const AccountKey& pool, const AccountKey& run,
                 Money amount, const HoldRef& hold) {
  Transfer transfer = Line(event, pool, run, amount);
  transfer.kind = kind;
  transfer.hold = hold;
  return transfer;
}

}  // namespace

Journal MakeJournal(const JournalHeader& header, Lines lines) {
  CHECK(!lines.empty());
  Journal journal;
  journal.id = header.id;
  journal.event = lines.front().event;
  journal.source_id = header.source_id;
  journal.actor = header.actor;
  journal.corrects = header.corrects;
  journal.effective_date = header.effective_date;
  journal.transfers = std::move(lines);
  return journal;
}

Lines Join(std::initializer_list<Lines> parts) {
  Lines joined;
  for (const Lines& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

Lines BankCredit(BankAccountId bank_account, Money amount) {
  return {Line(Event::kBankCredit, CashAccount(bank_account), BankSuspenseAccount(bank_account),
               amount)};
}

Lines BankDebit(BankAccountId bank_account, Money amount) {
  return {Line(Event::kBankDebit, BankSuspenseAccount(bank_account), CashAccount(bank_account),
               amount)};
}

Lines FundPool(const AccountKey& bank, PoolId pool, Money amount) {
  RequireBank(bank);
  return {Line(Event::kFundPool, bank, PoolAccount(pool), amount)};
}

Lines PoolInterest(const AccountKey& bank, PoolId pool, Money amount) {
  RequireBank(bank);
  return {Line(Event::kPoolInterest, bank, PoolAccount(pool), amount)};
}

Lines DefundPool(PoolId pool, PaymentFileId file, Money amount) {
  return {Line(Event::kDefundPool, PoolAccount(pool), InTransitAccount(file), amount)};
}

Lines BankFee(ProgramId program, PoolId pool, const AccountKey& bank, Money amount) {
  RequireBank(bank);
  return {Line(Event::kBankFee, ProgramExpenseAccount(program), bank, amount),
          Line(Event::kBankFee, PoolAccount(pool), FundingAppliedAccount(pool), amount)};
}

Lines PoolTransfer(const PoolMove& move, Money amount) {
  return {Line(Event::kPoolTransfer, PoolAccount(move.from), PoolAccount(move.to), amount)};
}

Lines AccrueAward(ProgramId program, ContractId contract, Money amount) {
  return {Line(Event::kAccrueAward, ProgramExpenseAccount(program),
               ProgramObligationAccount(contract), amount)};
}

Lines ApproveHold(PoolId pool, RunId run, Money amount, std::optional<Instant> expires_at) {
  Transfer hold = Line(Event::kApproveHold, PoolAccount(pool), RunFundsAccount(run, pool), amount);
  hold.kind = TransferKind::kPending;
  hold.expires_at = expires_at;
  return {hold};
}

Lines ReleaseHold(PoolId pool, RunId run, Money amount, const HoldRef& hold) {
  return {Resolve(TransferKind::kPostPending, Event::kReleaseHold, PoolAccount(pool),
                  RunFundsAccount(run, pool), amount, hold)};
}

Lines DropHold(PoolId pool, RunId run, Money amount, const HoldRef& hold, DropReason reason) {
  const TransferKind kind =
      reason == DropReason::kVoid ? TransferKind::kVoidPending : TransferKind::kExpirePending;
  return {
      Resolve(kind, Event::kDropHold, PoolAccount(pool), RunFundsAccount(run, pool), amount, hold)};
}

Lines Recognize(ContractId contract, PayeeId payee, const Funding& funding, Money gross) {
  return {Line(Event::kRecognize, ProgramObligationAccount(contract), PayeePayableAccount(payee),
               gross),
          ApplyRunFunds(Event::kRecognize, funding, gross)};
}

Lines Advance(PayeeId payee, const Funding& funding, Money amount) {
  return {Line(Event::kAdvance, PayeeReceivableAccount(payee), PayeePayableAccount(payee), amount),
          ApplyRunFunds(Event::kAdvance, funding, amount)};
}

Lines Withhold(PayeeId payee, int performance_year, Money amount) {
  return {Line(Event::kWithhold, PayeePayableAccount(payee),
               WithholdReserveAccount(payee, performance_year), amount)};
}

Lines Offset(PayeeId payee, PoolId pool, Money amount) {
  return {Line(Event::kOffset, PayeePayableAccount(payee), PayeeReceivableAccount(payee), amount),
          RestorePool(Event::kOffset, pool, amount)};
}

Lines TaxWithhold(PayeeId payee, std::string_view authority, Money amount) {
  return {
      Line(Event::kTaxWithhold, PayeePayableAccount(payee), TaxWithheldAccount(authority), amount)};
}

Lines LevyWithhold(PayeeId payee, std::string_view authority, Money amount) {
  return {Line(Event::kTaxWithhold, PayeePayableAccount(payee), LevyWithheldAccount(authority),
               amount)};
}

Lines Disburse(PayeeId payee, PaymentFileId file, Money net) {
  return {Line(Event::kDisburse, PayeePayableAccount(payee), InTransitAccount(file), net)};
}

Lines Reissue(PayeeId payee, PaymentFileId file, Money net) {
  return {Line(Event::kReissue, PayeePayableAccount(payee), InTransitAccount(file), net)};
}

Lines Settle(PaymentFileId file, const AccountKey& bank, Money amount) {
  RequireBank(bank);
  return {Line(Event::kSettle, InTransitAccount(file), bank, amount)};
}

Lines SettleNetted(PaymentFileId file, BankAccountId bank_account, Money amount) {
  return {Line(Event::kSettleNetted, InTransitAccount(file), ReturnedItemsAccount(bank_account),
               amount)};
}

Lines BankReject(PaymentFileId file, PayeeId payee, Money amount) {
  return {Line(Event::kBankReject, InTransitAccount(file), PayeePayableAccount(payee), amount)};
}

Lines VoidDisbursement(PaymentFileId file, PayeeId payee, Money amount) {
  return {
      Line(Event::kVoidDisbursement, InTransitAccount(file), PayeePayableAccount(payee), amount)};
}

Lines ReturnNotice(BankAccountId bank_account, PayeeId payee, Money amount) {
  return {Line(Event::kReturnNotice, ReturnedItemsAccount(bank_account), PayeePayableAccount(payee),
               amount)};
}

Lines ReturnCash(const AccountKey& bank, BankAccountId bank_account, Money amount) {
  RequireBank(bank);
  return {Line(Event::kReturnCash, bank, ReturnedItemsAccount(bank_account), amount)};
}

Lines UndoReturnNotice(BankAccountId bank_account, PayeeId payee, Money amount) {
  return {Line(Event::kReturnNotice, PayeePayableAccount(payee), ReturnedItemsAccount(bank_account),
               amount)};
}

Lines TakeBackReturnCash(const AccountKey& bank, BankAccountId bank_account, Money amount) {
  RequireBank(bank);
  return {Line(Event::kReturnCash, ReturnedItemsAccount(bank_account), bank, amount)};
}

Lines ReleaseWithhold(PayeeId payee, int performance_year, Money amount) {
  return {Line(Event::kReleaseWithhold, WithholdReserveAccount(payee, performance_year),
               PayeePayableAccount(payee), amount)};
}

Lines ForfeitWithhold(PayeeId payee, int performance_year, Money amount) {
  return {Line(Event::kForfeitWithhold, WithholdReserveAccount(payee, performance_year),
               ForfeitedWithholdAccount(performance_year), amount)};
}

Lines ForfeitToPool(int performance_year, PoolId pool, ProgramId program, Money amount) {
  return {Line(Event::kForfeitToPool, ForfeitedWithholdAccount(performance_year),
               ProgramExpenseAccount(program), amount),
          RestorePool(Event::kForfeitToPool, pool, amount)};
}

Lines GiveBackForfeit(PayeeId payee, int performance_year, Money amount) {
  return {Line(Event::kForfeitWithhold, ForfeitedWithholdAccount(performance_year),
               WithholdReserveAccount(payee, performance_year), amount)};
}

Lines ForfeitFromPool(int performance_year, PoolId pool, ProgramId program, Money amount) {
  return {Line(Event::kForfeitToPool, ProgramExpenseAccount(program),
               ForfeitedWithholdAccount(performance_year), amount),
          Line(Event::kForfeitToPool, PoolAccount(pool), FundingAppliedAccount(pool), amount)};
}

Lines Recoup(PayeeId payee, ProgramId program, Money amount) {
  return {
      Line(Event::kRecoup, PayeeReceivableAccount(payee), ProgramExpenseAccount(program), amount)};
}

Lines Refund(const AccountKey& bank, PayeeId payee, PoolId pool, Money amount) {
  RequireBank(bank);
  return {Line(Event::kRefund, bank, PayeeReceivableAccount(payee), amount),
          RestorePool(Event::kRefund, pool, amount)};
}

Lines RefundBounced(const AccountKey& bank, PayeeId payee, PoolId pool, Money amount) {
  RequireBank(bank);
  return {Line(Event::kRefundBounced, PayeeReceivableAccount(payee), bank, amount),
          Line(Event::kRefundBounced, PoolAccount(pool), FundingAppliedAccount(pool), amount)};
}

Lines WriteOff(ProgramId program, PayeeId payee, Money amount) {
  return {Line(Event::kWriteOff, ProgramExpenseAccount(program), PayeeReceivableAccount(payee),
               amount)};
}

Lines VoidObligation(PayeeId payee, ProgramId program, PoolId pool, Money amount) {
  return {Line(Event::kVoidObligation, PayeePayableAccount(payee), ProgramExpenseAccount(program),
               amount),
          RestorePool(Event::kVoidObligation, pool, amount)};
}

Lines RestateUnpaid(ContractId contract, ProgramId program, Money amount) {
  return {Line(Event::kRestateUnpaid, ProgramObligationAccount(contract),
               ProgramExpenseAccount(program), amount)};
}

Lines RestateWithhold(const WithheldShare& share, ProgramId program, PoolId pool, Money amount) {
  return {Line(Event::kRestateWithhold, WithholdReserveAccount(share.payee, share.performance_year),
               ProgramExpenseAccount(program), amount),
          RestorePool(Event::kRestateWithhold, pool, amount)};
}

Lines Misdirected(const WrongPayment& payment, PoolId pool, Money amount) {
  return {Line(Event::kMisdirected, PayeeReceivableAccount(payment.receiver),
               PayeePayableAccount(payment.true_payee), amount),
          Line(Event::kMisdirected, PoolAccount(pool), FundingAppliedAccount(pool), amount)};
}

Lines InterbookOut(PoolId pool, BookId other_book, Money amount) {
  return {Line(Event::kInterbookOut, PoolAccount(pool), InterbookAccount(other_book), amount)};
}

Lines InterbookIn(BookId other_book, PoolId pool, Money amount) {
  return {Line(Event::kInterbookIn, InterbookAccount(other_book), PoolAccount(pool), amount)};
}

Lines InterbookCashOut(BookId other_book, BankAccountId bank_account, Money amount) {
  return {Line(Event::kInterbookCashOut, InterbookAccount(other_book),
               BankSuspenseAccount(bank_account), amount)};
}

Lines InterbookCashIn(BankAccountId bank_account, BookId other_book, Money amount) {
  return {Line(Event::kInterbookCashIn, BankSuspenseAccount(bank_account),
               InterbookAccount(other_book), amount)};
}

Lines RemitTax(const AccountKey& withheld, PaymentFileId file, Money amount) {
  CHECK(withheld.account_class == AccountClass::kTaxWithheld ||
        withheld.account_class == AccountClass::kLevyWithheld);
  return {Line(Event::kRemitTax, withheld, InTransitAccount(file), amount)};
}

Lines Unclaimed(PayeeId payee, std::string_view jurisdiction, Money amount) {
  return {Line(Event::kUnclaimed, PayeePayableAccount(payee), UnclaimedAccount(payee, jurisdiction),
               amount)};
}

Lines Claimed(PayeeId payee, std::string_view jurisdiction, Money amount) {
  return {Line(Event::kClaimed, UnclaimedAccount(payee, jurisdiction), PayeePayableAccount(payee),
               amount)};
}

Lines Escheat(PayeeId payee, std::string_view jurisdiction, PaymentFileId file, Money amount) {
  return {
      Line(Event::kEscheat, UnclaimedAccount(payee, jurisdiction), InTransitAccount(file), amount)};
}

Lines CloseYear(PoolId pool, ProgramId program, Money expense) {
  return {Line(Event::kCloseYear, FundingAppliedAccount(pool), ProgramExpenseAccount(program),
               expense)};
}

Journal SetLimit(const JournalHeader& header, const AccountKey& account, Money overdraft) {
  Journal journal;
  journal.id = header.id;
  journal.event = Event::kSetLimit;
  journal.source_id = header.source_id;
  journal.actor = header.actor;
  journal.corrects = header.corrects;
  journal.effective_date = header.effective_date;
  journal.limit = LimitChange{account, overdraft};
  return journal;
}

const std::vector<LineRule>& LineRules() {
  using A = AccountClass;
  using E = Event;
  // The bank is seen through BANK_SUSPENSE, or through INTERBOOK where the treasury book owns it.
  static const std::vector<LineRule> rules = {
      {E::kBankCredit, A::kCash, A::kBankSuspense},
      {E::kBankDebit, A::kBankSuspense, A::kCash},
      {E::kFundPool, A::kBankSuspense, A::kPool},
      {E::kFundPool, A::kInterbook, A::kPool},
      {E::kPoolInterest, A::kBankSuspense, A::kPool},
      {E::kPoolInterest, A::kInterbook, A::kPool},
      {E::kDefundPool, A::kPool, A::kInTransit},
      {E::kBankFee, A::kProgramExpense, A::kBankSuspense},
      {E::kBankFee, A::kProgramExpense, A::kInterbook},
      {E::kBankFee, A::kPool, A::kFundingApplied},
      {E::kAccrueAward, A::kProgramExpense, A::kProgramObligation},
      {E::kApproveHold, A::kPool, A::kRunFunds},
      {E::kReleaseHold, A::kPool, A::kRunFunds},
      {E::kDropHold, A::kPool, A::kRunFunds},
      {E::kRecognize, A::kProgramObligation, A::kPayeePayable},
      {E::kRecognize, A::kRunFunds, A::kFundingApplied},
      {E::kAdvance, A::kPayeeReceivable, A::kPayeePayable},
      {E::kAdvance, A::kRunFunds, A::kFundingApplied},
      {E::kWithhold, A::kPayeePayable, A::kWithholdReserve},
      {E::kOffset, A::kPayeePayable, A::kPayeeReceivable},
      {E::kOffset, A::kFundingApplied, A::kPool},
      {E::kTaxWithhold, A::kPayeePayable, A::kTaxWithheld},
      {E::kTaxWithhold, A::kPayeePayable, A::kLevyWithheld},
      {E::kDisburse, A::kPayeePayable, A::kInTransit},
      {E::kSettle, A::kInTransit, A::kBankSuspense},
      {E::kSettle, A::kInTransit, A::kInterbook},
      {E::kSettleNetted, A::kInTransit, A::kReturnedItems},
      {E::kBankReject, A::kInTransit, A::kPayeePayable},
      {E::kVoidDisbursement, A::kInTransit, A::kPayeePayable},
      {E::kReturnNotice, A::kReturnedItems, A::kPayeePayable},
      {E::kReturnNotice, A::kPayeePayable, A::kReturnedItems},
      {E::kReturnCash, A::kBankSuspense, A::kReturnedItems},
      {E::kReturnCash, A::kInterbook, A::kReturnedItems},
      {E::kReturnCash, A::kReturnedItems, A::kBankSuspense},
      {E::kReturnCash, A::kReturnedItems, A::kInterbook},
      {E::kReissue, A::kPayeePayable, A::kInTransit},
      {E::kReleaseWithhold, A::kWithholdReserve, A::kPayeePayable},
      {E::kForfeitWithhold, A::kWithholdReserve, A::kForfeitedWithhold},
      {E::kForfeitWithhold, A::kForfeitedWithhold, A::kWithholdReserve},
      {E::kForfeitToPool, A::kForfeitedWithhold, A::kProgramExpense},
      {E::kForfeitToPool, A::kProgramExpense, A::kForfeitedWithhold},
      {E::kForfeitToPool, A::kPool, A::kFundingApplied},
      {E::kForfeitToPool, A::kFundingApplied, A::kPool},
      {E::kRecoup, A::kPayeeReceivable, A::kProgramExpense},
      {E::kRefund, A::kBankSuspense, A::kPayeeReceivable},
      {E::kRefund, A::kInterbook, A::kPayeeReceivable},
      {E::kRefund, A::kFundingApplied, A::kPool},
      {E::kRefundBounced, A::kPayeeReceivable, A::kBankSuspense},
      {E::kRefundBounced, A::kPayeeReceivable, A::kInterbook},
      {E::kRefundBounced, A::kPool, A::kFundingApplied},
      {E::kWriteOff, A::kProgramExpense, A::kPayeeReceivable},
      {E::kVoidObligation, A::kPayeePayable, A::kProgramExpense},
      {E::kVoidObligation, A::kFundingApplied, A::kPool},
      {E::kRestateUnpaid, A::kProgramObligation, A::kProgramExpense},
      {E::kRestateWithhold, A::kWithholdReserve, A::kProgramExpense},
      {E::kRestateWithhold, A::kFundingApplied, A::kPool},
      {E::kMisdirected, A::kPayeeReceivable, A::kPayeePayable},
      {E::kMisdirected, A::kPool, A::kFundingApplied},
      {E::kPoolTransfer, A::kPool, A::kPool},
      {E::kInterbookOut, A::kPool, A::kInterbook},
      {E::kInterbookIn, A::kInterbook, A::kPool},
      {E::kInterbookCashOut, A::kInterbook, A::kBankSuspense},
      {E::kInterbookCashIn, A::kBankSuspense, A::kInterbook},
      {E::kRemitTax, A::kTaxWithheld, A::kInTransit},
      {E::kRemitTax, A::kLevyWithheld, A::kInTransit},
      {E::kUnclaimed, A::kPayeePayable, A::kUnclaimed},
      {E::kClaimed, A::kUnclaimed, A::kPayeePayable},
      {E::kEscheat, A::kUnclaimed, A::kInTransit},
      {E::kCloseYear, A::kFundingApplied, A::kProgramExpense},
  };
  return rules;
}

bool IsLineOf(Event event, TransferKind kind, AccountClass debit, AccountClass credit) {
  // Holds are made and resolved by three events, which post nothing directly.
  TransferKind lowest = TransferKind::kPosted;
  TransferKind highest = TransferKind::kPosted;
  if (event == Event::kApproveHold) lowest = highest = TransferKind::kPending;
  if (event == Event::kReleaseHold) lowest = highest = TransferKind::kPostPending;
  if (event == Event::kDropHold) {
    lowest = TransferKind::kVoidPending;
    highest = TransferKind::kExpirePending;
  }
  if (kind < lowest || kind > highest) return false;
  return std::ranges::any_of(LineRules(), [&](const LineRule& rule) {
    return rule.event == event && rule.debit == debit && rule.credit == credit;
  });
}

}  // namespace sluice::payments
