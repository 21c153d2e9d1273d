// Withheld money of a program: what it stands at, what a settlement did not give back, and what is
// due on a day.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/program_payments.h"
#include "payments/payee_store.h"
#include "payments/run_store.h"
#include "payments/withhold_settlement.h"
#include "payments/withhold_statement.h"
#include "performance/program_service.h"

namespace sluice::api {
namespace {

using performance::Program;
using performance::WithholdStatement;

struct WithholdOptions {
  std::string program;
  std::string pool;
  std::string period;
  std::string on;
  std::string user;
};

StatusOr<std::map<PayeeId, std::string>> NamesOf(Session& session,
                                                 const std::vector<PayeeId>& payees) {
  return session.Database().Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::map<PayeeId, std::string>> {
        std::map<PayeeId, std::string> names;
        for (const payments::Payee& payee : payments::LoadPayees(tx, payees)) {
          names[payee.id] = payee.name;
        }
        return names;
      });
}

StatusOr<int> List(Session& session, const WithholdOptions& options) {
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const std::vector<WithholdStatement> reserves,
                   session.Database().Transact(
                       [&](pg::Transaction& tx) -> StatusOr<std::vector<WithholdStatement>> {
                         return payments::StateReserves(tx, program.book, performance::Withhold{},
                                                        program.id, on);
                       }));
  std::vector<PayeeId> payees;
  for (const WithholdStatement& reserve : reserves) payees.push_back(reserve.key.payee);
  ASSIGN_OR_RETURN(const auto names, NamesOf(session, payees));
  fmt::print("{}: {} on {}\n", program.name, Counted(std::ssize(reserves), "reserve"),
             FormatDate(on));
  for (const WithholdStatement& reserve : reserves) {
    fmt::print("  {}  {} for {}: withheld {}, released {}, forfeited {}, left {}\n",
               reserve.key.payee, names.at(reserve.key.payee), reserve.key.performance_year,
               reserve.taken, reserve.released, reserve.forfeited, reserve.balance);
  }
  return kDone;
}

StatusOr<int> Forfeit(Session& session, const WithholdOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(payments::ProgramPayments settings, PaymentsOf(session, program, options.pool));
  payments::WithholdSettlement settlement(session.Database(), std::move(settings), session.Clock(),
                                          session.Ids());
  ASSIGN_OR_RETURN(const payments::UnearnedWithholds unearned,
                   settlement.ForfeitUnearned(period, on, user));
  fmt::print("{}, {}: {} decided on, {} not earned in all\n", program.name, period.ToString(),
             Counted(std::ssize(unearned.forfeits), "withhold"), unearned.total);
  if (unearned.elsewhere > 0) {
    fmt::print("  {} of {} was withheld in another system: it is forfeited there\n",
               Counted(unearned.elsewhere, "award"), unearned.elsewhere_total);
  }
  if (unearned.blocked == 0) return kDone;
  fmt::print("  {} without a result: nothing is decided; see: sluice program status\n",
             Counted(unearned.blocked, "contract"));
  return kFindings;
}

StatusOr<int> Settle(Session& session, const WithholdOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(payments::ProgramPayments settings, PaymentsOf(session, program, options.pool));
  payments::WithholdSettlement settlement(session.Database(), std::move(settings), session.Clock(),
                                          session.Ids());
  ASSIGN_OR_RETURN(const payments::ReservesOnDay day, settlement.SettleByDate(on, user));
  std::vector<PayeeId> payees;
  for (const auto* decisions : {&day.posted, &day.release}) {
    for (const payments::ReserveDecision& decision : *decisions) {
      payees.push_back(decision.key.payee);
    }
  }
  ASSIGN_OR_RETURN(const auto names, NamesOf(session, payees));
  fmt::print("{} on {}: {} posted, {} to be released\n", program.name, FormatDate(on),
             day.posted.size(), day.release.size());
  for (const payments::ReserveDecision& decision : day.posted) {
    fmt::print("  {} for {}: {} {}\n", names.at(decision.key.payee), decision.key.performance_year,
               decision.post.amount, performance::WithholdMoveName(decision.post.move));
  }
  for (const payments::ReserveDecision& decision : day.release) {
    fmt::print("  {} for {}: {} is due; run the program and pay it in a cycle\n",
               names.at(decision.key.payee), decision.key.performance_year, decision.post.amount);
  }
  return kDone;
}

}  // namespace

void AddWithholdCommands(CommandLine line) {
  CLI::App* withhold = line.app.add_subcommand(
      "withhold", "withheld money: what it stands at, and what becomes of it");
  withhold->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& text, bool period, bool posts,
                       StatusOr<int> (*work)(Session&, const WithholdOptions&)) {
    CLI::App* command = withhold->add_subcommand(name, text);
    auto options = std::make_shared<WithholdOptions>();
    command->add_option("--program", options->program, "its id or name")->required();
    command->add_option("--on", options->on, "the business date; today without");
    if (period) {
      command->add_option("--period", options->period, "of the settlement: 2025, 2025-Q3, ...")
          ->required();
    }
    if (posts) {
      command->add_option("--pool", options->pool, "where forfeits go; '<program> pool' without");
      command->add_option("--user", options->user, "who does it: a sign-in name")->required();
    }
    OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  };
  add("list", "every payee's reserve", false, false, &List);
  add("forfeit", "take out of the reserves what the awards of a period did not earn back", true,
      true, &Forfeit);
  add("settle", "what the terms forfeit, expire or release on a day", false, true, &Settle);
}

}  // namespace sluice::api
