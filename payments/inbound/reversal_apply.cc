#include "payments/inbound/reversal_apply.h"

#include <algorithm>
#include <set>

#include "payments/inbound/return_apply.h"
#include "payments/ledger/ledger.h"
#include "payments/pluck.h"
#include "payments/reversals/reversal_store.h"

namespace sluice::payments {
namespace {

bool Answers(const InboundItemRow& item, const SentReversal& sent) {
  return item.original_trace == sent.entry.trace && item.original_rdfi == sent.entry.rdfi &&
         item.company_id == sent.entry.company_id &&
         (item.kind == ItemKind::kChange || item.amount == sent.amount);
}

std::string WhatTheBankSays(const InboundItemRow& item) {
  const ReturnCodeRule* rule = FindReturnCode(item.code);
  return fmt::format("{}{}", item.code, rule == nullptr ? "" : fmt::format(" {}", rule->meaning));
}

ItemMove Answered(const InboundItemRow& item, const SentReversal& sent, ItemState to,
                  std::string reason) {
  return {.file = item.file,
          .item_no = item.item_no,
          .to = to,
          .reason = fmt::format("reversal {}: {}", sent.entry.reversal, reason),
          .target_book = sent.book,
          .target_id = sent.entry.reversal.Value()};
}

ItemMove Apply(pg::Transaction& tx, const InboundItemRow& item, const SentReversal& sent) {
  const auto reversal = LockReversal(tx, sent.book, sent.entry.reversal);
  const std::string meaning = WhatTheBankSays(item);
  const ReversalId id = sent.entry.reversal;
  if (item.kind != ItemKind::kReturn && item.kind != ItemKind::kReject) {
    return Answered(item, sent, ItemState::kWorkItem, meaning + "; a person looks at it");
  }
  switch (reversal->state) {
    case ReversalState::kSent:
      MoveReversal(tx, sent.book, id, ReversalState::kSent, ReversalState::kBounced, meaning);
      return Answered(item, sent, ItemState::kApplied, meaning + "; the payment stands");
    case ReversalState::kCredited:
      MoveReversal(tx, sent.book, id, ReversalState::kCredited, ReversalState::kBounced,
                   meaning + "; the bank takes its credit back");
      return Answered(item, sent, ItemState::kApplied,
                      meaning + "; the payment stands, and the bank takes its credit back");
    case ReversalState::kBounced:
      return Answered(item, sent, ItemState::kDuplicate, meaning + "; it had bounced before");
    default:
      return Answered(
          item, sent, ItemState::kWorkItem,
          fmt::format("{}; it is {}: when the bank debits the amount, the payee owes it "
                      "(sluice reconcile split)",
                      meaning, ReversalStateName(reversal->state)));
  }
}

}  // namespace

ReturnActions ActionsAfterReversal(ReversalReason reason) {
  if (reason == ReversalReason::kWrongReceiver) {
    return {ReturnAction::kStop, ReturnAction::kReenroll, ReturnAction::kWorkItem};
  }
  return {ReturnAction::kWorkItem};
}

std::vector<ItemMove> ApplyReversalAnswers(pg::Transaction& tx, std::span<const BookId> books,
                                           std::span<const InboundItemRow> items) {
  const std::vector<SentReversal> sent =
      FindReversalEntries(tx, books, Pluck(items, &InboundItemRow::original_trace));
  std::vector<ItemMove> moves;
  for (const InboundItemRow& item : items) {
    const auto found =
        std::ranges::find_if(sent, [&](const SentReversal& row) { return Answers(item, row); });
    if (found != sent.end()) moves.push_back(Apply(tx, item, *found));
  }
  return moves;
}

StatusOr<std::vector<Reversal>> SettleReversals(const pg::Database& app,
                                                const ProgramPayments& program, Clock& clock,
                                                IdGenerator& ids, Date today, Actor actor) {
  const Ledger ledger(clock);
  const ReturnContext context{.payer = program.payer,
                              .home = program.book,
                              .book = program.book,
                              .today = today,
                              .recorded = {actor.user, clock.Now()}};
  return app.ForPayer(program.payer)
      .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Reversal>> {
        std::vector<Reversal> due = LoadReversals(tx, program.book, /*all=*/false);
        std::erase_if(due, [&](const Reversal& reversal) {
          return reversal.state != ReversalState::kCredited ||
                 today < ReversalFinalOn(*reversal.credited_on);
        });
        std::vector<ReversedPayment> reversed;
        for (const Reversal& reversal : due) {
          reversed.push_back({reversal.payment, ActionsAfterReversal(reversal.reason)});
        }
        ASSIGN_OR_RETURN(const std::set<DisbursementId> applied,
                         ApplyReversed(tx, ledger, context, reversed, ids));
        std::vector<Reversal> settled;
        for (Reversal& reversal : due) {
          if (!applied.contains(reversal.payment)) {
            MoveReversal(tx, program.book, reversal.id, ReversalState::kCredited,
                         ReversalState::kCredited,
                         "the payment came back by itself, too: give the bank's credit back");
            continue;
          }
          reversal.result = "the payment has come back: decide whether it is paid again";
          if (!MoveReversal(tx, program.book, reversal.id, ReversalState::kCredited,
                            ReversalState::kSettled, reversal.result)) {
            return Aborted("reversal {} was moved by somebody else", reversal.id);
          }
          settled.push_back(std::move(reversal));
        }
        return settled;
      });
}

}  // namespace sluice::payments
