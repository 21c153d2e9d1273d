// A seeded random walk over every event of the posting table. After each journal the identities
// F (funding) and C (cash coverage) hold, debits equal credits, and no limit is broken.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>

#include "tests/ledger/memory_book.h"

namespace sluice::payments {
namespace {

using A = AccountClass;

// Signed balances by class, added up from the accounts and nothing else.
std::map<A, std::int64_t> CreditsByClass(const MemoryBook& book) {
  std::map<A, std::int64_t> credits;
  for (const auto& [key, account] : book.Accounts()) {
    credits[key.account_class] += account.counters.CreditBalance().Cents();
  }
  return credits;
}

// The identities as the posting table states them.
void ExpectIdentities(const MemoryBook& book, const std::string& after) {
  auto credit = CreditsByClass(book);
  const std::int64_t expense = -credit[A::kProgramExpense];
  ASSERT_EQ(credit[A::kFundingApplied] - (expense - credit[A::kProgramObligation]),
            -credit[A::kPayeeReceivable])
      << "identity F after " << after;
  ASSERT_EQ(-credit[A::kCash], credit[A::kPool] + credit[A::kRunFunds] + credit[A::kPayeePayable] +
                                   credit[A::kWithholdReserve] + credit[A::kForfeitedWithhold] +
                                   credit[A::kInTransit] + credit[A::kTaxWithheld] +
                                   credit[A::kLevyWithheld] + credit[A::kUnclaimed] +
                                   credit[A::kBankSuspense] + credit[A::kReturnedItems] +
                                   credit[A::kInterbook])
      << "identity C after " << after;
}

void ExpectBalanced(const MemoryBook& book, const std::string& after) {
  Counters sum;
  for (const auto& [key, account] : book.Accounts()) {
    const Counters& c = account.counters;
    sum.debits_pending += c.debits_pending;
    sum.debits_posted += c.debits_posted;
    sum.credits_pending += c.credits_pending;
    sum.credits_posted += c.credits_posted;
    ASSERT_GE(std::min({c.debits_pending, c.debits_posted, c.credits_pending, c.credits_posted}),
              Money())
        << key.ToString() << " after " << after;
    ASSERT_TRUE(KeepsLimit(account.limit, account.overdraft, c))
        << key.ToString() << " after " << after;
  }
  ASSERT_EQ(sum.debits_posted, sum.credits_posted) << after;
  ASSERT_EQ(sum.debits_pending, sum.credits_pending) << after;
}

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {}

  // One journal of a random event; returns its event and outcome.
  std::pair<Event, PostStatus> Step() {
    book_.SetNow(Instant::FromMicros(++time_ * 1000));
    const Journal journal = Choose();
    const Refusal refusal = book_.Post(journal);
    if (refusal.status == PostStatus::kAccepted && journal.event == Event::kApproveHold) {
      holds_.push_back({HoldRef{journal.id, 1}, journal.transfers.front().amount});
    }
    return {journal.event, refusal.status};
  }
  const MemoryBook& Book() const { return book_; }

 private:
  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  Money Amount() { return Money::FromCents(1 + Pick(1'000)); }
  PoolId Pool() { return PoolId(1 + Pick(2)); }
  PayeeId Payee() { return PayeeId(1 + Pick(3)); }
  PaymentFileId File() { return PaymentFileId(1 + Pick(2)); }
  AccountKey Bank() {
    return Pick(4) == 0 ? InterbookAccount(BookId(99)) : BankSuspenseAccount(bank_);
  }

  Journal Choose() {
    JournalHeader header = HeaderOf(++number_);
    const auto event = static_cast<Event>(1 + Pick(kEventCount));
    // Limits and closings are rare, or nothing else could happen after them.
    if (event == Event::kSetLimit) {
      return payments::SetLimit(header, PoolAccount(Pool()), Money::FromCents(Pick(500)));
    }
    if (event == Event::kCloseYear) header.effective_date = MakeDate(2025, 12, 31);
    return MakeJournal(header, MakeLines(event));
  }

  Lines HoldLines(Event event) {
    const RunId run(5);
    if (event == Event::kApproveHold || holds_.empty()) {
      return ApproveHold(PoolId(1), run, Amount(), Instant::FromMicros((time_ + Pick(80)) * 1000));
    }
    const auto& [hold, amount] =
        holds_[static_cast<std::size_t>(Pick(static_cast<int>(holds_.size())))];
    if (event == Event::kReleaseHold) {
      const Money part = Pick(2) == 0 ? amount : Money::FromCents(1 + amount.Cents() / 2);
      return ReleaseHold(PoolId(1), run, part, hold);
    }
    return DropHold(PoolId(1), run, amount, hold,
                    Pick(2) == 0 ? DropReason::kVoid : DropReason::kExpire);
  }

  Lines MakeLines(Event event) {
    const Funding funding{PoolId(1), RunId(5)};
    const ProgramId program(1);
    const ContractId contract(1 + Pick(2));
    const Money amount = Amount();
    using E = Event;
    switch (event) {
      case E::kBankCredit:
        return BankCredit(bank_, amount);
      case E::kBankDebit:
        return BankDebit(bank_, amount);
      case E::kFundPool:
        return FundPool(Bank(), Pool(), amount);
      case E::kPoolInterest:
        return PoolInterest(Bank(), Pool(), amount);
      case E::kDefundPool:
        return DefundPool(Pool(), File(), amount);
      case E::kBankFee:
        return BankFee(program, Pool(), Bank(), amount);
      case E::kAccrueAward:
        return AccrueAward(program, contract, amount);
      case E::kApproveHold:
      case E::kReleaseHold:
      case E::kDropHold:
        return HoldLines(event);
      case E::kRecognize:
        return Recognize(contract, Payee(), funding, amount);
      case E::kAdvance:
        return Advance(Payee(), funding, amount);
      case E::kWithhold:
        return Withhold(Payee(), 2026, amount);
      case E::kOffset:
        return Offset(Payee(), Pool(), amount);
      case E::kTaxWithhold:
        return Pick(2) == 0 ? TaxWithhold(Payee(), "irs", amount)
                            : LevyWithhold(Payee(), "irs", amount);
      case E::kDisburse:
        return Disburse(Payee(), File(), amount);
      case E::kReissue:
        return Reissue(Payee(), File(), amount);
      case E::kSettle:
        return Settle(File(), Bank(), amount);
      case E::kSettleNetted:
        return SettleNetted(File(), bank_, amount);
      case E::kBankReject:
        return BankReject(File(), Payee(), amount);
      case E::kVoidDisbursement:
        return VoidDisbursement(File(), Payee(), amount);
      default:
        return MakeLaterLines(event, amount);
    }
  }

  Lines MakeLaterLines(Event event, Money amount) {
    const ProgramId program(1);
    using E = Event;
    switch (event) {
      case E::kReturnNotice:
        return ReturnNotice(bank_, Payee(), amount);
      case E::kReturnCash:
        return ReturnCash(Bank(), bank_, amount);
      case E::kReleaseWithhold:
        return ReleaseWithhold(Payee(), 2026, amount);
      case E::kForfeitWithhold:
        return ForfeitWithhold(Payee(), 2026, amount);
      case E::kForfeitToPool:
        return ForfeitToPool(2026, Pool(), program, amount);
      case E::kRecoup:
        return Recoup(Payee(), program, amount);
      case E::kRefund:
        return Refund(Bank(), Payee(), Pool(), amount);
      case E::kRefundBounced:
        return RefundBounced(Bank(), Payee(), Pool(), amount);
      case E::kWriteOff:
        return WriteOff(program, Payee(), amount);
      case E::kVoidObligation:
        return VoidObligation(Payee(), program, Pool(), amount);
      case E::kRestateUnpaid:
        return RestateUnpaid(ContractId(1), program, amount);
      case E::kRestateWithhold:
        return RestateWithhold({Payee(), 2026}, program, Pool(), amount);
      case E::kMisdirected:
        return Misdirected({PayeeId(1), PayeeId(2)}, Pool(), amount);
      case E::kPoolTransfer:
        return PoolTransfer({PoolId(1), PoolId(2)}, amount);
      case E::kInterbookOut:
        return InterbookOut(Pool(), BookId(99), amount);
      case E::kInterbookIn:
        return InterbookIn(BookId(99), Pool(), amount);
      case E::kInterbookCashOut:
        return InterbookCashOut(BookId(99), bank_, amount);
      case E::kInterbookCashIn:
        return InterbookCashIn(bank_, BookId(99), amount);
      case E::kRemitTax:
        return RemitTax(Pick(2) == 0 ? TaxWithheldAccount("irs") : LevyWithheldAccount("irs"),
                        File(), amount);
      case E::kUnclaimed:
        return Unclaimed(Payee(), "ny", amount);
      case E::kClaimed:
        return Claimed(Payee(), "ny", amount);
      case E::kEscheat:
        return Escheat(Payee(), "ny", File(), amount);
      default:
        return CloseYear(Pool(), program, amount);
    }
  }

  std::mt19937 random_;
  MemoryBook book_;
  const BankAccountId bank_{9};
  std::vector<std::pair<HoldRef, Money>> holds_;
  int number_ = 0;
  std::int64_t time_ = 1000;
};

TEST(RandomWalk, KeepsEveryIdentityAfterEveryJournal) {
  const char* given = std::getenv("SLUICE_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::stoul(given)) : 20'260'301U;
  SCOPED_TRACE(fmt::format("SLUICE_SEED={}", seed));
  RecordProperty("seed", static_cast<int>(seed));
  std::map<Event, int> accepted;
  std::map<PostStatus, int> outcomes;
  for (unsigned round = 0; round < 10; ++round) {
    Walk walk(seed + round);
    for (int step = 0; step < 3'000; ++step) {
      const auto [event, status] = walk.Step();
      ++outcomes[status];
      if (status == PostStatus::kAccepted) ++accepted[event];
      const std::string after = fmt::format("{} in step {}", EventName(event), step);
      ExpectIdentities(walk.Book(), after);
      ExpectBalanced(walk.Book(), after);
      if (HasFatalFailure()) return;
    }
  }
  // The walk must have gone everywhere, or it proves nothing.
  for (int event = 1; event <= kEventCount; ++event) {
    EXPECT_GT(accepted[static_cast<Event>(event)], 0) << EventName(static_cast<Event>(event));
  }
  for (const PostStatus status :
       {PostStatus::kExceedsCredits, PostStatus::kExceedsDebits, PostStatus::kHoldAlreadyResolved,
        PostStatus::kHoldExpired, PostStatus::kHoldNotExpired}) {
    EXPECT_GT(outcomes[status], 0) << PostStatusName(status);
  }
}

}  // namespace
}  // namespace sluice::payments
