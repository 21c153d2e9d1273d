// The sample roster mappings of deploy/config, compiled into the program: the demo reads a real
// file with exactly the mapping that a user would start from.
#pragma once

#include "core/status.h"
#include "hierarchy/roster_mapping.h"

namespace sluice::demo {

// deploy/config/aco_participants.toml.
StatusOr<hierarchy::RosterMapping> AcoParticipantsMapping();

}  // namespace sluice::demo
