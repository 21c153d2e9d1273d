// How a version of a contract comes into force and is kept: submitted, approved, signed, active,
// its dates. Every step wants who and why, and the hash of the terms that were looked at.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/contract_session.h"

namespace sluice::api {
namespace {

using performance::CalendarItem;
using performance::ContractFile;
using performance::ContractSide;
using performance::ContractState;

StatusOr<int> PrintContract(Contracts& contracts, ContractId contract, std::int32_t version) {
  ASSIGN_OR_RETURN(const ContractFile file, contracts->Load(contract, version));
  fmt::print("{}\n", OneLine(file));
  return kDone;
}

// The version meant, its number settled: between two calls "the newest" may become another one.
StatusOr<ContractFile> Choose(Contracts& contracts, const ContractOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  return contracts->Load(contract, options.version);
}

std::string NameOf(const performance::ContractVersion& version) {
  return fmt::format("version {} of {}", version.version, version.contract);
}

struct SubmitOptions {
  ContractOptions of;
  std::vector<std::string> approvers;
};

StatusOr<int> Submit(Session& session, const SubmitOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  std::vector<UserId> approvers;
  for (const std::string& name : options.approvers) {
    ASSIGN_OR_RETURN(approvers.emplace_back(), ParseUser(name));
  }
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options.of));
  const performance::ContractVersion& version = file.version;
  RETURN_IF_ERROR(
      contracts->Submit(version.contract, version.version, user, options.of.reason, approvers));
  fmt::print("to approve, in this order: {}\n", fmt::join(options.approvers, ", "));
  return PrintContract(contracts, version.contract, version.version);
}

struct ApproveOptions {
  ContractOptions of;
  std::string seen;
};

StatusOr<int> Approve(Session& session, const ApproveOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options.of));
  const performance::ContractVersion& version = file.version;
  ASSIGN_OR_RETURN(const Digest seen, MatchDigest(options.seen, version.sha256, NameOf(version)));
  ASSIGN_OR_RETURN(const performance::ApprovalOutcome outcome,
                   contracts->Approve({.contract = version.contract,
                                       .version = version.version,
                                       .actor = user,
                                       .seen = seen,
                                       .comment = options.of.reason,
                                       .incentive_plan = std::nullopt}));
  fmt::print("{}", outcome.warnings);
  return PrintContract(contracts, version.contract, version.version);
}

struct SignOptions {
  ContractOptions of;
  std::string seen;
  std::string side;
  std::string name;
  std::string title;
};

StatusOr<int> Sign(Session& session, const SignOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  ASSIGN_OR_RETURN(const ContractSide side, OneOf<ContractSide>("--side", options.side,
                                                                {{"payer", ContractSide::kPayer},
                                                                 {"party", ContractSide::kParty}}));
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options.of));
  const performance::ContractVersion& version = file.version;
  ASSIGN_OR_RETURN(const Digest seen, MatchDigest(options.seen, version.sha256, NameOf(version)));
  RETURN_IF_ERROR(contracts
                      ->Sign({.contract = version.contract,
                              .version = version.version,
                              .side = side,
                              .signer = user,
                              .name = options.name,
                              .title = options.title,
                              .seen = seen})
                      .status());
  return PrintContract(contracts, version.contract, version.version);
}

StatusOr<int> Readiness(Session& session, const ContractOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options));
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(file.version.effective.from));
  ASSIGN_OR_RETURN(const std::vector<performance::ReadinessFinding> missing,
                   contracts->Readiness(file.version.contract, file.version.version, hierarchy));
  for (const performance::ReadinessFinding& finding : missing) {
    fmt::print("{}: {}\n", performance::ProblemName(finding.problem), finding.message);
  }
  if (missing.empty()) fmt::print("nothing is missing: it may be activated\n");
  return missing.empty() ? kDone : kFindings;
}

StatusOr<int> Activate(Session& session, const ContractOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options));
  const performance::ContractVersion& version = file.version;
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(version.effective.from));
  RETURN_IF_ERROR(
      contracts->Activate(version.contract, version.version, user, options.reason, hierarchy));
  return PrintContract(contracts, version.contract, version.version);
}

struct MoveOptions {
  ContractOptions of;
  std::string to;
  std::string on;
};

StatusOr<int> Move(Session& session, const MoveOptions& options) {
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  ASSIGN_OR_RETURN(const ContractState to, performance::ParseState(options.to));
  std::optional<Date> on;
  if (!options.on.empty()) {
    ASSIGN_OR_RETURN(on, ParseDate(options.on));
  }
  ASSIGN_OR_RETURN(const ContractFile file, Choose(contracts, options.of));
  RETURN_IF_ERROR(contracts->Move({.contract = file.version.contract,
                                   .version = file.version.version,
                                   .to = to,
                                   .actor = user,
                                   .reason = options.of.reason,
                                   .effective_on = on}));
  return PrintContract(contracts, file.version.contract, file.version.version);
}

struct AnnounceOptions {
  std::string contract;
  std::string period;
  std::string on;
  std::string source;
};

StatusOr<int> Announce(Session& session, const AnnounceOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const Date on, ParseDate(options.on));
  RETURN_IF_ERROR(Contracts(session)->AnnounceTarget(contract, period, on, options.source));
  fmt::print("the target of {} for {} was announced on {}: {}\n", contract, period.ToString(),
             FormatDate(on), options.source);
  return kDone;
}

struct CalendarOptions {
  std::string contract;
  std::string period;
  bool overdue = false;
};

void PrintItem(const CalendarItem& item) {
  fmt::print("{}  {}  {}, for {}{}\n", FormatDate(item.due),
             performance::ScheduleKindName(item.kind), item.name, item.covers.ToString(),
             item.closes ? fmt::format(", closed from {} on", FormatDate(*item.closes)) : "");
}

StatusOr<int> Calendar(Session& session, const CalendarOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  Contracts contracts(session);
  if (options.overdue) {
    ASSIGN_OR_RETURN(const std::vector<CalendarItem> items, contracts->Overdue(contract));
    for (const CalendarItem& item : items) PrintItem(item);
    if (items.empty()) fmt::print("nothing is overdue on {}\n", FormatDate(session.Today()));
    return items.empty() ? kDone : kFindings;
  }
  DateRange window = DateRange::Year(YearOf(session.Today()));
  if (!options.period.empty()) {
    ASSIGN_OR_RETURN(window, ParsePeriod(options.period));
  }
  ASSIGN_OR_RETURN(const std::vector<CalendarItem> items, contracts->Calendar(contract, window));
  for (const CalendarItem& item : items) PrintItem(item);
  if (items.empty()) fmt::print("nothing is due in {}\n", window.ToString());
  return kDone;
}

struct DoneOptions {
  ContractOptions of;
  std::string name;
  std::string covers_from;
  std::string on;
};

StatusOr<int> MarkDone(Session& session, const DoneOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.of.contract));
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  performance::DateDone done{.name = options.name};
  ASSIGN_OR_RETURN(done.covers_from, ParseDate(options.covers_from));
  done.done_on = session.Today();
  if (!options.on.empty()) {
    ASSIGN_OR_RETURN(done.done_on, ParseDate(options.on));
  }
  RETURN_IF_ERROR(Contracts(session)->MarkDone(contract, done, user, options.of.reason));
  fmt::print("{} of what begins on {}: done on {}\n", done.name, FormatDate(done.covers_from),
             FormatDate(done.done_on));
  return kDone;
}

void AddSeen(CLI::App& command, std::string& seen) {
  command.add_option("--seen", seen, "the hash of the terms you read, from contract show")
      ->required();
}

void AddApprovalCommands(CommandLine line, CLI::App& contract) {
  CLI::App* submit = contract.add_subcommand("submit", "a draft to review, before its approvers");
  auto submitted = std::make_shared<SubmitOptions>();
  AddContractOption(*submit, submitted->of);
  submit->add_option("--approvers", submitted->approvers, "who must approve, in order")
      ->required()
      ->delimiter(',');
  AddActor(*submit, submitted->of, "--reason", "why now");
  OnPayer(line, *submit, [submitted](Session& session) { return Submit(session, *submitted); });

  CLI::App* approve = contract.add_subcommand("approve", "the next step of its approval");
  auto approved = std::make_shared<ApproveOptions>();
  AddContractOption(*approve, approved->of);
  AddSeen(*approve, approved->seen);
  approve->add_option("--as", approved->of.user, "who approves")->required();
  approve->add_option("--comment", approved->of.reason, "to be kept with the approval");
  OnPayer(line, *approve, [approved](Session& session) { return Approve(session, *approved); });

  CLI::App* sign = contract.add_subcommand("sign", "the signature of one side");
  auto signature = std::make_shared<SignOptions>();
  AddContractOption(*sign, signature->of);
  AddSeen(*sign, signature->seen);
  sign->add_option("--side", signature->side, "payer or party")->required();
  sign->add_option("--as", signature->of.user, "who signs")->required();
  sign->add_option("--name", signature->name, "the signer's name, as it is printed")->required();
  sign->add_option("--title", signature->title, "the signer's title");
  OnPayer(line, *sign, [signature](Session& session) { return Sign(session, *signature); });
}

void AddCalendarCommands(CommandLine line, CLI::App& contract) {
  CLI::App* announce = contract.add_subcommand("announce", "the target of a year was announced");
  auto announced = std::make_shared<AnnounceOptions>();
  announce->add_option("contract", announced->contract, "its id, ctr_...")->required();
  announce->add_option("--period", announced->period, "the performance period")->required();
  announce->add_option("--on", announced->on, "the day of the announcement")->required();
  announce->add_option("--source", announced->source, "where it stands")->required();
  OnPayer(line, *announce, [announced](Session& session) { return Announce(session, *announced); });

  CLI::App* calendar = contract.add_subcommand("calendar", "what is due when");
  auto window = std::make_shared<CalendarOptions>();
  calendar->add_option("contract", window->contract, "its id, ctr_...")->required();
  calendar->add_option("--period", window->period, "due within; this year without");
  calendar->add_flag("--overdue", window->overdue,
                     "what is overdue today; exits 1 when anything is");
  OnPayer(line, *calendar, [window](Session& session) { return Calendar(session, *window); });

  CLI::App* done = contract.add_subcommand("done", "a date of its calendar was met");
  auto met = std::make_shared<DoneOptions>();
  done->add_option("contract", met->of.contract, "its id, ctr_...")->required();
  done->add_option("--name", met->name, "as the calendar names it")->required();
  done->add_option("--covers-from", met->covers_from, "the first day of what it covers")
      ->required();
  done->add_option("--on", met->on, "the day it was met; today without");
  AddActor(*done, met->of, "--note", "what was done");
  OnPayer(line, *done, [met](Session& session) { return MarkDone(session, *met); });
}

}  // namespace

void AddContractLifeCommands(CommandLine line, CLI::App& contract) {
  AddApprovalCommands(line, contract);

  CLI::App* ready = contract.add_subcommand("readiness", "what it still needs to become active");
  auto checked = std::make_shared<ContractOptions>();
  AddContractOption(*ready, *checked);
  OnPayer(line, *ready, [checked](Session& session) { return Readiness(session, *checked); });

  CLI::App* activate = contract.add_subcommand("activate", "in force: it is calculated by");
  auto activated = std::make_shared<ContractOptions>();
  AddContractOption(*activate, *activated);
  AddActor(*activate, *activated, "--reason", "why now");
  OnPayer(line, *activate, [activated](Session& session) { return Activate(session, *activated); });

  CLI::App* move = contract.add_subcommand(
      "move", "back to draft, or on to settled, renewed or ended, with a reason");
  auto moved = std::make_shared<MoveOptions>();
  AddContractOption(*move, moved->of);
  move->add_option("--to", moved->to, "draft, active, settled, renewed or ended")->required();
  move->add_option("--on", moved->on, "the first day out of force; today without");
  AddActor(*move, moved->of, "--reason", "why");
  OnPayer(line, *move, [moved](Session& session) { return Move(session, *moved); });

  AddCalendarCommands(line, contract);
}

}  // namespace sluice::api
