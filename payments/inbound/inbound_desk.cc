#include "payments/inbound/inbound_desk.h"

#include <span>
#include <vector>

#include "payments/disbursement_store.h"
#include "payments/inbound/return_store.h"
#include "payments/ledger/book_store.h"
#include "payments/obligation_store.h"
#include "payments/payee_service.h"

namespace sluice::payments {

std::optional<BookId> FindHomeBook(pg::Transaction& tx) {
  for (const BookRecord& book : ListBooks(tx)) {
    if (book.kind == BookKind::kTreasury) return book.id;
  }
  return std::nullopt;
}

Status InboundDesk::Resolve(InboundFileId file, std::int32_t item_no, const std::string& note,
                            Actor actor) {
  if (note.empty()) return InvalidArgument("say what was done about the item");
  if (!actor.human) return PermissionDenied("a person resolves an item");
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto home = FindHomeBook(tx);
    const auto item = home ? FindInboundItem(tx, *home, file, item_no) : std::nullopt;
    if (!item) return NotFound("file {} has no item {}", file, item_no);
    if (!IsOpen(item->state)) {
      return FailedPrecondition("item {} of file {} is {}: nothing is open", item_no, file,
                                ItemStateName(item->state));
    }
    const ItemMove move{
        .file = file,
        .item_no = item_no,
        .to = ItemState::kResolved,
        .reason = fmt::format("{} (was {}: {})", note, ItemStateName(item->state), item->reason)};
    MoveItems(tx, *home, std::span(&move, 1), recorded);
    return OkStatus();
  });
}

Status InboundDesk::DecideReturned(BookId book, DisbursementId payment, const Decision& decision,
                                   Actor actor) {
  if (decision.note.empty()) return InvalidArgument("say why the returned payment is cleared");
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    std::vector<ObligationMove> moves;
    const auto obligations = LoadObligationsOfPayment(tx, book, payment);
    const auto locked = LockObligations(tx, book, obligations);
    const auto returned = LockReturnedPayment(tx, book, payment);
    if (!returned) return NotFound("payment {} did not come back", PaymentKeyOf(payment));
    RETURN_IF_ERROR(CheckMayDecide(*returned, actor, decision.second));
    const auto holds = LoadOpenHolds(tx, payer_, std::span(&returned->payee, 1));
    RETURN_IF_ERROR(CheckMayClear(holds, payment.Value(), actor.user));
    if (decision.pay_again) {
      for (const ObligationRow& row : locked) {
        if (row.state != ObligationState::kReturned) continue;
        moves.push_back({row.id, row.state, ObligationState::kPayable, row.payee, true});
      }
      RETURN_IF_ERROR(MoveObligations(tx, book, moves));
    }
    DecideReturnedPayment(
        tx, book,
        {.disbursement = payment,
         .to = decision.pay_again ? ReturnedState::kPayAgain : ReturnedState::kClosed,
         .note = decision.note,
         .second = decision.second ? std::optional(decision.second->user) : std::nullopt},
        recorded);
    ClearPayeeHolds(tx, payer_, returned->payee, payment.Value(), decision.note, recorded);
    return OkStatus();
  });
}

}  // namespace sluice::payments
