#include "payments/ledger/ledger.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "core/check.h"
#include "payments/ledger/ledger_store.h"

namespace sluice::payments {
namespace {

PostResult Refused(const Journal& journal, const Refusal& refusal) {
  PostResult result;
  result.journal_id = journal.id;
  result.status = refusal.status;
  result.message = Describe(refusal, journal);
  return result;
}

PostResult Reused(const Journal& stored, const Journal& sent) {
  Refusal refusal;
  refusal.status = PostStatus::kIdReused;
  PostResult result = Refused(sent, refusal);
  result.differing_fields = DifferingFields(stored, sent);
  for (const std::string& field : result.differing_fields) result.message += "; " + field;
  return result;
}

// The answer to a journal whose id is stored.
StatusOr<PostResult> Replay(pg::Transaction& tx, BookId book, const StoredJournal& stored,
                            const Journal& sent, const Digest& sent_hash) {
  std::optional<RefusedJournal> refused;
  if (stored.outcome != PostStatus::kAccepted) {
    CHECK(stored.refused_body);
    ASSIGN_OR_RETURN(refused, DecodeRefused(stored.id, *stored.refused_body));
  }
  if (stored.body_hash != sent_hash) {
    return Reused(refused ? refused->journal : LoadAccepted(tx, book, stored.id), sent);
  }
  PostResult result;
  result.journal_id = stored.id;
  if (refused) result = Refused(sent, refused->refusal);
  result.batch_seq = stored.batch_seq;
  result.first_position = stored.first_position;
  result.line_count = stored.line_count;
  result.replayed = true;
  return result;
}

StatusOr<StoredHead> LockOrOpen(pg::Transaction& tx, BookId book) {
  auto head = LockHead(tx, book);
  if (!head) {
    OpenBook(tx, book);
    head = LockHead(tx, book);
  }
  if (!head) return NotFound("book {} does not exist for this payer", book);
  return *head;
}

// Loads the part of the book that the journals touch, balances locked.
BookSnapshot LoadSnapshot(pg::Transaction& tx, BookId book, const StoredHead& head, Instant now,
                          std::span<const Journal> journals) {
  std::unordered_set<AccountKey, AccountKeyHash> keys;
  std::set<HoldRef> holds;
  std::set<Uuid> corrected;
  for (const Journal& journal : journals) {
    for (const Transfer& line : journal.transfers) {
      keys.insert(line.debit);
      keys.insert(line.credit);
      if (line.hold) holds.insert(*line.hold);
    }
    if (journal.limit) keys.insert(journal.limit->account);
    if (journal.corrects) corrected.insert(*journal.corrects);
  }
  BookSnapshot snapshot;
  snapshot.book = book;
  snapshot.last_batch_seq = head.batch_seq;
  snapshot.sealed_at = std::max(now, Instant::FromMicros(head.sealed_at.Micros() + 1));
  snapshot.closed_through = head.closed_through;
  snapshot.holds = FindHolds(tx, book, std::vector<HoldRef>(holds.begin(), holds.end()));
  snapshot.corrected =
      FindCorrected(tx, book, std::vector<Uuid>(corrected.begin(), corrected.end()));
  snapshot.accounts = LockAccounts(tx, book, std::vector<AccountKey>(keys.begin(), keys.end()));
  return snapshot;
}

// The journals of one call: what is answered without posting, and what is posted.
class Call {
 public:
  explicit Call(std::span<const Journal> journals) : journals_(journals) {
    results_.resize(journals.size());
    hashes_.resize(journals.size());
    for (std::size_t i = 0; i < journals.size(); ++i) {
      if (const auto refusal = FindMalformation(journals[i])) {
        results_[i] = Refused(journals[i], *refusal);
        continue;
      }
      transfers_ += journals[i].transfers.size();
      hashes_[i] = Sha256(EncodeBody(journals[i]));
      if (first_.try_emplace(journals[i].id, i).second) {
        ids_.push_back(journals[i].id);
      } else {
        repeats_.push_back(i);
      }
    }
  }

  bool FitsOneBatch() const {
    constexpr auto kMost = static_cast<std::size_t>(kMaxBatchTransfers);
    return transfers_ <= kMost && journals_.size() <= kMost;
  }
  const std::vector<Uuid>& Ids() const { return ids_; }

  Status AnswerKnown(pg::Transaction& tx, BookId book) {
    for (const StoredJournal& stored : FindJournals(tx, book, ids_)) {
      const std::size_t i = first_.at(stored.id);
      ASSIGN_OR_RETURN(results_[i], Replay(tx, book, stored, journals_[i], hashes_[i]));
      known_.insert(i);
    }
    return OkStatus();
  }

  // Moves what is new into a batch; false when nothing is.
  bool TakeNew(SealedBatch& batch) {
    for (const Uuid& id : ids_) {
      const std::size_t i = first_.at(id);
      if (known_.contains(i)) continue;
      posted_.push_back(i);
      batch.journals.push_back(journals_[i]);
      batch.body_hashes.push_back(hashes_[i]);
    }
    return !posted_.empty();
  }

  void AnswerPosted(const PostedBatch& posted) {
    for (std::size_t i = 0; i < posted_.size(); ++i) {
      const PostedJournal& answer = posted.journals[i];
      const Journal& journal = journals_[posted_[i]];
      PostResult& result = results_[posted_[i]];
      result.journal_id = journal.id;
      if (answer.refusal.status != PostStatus::kAccepted) result = Refused(journal, answer.refusal);
      result.batch_seq = posted.batch_seq;
      result.first_position = answer.first_position;
      result.line_count = answer.line_count;
    }
  }

  // An id that came twice in this call answers the second time as it would in the next call.
  std::vector<PostResult> Finish() && {
    for (const std::size_t i : repeats_) {
      const std::size_t first = first_.at(journals_[i].id);
      if (hashes_[i] == hashes_[first]) {
        results_[i] = results_[first];
        results_[i].replayed = true;
      } else {
        results_[i] = Reused(journals_[first], journals_[i]);
      }
    }
    return std::move(results_);
  }

 private:
  std::span<const Journal> journals_;
  std::vector<PostResult> results_;
  std::vector<Digest> hashes_;
  std::map<Uuid, std::size_t> first_;
  std::vector<Uuid> ids_;
  std::vector<std::size_t> repeats_;
  std::set<std::size_t> known_;
  std::vector<std::size_t> posted_;
  std::size_t transfers_ = 0;
};

void Seal(const StoredHead& head, SealedBatch& batch) {
  batch.seal.book = batch.book;
  batch.seal.batch_seq = batch.posted.batch_seq;
  batch.seal.prev_hash = head.hash;
  batch.seal.body_hash = HashOfBody(batch.posted, batch.journals, batch.body_hashes);
  batch.seal.sealed_at = batch.posted.sealed_at;
  batch.seal.journal_count = static_cast<std::int32_t>(batch.journals.size());
  batch.seal.transfer_count = static_cast<std::int32_t>(batch.posted.transfers.size());
  batch.hash = HashOfSeal(batch.seal);
}

}  // namespace

Status PostResult::ToStatus() const {
  if (Accepted()) return OkStatus();
  const std::string_view name = PostStatusName(status);
  if (IsMalformed(status)) return InvalidArgument("{}: {}", name, message);
  if (status == PostStatus::kIdReused) return AlreadyExists("{}: {}", name, message);
  return FailedPrecondition("{}: {}", name, message);
}

Status RequireAccepted(std::span<const PostResult> results) {
  for (const PostResult& result : results) RETURN_IF_ERROR(result.ToStatus());
  return OkStatus();
}

StatusOr<std::vector<PostResult>> Ledger::PostIn(pg::Transaction& tx, BookId book,
                                                 std::span<const Journal> journals) const {
  Call call(journals);
  if (!call.FitsOneBatch()) {
    return InvalidArgument("a batch holds at most {} transfers; post the journals in parts",
                           kMaxBatchTransfers);
  }
  if (call.Ids().empty()) return std::move(call).Finish();
  // The head lock comes first: a second sender of an id waits here and then sees its row.
  ASSIGN_OR_RETURN(const StoredHead head, LockOrOpen(tx, book));
  RETURN_IF_ERROR(call.AnswerKnown(tx, book));
  SealedBatch batch;
  batch.book = book;
  if (!call.TakeNew(batch)) return std::move(call).Finish();
  const BookSnapshot snapshot = LoadSnapshot(tx, book, head, clock_.Now(), batch.journals);
  batch.posted = payments::Post(snapshot, batch.journals);
  Seal(head, batch);
  RETURN_IF_ERROR(InsertBatch(tx, batch));
  call.AnswerPosted(batch.posted);
  return std::move(call).Finish();
}

StatusOr<std::vector<PostResult>> Ledger::Post(const pg::Database& db, BookId book,
                                               std::span<const Journal> journals) const {
  std::vector<PostResult> results;
  results.reserve(journals.size());
  constexpr auto kMost = static_cast<std::size_t>(kMaxBatchTransfers);
  while (results.size() < journals.size()) {
    const std::span<const Journal> rest = journals.subspan(results.size());
    std::size_t count = 0;
    std::size_t transfers = 0;
    while (count < rest.size() && count < kMost) {
      transfers += rest[count].transfers.size();
      if (transfers > kMost && count > 0) break;
      ++count;
    }
    ASSIGN_OR_RETURN(auto answers, db.Transact([&](pg::Transaction& tx) {
      return PostIn(tx, book, rest.first(count));
    }));
    results.insert(results.end(), answers.begin(), answers.end());
  }
  return results;
}

StatusOr<AccountLine> FindBalance(pg::Transaction& tx, BookId book, const AccountKey& account) {
  if (auto line = SelectBalance(tx, book, account)) return *line;
  return NotFound("account {} was never used in book {}", account.ToString(), book);
}

StatusOr<AccountLine> FindBalanceAsOfBatch(pg::Transaction& tx, BookId book,
                                           const AccountKey& account, std::int64_t batch_seq) {
  if (auto line = SelectBalanceAsOfBatch(tx, book, account, batch_seq)) return *line;
  return NotFound("account {} was not used in book {} up to batch {}", account.ToString(), book,
                  batch_seq);
}

std::vector<AccountLine> TrialBalance(pg::Transaction& tx, BookId book) {
  return SelectBalances(tx, book);
}

std::vector<AccountLine> TrialBalanceOnDate(pg::Transaction& tx, BookId book, Date date) {
  return SelectBalancesOnDate(tx, book, date);
}

std::string FormatTrialBalance(std::span<const AccountLine> accounts) {
  std::string text = fmt::format("{:<56}{:>20}{:>20}\n", "account", "debit", "credit");
  Money debits;
  Money credits;
  for (const AccountLine& account : accounts) {
    const Money balance = account.counters.CreditBalance();
    if (balance.IsZero()) continue;
    const bool credit = balance > Money();
    (credit ? credits : debits) += Abs(balance);
    text += fmt::format("{:<56}{:>{}}\n", account.key.ToString(), Abs(balance).ToString(),
                        credit ? 40 : 20);
  }
  text += fmt::format("{:<56}{:>20}{:>20}\n", "total", debits.ToString(), credits.ToString());
  return text;
}

std::vector<EntryLine> ListEntries(pg::Transaction& tx, BookId book, const EntryFilter& filter) {
  return SelectEntries(tx, book, filter);
}

StatusOr<ChainHead> FindHead(pg::Transaction& tx, BookId book) {
  ChainHead head;
  head.book = book;
  if (const auto stored = FindStoredHead(tx, book)) {
    head.batch_seq = stored->batch_seq;
    head.hash = stored->hash;
    head.sealed_at = stored->sealed_at;
    return head;
  }
  if (!BookExists(tx, book)) return NotFound("book {} does not exist for this payer", book);
  return head;
}

}  // namespace sluice::payments
