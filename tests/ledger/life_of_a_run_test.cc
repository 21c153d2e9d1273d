// The worked example of the ledger: a funded pool, an approved run with withhold and offset, a
// return that is re-issued, and the year-end decision on withheld money. The whole life is compared
// with tests/golden/ledger_life_of_a_run.txt; UPDATE_GOLDEN=1 rewrites it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/ledger/memory_book.h"

namespace sluice::payments {
namespace {

constexpr const char* kGolden = "tests/golden/ledger_life_of_a_run.txt";
const BankAccountId kBank(9);
const PoolId kPool(1);
const ProgramId kProgram(2);
const ContractId kContract(3);
const RunId kRun(4);
const PayeeId kA(101);
const PayeeId kB(102);
constexpr int kYear = 2026;

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }
PaymentFileId File(int number) { return PaymentFileId(number); }

class Life {
 public:
  void Step(const std::string& name) { text_ += fmt::format("\n== {}\n", name); }

  Uuid Journal(const Lines& lines) {
    const auto journal = MakeJournal(HeaderOf(++number_), lines);
    const Refusal refusal = book_.Post(journal);
    text_ += fmt::format("{} {}\n", EventName(journal.event), PostStatusName(refusal.status));
    for (const Transfer& line : journal.transfers) {
      text_ += fmt::format("  {:<8}{:<38}{:<38}{:>14}\n", TransferKindName(line.kind),
                           line.debit.ToString(), line.credit.ToString(), line.amount.ToString());
    }
    EXPECT_EQ(refusal.status, PostStatus::kAccepted) << text_;
    return journal.id;
  }

  void Balances() { text_ += FormatTrialBalance(book_.Lines()); }
  const MemoryBook& Book() const { return book_; }
  const std::string& Text() const { return text_; }

 private:
  MemoryBook book_;
  int number_ = 0;
  std::string text_ = "The life of a run\n";
};

void DepositAndFund(Life& life) {
  life.Step("deposit, fund");
  life.Journal(BankCredit(kBank, Dollars(1'000'000)));
  life.Journal(FundPool(BankSuspenseAccount(kBank), kPool, Dollars(1'000'000)));
  life.Step("A owes from last year");
  life.Journal(Recoup(kA, kProgram, Dollars(4'000)));
  EXPECT_EQ(life.Book().DebitBalance(PayeeReceivableAccount(kA)), Dollars(4'000));
  life.Balances();
}

Uuid AwardAndApprove(Life& life) {
  life.Step("award, approve");
  life.Journal(AccrueAward(kProgram, kContract, Dollars(100'000)));
  const Uuid hold = life.Journal(ApproveHold(kPool, kRun, Dollars(100'000), std::nullopt));
  const AccountBalance& pool = life.Book().Accounts().at(PoolAccount(kPool));
  EXPECT_EQ(pool.counters.CreditBalance(), Dollars(1'000'000));
  EXPECT_EQ(pool.Available(), Dollars(900'000));
  return hold;
}

void Release(Life& life, const Uuid& hold) {
  const Funding funding{kPool, kRun};
  life.Step("release");
  life.Journal(ReleaseHold(kPool, kRun, Dollars(100'000), HoldRef{hold, 1}));
  life.Journal(
      Join({Recognize(kContract, kA, funding, Dollars(60'000)), Withhold(kA, kYear, Dollars(6'000)),
            Offset(kA, kPool, Dollars(4'000)), Disburse(kA, File(1), Dollars(50'000))}));
  life.Journal(Join({Recognize(kContract, kB, funding, Dollars(40'000)),
                     Withhold(kB, kYear, Dollars(4'000)), Disburse(kB, File(1), Dollars(36'000))}));
  EXPECT_EQ(life.Book().CreditBalance(InTransitAccount(File(1))), Dollars(86'000));
  EXPECT_EQ(life.Book().CreditBalance(RunFundsAccount(kRun, kPool)), Money());
  EXPECT_EQ(life.Book().CreditBalance(PoolAccount(kPool)), Dollars(904'000));
  life.Balances();
}

void SettleAndReturn(Life& life) {
  const AccountKey bank = BankSuspenseAccount(kBank);
  life.Step("settle");
  life.Journal(BankDebit(kBank, Dollars(86'000)));
  life.Journal(Settle(File(1), bank, Dollars(86'000)));
  EXPECT_EQ(life.Book().DebitBalance(CashAccount(kBank)), Dollars(914'000));
  EXPECT_EQ(life.Book().CreditBalance(InTransitAccount(File(1))), Money());
  life.Step("B returns, re-issued");
  life.Journal(ReturnNotice(kBank, kB, Dollars(36'000)));
  life.Journal(BankCredit(kBank, Dollars(36'000)));
  life.Journal(ReturnCash(bank, kBank, Dollars(36'000)));
  life.Journal(Reissue(kB, File(2), Dollars(36'000)));
  life.Journal(BankDebit(kBank, Dollars(36'000)));
  life.Journal(Settle(File(2), bank, Dollars(36'000)));
  EXPECT_EQ(life.Book().CreditBalance(ReturnedItemsAccount(kBank)), Money());
}

void YearEnd(Life& life) {
  life.Step("year end, 80 % earned");
  life.Journal(ReleaseWithhold(kA, kYear, Dollars(4'800)));
  life.Journal(ReleaseWithhold(kB, kYear, Dollars(3'200)));
  life.Journal(ForfeitWithhold(kA, kYear, Dollars(1'200)));
  life.Journal(ForfeitWithhold(kB, kYear, Dollars(800)));
  life.Journal(ForfeitToPool(kYear, kPool, kProgram, Dollars(2'000)));
  life.Journal(
      Join({Disburse(kA, File(3), Dollars(4'800)), Disburse(kB, File(3), Dollars(3'200))}));
  life.Journal(BankDebit(kBank, Dollars(8'000)));
  life.Journal(Settle(File(3), BankSuspenseAccount(kBank), Dollars(8'000)));
  EXPECT_EQ(life.Book().CreditBalance(WithholdReserveAccount(kA, kYear)), Money());
  life.Step("trial balance");
  life.Balances();
}

TEST(LifeOfARun, MatchesTheWorkedExample) {
  Life life;
  DepositAndFund(life);
  const Uuid hold = AwardAndApprove(life);
  Release(life, hold);
  SettleAndReturn(life);
  YearEnd(life);

  EXPECT_EQ(life.Book().DebitBalance(CashAccount(kBank)), Dollars(906'000));
  EXPECT_EQ(life.Book().DebitBalance(ProgramExpenseAccount(kProgram)), Dollars(94'000));
  EXPECT_EQ(life.Book().CreditBalance(PoolAccount(kPool)), Dollars(906'000));
  EXPECT_EQ(life.Book().CreditBalance(FundingAppliedAccount(kPool)), Dollars(94'000));
  int not_zero = 0;
  for (const auto& [key, account] : life.Book().Accounts()) {
    if (!account.counters.CreditBalance().IsZero()) ++not_zero;
  }
  EXPECT_EQ(not_zero, 4);

  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden) << life.Text();
  std::ostringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(life.Text(), golden.str()) << "UPDATE_GOLDEN=1 rewrites " << kGolden;
}

}  // namespace
}  // namespace sluice::payments
