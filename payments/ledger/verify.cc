#include "payments/ledger/verify.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <unordered_map>

#include "payments/ledger/verify_store.h"

namespace sluice::payments {
namespace {

using audit::AccountRow;
using audit::BalanceAfterRow;
using audit::BatchRow;
using audit::JournalRow;
using audit::LimitRow;
using audit::TransferRow;

constexpr std::int64_t kWindowTransfers = 50'000;
constexpr std::int64_t kWindowBatches = 1'000;
constexpr pg::TransactOptions kAuditOptions{pg::Isolation::kRepeatableRead, true,
                                            std::chrono::hours(6), std::chrono::seconds(30)};

// The chart of accounts, written down a second time on purpose.
struct ClassFacts {
  const char* name;
  int limit;  // 0 none, 1 credit-normal, 2 debit-normal
  bool clears;
  bool funding;  // belongs to identity F; the others to C
};
constexpr ClassFacts kClasses[] = {
    {"?", 0, false, false},
    {"CASH", 0, false, false},
    {"BANK_SUSPENSE", 0, true, false},
    {"POOL", 1, false, false},
    {"RUN_FUNDS", 1, true, false},
    {"PROGRAM_EXPENSE", 0, false, true},
    {"FUNDING_APPLIED", 0, false, true},
    {"PROGRAM_OBLIGATION", 1, false, true},
    {"PAYEE_PAYABLE", 1, false, false},
    {"WITHHOLD_RESERVE", 1, false, false},
    {"FORFEITED_WITHHOLD", 1, true, false},
    {"PAYEE_RECEIVABLE", 2, false, true},
    {"IN_TRANSIT", 1, true, false},
    {"RETURNED_ITEMS", 0, true, false},
    {"TAX_WITHHELD", 1, false, false},
    {"LEVY_WITHHELD", 1, false, false},
    {"UNCLAIMED", 1, false, false},
    {"INTERBOOK", 0, false, false},
};

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

  const ClassFacts& Facts() const {
    const bool known = row.account_class >= 1 && row.account_class <= 17;
    return kClasses[known ? row.account_class : 0];
  }
  std::int64_t CreditBalance() const { return credits_posted - debits_posted; }
  std::string Name() const { return fmt::format("{} {}", Facts().name, row.owner_key); }
};

// A hold as the replay saw it.
struct SeenHold {
  TransferRow transfer;
  Uuid journal_id{};
  std::int32_t line = 0;
};

// The rows of one batch.
struct BatchContent {
  const BatchRow* batch = nullptr;
  std::vector<const AccountRow*> opened;
  std::vector<const JournalRow*> journals;
  std::vector<const TransferRow*> transfers;
  std::vector<const LimitRow*> limits;
};

std::uint32_t U(std::int32_t value) { return static_cast<std::uint32_t>(value); }

Digest BodyHash(const BatchContent& content) {
  CanonicalWriter out("sluice.batch.v1");
  out.U32(static_cast<std::uint32_t>(content.opened.size()));
  for (const AccountRow* account : content.opened) {
    out.I64(account->account_id).U32(U(account->account_class)).Text(account->owner_key);
  }
  out.U32(static_cast<std::uint32_t>(content.journals.size()));
  for (const JournalRow* j : content.journals) {
    out.Raw(j->journal_id).U32(U(j->ordinal)).U32(U(j->event)).I64(j->source_id).I64(j->actor_id);
    out.U8(j->corrects ? 1 : 0);
    if (j->corrects) out.Raw(*j->corrects);
    out.Day(j->effective_date).Raw(j->body_hash).U32(U(j->outcome));
    out.U32(U(j->first_position)).U32(U(j->line_count)).U8(j->refused_body ? 1 : 0);
    if (j->refused_body) out.Raw(*j->refused_body);
  }
  out.U32(static_cast<std::uint32_t>(content.transfers.size()));
  std::uint32_t resolutions = 0;
  for (const TransferRow* t : content.transfers) {
    out.U32(U(t->position)).U32(U(t->journal_ordinal)).U32(U(t->kind)).U32(U(t->event));
    out.I64(t->debit).I64(t->credit).I64(t->amount).Day(t->effective_date);
    out.OptionalI64(t->expires_at_us);
    out.I64(t->pending_batch_seq.value_or(0)).U32(U(t->pending_position.value_or(0)));
    if (t->pending_batch_seq) ++resolutions;
  }
  out.U32(static_cast<std::uint32_t>(content.limits.size()));
  for (const LimitRow* l : content.limits) {
    out.U32(U(l->ordinal)).I64(l->account_id).I64(l->overdraft);
  }
  out.U32(resolutions);
  for (const TransferRow* t : content.transfers) {
    if (!t->pending_batch_seq) continue;
    out.U32(U(t->position)).I64(*t->pending_batch_seq).U32(U(t->pending_position.value_or(0)));
    out.U32(U(t->resolution_outcome.value_or(0))).I64(t->resolution_posted.value_or(-1));
  }
  return out.Hash();
}

Digest SealHash(BookId book, const BatchRow& batch) {
  CanonicalWriter out("sluice.seal");
  out.U8(static_cast<std::uint8_t>(batch.hash_version)).I64(book.Value()).I64(batch.batch_seq);
  out.Raw(batch.prev_hash).Raw(batch.body_hash).I64(batch.sealed_at_us);
  out.U32(U(batch.journal_count)).U32(U(batch.transfer_count));
  return out.Hash();
}

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
    if (BodyHash(content) != batch.body_hash) {
      Find(LedgerFindingKind::kHashMismatch, batch.batch_seq,
           "its rows are not those that were sealed");
    }
    if (SealHash(book_, batch) != batch.hash) {
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
        expected = RefusedRequest(*journal->refused_body);
      } else {
        const LimitRow* limit = nullptr;
        if (next_limit < content.limits.size() &&
            content.limits[next_limit]->ordinal == journal->ordinal) {
          limit = content.limits[next_limit++];
        }
        expected = AcceptedRequest(content, *journal, limit);
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

  // The request inside a stored refusal: a tag, then the request's own bytes, each with a length.
  static Digest RefusedRequest(const Bytes& refused) {
    std::size_t at = 0;
    ByteView part;
    for (int field = 0; field < 2; ++field) {
      if (refused.size() < at + 4) return Digest{};
      std::size_t length = 0;
      for (int i = 0; i < 4; ++i) length = length << 8 | refused[at++];
      if (refused.size() - at < length) return Digest{};
      part = ByteView(refused).subspan(at, length);
      at += length;
    }
    return Sha256(part);
  }

  void AppendAccount(std::int64_t id, CanonicalWriter& out) const {
    const auto found = accounts_.find(id);
    if (found == accounts_.end()) return;
    out.U32(U(found->second.row.account_class)).Text(found->second.row.owner_key);
  }

  Digest AcceptedRequest(const BatchContent& content, const JournalRow& journal,
                         const LimitRow* limit) const {
    CanonicalWriter out("sluice.journal.v1");
    out.U32(U(journal.event)).I64(journal.source_id).I64(journal.actor_id);
    out.U8(journal.corrects ? 1 : 0);
    if (journal.corrects) out.Raw(*journal.corrects);
    out.Day(journal.effective_date).U32(U(journal.line_count));
    for (std::int32_t line = 0; line < journal.line_count; ++line) {
      const auto index = static_cast<std::size_t>(journal.first_position - 1 + line);
      if (index >= content.transfers.size()) return Digest{};
      const TransferRow& t = *content.transfers[index];
      out.U8(static_cast<std::uint8_t>(t.kind)).U32(U(t.event));
      AppendAccount(t.debit, out);
      AppendAccount(t.credit, out);
      out.I64(t.amount).OptionalI64(t.expires_at_us);
      const bool names_hold = t.pending_batch_seq.has_value();
      out.U8(names_hold ? 1 : 0);
      if (!names_hold) continue;
      const auto hold = holds_.find({*t.pending_batch_seq, t.pending_position.value_or(0)});
      if (hold == holds_.end()) return Digest{};
      out.Raw(hold->second.journal_id).U32(U(hold->second.line));
    }
    out.U8(limit != nullptr ? 1 : 0);
    if (limit != nullptr) {
      AppendAccount(limit->account_id, out);
      out.I64(limit->overdraft);
    }
    return out.Hash();
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

std::string_view LedgerFindingName(LedgerFindingKind kind) {
  switch (kind) {
    case LedgerFindingKind::kHashMismatch:
      return "HASH_MISMATCH";
    case LedgerFindingKind::kSequenceGap:
      return "SEQUENCE_GAP";
    case LedgerFindingKind::kHeadMismatch:
      return "HEAD_MISMATCH";
    case LedgerFindingKind::kTailTruncated:
      return "TAIL_TRUNCATED";
    case LedgerFindingKind::kBalanceMismatch:
      return "BALANCE_MISMATCH";
    case LedgerFindingKind::kLimitViolation:
      return "LIMIT_VIOLATION";
    case LedgerFindingKind::kPendingResolvedTwice:
      return "PENDING_RESOLVED_TWICE";
    case LedgerFindingKind::kPendingInvalid:
      return "PENDING_INVALID";
    case LedgerFindingKind::kIdentityF:
      return "IDENTITY_F";
    case LedgerFindingKind::kIdentityC:
      return "IDENTITY_C";
    case LedgerFindingKind::kClearingOverdue:
      return "CLEARING_OVERDUE";
  }
  return "UNKNOWN";
}

std::string LedgerFinding::ToString() const {
  return fmt::format("{} book {} batch {}: {}", LedgerFindingName(kind), book, batch_seq, detail);
}

StatusOr<LedgerVerifyReport> VerifyLedger(const pg::Database& db,
                                          const LedgerVerifyOptions& options) {
  ASSIGN_OR_RETURN(
      std::vector<BookId> books,
      db.Transact(kAuditOptions, [](pg::Transaction& tx) -> StatusOr<std::vector<BookId>> {
        return audit::Books(tx);
      }));
  const auto known = [&](BookId book) { return std::ranges::find(books, book) != books.end(); };
  for (const ChainHead& head : options.exported_heads) {
    if (!known(head.book)) {
      return FailedPrecondition("the exported head is of book {}, which is not this payer's",
                                head.book);
    }
  }
  if (options.book) {
    if (!known(*options.book)) {
      return NotFound("book {} does not exist for this payer", *options.book);
    }
    books = {*options.book};
  }
  LedgerVerifyReport report;
  for (const BookId book : books) {
    // The replay and the stream of balance_after read at once, each on a connection of its own.
    LedgerVerifyReport of_book;
    RETURN_IF_ERROR(db.Transact(kAuditOptions, [&](pg::Transaction& tx) -> Status {
      // This statement takes the snapshot. The stream's is then newer, and what it has beyond the
      // last batch of the replay was posted since.
      (void)audit::Head(tx, book);
      return db.Transact(kAuditOptions, [&](pg::Transaction& stream_tx) -> Status {
        of_book = report;
        BookAudit audit(book, of_book);
        audit::BalanceAfterStream after(stream_tx, book);
        audit.Run(tx, after, options);
        while (after.Peek()) after.Advance();
        return OkStatus();
      });
    }));
    report = std::move(of_book);
  }
  return report;
}

Status ExportPlainText(const pg::Database& db, BookId book, std::ostream& out) {
  return db.Transact(kAuditOptions, [&](pg::Transaction& tx) -> Status {
    std::unordered_map<std::int64_t, std::string> names;
    out << "commodity 1000.00 USD\n";
    for (const AccountRow& row : audit::Accounts(tx, book)) {
      Replayed account;
      account.row = row;
      names[row.account_id] = fmt::format("{}:{}", account.Facts().name, row.owner_key);
      out << "account " << names[row.account_id] << "\n";
    }
    std::int64_t last = 0;
    while (true) {
      const auto batches = audit::Batches(tx, book, last, 8);
      if (batches.empty()) return OkStatus();
      const std::int64_t first = last + 1;
      last = batches.back().batch_seq;
      const auto transfers = audit::Transfers(tx, book, first, last);
      auto transfer = transfers.begin();
      for (const JournalRow& journal : audit::Journals(tx, book, first, last)) {
        std::string lines;
        for (; transfer != transfers.end() && transfer->batch_seq == journal.batch_seq &&
               transfer->journal_ordinal == journal.ordinal;
             ++transfer) {
          if (transfer->kind != 0 && transfer->kind != 2) continue;
          const std::string amount = Money::FromCents(transfer->amount).ToPlainString();
          lines += fmt::format("    {}  {} USD\n    {}  -{} USD\n", names[transfer->debit], amount,
                               names[transfer->credit], amount);
        }
        if (lines.empty()) continue;
        out << fmt::format("\n{} * ({}) event {}\n{}", FormatDate(journal.effective_date),
                           FormatUuid(journal.journal_id), journal.event, lines);
      }
    }
  });
}

}  // namespace sluice::payments
