// Disputes about attribution: filed from a file, moved step by step, listed with their clocks.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "api/command_line.h"
#include "api/dispute_file.h"
#include "performance/attribution/dispute_letter.h"
#include "performance/attribution/dispute_service.h"
#include "performance/members/member_store.h"

namespace sluice::api {
namespace {

using performance::Dispute;
using performance::DisputeAction;
using performance::DisputeDraft;
using performance::DisputeEvent;
using performance::DisputeId;
using performance::DisputeService;
using performance::DisputeState;

DisputeService Disputes(Session& session) {
  return DisputeService(session.Database(), session.Clock(), session.Ids());
}

struct ListOptions {
  std::string contract;
  std::string period;
  std::string state;
};

struct Chosen {
  ContractId contract;
  DateRange period;
};

StatusOr<Chosen> Choose(const ListOptions& options) {
  Chosen chosen;
  ASSIGN_OR_RETURN(chosen.contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(chosen.period, ParsePeriod(options.period));
  return chosen;
}

using MemberNumbers = std::map<std::int64_t, std::string>;

StatusOr<MemberNumbers> NumbersOf(Session& session, const std::vector<Dispute>& disputes) {
  std::vector<std::int64_t> ids;
  for (const Dispute& dispute : disputes) ids.push_back(dispute.entry.member_id);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<MemberNumbers> {
    MemberNumbers numbers;
    for (const auto& member : performance::MembersById(tx, session.Payer(), ids)) {
      numbers[member.id] = member.number;
    }
    return numbers;
  });
}

void PrintDispute(const Dispute& dispute, const MemberNumbers& numbers, Instant now) {
  const auto number = numbers.find(dispute.entry.member_id);
  fmt::print("{}  {}  {} member {}, {}, {}: {}", dispute.id,
             performance::DisputeStateName(dispute.state),
             performance::DisputeOperationName(dispute.operation),
             number == numbers.end() ? "unknown" : number->second, dispute.entry.plan,
             dispute.entry.attributed.ToString(), dispute.reason_code);
  const bool running = dispute.state == DisputeState::kFiled ||
                       dispute.state == DisputeState::kUnderReview ||
                       dispute.state == DisputeState::kInfoRequested;
  if (const auto end = performance::ClockEnd(dispute, now); end && running) {
    fmt::print("; to be answered by {}", FormatDate(end->UtcDate()));
  }
  if (!dispute.owner.empty()) fmt::print("; owner {}", dispute.owner);
  fmt::print("\n");
}

// The members' ids into the drafts; a number that nobody has is an issue.
Status FillMembers(Session& session, DisputeFile& file) {
  std::map<std::string, std::int64_t> ids;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    for (const auto& member : performance::FindMembers(tx, session.Payer(), file.member_numbers)) {
      ids[member.number] = member.id;
    }
    return OkStatus();
  }));
  for (std::size_t i = 0; i < file.drafts.size(); ++i) {
    const auto found = ids.find(file.member_numbers[i]);
    if (found == ids.end()) {
      file.issues.push_back(fmt::format("the payer has no member '{}'; compare with the export",
                                        file.member_numbers[i]));
      continue;
    }
    file.drafts[i].entry.member_id = found->second;
  }
  return OkStatus();
}

struct FileOptions {
  ListOptions of;
  std::string file;
  std::string filer;
};

StatusOr<int> File(Session& session, const FileOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options.of));
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(*chosen.period.to - Days(1)));
  ASSIGN_OR_RETURN(DisputeFile file, ReadDisputeFile(options.file, hierarchy));
  RETURN_IF_ERROR(FillMembers(session, file));
  for (const std::string& issue : file.issues) fmt::print("{}\n", issue);
  if (!file.issues.empty()) {
    fmt::print("nothing was filed: correct {} and file them all again\n",
               Counted(std::ssize(file.issues), "row"));
    return kFindings;
  }
  DisputeService service = Disputes(session);
  ASSIGN_OR_RETURN(const std::vector<DisputeId> ids,
                   service.Draft(chosen.contract, chosen.period.from, file.drafts, options.filer));
  for (const DisputeId id : ids) {
    DisputeAction action{.event = DisputeEvent::kFile, .actor = options.filer};
    ASSIGN_OR_RETURN(const Dispute dispute, service.Act(chosen.contract, id, action));
    fmt::print("{}  {}\n", dispute.id, performance::DisputeStateName(dispute.state));
  }
  return kDone;
}

struct ActOptions {
  std::string contract;
  std::string dispute;
  std::string event;
  std::string user;
  std::string reason;
  std::string rule;
  std::string owner;
  std::string due;
  std::vector<std::string> evidence;  // kind, reference, sha256
};

constexpr std::array kEvents = {
    DisputeEvent::kFile,   DisputeEvent::kAssign, DisputeEvent::kAsk,     DisputeEvent::kAnswer,
    DisputeEvent::kAccept, DisputeEvent::kReject, DisputeEvent::kWithdraw};

StatusOr<int> Act(Session& session, const ActOptions& options) {
  DisputeAction action{.actor = options.user,
                       .reason = options.reason,
                       .rule = options.rule,
                       .owner = options.owner};
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const DisputeId id, DisputeId::Parse(options.dispute));
  const auto event = std::ranges::find(kEvents, options.event, performance::DisputeEventName);
  if (event == kEvents.end()) {
    return InvalidArgument(
        "'{}' is nothing that is done to a dispute: file, assign, ask, answer, accept, reject or "
        "withdraw it; publishing the next list applies it",
        options.event);
  }
  action.event = *event;
  if (!options.due.empty()) {
    ASSIGN_OR_RETURN(action.due, ParseDate(options.due));
  }
  if (!options.evidence.empty()) {
    if (options.evidence.size() != 3) {
      return InvalidArgument("--evidence wants three words: kind, reference and SHA-256");
    }
    ASSIGN_OR_RETURN(action.evidence.emplace_back(),
                     MakeEvidence(options.evidence[0], options.evidence[1], options.evidence[2]));
  }
  ASSIGN_OR_RETURN(const Dispute dispute, Disputes(session).Act(contract, id, action));
  ASSIGN_OR_RETURN(const MemberNumbers numbers, NumbersOf(session, {dispute}));
  PrintDispute(dispute, numbers, session.Clock().Now());
  return kDone;
}

std::vector<std::pair<std::string, DisputeState>> States() {
  std::vector<std::pair<std::string, DisputeState>> states;
  for (const DisputeState state :
       {DisputeState::kDrafted, DisputeState::kFiled, DisputeState::kUnderReview,
        DisputeState::kInfoRequested, DisputeState::kAccepted, DisputeState::kRejected,
        DisputeState::kOverdue, DisputeState::kApplied, DisputeState::kWithdrawn}) {
    states.emplace_back(performance::DisputeStateName(state), state);
  }
  return states;
}

StatusOr<int> List(Session& session, const ListOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  if (!options.state.empty()) {
    RETURN_IF_ERROR(OneOf("--state", options.state, States()).status());
  }
  DisputeService service = Disputes(session);
  // What the clocks alone have done by now: overdue, or accepted by silence.
  RETURN_IF_ERROR(service.RunClock(chosen.contract, chosen.period.from).status());
  ASSIGN_OR_RETURN(std::vector<Dispute> disputes, service.All(chosen.contract, chosen.period.from));
  if (!options.state.empty()) {
    std::erase_if(disputes, [&](const Dispute& dispute) {
      return performance::DisputeStateName(dispute.state) != options.state;
    });
  }
  ASSIGN_OR_RETURN(const MemberNumbers numbers, NumbersOf(session, disputes));
  for (const Dispute& dispute : disputes) PrintDispute(dispute, numbers, session.Clock().Now());
  fmt::print("{}\n", Counted(std::ssize(disputes), "dispute"));
  const bool overdue = std::ranges::count(disputes, DisputeState::kOverdue, &Dispute::state) > 0;
  return overdue ? kFindings : kDone;
}

struct ShowOptions {
  std::string contract;
  std::string dispute;
};

StatusOr<int> Show(Session& session, const ShowOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const DisputeId id, DisputeId::Parse(options.dispute));
  DisputeService service = Disputes(session);
  ASSIGN_OR_RETURN(const Dispute dispute, service.Find(contract, id));
  ASSIGN_OR_RETURN(const MemberNumbers numbers, NumbersOf(session, {dispute}));
  PrintDispute(dispute, numbers, session.Clock().Now());
  fmt::print("  against version {} of the list, filed by {}\n", dispute.against_version,
             dispute.filer);
  for (const DisputeAction& step : dispute.history) {
    fmt::print("  {}  {} by {}{}{}\n", step.at.ToString(),
               performance::DisputeEventName(step.event), step.actor,
               step.reason.empty() ? "" : ": " + step.reason,
               step.rule.empty() ? "" : fmt::format(" ({})", step.rule));
  }
  for (const performance::Evidence& piece : dispute.evidence) {
    fmt::print("  evidence: {}, {}, sha256 {}...\n", piece.kind, piece.reference,
               ToHex(piece.sha256).substr(0, 16));
  }
  if (dispute.applied_in_version) {
    fmt::print("  applied in version {} of the list\n", *dispute.applied_in_version);
  }
  ASSIGN_OR_RETURN(const auto affected, service.Affected(contract, {id}));
  for (const performance::AffectedCalculation& award : affected) {
    fmt::print("  touches award {} version {}, {}\n", award.award, award.version,
               award.period.ToString());
  }
  return kDone;
}

struct LetterOptions {
  ListOptions of;
  performance::LetterHeading heading;
};

StatusOr<int> Letter(Session& session, LetterOptions options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options.of));
  ASSIGN_OR_RETURN(std::vector<Dispute> disputes,
                   Disputes(session).All(chosen.contract, chosen.period.from));
  std::erase_if(disputes, [](const Dispute& dispute) {
    return dispute.state == DisputeState::kDrafted || dispute.state == DisputeState::kWithdrawn;
  });
  options.heading.contract = options.of.contract;
  options.heading.date = session.Today();
  ASSIGN_OR_RETURN(const std::string letter, performance::DisputeLetter(disputes, options.heading));
  fmt::print("{}", letter);
  return kDone;
}

void AddListOptions(CLI::App& command, ListOptions& options) {
  command.add_option("contract", options.contract, "the contract's id, ctr_...")->required();
  command.add_option("--period", options.period, "of the list: 2026, 2026-Q3, ...")->required();
}

void AddActCommand(CommandLine line, CLI::App& dispute) {
  CLI::App* act = dispute.add_subcommand("act", "the next step of one dispute");
  auto acted = std::make_shared<ActOptions>();
  act->add_option("contract", acted->contract, "the contract's id, ctr_...")->required();
  act->add_option("dispute", acted->dispute, "its id, dsp_...")->required();
  act->add_option("event", acted->event, "file, assign, ask, answer, accept, reject, withdraw")
      ->required();
  act->add_option("--as", acted->user, "who does it")->required();
  act->add_option("--reason", acted->reason, "of ask, accept and reject");
  act->add_option("--rule", acted->rule, "of reject: the rule it rests on");
  act->add_option("--owner", acted->owner, "of assign: who answers it");
  act->add_option("--due", acted->due, "of assign: by when");
  act->add_option("--evidence", acted->evidence, "of file and answer: kind reference sha256")
      ->expected(3);
  OnPayer(line, *act, [acted](Session& session) { return Act(session, *acted); });
}

}  // namespace

void AddDisputeCommands(CommandLine line) {
  CLI::App* dispute = line.app.add_subcommand("dispute", "disputes about attribution");
  dispute->require_subcommand(1);

  CLI::App* file = dispute->add_subcommand("file", "file the disputes of a CSV file, all or none");
  auto filed = std::make_shared<FileOptions>();
  AddListOptions(*file, filed->of);
  file->add_option("file", filed->file,
                   "operation,member_number,plan,from,through,provider_npi,practice_tin,"
                   "reason_code; may have effect and evidence_kind, _reference, _sha256")
      ->required();
  file->add_option("--as", filed->filer, "who files them")->required();
  OnPayer(line, *file, [filed](Session& session) { return File(session, *filed); });

  AddActCommand(line, *dispute);

  CLI::App* list = dispute->add_subcommand("list", "the disputes; exits 1 when one is overdue");
  auto listed = std::make_shared<ListOptions>();
  AddListOptions(*list, *listed);
  list->add_option("--state", listed->state, "only these: filed, under_review, accepted, ...");
  OnPayer(line, *list, [listed](Session& session) { return List(session, *listed); });

  CLI::App* show = dispute->add_subcommand("show", "one dispute, every step of it");
  auto shown = std::make_shared<ShowOptions>();
  show->add_option("contract", shown->contract, "the contract's id, ctr_...")->required();
  show->add_option("dispute", shown->dispute, "its id, dsp_...")->required();
  OnPayer(line, *show, [shown](Session& session) { return Show(session, *shown); });

  CLI::App* letter = dispute->add_subcommand("letter", "the letter beside what was filed");
  auto written = std::make_shared<LetterOptions>();
  AddListOptions(*letter, written->of);
  letter->add_option("--from", written->heading.from, "who files")->required();
  letter->add_option("--to", written->heading.to, "the payer's name")->required();
  letter->add_option("--rule", written->heading.rule, "the clause they rest on")->required();
  OnPayer(line, *letter, [written](Session& session) { return Letter(session, *written); });
}

}  // namespace sluice::api
