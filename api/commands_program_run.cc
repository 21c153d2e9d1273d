// A program calculated for a period from what is known, what its awards are, and how each came
// about.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "api/award_session.h"
#include "api/command_line.h"
#include "api/commands.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_run/program_run.h"
#include "performance/program_store.h"
#include "performance/split.h"

namespace sluice::api {
namespace {

using performance::AwardStatus;
using performance::GateCheck;
using performance::Program;
using performance::ProgramRunSummary;
using performance::ProgramService;
using performance::StoredAward;

using ContractNames = std::map<ContractId, std::string>;

// "ctr_...  Lakes ACO (pty_...)" of every contract of the program that touches the period.
StatusOr<ContractNames> NamesOf(Session& session, ProgramId program, const DateRange& period) {
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(*period.to - Days(1)));
  return session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<ContractNames> {
    ContractNames names;
    for (const performance::Contract& contract :
         performance::ContractsInPeriod(tx, program, period, std::nullopt)) {
      names[contract.id] = fmt::format("{}  {}", contract.id, hierarchy.NameOf(contract.party));
    }
    return names;
  });
}

std::string NameIn(const ContractNames& names, ContractId contract) {
  const auto name = names.find(contract);
  return name == names.end() ? contract.ToString() : name->second;
}

// What is not zero, one amount a line.
void PrintAmounts(const std::vector<std::pair<std::string_view, Money>>& amounts) {
  for (const auto& [name, amount] : amounts) {
    if (amount != Money()) fmt::print("    {:<24}{:>20}\n", name, amount);
  }
}

// Whether a gate stops the release. Those that do are named with the way on.
bool PrintGates(const std::vector<GateCheck>& checks) {
  if (checks.empty()) return false;
  const auto blocking = std::ranges::count_if(checks, &GateCheck::Blocks);
  fmt::print("  {} checked: {}\n", Counted(std::ssize(checks), "gate"),
             blocking == 0
                 ? "the awards may be released"
                 : fmt::format("{} the release", blocking == 1 ? "one stops" : "several stop"));
  for (const GateCheck& check : checks) {
    if (!check.Blocks()) continue;
    fmt::print("    {}, feed {}: {}; mend the feed and run again, or: sluice gate override\n",
               check.gate, check.feed, check.detail);
  }
  return blocking > 0;
}

void PrintTexts(std::string_view what, const performance::ContractTexts& texts,
                const ContractNames& names, std::string_view before = "") {
  for (const auto& [contract, text] : texts) {
    fmt::print("  {} {}: {}{}\n", what, NameIn(names, contract), before, text);
  }
}

void PrintAwards(const performance::CalculationSummary& awards, const ContractNames& names) {
  fmt::print("  {}: {}, {} unchanged, {} blocked\n", Counted(awards.contracts, "contract"),
             Counted(awards.new_versions, "new version"), awards.unchanged, awards.blocked);
  PrintAmounts({{"earned", awards.earned},
                {"losses", awards.losses},
                {"recouped", awards.recouped},
                {"withheld", awards.withheld},
                {"forfeited", awards.forfeited}});
  fmt::print("    {:<24}{:>20}\n", "payable", awards.payable);
  PrintAmounts({{"changed by this run", awards.delta}});
  for (const auto& [reason, count] : awards.zeros) {
    fmt::print("    zero: {:<18}{:>20}\n", performance::ReasonName(reason),
               Counted(count, "contract"));
  }
  PrintTexts("BLOCKED", awards.missing, names, "missing: ");
}

struct RunOptions {
  std::string program;
  std::string period;
  std::string pay_date;
  std::string known_at;
  std::vector<std::string> contracts;
  std::string user;
};

StatusOr<performance::ProgramRunRequest> RequestOf(const RunOptions& options) {
  performance::ProgramRunRequest request{.dates = {},
                                         .known_at = std::nullopt,
                                         .contracts = std::nullopt,
                                         .actor = options.user,
                                         .progress = nullptr};
  RETURN_IF_ERROR(ParseUser(options.user).status());
  ASSIGN_OR_RETURN(request.dates.period, ParsePeriod(options.period));
  const StatusOr<Date> pay_date = ParseDate(options.pay_date);
  if (!pay_date.ok()) return Annotate(pay_date.status(), "--pay-date");
  request.dates.pay_date = *pay_date;
  if (!options.known_at.empty()) {
    ASSIGN_OR_RETURN(request.known_at, Instant::Parse(options.known_at));
  }
  for (const std::string& text : options.contracts) {
    ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(text));
    if (!request.contracts) request.contracts.emplace();
    request.contracts->push_back(contract);
  }
  return request;
}

StatusOr<int> Run(Session& session, const RunOptions& options) {
  ASSIGN_OR_RETURN(performance::ProgramRunRequest request, RequestOf(options));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  request.program = program.id;
  performance::ProgramRun run(session.Database(), session.Payer(), session.Clock(), session.Ids());
  AddLedgerSources(run, program.book);
  ASSIGN_OR_RETURN(const ProgramRunSummary summary, run.Run(request));
  ASSIGN_OR_RETURN(const ContractNames names, NamesOf(session, program.id, request.dates.period));

  fmt::print("{}, {}, pay date {}\n", program.name, request.dates.period.ToString(),
             FormatDate(request.dates.pay_date));
  for (const performance::DetailSummary& detail : summary.details) {
    fmt::print("  {}: {}, {} stored\n", detail.source, Counted(detail.contracts, "contract"),
               Counted(detail.rows, "row"));
    PrintTexts("  left as it is:", detail.left, names);
  }
  PrintAwards(summary.awards, names);
  PrintTexts("waits for others:", summary.pending, names);
  PrintTexts("NOT BOOKED", summary.unbooked, names);
  const bool stopped = PrintGates(summary.gates);
  if (summary.awards.contracts == 0) {
    fmt::print("  no contract of the program touches the period; see: sluice contract list\n");
  } else if (summary.awards.blocked > 0) {
    fmt::print("  supply what is missing and run it again; what is unchanged stays as it is\n");
  }
  const bool all_well = summary.awards.contracts > 0 && summary.awards.blocked == 0 &&
                        summary.unbooked.empty() && !stopped;
  return all_well ? kDone : kFindings;
}

struct StatusOptions {
  std::string program;
  std::string period;
};

void PrintAward(const StoredAward& award, const ContractNames& names) {
  fmt::print("{}  version {}: ", NameIn(names, award.contract), award.version);
  if (award.status == AwardStatus::kBlocked) {
    fmt::print("BLOCKED{}: {}\n",
               award.blocked_reason
                   ? fmt::format(" {}", performance::ReasonName(*award.blocked_reason))
                   : "",
               award.missing);
    return;
  }
  fmt::print("{}, payable {}", award.amount, award.payable);
  if (award.zero_reason) fmt::print(", {}", performance::ReasonName(*award.zero_reason));
  if (award.payable_zero_reason) {
    fmt::print(", {}", performance::ReasonName(*award.payable_zero_reason));
  }
  if (!award.zero_detail.empty()) fmt::print(" ({})", award.zero_detail);
  if (award.version > 1 && award.delta != Money()) fmt::print("; changed by {}", award.delta);
  fmt::print("\n");
}

// The newest awards of a period, the contracts that have none, and the gates.
StatusOr<int> ShowStatus(Session& session, const StatusOptions& options) {
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(ContractNames names, NamesOf(session, program.id, period));
  ProgramService programs(session.Database(), session.Clock(), session.Ids());
  ASSIGN_OR_RETURN(const std::vector<StoredAward> awards, programs.Awards(program.id, period));
  fmt::print("{}, {}\n", program.name, period.ToString());
  Money payable;
  std::int64_t blocked = 0;
  for (const StoredAward& award : awards) {
    PrintAward(award, names);
    names.erase(award.contract);
    payable += award.payable;
    blocked += award.status == AwardStatus::kBlocked ? 1 : 0;
  }
  for (const auto& [contract, name] : names) fmt::print("{}  NOT CALCULATED\n", name);
  fmt::print("  {}, {} blocked, {} not calculated, payable {}\n",
             Counted(std::ssize(awards), "award"), blocked, names.size(), payable);
  if (awards.empty()) fmt::print("  nothing was calculated yet; see: sluice program run --help\n");
  performance::GateService gates(session.Database(), session.Payer(), session.Clock(),
                                 session.Ids());
  ASSIGN_OR_RETURN(const std::vector<GateCheck> checks, gates.Checks(program.id, period));
  const bool stopped = PrintGates(checks);
  return !awards.empty() && blocked == 0 && names.empty() && !stopped ? kDone : kFindings;
}

struct AwardOptions {
  std::string contract;
  std::string period;
  std::int32_t version = 0;
  std::string out;
};

// Every step of one award, and what of it is whose.
StatusOr<int> ShowAward(Session& session, const AwardOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ProgramService programs(session.Database(), session.Clock(), session.Ids());
  ASSIGN_OR_RETURN(const std::vector<StoredAward> history, programs.History(contract, period));
  const auto found = options.version == 0
                         ? (history.empty() ? history.end() : history.end() - 1)
                         : std::ranges::find(history, options.version, &StoredAward::version);
  if (found == history.end()) {
    return NotFound(
        "contract {} has no {} for {}; calculate it with: sluice program run", contract,
        options.version == 0 ? "award" : fmt::format("version {} of an award", options.version),
        period.ToString());
  }
  const performance::AwardKey key{found->contract, found->award, found->version};
  if (!options.out.empty()) {
    ASSIGN_OR_RETURN(const std::string package, programs.Package(key));
    RETURN_IF_ERROR(WriteFile(options.out, package));
  }
  ASSIGN_OR_RETURN(const auto stored, programs.Shares({&key, 1}));
  std::vector<performance::SplitShare> shares;
  for (const performance::StoredShare& share : stored) shares.push_back(share.share);
  fmt::print("award {} version {} of {}, calculated {} from what was known then\n{}{}",
             found->award, found->version, Counted(std::ssize(history), "version"),
             found->calculated_at.ToString(), found->explanation, performance::SplitToText(shares));
  if (!options.out.empty()) {
    fmt::print("{}: everything it rests on; compute it again with: sluice replay {}\n", options.out,
               options.out);
  }
  return found->status == AwardStatus::kBlocked ? kFindings : kDone;
}

}  // namespace

void AddProgramRunCommands(CommandLine line, CLI::App& program) {
  CLI::App* run = program.add_subcommand(
      "run", "calculate a period from what is known; exits 1 when something is blocked");
  auto ran = std::make_shared<RunOptions>();
  run->add_option("program", ran->program, "its id, or its name")->required();
  run->add_option("--period", ran->period, "the performance period: 2026-07, 2026, ...")
      ->required();
  run->add_option("--pay-date", ran->pay_date, "when it is to be paid: 2026-08-20")->required();
  run->add_option("--contract", ran->contracts, "only these contracts; all without");
  run->add_option("--known-at", ran->known_at, "from what was known then; now without");
  run->add_option("--as", ran->user, "who runs it")->required();
  OnPayer(line, *run, [ran](Session& session) { return Run(session, *ran); });

  CLI::App* status = program.add_subcommand(
      "status", "the awards of a period; exits 1 when one is blocked, missing or stopped");
  auto shown = std::make_shared<StatusOptions>();
  status->add_option("program", shown->program, "its id, or its name")->required();
  status->add_option("--period", shown->period, "the performance period")->required();
  OnPayer(line, *status, [shown](Session& session) { return ShowStatus(session, *shown); });

  CLI::App* award = program.add_subcommand("award", "one award: every step, and whose it is");
  auto asked = std::make_shared<AwardOptions>();
  award->add_option("contract", asked->contract, "the contract's id, ctr_...")->required();
  award->add_option("--period", asked->period, "the performance period")->required();
  award->add_option("--version", asked->version, "the newest without");
  award->add_option("--out", asked->out, "a file for its replay package");
  OnPayer(line, *award, [asked](Session& session) { return ShowAward(session, *asked); });
}

}  // namespace sluice::api
