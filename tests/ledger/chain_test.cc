// The hash chain's byte form, pinned: these vectors may never change.
#include "payments/ledger/chain.h"

#include <gtest/gtest.h>

#include "tests/ledger/memory_book.h"

namespace sluice::payments {
namespace {

Journal Sample() {
  return MakeJournal(HeaderOf(1), Recognize(ContractId(3), PayeeId(101), {PoolId(1), RunId(4)},
                                            Money::FromCents(12'345)));
}

Journal Rich() {
  JournalHeader header = HeaderOf(2);
  header.corrects = HeaderOf(1).id;
  return MakeJournal(
      header,
      Join({ApproveHold(PoolId(1), RunId(4), Money::FromCents(7), Instant::FromMicros(88)),
            ReleaseHold(PoolId(1), RunId(4), Money::FromCents(7), HoldRef{HeaderOf(1).id, 3})}));
}

TEST(Chain, BodyVector) {
  EXPECT_EQ(ToHex(Sha256(EncodeBody(Sample()))),
            "57139e89f994f4d0366496ee8046b95d3f6f93c31591ea30ba03f7e6a15f1b92");
  EXPECT_EQ(ToHex(Sha256(EncodeBody(Rich()))),
            "dc37f956a145aae56b8c57f8bf549443387c1522675d8cb1e7b303258ce774d3");
}

TEST(Chain, SealVector) {
  BatchSeal seal;
  seal.book = BookId(1);
  seal.batch_seq = 2;
  seal.prev_hash.fill(3);
  seal.body_hash.fill(4);
  seal.sealed_at = Instant::FromMicros(5);
  seal.journal_count = 6;
  seal.transfer_count = 7;
  EXPECT_EQ(ToHex(HashOfSeal(seal)),
            "786c20880cef9fb20dc4363d1306417b7de9ca85171d5eccae715fd44375eaba");
}

TEST(Chain, BatchVector) {
  MemoryBook book;
  const std::vector<Journal> journals = {
      MakeJournal(HeaderOf(1), BankCredit(BankAccountId(9), Money::FromCents(100))),
      MakeJournal(HeaderOf(2), DefundPool(PoolId(1), PaymentFileId(1), Money::FromCents(100))),
      SetLimit(HeaderOf(3), PoolAccount(PoolId(1)), Money::FromCents(50)),
      MakeJournal(HeaderOf(4), ApproveHold(PoolId(1), RunId(4), Money::FromCents(50),
                                           Instant::FromMicros(9'000'000))),
      MakeJournal(HeaderOf(5), DropHold(PoolId(1), RunId(4), Money::FromCents(50),
                                        HoldRef{HeaderOf(4).id, 1}, DropReason::kVoid))};
  const PostedBatch batch = book.PostAll(journals);
  std::vector<Digest> hashes;
  for (const Journal& journal : journals) hashes.push_back(Sha256(EncodeBody(journal)));
  EXPECT_EQ(ToHex(HashOfBody(batch, journals, hashes)),
            "ed528990a8a8e5a08109364bfc9e8c11a403f00ccd44127bae774e3969a32b03");
}

TEST(Chain, BodiesReadBack) {
  for (const Journal& journal :
       {Sample(), Rich(), SetLimit(HeaderOf(3), PoolAccount(PoolId(1)), Money::FromCents(50))}) {
    const auto read = DecodeBody(journal.id, EncodeBody(journal));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(EncodeBody(*read), EncodeBody(journal));
    EXPECT_TRUE(DifferingFields(*read, journal).empty());
  }
  Bytes cut = EncodeBody(Sample());
  cut.pop_back();
  EXPECT_FALSE(DecodeBody(Uuid{}, cut).ok());
  cut.push_back(0);
  cut.push_back(0);
  EXPECT_FALSE(DecodeBody(Uuid{}, cut).ok());
}

TEST(Chain, RefusalsReadBack) {
  Refusal refusal;
  refusal.status = PostStatus::kExceedsCredits;
  refusal.line = 2;
  refusal.account = PoolAccount(PoolId(1));
  refusal.short_by = Money::FromCents(17);
  const auto read = DecodeRefused(Sample().id, EncodeRefused(Sample(), refusal));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->refusal, refusal);
}

TEST(Journal, NamesEachDifferingField) {
  Journal sent = Sample();
  sent.transfers[0].amount = Money::FromCents(1300);
  sent.transfers[1].credit = FundingAppliedAccount(PoolId(2));
  sent.source_id = 5;
  EXPECT_EQ(DifferingFields(Sample(), sent),
            (std::vector<std::string>{
                "source_id stored 1, sent 5", "line 1: amount_cents stored 12345, sent 1300",
                "line 2: credit stored FUNDING_APPLIED pool:1, sent FUNDING_APPLIED pool:2"}));
}

TEST(ChainHead, ReadsBackWhatItExports) {
  ChainHead head;
  head.book = BookId(12);
  head.batch_seq = 34;
  head.hash.fill(0xAB);
  head.sealed_at = Instant::FromMicros(1'790'000'000'123'456);
  const auto read = ParseHead(ExportHead(head));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, head);
  EXPECT_FALSE(ParseHead("sluice-head v1 bok_1").ok());
  EXPECT_FALSE(ParseHead(ExportHead(head) + " more").ok());
}

}  // namespace
}  // namespace sluice::payments
