#include "payments/inbound/return_apply.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "payments/disbursement_store.h"
#include "payments/inbound/return_dispute.h"
#include "payments/inbound/return_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

constexpr int kDaysToDishonor = 5;  // banking days from the settlement of a return (FORMATS 6)

class Applier {
 public:
  Applier(pg::Transaction& tx, const Ledger& ledger, const ReturnContext& context, IdGenerator& ids)
      : tx_(tx), ledger_(ledger), context_(context), ids_(ids) {}

  StatusOr<std::vector<ItemMove>> Apply(std::span<const MatchedItem> items) {
    RETURN_IF_ERROR(Lock(items));
    for (const MatchedItem& matched : items) RETURN_IF_ERROR(Decide(matched));
    RETURN_IF_ERROR(Write());
    return std::move(moves_);
  }

  StatusOr<std::set<DisbursementId>> ApplyReversed(std::span<const ReversedPayment> reversed) {
    RETURN_IF_ERROR(Lock(reversed));
    std::set<DisbursementId> applied;
    for (const ReversedPayment& row : reversed) {
      const auto payment = payments_.find(row.payment);
      if (payment == payments_.end()) {
        return DataLoss("payment {} is not in book {}", row.payment, context_.book);
      }
      if (!HasLeft(payment->second.state) || returned_.contains(row.payment)) continue;
      // No item of a file brought it back.
      Post({.code = std::string(kReversedCode)}, payment->second, row.actions, /*rejected=*/false);
      applied.insert(row.payment);
    }
    RETURN_IF_ERROR(Write());
    return applied;
  }

 private:
  // Of anything that names a payment.
  template <typename Named>
  Status Lock(std::span<const Named> items) {
    std::set<DisbursementId> wanted;
    for (const Named& named : items) wanted.insert(named.payment);
    const std::vector<DisbursementId> ids(wanted.begin(), wanted.end());
    for (const RunId run : LoadRunsOfPayments(tx_, context_.book, ids)) {
      const auto locked = LockRun(tx_, context_.book, run);
      CHECK(locked.has_value());
      const auto pool = FindPool(tx_, context_.book, locked->pool);
      CHECK(pool.has_value());
      banks_.emplace(run, pool->bank_account);
    }
    for (const Claim& claim : LoadLiveClaims(tx_, context_.book, ids)) {
      claims_[claim.disbursement].push_back(claim.obligation);
    }
    std::vector<ObligationId> obligations;
    for (const auto& [payment, claimed] : claims_) {
      obligations.insert(obligations.end(), claimed.begin(), claimed.end());
    }
    for (ObligationRow& row : LockObligations(tx_, context_.book, obligations)) {
      obligations_.emplace(row.id, std::move(row));
    }
    for (Disbursement& row : LockDisbursements(tx_, context_.book, ids)) {
      payments_.emplace(row.id, std::move(row));
    }
    returned_ = LoadReturnedPayments(tx_, context_.book, ids);
    std::set<BankAccountId> accounts;
    for (const auto& [id, payment] : payments_) accounts.insert(payment.account);
    for (BankAccount& account : LockBankAccounts(
             tx_, context_.payer, std::vector<BankAccountId>(accounts.begin(), accounts.end()))) {
      const auto key = std::pair{account.id, account.version};
      accounts_.emplace(key, std::move(account));
    }
    return OkStatus();
  }

  Status Decide(const MatchedItem& matched) {
    const InboundItemRow& item = matched.item;
    const auto payment = payments_.find(matched.payment);
    if (payment == payments_.end()) {
      return DataLoss("payment {} is not in book {}", matched.payment, context_.book);
    }
    const auto before = returned_.find(matched.payment);
    const std::optional<ReturnedPayment> earlier =
        before == returned_.end() ? std::nullopt : std::optional(before->second);
    const bool disputes = item.kind == ItemKind::kDishonored || item.kind == ItemKind::kContested;
    const ReturnDecision decision =
        disputes ? DecideDispute(item, payment->second, earlier, IsAbout(item, earlier))
                 : DecideReturn(item, payment->second, earlier);
    ItemMove move{.file = item.file,
                  .item_no = item.item_no,
                  .reason = decision.reason,
                  .target_book = context_.book,
                  .target_id = matched.payment.Value()};
    switch (decision.outcome) {
      case ReturnOutcome::kPost:
      case ReturnOutcome::kPostReject: {
        const ReturnActions actions = ActionsOf(item);
        Post(item, payment->second, actions, decision.outcome == ReturnOutcome::kPostReject);
        move.to = ItemState::kApplied;
        move.reason += ": " + actions.ToString();
        break;
      }
      case ReturnOutcome::kAlreadyApplied:
        move.to = ItemState::kApplied;
        break;
      case ReturnOutcome::kSecondReturn:
        move.to = ItemState::kWorkItem;
        move.due_on = AddBankingDays(context_.today, kDaysToDishonor);
        break;
      case ReturnOutcome::kNoted:
        move.to = ItemState::kNoted;
        break;
      case ReturnOutcome::kSuspense:
        move.to = ItemState::kSuspense;
        break;
      case ReturnOutcome::kWorkItem:
        move.to = ItemState::kWorkItem;
        break;
    }
    moves_.push_back(std::move(move));
    return OkStatus();
  }

  // Whether a dispute names the trace of the return that was applied.
  bool IsAbout(const InboundItemRow& dispute, const std::optional<ReturnedPayment>& earlier) {
    if (!earlier) return false;
    const auto item = FindInboundItem(tx_, earlier->home, earlier->file, earlier->item_no);
    return item && item->other_reference == dispute.other_reference;
  }

  void Post(const InboundItemRow& item, Disbursement& payment, ReturnActions actions,
            bool rejected) {
    // One id for each payment, for ever: whatever is sent again, the money comes back once.
    const Uuid id = DerivedUuid(
        rejected ? "bank_reject" : "return_notice",
        std::vector{std::to_string(context_.book.Value()), std::to_string(payment.id.Value())});
    const JournalHeader header{.id = id,
                               .source_id = payment.id.Value(),
                               .actor = context_.recorded.by,
                               .effective_date = context_.today};
    journals_.push_back(MakeJournal(
        header, rejected ? BankReject(payment.file.value(), payment.payee, payment.amount)
                         : ReturnNotice(banks_.at(payment.run), payment.payee, payment.amount)));
    const auto next = rejected ? DisbursementState::kRejected : DisbursementState::kReturned;
    payment_moves_.push_back({payment.id, payment.state, next});
    payment.state = next;
    ended_.push_back(payment.id);
    for (const ObligationId obligation : claims_[payment.id]) {
      const ObligationRow& row = obligations_.at(obligation);
      if (row.state != ObligationState::kClaimed && row.state != ObligationState::kPaid) continue;
      obligation_moves_.push_back(
          {row.id, row.state, rejected ? ObligationState::kPayable : ObligationState::kReturned,
           row.payee, true});
    }
    Stop(item, payment, actions);
    ReturnedPayment row{.disbursement = payment.id,
                        .home = context_.home,
                        .file = item.file,
                        .item_no = item.item_no,
                        .payee = payment.payee,
                        .code = item.code,
                        .actions = actions,
                        .rejected = rejected,
                        .amount = payment.amount,
                        .journal_id = id,
                        .returned_on = context_.today,
                        .recorded_by = context_.recorded.by,
                        .recorded_at = context_.recorded.at};
    returned_.emplace(payment.id, row);
    rows_.push_back(std::move(row));
  }

  // The version that was paid, if it is still the one in use, and the payee.
  void Stop(const InboundItemRow& item, const Disbursement& payment, ReturnActions actions) {
    if (actions.Has(ReturnAction::kStop)) {
      const auto found = accounts_.find({payment.account, payment.account_version});
      if (found != accounts_.end() && found->second.state == BankAccountState::kActive) {
        found->second.state = BankAccountState::kSuspended;
        stops_[item.code].push_back({.account = found->second.id,
                                     .version = found->second.version,
                                     .payee = payment.payee,
                                     .to = BankAccountState::kSuspended});
      }
    }
    if (const auto hold = HoldOf(actions)) {
      holds_.push_back({.id = ids_.NextValue(),
                        .payee = payment.payee,
                        .kind = *hold,
                        .reason = fmt::format("payment {} came back with {}: {}",
                                              payment.payment_key, item.code, actions.ToString()),
                        .source_id = payment.id.Value(),
                        .placed_by = context_.recorded.by,
                        .placed_at = context_.recorded.at});
    }
  }

  Status Write() {
    if (rows_.empty()) return OkStatus();
    RETURN_IF_ERROR(MoveObligations(tx_, context_.book, obligation_moves_));
    EndClaims(tx_, context_.book, ended_);
    RETURN_IF_ERROR(MoveDisbursements(tx_, context_.book, payment_moves_));
    InsertReturnedPayments(tx_, context_.book, rows_);
    for (const auto& [code, stops] : stops_) {
      MoveBankAccounts(tx_, context_.payer, stops, "returned with " + code, context_.recorded);
    }
    InsertPayeeHolds(tx_, context_.payer, holds_);
    // The head of the book comes last. A journal here has one transfer.
    for (std::span<const Journal> rest = journals_; !rest.empty();) {
      const auto part =
          rest.first(std::min(rest.size(), static_cast<std::size_t>(kMaxBatchTransfers)));
      ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx_, context_.book, part));
      RETURN_IF_ERROR(RequireAccepted(results));
      rest = rest.subspan(part.size());
    }
    return OkStatus();
  }

  pg::Transaction& tx_;
  const Ledger& ledger_;
  const ReturnContext& context_;
  IdGenerator& ids_;
  std::map<RunId, BankAccountId> banks_;
  std::map<DisbursementId, std::vector<ObligationId>> claims_;
  std::map<ObligationId, ObligationRow> obligations_;
  std::map<DisbursementId, Disbursement> payments_;
  std::map<DisbursementId, ReturnedPayment> returned_;
  std::map<std::pair<BankAccountId, std::int32_t>, BankAccount> accounts_;

  std::vector<ItemMove> moves_;
  std::vector<Journal> journals_;
  std::vector<DisbursementMove> payment_moves_;
  std::vector<DisbursementId> ended_;
  std::vector<ObligationMove> obligation_moves_;
  std::vector<ReturnedPayment> rows_;
  std::map<std::string, std::vector<BankAccountMove>> stops_;
  std::vector<PayeeHold> holds_;
};

}  // namespace

StatusOr<std::vector<ItemMove>> ApplyReturns(pg::Transaction& tx, const Ledger& ledger,
                                             const ReturnContext& context,
                                             std::span<const MatchedItem> items, IdGenerator& ids) {
  return Applier(tx, ledger, context, ids).Apply(items);
}

StatusOr<std::set<DisbursementId>> ApplyReversed(pg::Transaction& tx, const Ledger& ledger,
                                                 const ReturnContext& context,
                                                 std::span<const ReversedPayment> reversed,
                                                 IdGenerator& ids) {
  return Applier(tx, ledger, context, ids).ApplyReversed(reversed);
}

}  // namespace sluice::payments
