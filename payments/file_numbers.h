// The numbers of a payment file that the bank or a trading partner must never see twice.
//
// They are taken under the file's id in a transaction of their own, before the file is built: a
// file that asks again gets the same ones, and a range that is not used is lost.
// Source: LEDGER_RELIABILITY_SECURITY 6.3.
#pragma once

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/disbursement.h"
#include "payments/release_plan.h"

namespace sluice::payments {

// The file with its id, name, creation time, file id modifier, first trace and control number. The
// creation time is that of the run's release, however late the file is built. ResourceExhausted
// when a kind of number is used up.
StatusOr<PaymentFile> TakeFileNumbers(pg::Transaction& tx, const Run& run,
                                      const PlannedFile& planned, const ProgramPayments& program,
                                      const ReleaseSettings& settings);

}  // namespace sluice::payments
