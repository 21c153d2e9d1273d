#include "payments/ledger/verify_book.h"

#include <map>
#include <set>
#include <unordered_map>

#include "payments/ledger/verify_chart.h"
#include "payments/ledger/verify_hash.h"

namespace sluice::payments {
namespace {

using audit::AccountRow;
using audit::BalanceAfterRow;
using audit::BatchContent;
using audit::BatchRow;
using audit::JournalRow;
using audit::LimitRow;
using audit::SeenHold;
using audit::TransferRow;

constexpr std::int64_t kWindowTransfers = 50'000;
constexpr std::int64_t kWindowBatches = 1'000;
constexpr std::int16_t kCloseYearEvent = 44;

struct Replayed {
  AccountRow row;
  std::int64_t overdraft = 0;
  std::int64_t debits_pending = 0;
  std::int64_t debits_posted = 0;
  std::int64_t credits_pending = 0;
  std::int64_t credits_posted = 0;
  std::int64_t open_since_us = 0;
  bool was_open = false;

  const audit::ClassFacts& Facts() const { return audit::FactsOf(row.account_class); }
  std::int64_t CreditBalance() const { return credits_posted - debits_posted; }
  std::string Name() const { return fmt::format("{} {}", Facts().name, row.owner_key); }
};

// Replays one book.
class BookAudit {
 public:
  BookAudit(BookId book, LedgerVerifyReport& report) : book_(book), report_(report) {}

  void Run(pg::Transaction& tx, audit::BalanceAfterStream& after,
           const LedgerVerifyOptions& options) {
    // The head is read first, and only what it covers is judged: batches posted since are not lost.
    const auto head = audit::Head(tx, book_);
    for (AccountRow& row : audit::Accounts(tx, book_)) {
      const std::int64_t id = row.account_id;
      opened_[row.opened_batch_seq].push_back(id);
      Replayed replayed;
      replayed.row = std::move(row);
      accounts_.emplace(id, std::move(replayed));
    }
    while (ReplayWindow(tx, after)) {
    }
    CheckEnd(tx, head, after);
    CheckExported(options);
    CheckClearing(options);
    ++report_.books;
    ChainHead replayed;
    replayed.book = book_;
    replayed.batch_seq = last_;
    replayed.hash = last_hash_;
    replayed.sealed_at = Instant::FromMicros(last_sealed_);
    report_.heads.push_back(replayed);
  }

 private:
  // The first finding of each kind is the one that locates the damage.
  void Find(LedgerFindingKind kind, std::int64_t batch_seq, std::string detail) {
    if (!found_.insert(kind).second) return;
    report_.findings.push_back(LedgerFinding{kind, book_, batch_seq, std::move(detail)});
  }

  bool ReplayWindow(pg::Transaction& tx, audit::BalanceAfterStream& after) {
    const auto batches = audit::Batches(tx, book_, last_read_, kWindowBatches);
    if (batches.empty()) return false;
    std::size_t count = 0;
    std::int64_t transfers = 0;
    while (count < batches.size() && transfers < kWindowTransfers) {
      transfers += batches[count++].transfer_count;
    }
    const std::int64_t first = batches.front().batch_seq;
    const std::int64_t last = batches[count - 1].batch_seq;
    const auto journal_rows = audit::Journals(tx, book_, first, last);
    const auto transfer_rows = audit::Transfers(tx, book_, first, last);
    const auto limit_rows = audit::Limits(tx, book_, first, last);
    auto journal = journal_rows.begin();
    auto transfer = transfer_rows.begin();
    auto limit = limit_rows.begin();
    const auto take = [](auto& from, const auto& end, std::int64_t batch_seq, auto& into) {
      for (; from != end && from->batch_seq <= batch_seq; ++from) into.push_back(&*from);
    };
    for (std::size_t i = 0; i < count; ++i) {
      BatchContent content;
      content.batch = &batches[i];
      take(journal, journal_rows.end(), batches[i].batch_seq, content.journals);
      take(transfer, transfer_rows.end(), batches[i].batch_seq, content.transfers);
      take(limit, limit_rows.end(), batches[i].batch_seq, content.limits);
      Replay(content, after);
    }
    last_read_ = last;
    return true;
  }

  void Replay(BatchContent& content, audit::BalanceAfterStream& after) {
    const BatchRow& batch = *content.batch;
    if (const auto opened = opened_.find(batch.batch_seq); opened != opened_.end()) {
      for (const std::int64_t id : opened->second) {
        content.opened.push_back(&accounts_.at(id).row);
      }
      accounts_opened_ += static_cast<std::int64_t>(opened->second.size());
    }
    CheckChain(content);
    CheckNumbers(content);
    touched_.clear();
    for (const LimitRow* limit : content.limits) {
      if (Replayed* account = Account(limit->account_id, batch.batch_seq)) {
        account->overdraft = limit->overdraft;
      }
    }
    for (const TransferRow* transfer : content.transfers) Apply(content, *transfer);
    CheckJournals(content);
    CheckAccounts(batch);
    CheckBalanceAfter(batch.batch_seq, after);
    CheckIdentities(batch.batch_seq);
    report_.batches += 1;
    report_.journals += static_cast<std::int64_t>(content.journals.size());
    report_.transfers += static_cast<std::int64_t>(content.transfers.size());
    counts_.journals += static_cast<std::int64_t>(content.journals.size());
    counts_.transfers += static_cast<std::int64_t>(content.transfers.size());
    counts_.limits += static_cast<std::int64_t>(content.limits.size());
    last_ = batch.batch_seq;
    last_hash_ = batch.hash;
    last_sealed_ = batch.sealed_at_us;
    hashes_[batch.batch_seq] = batch.hash;
  }

  void CheckChain(const BatchContent& content) {
    const BatchRow& batch = *content.batch;
    if (batch.batch_seq != last_ + 1) {
      Find(LedgerFindingKind::kSequenceGap, last_ + 1,
           fmt::format("batch {} follows batch {}", batch.batch_seq, last_));
    }
    if (batch.sealed_at_us <= last_sealed_) {
      Find(LedgerFindingKind::kSequenceGap, batch.batch_seq,
           "it was sealed before the batch before it");
    }
    if (batch.prev_hash != last_hash_) {
      Find(LedgerFindingKind::kHashMismatch, batch.batch_seq,
           "its previous hash is not the hash of the batch before it");
    }
    if (batch.hash_version != 1) {
      Find(LedgerFindingKind::kHashMismatch, batch.batch_seq,
           fmt::format("hash version {} is unknown", batch.hash_version));
    }
    if (audit::BodyHash(content) != batch.body_hash) {
      Find(LedgerFindingKind::kHashMismatch, batch.batch_seq,
           "its rows are not those that were sealed");
    }
    if (audit::SealHash(book_, batch) != batch.hash) {
      Find(LedgerFindingKind::kHashMismatch, batch.batch_seq,
           "its own row is not as it was sealed");
    }
  }

  void CheckNumbers(const BatchContent& content) {
    const BatchRow& batch = *content.batch;
    const auto gap = [&](std::string detail) {
      Find(LedgerFindingKind::kSequenceGap, batch.batch_seq, std::move(detail));
    };
    if (content.journals.size() != static_cast<std::size_t>(batch.journal_count) ||
        content.transfers.size() != static_cast<std::size_t>(batch.transfer_count)) {
      gap(fmt::format("{} journals and {} transfers are there, {} and {} were sealed",
                      content.journals.size(), content.transfers.size(), batch.journal_count,
                      batch.transfer_count));
    }
    std::int32_t position = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < content.journals.size(); ++i) {
      const JournalRow& journal = *content.journals[i];
      if (journal.ordinal != static_cast<std::int32_t>(i) + 1 ||
          journal.first_position != position + 1) {
        gap(fmt::format("journal {} is out of order", FormatUuid(journal.journal_id)));
      }
      for (std::int32_t line = 0; line < journal.line_count; ++line, ++at) {
        ++position;
        const bool fits = at < content.transfers.size() &&
                          content.transfers[at]->position == position &&
                          content.transfers[at]->journal_ordinal == journal.ordinal;
        if (!fits) gap(fmt::format("transfer {} is missing or out of order", position));
      }
    }
    if (at != content.transfers.size()) gap("a transfer belongs to no journal");
  }

  Replayed* Account(std::int64_t id, std::int64_t batch_seq) {
    const auto found = accounts_.find(id);
    if (found == accounts_.end() || found->second.row.opened_batch_seq > batch_seq) {
      Find(LedgerFindingKind::kSequenceGap, batch_seq,
           fmt::format("account {} is used before it was opened", id));
      return nullptr;
    }
    touched_.insert(id);
    return &found->second;
  }

  const JournalRow* JournalOf(const BatchContent& content, const TransferRow& transfer) const {
    const auto index = static_cast<std::size_t>(transfer.journal_ordinal) - 1;
    return index < content.journals.size() ? content.journals[index] : nullptr;
  }

  void Apply(const BatchContent& content, const TransferRow& t) {
    Replayed* debit = Account(t.debit, t.batch_seq);
    Replayed* credit = Account(t.credit, t.batch_seq);
    if (debit == nullptr || credit == nullptr) return;
    std::int64_t posted = 0;
    std::int64_t pending = 0;
    if (t.kind == 0) posted = t.amount;
    if (t.kind == 1) {
      pending = t.amount;
      SeenHold hold;
      hold.transfer = t;
      if (const JournalRow* journal = JournalOf(content, t)) {
        hold.journal_id = journal->journal_id;
        hold.line = t.position - journal->first_position + 1;
      }
      holds_.emplace(std::pair(t.batch_seq, t.position), hold);
    }
    if (t.kind >= 2) {
      pending = -Resolve(*content.batch, t);
      if (t.kind == 2) posted = t.amount;
    }
    debit->debits_posted += posted;
    credit->credits_posted += posted;
    debit->debits_pending += pending;
    credit->credits_pending += pending;
  }

  // Checks a resolution; the amount of the hold that it lifts.
  std::int64_t Resolve(const BatchRow& batch, const TransferRow& t) {
    ++counts_.resolutions;
    const std::pair key(t.pending_batch_seq.value_or(0), t.pending_position.value_or(0));
    const auto invalid = [&](std::string_view why) {
      Find(LedgerFindingKind::kPendingInvalid, t.batch_seq,
           fmt::format("transfer {}: {}", t.position, why));
    };
    const auto found = holds_.find(key);
    if (found == holds_.end()) {
      invalid("it resolves a hold that does not exist");
      return 0;
    }
    if (!resolved_.insert(key).second) {
      Find(LedgerFindingKind::kPendingResolvedTwice, t.batch_seq,
           fmt::format("transfer {} resolves the hold of batch {} position {} again", t.position,
                       key.first, key.second));
      return 0;
    }
    const TransferRow& hold = found->second.transfer;
    if (hold.debit != t.debit || hold.credit != t.credit) invalid("not the accounts of its hold");
    if (t.amount > hold.amount || (t.kind != 2 && t.amount != hold.amount)) {
      invalid("not the amount of its hold");
    }
    const bool expired = hold.expires_at_us && batch.sealed_at_us >= *hold.expires_at_us;
    if (expired != (t.kind == 4)) invalid("not at the time its hold allows");
    const std::int64_t posted = t.kind == 2 ? t.amount : 0;
    if (t.resolution_batch_seq != t.batch_seq || t.resolution_position != t.position ||
        t.resolution_outcome != t.kind || t.resolution_posted != posted) {
      invalid("the stored resolution of its hold says otherwise");
    }
    return hold.amount;
  }

  // The request that each journal was, rebuilt from its lines: the idempotency record must hold.
  void CheckJournals(const BatchContent& content) {
    std::size_t next_limit = 0;
    for (const JournalRow* journal : content.journals) {
      Digest expected{};
      if (journal->refused_body) {
        expected = audit::RefusedRequest(*journal->refused_body);
      } else {
        const LimitRow* limit = nullptr;
        if (next_limit < content.limits.size() &&
            content.limits[next_limit]->ordinal == journal->ordinal) {
          limit = content.limits[next_limit++];
        }
        expected = RequestOf(content, *journal, limit);
      }
      if (expected != journal->body_hash) {
        Find(LedgerFindingKind::kHashMismatch, content.batch->batch_seq,
             fmt::format("journal {} is not the request that was answered",
                         FormatUuid(journal->journal_id)));
      }
      const bool closes = journal->event == kCloseYearEvent && journal->outcome == 0;
      if (closes && (!closed_through_ || *closed_through_ < journal->effective_date)) {
        closed_through_ = journal->effective_date;
      }
    }
  }

  Digest RequestOf(const BatchContent& content, const JournalRow& journal,
                   const LimitRow* limit) const {
    const audit::RequestContext context{
        [this](std::int64_t id) -> const AccountRow* {
          const auto found = accounts_.find(id);
          return found == accounts_.end() ? nullptr : &found->second.row;
        },
        [this](std::int64_t batch_seq, std::int32_t position) -> const SeenHold* {
          const auto found = holds_.find({batch_seq, position});
          return found == holds_.end() ? nullptr : &found->second;
        }};
    return audit::AcceptedRequest(content, journal, limit, context);
  }

  void CheckAccounts(const BatchRow& batch) {
    for (const std::int64_t id : touched_) {
      Replayed& a = accounts_.at(id);
      const bool l1 = a.Facts().limit != 1 ||
                      a.debits_posted + a.debits_pending <= a.credits_posted + a.overdraft;
      const bool l2 = a.Facts().limit != 2 ||
                      a.credits_posted + a.credits_pending <= a.debits_posted + a.overdraft;
      if (!l1 || !l2) {
        Find(LedgerFindingKind::kLimitViolation, batch.batch_seq,
             fmt::format("{} is beyond its limit", a.Name()));
      }
      const bool open = a.CreditBalance() != 0;
      if (open && !a.was_open) a.open_since_us = batch.sealed_at_us;
      a.was_open = open;
    }
  }

  void CheckBalanceAfter(std::int64_t batch_seq, audit::BalanceAfterStream& after) {
    const auto mismatch = [&](std::int64_t at, std::int64_t account, std::string_view why) {
      Find(LedgerFindingKind::kBalanceMismatch, at,
           fmt::format("balance_after of account {}: {}", account, why));
    };
    std::set<std::int64_t> expected = touched_;
    while (after.Peek() && after.Peek()->batch_seq <= batch_seq) {
      const BalanceAfterRow row = *after.Peek();
      after.Advance();
      if (row.batch_seq != batch_seq || expected.erase(row.account_id) == 0) {
        mismatch(row.batch_seq, row.account_id, "the batch did not touch the account");
        continue;
      }
      const Replayed& a = accounts_.at(row.account_id);
      if (row.debits_pending != a.debits_pending || row.debits_posted != a.debits_posted ||
          row.credits_pending != a.credits_pending || row.credits_posted != a.credits_posted) {
        mismatch(batch_seq, row.account_id, "the counters differ from the replay");
      }
    }
    if (!expected.empty()) mismatch(batch_seq, *expected.begin(), "the row is missing");
  }

  // F and C, from the sums of their classes. Only touched accounts can have moved, so the sums are
  // kept and corrected by what each touched account changed.
  void CheckIdentities(std::int64_t batch_seq) {
    for (const std::int64_t id : touched_) {
      const Replayed& a = accounts_.at(id);
      std::int64_t& counted = counted_[id];
      (a.Facts().funding ? funding_ : coverage_) += a.CreditBalance() - counted;
      counted = a.CreditBalance();
    }
    if (funding_ != 0) {
      Find(LedgerFindingKind::kIdentityF, batch_seq,
           fmt::format("funding is off by {}", Money::FromCents(funding_)));
    }
    if (coverage_ != 0) {
      Find(LedgerFindingKind::kIdentityC, batch_seq,
           fmt::format("cash coverage is off by {}", Money::FromCents(coverage_)));
    }
  }

  void CheckEnd(pg::Transaction& tx, const std::optional<audit::HeadRow>& head,
                const audit::BalanceAfterStream& after) {
    const std::int64_t at_head = head ? head->batch_seq : 0;
    if (at_head > last_) {
      Find(LedgerFindingKind::kTailTruncated, last_ + 1,
           fmt::format("the head is at batch {}, the last batch is {}", at_head, last_));
    } else if (at_head < last_ || (head && last_ > 0 && head->hash != last_hash_)) {
      Find(LedgerFindingKind::kHeadMismatch, last_, "the stored head is not the last batch");
    }
    if (head && head->closed_through != closed_through_) {
      Find(LedgerFindingKind::kBalanceMismatch, last_, "the closed period differs from the replay");
    }
    for (const auto& [id, a] : accounts_) {
      const AccountRow& row = a.row;
      const bool same =
          row.limit_kind && *row.limit_kind == a.Facts().limit && row.overdraft == a.overdraft &&
          row.debits_pending == a.debits_pending && row.debits_posted == a.debits_posted &&
          row.credits_pending == a.credits_pending && row.credits_posted == a.credits_posted;
      if (!same) {
        Find(LedgerFindingKind::kBalanceMismatch, last_,
             fmt::format("the stored balance of {} differs from the replay", a.Name()));
      }
    }
    const audit::RowCounts stored = audit::Counts(tx, book_);
    const bool all_seen =
        stored.journals == counts_.journals && stored.transfers == counts_.transfers &&
        stored.resolutions == counts_.resolutions && stored.limits == counts_.limits &&
        !after.Peek() && accounts_opened_ == static_cast<std::int64_t>(accounts_.size());
    if (!all_seen) {
      Find(LedgerFindingKind::kSequenceGap, last_ + 1, "there are rows that belong to no batch");
    }
  }

  void CheckExported(const LedgerVerifyOptions& options) {
    for (const ChainHead& head : options.exported_heads) {
      if (head.book != book_ || head.batch_seq == 0) continue;
      const auto found = hashes_.find(head.batch_seq);
      if (found == hashes_.end()) {
        Find(LedgerFindingKind::kTailTruncated, last_ + 1,
             fmt::format("an exported head names batch {}, the last batch is {}", head.batch_seq,
                         last_));
      } else if (found->second != head.hash) {
        Find(LedgerFindingKind::kHeadMismatch, head.batch_seq,
             "its hash is not the one that was exported");
      }
    }
  }

  void CheckClearing(const LedgerVerifyOptions& options) {
    constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
    for (const auto& [id, a] : accounts_) {
      if (!a.Facts().clears || a.CreditBalance() == 0) continue;
      report_.open_clearing.push_back(OpenClearing{book_, a.Name(),
                                                   Money::FromCents(a.CreditBalance()),
                                                   Instant::FromMicros(a.open_since_us)});
      if (!options.now) continue;
      const std::int64_t age = options.now->Micros() - a.open_since_us;
      if (age > options.clearing_days * kMicrosPerDay) {
        Find(LedgerFindingKind::kClearingOverdue, last_,
             fmt::format("{} is at {} since {}", a.Name(), Money::FromCents(a.CreditBalance()),
                         Instant::FromMicros(a.open_since_us).ToString()));
      }
    }
  }

  BookId book_;
  LedgerVerifyReport& report_;
  std::set<LedgerFindingKind> found_;
  std::map<std::int64_t, Replayed> accounts_;
  std::map<std::int64_t, std::vector<std::int64_t>> opened_;  // account ids by opening batch
  std::map<std::pair<std::int64_t, std::int32_t>, SeenHold> holds_;
  std::set<std::pair<std::int64_t, std::int32_t>> resolved_;
  std::set<std::int64_t> touched_;
  std::unordered_map<std::int64_t, std::int64_t> counted_;
  std::map<std::int64_t, Digest> hashes_;
  audit::RowCounts counts_;
  std::int64_t accounts_opened_ = 0;
  std::int64_t funding_ = 0;
  std::int64_t coverage_ = 0;
  std::int64_t last_read_ = 0;
  std::int64_t last_ = 0;
  Digest last_hash_{};
  std::int64_t last_sealed_ = 0;
  std::optional<Date> closed_through_;
};

}  // namespace

void AuditBook(pg::Transaction& tx, audit::BalanceAfterStream& after, BookId book,
               const LedgerVerifyOptions& options, LedgerVerifyReport& report) {
  BookAudit(book, report).Run(tx, after, options);
}

}  // namespace sluice::payments
