// Reconciliation: whether a run's deposit, remittance and ledger are the same money, and the lines
// of statements that nothing explains.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "payments/reconciliation/line_service.h"
#include "payments/reconciliation/payment_mark.h"
#include "payments/reconciliation/reconcile_run.h"
#include "payments/run_state.h"
#include "payments/run_store.h"

namespace sluice::api {
namespace {

using payments::LineService;
using payments::ThreeWayMatch;
using performance::Program;

struct ReconcileOptions {
  std::string program, run, line, split, owner, note, reason, user, on, payee, payment, trace, out;
  std::string amount;
  std::vector<std::string> parts;
  bool all = false, pending = false, reconciled = false;
};

LineService LinesOf(Session& session, const Program& program) {
  return {session.Database(), session.Payer(), program.book, session.Clock(), session.Ids()};
}

std::string OrNone(const std::optional<Money>& amount) {
  return amount ? amount->ToString() : "none";
}

StatusOr<int> ShowMatch(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto id, payments::RunId::Parse(options.run));
  struct Shown {
    payments::Run run;
    ThreeWayMatch match;
  };
  ASSIGN_OR_RETURN(const Shown shown,
                   session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<Shown> {
                     const auto run = payments::FindRun(tx, program.book, id);
                     if (!run) return NotFound("program {} has no run {}", program.name, id);
                     const auto pool = payments::FindPool(tx, program.book, run->pool);
                     if (!pool) return NotFound("run {} has no pool {}", id, run->pool);
                     return Shown{*run, payments::ReconcileRun(tx, *run, pool->bank_account)};
                   }));
  const ThreeWayMatch& match = shown.match;
  fmt::print("{} {}: {} of {} match\n", id, payments::RunStateName(shown.run.state), match.matched,
             Counted(std::ssize(match.rows), "payment"));
  fmt::print("  deposit {}, remittance {}, ledger {}\n", match.deposit, match.remittance,
             match.ledger);
  for (const payments::ThreeWayRow& row : match.rows) {
    if (!options.all && row.matched) continue;
    fmt::print("  {}  {}  {}  {}: deposit {}, remittance {}, ledger {}\n",
               row.matched ? "matches" : "MISSING", row.key, row.amount,
               payments::DisbursementStateName(row.state), OrNone(row.deposit),
               OrNone(row.remittance), OrNone(row.ledger));
  }
  for (const payments::ThreeWayGap& gap : match.gaps) {
    fmt::print("  {}: {}\n", payments::MatchLegName(gap.leg), gap.what);
  }
  return match.IsWhole() ? kDone : kFindings;
}

StatusOr<int> ListLines(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const Date today, session.DayOrToday("--on", options.on));
  LineService lines = LinesOf(session, program);
  ASSIGN_OR_RETURN(const auto list, lines.Exceptions(today));
  fmt::print("{}: {}\n", program.name, Counted(std::ssize(list), "open line"));
  for (const payments::LineException& entry : list) {
    const payments::BankLineRow& line = entry.open.line;
    fmt::print("  {}  {}  {} {} {}, {} old, {}: {}. {}\n", entry.id, FormatDate(line.as_of),
               line.type_code,
               line.direction == payments::BankDirection::kCredit ? "credit" : "debit", line.amount,
               Counted(entry.open.banking_days_old, "banking day"),
               entry.owner ? fmt::format("with {}", entry.owner->owner) : "with nobody",
               entry.open.name, entry.open.what);
    if (entry.waiting) fmt::print("    {} waits for another person\n", *entry.waiting);
  }
  ASSIGN_OR_RETURN(const auto waiting, lines.Waiting());
  for (const payments::LineSplitRow& split : waiting) {
    fmt::print("  {} of {}, asked for by {}: {}\n", split.id, split.line, split.requested.by,
               split.reason);
    for (const payments::SplitPart& part : split.parts) {
      fmt::print("    {} {} {}\n", payments::SplitKindName(part.kind), part.reference, part.amount);
    }
  }
  return list.empty() ? kDone : kFindings;
}

StatusOr<int> AssignLine(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto line, payments::BankLineId::Parse(options.line));
  ASSIGN_OR_RETURN(const UserId owner, ParseUser(options.owner));
  RETURN_IF_ERROR(LinesOf(session, program).Assign(line, {owner, options.note}, actor));
  fmt::print("{}: {} looks after it\n", line, owner);
  return kDone;
}

// "check:1001:100.00". The reference may hold colons, the kind and the amount do not.
StatusOr<payments::SplitPart> ParsePart(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t last = text.rfind(':');
  if (first == std::string::npos || first == last) {
    return InvalidArgument("a part is kind:reference:amount, as check:1001:100.00, not '{}'", text);
  }
  ASSIGN_OR_RETURN(const auto kind, payments::SplitKindOf(text.substr(0, first)));
  ASSIGN_OR_RETURN(const Money amount, Money::Parse(text.substr(last + 1)));
  return payments::SplitPart{kind, text.substr(first + 1, last - first - 1), amount};
}

StatusOr<int> SplitLine(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto line, payments::BankLineId::Parse(options.line));
  payments::SplitRequest request{.line = line, .reason = options.reason};
  for (const std::string& text : options.parts) {
    ASSIGN_OR_RETURN(payments::SplitPart part, ParsePart(text));
    request.parts.push_back(std::move(part));
  }
  ASSIGN_OR_RETURN(const payments::SplitOutcome outcome,
                   LinesOf(session, program).Split(request, actor));
  fmt::print("{}: {}\n", outcome.id, outcome.posted ? "posted" : "waits for another person");
  return kDone;
}

StatusOr<int> ApproveSplit(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto split, payments::LineSplitId::Parse(options.split));
  RETURN_IF_ERROR(LinesOf(session, program).Approve(split, actor));
  fmt::print("{}: posted\n", split);
  return kDone;
}

StatusOr<int> RejectSplit(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const auto split, payments::LineSplitId::Parse(options.split));
  RETURN_IF_ERROR(LinesOf(session, program).Reject(split, options.reason, actor));
  fmt::print("{}: rejected, {}\n", split, options.reason);
  return kDone;
}

StatusOr<int> MarkPayment(Session& session, const ReconcileOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  payments::PaymentMarks marks(session.Database(), session.Payer(), program.book, session.Clock());
  RETURN_IF_ERROR(marks.Mark({.payee = payee,
                              .payment = options.payment,
                              .reconciled = !options.pending,
                              .note = options.note},
                             actor));
  fmt::print("payment {}: {}\n", options.payment, options.pending ? "pending" : "reconciled");
  return kDone;
}

StatusOr<int> ListPayments(Session& session, const ReconcileOptions& options) {
  if (options.pending && options.reconciled) {
    return InvalidArgument("--pending and --reconciled leave nothing: give one of them, or none");
  }
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  payments::MarkFilter filter;
  if (!options.payee.empty()) {
    ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
    filter.payee = payee;
  }
  if (options.pending || options.reconciled) filter.reconciled = options.reconciled;
  if (!options.payment.empty()) filter.payment = options.payment;
  if (!options.trace.empty()) filter.trace_number = options.trace;
  if (!options.amount.empty()) {
    ASSIGN_OR_RETURN(filter.amount, Money::Parse(options.amount));
  }
  payments::PaymentMarks marks(session.Database(), session.Payer(), program.book, session.Clock());
  ASSIGN_OR_RETURN(const auto list, marks.List(filter));
  const std::string csv = payments::WriteMarksCsv(list);
  if (options.out.empty()) {
    fmt::print("{}", csv);
    return kDone;
  }
  RETURN_IF_ERROR(WriteFile(options.out, csv));
  fmt::print("{}: {}\n", options.out, Counted(std::ssize(list), "payment"));
  return kDone;
}

using ReconcileWork = StatusOr<int> (*)(Session&, const ReconcileOptions&);

struct ReconcileCommand {
  CLI::App* app;
  std::shared_ptr<ReconcileOptions> options;

  void Needs(const char* name, std::string ReconcileOptions::*value, const char* help) const {
    app->add_option(name, (*options).*value, help)->required();
  }
};

ReconcileCommand AddReconcile(CommandLine line, CLI::App& group, const char* name, const char* help,
                              ReconcileWork work) {
  auto options = std::make_shared<ReconcileOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

}  // namespace

void AddReconcileCommands(CommandLine line) {
  CLI::App* group = line.app.add_subcommand("reconcile", "the bank against remittances and ledger");
  group->require_subcommand(1);
  using Options = ReconcileOptions;
  const auto run =
      AddReconcile(line, *group, "run", "deposit = remittance = ledger of a run", ShowMatch);
  run.Needs("run", &Options::run, "id");
  run.app->add_flag("--all", run.options->all, "each payment, also those that match");

  const auto lines =
      AddReconcile(line, *group, "lines",
                   "lines of statements that nothing explains; exits 1 if any", ListLines);
  lines.app->add_option("--on", lines.options->on, "age by this day, not today");

  const auto assign = AddReconcile(line, *group, "assign", "who looks after a line", AssignLine);
  assign.Needs("line", &Options::line, "id");
  assign.Needs("--to", &Options::owner, "a person");
  assign.app->add_option("--note", assign.options->note, "what to do");
  assign.Needs("--as", &Options::user, "who does it");

  const auto split = AddReconcile(line, *group, "split", "say what a line is", SplitLine);
  split.Needs("line", &Options::line, "id");
  split.app
      ->add_option("--part", split.options->parts,
                   "kind:reference:amount; kinds: file (its name), check (its number), return (its "
                   "payment), line (its id), fee, interest and pool (a pool), refund and overpaid "
                   "(a payee's id)")
      ->required();
  split.Needs("--reason", &Options::reason, "how it is known");
  split.Needs("--as", &Options::user, "who does it");

  const auto approve =
      AddReconcile(line, *group, "approve",
                   "post a split, by another person than the one who asked", ApproveSplit);
  approve.Needs("split", &Options::split, "id");
  approve.Needs("--as", &Options::user, "who does it");
  const auto reject = AddReconcile(line, *group, "reject", "refuse a split", RejectSplit);
  reject.Needs("split", &Options::split, "id");
  reject.Needs("--reason", &Options::reason, "why");
  reject.Needs("--as", &Options::user, "who does it");

  const auto mark =
      AddReconcile(line, *group, "mark", "a payee's marker of a payment: reconciled", MarkPayment);
  mark.Needs("payee", &Options::payee, "id, TIN or exact name");
  mark.Needs("payment", &Options::payment, "its key, or the number of a check");
  mark.app->add_flag("--pending", mark.options->pending, "pending after all");
  mark.app->add_option("--note", mark.options->note, "the payee's own words");
  mark.Needs("--as", &Options::user, "who does it");
  const auto marked =
      AddReconcile(line, *group, "payments",
                   "payments with trace number, remittance and marker, as CSV", ListPayments);
  marked.app->add_option("--payee", marked.options->payee, "only those of one payee");
  marked.app->add_option("--payment", marked.options->payment, "only the one with this key");
  marked.app->add_option("--trace", marked.options->trace, "only those with this trace number");
  marked.app->add_option("--amount", marked.options->amount, "only those of this amount");
  marked.app->add_flag("--pending", marked.options->pending, "only those that are pending");
  marked.app->add_flag("--reconciled", marked.options->reconciled, "only the others");
  marked.app->add_option("--out", marked.options->out, "a file to write instead");
}

}  // namespace sluice::api
