// The commands for what banks and receivers send back.
#pragma once

namespace CLI {
class App;
}

namespace sluice::api {

// Adds `sluice inbound ...`. The callbacks run while the line is parsed and set `exit_code`.
void AddInboundCommands(CLI::App& app, int& exit_code);

}  // namespace sluice::api
