// How the groups of commands join the command line. Each commands_<noun>.cc adds its subcommands:
// the options, what they call, and what is printed.
//
//   auto name = std::make_shared<std::string>();
//   CLI::App* show = group->add_subcommand("show", "what is known of one");
//   show->add_option("name", *name, "its name")->required();
//   OnPayer(line, *show, [name](Session& session) -> StatusOr<int> { ...; return kDone; });
//
// Options are read while the line is parsed, so whoever is called then owns what they are read
// into.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/session.h"
#include "api/store.h"

namespace CLI {
class App;
}

namespace sluice::api {

// What the process ends with; a failure's code is Fail() (commands.h).
inline constexpr int kDone = 0;
inline constexpr int kFindings = 1;

struct CommandLine {
  CLI::App& app;
  StoreOptions& store;
  int& exit_code;
};

// "1 dispute", "2 disputes".
std::string Counted(std::int64_t count, std::string_view noun);
// The value of the name among the choices; InvalidArgument lists them under the option's name.
template <typename T>
StatusOr<T> OneOf(const std::string& option, const std::string& name,
                  const std::vector<std::pair<std::string, T>>& choices) {
  std::string known;
  for (const auto& [text, value] : choices) {
    if (text == name) return value;
    known += (known.empty() ? "" : ", ") + text;
  }
  return InvalidArgument("{} is one of {}, not '{}'", option, known, name);
}

// --data-dir and --config.
void AddStoreOptions(CLI::App& command, StoreOptions& store);

using PayerWork = std::function<StatusOr<int>(Session&)>;
// The command works on a payer's data: adds the options above and --payer, and calls `work` with a
// session when the command is given.
void OnPayer(CommandLine line, CLI::App& command, PayerWork work);

void AddProgramCommands(CommandLine line);
void AddProgramRunCommands(CommandLine line, CLI::App& program);
void AddOnboardingCommands(CommandLine line);
void AddFeedCommands(CommandLine line);
void AddGateCommands(CommandLine line);
void AddContractCommands(CommandLine line);
void AddContractLifeCommands(CommandLine line, CLI::App& contract);
void AddAttributionCommands(CommandLine line);
void AddDisputeCommands(CommandLine line);
void AddChangeCommands(CommandLine line);
void AddOverrideCommands(CommandLine line);
void AddPayeeCommands(CommandLine line);
void AddPreferenceCommands(CommandLine line, CLI::App& payee);
void AddTaxCommands(CommandLine line);
void AddWithholdCommands(CommandLine line);
void AddCycleCommands(CommandLine line);
void AddPaymentRuleCommands(CommandLine line, CLI::App& cycle);
void AddReconcileCommands(CommandLine line);
void AddUnclaimedCommands(CommandLine line);
void AddReversalCommands(CommandLine line);
void AddDeliveryCommands(CommandLine line);
void AddNoticeCommands(CommandLine line);
void AddScreeningCommands(CommandLine line);
void AddServeCommands(CommandLine line);
void AddUserAccountCommands(CommandLine line, CLI::App& user);
void AddAuditCommands(CommandLine line);

}  // namespace sluice::api
