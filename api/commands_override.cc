// Overrides: an amount in the place of a calculated one, entered by one person and approved by
// another.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/award_session.h"
#include "api/command_line.h"
#include "performance/recalculation/override_service.h"

namespace sluice::api {
namespace {

using performance::AwardOverride;
using performance::OverrideId;
using performance::OverrideMove;
using performance::OverrideService;
using performance::OverrideState;
using performance::OverrideView;

OverrideService Overrides(Session& session) {
  return OverrideService(session.Database(), session.Clock(), session.Ids());
}

std::string_view MoveName(OverrideMove move) {
  switch (move) {
    case OverrideMove::kApprove:
      return "approved";
    case OverrideMove::kReject:
      return "rejected";
    case OverrideMove::kWithdraw:
      return "withdrawn";
  }
  return "";
}

// What it is about: "the share of Elm Practice (pty_...)".
std::string Subject(const AwardOverride& entry, const hierarchy::HierarchySnapshot& hierarchy) {
  if (entry.party == PartyId()) return "what the award pays";
  return fmt::format("the share of {}{}", hierarchy.NameOf(entry.party),
                     entry.under == PartyId() ? "" : " under " + hierarchy.NameOf(entry.under));
}

void PrintOverride(const AwardOverride& entry, const hierarchy::HierarchySnapshot& hierarchy) {
  fmt::print("{}  {}  {}, {}, {}: {} in the place of {}\n", entry.id,
             performance::OverrideStateName(entry.State()), entry.contract, entry.period.ToString(),
             Subject(entry, hierarchy), entry.amount, entry.calculated);
  fmt::print("  proposed by {} on {}: {}\n", entry.author, entry.proposed_at.ToString(),
             entry.reason);
  for (const performance::OverrideStep& step : entry.steps) {
    fmt::print("  {} by {} on {}{}\n", MoveName(step.move), step.actor, step.at.ToString(),
               step.reason.empty() ? "" : ": " + step.reason);
  }
}

StatusOr<hierarchy::HierarchySnapshot> HierarchyOf(Session& session, const DateRange& period) {
  return session.HierarchyOn(*period.to - Days(1));
}

// What takes effect, or no longer does, is read by the next calculation.
void PrintWayOn() {
  fmt::print("  the award follows when it is run again: sluice change scan, sluice change work\n");
}

struct ProposeOptions {
  std::string contract;
  std::string period;
  std::string amount;
  std::string party;
  std::string under;
  std::string reason;
  std::string user;
};

StatusOr<int> Propose(Session& session, const ProposeOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  performance::NewOverride entry{.contract = {},
                                 .period = {},
                                 .party = {},
                                 .under = {},
                                 .amount = {},
                                 .reason = options.reason};
  ASSIGN_OR_RETURN(entry.period, ParsePeriod(options.period));
  const StatusOr<Money> amount = Money::Parse(options.amount);
  if (!amount.ok()) return Annotate(amount.status(), "--amount");
  entry.amount = *amount;
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.contract));
  entry.contract = contract.id;
  ASSIGN_OR_RETURN(const auto hierarchy, HierarchyOf(session, entry.period));
  if (!options.party.empty()) {
    ASSIGN_OR_RETURN(entry.party, FindParty(hierarchy, options.party));
  }
  if (!options.under.empty()) {
    ASSIGN_OR_RETURN(entry.under, FindParty(hierarchy, options.under));
  }
  OverrideService service = Overrides(session);
  ASSIGN_OR_RETURN(const OverrideId id, service.Propose(entry, user));
  ASSIGN_OR_RETURN(const std::vector<OverrideView> views,
                   service.List(entry.contract, entry.period));
  for (const OverrideView& view : views) {
    if (view.entry.id == id) PrintOverride(view.entry, hierarchy);
  }
  fmt::print("  somebody else approves it: sluice override approve {} {} --as ...\n",
             entry.contract, id);
  return kDone;
}

struct DecideOptions {
  std::string contract;
  std::string id;
  std::string user;
  std::string reason;
};

StatusOr<int> Decide(Session& session, OverrideMove move, const DecideOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(const OverrideId id, OverrideId::Parse(options.id));
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.contract));
  OverrideService service = Overrides(session);
  const auto decided = move == OverrideMove::kApprove ? service.Approve(contract.id, id, user)
                       : move == OverrideMove::kReject
                           ? service.Reject(contract.id, id, user, options.reason)
                           : service.Withdraw(contract.id, id, user, options.reason);
  ASSIGN_OR_RETURN(const AwardOverride entry, decided);
  ASSIGN_OR_RETURN(const auto hierarchy, HierarchyOf(session, entry.period));
  PrintOverride(entry, hierarchy);
  const bool was_in_effect =
      entry.steps.size() > 1 && entry.steps.front().move == OverrideMove::kApprove;
  if (move == OverrideMove::kApprove || was_in_effect) PrintWayOn();
  return kDone;
}

struct ListOptions {
  std::string contract;
  std::string period;
};

StatusOr<int> List(Session& session, const ListOptions& options) {
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.contract));
  ASSIGN_OR_RETURN(const auto hierarchy, HierarchyOf(session, period));
  ASSIGN_OR_RETURN(const std::vector<OverrideView> views,
                   Overrides(session).List(contract.id, period));
  for (const OverrideView& view : views) {
    PrintOverride(view.entry, hierarchy);
    if (view.calculated_now) {
      fmt::print("  in the newest version; calculated there: {}\n", *view.calculated_now);
    } else if (view.entry.State() == OverrideState::kInEffect) {
      fmt::print("  not in the newest version yet\n");
      PrintWayOn();
    }
  }
  fmt::print("{}\n", Counted(std::ssize(views), "override"));
  return kDone;
}

void AddDecision(CommandLine line, CLI::App& override_group, OverrideMove move,
                 const std::string& name, const std::string& help) {
  CLI::App* command = override_group.add_subcommand(name, help);
  auto options = std::make_shared<DecideOptions>();
  command->add_option("contract", options->contract, "the contract's id, ctr_...")->required();
  command->add_option("override", options->id, "its id, ovr_...")->required();
  command->add_option("--as", options->user, "who does it")->required();
  if (move != OverrideMove::kApprove) {
    command->add_option("--reason", options->reason, "why, in 10 characters or more")->required();
  }
  OnPayer(line, *command,
          [move, options](Session& session) { return Decide(session, move, *options); });
}

}  // namespace

void AddOverrideCommands(CommandLine line) {
  CLI::App* group = line.app.add_subcommand(
      "override", "amounts that people put in the place of calculated ones");
  group->require_subcommand(1);

  CLI::App* propose = group->add_subcommand("propose", "an amount for an award or one share of it");
  auto proposed = std::make_shared<ProposeOptions>();
  propose->add_option("contract", proposed->contract, "the contract's id, ctr_...")->required();
  propose->add_option("--period", proposed->period, "of the award: 2026-07, 2026, ...")->required();
  propose->add_option("--amount", proposed->amount, "what is paid instead: 1234.50")->required();
  propose->add_option("--party", proposed->party,
                      "whose share: its id, NPI, TIN or name; what the award pays without");
  propose->add_option("--under", proposed->under, "its parent, where it stands in several places");
  propose->add_option("--reason", proposed->reason, "why, in 10 characters or more")->required();
  propose->add_option("--as", proposed->user, "who proposes it")->required();
  OnPayer(line, *propose, [proposed](Session& session) { return Propose(session, *proposed); });

  AddDecision(line, *group, OverrideMove::kApprove, "approve", "by somebody else than its author");
  AddDecision(line, *group, OverrideMove::kReject, "reject", "a proposed one, with the reason");
  AddDecision(line, *group, OverrideMove::kWithdraw, "withdraw",
              "a proposed one or one in effect, with the reason");

  CLI::App* list = group->add_subcommand("list", "those of an award, and each step of them");
  auto listed = std::make_shared<ListOptions>();
  list->add_option("contract", listed->contract, "the contract's id, ctr_...")->required();
  list->add_option("--period", listed->period, "of the award")->required();
  OnPayer(line, *list, [listed](Session& session) { return List(session, *listed); });
}

}  // namespace sluice::api
