// How a payer's files leave, from the configuration that a release is given.
#pragma once

#include <string>

#include "core/status.h"
#include "payments/release_plan.h"

namespace sluice::api {

// TOML: receiver_id, production, check_layout (a path from the profile's own folder; without it the
// payer pays nobody by check), [payer], [bank], [plb]. `out` is the directory that the files go to.
// InvalidArgument names the key and the rule.
StatusOr<payments::ReleaseSettings> ReadReleaseProfile(const std::string& path,
                                                       const std::string& out);

// "Prairie Health Plan" -> "prairie-health-plan", for the names of files.
std::string FileCode(const std::string& name);

}  // namespace sluice::api
