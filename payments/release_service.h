// The release of an approved run, from the pool's money to delivered files, and what follows.
//
//   1. Kill it anywhere and call Resume: what is done is found by its derived ids and stored
//      states, what is missing is done. The files are byte-identical and nothing is paid twice.
//   2. Whoever starts or resumes takes the run's fence; a former worker that wakes up changes
//      nothing any more. Of two that release at once, one wins and the other is refused.
//   3. The digest is computed again and must be the one that was approved. A payment whose account
//      version is no longer active is held; it is never paid to another account.
//   4. Who is paid is screened once more before the release starts, against lists that are current.
//      A payee with a new hit is held; the others are paid.
//   5. A release does not start while a data gate of the program stands in the way of one of its
//      awards (performance/feeds/gate_service.h).
//   6. Nothing leaves before the undo time of the settings is over. Until a file leaves, two people
//      may take it back.
//   7. A file that a format or the independent reader refuses blocks the run after all other work
//      is done; it does not stop the other files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/cycle_service.h"
#include "payments/disbursement.h"
#include "payments/file_builder.h"
#include "payments/ledger/ledger.h"
#include "payments/recoup/recoup_store.h"
#include "payments/release_hooks.h"
#include "payments/release_plan.h"

namespace sluice::payments {

// Work done and work in all, for a progress line: "posting", 3, 12.
using ReleaseProgress =
    std::function<void(std::string_view step, std::int64_t done, std::int64_t all)>;

// Moves the payments of these files of a run, these single ones (checks), and its notices of zero
// to SETTLED, and what they paid to PAID. The caller holds the run's lock and posts the settlement
// in the same transaction.
Status SettlePayments(pg::Transaction& tx, BookId book, RunId run,
                      const std::set<PaymentFileId>& files,
                      const std::set<DisbursementId>& single = {});

// Whether an approved run may be released now: its approval holds, the releaser is none of those
// who made or approved it, its content is what was approved, and no data gate stands in the way.
// FailedPrecondition, PermissionDenied or DataLoss says what is in the way.
Status CheckMayRelease(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       Actor actor, Instant now);

// The id under which PostSettlement books the bank's debit of a file.
Uuid BankDebitOfFileId(BookId book, PaymentFileId file);

class ReleaseService {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  ReleaseService(pg::Database app, pg::Database files, ProgramPayments program,
                 ReleaseSettings settings, const KeyProvider& keys, Clock& clock, IdGenerator& ids,
                 ReleaseHooks hooks = {});
  ReleaseService(const ReleaseService&) = delete;
  ReleaseService& operator=(const ReleaseService&) = delete;

  // Starts the release of an approved run and carries it through to delivered files.
  // FailedPrecondition when it is not approved, or being released by somebody already, and for a
  // service before the business date.
  Status Release(RunId run, Actor actor, const ReleaseProgress& progress = {});
  // Continues a release that was interrupted, whatever it had reached.
  Status Resume(RunId run, Actor actor, const ReleaseProgress& progress = {});
  // As run_settlement.h says.
  Status Unblock(RunId run, const std::string& reason, Actor actor);
  // What is known about a file whose delivery was unknown: the bank has it, or two people say it
  // was never taken (then it is delivered again, same bytes, same name).
  Status ConfirmDelivered(RunId run, PaymentFileId file, const std::string& evidence, Actor actor);
  struct TwoPeople {
    Actor first;
    Actor second;
  };
  Status DeclareNotDelivered(RunId run, PaymentFileId file, const std::string& evidence,
                             const TwoPeople& people);
  // Takes back a bank's file that is READY and has not left, by two people: its payments are void
  // and owed again, for a later run. Files that tell of them are void, too; what they tell of other
  // payments is told by new files. Whoever is about to deliver it is shut out. FailedPrecondition
  // once the delivery has begun or its outcome is unknown, and once a file that tells of its
  // payments has left. Interrupted after it, Resume builds the new files.
  Status VoidFile(RunId run, PaymentFileId file, const std::string& reason,
                  const TwoPeople& people);

  // As run_settlement.h says.
  Status PostSettlement(RunId run, Date date, Actor actor);
  // Tells the bank which checks of the run are void or stale, since it was told last: one file, or
  // none when there are no such checks.
  Status DeliverCheckVoids(RunId run, Date today, Actor actor);

  // As run_settlement.h says.
  Status Close(RunId run, Actor actor);

  FileBuilder& Files() { return builder_; }
  const ReleaseSettings& Settings() const { return settings_; }
  const ProgramPayments& Program() const { return program_; }

 private:
  Status Continue(const ReleaseWork& work, const ReleaseProgress& progress);
  Status ScreenPaid(RunId run, const Recorded& recorded);
  Status PlanFiles(const ReleaseWork& work);
  void CountRows(std::size_t payments);
  StatusOr<std::vector<PaymentFile>> ReserveFiles(const Run& run, const PlannedRelease& release);
  StatusOr<PaymentFile> ReserveFile(const Run& run, const PlannedFile& planned);
  Status PostBatches(const ReleaseWork& work, const ReleaseProgress& progress);
  Status PostPlan(pg::Transaction& tx, const Run& run, const RunPlan& plan,
                  const std::map<PayeeId, Disbursement>& disbursements, const Recorded& recorded);
  std::vector<RecoupNotice> NoticesOfBatch(pg::Transaction& tx, const Run& run,
                                           const std::map<PayeeId, PayeePosting>& postings,
                                           Instant at);
  void WriteOfOffsets(pg::Transaction& tx, const Run& run, std::span<const RecoupNotice> notices,
                      Instant at);
  Status VoidChangedAccounts(const ReleaseWork& work);
  Status BuildFiles(const ReleaseWork& work, const ReleaseProgress& progress);
  Status FinishRelease(const ReleaseWork& work);
  Status DeliverFiles(const ReleaseWork& work, const ReleaseProgress& progress);
  StatusOr<std::vector<PaymentFile>> FilesThatTell(pg::Transaction& tx, const Run& run,
                                                   const PaymentFile& target,
                                                   std::span<const Disbursement> payments);
  Status ReplaceWithout(pg::Transaction& tx, const Run& run, PaymentFile& file,
                        std::span<const Disbursement> without, const std::string& why,
                        const Recorded& recorded);
  // Whether the undo time of the released run is not over.
  StatusOr<bool> MayStillBeVoided(RunId run);
  Status Block(const ReleaseWork& work, const std::string& reason);
  StatusOr<std::vector<PaymentFile>> FilesOf(RunId run);
  std::set<PayeeId> ChangedAccounts(pg::Transaction& tx, std::span<const RunPayee> payees);

  pg::Database database_;
  ProgramPayments program_;
  ReleaseSettings settings_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  ReleaseHooks hooks_;
  Ledger ledger_;
  FileBuilder builder_;
};

}  // namespace sluice::payments
