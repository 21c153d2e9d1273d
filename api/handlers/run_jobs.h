// What the operations of RunService do.
#pragma once

#include <optional>

#include "api/operations/operation_worker.h"
#include "core/pg/database.h"
#include "payments/key_provider.h"
#include "payments/release_plan.h"

namespace sluice::api {

// How a payer's files leave: the same for `sluice cycle release`. The keys outlive it.
struct ReleaseDeskParts {
  pg::Database files;  // of the file builder's role
  payments::ReleaseSettings settings;
  const payments::KeyProvider& keys;
};

// CalculateRun, and ReleaseRun where there is a release desk: a server without one leaves releases
// to those that have it.
Jobs RunJobs(const std::optional<ReleaseDeskParts>& desk);

}  // namespace sluice::api
