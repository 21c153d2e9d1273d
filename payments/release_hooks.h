// The failpoints of a release (core/failpoint.h), and what a server or a test in the same process
// does there.
#pragma once

#include <functional>
#include <string_view>

#include "core/failpoint.h"
#include "core/status.h"

namespace sluice::payments {

struct ReleaseHooks {
  // Called with the name of the place ("run.between_batches"). A status that is not ok ends the
  // release at once, without clean-up: a server that stops says so here, and Resume goes on.
  std::function<Status(std::string_view)> reached;

  Status Reached(std::string_view place) const {
    RETURN_IF_ERROR(Failpoint(place));
    return reached ? reached(place) : OkStatus();
  }
};

}  // namespace sluice::payments
