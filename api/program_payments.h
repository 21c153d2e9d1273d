// How commands get at the payments of a program.
#pragma once

#include <string>

#include "api/session.h"
#include "payments/cycle.h"

namespace sluice::api {

// The program's book and pool; without a name, the pool "<program> pool". NotFound says how to name
// one.
StatusOr<payments::ProgramPayments> PaymentsOf(Session& session,
                                               const performance::Program& program,
                                               const std::string& pool_name);

}  // namespace sluice::api
