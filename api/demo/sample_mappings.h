// Samples of deploy/config, compiled into the program: the demo reads a real file, and tells the
// bank of a check, with exactly the configuration that a user would start from.
#pragma once

#include "core/status.h"
#include "hierarchy/roster_mapping.h"
#include "payments/checks/check_layout.h"

namespace sluice::demo {

// deploy/config/aco_participants.toml.
StatusOr<hierarchy::RosterMapping> AcoParticipantsMapping();
// deploy/config/checks/csv.toml.
StatusOr<payments::CheckLayout> SampleCheckLayout();

}  // namespace sluice::demo
