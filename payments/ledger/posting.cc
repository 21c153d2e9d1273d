#include "payments/ledger/posting.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "payments/ledger/events.h"

namespace sluice::payments {
namespace {

bool IsOwnerKey(const std::string& key) {
  return !key.empty() && key.size() <= 80 &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

bool IsResolving(TransferKind kind) { return kind >= TransferKind::kPostPending; }

// The event table as a lookup: FindMalformation runs for every line of every batch.
class LineTable {
 public:
  LineTable() {
    for (int kind = 0; kind <= 4; ++kind) {
      for (const LineRule& rule : LineRules()) {
        const auto transfer_kind = static_cast<TransferKind>(kind);
        allowed_[Index(rule.event, transfer_kind, rule.debit, rule.credit)] =
            IsLineOf(rule.event, transfer_kind, rule.debit, rule.credit);
      }
    }
  }
  bool Allows(const Transfer& line) const {
    return allowed_[Index(line.event, line.kind, line.debit.account_class,
                          line.credit.account_class)];
  }

 private:
  static constexpr std::size_t kClasses = kAccountClassCount + 1;
  static std::size_t Index(Event event, TransferKind kind, AccountClass debit,
                           AccountClass credit) {
    return ((static_cast<std::size_t>(event) * 5 + static_cast<std::size_t>(kind)) * kClasses +
            static_cast<std::size_t>(debit)) *
               kClasses +
           static_cast<std::size_t>(credit);
  }
  std::vector<bool> allowed_ = std::vector<bool>((kEventCount + 1) * 5 * kClasses * kClasses);
};

PostStatus CheckAccount(const AccountKey& key) {
  if (!IsKnown(key.account_class)) return PostStatus::kAccountClassUnknown;
  if (!IsOwnerKey(key.owner_key)) return PostStatus::kOwnerKeyInvalid;
  return PostStatus::kAccepted;
}

// The first rule in the order of PostStatus that one line breaks on its own.
PostStatus CheckLine(const Transfer& line) {
  static const LineTable table;
  using enum PostStatus;
  if (!IsKnown(line.event)) return kEventUnknown;
  const int kind = static_cast<int>(line.kind);
  if (kind < 0 || kind > static_cast<int>(TransferKind::kExpirePending)) {
    return kTransferKindUnknown;
  }
  const PostStatus debit = CheckAccount(line.debit);
  const PostStatus credit = CheckAccount(line.credit);
  if (debit != kAccepted && credit != kAccepted) return std::min(debit, credit);
  if (debit != kAccepted) return debit;
  if (credit != kAccepted) return credit;
  if (line.debit == line.credit) return kSameAccountTwice;
  if (line.amount <= Money()) return kAmountNotPositive;
  if (line.amount > kMaxTransfer) return kAmountTooLarge;
  if (line.expires_at && line.kind != TransferKind::kPending) return kExpiryNotAllowed;
  if (IsResolving(line.kind) && !line.hold) return kHoldMissing;
  if (!IsResolving(line.kind) && line.hold) return kHoldNotAllowed;
  if (!table.Allows(line)) return kLineNotOfEvent;
  return kAccepted;
}

// What the lines move from one half of the book to the other; not zero breaks F and C. A hold that
// crossed would break them when it is posted alone, so a line that is not posted may not cross.
bool HalvesBalance(const Journal& journal) {
  Money crossing;
  for (const Transfer& line : journal.transfers) {
    const BookHalf debit = RuleOf(line.debit.account_class).half;
    const BookHalf credit = RuleOf(line.credit.account_class).half;
    if (debit == credit) continue;
    if (line.kind != TransferKind::kPosted) return false;
    if (debit == BookHalf::kFunding) {
      crossing += line.amount;
    } else {
      crossing -= line.amount;
    }
  }
  return crossing.IsZero();
}

Refusal Broken(PostStatus status, std::int32_t line = 0) {
  Refusal refusal;
  refusal.status = status;
  refusal.line = line;
  return refusal;
}

// The journal's own shape, before its lines.
PostStatus CheckShape(const Journal& journal) {
  using enum PostStatus;
  if (journal.id == Uuid{}) return kIdMissing;
  if (journal.actor.Value() <= 0) return kActorMissing;
  if (!IsKnown(journal.event)) return kEventUnknown;
  const bool sets_limit = journal.event == Event::kSetLimit;
  if (sets_limit != journal.limit.has_value() || sets_limit != journal.transfers.empty()) {
    return kNothingToPost;
  }
  if (journal.transfers.size() > static_cast<std::size_t>(kMaxBatchTransfers)) {
    return kTooManyTransfers;
  }
  if (!journal.limit) return kAccepted;
  const PostStatus account = CheckAccount(journal.limit->account);
  if (account != kAccepted) return account;
  const Money overdraft = journal.limit->overdraft;
  const bool limited = RuleOf(journal.limit->account.account_class).limit != LimitKind::kNone;
  if (!limited || overdraft < Money() || overdraft > kMaxTransfer) return kLimitNotAllowed;
  return kAccepted;
}

std::string DescribeState(const Refusal& refusal, const Journal& journal) {
  using enum PostStatus;
  switch (refusal.status) {
    case kCorrectedUnknown:
      return fmt::format("it corrects journal {}, which was never accepted in this book",
                         FormatUuid(*journal.corrects));
    case kAlreadyCorrected:
      return fmt::format("journal {} was already corrected by another journal",
                         FormatUuid(*journal.corrects));
    case kPeriodClosed:
      return fmt::format("the period of {} is closed; use an effective date in an open period",
                         FormatDate(journal.effective_date));
    case kHoldNotFound:
      return "the hold it names does not exist in this book";
    case kHoldAccountsDiffer:
      return "its accounts are not those of the hold it names";
    case kHoldAmountExceeded:
      return "its amount does not fit the hold it names: at most the hold's amount may be posted, "
             "and exactly it is voided or expired";
    case kHoldAlreadyResolved:
      return "the hold it names was resolved before; a hold is resolved once";
    case kHoldExpired:
      return "the hold it names has expired and can only be expired; make a new hold";
    case kHoldNotExpired:
      return "the hold it names has not expired yet; void it instead";
    default:
      return fmt::format("{} is short by {}: its limit counts what is held",
                         refusal.account.ToString(), refusal.short_by.ToString());
  }
}

std::string_view DescribeMalformed(PostStatus status) {
  using enum PostStatus;
  switch (status) {
    case kIdMissing:
      return "a journal needs an id made by its caller";
    case kActorMissing:
      return "a journal names the person or service that caused it";
    case kEventUnknown:
      return "the event is not in the posting table";
    case kNothingToPost:
      return "a journal has transfers, or is SET_LIMIT and has a limit, and never both";
    case kTooManyTransfers:
      return "a journal has at most 8,000 transfers; split it";
    case kTransferKindUnknown:
      return "the transfer kind is unknown";
    case kAccountClassUnknown:
      return "the account class is not in the chart of accounts";
    case kOwnerKeyInvalid:
      return "an owner key is 1 to 80 printable ASCII characters without blanks";
    case kSameAccountTwice:
      return "debit and credit are the same account";
    case kAmountNotPositive:
      return "an amount is at least one cent; swap the accounts for the other direction";
    case kAmountTooLarge:
      return "an amount is at most 10,000,000,000,000.00";
    case kExpiryNotAllowed:
      return "only a hold has an expiry";
    case kHoldMissing:
      return "a line that resolves a hold names it";
    case kHoldNotAllowed:
      return "only a line that resolves a hold names one";
    case kLineNotOfEvent:
      return "its accounts are not a line of its event in the posting table";
    case kHalvesUnbalanced:
      return "the lines move value between cash coverage and funding; each event posts both halves";
    case kLimitNotAllowed:
      return "an overdraft is not negative and belongs to an account class with a limit";
    default:
      return "the id was used before for another body; send the first body, or use a new id";
  }
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

std::string_view PostStatusName(PostStatus status) {
  using enum PostStatus;
  switch (status) {
    case kAccepted:
      return "ACCEPTED";
    case kIdMissing:
      return "ID_MISSING";
    case kActorMissing:
      return "ACTOR_MISSING";
    case kEventUnknown:
      return "EVENT_UNKNOWN";
    case kNothingToPost:
      return "NOTHING_TO_POST";
    case kTooManyTransfers:
      return "TOO_MANY_TRANSFERS";
    case kTransferKindUnknown:
      return "TRANSFER_KIND_UNKNOWN";
    case kAccountClassUnknown:
      return "ACCOUNT_CLASS_UNKNOWN";
    case kOwnerKeyInvalid:
      return "OWNER_KEY_INVALID";
    case kSameAccountTwice:
      return "SAME_ACCOUNT_TWICE";
    case kAmountNotPositive:
      return "AMOUNT_NOT_POSITIVE";
    case kAmountTooLarge:
      return "AMOUNT_TOO_LARGE";
    case kExpiryNotAllowed:
      return "EXPIRY_NOT_ALLOWED";
    case kHoldMissing:
      return "HOLD_MISSING";
    case kHoldNotAllowed:
      return "HOLD_NOT_ALLOWED";
    case kLineNotOfEvent:
      return "LINE_NOT_OF_EVENT";
    case kHalvesUnbalanced:
      return "HALVES_UNBALANCED";
    case kLimitNotAllowed:
      return "LIMIT_NOT_ALLOWED";
    case kIdReused:
      return "ID_REUSED";
    case kCorrectedUnknown:
      return "CORRECTED_UNKNOWN";
    case kAlreadyCorrected:
      return "ALREADY_CORRECTED";
    case kPeriodClosed:
      return "PERIOD_CLOSED";
    case kHoldNotFound:
      return "HOLD_NOT_FOUND";
    case kHoldAccountsDiffer:
      return "HOLD_ACCOUNTS_DIFFER";
    case kHoldAmountExceeded:
      return "HOLD_AMOUNT_EXCEEDED";
    case kHoldAlreadyResolved:
      return "HOLD_ALREADY_RESOLVED";
    case kHoldExpired:
      return "HOLD_EXPIRED";
    case kHoldNotExpired:
      return "HOLD_NOT_EXPIRED";
    case kExceedsCredits:
      return "EXCEEDS_CREDITS";
    case kExceedsDebits:
      return "EXCEEDS_DEBITS";
  }
  return "UNKNOWN";
}

bool IsMalformed(PostStatus status) {
  return status > PostStatus::kAccepted && status < PostStatus::kIdReused;
}

bool IsStateDependent(PostStatus status) { return status >= PostStatus::kCorrectedUnknown; }

std::string Describe(const Refusal& refusal, const Journal& journal) {
  std::string where;
  if (refusal.line > 0) where = fmt::format(" line {}", refusal.line);
  if (!IsStateDependent(refusal.status)) {
    return fmt::format("journal {}{}: {}", FormatUuid(journal.id), where,
                       DescribeMalformed(refusal.status));
  }
  return fmt::format(
      "journal {}{}: {}. This id stays refused; after the cause is gone, post under "
      "a new id",
      FormatUuid(journal.id), where, DescribeState(refusal, journal));
}

std::optional<Refusal> FindMalformation(const Journal& journal) {
  Refusal first = Broken(CheckShape(journal));
  for (std::size_t i = 0; i < journal.transfers.size(); ++i) {
    const PostStatus status = CheckLine(journal.transfers[i]);
    if (status == PostStatus::kAccepted) continue;
    if (first.status == PostStatus::kAccepted || status < first.status) {
      first = Broken(status, static_cast<std::int32_t>(i) + 1);
    }
  }
  if (first.status == PostStatus::kAccepted && !HalvesBalance(journal)) {
    first = Broken(PostStatus::kHalvesUnbalanced);
  }
  if (first.status == PostStatus::kAccepted) return std::nullopt;
  return first;
}

PostedBatch Post(const BookSnapshot& snapshot, std::span<const Journal> journals) {
  Engine engine(snapshot);
  for (const Journal& journal : journals) engine.Apply(journal);
  return std::move(engine).Finish();
}

}  // namespace sluice::payments
