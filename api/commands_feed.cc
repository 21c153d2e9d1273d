// Feeds: declare what a file is, receive it, see what was refused, and how every feed stands; and
// the demands a program makes of its feeds before its money may go.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>

#include "api/command_line.h"
#include "performance/feeds/feed_service.h"
#include "performance/feeds/gate_service.h"

namespace sluice::api {
namespace {

using performance::Delivery;
using performance::FeedHealth;
using performance::FeedService;
using performance::GateKind;
using performance::GateService;
using performance::HealthColor;

// As many rejected rows as a person reads; `feed quarantine` shows all.
constexpr std::int32_t kShownRows = 20;

FeedService Feeds(Session& session) {
  return FeedService(session.Database(), session.Payer(), session.Clock(), session.Ids());
}

GateService Gates(Session& session) {
  return GateService(session.Database(), session.Payer(), session.Clock(), session.Ids());
}

StatusOr<int> Declare(Session& session, const std::vector<std::string>& files) {
  FeedService service = Feeds(session);
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const performance::FeedSpec spec, performance::LoadFeedSpec(file));
    ASSIGN_OR_RETURN(const std::int32_t version, service.Declare(spec));
    fmt::print("feed {} version {}: {}, every {} days from {}, owner {}\n", spec.name, version,
               performance::FeedKindName(spec.kind), spec.interval_days, FormatDate(spec.starts_on),
               spec.owner);
  }
  return kDone;
}

struct ReceiveOptions {
  std::string feed;
  std::string file;
  std::string period;
  bool reprocess = false;
};

StatusOr<int> Receive(Session& session, const ReceiveOptions& options) {
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  // A name that was typed wrong says nothing about the feed, which would turn red.
  if (!std::ifstream(options.file) || std::filesystem::is_directory(options.file)) {
    return NotFound("cannot read {}: name an existing file", options.file);
  }
  FeedService service = Feeds(session);
  ASSIGN_OR_RETURN(const Delivery delivery, service.Receive({.feed = options.feed,
                                                             .path = options.file,
                                                             .period = period,
                                                             .reprocess = options.reprocess}));
  std::vector<performance::QuarantinedRow> rows;
  if (delivery.Accepted() && delivery.rows_rejected > 0) {
    ASSIGN_OR_RETURN(rows, service.Quarantine(delivery.id, kShownRows));
  }
  fmt::print("{}", performance::ToText(delivery, rows));
  if (delivery.rows_rejected > kShownRows) {
    fmt::print("... and {} more; all of them: sluice feed quarantine {}\n",
               delivery.rows_rejected - kShownRows, delivery.id);
  }
  return delivery.Accepted() && delivery.rows_rejected == 0 ? kDone : kFindings;
}

struct QuarantineOptions {
  std::string delivery;
  std::int32_t most = 1'000;
};

StatusOr<int> Quarantine(Session& session, const QuarantineOptions& options) {
  ASSIGN_OR_RETURN(const auto id, performance::DeliveryId::Parse(options.delivery));
  ASSIGN_OR_RETURN(const std::vector<performance::QuarantinedRow> rows,
                   Feeds(session).Quarantine(id, options.most));
  for (const performance::QuarantinedRow& row : rows) {
    fmt::print("row {} (line {}){}: {}: {}\n", row.row, row.line,
               row.column.empty() ? "" : fmt::format(" column '{}'", row.column), row.code,
               row.reason);
    if (row.raw) fmt::print("  {}\n", *row.raw);
  }
  fmt::print("{}{}\n", Counted(std::ssize(rows), "row"),
             rows.empty() ? "" : "; remove the cause, then: sluice feed receive ... --reprocess");
  return rows.empty() ? kDone : kFindings;
}

StatusOr<int> ShowHealth(Session& session, const std::string& feed) {
  FeedService service = Feeds(session);
  ASSIGN_OR_RETURN(std::vector<FeedHealth> feeds, service.Health());
  if (!feed.empty()) {
    std::erase_if(feeds, [&](const FeedHealth& health) { return health.feed != feed; });
    if (feeds.empty()) {
      return NotFound("there is no feed '{}'; list them with: sluice feed status", feed);
    }
  }
  fmt::print("{}", performance::ToText(feeds));
  if (!feed.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Delivery> deliveries, service.Deliveries(feed));
    for (const Delivery& delivery : deliveries) {
      fmt::print("{}", performance::ToText(delivery, {}));
    }
  }
  if (feeds.empty()) fmt::print("no feed is declared; see: sluice feed declare --help\n");
  const bool red = std::ranges::any_of(
      feeds, [](const FeedHealth& health) { return health.color == HealthColor::kRed; });
  return red ? kFindings : kDone;
}

struct GateOptions {
  std::string program;
  std::string name;
  std::string feed;
  std::string kind;
  std::string limit;
};

StatusOr<int> SetGate(Session& session, const GateOptions& options) {
  std::vector<std::pair<std::string, GateKind>> kinds;
  for (const GateKind kind : {GateKind::kRecorded, GateKind::kDelivered, GateKind::kRejectedShare,
                              GateKind::kFresh, GateKind::kComplete}) {
    kinds.emplace_back(performance::GateKindName(kind), kind);
  }
  performance::DataGate gate{.name = options.name, .feed = options.feed, .ratio_limit = {}};
  ASSIGN_OR_RETURN(gate.kind, OneOf("--kind", options.kind, kinds));
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  gate.program = program.id;
  if (!options.limit.empty()) {
    ASSIGN_OR_RETURN(const Ratio limit, Ratio::Parse(options.limit));
    if (gate.kind == GateKind::kRejectedShare) {
      gate.ratio_limit = limit;
    } else if (limit.Denominator() == 1 && limit.Numerator().fits_slong_p()) {
      gate.count_limit = limit.Numerator().get_si();
    } else {
      return InvalidArgument("--limit of a {} gate is a whole number, not '{}'", options.kind,
                             options.limit);
    }
  }
  RETURN_IF_ERROR(Gates(session).Set(gate));
  fmt::print("gate {} of {}: feed {} {}{}\n", gate.name, gate.program, gate.feed,
             performance::GateKindName(gate.kind),
             options.limit.empty() ? "" : fmt::format(", limit {}", options.limit));
  return kDone;
}

void PrintCheck(const performance::GateCheck& check) {
  fmt::print("{}  {} {}, feed {}: {}\n", check.check_id,
             check.passed          ? "passed"
             : check.overridden_by ? "overridden"
                                   : "FAILED",
             check.gate, check.feed, check.detail);
  if (check.overridden_by) {
    fmt::print("  by {} on {}: {}\n", *check.overridden_by,
               FormatDate(check.overridden_at->UtcDate()), check.override_reason);
  }
}

struct GateListOptions {
  std::string program;
  std::string period;
};

StatusOr<int> ListGates(Session& session, const GateListOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program found, FindProgram(session, options.program));
  const ProgramId program = found.id;
  GateService service = Gates(session);
  if (options.period.empty()) {
    ASSIGN_OR_RETURN(const std::vector<performance::DataGate> gates, service.Gates(program));
    for (const performance::DataGate& gate : gates) {
      const bool ratio = gate.kind == GateKind::kRejectedShare;
      fmt::print("{}  feed {}  {}{}\n", gate.name, gate.feed, performance::GateKindName(gate.kind),
                 ratio                   ? fmt::format("  {}", gate.ratio_limit.ToPercentString())
                 : gate.count_limit != 0 ? fmt::format("  {}", gate.count_limit)
                                         : "");
    }
    if (gates.empty()) fmt::print("the program has no gates\n");
    return kDone;
  }
  ASSIGN_OR_RETURN(const DateRange period, ParsePeriod(options.period));
  ASSIGN_OR_RETURN(const std::vector<performance::GateCheck> checks,
                   service.Checks(program, period));
  for (const performance::GateCheck& check : checks) PrintCheck(check);
  if (checks.empty()) fmt::print("no gate was checked for {}\n", period.ToString());
  const bool blocks = std::ranges::any_of(
      checks, [](const performance::GateCheck& check) { return check.Blocks(); });
  return blocks ? kFindings : kDone;
}

struct OverrideOptions {
  std::string program;
  std::int64_t check = 0;
  std::string user;
  std::string reason;
};

StatusOr<int> OverrideGate(Session& session, const OverrideOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program found, FindProgram(session, options.program));
  const ProgramId program = found.id;
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  RETURN_IF_ERROR(Gates(session).Override(program, options.check, user, options.reason));
  fmt::print("check {} no longer stops a release\n", options.check);
  return kDone;
}

}  // namespace

void AddFeedCommands(CommandLine line) {
  CLI::App* feed = line.app.add_subcommand("feed", "the files a payer sends: specified, received");
  feed->require_subcommand(1);

  CLI::App* declare = feed->add_subcommand("declare", "say what a feed is; a change is a version");
  auto files = std::make_shared<std::vector<std::string>>();
  declare->add_option("spec", *files, "specifications (TOML); see deploy/config/feeds")->required();
  OnPayer(line, *declare, [files](Session& session) { return Declare(session, *files); });

  CLI::App* receive = feed->add_subcommand("receive", "take a file; exits 1 when a row is refused");
  auto received = std::make_shared<ReceiveOptions>();
  receive->add_option("feed", received->feed, "the feed's name")->required();
  receive->add_option("file", received->file, "the file")->required();
  receive->add_option("--period", received->period, "what it is about: 2026-07, 2026-Q3, ...")
      ->required();
  receive->add_flag("--reprocess", received->reprocess,
                    "the same file again, after the cause of its rejected rows is gone");
  OnPayer(line, *receive, [received](Session& session) { return Receive(session, *received); });

  CLI::App* quarantine = feed->add_subcommand("quarantine", "the rejected rows of a delivery");
  auto rejected = std::make_shared<QuarantineOptions>();
  quarantine->add_option("delivery", rejected->delivery, "its id, fdl_...")->required();
  quarantine->add_option("--most", rejected->most, "how many rows")->capture_default_str();
  OnPayer(line, *quarantine,
          [rejected](Session& session) { return Quarantine(session, *rejected); });

  CLI::App* status = feed->add_subcommand("status", "how feeds stand; exits 1 when one is red");
  auto name = std::make_shared<std::string>();
  status->add_option("feed", *name, "one feed, with its deliveries");
  OnPayer(line, *status, [name](Session& session) { return ShowHealth(session, *name); });
}

void AddGateCommands(CommandLine line) {
  CLI::App* gate = line.app.add_subcommand("gate", "what a program demands of its feeds");
  gate->require_subcommand(1);

  CLI::App* set = gate->add_subcommand("set", "add a gate to a program, or change it");
  auto wanted = std::make_shared<GateOptions>();
  set->add_option("program", wanted->program, "the program's id, or its name")->required();
  set->add_option("name", wanted->name, "the gate's name")->required();
  set->add_option("--feed", wanted->feed, "the feed it looks at")->required();
  set->add_option("--kind", wanted->kind, "recorded, delivered, rejected_share, fresh, complete")
      ->required();
  set->add_option("--limit", wanted->limit,
                  "2 % of rejected_share, days of fresh, rows of complete");
  OnPayer(line, *set, [wanted](Session& session) { return SetGate(session, *wanted); });

  CLI::App* list = gate->add_subcommand("list", "the gates, or with --period what they found");
  auto listed = std::make_shared<GateListOptions>();
  list->add_option("program", listed->program, "the program's id, or its name")->required();
  list->add_option("--period", listed->period, "the checks of the last calculation of it");
  OnPayer(line, *list, [listed](Session& session) { return ListGates(session, *listed); });

  CLI::App* pass = gate->add_subcommand("override", "let one failed check pass, with a reason");
  auto passed = std::make_shared<OverrideOptions>();
  pass->add_option("program", passed->program, "the program's id, or its name")->required();
  pass->add_option("check", passed->check, "the check's number, from gate list")->required();
  pass->add_option("--as", passed->user, "who decides")->required();
  pass->add_option("--reason", passed->reason, "why the money may go")->required();
  OnPayer(line, *pass, [passed](Session& session) { return OverrideGate(session, *passed); });
}

}  // namespace sluice::api
