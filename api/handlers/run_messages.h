// Runs as the contract writes them: found by their names, read in a transaction.
#pragma once

#include <string>

#include "api/handlers/run_list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/cycle.h"
#include "payments/run_plan.h"
#include "performance/program.h"
#include "sluice/payments/v1/run.pb.h"

namespace sluice::api {

// What "payers/p/programs/g/cycles/c/runs/r" names.
struct RunPlace {
  ProgramId program;
  payments::CycleId cycle;
  payments::RunId run;
};
// InvalidArgument says which part is none.
StatusOr<RunPlace> RunPlaceOf(const std::string& name);

// What only one operation at a time works on.
std::string JobOfRun(payments::RunId run);

enum class Locked { kNo, kYes };

// The run where the name says that it is, NotFound otherwise. Locked until the transaction ends.
StatusOr<RunRow> FindRunAt(pg::Transaction& tx, const RunPlace& place, Locked locked);

payments::v1::Run RunMessage(pg::Transaction& tx, PayerId payer, const RunRow& row,
                             const payments::RunTotals& totals);
StatusOr<payments::v1::Run> LoadRunMessage(pg::Transaction& tx, PayerId payer,
                                           const RunPlace& place, Locked locked);

// The pool of a program: its only one, or the one that is named after it. FailedPrecondition when
// there is no such pool.
StatusOr<payments::Pool> PoolOf(pg::Transaction& tx, const performance::Program& program);
// How a program pays out of a pool.
payments::ProgramPayments PaymentsWith(pg::Transaction& tx, const performance::Program& program,
                                       const payments::Pool& pool);
// How the program of a run pays.
StatusOr<payments::ProgramPayments> PaymentsAt(pg::Transaction& tx, const RunPlace& place);

payments::v1::HoldReason HoldReasonMessage(payments::HoldReason reason);

// The number of a state or kind in the contract: one further than stored, because 0 is "not said".
payments::v1::RunState RunStateMessage(payments::RunState state);
payments::v1::RunKind RunKindMessage(payments::RunKind kind);

}  // namespace sluice::api
