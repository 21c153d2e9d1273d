#include "payments/delivery/unknown_delivery.h"

#include <optional>
#include <vector>

#include "payments/disbursement_store.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

StatusOr<PaymentFile> LockUnknown(pg::Transaction& tx, BookId book, RunId run, PaymentFileId file) {
  if (!LockRun(tx, book, run)) return NotFound("there is no run {}", run);
  auto locked = LockFile(tx, book, file);
  if (!locked || locked->run != run || locked->state != FileState::kSentUnknown) {
    return FailedPrecondition("file {} is not one whose delivery is unknown", file);
  }
  return *std::move(locked);
}

}  // namespace

Status UnknownDelivery::Confirm(RunId run, PaymentFileId file, const std::string& evidence,
                                Actor actor) {
  if (evidence.empty()) return InvalidArgument("say how it is known that the bank has the file");
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(PaymentFile locked, LockUnknown(tx, book_, run, file));
    std::vector<DisbursementMove> moves;
    for (const Disbursement& row : LoadDisbursementsOfFile(tx, book_, file)) {
      if (row.state == DisbursementState::kInFile) {
        moves.push_back({row.id, row.state, DisbursementState::kSent});
      }
    }
    if (IsBankFile(locked.kind)) RETURN_IF_ERROR(MoveDisbursements(tx, book_, moves));
    return MoveFile(tx, book_, locked, FileState::kDelivered, evidence, recorded);
  });
}

Status UnknownDelivery::DeclareNotDelivered(RunId run, PaymentFileId file,
                                            const std::string& evidence, Actor first,
                                            Actor second) {
  if (evidence.empty()) return InvalidArgument("say what the bank answered");
  if (!first.human || !second.human || first.user == second.user) {
    return PermissionDenied("two people must declare that a file was not delivered");
  }
  const Recorded recorded{first.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(PaymentFile locked, LockUnknown(tx, book_, run, file));
    return MoveFile(tx, book_, locked, FileState::kReady,
                    fmt::format("{} and {} declare: {}", first.user, second.user, evidence),
                    recorded);
  });
}

}  // namespace sluice::payments
