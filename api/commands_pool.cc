// Pools of a program: what is free, what funds them, and transfers that two people make.
#include "api/commands_pool.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "payments/pools/pool_service.h"
#include "payments/run_store.h"

namespace sluice::api {
namespace {

using payments::PoolService;
using performance::Program;

struct PoolOptions {
  std::string program, from, to, amount, reason, user, transfer, on, reference, instruction;
  bool all = false;
};

PoolService ServiceOf(Session& session, const Program& program) {
  return {session.Database(), session.Payer(), program.book, session.Clock(), session.Ids()};
}

StatusOr<payments::Pool> PoolOf(Session& session, const Program& program, const std::string& name) {
  ASSIGN_OR_RETURN(const std::optional<payments::Pool> pool,
                   session.Database().Transact(
                       [&](pg::Transaction& tx) -> StatusOr<std::optional<payments::Pool>> {
                         return payments::FindPoolByName(tx, program.book, name);
                       }));
  if (!pool) {
    return NotFound("program {} has no pool '{}'; see: sluice pool list", program.name, name);
  }
  return *pool;
}

StatusOr<int> List(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  PoolService pools = ServiceOf(session, program);
  ASSIGN_OR_RETURN(const auto positions, pools.Positions());
  for (const payments::PoolPosition& position : positions) {
    fmt::print("{} ({}): balance {}, held {}, available {}\n", position.pool.name, position.pool.id,
               position.balance, position.held, position.available);
    for (const payments::FundingRow& row : position.expected) {
      fmt::print("  {} expects {} on {}{}{}\n", row.id, row.amount, FormatDate(row.expected_on),
                 row.reference.empty() ? "" : ", reference ", row.reference);
    }
  }
  ASSIGN_OR_RETURN(const auto transfers, pools.Transfers(options.all));
  for (const payments::PoolTransferRow& row : transfers) {
    fmt::print("{}: {} from {} to {}, asked for by {}: {}; {}\n", row.id, row.amount, row.from,
               row.to, row.requested_by, row.reason,
               row.decided_by ? row.decision : "waits for another person");
  }
  ASSIGN_OR_RETURN(const auto unmatched, pools.Unmatched(session.Today()));
  for (const payments::UnmatchedDeposit& deposit : unmatched) {
    fmt::print("UNMATCHED {} of {}, {} old: {}\n", deposit.line.amount,
               FormatDate(deposit.line.as_of), Counted(deposit.banking_days_old, "banking day"),
               deposit.line.bank_reference);
  }
  return unmatched.empty() ? kDone : kFindings;
}

StatusOr<int> Ask(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const payments::Pool from, PoolOf(session, program, options.from));
  ASSIGN_OR_RETURN(const payments::Pool to, PoolOf(session, program, options.to));
  ASSIGN_OR_RETURN(const Money amount, Money::Parse(options.amount));
  ASSIGN_OR_RETURN(
      const auto id,
      ServiceOf(session, program).RequestTransfer({from.id, to.id}, amount, options.reason, actor));
  fmt::print("{}: {} from {} to {} waits for another person\n", id, amount, from.name, to.name);
  return kDone;
}

StatusOr<int> Approve(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto id, payments::PoolTransferId::Parse(options.transfer));
  RETURN_IF_ERROR(ServiceOf(session, program).ApproveTransfer(id, actor));
  fmt::print("{}: posted\n", id);
  return kDone;
}

StatusOr<int> Reject(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto id, payments::PoolTransferId::Parse(options.transfer));
  RETURN_IF_ERROR(ServiceOf(session, program).RejectTransfer(id, options.reason, actor));
  fmt::print("{}: rejected, {}\n", id, options.reason);
  return kDone;
}

StatusOr<int> Expect(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const payments::Pool pool, PoolOf(session, program, options.to));
  ASSIGN_OR_RETURN(const Money amount, Money::Parse(options.amount));
  ASSIGN_OR_RETURN(const Date on, ParseDate(options.on));
  ASSIGN_OR_RETURN(
      const auto id,
      ServiceOf(session, program).ExpectFunding(pool.id, amount, on, options.reference, actor));
  fmt::print("{}: {} expects {} on {}\n", id, pool.name, amount, FormatDate(on));
  return kDone;
}

StatusOr<int> Withdraw(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto id, payments::FundingId::Parse(options.instruction));
  RETURN_IF_ERROR(ServiceOf(session, program).WithdrawFunding(id, actor));
  fmt::print("{}: not expected any more\n", id);
  return kDone;
}

StatusOr<int> Match(Session& session, const PoolOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  PoolService pools = ServiceOf(session, program);
  ASSIGN_OR_RETURN(const auto matched, pools.MatchDeposits(actor));
  fmt::print("{}: {} matched\n", program.name, Counted(std::ssize(matched), "deposit"));
  for (const payments::MatchedDeposit& deposit : matched) {
    fmt::print("  {}: {}, by {}\n", deposit.funding.id, deposit.funding.amount, deposit.rule);
  }
  ASSIGN_OR_RETURN(const auto unmatched, pools.Unmatched(session.Today()));
  if (unmatched.empty()) return kDone;
  fmt::print("  {} unmatched: sluice pool list\n", Counted(std::ssize(unmatched), "deposit"));
  return kFindings;
}

using Chosen = std::shared_ptr<PoolOptions>;
using PoolWork = StatusOr<int> (*)(Session&, const PoolOptions&);

struct PoolCommand {
  CLI::App* app;
  Chosen options;
};

PoolCommand AddCommand(CommandLine line, CLI::App& group, const char* name, const char* help,
                       PoolWork work) {
  auto options = std::make_shared<PoolOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

void AddWho(const PoolCommand& command) {
  command.app->add_option("--as", command.options->user, "who does it")->required();
}

}  // namespace

void AddPoolCommands(CommandLine line) {
  CLI::App* pool = line.app.add_subcommand("pool", "the money of programs");
  pool->require_subcommand(1);
  const PoolCommand list = AddCommand(line, *pool, "list", "balances, transfers, deposits", List);
  list.app->add_flag("--all", list.options->all, "transfers that were decided, too");

  const PoolCommand ask = AddCommand(line, *pool, "transfer", "ask for a transfer", Ask);
  ask.app->add_option("--from", ask.options->from, "name of a pool")->required();
  ask.app->add_option("--to", ask.options->to, "name of a pool")->required();
  ask.app->add_option("--amount", ask.options->amount, "dollars")->required();
  ask.app->add_option("--reason", ask.options->reason, "why")->required();
  AddWho(ask);
  const PoolCommand approve =
      AddCommand(line, *pool, "approve", "by another person than the one who asked", Approve);
  approve.app->add_option("transfer", approve.options->transfer, "id")->required();
  AddWho(approve);
  const PoolCommand reject = AddCommand(line, *pool, "reject", "refuse a transfer", Reject);
  reject.app->add_option("transfer", reject.options->transfer, "id")->required();
  reject.app->add_option("--reason", reject.options->reason, "why")->required();
  AddWho(reject);

  const PoolCommand expect =
      AddCommand(line, *pool, "expect", "a deposit that the funder announced", Expect);
  expect.app->add_option("--to", expect.options->to, "name of a pool")->required();
  expect.app->add_option("--amount", expect.options->amount, "dollars")->required();
  expect.app->add_option("--on", expect.options->on, "the day")->required();
  expect.app->add_option("--reference", expect.options->reference, "what the bank will name");
  AddWho(expect);
  const PoolCommand withdraw =
      AddCommand(line, *pool, "withdraw", "an announced deposit that does not come", Withdraw);
  withdraw.app->add_option("instruction", withdraw.options->instruction, "id")->required();
  AddWho(withdraw);
  const PoolCommand match =
      AddCommand(line, *pool, "match", "fund pools with the deposits that came", Match);
  AddWho(match);
}

}  // namespace sluice::api
