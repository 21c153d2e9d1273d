#include "payments/ledger/ledger.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/check.h"
#include "core/failpoint.h"
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

// What is found of journals without a database: which are malformed, which id comes twice, and the
// hash of each body. Not changed by posting, so one serves every attempt of a transaction.
class CheckedJournals {
 public:
  explicit CheckedJournals(std::span<const Journal> journals) : journals_(journals) {
    hashes_.resize(journals.size());
    first_.reserve(journals.size());
    ids_.reserve(journals.size());
    for (std::size_t i = 0; i < journals.size(); ++i) {
      if (const auto refusal = FindMalformation(journals[i])) {
        malformed_.emplace_back(i, *refusal);
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
  std::span<const Journal> Journals() const { return journals_; }
  std::span<const Digest> Hashes() const { return hashes_; }
  // Distinct ids of well-formed journals, in order.
  const std::vector<Uuid>& Ids() const { return ids_; }
  // The journal that came first with the id.
  std::size_t First(const Uuid& id) const { return first_.at(id); }
  // Those that came later with an id.
  const std::vector<std::size_t>& Repeats() const { return repeats_; }
  const std::vector<std::pair<std::size_t, Refusal>>& Malformed() const { return malformed_; }

 private:
  // Ids are chosen by callers: all their bits count.
  struct IdHash {
    std::size_t operator()(const Uuid& id) const noexcept {
      return std::hash<std::string_view>{}(
          std::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
    }
  };

  std::span<const Journal> journals_;
  std::vector<Digest> hashes_;
  std::unordered_map<Uuid, std::size_t, IdHash> first_;
  std::vector<Uuid> ids_;
  std::vector<std::size_t> repeats_;
  std::vector<std::pair<std::size_t, Refusal>> malformed_;
  std::size_t transfers_ = 0;
};

// One attempt to post them: what is answered without posting, and what is posted.
class Call {
 public:
  explicit Call(const CheckedJournals& checked)
      : checked_(checked), results_(checked.Journals().size()) {
    for (const auto& [i, refusal] : checked.Malformed()) {
      results_[i] = Refused(checked.Journals()[i], refusal);
    }
  }

  Status AnswerKnown(pg::Transaction& tx, BookId book) {
    for (const StoredJournal& stored : FindJournals(tx, book, checked_.Ids())) {
      const std::size_t i = checked_.First(stored.id);
      ASSIGN_OR_RETURN(results_[i],
                       Replay(tx, book, stored, checked_.Journals()[i], checked_.Hashes()[i]));
      known_.insert(i);
    }
    return OkStatus();
  }

  // Gives what is new to a batch, which it lives longer than; false when nothing is.
  bool TakeNew(SealedBatch& batch) {
    if (known_.empty() && checked_.Ids().size() == checked_.Journals().size()) {
      batch.journals = checked_.Journals();
      batch.body_hashes = checked_.Hashes();
      return true;
    }
    for (const Uuid& id : checked_.Ids()) {
      const std::size_t i = checked_.First(id);
      if (known_.contains(i)) continue;
      posted_.push_back(i);
      new_journals_.push_back(checked_.Journals()[i]);
      new_hashes_.push_back(checked_.Hashes()[i]);
    }
    batch.journals = new_journals_;
    batch.body_hashes = new_hashes_;
    return !posted_.empty();
  }

  void AnswerPosted(const PostedBatch& posted) {
    for (std::size_t i = 0; i < posted.journals.size(); ++i) {
      const std::size_t place = posted_.empty() ? i : posted_[i];
      const PostedJournal& answer = posted.journals[i];
      const Journal& journal = checked_.Journals()[place];
      PostResult& result = results_[place];
      result.journal_id = journal.id;
      if (answer.refusal.status != PostStatus::kAccepted) result = Refused(journal, answer.refusal);
      result.batch_seq = posted.batch_seq;
      result.first_position = answer.first_position;
      result.line_count = answer.line_count;
    }
  }

  // An id that came twice in this call answers the second time as it would in the next call.
  std::vector<PostResult> Finish() && {
    const std::span<const Journal> journals = checked_.Journals();
    for (const std::size_t i : checked_.Repeats()) {
      const std::size_t first = checked_.First(journals[i].id);
      if (checked_.Hashes()[i] == checked_.Hashes()[first]) {
        results_[i] = results_[first];
        results_[i].replayed = true;
      } else {
        results_[i] = Reused(journals[first], journals[i]);
      }
    }
    return std::move(results_);
  }

 private:
  const CheckedJournals& checked_;
  std::vector<PostResult> results_;
  std::set<std::size_t> known_;
  std::vector<std::size_t> posted_;  // places of what is posted; none when that is all
  std::vector<Journal> new_journals_;
  std::vector<Digest> new_hashes_;
};

// How many of the journals make the next batch: at least one.
std::size_t CountOfBatch(std::span<const Journal> journals) {
  constexpr auto kMost = static_cast<std::size_t>(kMaxBatchTransfers);
  std::size_t count = 0;
  std::size_t transfers = 0;
  while (count < journals.size() && count < kMost) {
    transfers += journals[count].transfers.size();
    if (transfers > kMost && count > 0) break;
    ++count;
  }
  return count;
}

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

StatusOr<std::vector<PostResult>> PostChecked(pg::Transaction& tx, BookId book,
                                              const CheckedJournals& checked, Clock& clock) {
  if (!checked.FitsOneBatch()) {
    return InvalidArgument("a batch holds at most {} transfers; post the journals in parts",
                           kMaxBatchTransfers);
  }
  Call call(checked);
  if (checked.Ids().empty()) return std::move(call).Finish();
  PreferKeys(tx);
  // The head lock comes first: a second sender of an id waits here and then sees its row.
  ASSIGN_OR_RETURN(const StoredHead head, LockOrOpen(tx, book));
  RETURN_IF_ERROR(Failpoint("ledger.after_head_lock"));
  RETURN_IF_ERROR(call.AnswerKnown(tx, book));
  SealedBatch batch;
  batch.book = book;
  if (!call.TakeNew(batch)) return std::move(call).Finish();
  const BookSnapshot snapshot = LoadSnapshot(tx, book, head, clock.Now(), batch.journals);
  batch.posted = payments::Post(snapshot, batch.journals);
  Seal(head, batch);
  RETURN_IF_ERROR(InsertBatch(tx, batch));
  RETURN_IF_ERROR(Failpoint("ledger.after_insert"));
  call.AnswerPosted(batch.posted);
  return std::move(call).Finish();
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
  return PostChecked(tx, book, CheckedJournals(journals), clock_);
}

StatusOr<std::vector<PostResult>> Ledger::Post(const pg::Database& db, BookId book,
                                               std::span<const Journal> journals) const {
  std::vector<PostResult> results;
  results.reserve(journals.size());
  std::optional<CheckedJournals> checked;
  if (!journals.empty()) checked.emplace(journals.first(CountOfBatch(journals)));
  while (checked) {
    // The server posts one batch while the next one is checked and hashed here.
    const auto rest = journals.subspan(results.size() + checked->Journals().size());
    std::future<CheckedJournals> next;
    if (!rest.empty()) {
      next = std::async(std::launch::async,
                        [rest] { return CheckedJournals(rest.first(CountOfBatch(rest))); });
    }
    ASSIGN_OR_RETURN(auto answers, db.Transact([&](pg::Transaction& tx) {
      return PostChecked(tx, book, *checked, clock_);
    }));
    std::ranges::move(answers, std::back_inserter(results));
    checked.reset();
    if (next.valid()) checked.emplace(next.get());
  }
  return results;
}

StatusOr<AccountLine> FindBalance(pg::Transaction& tx, BookId book, const AccountKey& account) {
  if (auto line = SelectBalance(tx, book, account)) return *line;
  return NotFound("account {} was never used in book {}", account.ToString(), book);
}

Money CreditBalanceOf(pg::Transaction& tx, BookId book, const AccountKey& account) {
  const auto line = SelectBalance(tx, book, account);
  return line ? line->counters.CreditBalance() : Money{};
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
