// The posting engine: what is malformed, what state refuses, in which order, and that a refusal
// leaves nothing behind.
#include "payments/ledger/posting.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/ledger/memory_book.h"

namespace sluice::payments {
namespace {

const BankAccountId kBank(9);
const PoolId kPool(1);
const RunId kRun(4);
const PayeeId kPayee(101);

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
Journal One(int number, const Lines& lines) { return MakeJournal(HeaderOf(number), lines); }

// A book whose pool holds `cents`.
MemoryBook Funded(std::int64_t cents) {
  MemoryBook book;
  EXPECT_EQ(book.Post(One(1, BankCredit(kBank, Cents(cents)))).status, PostStatus::kAccepted);
  EXPECT_EQ(book.Post(One(2, FundPool(BankSuspenseAccount(kBank), kPool, Cents(cents)))).status,
            PostStatus::kAccepted);
  return book;
}

struct MalformedCase {
  const char* name;
  std::function<void(Journal&)> spoil;
  PostStatus expected;
};

TEST(FindMalformation, NamesTheFirstBrokenRule) {
  using enum PostStatus;
  const std::vector<MalformedCase> cases = {
      {"nothing", [](Journal&) {}, kAccepted},
      {"no id", [](Journal& j) { j.id = Uuid{}; }, kIdMissing},
      {"no actor", [](Journal& j) { j.actor = UserId(); }, kActorMissing},
      {"no event", [](Journal& j) { j.event = Event{}; }, kEventUnknown},
      {"event of a line", [](Journal& j) { j.transfers[1].event = Event{99}; }, kEventUnknown},
      {"no lines", [](Journal& j) { j.transfers.clear(); }, kNothingToPost},
      {"lines and limit",
       [](Journal& j) {
         j.limit = LimitChange{PoolAccount(kPool), Money()};
       },
       kNothingToPost},
      {"too many", [](Journal& j) { j.transfers.resize(8'001, j.transfers[0]); },
       kTooManyTransfers},
      {"kind", [](Journal& j) { j.transfers[0].kind = TransferKind{9}; }, kTransferKindUnknown},
      {"class", [](Journal& j) { j.transfers[0].debit.account_class = AccountClass{18}; },
       kAccountClassUnknown},
      {"blank in owner", [](Journal& j) { j.transfers[0].debit.owner_key = "a b"; },
       kOwnerKeyInvalid},
      {"no owner", [](Journal& j) { j.transfers[0].credit.owner_key.clear(); }, kOwnerKeyInvalid},
      {"same account", [](Journal& j) { j.transfers[0].debit = j.transfers[0].credit; },
       kSameAccountTwice},
      {"zero", [](Journal& j) { j.transfers[0].amount = Money(); }, kAmountNotPositive},
      {"negative", [](Journal& j) { j.transfers[0].amount = Cents(-1); }, kAmountNotPositive},
      {"too large", [](Journal& j) { j.transfers[0].amount = kMaxTransfer + Cents(1); },
       kAmountTooLarge},
      {"expiry", [](Journal& j) { j.transfers[0].expires_at = Instant::FromMicros(1); },
       kExpiryNotAllowed},
      {"hold",
       [](Journal& j) {
         j.transfers[0].hold = HoldRef{j.id, 1};
       },
       kHoldNotAllowed},
      {"no hold", [](Journal& j) { j.transfers[0].kind = TransferKind::kVoidPending; },
       kHoldMissing},
      {"cash by another event", [](Journal& j) { j.transfers[0].credit = CashAccount(kBank); },
       kLineNotOfEvent},
      {"posted hold", [](Journal& j) { j.transfers[0].kind = TransferKind::kPending; },
       kLineNotOfEvent},
      {"half an event", [](Journal& j) { j.transfers.pop_back(); }, kHalvesUnbalanced},
      {"halves differ", [](Journal& j) { j.transfers[1].amount = Cents(99); }, kHalvesUnbalanced},
  };
  for (const MalformedCase& test : cases) {
    Journal journal = One(1, Recognize(ContractId(3), kPayee, {kPool, kRun}, Cents(100)));
    test.spoil(journal);
    const auto refusal = FindMalformation(journal);
    const PostStatus found = refusal ? refusal->status : kAccepted;
    EXPECT_EQ(PostStatusName(found), PostStatusName(test.expected)) << test.name;
  }
}

TEST(FindMalformation, PrefersTheEarlierRuleOverTheEarlierLine) {
  Journal journal = One(1, Recognize(ContractId(3), kPayee, {kPool, kRun}, Cents(100)));
  journal.transfers[0].amount = Money();
  journal.transfers[1].debit.owner_key.clear();
  const auto refusal = FindMalformation(journal);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, PostStatus::kOwnerKeyInvalid);
  EXPECT_EQ(refusal->line, 2);
}

TEST(FindMalformation, RefusesALimitWhereThereIsNone) {
  EXPECT_EQ(FindMalformation(SetLimit(HeaderOf(1), CashAccount(kBank), Cents(5)))->status,
            PostStatus::kLimitNotAllowed);
  EXPECT_EQ(FindMalformation(SetLimit(HeaderOf(1), PoolAccount(kPool), Cents(-5)))->status,
            PostStatus::kLimitNotAllowed);
}

TEST(Post, RefusesWhatThePoolDoesNotHold) {
  MemoryBook book = Funded(100);
  const Journal journal = One(3, DefundPool(kPool, PaymentFileId(1), Cents(101)));
  const Refusal refusal = book.Post(journal);
  EXPECT_EQ(refusal.status, PostStatus::kExceedsCredits);
  EXPECT_EQ(refusal.account, PoolAccount(kPool));
  EXPECT_EQ(refusal.short_by, Cents(1));
  EXPECT_EQ(refusal.line, 1);
  EXPECT_NE(Describe(refusal, journal).find("POOL pool:1 is short by 0.01"), std::string::npos);
  EXPECT_EQ(book.CreditBalance(PoolAccount(kPool)), Cents(100));
  EXPECT_FALSE(book.Accounts().contains(InTransitAccount(PaymentFileId(1))))
      << "a refused journal opens no account";
}

TEST(Post, ARefusalDoesNotSpoilItsNeighbors) {
  MemoryBook book = Funded(100);
  const PostedBatch batch = book.PostAll({One(3, DefundPool(kPool, PaymentFileId(1), Cents(60))),
                                          One(4, DefundPool(kPool, PaymentFileId(2), Cents(60))),
                                          One(5, DefundPool(kPool, PaymentFileId(3), Cents(40)))});
  EXPECT_EQ(batch.journals[0].refusal.status, PostStatus::kAccepted);
  EXPECT_EQ(batch.journals[1].refusal.status, PostStatus::kExceedsCredits);
  EXPECT_EQ(batch.journals[2].refusal.status, PostStatus::kAccepted);
  EXPECT_EQ(batch.transfers.size(), 2U);
  EXPECT_EQ(batch.transfers[1].position, 2);
  EXPECT_EQ(batch.transfers[1].journal_ordinal, 3);
  EXPECT_EQ(book.CreditBalance(PoolAccount(kPool)), Money());
}

TEST(Post, HoldsCountInTheLimit) {
  MemoryBook book = Funded(100);
  EXPECT_EQ(book.Post(One(3, ApproveHold(kPool, kRun, Cents(70), std::nullopt))).status,
            PostStatus::kAccepted);
  EXPECT_EQ(book.Post(One(4, DefundPool(kPool, PaymentFileId(1), Cents(31)))).status,
            PostStatus::kExceedsCredits);
  EXPECT_EQ(book.Accounts().at(PoolAccount(kPool)).Available(), Cents(30));
}

TEST(Post, TwoHoldsOverOnePoolExactlyOneWins) {
  MemoryBook book = Funded(100);
  const PostedBatch batch =
      book.PostAll({One(3, ApproveHold(kPool, RunId(1), Cents(80), std::nullopt)),
                    One(4, ApproveHold(kPool, RunId(2), Cents(80), std::nullopt))});
  EXPECT_EQ(batch.journals[0].refusal.status, PostStatus::kAccepted);
  EXPECT_EQ(batch.journals[1].refusal.status, PostStatus::kExceedsCredits);
}

TEST(Post, AHoldIsResolvedOnce) {
  MemoryBook book = Funded(100);
  const HoldRef hold{HeaderOf(3).id, 1};
  book.Post(One(3, ApproveHold(kPool, kRun, Cents(70), std::nullopt)));
  const PostedBatch batch =
      book.PostAll({One(4, ReleaseHold(kPool, kRun, Cents(70), hold)),
                    One(5, DropHold(kPool, kRun, Cents(70), hold, DropReason::kVoid)),
                    One(6, ReleaseHold(kPool, kRun, Cents(70), hold))});
  EXPECT_EQ(batch.journals[0].refusal.status, PostStatus::kAccepted);
  EXPECT_EQ(batch.journals[1].refusal.status, PostStatus::kHoldAlreadyResolved);
  EXPECT_EQ(batch.journals[2].refusal.status, PostStatus::kHoldAlreadyResolved);
  EXPECT_EQ(batch.resolutions.size(), 1U);
  EXPECT_EQ(book.CreditBalance(RunFundsAccount(kRun, kPool)), Cents(70));
  EXPECT_EQ(book.Of(PoolAccount(kPool)).debits_pending, Money());
}

TEST(Post, APartialPostReleasesTheRest) {
  MemoryBook book = Funded(100);
  const HoldRef hold{HeaderOf(3).id, 1};
  book.Post(One(3, ApproveHold(kPool, kRun, Cents(70), std::nullopt)));
  EXPECT_EQ(book.Post(One(4, ReleaseHold(kPool, kRun, Cents(50), hold))).status,
            PostStatus::kAccepted);
  EXPECT_EQ(book.Accounts().at(PoolAccount(kPool)).Available(), Cents(50));
}

TEST(Post, AtItsExpiryAHoldCanOnlyBeExpired) {
  MemoryBook book = Funded(100);
  const Instant expiry = Instant::FromMicros(5'000'000);
  const HoldRef hold{HeaderOf(3).id, 1};
  book.Post(One(3, ApproveHold(kPool, kRun, Cents(70), expiry)));
  EXPECT_EQ(book.Post(One(4, DropHold(kPool, kRun, Cents(70), hold, DropReason::kExpire))).status,
            PostStatus::kHoldNotExpired);
  book.SetNow(expiry);
  EXPECT_EQ(book.Post(One(5, ReleaseHold(kPool, kRun, Cents(70), hold))).status,
            PostStatus::kHoldExpired);
  EXPECT_EQ(book.Post(One(6, DropHold(kPool, kRun, Cents(70), hold, DropReason::kVoid))).status,
            PostStatus::kHoldExpired);
  EXPECT_EQ(book.Post(One(7, DropHold(kPool, kRun, Cents(70), hold, DropReason::kExpire))).status,
            PostStatus::kAccepted);
  EXPECT_EQ(book.Accounts().at(PoolAccount(kPool)).Available(), Cents(100));
}

TEST(Post, RefusesAResolutionThatDoesNotFitItsHold) {
  MemoryBook book = Funded(100);
  const HoldRef hold{HeaderOf(3).id, 1};
  book.Post(One(3, ApproveHold(kPool, kRun, Cents(70), std::nullopt)));
  EXPECT_EQ(book.Post(One(4, ReleaseHold(kPool, kRun, Cents(71), hold))).status,
            PostStatus::kHoldAmountExceeded);
  EXPECT_EQ(book.Post(One(5, DropHold(kPool, kRun, Cents(69), hold, DropReason::kVoid))).status,
            PostStatus::kHoldAmountExceeded);
  EXPECT_EQ(book.Post(One(6, ReleaseHold(kPool, RunId(5), Cents(70), hold))).status,
            PostStatus::kHoldAccountsDiffer);
  const HoldRef wrong{HeaderOf(3).id, 2};
  EXPECT_EQ(book.Post(One(7, ReleaseHold(kPool, kRun, Cents(70), wrong))).status,
            PostStatus::kHoldNotFound);
}

TEST(Post, AJournalIsCorrectedOnce) {
  MemoryBook book = Funded(100);
  JournalHeader header = HeaderOf(3);
  header.corrects = HeaderOf(99).id;
  const Lines lines = BankDebit(kBank, Cents(100));
  EXPECT_EQ(book.Post(MakeJournal(header, lines)).status, PostStatus::kCorrectedUnknown);
  header = HeaderOf(4);
  header.corrects = HeaderOf(1).id;
  EXPECT_EQ(book.Post(MakeJournal(header, lines)).status, PostStatus::kAccepted);
  header = HeaderOf(5);
  header.corrects = HeaderOf(1).id;
  EXPECT_EQ(book.Post(MakeJournal(header, lines)).status, PostStatus::kAlreadyCorrected);
}

TEST(Post, AClosedPeriodTakesOnlyFactsFromTheBank) {
  MemoryBook book = Funded(100);
  const Date end = MakeDate(2026, 12, 31);
  const Lines close = CloseYear(kPool, ProgramId(2), Cents(1));
  EXPECT_EQ(book.Post(MakeJournal(HeaderOf(3, end), close)).status, PostStatus::kAccepted);
  const Lines fund = FundPool(BankSuspenseAccount(kBank), kPool, Cents(1));
  EXPECT_EQ(book.Post(MakeJournal(HeaderOf(4, end), fund)).status, PostStatus::kPeriodClosed);
  EXPECT_EQ(book.Post(MakeJournal(HeaderOf(5, end), BankCredit(kBank, Cents(1)))).status,
            PostStatus::kAccepted);
  EXPECT_EQ(book.Post(MakeJournal(HeaderOf(6, end + Days(1)), fund)).status, PostStatus::kAccepted);
}

TEST(Post, AnOverdraftIsAJournalOfItsOwn) {
  MemoryBook book = Funded(100);
  EXPECT_EQ(book.Post(SetLimit(HeaderOf(3), PoolAccount(kPool), Cents(50))).status,
            PostStatus::kAccepted);
  EXPECT_EQ(book.Post(One(4, DefundPool(kPool, PaymentFileId(1), Cents(150)))).status,
            PostStatus::kAccepted);
  const Refusal refusal = book.Post(SetLimit(HeaderOf(5), PoolAccount(kPool), Cents(49)));
  EXPECT_EQ(refusal.status, PostStatus::kExceedsCredits);
  EXPECT_EQ(book.Accounts().at(PoolAccount(kPool)).overdraft, Cents(50));
}

TEST(Post, TheSameInputGivesTheSameBatch) {
  const MemoryBook book = Funded(100);
  const std::vector<Journal> journals = {One(3, DefundPool(kPool, PaymentFileId(1), Cents(60))),
                                         One(4, DefundPool(kPool, PaymentFileId(2), Cents(60)))};
  const std::vector<Digest> hashes = {Sha256(EncodeBody(journals[0])),
                                      Sha256(EncodeBody(journals[1]))};
  EXPECT_EQ(HashOfBody(Post(book.Snapshot(journals), journals), journals, hashes),
            HashOfBody(Post(book.Snapshot(journals), journals), journals, hashes));
}

}  // namespace
}  // namespace sluice::payments
