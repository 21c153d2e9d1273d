// Screening: import the public lists, screen payees, and decide about the hits.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "payments/screening/screening_service.h"

namespace sluice::api {
namespace {

using payments::HitState;
using payments::ScreeningHit;
using payments::ScreeningHitId;
using payments::ScreeningOutcome;
using payments::ScreeningService;

ScreeningService Screening(Session& session) {
  return {session.Database(), session.Payer(), session.Clock(), session.Ids()};
}

void PrintHit(const ScreeningHit& hit) {
  fmt::print("{}  {}  payee {} '{}' may be '{}' ({} {}, score {}): {}\n", ScreeningHitId(hit.id),
             payments::HitStateName(hit.state), hit.payee, hit.payee_name, hit.listed_name,
             payments::ListSourceName(hit.source), hit.program, hit.score, hit.reason);
}

int PrintOutcome(const ScreeningOutcome& outcome) {
  fmt::print("{} against {}: {}, {}\n", Counted(outcome.payees, "payee"),
             Counted(outcome.lists, "list"), Counted(outcome.findings, "finding"),
             Counted(static_cast<std::int64_t>(outcome.new_hits.size()), "new hit"));
  for (const ScreeningHit& hit : outcome.new_hits) PrintHit(hit);
  return outcome.new_hits.empty() ? kDone : kFindings;
}

struct ImportListOptions {
  std::string source, file, alternates, published, user;
  bool accept_shrinking = false;
};

StatusOr<int> ImportList(Session& session, const ImportListOptions& options) {
  ScreeningService::Import import{.accept_shrinking = options.accept_shrinking};
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(import.source, payments::ParseListSource(options.source));
  ASSIGN_OR_RETURN(import.text, ReadFile(options.file));
  if (!options.alternates.empty()) {
    ASSIGN_OR_RETURN(import.alternates, ReadFile(options.alternates));
  }
  ASSIGN_OR_RETURN(import.published_on, ParseDate(options.published));
  ASSIGN_OR_RETURN(const ScreeningService::Imported imported,
                   Screening(session).ImportList(import, payments::Actor{.user = user}));
  fmt::print("{} list of {}: {} entries{}\n", options.source,
             FormatDate(imported.list.published_on), imported.list.entries,
             imported.known_before ? " (imported before: nothing is new)" : "");
  return PrintOutcome(imported.screening);
}

StatusOr<int> RunScreening(Session& session, const std::string& text, const std::string& who) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(who));
  std::vector<PayeeId> payees;
  if (!text.empty()) {
    ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, text));
    payees.push_back(payee);
  }
  ASSIGN_OR_RETURN(const ScreeningOutcome outcome,
                   Screening(session).Run(payees, payments::Actor{.user = user}));
  return PrintOutcome(outcome);
}

struct ReviewOptions {
  std::string hit, user, note;
  bool same = false, not_same = false, all = false;
};

StatusOr<int> Review(Session& session, const ReviewOptions& options) {
  ScreeningService service = Screening(session);
  if (options.hit.empty()) {
    ASSIGN_OR_RETURN(const std::vector<ScreeningHit> hits, service.Hits(!options.all));
    for (const ScreeningHit& hit : hits) PrintHit(hit);
    if (hits.empty()) fmt::print("no hit stands\n");
    return hits.empty() ? kDone : kFindings;
  }
  ASSIGN_OR_RETURN(const ScreeningHitId hit, ScreeningHitId::Parse(options.hit));
  if (!options.same && !options.not_same) {
    ASSIGN_OR_RETURN(const auto decisions, service.Decisions(hit));
    for (const payments::ScreeningDecision& decision : decisions) {
      fmt::print("{}  {} by {}: {}\n", decision.decided_at.ToString(),
                 payments::HitStateName(decision.state), decision.decided_by, decision.note);
    }
    if (decisions.empty()) fmt::print("{} is not decided\n", hit);
    return kDone;
  }
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  const HitState decision = options.same ? HitState::kTheSame : HitState::kNotTheSame;
  RETURN_IF_ERROR(service.Decide(hit, decision, options.note, payments::Actor{.user = user}));
  fmt::print("{} is {}{}\n", hit, payments::HitStateName(decision),
             options.same ? ": the payee stays held" : ": its hold is cleared");
  return kDone;
}

struct IdentityOptions {
  std::string payee, relation = "self", name, born, user;
};

StatusOr<int> RecordIdentity(Session& session, const IdentityOptions& options) {
  payments::PayeeIdentity identity{.name = options.name};
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(identity.payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(identity.relation, OneOf<payments::IdentityRelation>(
                                          "--relation", options.relation,
                                          {{"self", payments::IdentityRelation::kSelf},
                                           {"owner", payments::IdentityRelation::kOwner},
                                           {"dba", payments::IdentityRelation::kDoingBusinessAs}}));
  if (!options.born.empty()) {
    ASSIGN_OR_RETURN(identity.born_on, ParseDate(options.born));
  }
  RETURN_IF_ERROR(Screening(session).RecordIdentity(identity, payments::Actor{.user = user}));
  fmt::print("{}: {} '{}' is screened from now on\n", identity.payee, options.relation,
             options.name);
  return kDone;
}

}  // namespace

void AddScreeningCommands(CommandLine line) {
  CLI::App* screening =
      line.app.add_subcommand("screening", "payees against lists of who must not be paid");
  screening->require_subcommand(1);

  CLI::App* import = screening->add_subcommand("import", "a new list; every payee is screened");
  auto imported = std::make_shared<ImportListOptions>();
  import->add_option("source", imported->source, "sdn (OFAC) or leie (OIG)")->required();
  import->add_option("file", imported->file, "sdn.csv, sdn.ff or UPDATED.csv")->required();
  import->add_option("--alternates", imported->alternates, "alt.csv or alt.ff of the same day");
  import->add_option("--published", imported->published, "the day of the list")->required();
  import->add_flag("--accept-shrinking", imported->accept_shrinking,
                   "also when it has a tenth fewer entries");
  import->add_option("--as", imported->user, "who imports it")->required();
  OnPayer(line, *import, [imported](Session& session) { return ImportList(session, *imported); });

  CLI::App* run = screening->add_subcommand("run", "screen all payees, or one");
  auto asked = std::make_shared<std::pair<std::string, std::string>>();
  run->add_option("payee", asked->first, "id, TIN or exact name");
  run->add_option("--as", asked->second, "who asks")->required();
  OnPayer(line, *run,
          [asked](Session& session) { return RunScreening(session, asked->first, asked->second); });

  CLI::App* review = screening->add_subcommand("review", "the hits; decide about one");
  auto reviewed = std::make_shared<ReviewOptions>();
  review->add_option("hit", reviewed->hit, "its id; the list of hits without");
  CLI::Option* same = review->add_flag("--same", reviewed->same, "the payee is the one listed");
  CLI::Option* other =
      review->add_flag("--not-the-same", reviewed->not_same, "the payee is somebody else");
  same->excludes(other);
  review->add_flag("--all", reviewed->all, "also those that were decided");
  review->add_option("--note", reviewed->note, "what the decision rests on");
  review->add_option("--as", reviewed->user, "who decides: not who ran the screening");
  OnPayer(line, *review, [reviewed](Session& session) { return Review(session, *reviewed); });

  CLI::App* identity =
      screening->add_subcommand("identity", "another name or the birth of a payee");
  auto known = std::make_shared<IdentityOptions>();
  identity->add_option("payee", known->payee, "id, TIN or exact name")->required();
  identity->add_option("--name", known->name, "the name")->required();
  identity->add_option("--relation", known->relation, "self, owner or dba")->capture_default_str();
  identity->add_option("--born", known->born, "day of birth");
  identity->add_option("--as", known->user, "who records it")->required();
  OnPayer(line, *identity, [known](Session& session) { return RecordIdentity(session, *known); });
}

}  // namespace sluice::api
