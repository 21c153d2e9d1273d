// Taking a bank's file back before it leaves, and the time in which that can be done.
#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "payments/delivery/remittance_store.h"
#include "payments/disbursement_store.h"
#include "payments/file_numbers.h"
#include "payments/pluck.h"
#include "payments/release_service.h"
#include "payments/run_store.h"
#include "payments/void_payments.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60'000'000;

Status CheckMayBeVoided(const PaymentFile& file) {
  if (!IsBankFile(file.kind)) {
    return InvalidArgument("file {} pays nobody: take the bank's file back that it belongs to",
                           file.name);
  }
  switch (file.state) {
    case FileState::kReady:
      return OkStatus();
    case FileState::kVoided:
      return FailedPrecondition("file {} was taken back before", file.name);
    case FileState::kDelivering:
    case FileState::kSentUnknown:
      return FailedPrecondition(
          "whether file {} was taken is unknown: ask the bank, and confirm it or declare it not "
          "delivered first",
          file.name);
    case FileState::kBuilding:
    case FileState::kDelivered:
    case FileState::kAcked:
    case FileState::kRejected:
      break;
  }
  return FailedPrecondition(
      "file {} is {}: only a file that is READY and has not left is taken back", file.name,
      FileStateName(file.state));
}

bool IsStanding(const Disbursement& row) { return row.state != DisbursementState::kVoided; }

}  // namespace

Status ReleaseService::VoidFile(RunId run, PaymentFileId file, const std::string& reason,
                                const TwoPeople& people) {
  if (reason.empty()) return InvalidArgument("say why the file is taken back");
  if (!people.first.human || !people.second.human || people.first.user == people.second.user) {
    return PermissionDenied("two people must take a file back");
  }
  const Recorded recorded{people.first.user, clock_.Now()};
  const std::string why =
      fmt::format("{} and {}: {}", people.first.user, people.second.user, reason);
  ReleaseWork work{.run = run, .actor = people.first.user};
  std::vector<PaymentFile> voided;
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    voided.clear();
    auto locked = LockRun(tx, program_.book, run);
    if (!locked) return NotFound("there is no run {} in book {}", run, program_.book);
    if (locked->state != RunState::kReleased && locked->state != RunState::kSettling) {
      return FailedPrecondition(
          "run {} is {}: a file is taken back after the release is finished, and before it leaves",
          run, RunStateName(locked->state));
    }
    auto target = LockFile(tx, program_.book, file);
    if (!target || target->run != run) return NotFound("run {} has no file {}", run, file);
    RETURN_IF_ERROR(CheckMayBeVoided(*target));
    // Whoever is about to deliver it changes nothing any more.
    RETURN_IF_ERROR(TakeFence(tx, *locked));
    work.fence = locked->fence;
    auto payments = LoadDisbursementsOfFile(tx, program_.book, file);
    std::erase_if(payments, [](const Disbursement& row) { return !IsStanding(row); });
    ASSIGN_OR_RETURN(auto telling, FilesThatTell(tx, *locked, *target, payments));
    RETURN_IF_ERROR(MoveFile(tx, program_.book, *target, FileState::kVoided, why, recorded));
    voided.push_back(*std::move(target));
    for (PaymentFile& other : telling) {
      RETURN_IF_ERROR(ReplaceWithout(tx, *locked, other, payments, why, recorded));
      if (other.state == FileState::kVoided) voided.push_back(std::move(other));
    }
    const Date effective = std::max(locked->business_date, recorded.at.UtcDate());
    return VoidPayments(tx, ledger_, *locked, payments, effective, recorded);
  }));
  // An attempt that was given up may have left its temporary file where nobody looks for it.
  for (const PaymentFile& gone : voided) builder_.Forget(gone).IgnoreError();
  return BuildFiles(work, {});
}

// The other files that tell of these payments. None of them may have begun to leave: what a payee
// was told stands.
StatusOr<std::vector<PaymentFile>> ReleaseService::FilesThatTell(
    pg::Transaction& tx, const Run& run, const PaymentFile& target,
    std::span<const Disbursement> payments) {
  const auto ids = Pluck(payments, &Disbursement::id);
  const std::set<DisbursementId> gone(ids.begin(), ids.end());
  std::vector<PaymentFile> telling;
  for (const PaymentFile& file : LoadFiles(tx, program_.book, run.id)) {
    if (file.id == target.id || IsBankFile(file.kind) || file.state == FileState::kVoided) continue;
    const auto told = LoadDisbursementsOfFile(tx, program_.book, file.id);
    if (std::ranges::none_of(told, [&](const auto& row) { return gone.contains(row.id); })) {
      continue;
    }
    auto locked = LockFile(tx, program_.book, file.id);
    CHECK(locked.has_value());
    if (locked->state != FileState::kReady && locked->state != FileState::kBuilding) {
      return FailedPrecondition(
          "file {} tells of payments of file {} and is {}: the file cannot be taken back any more",
          file.name, target.name, FileStateName(locked->state));
    }
    telling.push_back(*std::move(locked));
  }
  return telling;
}

// The file is void as well. What it told of other payments is told by a new file, with a number of
// its own, that is built next.
Status ReleaseService::ReplaceWithout(pg::Transaction& tx, const Run& run, PaymentFile& file,
                                      std::span<const Disbursement> without, const std::string& why,
                                      const Recorded& recorded) {
  const auto ids = Pluck(without, &Disbursement::id);
  const std::set<DisbursementId> gone(ids.begin(), ids.end());
  auto left = LoadDisbursementsOfFile(tx, program_.book, file.id);
  std::erase_if(left,
                [&](const Disbursement& row) { return !IsStanding(row) || gone.contains(row.id); });
  // A file that is not built yet leaves out what does not stand.
  if (file.state == FileState::kBuilding && !left.empty()) return OkStatus();
  RETURN_IF_ERROR(MoveFile(tx, program_.book, file, FileState::kVoided, why, recorded));
  if (left.empty()) return OkStatus();
  PlannedFile planned{.kind = file.kind, .to = file.to};
  for (const PaymentFile& other : LoadFiles(tx, program_.book, run.id)) {
    if (other.kind == file.kind) planned.file_no = std::max(planned.file_no, other.file_no + 1);
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    planned.payments.push_back(i);
    planned.total += left[i].amount;
  }
  ASSIGN_OR_RETURN(const PaymentFile next, TakeFileNumbers(tx, run, planned, program_, settings_));
  InsertFiles(tx, std::span(&next, 1), program_.book, recorded);
  InsertFileAddresses(tx, program_.book, std::span(&next, 1));
  std::vector<RemittanceRow> rows;
  for (const Disbursement& row : left) rows.push_back({row.id, next.id, row.amount});
  InsertRemittances(tx, program_.book, rows);
  return OkStatus();
}

StatusOr<bool> ReleaseService::MayStillBeVoided(RunId run) {
  if (settings_.undo_minutes == 0) return false;
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
    Instant finished;
    for (const RunEventRow& event : LoadRunEvents(tx, program_.book, run)) {
      if (event.command == RunCommand::kFinishRelease) finished = event.at;
    }
    return clock_.Now().Micros() < finished.Micros() + settings_.undo_minutes * kMicrosPerMinute;
  });
}

}  // namespace sluice::payments
