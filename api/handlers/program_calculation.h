// What the operation of ProgramService does.
#pragma once

#include "api/operations/operation_worker.h"

namespace sluice::api {

// CalculateProgram.
Jobs ProgramJobs();

}  // namespace sluice::api
