// The queue of one book, in the process and not in PostgreSQL: journals that wait from many threads
// become the next batch, so that a hot book costs one lock and one commit per batch.
//
// A waiter holds no connection, no lock and no snapshot. A journal is acknowledged after its
// commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "core/pg/database.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// Safe to use from several threads. One writer per book in a process; several processes may post to
// one book at once and then wait for each other at the head of the book.
class LedgerWriter {
 public:
  LedgerWriter(pg::Database db, Clock& clock, BookId book);
  // Posts what waits, then stops.
  ~LedgerWriter();
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;

  // Posts one journal and waits for its answer. Unavailable or Aborted: the outcome is open, send
  // the same journal again.
  StatusOr<PostResult> Post(Journal journal);
  // The same without waiting.
  std::future<StatusOr<PostResult>> PostLater(Journal journal);

 private:
  struct Waiting {
    Journal journal;
    std::promise<StatusOr<PostResult>> answer;
  };
  void Run();
  std::deque<Waiting> TakeBatch();
  void PostBatch(std::deque<Waiting> batch);

  pg::Database db_;
  Ledger ledger_;
  BookId book_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice::payments
