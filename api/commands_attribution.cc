// Attribution: the method of a contract, its lists for a period, what both sides say of them, and
// the monthly audit.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "core/csv.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/attribution_service.h"
#include "performance/attribution/method_codec.h"
#include "performance/members/member_store.h"

namespace sluice::api {
namespace {

using performance::AttributionList;
using performance::AttributionService;
using performance::Finding;
using performance::FindingKind;

AttributionService Attribution(Session& session) {
  return AttributionService(session.Database(), session.Clock(), session.Ids());
}

// Which list; what most commands have.
struct ListOptions {
  std::string contract;
  std::string period;
  std::string user;
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

Date LastDayOf(const DateRange& period) { return *period.to - Days(1); }

void PrintList(const AttributionList& list) {
  std::map<performance::ChangeType, std::int64_t> types;
  for (const performance::ListEntry& entry : list.entries) types[entry.change] += 1;
  fmt::print("{} {}, list version {}: {}, {} active members\n", list.contract,
             list.period.ToString(), list.version, performance::ListStatusName(list.status),
             list.ActiveMembers());
  for (const auto& [type, count] : types) {
    fmt::print("  {:<12}{:>10} entries\n", performance::ChangeTypeName(type), count);
  }
}

void PrintUnattributed(const performance::UnattributedCounts& counts) {
  for (const auto& [reason, count] : counts) {
    fmt::print("  to nobody: {}, {}, {}\n", reason, Counted(count.members, "member"),
               Counted(count.member_months, "member-month"));
  }
}

struct MethodOptions {
  std::string contract;
  std::string file;
  std::string days;
  std::string user;
  performance::DisputeRules rules;
};

StatusOr<int> SetMethod(Session& session, const MethodOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const DateRange days, ParseDays(options.days));
  ASSIGN_OR_RETURN(const std::string json, ReadFile(options.file));
  const auto method = performance::MethodFromJson(json);
  if (!method.ok()) return Annotate(method.status(), options.file);
  ASSIGN_OR_RETURN(
      const std::int32_t version,
      Attribution(session).SetMethod(contract, days, *method, options.rules, options.user));
  fmt::print("method version {} of {}: {}, {}; disputes within {} days, answered in {}\n", version,
             contract, method->title, days.ToString(), options.rules.filing_days,
             options.rules.decision_days);
  return kDone;
}

StatusOr<int> RecordTaxonomies(Session& session, const std::string& file) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(file));
  ASSIGN_OR_RETURN(const std::size_t npi, reader.Column("npi"));
  ASSIGN_OR_RETURN(const std::size_t taxonomy, reader.Column("taxonomy"));
  std::vector<performance::ProviderTaxonomy> rows;
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    rows.push_back({.npi = std::string(reader[npi]), .taxonomy = std::string(reader[taxonomy])});
  }
  RETURN_IF_ERROR(reader.Outcome());
  RETURN_IF_ERROR(Attribution(session).RecordTaxonomies(session.Payer(), rows));
  fmt::print("{} recorded\n", Counted(std::ssize(rows), "taxonomy code"));
  return kDone;
}

struct PrepareOptions {
  ListOptions of;
  std::string known_at;
};

StatusOr<int> Prepare(Session& session, const PrepareOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options.of));
  performance::PrepareListRequest request{.contract = chosen.contract,
                                          .period = chosen.period,
                                          .known_at = std::nullopt,
                                          .actor = options.of.user,
                                          .on_row = nullptr};
  if (!options.known_at.empty()) {
    ASSIGN_OR_RETURN(request.known_at, Instant::Parse(options.known_at));
  }
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(LastDayOf(chosen.period)));
  ASSIGN_OR_RETURN(const performance::PreparedList prepared,
                   Attribution(session).PrepareList(request, hierarchy));
  PrintList(prepared.list);
  fmt::print("  attributed elsewhere: {}\n", Counted(prepared.members_elsewhere, "member"));
  PrintUnattributed(prepared.unattributed);
  return kDone;
}

StatusOr<int> Publish(Session& session, const ListOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  ASSIGN_OR_RETURN(
      const AttributionList list,
      Attribution(session).PublishList(chosen.contract, chosen.period.from, options.user));
  PrintList(list);
  return kDone;
}

// Which version; 0 is the newest.
StatusOr<performance::StoredList> VersionOf(Session& session, const Chosen& chosen,
                                            std::int32_t version) {
  return Attribution(session).List(chosen.contract, chosen.period.from,
                                   version == 0 ? std::nullopt : std::optional(version));
}

StatusOr<int> Show(Session& session, const ListOptions& options, std::int32_t version) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  AttributionService service = Attribution(session);
  ASSIGN_OR_RETURN(const performance::StoredList stored, VersionOf(session, chosen, version));
  PrintList(stored.list);
  fmt::print("  made of what was known at {}, with method sha256 {}...\n",
             stored.origin.known_at.ToString(), ToHex(stored.origin.method_sha256).substr(0, 16));
  ASSIGN_OR_RETURN(const performance::UnattributedCounts nobody,
                   service.Unattributed(chosen.contract, chosen.period.from, stored.list.version));
  PrintUnattributed(nobody);
  return kDone;
}

struct AuditOptions {
  ListOptions of;
  std::string month;
};

// What is different from the last list, as distinct from what is wrong with this one.
bool IsOnlyChange(FindingKind kind) {
  return kind == FindingKind::kAdded || kind == FindingKind::kDropped ||
         kind == FindingKind::kChanged;
}

void PrintErosion(const performance::Erosion& erosion) {
  fmt::print("members {} -> {}: {} added, {} dropped\n", erosion.members_before,
             erosion.members_after, erosion.added, erosion.dropped);
  if (erosion.pmpm_before && erosion.pmpm_after && erosion.effect) {
    fmt::print("cost per member and month {} -> {}, by the change of list alone {}\n",
               erosion.pmpm_before->ToString(2), erosion.pmpm_after->ToString(2),
               erosion.effect->ToString(2));
  }
}

StatusOr<int> Audit(Session& session, const AuditOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options.of));
  ASSIGN_OR_RETURN(const Month month, Month::Parse(options.month));
  ASSIGN_OR_RETURN(const auto at_start, session.HierarchyOn(month.FirstDay()));
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(month.End() - Days(1)));
  ASSIGN_OR_RETURN(
      const performance::AuditResult result,
      Attribution(session).Audit(chosen.contract, chosen.period.from, month, hierarchy,
                                 performance::ClosuresIn(at_start, month), options.of.user));
  std::vector<std::int64_t> ids;
  for (const Finding& finding : result.findings) ids.push_back(finding.member_id);
  std::map<std::int64_t, std::string> numbers;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    for (const auto& member : performance::MembersById(tx, session.Payer(), ids)) {
      numbers[member.id] = member.number;
    }
    return OkStatus();
  }));
  std::int64_t wrong = 0;
  for (const Finding& finding : result.findings) {
    fmt::print("{}: member {}{}{}\n", performance::FindingKindName(finding.kind),
               numbers[finding.member_id],
               finding.party ? ", " + hierarchy.NameOf(*finding.party) : "",
               finding.detail.empty() ? "" : ": " + finding.detail);
    if (!IsOnlyChange(finding.kind)) ++wrong;
  }
  PrintErosion(result.erosion);
  fmt::print("{}, {}\n", Counted(std::ssize(result.findings) - wrong, "change"),
             Counted(wrong, "finding"));
  return wrong == 0 ? kDone : kFindings;
}

// To the file, or to standard output without one.
StatusOr<int> WriteOut(const std::string& csv, const std::string& out, std::string_view what) {
  if (out.empty()) {
    fmt::print("{}", csv);
    return kDone;
  }
  RETURN_IF_ERROR(WriteFile(out, csv));
  fmt::print("{}: {}\n", out, what);
  return kDone;
}

struct WhyOptions {
  ListOptions of;
  std::int32_t version = 0;
  std::string member;
};

// Month by month how a version came to where a member is.
StatusOr<int> Why(Session& session, const WhyOptions& options) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options.of));
  ASSIGN_OR_RETURN(const performance::StoredList stored,
                   VersionOf(session, chosen, options.version));
  const hierarchy::HierarchyService hierarchies(session.Database(), session.Clock());
  ASSIGN_OR_RETURN(const auto hierarchy,
                   hierarchies.PinnedSnapshot(session.Payer(), stored.origin.hierarchy));
  std::vector<performance::Member> found;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    found = performance::FindMembers(tx, session.Payer(), {&options.member, 1});
    return OkStatus();
  }));
  if (found.empty()) {
    return NotFound("the payer has no member '{}'; compare with the export", options.member);
  }
  ASSIGN_OR_RETURN(const std::vector<performance::AttributionRow> rows,
                   Attribution(session).Why(chosen.contract, chosen.period.from,
                                            stored.list.version, found.front().id, hierarchy));
  for (const performance::AttributionRow& row : rows) {
    fmt::print("{}  {}\n", row.month.ToString(), performance::Explain(row));
  }
  return kDone;
}

StatusOr<int> Unattributed(Session& session, const ListOptions& options, std::int32_t version,
                           const std::string& out) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  ASSIGN_OR_RETURN(const performance::StoredList stored, VersionOf(session, chosen, version));
  ASSIGN_OR_RETURN(const std::string csv,
                   Attribution(session).ExportUnattributedCsv(chosen.contract, chosen.period.from,
                                                              stored.list.version));
  return WriteOut(csv, out, "the members that belong to nobody, and why");
}

StatusOr<int> Export(Session& session, const ListOptions& options, const std::string& out) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(LastDayOf(chosen.period)));
  ASSIGN_OR_RETURN(const std::string csv,
                   Attribution(session).ExportCsv(chosen.contract, chosen.period.from, hierarchy));
  return WriteOut(csv, out,
                  "the list with its answers so far; the other side fills response and "
                  "response_reason");
}

StatusOr<int> Respond(Session& session, const ListOptions& options, const std::string& path) {
  ASSIGN_OR_RETURN(const Chosen chosen, Choose(options));
  ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const performance::ResponseFile response,
                   Attribution(session).ImportResponses(chosen.contract, chosen.period.from,
                                                        std::move(text), path, options.user));
  for (const performance::FileIssue& issue : response.issues) {
    fmt::print("row {}{}: {}\n", issue.row,
               issue.column.empty() ? "" : fmt::format(" column '{}'", issue.column), issue.reason);
  }
  if (!response.issues.empty()) {
    fmt::print("nothing was stored: correct {} and send the file again\n",
               Counted(std::ssize(response.issues), "row"));
    return kFindings;
  }
  std::int64_t rejected = 0;
  for (const auto& [key, answer] : response.responses) rejected += answer.accepted ? 0 : 1;
  fmt::print("{} accepted, {} rejected, {} not answered yet\n",
             static_cast<std::int64_t>(response.responses.size()) - rejected, rejected,
             response.unanswered);
  return kDone;
}

void AddListOptions(CLI::App& command, ListOptions& options, bool with_actor) {
  command.add_option("contract", options.contract, "the contract's id, ctr_...")->required();
  command.add_option("--period", options.period, "of the list: 2026, 2026-Q3, ...")->required();
  if (with_actor) command.add_option("--as", options.user, "who does it")->required();
}

void AddMethodCommands(CommandLine line, CLI::App& attribution) {
  CLI::App* method = attribution.add_subcommand("method", "how a contract's members are found");
  auto set = std::make_shared<MethodOptions>();
  method->add_option("contract", set->contract, "the contract's id, ctr_...")->required();
  method
      ->add_option("file", set->file,
                   "the method as JSON; see deploy/config/attribution_plurality.json")
      ->required();
  method->add_option("--days", set->days, "when it holds: 2026, or 2026-01-01..")->required();
  method->add_option("--filing-days", set->rules.filing_days, "to dispute a published list")
      ->capture_default_str();
  method->add_option("--decision-days", set->rules.decision_days, "to answer a dispute")
      ->capture_default_str();
  method->add_flag("--silence-accepts", set->rules.silence_accepts,
                   "no answer in time accepts a dispute");
  method->add_option("--as", set->user, "who sets it")->required();
  OnPayer(line, *method, [set](Session& session) { return SetMethod(session, *set); });

  CLI::App* taxonomies = attribution.add_subcommand("taxonomies", "what providers are (CSV)");
  auto file = std::make_shared<std::string>();
  taxonomies->add_option("file", *file, "columns npi and taxonomy")->required();
  OnPayer(line, *taxonomies, [file](Session& session) { return RecordTaxonomies(session, *file); });
}

void AddQuestionCommands(CommandLine line, CLI::App& attribution) {
  CLI::App* nobody = attribution.add_subcommand("unattributed", "who is on no list, and why (CSV)");
  auto left = std::make_shared<ListOptions>();
  auto of_version = std::make_shared<std::int32_t>(0);
  auto left_file = std::make_shared<std::string>();
  AddListOptions(*nobody, *left, false);
  nobody->add_option("--version", *of_version, "the newest without");
  nobody->add_option("--out", *left_file, "the file; standard output without");
  OnPayer(line, *nobody, [left, of_version, left_file](Session& session) {
    return Unattributed(session, *left, *of_version, *left_file);
  });

  CLI::App* why = attribution.add_subcommand("why", "how a version came to where a member is");
  auto asked = std::make_shared<WhyOptions>();
  AddListOptions(*why, asked->of, false);
  why->add_option("--member", asked->member, "the member's number")->required();
  why->add_option("--version", asked->version, "the newest without");
  OnPayer(line, *why, [asked](Session& session) { return Why(session, *asked); });
}

}  // namespace

void AddAttributionCommands(CommandLine line) {
  CLI::App* attribution = line.app.add_subcommand("attribution", "who answers for which members");
  attribution->require_subcommand(1);
  AddMethodCommands(line, *attribution);

  CLI::App* prepare = attribution->add_subcommand("prepare", "draft the next version of a list");
  auto prepared = std::make_shared<PrepareOptions>();
  AddListOptions(*prepare, prepared->of, true);
  prepare->add_option("--known-at", prepared->known_at, "what was known then; now without");
  OnPayer(line, *prepare, [prepared](Session& session) { return Prepare(session, *prepared); });

  CLI::App* publish = attribution->add_subcommand("publish", "a draft is open, an open list final");
  auto published = std::make_shared<ListOptions>();
  AddListOptions(*publish, *published, true);
  OnPayer(line, *publish, [published](Session& session) { return Publish(session, *published); });

  CLI::App* show = attribution->add_subcommand("show", "a version of a list, and who is on none");
  auto shown = std::make_shared<ListOptions>();
  auto version = std::make_shared<std::int32_t>(0);
  AddListOptions(*show, *shown, false);
  show->add_option("--version", *version, "the newest without");
  OnPayer(line, *show,
          [shown, version](Session& session) { return Show(session, *shown, *version); });

  CLI::App* audit =
      attribution->add_subcommand("audit", "the monthly audit; exits 1 when something is wrong");
  auto audited = std::make_shared<AuditOptions>();
  AddListOptions(*audit, audited->of, true);
  audit->add_option("--month", audited->month, "2026-03")->required();
  OnPayer(line, *audit, [audited](Session& session) { return Audit(session, *audited); });

  CLI::App* out = attribution->add_subcommand("export", "the newest list as CSV, to be answered");
  auto exported = std::make_shared<ListOptions>();
  auto file = std::make_shared<std::string>();
  AddListOptions(*out, *exported, false);
  out->add_option("--out", *file, "the file; standard output without");
  OnPayer(line, *out,
          [exported, file](Session& session) { return Export(session, *exported, *file); });

  AddQuestionCommands(line, *attribution);

  CLI::App* respond = attribution->add_subcommand("respond", "take in an answered list");
  auto answered = std::make_shared<ListOptions>();
  auto response = std::make_shared<std::string>();
  AddListOptions(*respond, *answered, true);
  respond->add_option("file", *response, "the exported file with its answers")->required();
  OnPayer(line, *respond, [answered, response](Session& session) {
    return Respond(session, *answered, *response);
  });
}

}  // namespace sluice::api
