// Places in a release where a test stops it as a crash would: what was committed stays, nothing
// after the place happens.
#pragma once

#include <functional>
#include <string_view>

#include "core/status.h"

namespace sluice::payments {

struct ReleaseHooks {
  // Called with the name of the place ("run.between_batches"). A status that is not ok ends the
  // release at once, without clean-up. Empty in production.
  std::function<Status(std::string_view)> reached;

  Status Reached(std::string_view place) const { return reached ? reached(place) : OkStatus(); }
};

}  // namespace sluice::payments
