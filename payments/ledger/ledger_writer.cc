#include "payments/ledger/ledger_writer.h"

#include <vector>

namespace sluice::payments {

LedgerWriter::LedgerWriter(pg::Database db, Clock& clock, BookId book)
    : db_(std::move(db)), ledger_(clock), book_(book), thread_([this] { Run(); }) {}

LedgerWriter::~LedgerWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

StatusOr<PostResult> LedgerWriter::Post(Journal journal) {
  return PostLater(std::move(journal)).get();
}

std::future<StatusOr<PostResult>> LedgerWriter::PostLater(Journal journal) {
  Waiting waiting{std::move(journal), {}};
  std::future<StatusOr<PostResult>> answer = waiting.answer.get_future();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(waiting));
  }
  wake_.notify_one();
  return answer;
}

void LedgerWriter::Run() {
  while (true) {
    std::deque<Waiting> batch = TakeBatch();
    if (batch.empty()) return;
    PostBatch(std::move(batch));
  }
}

// Waits for work; empty when stopping and nothing waits.
std::deque<LedgerWriter::Waiting> LedgerWriter::TakeBatch() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  std::deque<Waiting> batch;
  constexpr auto kMost = static_cast<std::size_t>(kMaxBatchTransfers);
  std::size_t transfers = 0;
  while (!waiting_.empty() && batch.size() < kMost) {
    transfers += waiting_.front().journal.transfers.size();
    if (transfers > kMost && !batch.empty()) break;
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void LedgerWriter::PostBatch(std::deque<Waiting> batch) {
  std::vector<Journal> journals;
  journals.reserve(batch.size());
  for (Waiting& waiting : batch) journals.push_back(std::move(waiting.journal));
  const auto results = ledger_.Post(db_, book_, journals);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (results.ok()) {
      batch[i].answer.set_value((*results)[i]);
    } else {
      batch[i].answer.set_value(results.status());
    }
  }
}

}  // namespace sluice::payments
