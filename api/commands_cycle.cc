// A program's cycles from day to day: where runs stand, exceptions, comparison, lines held and let
// go, what payees owe, and the tick that releases and closes on its date.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "api/rate_option.h"
#include "api/release_profile.h"
#include "payments/recoup/recoup_service.h"
#include "payments/work/cycle_comparison.h"
#include "payments/work/cycle_exceptions.h"
#include "payments/work/cycle_scheduler.h"

namespace sluice::api {
namespace {

using payments::CycleException;
using payments::RecoupService;
using performance::Program;

struct CycleOptions {
  std::string program, pool, run, line, payee, reason, user, on, how, agreed_with, installment;
  std::string share, profile, out;
  int cycles = 0;
};

StatusOr<payments::ProgramPayments> SettingsOf(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  return PaymentsOf(session, program, options.pool);
}

StatusOr<int> ListRuns(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const Date today, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto standings, payments::Standings(session.Database(), settings, today));
  fmt::print("{}: {}\n", settings.program_name, Counted(std::ssize(standings), "run"));
  bool late = false;
  for (const payments::RunStanding& standing : standings) {
    fmt::print("  {}  {}, {}: {}, settles {}; {}\n", standing.run.id, standing.cycle.name,
               payments::RunName(standing.run.kind, standing.run.seq),
               payments::RunStateName(standing.run.state), FormatDate(standing.run.effective_date),
               standing.due.ToString());
    late = late || standing.due.standing == payments::DueStanding::kLate ||
           standing.due.standing == payments::DueStanding::kAlert;
  }
  return late ? kFindings : kDone;
}

StatusOr<int> ListExceptionsOf(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const auto list, payments::ListExceptions(session.Database(), settings, run,
                                                             session.Clock().Now()));
  fmt::print("{}: {}\n", run, Counted(std::ssize(list), "exception"));
  for (const auto& [kind, total] : payments::TotalsOf(list)) {
    fmt::print("  {}: {}, {}\n", payments::CycleExceptionName(kind), total.count, total.amount);
  }
  for (const CycleException& entry : list) {
    fmt::print("  {}  {}  {}{}: {}. To do: {}\n", payments::CycleExceptionName(entry.kind),
               entry.amount, entry.name,
               entry.line ? fmt::format(" ({})", *entry.line) : std::string(), entry.what,
               entry.to_do);
  }
  return list.empty() ? kDone : kFindings;
}

StatusOr<int> Compare(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const auto comparison,
                   payments::CompareWithLast(session.Database(), settings, run));
  fmt::print("{} against {}\n", run,
             comparison.previous ? comparison.previous_cycle : "nothing: it is the first cycle");
  for (const payments::PayeeComparison& payee : comparison.payees) {
    if (payee.Difference().IsZero() && payee.causes.empty()) continue;
    fmt::print("  {} ({}), {}: before {}, now {}, difference {}\n", payee.name, payee.payee,
               payee.stream, payee.before, payee.now, payee.Difference());
    for (const payments::ComparisonCause& cause : payee.causes) {
      fmt::print("    {}  {}\n", cause.amount, cause.text);
    }
  }
  return kDone;
}

using LineStep = Status (payments::CycleService::*)(payments::RunId, payments::ObligationId,
                                                    const std::string&, payments::Actor);
StatusOr<int> DecideLine(Session& session, const CycleOptions& options, LineStep step,
                         std::string_view done) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const auto line, payments::ObligationId::Parse(options.line));
  payments::CycleService cycles(session.Database(), settings, session.Clock(), session.Ids());
  RETURN_IF_ERROR((cycles.*step)(run, line, options.reason, actor));
  fmt::print("{} {}: {}\n", line, done, options.reason);
  return kDone;
}

using PayeeStep = Status (payments::CycleService::*)(payments::RunId, PayeeId, const std::string&,
                                                     payments::Actor);
StatusOr<int> DecidePayee(Session& session, const CycleOptions& options, PayeeStep step,
                          std::string_view done) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  payments::CycleService cycles(session.Database(), settings, session.Clock(), session.Ids());
  RETURN_IF_ERROR((cycles.*step)(run, payee, options.reason, actor));
  fmt::print("{} {}: {}\n", payee, done, options.reason);
  return kDone;
}

StatusOr<int> ListOwed(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const Date today, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto list,
                   RecoupService(session.Database(), settings, session.Clock()).Owed(today));
  fmt::print("{}: {} owe on {}\n", settings.program_name, Counted(std::ssize(list), "payee"),
             FormatDate(today));
  for (const payments::PayeeOwes& owes : list) {
    fmt::print("  {}  {}: {}, of it {} not yet to be taken\n", owes.payee, owes.name, owes.owed,
               owes.not_yet);
    for (const payments::RecoupNotice& notice : owes.notices) {
      if (notice.noticed_on) {
        fmt::print("    {} out of {}, told on {} by {}, taken from {} on\n", notice.amount,
                   notice.run, FormatDate(*notice.noticed_on), notice.how,
                   FormatDate(*notice.offset_from));
      } else {
        fmt::print("    {} out of {}: NOT TOLD. Write to the payee, then: sluice cycle notice\n",
                   notice.amount, notice.run);
      }
    }
    if (owes.plan) {
      fmt::print("    plan {}: at most {} in a cycle, {} of a payment, agreed with {}\n",
                 owes.plan->number,
                 owes.plan->installment ? owes.plan->installment->ToString() : "all",
                 owes.plan->of_payment ? owes.plan->of_payment->ToString() : "all",
                 owes.plan->agreed_with);
    }
  }
  return kDone;
}

StatusOr<int> AgreePlan(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  payments::OffsetPlan plan{.agreed_with = options.agreed_with, .reason = options.reason};
  ASSIGN_OR_RETURN(plan.payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(plan.effective_from, session.DayOrToday("--from", options.on));
  if (!options.share.empty()) {
    ASSIGN_OR_RETURN(plan.of_payment, ParseShare("--share", options.share));
  }
  RecoupService recoup(session.Database(), settings, session.Clock());
  if (options.cycles > 0) {
    ASSIGN_OR_RETURN(const Money installment, recoup.SetInstallments(plan, options.cycles, actor));
    fmt::print("{}: {} in each of {}\n", plan.payee, installment, Counted(options.cycles, "cycle"));
    return kDone;
  }
  if (!options.installment.empty()) {
    ASSIGN_OR_RETURN(plan.installment, Money::Parse(options.installment));
  }
  RETURN_IF_ERROR(recoup.SetPlan(plan, actor));
  fmt::print("{}: plan recorded\n", plan.payee);
  return kDone;
}

StatusOr<int> Notice(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const Date told_on, session.DayOrToday("--on", options.on));
  RecoupService recoup(session.Database(), settings, session.Clock());
  RETURN_IF_ERROR(recoup.RecordNotice(run, payee, told_on, options.how, actor));
  fmt::print("{}: told on {} by {}\n", payee, FormatDate(told_on), options.how);
  return kDone;
}

StatusOr<int> Tick(Session& session, const CycleOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(auto settings, SettingsOf(session, options));
  ASSIGN_OR_RETURN(const Date today, session.DayOrToday("--date", options.on));
  if (today > session.Today()) {
    return InvalidArgument("{} has not come yet: a tick does what is due by today",
                           FormatDate(today));
  }
  ASSIGN_OR_RETURN(auto profile, ReadReleaseProfile(options.profile, options.out));
  payments::CycleService cycles(session.Database(), settings, session.Clock(), session.Ids());
  ASSIGN_OR_RETURN(const auto desk, ReleaseDesk::Open(session, settings, std::move(profile)));
  payments::CycleScheduler scheduler(session.Database(), cycles, desk->Releases());
  ASSIGN_OR_RETURN(const auto lines, scheduler.Tick(today, {.user = user, .human = false}));
  fmt::print("{} on {}: {}\n", settings.program_name, FormatDate(today),
             lines.empty() ? "nothing under way" : "");
  bool findings = false;
  for (const payments::TickLine& line : lines) {
    fmt::print("  {}  {}: {}\n", payments::TickOutcomeName(line.outcome), line.name, line.what);
    findings = findings || line.outcome == payments::TickOutcome::kAlert ||
               line.outcome == payments::TickOutcome::kFailed;
  }
  return findings ? kFindings : kDone;
}

using Shared = std::shared_ptr<CycleOptions>;

CLI::App* Sub(CLI::App& group, const Shared& options, const char* name, const char* help) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  command->add_option("--pool", options->pool, "the pool that pays; the program's own without");
  return command;
}

void AddWhy(CLI::App& command, const Shared& options) {
  command.add_option("--reason", options->reason, "why")->required();
  command.add_option("--as", options->user, "who decides it")->required();
}

void AddLineCommands(CommandLine line, CLI::App& cycle) {
  struct LineCommand {
    const char* name;
    const char* help;
    LineStep step;
    const char* done;
  };
  for (const LineCommand& entry :
       {LineCommand{"hold-line", "stop one line until it is let go",
                    &payments::CycleService::HoldLine, "held"},
        LineCommand{"release-line", "let a line go, or accept what a rule holds",
                    &payments::CycleService::ReleaseLine, "let go"}}) {
    auto options = std::make_shared<CycleOptions>();
    CLI::App* command = Sub(cycle, options, entry.name, entry.help);
    command->add_option("run", options->run, "id")->required();
    command->add_option("line", options->line, "id")->required();
    AddWhy(*command, options);
    OnPayer(line, *command, [options, entry](Session& session) {
      return DecideLine(session, *options, entry.step, entry.done);
    });
  }
  struct PayeeCommand {
    const char* name;
    const char* help;
    PayeeStep step;
    const char* done;
  };
  for (const PayeeCommand& entry :
       {PayeeCommand{"hold-payee", "stop a payee in one run", &payments::CycleService::HoldPayee,
                     "stopped"},
        PayeeCommand{"release-payee", "let a payee go that was stopped in the run",
                     &payments::CycleService::ReleasePayee, "let go"},
        PayeeCommand{"pay-by-check", "pay a payee by check in one run",
                     &payments::CycleService::PayByCheck, "paid by check"}}) {
    auto options = std::make_shared<CycleOptions>();
    CLI::App* command = Sub(cycle, options, entry.name, entry.help);
    command->add_option("run", options->run, "id")->required();
    command->add_option("payee", options->payee, "id, TIN or exact name")->required();
    AddWhy(*command, options);
    OnPayer(line, *command, [options, entry](Session& session) {
      return DecidePayee(session, *options, entry.step, entry.done);
    });
  }
}

void AddOwedCommands(CommandLine line, CLI::App& cycle) {
  auto owed = std::make_shared<CycleOptions>();
  CLI::App* list = Sub(cycle, owed, "owed", "what payees owe, whether they know, and their plans");
  list->add_option("--on", owed->on, "the day; today without");
  OnPayer(line, *list, [owed](Session& session) { return ListOwed(session, *owed); });

  auto plan = std::make_shared<CycleOptions>();
  CLI::App* agree = Sub(cycle, plan, "plan", "agree how what a payee owes is taken");
  agree->add_option("payee", plan->payee, "id, TIN or exact name")->required();
  auto* cycles = agree->add_option("--cycles", plan->cycles, "all that is owed, in so many");
  agree->add_option("--installment", plan->installment, "at most this in a cycle")
      ->excludes(cycles);
  agree->add_option("--share", plan->share, "at most this of a payment: 25%");
  agree->add_option("--agreed-with", plan->agreed_with, "who agreed for the payee")->required();
  agree->add_option("--from", plan->on, "first day; today without");
  AddWhy(*agree, plan);
  OnPayer(line, *agree, [plan](Session& session) { return AgreePlan(session, *plan); });

  auto told = std::make_shared<CycleOptions>();
  CLI::App* notice = Sub(cycle, told, "notice", "record that a payee was told what it owes");
  notice->add_option("run", told->run, "id")->required();
  notice->add_option("payee", told->payee, "id, TIN or exact name")->required();
  notice->add_option("--how", told->how, "by what: a letter")->required();
  notice->add_option("--on", told->on, "the day; today without");
  notice->add_option("--as", told->user, "who records it")->required();
  OnPayer(line, *notice, [told](Session& session) { return Notice(session, *told); });
}

}  // namespace

void AddCycleCommands(CommandLine line) {
  CLI::App* cycle = line.app.add_subcommand("cycle", "a program's payment cycles, day by day");
  cycle->require_subcommand(1);

  auto listed = std::make_shared<CycleOptions>();
  CLI::App* list = Sub(*cycle, listed, "list", "runs with their states and due dates");
  list->add_option("--on", listed->on, "the day; today without");
  OnPayer(line, *list, [listed](Session& session) { return ListRuns(session, *listed); });

  auto looked = std::make_shared<CycleOptions>();
  CLI::App* exceptions = Sub(*cycle, looked, "exceptions", "what of a run needs a look");
  exceptions->add_option("run", looked->run, "id")->required();
  OnPayer(line, *exceptions,
          [looked](Session& session) { return ListExceptionsOf(session, *looked); });

  auto compared = std::make_shared<CycleOptions>();
  CLI::App* compare = Sub(*cycle, compared, "compare", "a run against the last cycle, by cause");
  compare->add_option("run", compared->run, "id")->required();
  OnPayer(line, *compare, [compared](Session& session) { return Compare(session, *compared); });

  AddLineCommands(line, *cycle);
  AddOwedCommands(line, *cycle);
  AddPaymentRuleCommands(line, *cycle);

  auto due = std::make_shared<CycleOptions>();
  CLI::App* tick = Sub(*cycle, due, "tick", "release, resume, expire and close what is due");
  tick->add_option("--date", due->on, "the day; today without");
  tick->add_option("--profile", due->profile,
                   "TOML: receiver_id, undo_minutes, check_layout, [payer], [bank], [plb], "
                   "[sftp.<name>]")
      ->required();
  tick->add_option("--out", due->out, "the directory that the bank's files go to")->required();
  tick->add_option("--as", due->user, "the name of the service")->required();
  OnPayer(line, *tick, [due](Session& session) { return Tick(session, *due); });
}

}  // namespace sluice::api
