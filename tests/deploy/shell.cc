#include "tests/deploy/shell.h"

#include <sys/wait.h>

#include <array>
#include <cstdio>

namespace sluice::testing {

ShellOutcome RunShell(const std::string& command) {
  ShellOutcome outcome;
  FILE* pipe = popen(("{ " + command + "; } 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    outcome.text.append(buffer.data(), read);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace sluice::testing
