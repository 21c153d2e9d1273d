// The posting table: one builder per business event.
//
// Each builder returns the lines of its event; MakeJournal puts the lines of one or several events
// under one id. The table of LineRules() below is the same knowledge as data: the engine refuses a
// line whose debit and credit classes are not a row of its event, and a journal that moves value
// between the two halves of the book, so identities F and C cannot be broken by a caller.
//
// `bank` is the account through which the book sees its bank: BankSuspenseAccount(bank account)
// where the bank account belongs to the book, InterbookAccount(treasury book) where the treasury
// book owns it. Amounts are positive.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "payments/ledger/account.h"
#include "payments/ledger/journal.h"

namespace sluice::payments {

using Lines = std::vector<Transfer>;

struct JournalHeader {
  Uuid id{};
  std::int64_t source_id = 0;
  UserId actor;
  Date effective_date{};
  std::optional<Uuid> corrects;
};

// A journal of the lines of one or several events, in order. Its event is that of the first line.
// Requires: at least one line.
Journal MakeJournal(const JournalHeader& header, Lines lines);
Lines Join(std::initializer_list<Lines> parts);

// Facts from the bank: one booked line of the prior-day statement.
Lines BankCredit(BankAccountId bank_account, Money amount);
Lines BankDebit(BankAccountId bank_account, Money amount);

// Money into and out of a pool. DefundPool gives money back to the funder through a payment file.
Lines FundPool(const AccountKey& bank, PoolId pool, Money amount);
Lines PoolInterest(const AccountKey& bank, PoolId pool, Money amount);
Lines DefundPool(PoolId pool, PaymentFileId file, Money amount);
Lines BankFee(ProgramId program, PoolId pool, const AccountKey& bank, Money amount);
struct PoolMove {
  PoolId from;
  PoolId to;
};
Lines PoolTransfer(const PoolMove& move, Money amount);

// An award accrues when it is computed; cash is not needed.
Lines AccrueAward(ProgramId program, ContractId contract, Money amount);

// The hold of an approved run on a pool. It lapses at `expires_at`.
Lines ApproveHold(PoolId pool, RunId run, Money amount, std::optional<Instant> expires_at);
// Posts the hold: the amount equals the hold's.
Lines ReleaseHold(PoolId pool, RunId run, Money amount, const HoldRef& hold);
// Gives the hold back: a void on cancel or new revision, an expiry on time-out.
enum class DropReason { kVoid, kExpire };
Lines DropHold(PoolId pool, RunId run, Money amount, const HoldRef& hold, DropReason reason);

// Which pool bears an obligation, and from which run's funds it is paid.
struct Funding {
  PoolId pool;
  RunId run;
};
Lines Recognize(ContractId contract, PayeeId payee, const Funding& funding, Money gross);
Lines Advance(PayeeId payee, const Funding& funding, Money amount);
Lines Withhold(PayeeId payee, int performance_year, Money amount);
// `pool` is the pool that bore the original payment.
Lines Offset(PayeeId payee, PoolId pool, Money amount);
Lines TaxWithhold(PayeeId payee, std::string_view authority, Money amount);
Lines LevyWithhold(PayeeId payee, std::string_view authority, Money amount);
Lines Disburse(PayeeId payee, PaymentFileId file, Money net);
Lines Reissue(PayeeId payee, PaymentFileId file, Money net);

// What the bank answers.
Lines Settle(PaymentFileId file, const AccountKey& bank, Money amount);
Lines SettleNetted(PaymentFileId file, BankAccountId bank_account, Money amount);
Lines BankReject(PaymentFileId file, PayeeId payee, Money amount);
Lines VoidDisbursement(PaymentFileId file, PayeeId payee, Money amount);
Lines ReturnNotice(BankAccountId bank_account, PayeeId payee, Money amount);
Lines ReturnCash(const AccountKey& bank, BankAccountId bank_account, Money amount);
// The reverse of each, when the banks agree that a return does not count (R61 to R70).
Lines UndoReturnNotice(BankAccountId bank_account, PayeeId payee, Money amount);
Lines TakeBackReturnCash(const AccountKey& bank, BankAccountId bank_account, Money amount);

// What becomes of withheld money.
Lines ReleaseWithhold(PayeeId payee, int performance_year, Money amount);
Lines ForfeitWithhold(PayeeId payee, int performance_year, Money amount);
Lines ForfeitToPool(int performance_year, PoolId pool, ProgramId program, Money amount);
// The reverse of both, when it turns out that more was forfeited than should have been.
Lines GiveBackForfeit(PayeeId payee, int performance_year, Money amount);
Lines ForfeitFromPool(int performance_year, PoolId pool, ProgramId program, Money amount);

// What payees owe.
Lines Recoup(PayeeId payee, ProgramId program, Money amount);
Lines Refund(const AccountKey& bank, PayeeId payee, PoolId pool, Money amount);
Lines RefundBounced(const AccountKey& bank, PayeeId payee, PoolId pool, Money amount);
Lines WriteOff(ProgramId program, PayeeId payee, Money amount);

// Corrections.
Lines VoidObligation(PayeeId payee, ProgramId program, PoolId pool, Money amount);
Lines RestateUnpaid(ContractId contract, ProgramId program, Money amount);
struct WithheldShare {
  PayeeId payee;
  int performance_year = 0;
};
Lines RestateWithhold(const WithheldShare& share, ProgramId program, PoolId pool, Money amount);
struct WrongPayment {
  PayeeId receiver;
  PayeeId true_payee;
};
Lines Misdirected(const WrongPayment& payment, PoolId pool, Money amount);

// Between books of one payer: two journals, one in each book, under derived ids.
Lines InterbookOut(PoolId pool, BookId other_book, Money amount);
Lines InterbookIn(BookId other_book, PoolId pool, Money amount);
Lines InterbookCashOut(BookId other_book, BankAccountId bank_account, Money amount);
Lines InterbookCashIn(BankAccountId bank_account, BookId other_book, Money amount);

// To the authority, then Settle. `withheld` is TaxWithheldAccount() or LevyWithheldAccount().
Lines RemitTax(const AccountKey& withheld, PaymentFileId file, Money amount);
// Dormant money: kept for the payee, claimed, or paid to the state.
Lines Unclaimed(PayeeId payee, std::string_view jurisdiction, Money amount);
Lines Claimed(PayeeId payee, std::string_view jurisdiction, Money amount);
Lines Escheat(PayeeId payee, std::string_view jurisdiction, PaymentFileId file, Money amount);

// Closes the books through the journal's effective date: nothing but facts from the bank can be
// posted on or before that date any more. The amount is the program's expense of the year.
Lines CloseYear(PoolId pool, ProgramId program, Money expense);

// An approved overdraft; has no lines.
Journal SetLimit(const JournalHeader& header, const AccountKey& account, Money overdraft);

// One row of the posting table.
struct LineRule {
  Event event;
  AccountClass debit;
  AccountClass credit;
};
const std::vector<LineRule>& LineRules();
// Whether `event` has a line of this kind from a debit of one class to a credit of the other.
bool IsLineOf(Event event, TransferKind kind, AccountClass debit, AccountClass credit);

}  // namespace sluice::payments
