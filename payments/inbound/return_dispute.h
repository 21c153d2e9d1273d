// What becomes of a return that the banks dispute.
//
//   1. Our bank dishonors a return (R61 to R70): its money goes back to the receiving bank, so the
//      payment stands. Two people un-apply the return: RETURN_NOTICE is undone, the payment is
//      SETTLED again (SENT, where its file is not settled yet) and its obligations PAID.
//   2. The receiving bank contests the dishonor (R71 to R77): final inside ACH, the return counts.
//      Two people apply it again, where it was un-applied.
//   3. Neither happens without the bank's file that says so, nor to a payment that a person cleared
//      or closed: what it paid may be in another payment by then.
// Source: FORMATS 6 (R61 to R77); LEDGER_RELIABILITY_SECURITY 2.4.
#pragma once

#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/returned_payment.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// What a dishonored or contested return means for the return that was applied. Pure. `same_return`:
// it is about that one, and not about a second return of the payment.
ReturnDecision DecideDispute(const InboundItemRow& item, const Disbursement& payment,
                             const std::optional<ReturnedPayment>& earlier, bool same_return);

struct DisputeRequest {
  PayerId payer;
  BookId book;
  DisbursementId payment;
  std::string note;
  Actor first, second;
  Date today{};
};

// Each is one transaction's work: all of it or nothing. NotFound when the payment did not come
// back; FailedPrecondition when it is in no state for it; PermissionDenied for other than two
// people.
Status UnapplyReturn(pg::Transaction& tx, const Ledger& ledger, const DisputeRequest& request,
                     const Recorded& recorded);
Status ReapplyReturn(pg::Transaction& tx, const Ledger& ledger, const DisputeRequest& request,
                     const Recorded& recorded);

}  // namespace sluice::payments
