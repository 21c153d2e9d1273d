// The commands for payments by check.
#pragma once

#include "api/command_line.h"

namespace sluice::api {

// Adds `sluice check ...`.
void AddCheckCommands(CommandLine line);

}  // namespace sluice::api
