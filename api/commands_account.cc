// Accounts without a password: services, and people who lost their second factor.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/identity/accounts.h"

namespace sluice::api {
namespace {

struct AccountCommand {
  std::string name;
  std::string display_name;
  std::vector<std::string> roles;
  std::string root;
  std::string by;
  std::string approved_by;
  std::string reason;
};

void AddPeopleOptions(CLI::App& command, AccountCommand& options) {
  command.add_option("name", options.name, "the sign-in name")->required();
  command.add_option("--by", options.by, "who proposes it")->required();
  command.add_option("--approved-by", options.approved_by, "the second person")->required();
  command.add_option("--reason", options.reason, "why")->required();
}

StatusOr<int> AddServiceUser(Session& session, const AccountCommand& options) {
  NewAccount account{
      .sign_in_name = options.name,
      .display_name = options.display_name.empty() ? options.name : options.display_name,
      .reason = options.reason};
  ASSIGN_OR_RETURN(account.user, ParseUser(options.name));
  ASSIGN_OR_RETURN(account.proposed_by, ParseUser(options.by));
  ASSIGN_OR_RETURN(account.approved_by, ParseUser(options.approved_by));
  for (const std::string& code : options.roles) {
    ASSIGN_OR_RETURN(const Role role, ParseRole(code));
    account.roles.push_back(role);
  }
  if (!options.root.empty()) {
    ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(session.Today()));
    ASSIGN_OR_RETURN(account.root, FindParty(hierarchy, options.root));
  }
  RETURN_IF_ERROR(AddServiceAccount(session.Data().App(), session.Payer(), account, session.Clock(),
                                    session.Ids()));
  fmt::print(
      "{} is the service '{}' of payer {} with the roles {}; its issuer or its certificate is "
      "named in the configuration of the server\n",
      account.user, options.name, session.Payer(), fmt::join(options.roles, ", "));
  return kDone;
}

StatusOr<int> TakeFactorAway(Session& session, const AccountCommand& options) {
  FactorReset reset{.reason = options.reason};
  ASSIGN_OR_RETURN(reset.user, ParseUser(options.name));
  ASSIGN_OR_RETURN(reset.proposed_by, ParseUser(options.by));
  ASSIGN_OR_RETURN(reset.approved_by, ParseUser(options.approved_by));
  RETURN_IF_ERROR(
      ResetFactor(session.Data().App(), session.Payer(), reset, session.Clock(), session.Ids()));
  fmt::print("'{}' has no second factor any more; every session of theirs has ended\n",
             options.name);
  return kDone;
}

}  // namespace

void AddUserAccountCommands(CommandLine line, CLI::App& user) {
  auto service = std::make_shared<AccountCommand>();
  CLI::App* add = user.add_subcommand("add-service", "let a service of another system call");
  AddPeopleOptions(*add, *service);
  add->add_option("--display-name", service->display_name, "how screens call it");
  add->add_option("--role", service->roles, "a role's code, such as AN; may be repeated")
      ->required();
  add->add_option("--under", service->root,
                  "the party in whose part of the hierarchy the roles hold (default: the payer)");
  OnPayer(line, *add, [service](Session& session) { return AddServiceUser(session, *service); });

  auto lost = std::make_shared<AccountCommand>();
  CLI::App* reset =
      user.add_subcommand("reset-factor", "take a lost second factor away, as two people");
  AddPeopleOptions(*reset, *lost);
  OnPayer(line, *reset, [lost](Session& session) { return TakeFactorAway(session, *lost); });
}

}  // namespace sluice::api
