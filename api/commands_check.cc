// Checks: the numbers that may be printed, the register, voids by two people, stale checks, and the
// file that tells the bank of them.
#include "api/commands_check.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "api/commands.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "api/release_profile.h"
#include "payments/checks/check_service.h"

namespace sluice::api {
namespace {

using payments::CheckRow;
using payments::CheckService;
using payments::CheckState;

struct CheckOptions {
  std::string program, pool, state, reason, user, second, on, run, profile, out;
  std::int64_t number = 0, first = 0, last = 0;
};

// The program's payments, and the register of its checks.
struct CheckOffice {
  payments::ProgramPayments settings;
  CheckService checks;
};

StatusOr<CheckOffice> OfficeOf(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(auto settings, PaymentsOf(session, program, options.pool));
  return CheckOffice{std::move(settings), CheckService(session.Data().App(), session.Payer(),
                                                       program.book, session.Clock())};
}

std::string Described(const CheckRow& check) {
  return fmt::format("{}  {}  {}  {} of {}", check.number, payments::CheckStateName(check.state),
                     check.payee_name, check.amount, FormatDate(check.issued_on));
}

StatusOr<int> AddStock(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  RETURN_IF_ERROR(office.checks.AddStock(office.settings.pool.bank_account, options.first,
                                         options.last, actor));
  fmt::print("{}: numbers {} to {} may be printed; the program pays by check from now on\n",
             office.settings.pool.name, options.first, options.last);
  return kDone;
}

StatusOr<int> ListChecks(Session& session, const CheckOptions& options) {
  std::optional<CheckState> state;
  if (!options.state.empty()) {
    ASSIGN_OR_RETURN(state, OneOf<CheckState>("--state", options.state,
                                              {{"outstanding", CheckState::kOutstanding},
                                               {"paid", CheckState::kPaid},
                                               {"void", CheckState::kVoid},
                                               {"stale", CheckState::kStale},
                                               {"spoiled", CheckState::kSpoiled}}));
  }
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto stocks, office.checks.Stocks());
  for (const payments::CheckStock& stock : stocks) {
    fmt::print("numbers {} to {}: {} left\n", stock.first_number, stock.last_number,
               stock.last_number - stock.next_number + 1);
  }
  ASSIGN_OR_RETURN(const auto checks, office.checks.Register(state));
  Money outstanding;
  for (const CheckRow& check : checks) {
    fmt::print("  {}\n", Described(check));
    if (check.state == CheckState::kOutstanding) outstanding += check.amount;
  }
  fmt::print("{}, {} outstanding\n", Counted(std::ssize(checks), "check"), outstanding);
  return kDone;
}

StatusOr<int> ShowCheck(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const CheckService::History history, office.checks.Find(options.number));
  fmt::print("{}\n  payment of run {}\n", Described(history.check), history.check.run);
  for (const std::int64_t number : history.replaces) fmt::print("  pays again {}\n", number);
  for (const std::int64_t number : history.replaced_by) {
    fmt::print("  paid again by {}\n", number);
  }
  for (const payments::CheckEvent& event : history.events) {
    fmt::print("  {}  {}{}{}\n", FormatDate(event.happened_on),
               payments::CheckStateName(event.state), event.reason.empty() ? "" : ": ",
               event.reason);
  }
  return kDone;
}

StatusOr<int> VoidCheck(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor first, ParseActor(options.user));
  ASSIGN_OR_RETURN(const payments::Actor second, ParseActor(options.second));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  RETURN_IF_ERROR(office.checks.Void({.number = options.number,
                                      .reason = options.reason,
                                      .on = on,
                                      .first = first,
                                      .second = second}));
  fmt::print("{}: void; its payee is owed the money again. Tell the bank: sluice check tell-bank\n",
             options.number);
  return kDone;
}

StatusOr<int> MarkStale(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto stale, office.checks.MarkStale(on, actor));
  for (const CheckRow& check : stale) fmt::print("  {}\n", Described(check));
  fmt::print("{} not cashed within {} days\n", Counted(std::ssize(stale), "check"),
             payments::kStaleDays);
  return kDone;
}

StatusOr<int> TellBank(Session& session, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(CheckOffice office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(auto profile, ReadReleaseProfile(options.profile, options.out));
  ASSIGN_OR_RETURN(const auto desk,
                   ReleaseDesk::Open(session, std::move(office.settings), std::move(profile)));
  RETURN_IF_ERROR(desk->Releases().DeliverCheckVoids(run, on, actor));
  fmt::print("{}: the bank is told of its void and stale checks in {}\n", run, options.out);
  return kDone;
}

using Chosen = std::shared_ptr<CheckOptions>;
using CheckWork = StatusOr<int> (*)(Session&, const CheckOptions&);

struct CheckCommand {
  CLI::App* app;
  Chosen options;
};

CheckCommand AddCheckCommand(CommandLine line, CLI::App& group, const char* name, const char* help,
                             CheckWork work) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  command->add_option("--pool", options->pool, "the pool that pays; the program's own without");
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

void AddSigner(const CheckCommand& command) {
  command.app->add_option("--as", command.options->user, "who does it")->required();
}
void AddDay(const CheckCommand& command) {
  command.app->add_option("--on", command.options->on, "the day; today without");
}

}  // namespace

void AddCheckCommands(CommandLine line) {
  CLI::App* check = line.app.add_subcommand("check", "payments by check");
  check->require_subcommand(1);

  const CheckCommand stock =
      AddCheckCommand(line, *check, "stock", "register numbers that may be printed", AddStock);
  stock.app->add_option("--first", stock.options->first, "the first number")->required();
  stock.app->add_option("--last", stock.options->last, "the last number")->required();
  AddSigner(stock);

  const CheckCommand list =
      AddCheckCommand(line, *check, "list", "the register, and the numbers left", ListChecks);
  list.app->add_option("--state", list.options->state,
                       "outstanding, paid, void, stale or spoiled; all without");

  const CheckCommand show =
      AddCheckCommand(line, *check, "show", "what became of a check", ShowCheck);
  show.app->add_option("number", show.options->number, "as printed")->required();

  const CheckCommand end =
      AddCheckCommand(line, *check, "void", "stop a check, by two people", VoidCheck);
  end.app->add_option("number", end.options->number, "as printed")->required();
  end.app->add_option("--reason", end.options->reason, "why")->required();
  end.app->add_option("--second", end.options->second, "the other person")->required();
  AddDay(end);
  AddSigner(end);

  const CheckCommand stale =
      AddCheckCommand(line, *check, "stale", "end the checks that nobody cashed", MarkStale);
  AddDay(stale);
  AddSigner(stale);

  const CheckCommand tell = AddCheckCommand(line, *check, "tell-bank",
                                            "deliver the void and stale checks of a run", TellBank);
  tell.app->add_option("run", tell.options->run, "id")->required();
  tell.app
      ->add_option("--profile", tell.options->profile,
                   "TOML: receiver_id, check_layout, [payer], [bank], [plb]")
      ->required();
  tell.app->add_option("--out", tell.options->out, "the directory that the bank's files go to")
      ->required();
  AddDay(tell);
  AddSigner(tell);
}

}  // namespace sluice::api
