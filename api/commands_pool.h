// The commands for the pools of programs.
#pragma once

#include "api/command_line.h"

namespace sluice::api {

// Adds `sluice pool ...`.
void AddPoolCommands(CommandLine line);

}  // namespace sluice::api
