#include "payments/ledger/posting.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::payments {
namespace {

Refusal Broken(PostStatus status, std::int32_t line = 0) {
  Refusal refusal;
  refusal.status = status;
  refusal.line = line;
  return refusal;
}

// The book as the batch goes through it.
class Engine {
 public:
  explicit Engine(const BookSnapshot& snapshot)
      : snapshot_(snapshot), holds_(snapshot.holds), corrected_(snapshot.corrected) {
    accounts_.reserve(snapshot.accounts.size() * 2);
    for (const AccountBalance& account : snapshot.accounts) {
      index_.emplace(account.key, accounts_.size());
      accounts_.push_back(Work{account, false, false});
    }
    existing_ = accounts_.size();
    batch_.batch_seq = snapshot.last_batch_seq + 1;
    batch_.sealed_at = snapshot.sealed_at;
    batch_.closed_through = snapshot.closed_through;
  }

  void Apply(const Journal& journal) {
    PostedJournal posted;
    posted.ordinal = static_cast<std::int32_t>(batch_.journals.size()) + 1;
    posted.first_position = NextPosition();
    posted.refusal = Decide(journal);
    if (posted.refusal.status == PostStatus::kAccepted) {
      posted.line_count = static_cast<std::int32_t>(journal.transfers.size());
      Keep(journal, posted);
    } else {
      Undo();
    }
    changed_.clear();
    batch_.journals.push_back(posted);
  }

  PostedBatch Finish() && {
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
      if (!accounts_[i].touched) continue;
      batch_.touched.push_back(accounts_[i].balance);
      if (i >= existing_) {
        batch_.opened.push_back({accounts_[i].balance.account_id, accounts_[i].balance.key});
      }
    }
    std::ranges::sort(batch_.touched, {}, &AccountBalance::account_id);
    return std::move(batch_);
  }

 private:
  struct Work {
    AccountBalance balance;
    bool touched = false;  // by an accepted journal
    bool changed = false;  // by the journal in hand
    Counters before{};     // the journal in hand
    Money overdraft_before{};
  };

  std::int32_t NextPosition() const {
    return static_cast<std::int32_t>(batch_.transfers.size()) + 1;
  }

  // Applies the journal to the accounts and says why it cannot stand, if so.
  Refusal Decide(const Journal& journal) {
    if (const PostStatus status = CheckState(journal); status != PostStatus::kAccepted) {
      return Broken(status);
    }
    Refusal first;
    for (std::size_t i = 0; i < journal.transfers.size(); ++i) {
      const PostStatus status = CheckHold(journal, i);
      if (status == PostStatus::kAccepted) continue;
      if (first.status == PostStatus::kAccepted || status < first.status) {
        first = Broken(status, static_cast<std::int32_t>(i) + 1);
      }
    }
    if (first.status != PostStatus::kAccepted) return first;
    for (const Transfer& line : journal.transfers) Move(line);
    if (journal.limit) {
      Work& work = Touch(journal.limit->account);
      work.balance.overdraft = journal.limit->overdraft;
    }
    return CheckLimits(journal);
  }

  PostStatus CheckState(const Journal& journal) const {
    if (journal.corrects) {
      const auto found = corrected_.find(*journal.corrects);
      if (found == corrected_.end() || !found->second.accepted) {
        return PostStatus::kCorrectedUnknown;
      }
      if (found->second.corrected) return PostStatus::kAlreadyCorrected;
    }
    // Facts from the bank are never refused.
    const bool from_bank =
        journal.event == Event::kBankCredit || journal.event == Event::kBankDebit;
    if (!from_bank && batch_.closed_through && journal.effective_date <= *batch_.closed_through) {
      return PostStatus::kPeriodClosed;
    }
    return PostStatus::kAccepted;
  }

  PostStatus CheckHold(const Journal& journal, std::size_t line_index) const {
    using enum PostStatus;
    const Transfer& line = journal.transfers[line_index];
    if (!line.hold) return kAccepted;
    const auto found = holds_.find(*line.hold);
    if (found == holds_.end()) return kHoldNotFound;
    const Hold& hold = found->second;
    if (hold.debit != line.debit || hold.credit != line.credit) return kHoldAccountsDiffer;
    const bool posts = line.kind == TransferKind::kPostPending;
    if (line.amount > hold.amount || (!posts && line.amount != hold.amount)) {
      return kHoldAmountExceeded;
    }
    const auto same_hold = [&](const Transfer& earlier) { return earlier.hold == line.hold; };
    const bool earlier_line =
        std::any_of(journal.transfers.begin(),
                    journal.transfers.begin() + static_cast<std::ptrdiff_t>(line_index), same_hold);
    if (hold.resolved || earlier_line) return kHoldAlreadyResolved;
    const bool expired = hold.expires_at && batch_.sealed_at >= *hold.expires_at;
    const bool expires = line.kind == TransferKind::kExpirePending;
    if (expired && !expires) return kHoldExpired;
    if (!expired && expires) return kHoldNotExpired;
    return kAccepted;
  }

  Work& Touch(const AccountKey& key) {
    const auto [place, is_new] = index_.try_emplace(key, accounts_.size());
    if (is_new) {
      AccountBalance opened;
      opened.key = key;
      opened.limit = RuleOf(key.account_class).limit;
      accounts_.push_back(Work{opened, false, false});
    }
    Work& work = accounts_[place->second];
    if (!work.changed) {
      work.changed = true;
      work.before = work.balance.counters;
      work.overdraft_before = work.balance.overdraft;
      changed_.push_back(place->second);
    }
    return work;
  }

  void Move(const Transfer& line) {
    Money held;
    if (line.hold) held = holds_.at(*line.hold).amount;
    const bool posts =
        line.kind == TransferKind::kPosted || line.kind == TransferKind::kPostPending;
    Counters& debit = Touch(line.debit).balance.counters;
    debit.debits_pending -= held;
    if (posts) debit.debits_posted += line.amount;
    if (line.kind == TransferKind::kPending) debit.debits_pending += line.amount;
    // Touch may open an account and move the others, so each side is looked up when it is used.
    Counters& credit = Touch(line.credit).balance.counters;
    credit.credits_pending -= held;
    if (posts) credit.credits_posted += line.amount;
    if (line.kind == TransferKind::kPending) credit.credits_pending += line.amount;
  }

  // The limits after the whole journal, the L1 accounts first; within one rule by the first line
  // that uses the account.
  Refusal CheckLimits(const Journal& journal) const {
    Refusal first;
    for (const std::size_t place : changed_) {
      const AccountBalance& account = accounts_[place].balance;
      Refusal refusal;
      if (KeepsLimit(account.limit, account.overdraft, account.counters, &refusal.short_by)) {
        continue;
      }
      refusal.status = account.limit == LimitKind::kL1 ? PostStatus::kExceedsCredits
                                                       : PostStatus::kExceedsDebits;
      if (first.status != PostStatus::kAccepted && first.status <= refusal.status) continue;
      refusal.account = account.key;
      refusal.line = LineOf(journal, account.key);
      first = refusal;
    }
    return first;
  }

  static std::int32_t LineOf(const Journal& journal, const AccountKey& key) {
    const auto uses = [&](const Transfer& line) { return line.debit == key || line.credit == key; };
    const auto found = std::ranges::find_if(journal.transfers, uses);
    if (found == journal.transfers.end()) return 0;
    return static_cast<std::int32_t>(found - journal.transfers.begin()) + 1;
  }

  void Keep(const Journal& journal, const PostedJournal& posted) {
    for (const std::size_t place : changed_) {
      Work& work = accounts_[place];
      if (place >= existing_ && !work.touched) {
        work.balance.account_id =
            batch_.batch_seq * kAccountsPerBatch + static_cast<std::int64_t>(place - existing_) + 1;
      }
      work.touched = true;
      work.changed = false;
    }
    for (const Transfer& line : journal.transfers) Record(journal, line, posted.ordinal);
    if (journal.limit) {
      const Work& work = accounts_[index_.at(journal.limit->account)];
      batch_.limits.push_back({posted.ordinal, work.balance.account_id, journal.limit->overdraft});
    }
    if (journal.corrects) corrected_.at(*journal.corrects).corrected = true;
    corrected_[journal.id] = CorrectedJournal{true, false};
    if (journal.event == Event::kCloseYear) {
      batch_.closed_through =
          std::max(batch_.closed_through.value_or(journal.effective_date), journal.effective_date);
    }
  }

  void Record(const Journal& journal, const Transfer& line, std::int32_t ordinal) {
    PostedTransfer posted;
    posted.position = NextPosition();
    posted.journal_ordinal = ordinal;
    posted.kind = line.kind;
    posted.event = line.event;
    posted.debit_account_id = accounts_[index_.at(line.debit)].balance.account_id;
    posted.credit_account_id = accounts_[index_.at(line.credit)].balance.account_id;
    posted.amount = line.amount;
    posted.effective_date = journal.effective_date;
    posted.expires_at = line.expires_at;
    if (line.hold) {
      Hold& hold = holds_.at(*line.hold);
      hold.resolved = true;
      posted.pending_batch_seq = hold.batch_seq;
      posted.pending_position = hold.position;
      const Money amount = line.kind == TransferKind::kPostPending ? line.amount : Money();
      batch_.resolutions.push_back(
          {hold.batch_seq, hold.position, posted.position, line.kind, amount});
    }
    if (line.kind == TransferKind::kPending) {
      const auto number = static_cast<std::int32_t>(&line - journal.transfers.data()) + 1;
      holds_[HoldRef{journal.id, number}] =
          Hold{batch_.batch_seq, posted.position, line.debit, line.credit,
               line.amount,      line.expires_at, false};
    }
    batch_.transfers.push_back(posted);
  }

  // Takes back what the journal in hand did, accounts it would have opened included.
  void Undo() {
    for (auto place = changed_.rbegin(); place != changed_.rend(); ++place) {
      Work& work = accounts_[*place];
      work.balance.counters = work.before;
      work.balance.overdraft = work.overdraft_before;
      work.changed = false;
      if (*place >= existing_ && !work.touched) {
        CHECK(*place + 1 == accounts_.size());
        index_.erase(work.balance.key);
        accounts_.pop_back();
      }
    }
  }

  const BookSnapshot& snapshot_;
  std::map<HoldRef, Hold> holds_;
  std::map<Uuid, CorrectedJournal> corrected_;
  std::vector<Work> accounts_;
  std::unordered_map<AccountKey, std::size_t, AccountKeyHash> index_;
  std::size_t existing_ = 0;
  std::vector<std::size_t> changed_;  // by the journal in hand, in order of first use
  PostedBatch batch_;
};

}  // namespace

PostedBatch Post(const BookSnapshot& snapshot, std::span<const Journal> journals) {
  Engine engine(snapshot);
  for (const Journal& journal : journals) engine.Apply(journal);
  return std::move(engine).Finish();
}

}  // namespace sluice::payments
