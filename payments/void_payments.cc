#include "payments/void_payments.h"

#include <algorithm>
#include <string>
#include <vector>

#include "payments/checks/check_service.h"
#include "payments/disbursement_store.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/pluck.h"
#include "payments/recoup/recoup_store.h"

namespace sluice::payments {

Status VoidPayments(pg::Transaction& tx, const Ledger& ledger, const Run& run,
                    std::span<const Disbursement> payments, Date effective_date,
                    const Recorded& recorded) {
  if (payments.empty()) return OkStatus();
  std::vector<Journal> journals;
  std::vector<DisbursementMove> moves;
  std::vector<DisbursementId> checks;
  for (const Disbursement& row : payments) {
    journals.push_back(MakeJournal(
        {.id = DerivedUuid("void_disbursement", std::vector{std::to_string(run.book.Value()),
                                                            std::to_string(row.id.Value())}),
         .source_id = run.id.Value(),
         .actor = recorded.by,
         .effective_date = effective_date},
        VoidDisbursement(*row.file, row.payee, row.amount)));
    moves.push_back({row.id, row.state, DisbursementState::kVoided});
    if (row.rail == Rail::kCheck) checks.push_back(row.id);
  }
  const auto dead = Pluck(payments, &Disbursement::id);
  std::vector<ObligationMove> held;
  const auto claims = LoadLiveClaims(tx, run.book, dead);
  for (const ObligationRow& row :
       LockObligations(tx, run.book, Pluck(claims, &Claim::obligation))) {
    if (row.state != ObligationState::kClaimed) continue;
    held.push_back({row.id, row.state, ObligationState::kHeld, row.payee, true});
  }
  RETURN_IF_ERROR(MoveObligations(tx, run.book, held));
  EndClaims(tx, run.book, dead);
  // Without the payment there is no advice that tells what the payee owes.
  UnsetNoticed(tx, run.book, run.id, Pluck(payments, &Disbursement::payee));
  RETURN_IF_ERROR(MoveDisbursements(tx, run.book, moves));
  SpoilChecks(tx, run.book, checks, effective_date, recorded);
  // The head of the book comes last. A journal here has one transfer.
  for (std::span<const Journal> rest = journals; !rest.empty();) {
    const auto part =
        rest.first(std::min(rest.size(), static_cast<std::size_t>(kMaxBatchTransfers)));
    ASSIGN_OR_RETURN(const auto results, ledger.PostIn(tx, run.book, part));
    RETURN_IF_ERROR(RequireAccepted(results));
    rest = rest.subspan(part.size());
  }
  return OkStatus();
}

}  // namespace sluice::payments
