#include "payments/delivery/remittance_service.h"

#include <optional>
#include <span>
#include <utility>

#include "payments/payee_store.h"
#include "payments/run_store.h"

namespace sluice::payments {

StatusOr<RemittanceDrop> RemittanceService::RegisterDrop(RemittanceDrop drop, Actor actor) {
  drop.to.way = RemittanceDelivery::kSftp;
  RETURN_IF_ERROR(CheckDrop(drop));
  drop.ended = false;
  drop.recorded_by = actor.user;
  drop.recorded_at = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<RemittanceDrop> {
    if (LoadPayees(tx, std::span(&drop.payee, 1)).empty()) {
      return NotFound("there is no payee {}", drop.payee);
    }
    const auto history = LoadDrops(tx, payer_, drop.payee);
    drop.number = static_cast<std::int32_t>(history.size()) + 1;
    if (!history.empty() && !history.back().ended && history.back().to == drop.to) {
      return FailedPrecondition("payee {} has this drop already", drop.payee);
    }
    RETURN_IF_ERROR(InsertDrop(tx, payer_, drop));
    return drop;
  });
}

StatusOr<RemittanceDrop> RemittanceService::EndDrop(PayeeId payee, const std::string& reason,
                                                    Actor actor) {
  if (reason.empty()) return InvalidArgument("say why the drop ends");
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<RemittanceDrop> {
    const auto history = LoadDrops(tx, payer_, payee);
    if (history.empty() || history.back().ended) {
      return FailedPrecondition("payee {} has no drop", payee);
    }
    RemittanceDrop drop = history.back();
    ++drop.number;
    drop.ended = true;
    drop.reason = reason;
    drop.recorded_by = actor.user;
    drop.recorded_at = now;
    RETURN_IF_ERROR(InsertDrop(tx, payer_, drop));
    return drop;
  });
}

StatusOr<std::vector<RemittanceDrop>> RemittanceService::Drops(PayeeId payee) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<RemittanceDrop>> {
    return LoadDrops(tx, payer_, payee);
  });
}

StatusOr<std::vector<QueuedRemittance>> RemittanceService::Queue(BookId book, bool all) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<QueuedRemittance>> {
    return LoadQueue(tx, book, all);
  });
}

StatusOr<QueuedRemittance> RemittanceService::MarkDelivered(BookId book,
                                                            const std::string& payment_key, Date on,
                                                            const std::string& how, Actor actor) {
  if (how.empty()) return InvalidArgument("say how it was brought: a letter, a message");
  const Recorded recorded{actor.user, clock_.Now()};
  if (on > recorded.at.UtcDate()) {
    return InvalidArgument("{} has not come yet", FormatDate(on));
  }
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<QueuedRemittance> {
    auto queued = LockQueued(tx, book, payment_key);
    if (!queued) {
      return NotFound(
          "nothing is queued for payment {}: its remittance goes by file, or there is "
          "no such payment in this book",
          payment_key);
    }
    if (!SetDelivered(tx, book, {queued->disbursement, on, how}, recorded)) {
      return FailedPrecondition("the remittance of payment {} was brought on {} by {}", payment_key,
                                FormatDate(*queued->delivered_on), queued->how);
    }
    queued->delivered = true;
    queued->delivered_on = on;
    queued->how = how;
    return *std::move(queued);
  });
}

StatusOr<std::vector<TimedRemittance>> RemittanceService::TimesOf(BookId book, RunId run,
                                                                  Date today) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<TimedRemittance>> {
    if (!FindRun(tx, book, run)) return NotFound("there is no run {} in book {}", run, book);
    return TimeRemittances(LoadRemittanceTimes(tx, book, run), today);
  });
}

}  // namespace sluice::payments
