// Reversals: ACH payments taken back by a reversing entry, from the request to the money.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "api/release_profile.h"
#include "payments/inbound/reversal_apply.h"
#include "payments/reversals/reversal_service.h"

namespace sluice::api {
namespace {

using payments::Reversal;
using payments::ReversalId;
using payments::ReversalService;

struct ReversalOptions {
  std::string program, pool, payment, reason, twin, detail, reversal, user, on, profile, out;
  bool all = false;
};

// The program's payments, and the desk that takes them back.
struct ReversalOffice {
  payments::ProgramPayments settings;
  payments::FileKeyProvider keys;
  ReversalService service;

  ReversalOffice(Session& session, payments::ProgramPayments program,
                 payments::FileKeyProvider provider)
      : settings(std::move(program)),
        keys(std::move(provider)),
        service(session.Data().App(), session.Data().Files(), settings, keys, session.Clock(),
                session.Ids()) {}
};

StatusOr<std::unique_ptr<ReversalOffice>> Open(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(auto settings, PaymentsOf(session, program, options.pool));
  ASSIGN_OR_RETURN(auto keys, OpenKeys(session));
  return std::make_unique<ReversalOffice>(session, std::move(settings), std::move(keys));
}

StatusOr<int> RequestOne(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  payments::ReversalRequest request{.detail = options.detail};
  ASSIGN_OR_RETURN(request.payment, payments::ParsePaymentKey(options.payment));
  ASSIGN_OR_RETURN(request.reason, payments::ParseReversalReason(options.reason));
  if (!options.twin.empty()) {
    ASSIGN_OR_RETURN(request.duplicate_of, payments::ParsePaymentKey(options.twin));
  }
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  ASSIGN_OR_RETURN(const ReversalId id, office->service.Request(request, on, actor));
  fmt::print("{}: asked for; another person approves it\n", id);
  return kDone;
}

StatusOr<int> ApproveOne(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const ReversalId id, ReversalId::Parse(options.reversal));
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  RETURN_IF_ERROR(office->service.Approve(id, on, actor));
  fmt::print("{}: approved; sluice reversal send sends it\n", id);
  return kDone;
}

StatusOr<int> RejectOne(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const ReversalId id, ReversalId::Parse(options.reversal));
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  RETURN_IF_ERROR(office->service.Reject(id, options.detail, actor));
  fmt::print("{}: rejected\n", id);
  return kDone;
}

StatusOr<int> SendApproved(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  ASSIGN_OR_RETURN(const auto profile, ReadReleaseProfile(options.profile, options.out));
  ASSIGN_OR_RETURN(const auto sent, office->service.Send(profile, on, actor));
  if (!sent) {
    fmt::print("{}: nothing to send\n", office->settings.program_name);
    return kDone;
  }
  fmt::print("{}: {} of {}, settles on {}; its payees are told\n", sent->file_name,
             Counted(sent->reversals, "reversal"), sent->total, FormatDate(sent->effective_date));
  return kDone;
}

StatusOr<int> SettleCredited(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  ASSIGN_OR_RETURN(const auto settled,
                   payments::SettleReversals(session.Database(), office->settings, session.Clock(),
                                             session.Ids(), on, actor));
  fmt::print("{}: {} final\n", office->settings.program_name,
             Counted(std::ssize(settled), "reversal"));
  for (const Reversal& reversal : settled) {
    fmt::print("  {}  payment {} of {}: {}\n", reversal.id,
               payments::PaymentKeyOf(reversal.payment), reversal.amount, reversal.result);
  }
  return kDone;
}

StatusOr<int> ListAll(Session& session, const ReversalOptions& options) {
  ASSIGN_OR_RETURN(const auto office, Open(session, options));
  ASSIGN_OR_RETURN(const auto reversals, office->service.List(options.all));
  fmt::print("{}: {}\n", office->settings.program_name, Counted(std::ssize(reversals), "reversal"));
  for (const Reversal& reversal : reversals) {
    fmt::print("  {}  {}  payment {} of {} to {}, {}: {}\n", reversal.id,
               payments::ReversalStateName(reversal.state),
               payments::PaymentKeyOf(reversal.payment), reversal.amount, reversal.payee,
               payments::ReversalReasonName(reversal.reason), reversal.detail);
    if (reversal.state == payments::ReversalState::kRequested ||
        reversal.state == payments::ReversalState::kApproved) {
      fmt::print("    settles by {}\n", FormatDate(reversal.last_day));
    }
    if (!reversal.result.empty()) fmt::print("    {}\n", reversal.result);
  }
  return kDone;
}

using ReversalWork = StatusOr<int> (*)(Session&, const ReversalOptions&);

struct ReversalCommand {
  CLI::App* app;
  std::shared_ptr<ReversalOptions> options;
};

ReversalCommand Add(CommandLine line, CLI::App& group, const char* name, const char* help,
                    ReversalWork work) {
  auto options = std::make_shared<ReversalOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  command->add_option("--pool", options->pool, "its name; \"<program> pool\" otherwise");
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

void AddPersonAndDay(const ReversalCommand& command) {
  command.app->add_option("--as", command.options->user, "who does it")->required();
  command.app->add_option("--on", command.options->on, "the day; today otherwise");
}

}  // namespace

void AddReversalCommands(CommandLine line) {
  CLI::App* group = line.app.add_subcommand("reversal", "ACH payments taken back");
  group->require_subcommand(1);
  const ReversalCommand list = Add(line, *group, "list", "what is under way", ListAll);
  list.app->add_flag("--all", list.options->all, "those that are over, too");

  const ReversalCommand request =
      Add(line, *group, "request", "ask that a payment is taken back", RequestOne);
  request.app->add_option("payment", request.options->payment, "its payment key")->required();
  request.app
      ->add_option("--reason", request.options->reason,
                   "duplicate, wrong-receiver, wrong-amount or wrong-date")
      ->required();
  request.app->add_option("--duplicate-of", request.options->twin,
                          "of a duplicate, the key of the payment that it doubles");
  request.app->add_option("--detail", request.options->detail, "what went wrong")->required();
  AddPersonAndDay(request);

  const ReversalCommand approve =
      Add(line, *group, "approve", "by another person than the one who asked", ApproveOne);
  approve.app->add_option("reversal", approve.options->reversal, "id")->required();
  AddPersonAndDay(approve);
  const ReversalCommand reject =
      Add(line, *group, "reject", "by another person than the one who asked", RejectOne);
  reject.app->add_option("reversal", reject.options->reversal, "id")->required();
  reject.app->add_option("--reason", reject.options->detail, "why")->required();
  AddPersonAndDay(reject);

  const ReversalCommand send = Add(
      line, *group, "send", "send the approved ones to the bank, and tell payees", SendApproved);
  send.app->add_option("--profile", send.options->profile, "release profile (TOML)")->required();
  send.app->add_option("--out", send.options->out, "the folder that the bank takes files from")
      ->required();
  AddPersonAndDay(send);
  const ReversalCommand settle = Add(
      line, *group, "settle", "those whose money the bank can no longer take back", SettleCredited);
  AddPersonAndDay(settle);
}

}  // namespace sluice::api
