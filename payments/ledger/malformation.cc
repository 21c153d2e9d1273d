// What is wrong with a journal on its own: found without any state, and never stored.
#include <algorithm>

#include "payments/ledger/events.h"
#include "payments/ledger/posting.h"

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

}  // namespace

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

}  // namespace sluice::payments
