// A command of an operator, as the shell runs it: how it ends and what it prints.
#pragma once

#include <string>

namespace sluice::testing {

struct ShellOutcome {
  int exit_code = -1;
  std::string text;  // of both streams
};

ShellOutcome RunShell(const std::string& command);

}  // namespace sluice::testing
