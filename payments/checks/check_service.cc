#include "payments/checks/check_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "payments/disbursement_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

// The payment's claims end and what it paid waits for the next run.
Status FreeObligations(pg::Transaction& tx, BookId book, DisbursementId payment) {
  const std::vector<DisbursementId> dead{payment};
  const auto claims = LoadLiveClaims(tx, book, dead);
  std::vector<ObligationMove> held;
  for (const ObligationRow& row : LockObligations(tx, book, Pluck(claims, &Claim::obligation))) {
    if (row.state != ObligationState::kClaimed) continue;
    held.push_back({row.id, row.state, ObligationState::kHeld, row.payee, true});
  }
  RETURN_IF_ERROR(MoveObligations(tx, book, held));
  EndClaims(tx, book, dead);
  return OkStatus();
}

}  // namespace

StatusOr<std::vector<CheckRow>> NumberChecks(pg::Transaction& tx, const Run& run,
                                             BankAccountId account,
                                             std::vector<Disbursement>& payments) {
  std::vector<CheckRow> rows;
  std::vector<PayeeId> payees;
  for (const Disbursement& payment : payments) {
    if (payment.rail == Rail::kCheck) payees.push_back(payment.payee);
  }
  if (payees.empty()) return rows;
  std::map<PayeeId, std::string> names;
  for (const Payee& payee : LoadPayees(tx, payees)) names.emplace(payee.id, payee.name);
  std::vector<CheckStock> stocks = LockCheckStocks(tx, run.book, account);
  auto stock = stocks.begin();
  for (Disbursement& payment : payments) {
    if (payment.rail != Rail::kCheck) continue;
    while (stock != stocks.end() && stock->next_number > stock->last_number) ++stock;
    if (stock == stocks.end()) {
      return FailedPrecondition(
          "{} checks are to be issued and the account has numbers for {}: register the next range "
          "of numbers, then resume",
          payees.size(), rows.size());
    }
    const std::int64_t number = stock->next_number++;
    payment.payment_key = std::to_string(number);
    rows.push_back({.account = account,
                    .number = number,
                    .stock_first = stock->first_number,
                    .disbursement = payment.id,
                    .run = run.id,
                    .payee = payment.payee,
                    .payee_name = names.at(payment.payee),
                    .amount = payment.amount,
                    .issued_on = payment.effective_date,
                    .file = payment.file.value()});
  }
  for (const CheckStock& used : stocks) SetNextCheckNumber(tx, run.book, used);
  return rows;
}

Status CheckService::AddStock(BankAccountId account, std::int64_t first_number,
                              std::int64_t last_number, Actor actor) {
  constexpr std::int64_t kMost = 999'999'999'999;
  if (first_number < 1 || last_number < first_number || last_number > kMost) {
    return InvalidArgument("check numbers {} to {}: they run from 1 to {}, upward", first_number,
                           last_number, kMost);
  }
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    for (const CheckStock& stock : LoadCheckStocks(tx, book_)) {
      if (last_number < stock.first_number || first_number > stock.last_number) continue;
      return FailedPrecondition(
          "check numbers {} to {} run into {} to {}, registered before: choose others",
          first_number, last_number, stock.first_number, stock.last_number);
    }
    InsertCheckStock(tx, book_, {account, first_number, last_number, first_number}, recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<CheckStock>> CheckService::Stocks() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CheckStock>> {
    return LoadCheckStocks(tx, book_);
  });
}

StatusOr<std::vector<CheckRow>> CheckService::Register(std::optional<CheckState> state) {
  return app_.Transact(pg::TransactOptions{.read_only = true},
                       [&](pg::Transaction& tx) -> StatusOr<std::vector<CheckRow>> {
                         return LoadChecks(tx, book_, state);
                       });
}

StatusOr<CheckService::History> CheckService::Find(std::int64_t number) {
  return app_.Transact(pg::TransactOptions{.read_only = true},
                       [&](pg::Transaction& tx) -> StatusOr<History> {
                         const auto check = FindCheck(tx, book_, number);
                         if (!check) return NotFound("check {} was not issued", number);
                         return HistoryOf(tx, book_, *check);
                       });
}

std::optional<CheckRow> FindCheck(pg::Transaction& tx, BookId book, std::int64_t number) {
  for (const CheckStock& stock : LoadCheckStocks(tx, book)) {
    if (number < stock.first_number || number > stock.last_number) continue;
    auto found = FindChecks(tx, book, stock.account, std::span(&number, 1));
    if (!found.empty()) return std::move(found.front().check);
  }
  return std::nullopt;
}

CheckHistory HistoryOf(pg::Transaction& tx, BookId book, const CheckRow& check) {
  CheckHistory history{.check = check,
                       .events = LoadCheckEvents(tx, book, check.account, check.number)};
  for (const CheckReplacement& link : LoadCheckReplacements(tx, book)) {
    if (link.number == check.number) history.replaces.push_back(link.replaced_number);
    if (link.replaced_number == check.number) history.replaced_by.push_back(link.number);
  }
  return history;
}

Status CheckService::Void(const VoidRequest& request) {
  if (request.reason.empty()) return InvalidArgument("say why check {} is void", request.number);
  if (!request.first.human || !request.second.human || request.first.user == request.second.user) {
    return PermissionDenied("two people must void check {}", request.number);
  }
  ASSIGN_OR_RETURN(const History known, Find(request.number));
  return End(known.check, {.state = CheckState::kVoid,
                           .happened_on = request.on,
                           .second = request.second.user,
                           .reason = request.reason,
                           .recorded = {request.first.user, clock_.Now()}});
}

StatusOr<std::vector<CheckRow>> CheckService::MarkStale(Date today, Actor actor, int days) {
  if (days < 1) return InvalidArgument("a check is not stale on the day of its issue");
  ASSIGN_OR_RETURN(const auto open, Register(CheckState::kOutstanding));
  std::vector<CheckRow> stale;
  for (const CheckRow& check : open) {
    if (check.issued_on + Days(days) > today) continue;
    const Status ended = EndStale(check, today, actor, days);
    // Cashed or voided since it was listed, or not sent yet: not stale.
    if (ended.code() == absl::StatusCode::kFailedPrecondition) continue;
    RETURN_IF_ERROR(ended);
    stale.push_back(check);
    stale.back().state = CheckState::kStale;
  }
  return stale;
}

Status CheckService::Expire(std::int64_t number, Date today, Actor actor, int days) {
  ASSIGN_OR_RETURN(const History known, Find(number));
  if (known.check.issued_on + Days(days) > today) {
    return FailedPrecondition("check {} of {} may be cashed until {}", number,
                              FormatDate(known.check.issued_on),
                              FormatDate(known.check.issued_on + Days(days)));
  }
  return EndStale(known.check, today, actor, days);
}

Status CheckService::EndStale(const CheckRow& check, Date today, Actor actor, int days) {
  return End(check, {.state = CheckState::kStale,
                     .happened_on = today,
                     .reason = fmt::format("not cashed within {} days of {}", days,
                                           FormatDate(check.issued_on)),
                     .recorded = {actor.user, clock_.Now()}});
}

Status CheckService::End(const CheckRow& check, CheckEvent event) {
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto run = LockRun(tx, book_, check.run);
    auto row = LockCheck(tx, book_, check.account, check.number);
    if (!run || !row || row->state != CheckState::kOutstanding) {
      return FailedPrecondition("check {} is {}: only an outstanding check can be stopped",
                                check.number, row ? CheckStateName(row->state) : "not there");
    }
    RETURN_IF_ERROR(FreeObligations(tx, book_, row->disbursement));
    const auto to =
        event.state == CheckState::kStale ? DisbursementState::kStale : DisbursementState::kVoided;
    const DisbursementMove move{row->disbursement, DisbursementState::kSent, to};
    if (const Status moved = MoveDisbursements(tx, book_, std::span(&move, 1)); !moved.ok()) {
      return FailedPrecondition(
          "check {} has not left yet: deliver its file first, or stop its "
          "payee before the release",
          check.number);
    }
    const Journal journal = MakeJournal(
        {.id = DerivedUuid(
             "void_disbursement",
             std::vector{std::to_string(book_.Value()), std::to_string(row->disbursement.Value())}),
         .source_id = row->disbursement.Value(),
         .actor = event.recorded.by,
         .effective_date = event.happened_on},
        VoidDisbursement(row->file, row->payee, row->amount));
    event.journal_id = journal.id;
    MoveCheck(tx, book_, *row, event);
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, std::span(&journal, 1)));
    return RequireAccepted(results);
  });
}

}  // namespace sluice::payments
