#include "payments/inbound/return_dispute.h"

#include <map>
#include <utility>
#include <vector>

#include "core/check.h"
#include "payments/disbursement_store.h"
#include "payments/inbound/return_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/payee_hold.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

Status CheckTwoPeople(const DisputeRequest& request) {
  if (request.note.empty()) return InvalidArgument("say how it is known what the banks agreed");
  if (!request.first.human || !request.second.human || request.first.user == request.second.user) {
    return PermissionDenied("two people decide what a disputed return is");
  }
  return OkStatus();
}

// A returned payment with everything that its dispute touches, locked in the order of ApplyReturns.
struct Disputed {
  Disbursement payment;
  BankAccountId bank;
  std::vector<ObligationRow> obligations;
  ReturnedPayment returned;
  std::vector<ReturnDisputeRow> rounds;
};

StatusOr<Disputed> LockDisputed(pg::Transaction& tx, const DisputeRequest& request) {
  const std::vector<DisbursementId> ids{request.payment};
  Disputed locked;
  for (const RunId id : LoadRunsOfPayments(tx, request.book, ids)) {
    const auto run = LockRun(tx, request.book, id);
    CHECK(run.has_value());
    const auto pool = FindPool(tx, request.book, run->pool);
    CHECK(pool.has_value());
    locked.bank = pool->bank_account;
  }
  locked.obligations = LockObligations(tx, request.book,
                                       LoadObligationsOfPayment(tx, request.book, request.payment));
  std::vector<Disbursement> payments = LockDisbursements(tx, request.book, ids);
  auto returned = LockReturnedPayment(tx, request.book, request.payment);
  if (payments.empty() || !returned || returned->rejected) {
    return NotFound("payment {} did not come back", PaymentKeyOf(request.payment));
  }
  locked.payment = std::move(payments.front());
  locked.returned = *std::move(returned);
  locked.rounds = LoadReturnDisputes(tx, request.book, request.payment);
  return locked;
}

Status Post(pg::Transaction& tx, const Ledger& ledger, const DisputeRequest& request,
            const Disputed& locked, Lines lines, bool applied, const Recorded& recorded) {
  const auto seq = static_cast<std::int32_t>(locked.rounds.size() + 1);
  const Uuid before =
      locked.rounds.empty() ? locked.returned.journal_id : locked.rounds.back().journal_id;
  const JournalHeader header{
      .id = DerivedUuid("return_dispute",
                        std::vector{std::to_string(request.book.Value()),
                                    std::to_string(request.payment.Value()), std::to_string(seq)}),
      .source_id = request.payment.Value(),
      .actor = recorded.by,
      .effective_date = request.today,
      .corrects = before};
  InsertReturnDispute(tx, request.book,
                      {.payment = request.payment,
                       .seq_no = seq,
                       .applied = applied,
                       .journal_id = header.id,
                       .second = request.second.user,
                       .note = request.note},
                      recorded);
  const std::vector<Journal> journals{MakeJournal(header, std::move(lines))};
  ASSIGN_OR_RETURN(const auto results, ledger.PostIn(tx, request.book, journals));
  return RequireAccepted(results);
}

std::vector<ObligationMove> MovesOf(const std::vector<ObligationRow>& rows, ObligationState from,
                                    ObligationState to) {
  std::vector<ObligationMove> moves;
  for (const ObligationRow& row : rows) {
    if (row.state == from) moves.push_back({row.id, from, to, row.payee, true});
  }
  return moves;
}

}  // namespace

ReturnDecision DecideDispute(const InboundItemRow& item, const Disbursement& payment,
                             const std::optional<ReturnedPayment>& earlier, bool same_return) {
  const ReturnCodeRule* rule = FindReturnCode(item.code);
  CHECK(rule != nullptr);
  const std::string what = fmt::format("{} {}", item.code, rule->meaning);
  const bool contested = item.kind == ItemKind::kContested;
  if (!earlier) {
    return {ReturnOutcome::kWorkItem,
            fmt::format("{}: payment {} has not come back, as far as we know: find the return",
                        what, payment.payment_key)};
  }
  if (!same_return) {
    if (contested) {
      return {
          ReturnOutcome::kWorkItem,
          fmt::format("{}: the receiving bank insists on a second return of payment {}: ask our "
                      "bank",
                      what, payment.payment_key)};
    }
    return {ReturnOutcome::kNoted,
            fmt::format("{}: about a second return of payment {}, which was never applied", what,
                        payment.payment_key)};
  }
  const std::string applied = fmt::format("the return of payment {} of {}", payment.payment_key,
                                          FormatDate(earlier->returned_on));
  if (contested) {
    if (earlier->state == ReturnedState::kUnapplied) {
      return {ReturnOutcome::kWorkItem,
              fmt::format("{}: {} counts after all: two people apply it again", what, applied)};
    }
    return {ReturnOutcome::kNoted, fmt::format("{}: {} stands, final inside ACH", what, applied)};
  }
  switch (earlier->state) {
    case ReturnedState::kOpen:
      return {ReturnOutcome::kWorkItem,
              fmt::format("{}: {} is dishonored: two people un-apply it, unless the receiving bank "
                          "contests within two banking days",
                          what, applied)};
    case ReturnedState::kUnapplied:
      return {ReturnOutcome::kNoted, fmt::format("{}: {} is un-applied already", what, applied)};
    case ReturnedState::kPayAgain:
    case ReturnedState::kClosed:
      break;
  }
  return {ReturnOutcome::kWorkItem,
          fmt::format("{}: {} was dishonored after it was decided: the payee may be paid twice",
                      what, applied)};
}

Status UnapplyReturn(pg::Transaction& tx, const Ledger& ledger, const DisputeRequest& request,
                     const Recorded& recorded) {
  RETURN_IF_ERROR(CheckTwoPeople(request));
  ASSIGN_OR_RETURN(const Disputed locked, LockDisputed(tx, request));
  const std::string key = locked.payment.payment_key;
  if (locked.returned.state != ReturnedState::kOpen) {
    return FailedPrecondition("the return of payment {} is {}: only an open one is un-applied", key,
                              ReturnedStateName(locked.returned.state));
  }
  RETURN_IF_ERROR(
      CheckMayClear(LoadOpenHolds(tx, request.payer, std::span(&locked.returned.payee, 1)),
                    request.payment.Value(), recorded.by));
  const bool settled =
      CreditBalanceOf(tx, request.book, InTransitAccount(locked.payment.file.value())).IsZero();
  RETURN_IF_ERROR(
      MoveObligations(tx, request.book,
                      MovesOf(locked.obligations, ObligationState::kReturned,
                              settled ? ObligationState::kPaid : ObligationState::kClaimed)));
  ReviveClaims(tx, request.book, request.payment);
  const DisbursementMove move{locked.payment.id, DisbursementState::kReturned,
                              settled ? DisbursementState::kSettled : DisbursementState::kSent};
  RETURN_IF_ERROR(MoveDisbursements(tx, request.book, std::span(&move, 1)));
  DecideReturnedPayment(tx, request.book,
                        {.disbursement = request.payment,
                         .to = ReturnedState::kUnapplied,
                         .note = request.note,
                         .second = request.second.user},
                        recorded);
  ClearPayeeHolds(tx, request.payer, locked.returned.payee, request.payment.Value(), request.note,
                  recorded);
  return Post(tx, ledger, request, locked,
              UndoReturnNotice(locked.bank, locked.returned.payee, locked.returned.amount), false,
              recorded);
}

Status ReapplyReturn(pg::Transaction& tx, const Ledger& ledger, const DisputeRequest& request,
                     const Recorded& recorded) {
  RETURN_IF_ERROR(CheckTwoPeople(request));
  ASSIGN_OR_RETURN(const Disputed locked, LockDisputed(tx, request));
  if (locked.returned.state != ReturnedState::kUnapplied) {
    return FailedPrecondition(
        "the return of payment {} is {}: only an un-applied one is applied "
        "again",
        locked.payment.payment_key, ReturnedStateName(locked.returned.state));
  }
  for (const ObligationState paid : {ObligationState::kPaid, ObligationState::kClaimed}) {
    RETURN_IF_ERROR(MoveObligations(tx, request.book,
                                    MovesOf(locked.obligations, paid, ObligationState::kReturned)));
  }
  EndClaims(tx, request.book, std::span(&request.payment, 1));
  const DisbursementMove move{locked.payment.id, locked.payment.state,
                              DisbursementState::kReturned};
  RETURN_IF_ERROR(MoveDisbursements(tx, request.book, std::span(&move, 1)));
  ReopenReturnedPayment(tx, request.book, request.payment);
  return Post(tx, ledger, request, locked,
              ReturnNotice(locked.bank, locked.returned.payee, locked.returned.amount), true,
              recorded);
}

}  // namespace sluice::payments
