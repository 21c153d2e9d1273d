// One key, fifty senders at once, and connections that are cut: one effect and fifty equal answers.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "payments/ledger/verify.h"
#include "tests/ledger/ledger_fixture.h"
#include "tests/pg/cutting_proxy.h"

namespace sluice::payments {
namespace {

using ::sluice::testing::CuttingProxy;
using Cut = CuttingProxy::Cut;

constexpr int kSenders = 50;

class SubmitTest : public LedgerTest {
 protected:
  void SetUp() override {
    if (!db_.AppOptions().uri.starts_with("host=/")) {
      GTEST_SKIP() << "skipped: the proxy stands before the embedded server only";
    }
    proxy_ = std::make_unique<CuttingProxy>(db_.AppOptions(), CuttingProxy::Front::kTcp);
    pg::ConnectOptions options = proxy_->Options();
    options.pool_size = 20;
    database_ = pg::Database::Open(options)->ForPayer(payer_);
  }
  void TearDown() override {
    database_.reset();
    proxy_.reset();
  }

  // All send at the same moment; what each was answered.
  std::vector<StatusOr<std::vector<PostResult>>> SendAll(const Journal& journal) {
    std::vector<StatusOr<std::vector<PostResult>>> answers(
        kSenders, StatusOr<std::vector<PostResult>>(absl::UnknownError("no answer")));
    std::latch start(kSenders);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        answers[i] = ledger_.Post(*database_, book_, std::span(&journal, 1));
      });
    }
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  // One of them posted; all have the same answer.
  void ExpectOneEffect(const std::vector<StatusOr<std::vector<PostResult>>>& answers,
                       PostStatus status) {
    int fresh = 0;
    std::optional<PostResult> first;
    for (const auto& answer : answers) {
      ASSERT_TRUE(answer.ok()) << StatusMessage(answer.status());
      const PostResult& result = answer->front();
      if (!result.replayed) ++fresh;
      if (!first) first = result;
      EXPECT_EQ(result.status, status) << result.message;
      EXPECT_EQ(result.message, first->message);
      EXPECT_EQ(result.batch_seq, first->batch_seq);
      EXPECT_EQ(result.first_position, first->first_position);
      EXPECT_EQ(result.line_count, first->line_count);
    }
    // The one that posted may have lost its answer and been told what is stored.
    EXPECT_LE(fresh, 1);
    const auto report = VerifyLedger(db_.Verify().ForPayer(payer_), {});
    ASSERT_TRUE(report.ok()) << StatusMessage(report.status());
    for (const LedgerFinding& finding : report->findings) ADD_FAILURE() << finding.ToString();
  }

  std::unique_ptr<CuttingProxy> proxy_;
  std::optional<pg::Database> database_;
};

// feature:M14
TEST_F(SubmitTest, FiftySendersOfOneKeyHaveOneEffect) {
  Fund(1'000);
  const std::int64_t before = Count("journal");
  ExpectOneEffect(SendAll(One(3, DefundPool(kPool, PaymentFileId(1), Cents(400)))),
                  PostStatus::kAccepted);
  EXPECT_EQ(Count("journal"), before + 1);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(400));
}

// feature:M14
TEST_F(SubmitTest, AlsoWhenTheirConnectionsAreCut) {
  Fund(1'000);
  const std::int64_t before = Count("journal");
  int commits = 0;  // the proxy calls by one thread at a time
  proxy_->CutBy([&commits] {
    constexpr std::array kCuts = {Cut::kAfterDelivery, Cut::kNothing, Cut::kBeforeDelivery,
                                  Cut::kNothing};
    return kCuts[static_cast<std::size_t>(commits++) % kCuts.size()];
  });
  ExpectOneEffect(SendAll(One(4, DefundPool(kPool, PaymentFileId(1), Cents(300)))),
                  PostStatus::kAccepted);
  EXPECT_GT(proxy_->Cuts(), kSenders / 2);
  EXPECT_EQ(Count("journal"), before + 1);
  EXPECT_EQ(Find(PoolAccount(kPool))->counters.debits_posted, Cents(300));
}

// A refusal is an answer, too, and stays one after the money has come.
TEST_F(SubmitTest, ARefusalIsTheSameForAllAndForEver) {
  Fund(100);
  const Journal journal = One(5, DefundPool(kPool, PaymentFileId(1), Cents(400)));
  ExpectOneEffect(SendAll(journal), PostStatus::kExceedsCredits);
  ASSERT_TRUE(
      RequireAccepted(PostAll({One(6, BankCredit(kBank, Cents(1'000))),
                               One(7, FundPool(BankSuspenseAccount(kBank), kPool, Cents(1'000)))}))
          .ok());
  ExpectOneEffect(SendAll(journal), PostStatus::kExceedsCredits);
}

}  // namespace
}  // namespace sluice::payments
