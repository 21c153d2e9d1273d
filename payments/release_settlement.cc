// What follows a release: evidence about deliveries, settlement by the bank, closing.
#include <set>
#include <utility>

#include "core/check.h"
#include "payments/checks/check_store.h"
#include "payments/delivery/unknown_delivery.h"
#include "payments/disbursement_store.h"
#include "payments/due_dates.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/reconciliation/reconcile_run.h"
#include "payments/release_service.h"
#include "payments/run_settlement.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

// Payees may object to what was paid until the review window is over.
Status CheckReviewIsOver(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                         Date today) {
  const auto cycle = FindCycle(tx, run.book, run.cycle);
  CHECK(cycle.has_value());
  const CycleSchedule schedule = ProgramOn(tx, program, *cycle->period.to - Days(1)).schedule;
  const Date from = CloseFrom(run, schedule);
  if (schedule.review_days == 0 || today >= from) return OkStatus();
  return FailedPrecondition("the review window of run {} is open until {}: it may close from {}",
                            run.id, FormatDate(from - Days(1)), FormatDate(from));
}

// Each line that the run posts was settled, came back, was refused by the bank (its payee is owed
// the money again, by a later run), or is held.
Status CheckItemsAreSettled(pg::Transaction& tx, const Run& run) {
  std::set<PayeeId> refused;
  for (const Disbursement& row : LoadDisbursements(tx, run.book, run.id)) {
    if (row.state == DisbursementState::kRejected) refused.insert(row.payee);
  }
  std::vector<ObligationId> posted;
  for (const RunLine& line : LoadPlan(tx, run).lines) {
    if (line.hold == HoldReason::kNone) posted.push_back(line.obligation);
  }
  for (const ObligationRow& row : LoadObligations(tx, run.book, posted)) {
    const bool owed_again =
        row.state == ObligationState::kPayable && row.payee && refused.contains(*row.payee);
    if (owed_again) continue;
    if (row.state == ObligationState::kCalculated || row.state == ObligationState::kPayable) {
      return FailedPrecondition("line {} of run {} is neither settled, returned nor held", row.id,
                                run.id);
    }
  }
  return OkStatus();
}

std::vector<std::string> FileParts(BookId book, PaymentFileId file) {
  return {std::to_string(book.Value()), std::to_string(file.Value())};
}

}  // namespace

Uuid BankDebitOfFileId(BookId book, PaymentFileId file) {
  return DerivedUuid("bank_debit_of_file", FileParts(book, file));
}

Status ReleaseService::ConfirmDelivered(RunId run, PaymentFileId file, const std::string& evidence,
                                        Actor actor) {
  return UnknownDelivery(database_, program_.payer, program_.book, clock_)
      .Confirm(run, file, evidence, actor);
}

Status ReleaseService::DeclareNotDelivered(RunId run, PaymentFileId file,
                                           const std::string& evidence, const TwoPeople& people) {
  return UnknownDelivery(database_, program_.payer, program_.book, clock_)
      .DeclareNotDelivered(run, file, evidence, people.first, people.second);
}

Status SettlePayments(pg::Transaction& tx, BookId book, RunId run,
                      const std::set<PaymentFileId>& files,
                      const std::set<DisbursementId>& single) {
  std::vector<DisbursementMove> moves;
  std::vector<DisbursementId> settled;
  for (const Disbursement& row : LoadDisbursements(tx, book, run)) {
    const bool sent = row.state == DisbursementState::kSent &&
                      (files.contains(*row.file) || single.contains(row.id));
    const bool notice = row.state == DisbursementState::kPosted && row.rail == Rail::kNone;
    if (!sent && !notice) continue;
    moves.push_back({row.id, row.state, DisbursementState::kSettled});
    settled.push_back(row.id);
  }
  std::vector<ObligationMove> paid;
  const auto claims = LoadLiveClaims(tx, book, settled);
  for (const ObligationRow& row : LockObligations(tx, book, Pluck(claims, &Claim::obligation))) {
    if (row.state != ObligationState::kClaimed) continue;
    paid.push_back({row.id, row.state, ObligationState::kPaid, row.payee, true});
  }
  RETURN_IF_ERROR(MoveObligations(tx, book, paid));
  return MoveDisbursements(tx, book, moves);
}

Status RunSettlement::Unblock(RunId run, const std::string& reason, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kUnblock));
    return MoveRun(tx, locked.run, {RunCommand::kUnblock, locked.next, reason}, recorded);
  });
}

Status RunSettlement::PostSettlement(RunId run, Date date, Actor actor) {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto locked = LockRun(tx, program_.book, run);
    if (!locked || locked->state != RunState::kSettling) {
      return FailedPrecondition("run {} is not settling", run);
    }
    std::vector<Journal> journals;
    std::set<PaymentFileId> delivered;
    for (const PaymentFile& file : LoadFiles(tx, program_.book, run)) {
      if (file.state != FileState::kDelivered && file.state != FileState::kAcked) continue;
      // The bank pays each check by itself, when it is cashed.
      if (file.kind == FileKind::kChecks) continue;
      delivered.insert(file.id);
      const Money total = CreditBalanceOf(tx, program_.book, InTransitAccount(file.id));
      if (file.kind != FileKind::kAch || total.IsZero()) continue;
      const BankAccountId bank = program_.pool.bank_account;
      JournalHeader header{.id = BankDebitOfFileId(program_.book, file.id),
                           .source_id = file.id.Value(),
                           .actor = actor.user,
                           .effective_date = date};
      journals.push_back(MakeJournal(header, BankDebit(bank, total)));
      header.id = DerivedUuid("settle_file", FileParts(program_.book, file.id));
      journals.push_back(MakeJournal(header, Settle(file.id, BankSuspenseAccount(bank), total)));
    }
    RETURN_IF_ERROR(SettlePayments(tx, program_.book, run, delivered));
    if (journals.empty()) return OkStatus();
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, program_.book, journals));
    return RequireAccepted(results);
  });
}

Status ReleaseService::PostSettlement(RunId run, Date date, Actor actor) {
  return RunSettlement(database_, program_, clock_).PostSettlement(run, date, actor);
}

Status ReleaseService::Close(RunId run, Actor actor) {
  return RunSettlement(database_, program_, clock_).Close(run, actor);
}

Status ReleaseService::DeliverCheckVoids(RunId run, Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  ReleaseWork work{.run = run, .actor = actor.user};
  const Status planned = database_.Transact([&](pg::Transaction& tx) -> Status {
    auto locked = LockRun(tx, program_.book, run);
    if (!locked) return NotFound("there is no run {}", run);
    RETURN_IF_ERROR(TakeFence(tx, *locked));
    work.fence = locked->fence;
    std::vector<CheckRow> untold;
    Money total;
    for (CheckRow& row : LoadChecksOfRun(tx, program_.book, run)) {
      const bool ended = row.state == CheckState::kVoid || row.state == CheckState::kStale;
      if (!ended || row.void_file) continue;
      total += row.amount;
      untold.push_back(std::move(row));
    }
    if (untold.empty()) return OkStatus();
    std::int32_t number = 1;
    for (const PaymentFile& file : LoadFiles(tx, program_.book, run)) {
      if (file.kind == FileKind::kCheckVoids) ++number;
    }
    const PaymentFile file{.id = DerivedFileId(*locked, FileKind::kCheckVoids, number),
                           .run = run,
                           .kind = FileKind::kCheckVoids,
                           .file_no = number,
                           .name = FileName(program_, run, FileKind::kCheckVoids, number),
                           .created_at = Instant::AtMidnight(today),
                           .entry_count = static_cast<std::int32_t>(untold.size()),
                           .total = total};
    InsertFiles(tx, std::span(&file, 1), program_.book, recorded);
    SetVoidFile(tx, program_.book, untold, file.id);
    return OkStatus();
  });
  RETURN_IF_ERROR(planned);
  RETURN_IF_ERROR(hooks_.Reached("file.after_plan"));
  // Those that an interrupted call left behind, too.
  ASSIGN_OR_RETURN(auto files, FilesOf(run));
  for (PaymentFile& file : files) {
    if (file.kind != FileKind::kCheckVoids) continue;
    if (file.state == FileState::kBuilding) {
      ASSIGN_OR_RETURN(const FileBuilder::Drawn drawn, builder_.Draw(run, file));
      RETURN_IF_ERROR(builder_.Finish(work, file, drawn));
      file.state = FileState::kReady;
    }
    RETURN_IF_ERROR(builder_.Deliver(work, file));
  }
  return OkStatus();
}

Status RunSettlement::Close(RunId run, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kClose));
    RETURN_IF_ERROR(CheckReviewIsOver(tx, program_, locked.run, recorded.at.UtcDate()));
    RETURN_IF_ERROR(CheckItemsAreSettled(tx, locked.run));
    for (const Disbursement& row : LoadDisbursements(tx, program_.book, run)) {
      if (!IsTerminal(row.state)) {
        return FailedPrecondition("payment {} of run {} is still {}", row.payment_key, run,
                                  DisbursementStateName(row.state));
      }
    }
    RETURN_IF_ERROR(
        RequireWhole(ReconcileRun(tx, locked.run, program_.pool.bank_account), locked.run.id));
    return MoveRun(tx, locked.run, {RunCommand::kClose, locked.next, ""}, recorded);
  });
}

}  // namespace sluice::payments
