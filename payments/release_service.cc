#include "payments/release_service.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <thread>
#include <utility>

#include "core/check.h"
#include "hierarchy/onboarding_store.h"
#include "payments/checks/check_service.h"
#include "payments/delivery/remittance_store.h"
#include "payments/disbursement_store.h"
#include "payments/file_numbers.h"
#include "payments/ledger/events.h"
#include "payments/notices/contact_notices.h"
#include "payments/obligation_store.h"
#include "payments/payee_hold.h"
#include "payments/payee_service.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/run_settlement.h"
#include "payments/run_store.h"
#include "payments/screening/screening_service.h"
#include "payments/void_payments.h"
#include "performance/feeds/gate_service.h"

namespace sluice::payments {
namespace {

Status CheckFence(const std::optional<Run>& run, const ReleaseWork& work) {
  if (!run || run->fence != work.fence || run->state != RunState::kReleasing) {
    return Aborted("run {} was taken over by somebody else", work.run);
  }
  return OkStatus();
}

// How many files are drawn at a time: each holds its payments and bytes in memory meanwhile.
std::size_t DrawingThreads() { return std::clamp(std::thread::hardware_concurrency(), 1U, 4U); }

}  // namespace

Status CheckMayRelease(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       Actor actor, Instant now) {
  const auto revision = FindRevision(tx, run);
  CHECK(revision.has_value());
  if (run.hold_expires_at && now >= *run.hold_expires_at) {
    return FailedPrecondition("the approval of run {} lapsed at {}: it must be approved again",
                              run.id, run.hold_expires_at->ToString());
  }
  if (!actor.human && now.UtcDate() < run.business_date) {
    return FailedPrecondition("run {} is released on {}, not before", run.id,
                              FormatDate(run.business_date));
  }
  const ApprovalContext context{.submitted_by = revision->submitted_by,
                                .digest = revision->digest,
                                .editors = LoadRunEditors(tx, run.book, run.id),
                                .votes = LoadApprovals(tx, run)};
  RETURN_IF_ERROR(CheckReleaser(context, actor, revision->required_approvals));
  if (StoredDigest(tx, run, LoadPlan(tx, run)) != revision->digest) {
    return DataLoss("the content of run {} is not what was approved: its digest differs", run.id);
  }
  std::vector<std::pair<AwardId, std::int32_t>> awards;
  for (const DigestAward& award : LoadDigestAwards(tx, run)) {
    awards.emplace_back(award.award, award.version);
  }
  return performance::MayRelease(tx, program.payer, program.program, awards);
}

ReleaseService::ReleaseService(pg::Database app, pg::Database files, ProgramPayments program,
                               ReleaseSettings settings, const KeyProvider& keys, Clock& clock,
                               IdGenerator& ids, ReleaseHooks hooks)
    : database_(app.ForPayer(program.payer)),
      program_(std::move(program)),
      settings_(std::move(settings)),
      keys_(keys),
      clock_(clock),
      ids_(ids),
      hooks_(std::move(hooks)),
      ledger_(clock),
      builder_(std::move(files), program_, settings_, keys, clock, hooks_) {}

Status ReleaseService::Release(RunId run, Actor actor, const ReleaseProgress& progress) {
  // Files are sealed also when no account is: the key must be there.
  RETURN_IF_ERROR(
      EnsureDataKey(database_, program_.payer, DataKeyPurpose::kSeal, keys_, clock_, ids_)
          .status());
  const Recorded recorded{actor.user, clock_.Now()};
  RETURN_IF_ERROR(ScreenPaid(run, recorded));
  ASSIGN_OR_RETURN(const Run started, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kRelease));
    RETURN_IF_ERROR(CheckMayRelease(tx, program_, locked.run, actor, recorded.at));
    const auto revision = FindRevision(tx, locked.run);
    const Run approved = locked.run;
    ++locked.run.fence;
    RETURN_IF_ERROR(MoveRun(tx, locked.run, {RunCommand::kRelease, locked.next, ""}, recorded));
    if (!revision->hold.IsZero()) {
      const Journal journal = MakeJournal(
          {.id = DerivedUuid("release_hold", std::vector{std::to_string(approved.book.Value()),
                                                         std::to_string(approved.id.Value()),
                                                         std::to_string(approved.revision)}),
           .source_id = approved.id.Value(),
           .actor = actor.user,
           .effective_date = approved.business_date},
          ReleaseHold(approved.pool, approved.id, revision->hold, {HoldJournalId(approved), 1}));
      ASSIGN_OR_RETURN(const auto results,
                       ledger_.PostIn(tx, program_.book, std::span(&journal, 1)));
      RETURN_IF_ERROR(RequireAccepted(results));
    }
    return locked.run;
  }));
  RETURN_IF_ERROR(hooks_.Reached("run.after_transition"));
  return Continue({run, started.fence, actor.user}, progress);
}

// In a transaction of its own: what it finds stands, also when the release is refused after it.
Status ReleaseService::ScreenPaid(RunId run, const Recorded& recorded) {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto found = FindRun(tx, program_.book, run);
    if (!found || found->state != RunState::kApproved) return OkStatus();  // refused by the command
    if (settings_.screening_days > 0) {
      RETURN_IF_ERROR(CheckListsAreCurrent(tx, program_.payer, recorded.at.UtcDate(),
                                           settings_.screening_days));
    }
    std::vector<PayeeId> paid;
    for (const RunPayee& payee : LoadPlan(tx, *found).payees) {
      if (payee.IsPaid()) paid.push_back(payee.payee);
    }
    if (paid.empty()) return OkStatus();
    ScreenPayees(tx, program_.payer, paid, ScreeningTrigger::kRelease, recorded, ids_);
    return OkStatus();
  });
}

Status ReleaseService::Resume(RunId run, Actor actor, const ReleaseProgress& progress) {
  const Recorded recorded{actor.user, clock_.Now()};
  ASSIGN_OR_RETURN(const Run taken, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    auto locked = LockRun(tx, program_.book, run);
    if (!locked) return NotFound("there is no run {} in book {}", run, program_.book);
    if (locked->state == RunState::kReleased || locked->state == RunState::kSettling) {
      // Only deliveries can be missing, and files that stand for others which were taken back.
      RETURN_IF_ERROR(TakeFence(tx, *locked));
      return *locked;
    }
    ASSIGN_OR_RETURN(const RunState next, ApplyRunCommand(locked->state, RunCommand::kResume));
    ++locked->fence;
    RETURN_IF_ERROR(MoveRun(tx, *locked, {RunCommand::kResume, next, ""}, recorded));
    return *locked;
  }));
  const ReleaseWork work{run, taken.fence, actor.user};
  if (taken.state == RunState::kReleasing) return Continue(work, progress);
  // Those that stand for files which were taken back.
  RETURN_IF_ERROR(BuildFiles(work, progress));
  return DeliverFiles(work, progress);
}

Status ReleaseService::Continue(const ReleaseWork& work, const ReleaseProgress& progress) {
  RETURN_IF_ERROR(PlanFiles(work));
  RETURN_IF_ERROR(hooks_.Reached("file.after_plan"));
  RETURN_IF_ERROR(PostBatches(work, progress));
  RETURN_IF_ERROR(VoidChangedAccounts(work));
  RETURN_IF_ERROR(BuildFiles(work, progress));
  RETURN_IF_ERROR(FinishRelease(work));
  RETURN_IF_ERROR(hooks_.Reached("run.after_finish"));
  return DeliverFiles(work, progress);
}

std::set<PayeeId> ReleaseService::ChangedAccounts(pg::Transaction& tx,
                                                  std::span<const RunPayee> payees) {
  std::vector<PayeeId> paid;
  for (const RunPayee& payee : payees) {
    if (payee.IsPaid()) paid.push_back(payee.payee);
  }
  std::set<std::pair<BankAccountId, std::int32_t>> active;
  for (const BankAccount& account : LoadBankAccountsOfPayees(tx, program_.payer, paid)) {
    if (account.state == BankAccountState::kActive) active.emplace(account.id, account.version);
  }
  const std::vector<Payee> enrolled = LoadPayees(tx, paid);
  const auto not_active =
      hierarchy::PartiesNotActive(tx, program_.payer, Pluck(enrolled, &Payee::party));
  std::set<PayeeId> changed;
  for (const Payee& payee : enrolled) {
    if (not_active.contains(payee.party)) changed.insert(payee.id);
  }
  for (const PayeeHold& hold : LoadOpenHolds(tx, program_.payer, paid)) changed.insert(hold.payee);
  for (const RunPayee& payee : payees) {
    if (payee.IsPaid() && payee.rail == Rail::kAch &&
        !active.contains({payee.account, payee.account_version})) {
      changed.insert(payee.payee);
    }
  }
  return changed;
}

Status ReleaseService::PlanFiles(const ReleaseWork& work) {
  struct Planned {
    Run run;
    PlannedRelease release;
    bool done = false;
  };
  ASSIGN_OR_RETURN(Planned planned,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<Planned> {
                     const auto run = LockRun(tx, program_.book, work.run);
                     RETURN_IF_ERROR(CheckFence(run, work));
                     if (!LoadDisbursements(tx, run->book, run->id).empty()) {
                       return Planned{.run = *run, .done = true};
                     }
                     RunPlan plan = LoadPlan(tx, *run);
                     const auto changed = ChangedAccounts(tx, plan.payees);
                     plan = HoldChangedAccounts(std::move(plan), changed);
                     const auto ids = Pluck(plan.payees, &RunPayee::payee);
                     ReleasePayees payees{.drops = LoadCurrentDrops(tx, program_.payer, ids)};
                     for (Payee& payee : LoadPayees(tx, ids)) {
                       payees.payees.emplace(payee.id, std::move(payee));
                     }
                     return Planned{*run, PlanRelease(*run, plan, payees, settings_)};
                   }));
  if (planned.done || planned.release.disbursements.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const auto files, ReserveFiles(planned.run, planned.release));
  RETURN_IF_ERROR(hooks_.Reached("file.after_reserve"));
  const Recorded recorded{work.actor, clock_.Now()};
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(CheckFence(LockRun(tx, program_.book, work.run), work));
    auto payments = planned.release.disbursements;
    ASSIGN_OR_RETURN(const auto numbers,
                     NumberChecks(tx, planned.run, program_.pool.bank_account, payments));
    InsertFiles(tx, files, program_.book, recorded);
    InsertFileAddresses(tx, program_.book, files);
    InsertDisbursements(tx, payments, program_.book, recorded.at);
    InsertChecks(tx, program_.book, numbers, recorded);
    std::vector<RemittanceRow> rows;
    for (std::size_t i = 0; i < files.size(); ++i) {
      for (const std::size_t index : planned.release.files[i].payments) {
        rows.push_back({payments[index].id, files[i].id, payments[index].amount});
      }
    }
    InsertRemittances(tx, program_.book, rows);
    std::vector<QueuedRemittance> queue;
    for (const auto& [index, errand] : planned.release.errands) {
      const Disbursement& payment = payments[index];
      queue.push_back({payment.id, payment.run, payment.payee, errand});
    }
    InsertQueue(tx, program_.book, queue, recorded.at);
    return OkStatus();
  }));
  CountRows(planned.release.disbursements.size());
  return OkStatus();
}

// A help to the planner and no condition of a release: when it fails, the release goes on.
void ReleaseService::CountRows(std::size_t payments) {
  constexpr std::size_t kFew = 1'000;
  if (payments < kFew) return;
  database_
      .Transact([](pg::Transaction& tx) -> Status {
        CountRunRows(tx);
        return OkStatus();
      })
      .IgnoreError();
}

StatusOr<std::vector<PaymentFile>> ReleaseService::ReserveFiles(const Run& run,
                                                                const PlannedRelease& release) {
  std::vector<PaymentFile> files;
  for (const PlannedFile& planned : release.files) {
    ASSIGN_OR_RETURN(PaymentFile file, ReserveFile(run, planned));
    files.push_back(std::move(file));
  }
  return files;
}

// In a transaction of its own: a range that is taken and not used is lost, never given again.
StatusOr<PaymentFile> ReleaseService::ReserveFile(const Run& run, const PlannedFile& planned) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<PaymentFile> {
    return TakeFileNumbers(tx, run, planned, program_, settings_);
  });
}

Status ReleaseService::PostBatches(const ReleaseWork& work, const ReleaseProgress& progress) {
  struct Todo {
    std::map<std::int32_t, std::vector<PayeeId>> batches;
    std::size_t all = 0;
    std::map<PayeeId, Disbursement> disbursements;
  };
  ASSIGN_OR_RETURN(const Todo todo, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Todo> {
    const auto run = LockRun(tx, program_.book, work.run);
    RETURN_IF_ERROR(CheckFence(run, work));
    Todo rest;
    for (Disbursement& row : LoadDisbursements(tx, run->book, run->id)) {
      rest.disbursements.emplace(row.payee, std::move(row));
    }
    for (const RunPayee& payee : LoadPlan(tx, *run).payees) {
      rest.batches[payee.batch_no].push_back(payee.payee);
    }
    rest.all = rest.batches.size();
    for (const std::int32_t batch : LoadPostedBatches(tx, run->book, run->id)) {
      rest.batches.erase(batch);
    }
    return rest;
  }));
  auto done = static_cast<std::int64_t>(todo.all - todo.batches.size());
  for (const auto& [batch, payees] : todo.batches) {
    const Recorded recorded{work.actor, clock_.Now()};
    const Status posted = database_.Transact([&](pg::Transaction& tx) -> Status {
      const auto run = LockRun(tx, program_.book, work.run);
      RETURN_IF_ERROR(CheckFence(run, work));
      RunPlan plan = LoadPlanOf(tx, *run, payees);
      // A line that is held by itself stays as it is, for a later run.
      std::erase_if(plan.lines, [](const RunLine& line) { return line.hold != HoldReason::kNone; });
      RETURN_IF_ERROR(PostPlan(tx, *run, plan, todo.disbursements, recorded));
      InsertRunBatch(tx, run->book, run->id, batch, recorded.at);
      return OkStatus();
    });
    RETURN_IF_ERROR(posted);
    if (progress) progress("posting", ++done, static_cast<std::int64_t>(todo.all));
    RETURN_IF_ERROR(hooks_.Reached("run.between_batches"));
  }
  return OkStatus();
}

// What this batch finds payees to owe. Its advice tells a payee; one that is held gets none, and
// has to be told by a letter before anything is taken.
std::vector<RecoupNotice> ReleaseService::NoticesOfBatch(
    pg::Transaction& tx, const Run& run, const std::map<PayeeId, PayeePosting>& postings,
    Instant at) {
  const int days = ProgramOn(tx, program_, run.business_date).plan.recoup_notice_days;
  const Date told_on = std::max(run.business_date, at.UtcDate());
  std::vector<RecoupNotice> notices;
  for (const auto& [payee, posting] : postings) {
    if (posting.payee->recoup.IsZero()) continue;
    RecoupNotice notice{.run = run.id, .payee = payee, .amount = posting.payee->recoup};
    if (posting.disbursement != nullptr) {
      notice.noticed_on = told_on;
      notice.offset_from = told_on + Days(days);
      notice.how = "remittance advice";
    }
    notices.push_back(std::move(notice));
  }
  return notices;
}

// Beside the advice, the contacts are written to: nobody learns too late of money that is taken.
void ReleaseService::WriteOfOffsets(pg::Transaction& tx, const Run& run,
                                    std::span<const RecoupNotice> notices, Instant at) {
  if (notices.empty()) return;
  const int days = ProgramOn(tx, program_, run.business_date).plan.recoup_notice_days;
  std::map<PayeeId, std::string> names;
  for (Payee& payee : LoadPayees(tx, Pluck(notices, &RecoupNotice::payee))) {
    names.emplace(payee.id, std::move(payee.name));
  }
  std::vector<NoticeDraft> drafts;
  for (const RecoupNotice& notice : notices) {
    drafts.push_back({.kind = NoticeKind::kOffset,
                      .payee = notice.payee,
                      .offset = OffsetCause{run.book, run.id, days},
                      .body = OffsetText(names.at(notice.payee), notice.amount, days)});
  }
  WriteToContacts(tx, program_.payer, drafts, at);
}

Status ReleaseService::PostPlan(pg::Transaction& tx, const Run& run, const RunPlan& plan,
                                const std::map<PayeeId, Disbursement>& disbursements,
                                const Recorded& recorded) {
  std::map<PayeeId, PayeePosting> postings;
  for (const RunPayee& payee : plan.payees) postings[payee.payee].payee = &payee;
  for (const RunLine& line : plan.lines) postings.at(*line.payee).lines.push_back(&line);
  for (auto& [payee, posting] : postings) {
    const auto found = disbursements.find(payee);
    if (found != disbursements.end()) posting.disbursement = &found->second;
  }
  std::map<ObligationId, LineSource> sources;
  std::vector<ObligationMove> moves;
  std::vector<Claim> claims;
  for (const ObligationRow& row :
       LockObligations(tx, run.book, Pluck(plan.lines, &RunLine::obligation))) {
    sources.emplace(row.id, LineSource{row.contract, row.performance_year});
    const Disbursement* paid_by = postings.at(row.payee.value()).disbursement;
    const bool loss = row.amount < Money{};
    const ObligationState next = loss      ? ObligationState::kRecouped
                                 : paid_by ? ObligationState::kClaimed
                                           : ObligationState::kHeld;
    moves.push_back({row.id, row.state, next, row.payee, !loss});
    if (paid_by != nullptr) claims.push_back({row.id, paid_by->id});
  }
  RETURN_IF_ERROR(MoveObligations(tx, run.book, moves));
  InsertClaims(tx, run.book, claims);
  InsertCheckReplacements(tx, run.book, Pluck(claims, &Claim::disbursement));

  std::vector<Journal> journals;
  std::vector<DisbursementMove> posted;
  for (const auto& [payee, posting] : postings) {
    Journal journal = PayeeJournal(run, program_, posting, sources, recorded.by);
    if (!journal.transfers.empty()) journals.push_back(std::move(journal));
    if (posting.disbursement != nullptr) {
      posted.push_back(
          {posting.disbursement->id, DisbursementState::kPlanned, DisbursementState::kPosted});
    }
  }
  RETURN_IF_ERROR(MoveDisbursements(tx, run.book, posted));
  const auto notices = NoticesOfBatch(tx, run, postings, recorded.at);
  InsertRecoupNotices(tx, run.book, notices, recorded);
  WriteOfOffsets(tx, run, notices, recorded.at);
  if (journals.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, run.book, journals));
  return RequireAccepted(results);
}

Status ReleaseService::VoidChangedAccounts(const ReleaseWork& work) {
  const Recorded recorded{work.actor, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto run = LockRun(tx, program_.book, work.run);
    RETURN_IF_ERROR(CheckFence(run, work));
    const auto changed = ChangedAccounts(tx, LoadPlan(tx, *run).payees);
    auto payments = LoadDisbursements(tx, run->book, run->id);
    std::erase_if(payments, [&](const Disbursement& row) {
      return row.state != DisbursementState::kPosted || row.rail == Rail::kNone ||
             !changed.contains(row.payee);
    });
    return VoidPayments(tx, ledger_, *run, payments, run->business_date, recorded);
  });
}

StatusOr<std::vector<PaymentFile>> ReleaseService::FilesOf(RunId run) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
    return LoadFiles(tx, program_.book, run);
  });
}

Status ReleaseService::BuildFiles(const ReleaseWork& work, const ReleaseProgress& progress) {
  ASSIGN_OR_RETURN(const auto files, FilesOf(work.run));
  Status first_refusal;
  std::int64_t done = 0, payments = 0;
  // Files are drawn ahead by other threads, and finished here one after the other in their order:
  // what is stored, and when, does not depend on the threads. ACH files come first, and all of them
  // are finished before another is drawn: statements name the traces of their entries.
  std::deque<std::future<StatusOr<FileBuilder::Drawn>>> drawing;
  std::size_t next = 0;
  const auto ach_files =
      static_cast<std::size_t>(std::ranges::count(files, FileKind::kAch, &PaymentFile::kind));
  const auto draw_ahead = [&](std::size_t finished) {
    for (; next < files.size() && drawing.size() < DrawingThreads(); ++next) {
      if (files[next].state != FileState::kBuilding) continue;
      if (files[next].kind != FileKind::kAch && finished < ach_files) return;
      drawing.push_back(std::async(std::launch::async, [this, &work, &file = files[next]] {
        return builder_.Draw(work.run, file);
      }));
    }
  };
  for (std::size_t i = 0; i < files.size(); ++i) {
    const PaymentFile& file = files[i];
    Status built;
    if (file.state == FileState::kBuilding) {
      draw_ahead(i);
      const StatusOr<FileBuilder::Drawn> drawn = drawing.front().get();
      drawing.pop_front();
      draw_ahead(i);
      built = drawn.ok() ? builder_.Finish(work, file, *drawn) : drawn.status();
      if (drawn.ok()) payments += drawn->PaymentCount();
    }
    if (progress) progress("building files", ++done, static_cast<std::int64_t>(files.size()));
    if (built.ok()) continue;
    const bool refused = built.code() == absl::StatusCode::kInvalidArgument ||
                         built.code() == absl::StatusCode::kFailedPrecondition ||
                         built.code() == absl::StatusCode::kDataLoss;
    // Anything else is the environment, a hook or a lost race: the run is resumed later.
    if (!refused) return built;
    if (first_refusal.ok()) first_refusal = built;
  }
  CountRows(static_cast<std::size_t>(payments));
  if (first_refusal.ok()) return OkStatus();
  RETURN_IF_ERROR(Block(work, StatusMessage(first_refusal)));
  return Annotate(first_refusal, fmt::format("run {} is blocked", work.run));
}

Status ReleaseService::Block(const ReleaseWork& work, const std::string& reason) {
  const Recorded recorded{work.actor, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, work.run, RunCommand::kBlock));
    RETURN_IF_ERROR(CheckFence(locked.run, work));
    return MoveRun(tx, locked.run, {RunCommand::kBlock, locked.next, reason}, recorded);
  });
}

Status ReleaseService::Unblock(RunId run, const std::string& reason, Actor actor) {
  return RunSettlement(database_, program_, clock_).Unblock(run, reason, actor);
}

Status ReleaseService::FinishRelease(const ReleaseWork& work) {
  const Recorded recorded{work.actor, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(LockedRun locked,
                     LockRunFor(tx, program_.book, work.run, RunCommand::kFinishRelease));
    RETURN_IF_ERROR(CheckFence(locked.run, work));
    const Run& run = locked.run;
    // Promise P4: what the files carry is what the ledger has in transit, to the cent.
    std::map<PaymentFileId, Money> in_files;
    for (const Disbursement& row : LoadDisbursements(tx, run.book, run.id)) {
      if (row.file && row.state != DisbursementState::kVoided) in_files[*row.file] += row.amount;
    }
    for (const PaymentFile& file : LoadFiles(tx, run.book, run.id)) {
      if (file.state == FileState::kBuilding) {
        return FailedPrecondition("file {} is not built yet", file.name);
      }
      if (!IsBankFile(file.kind)) continue;
      const Money ledger = CreditBalanceOf(tx, run.book, InTransitAccount(file.id));
      if (ledger != in_files[file.id]) {
        return DataLoss("file {} carries {} and the ledger has {} in transit for it", file.name,
                        in_files[file.id], ledger);
      }
    }
    const Money rest = CreditBalanceOf(tx, run.book, RunFundsAccount(run.id, run.pool));
    if (!rest.IsZero()) {
      return DataLoss("run {} was not released whole: {} of its funds are left", run.id, rest);
    }
    return MoveRun(tx, locked.run, {RunCommand::kFinishRelease, locked.next, ""}, recorded);
  });
}

Status ReleaseService::DeliverFiles(const ReleaseWork& work, const ReleaseProgress& progress) {
  ASSIGN_OR_RETURN(const bool waits, MayStillBeVoided(work.run));
  if (waits) return OkStatus();
  ASSIGN_OR_RETURN(const auto files, FilesOf(work.run));
  Status first_refusal;
  bool bank_has_all = true;
  std::int64_t done = 0;
  for (const PaymentFile& file : files) {
    const Status delivered = builder_.Deliver(work, file);
    if (progress) progress("delivering files", ++done, static_cast<std::int64_t>(files.size()));
    if (delivered.ok()) continue;
    const bool refused = delivered.code() == absl::StatusCode::kFailedPrecondition ||
                         delivered.code() == absl::StatusCode::kAlreadyExists;
    // A receiver of remittances whose server is down keeps nobody else waiting.
    const bool elsewhere = delivered.code() == absl::StatusCode::kUnavailable &&
                           !IsBankFile(file.kind) && builder_.IsRemote(file);
    if (!refused && !elsewhere) return delivered;
    if (IsBankFile(file.kind)) bank_has_all = false;
    if (first_refusal.ok()) first_refusal = delivered;
  }
  if (!bank_has_all) return first_refusal;
  const Recorded recorded{work.actor, clock_.Now()};
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    auto run = LockRun(tx, program_.book, work.run);
    CHECK(run.has_value());
    if (run->state != RunState::kReleased) return OkStatus();
    return MoveRun(tx, *run, {RunCommand::kFileDelivered, RunState::kSettling, ""}, recorded);
  }));
  return first_refusal;
}

}  // namespace sluice::payments
