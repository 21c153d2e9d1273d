// Changes: notice what was edited, see what is run again for it and what is not, run it, and see
// what came of each.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <set>
#include <span>

#include "api/award_session.h"
#include "api/command_line.h"
#include "api/commands.h"
#include "performance/members/member_store.h"
#include "performance/recalculation/recalculation_service.h"

namespace sluice::api {
namespace {

using performance::ChangeEvent;
using performance::ChangeEventId;
using performance::ChangeRule;
using performance::ChangeVerdict;
using performance::QueuedRecalculation;
using performance::RecalculationService;
using performance::RecalculationState;
using performance::RuleAction;

// How far `change list` looks back unless it is told.
constexpr std::int64_t kListedDays = 31;
// As many edits as a person reads at once.
constexpr int kListedEdits = 50;

RecalculationService Changes(Session& session) {
  return RecalculationService(session.Database(), session.Payer(), session.Clock(), session.Ids());
}

// Events name members by the number of their row; people know them by that of the plan.
class MemberNames {
 public:
  static StatusOr<MemberNames> Load(Session& session, std::span<const std::string> texts) {
    std::set<std::int64_t> found;
    for (const std::string& text : texts) {
      EachMember(text, [&](std::int64_t id, std::size_t, std::size_t) { found.insert(id); });
    }
    const std::vector<std::int64_t> ids(found.begin(), found.end());
    MemberNames names;
    RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
      names.numbers_.clear();
      for (const auto& member : performance::MembersById(tx, session.Payer(), ids)) {
        names.numbers_[member.id] = member.number;
      }
      return OkStatus();
    }));
    return names;
  }

  std::string In(const std::string& text) const {
    std::string named;
    std::size_t done = 0;
    EachMember(text, [&](std::int64_t id, std::size_t begin, std::size_t end) {
      const auto number = numbers_.find(id);
      if (number == numbers_.end()) return;
      named += text.substr(done, begin - done) + number->second;
      done = end;
    });
    return named + text.substr(done);
  }

 private:
  // Calls with each "member <id>" of the text, and where the id stands.
  template <typename Visit>
  static void EachMember(std::string_view text, const Visit& visit) {
    constexpr std::string_view kWord = "member ";
    for (std::size_t at = text.find(kWord); at != std::string_view::npos;
         at = text.find(kWord, at + 1)) {
      const std::string_view rest = text.substr(at + kWord.size());
      std::int64_t id = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
      if (error != std::errc()) continue;
      const std::size_t begin = at + kWord.size();
      visit(id, begin, begin + static_cast<std::size_t>(end - rest.data()));
    }
  }

  std::map<std::int64_t, std::string> numbers_;
};

void PrintScan(const performance::ScanSummary& scan) {
  fmt::print("{} noticed\n", Counted(scan.events, "edit"));
  const auto line = [](std::int64_t count, std::string_view what) {
    if (count > 0) fmt::print("  {:>6}  {}\n", count, what);
  };
  line(scan.queued, "to be run again; see: sluice change list, then: sluice change work");
  line(scan.frozen, "PERIOD_FROZEN: before the look-back day; see: sluice change list");
  line(scan.no_rule, "run by no rule; see: sluice change rules");
  line(scan.next_run, "left to the next run of the program");
  line(scan.seen, "seen by the newest award already");
}

StatusOr<int> Scan(Session& session) {
  ASSIGN_OR_RETURN(const performance::ScanSummary scan, Changes(session).Scan());
  PrintScan(scan);
  return kDone;
}

// What became of a calculation that was queued.
std::string OutcomeOf(const QueuedRecalculation& item) {
  const std::string detail = item.detail.empty() ? "" : "; " + item.detail;
  switch (item.state) {
    case RecalculationState::kQueued:
      return item.attempts == 0
                 ? fmt::format("waits since {}", item.queued_at.ToString())
                 : fmt::format("waits, tried {}{}", Counted(item.attempts, "time"), detail);
    case RecalculationState::kRunning:
      return fmt::format("is being run since {}", item.started_at.ToString());
    case RecalculationState::kFailed:
      return fmt::format("FAILED after {}{}", Counted(item.attempts, "attempt"), detail);
    case RecalculationState::kDone:
      return item.new_versions == 0
                 ? fmt::format("unchanged{}", detail)
                 : fmt::format("{}, changed by {}{}", Counted(item.new_versions, "new version"),
                               item.delta, detail);
  }
  return detail;
}

void PrintEvent(const ChangeEvent& event, const MemberNames& names) {
  fmt::print("{}  {} ({}), of the days {}; recorded {}\n", event.id, names.In(event.cause),
             performance::EditKindName(event.kind), event.affected.ToString(),
             event.recorded_at.ToString());
}

StatusOr<std::vector<performance::ChangeDecision>> PrintDecisions(RecalculationService& service,
                                                                  ChangeEventId event,
                                                                  const ContractTitles& titles) {
  ASSIGN_OR_RETURN(const std::vector<performance::ChangeDecision> decisions,
                   service.Decisions(event));
  for (const performance::ChangeDecision& decision : decisions) {
    const bool other_run =
        decision.judgment.verdict == ChangeVerdict::kQueued && decision.target != decision.period;
    fmt::print("  {}, {}: {}; {}{}\n", titles.Of(decision.contract), decision.period.ToString(),
               performance::ChangeVerdictName(decision.judgment.verdict), decision.judgment.reason,
               other_run ? fmt::format(", by the run of {}", decision.target.ToString()) : "");
  }
  return decisions;
}

struct ListOptions {
  std::string since;
  int most = kListedEdits;
};

StatusOr<int> List(Session& session, const ListOptions& options) {
  const Instant now = session.Clock().Now();
  Date since = now.UtcDate() - Days(kListedDays);
  if (!options.since.empty()) {
    const StatusOr<Date> day = ParseDate(options.since);
    if (!day.ok()) return Annotate(day.status(), "--since");
    since = *day;
  }
  // The service gives what is later than this.
  const Instant after = Instant::FromMicros(Instant::AtMidnight(since).Micros() - 1);
  RecalculationService service = Changes(session);
  ASSIGN_OR_RETURN(const ContractTitles titles, ContractTitles::Load(session));

  ASSIGN_OR_RETURN(std::vector<QueuedRecalculation> queue, service.Queue());
  std::erase_if(queue, [](const QueuedRecalculation& item) {
    return item.state == RecalculationState::kDone;
  });
  for (const QueuedRecalculation& item : queue) {
    fmt::print("{}, {}: {}\n", titles.Of(item.contract), item.period.ToString(), OutcomeOf(item));
  }
  fmt::print("{} in the queue{}\n", Counted(std::ssize(queue), "calculation"),
             queue.empty() ? "" : "; run them with: sluice change work");

  ASSIGN_OR_RETURN(const std::vector<ChangeEvent> events, service.Events(after, now));
  fmt::print("{} recorded since {}\n", Counted(std::ssize(events), "edit"), FormatDate(since));
  const auto left_off = std::max<std::ptrdiff_t>(std::ssize(events) - options.most, 0);
  std::vector<std::string> causes;
  for (const ChangeEvent& event : std::span(events).subspan(static_cast<std::size_t>(left_off))) {
    causes.push_back(event.cause);
  }
  ASSIGN_OR_RETURN(const MemberNames names, MemberNames::Load(session, causes));
  if (left_off > 0) fmt::print("the last {}; more with --most\n", options.most);
  for (const ChangeEvent& event : std::span(events).subspan(static_cast<std::size_t>(left_off))) {
    PrintEvent(event, names);
    RETURN_IF_ERROR(PrintDecisions(service, event.id, titles).status());
  }
  const bool failed =
      std::ranges::count(queue, RecalculationState::kFailed, &QueuedRecalculation::state) > 0;
  return failed ? kFindings : kDone;
}

struct RulesOptions {
  std::string file;
  std::string user;
};

template <typename T, typename Name>
std::string Joined(const std::vector<T>& list, std::string_view all, const Name& name) {
  std::string text;
  for (const T& item : list) text += (text.empty() ? "" : ", ") + std::string(name(item));
  return text.empty() ? std::string(all) : text;
}

void PrintRule(const ChangeRule& rule) {
  const std::string kinds = Joined(rule.kinds, "every change", performance::EditKindName);
  const std::string streams =
      Joined(rule.streams, "", [](const std::string& stream) { return stream; });
  const std::string programs =
      Joined(rule.programs, "", [](ProgramId program) { return program.ToString(); });
  std::string bound;
  if (rule.look_back_days) {
    bound += fmt::format(", back to {} before the edit", Counted(*rule.look_back_days, "day"));
  }
  if (rule.look_back_date) {
    bound += fmt::format(", back to {}", FormatDate(*rule.look_back_date));
  }
  fmt::print("  {}{}{}: {}{}\n", kinds, streams.empty() ? "" : " of streams " + streams,
             programs.empty() ? "" : " of programs " + programs,
             rule.action == RuleAction::kNow       ? "run again at once"
             : rule.action == RuleAction::kNextRun ? "left to the next run"
                                                   : "not run again",
             bound);
}

// Shows the rules that count; with a file, sets it first.
StatusOr<int> Rules(Session& session, const RulesOptions& options) {
  RecalculationService service = Changes(session);
  if (!options.file.empty()) {
    if (options.user.empty()) return InvalidArgument("--as: say who sets the rules");
    RETURN_IF_ERROR(ParseUser(options.user).status());
    ASSIGN_OR_RETURN(const std::string toml, ReadFile(options.file));
    RETURN_IF_ERROR(performance::ParseChangeRules(toml, options.file).status());
    RETURN_IF_ERROR(service.SetRules(toml, options.user).status());
  }
  ASSIGN_OR_RETURN(const performance::ChangeRules rules, service.Rules());
  fmt::print("{}; the first that fits a change decides\n",
             rules.version == 0 ? "the rules of a payer that has set none"
                                : fmt::format("rules of changes, version {}", rules.version));
  for (const ChangeRule& rule : rules.rules) PrintRule(rule);
  fmt::print("  a change that none fits is not run again\n");
  return kDone;
}

struct WorkFlags {
  bool follow = false;
};

StatusOr<int> Work(Session& session, const WorkFlags& flags) {
  const Instant begun = session.Clock().Now();
  ASSIGN_OR_RETURN(const auto recalculator, MakeRecalculator(session));
  RecalculationService service = Changes(session);
  performance::ScanSummary scanned;
  ASSIGN_OR_RETURN(
      const performance::WorkSummary work,
      flags.follow ? service.Correct(*recalculator, {}, &scanned) : service.Work(*recalculator));
  if (flags.follow) PrintScan(scanned);
  ASSIGN_OR_RETURN(const ContractTitles titles, ContractTitles::Load(session));
  ASSIGN_OR_RETURN(const std::vector<QueuedRecalculation> queue, service.Queue());
  bool all_well = work.failures.empty();
  for (const QueuedRecalculation& item : queue) {
    if (item.attempts == 0 || item.started_at < begun) continue;
    // What a calculation says beside its amounts is something that somebody has to look after.
    all_well = all_well && item.detail.empty();
    fmt::print("{}, {}: {}\n", titles.Of(item.contract), item.period.ToString(), OutcomeOf(item));
  }
  fmt::print("{} run again: {}, {} unchanged, {} failed, changed by {}\n",
             Counted(work.calculations, "calculation"), Counted(work.new_versions, "new version"),
             work.unchanged, work.failures.size(), work.delta);
  if (work.new_versions > 0) {
    fmt::print(
        "why: sluice change show CONTRACT --period PERIOD; the next cycle pays the "
        "difference\n");
  }
  if (!work.failures.empty()) {
    fmt::print("remove the cause, then: sluice change work; what failed is tried again\n");
  }
  return all_well ? kDone : kFindings;
}

struct ShowOptions {
  std::string what;
  std::string period;
};

// An edit: what was decided about it, and what it changed.
StatusOr<int> ShowEdit(Session& session, ChangeEventId id) {
  RecalculationService service = Changes(session);
  ASSIGN_OR_RETURN(const std::optional<ChangeEvent> event, service.Find(id));
  if (!event) return NotFound("there is no edit {}; list them with: sluice change list", id);
  ASSIGN_OR_RETURN(const ContractTitles titles, ContractTitles::Load(session));
  ASSIGN_OR_RETURN(const MemberNames names, MemberNames::Load(session, {&event->cause, 1}));
  PrintEvent(*event, names);
  ASSIGN_OR_RETURN(const auto decisions, PrintDecisions(service, id, titles));
  ASSIGN_OR_RETURN(const std::vector<performance::AwardKey> awards, service.AwardsOf(id));
  for (const performance::AwardKey& award : awards) {
    fmt::print("  changed {}: award {} version {}\n", titles.Of(award.contract), award.award,
               award.version);
  }
  if (awards.empty()) fmt::print("  changed no award\n");
  return kDone;
}

void PrintVersion(const performance::VersionView& view, const MemberNames& names) {
  const performance::StoredAward& award = view.award;
  fmt::print("version {}, calculated {}: ", award.version, award.calculated_at.ToString());
  if (award.status == performance::AwardStatus::kBlocked) {
    fmt::print("BLOCKED, missing: {}\n", award.missing);
    return;
  }
  fmt::print("payable {}", award.payable);
  if (view.reason) fmt::print(", {}", performance::ReasonName(*view.reason));
  for (const performance::ReasonCode note : view.notes) {
    fmt::print(", {}", performance::ReasonName(note));
  }
  fmt::print("\n");
  if (award.version > 1 && (!award.delta.IsZero() || !view.causes.empty())) {
    fmt::print("  {:>16}  changed by this version\n", award.delta);
  }
  for (const performance::DeltaCause& cause : view.causes) {
    fmt::print("  {:>16}    {}\n", cause.amount, names.In(cause.cause));
  }
}

// An award: its versions, and the causes of each.
StatusOr<int> ShowAward(Session& session, const ShowOptions& options) {
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.what));
  if (options.period.empty()) {
    return InvalidArgument("--period: say which award of {}, as 2026-07 or 2026", contract.id);
  }
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const std::vector<performance::VersionView> versions,
                   Changes(session).Versions(contract.id, period));
  if (versions.empty()) {
    return NotFound("contract {} has no award for {}; calculate it with: sluice program run",
                    contract.id, period.ToString());
  }
  std::vector<std::string> causes;
  for (const performance::VersionView& view : versions) {
    for (const performance::DeltaCause& cause : view.causes) causes.push_back(cause.cause);
  }
  ASSIGN_OR_RETURN(const MemberNames names, MemberNames::Load(session, causes));
  ASSIGN_OR_RETURN(const ContractTitles titles, ContractTitles::Load(session));
  fmt::print("{}, {}\n", titles.Of(contract.id), period.ToString());
  for (const performance::VersionView& view : versions) PrintVersion(view, names);
  const bool blocked = versions.back().award.status == performance::AwardStatus::kBlocked;
  return blocked ? kFindings : kDone;
}

StatusOr<int> Show(Session& session, const ShowOptions& options) {
  if (options.what.starts_with("ctr_")) return ShowAward(session, options);
  const StatusOr<ChangeEventId> id = ChangeEventId::Parse(options.what);
  if (!id.ok()) {
    return InvalidArgument(
        "'{}' is neither an edit (chg_..., of sluice change list) nor a "
        "contract (ctr_..., with --period)",
        options.what);
  }
  return ShowEdit(session, *id);
}

}  // namespace

void AddChangeCommands(CommandLine line) {
  CLI::App* change =
      line.app.add_subcommand("change", "edits of what awards rest on, and what follows from them");
  change->require_subcommand(1);

  CLI::App* scan = change->add_subcommand("scan", "notice what was edited since the last scan");
  OnPayer(line, *scan, [](Session& session) { return Scan(session); });

  CLI::App* list = change->add_subcommand(
      "list", "what is run again, and each edit with what was decided; exits 1 when a run failed");
  auto listed = std::make_shared<ListOptions>();
  list->add_option("--since", listed->since, "edits from this day on; the last 31 days without");
  list->add_option("--most", listed->most, "as many edits, the newest")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  OnPayer(line, *list, [listed](Session& session) { return List(session, *listed); });

  CLI::App* rules = change->add_subcommand("rules", "which change runs what again, how far back");
  auto ruled = std::make_shared<RulesOptions>();
  rules->add_option("file", ruled->file,
                    "sets these (TOML, see deploy/config/change_rules.toml); shows them without");
  rules->add_option("--as", ruled->user, "who sets them");
  OnPayer(line, *rules, [ruled](Session& session) { return Rules(session, *ruled); });

  CLI::App* work = change->add_subcommand(
      "work", "run what is queued; exits 1 when something failed, is blocked or is not booked");
  auto flags = std::make_shared<WorkFlags>();
  work->add_flag("--follow", flags->follow,
                 "scan before and after, until nothing follows from what came of it");
  OnPayer(line, *work, [flags](Session& session) { return Work(session, *flags); });

  CLI::App* show = change->add_subcommand(
      "show", "an award's versions and what changed each by how much; or what came of an edit");
  auto shown = std::make_shared<ShowOptions>();
  show->add_option("what", shown->what, "a contract, ctr_..., or an edit, chg_...")->required();
  show->add_option("--period", shown->period, "of a contract's award: 2026-07, 2026, ...");
  OnPayer(line, *show, [shown](Session& session) { return Show(session, *shown); });
}

}  // namespace sluice::api
