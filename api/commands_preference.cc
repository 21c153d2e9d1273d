// How payees want to be paid: recorded, confirmed, listed, and explained for a share.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "payments/payee_store.h"
#include "payments/routing/preference_service.h"

namespace sluice::api {
namespace {

using payments::PaymentPreference;
using payments::PreferenceService;

PreferenceService Office(Session& session) {
  return {session.Database(), session.Payer(), session.Clock(), session.Ids()};
}

StatusOr<payments::Payee> LoadOne(Session& session, PayeeId id) {
  return session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<payments::Payee> {
    const auto found = payments::LoadPayees(tx, std::span(&id, 1));
    if (found.empty()) return NotFound("there is no payee {}", id);
    return found.front();
  });
}

StatusOr<PartyId> PartyOf(Session& session, const std::string& text) {
  if (text.empty()) return PartyId();
  ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(session.Today()));
  return FindParty(hierarchy, text);
}

std::string Words(const PaymentPreference& preference) {
  std::string text = fmt::format("{}  {}: ", preference.id, payments::LevelsOf(preference.key));
  if (preference.withdrawn) {
    text += "withdrawn";
  } else {
    text += fmt::format("{}, remittance by {}", payments::PayoutMethodName(preference.method),
                        payments::RemittanceDeliveryName(preference.delivery));
    if (preference.payee) {
      text += fmt::format(", paid to {}{}", *preference.payee,
                          preference.confirmed_at ? "" : " (not confirmed)");
    }
  }
  return text +
         fmt::format(", from {}: {}", FormatDate(preference.effective_from), preference.reason);
}

struct WishOptions {
  std::string payee, user, method = "ach", delivery = "clearinghouse";
  std::string program, location, npi, pay_to, opt_in, from, reason;
  bool withdraw = false;
};

StatusOr<int> RecordWish(Session& session, const WishOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const PayeeId id, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const payments::Payee payee, LoadOne(session, id));
  PaymentPreference wish{.key = {.tin = payee.tin, .npi = options.npi},
                         .card_opt_in = options.opt_in,
                         .effective_from = session.Today(),
                         .withdrawn = options.withdraw,
                         .reason = options.reason};
  ASSIGN_OR_RETURN(wish.method, payments::ParsePayoutMethod(options.method));
  ASSIGN_OR_RETURN(wish.delivery, payments::ParseRemittanceDelivery(options.delivery));
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(wish.effective_from, ParseDate(options.from));
  }
  if (!options.program.empty()) {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
    wish.key.program = program.id;
  }
  ASSIGN_OR_RETURN(wish.key.location, PartyOf(session, options.location));
  if (!options.pay_to.empty()) {
    ASSIGN_OR_RETURN(wish.payee, FindPayee(session, options.pay_to));
  }
  ASSIGN_OR_RETURN(const PaymentPreference recorded, Office(session).Record(wish, actor));
  fmt::print("{}\n", Words(recorded));
  if (recorded.payee) {
    fmt::print("it counts once a second person confirms it: sluice payee confirm {}\n",
               recorded.id);
  }
  return kDone;
}

struct ConfirmOptions {
  std::string preference, user;
};

StatusOr<int> ConfirmWish(Session& session, const ConfirmOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto id, payments::PreferenceId::Parse(options.preference));
  RETURN_IF_ERROR(Office(session).Confirm(id, actor));
  fmt::print("{} is confirmed; it holds from the next cycle after its cut-off\n", id);
  return kDone;
}

StatusOr<int> ListWishes(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, text));
  ASSIGN_OR_RETURN(const auto wishes, Office(session).History(payee));
  for (const PaymentPreference& wish : wishes) fmt::print("{}\n", Words(wish));
  if (wishes.empty()) fmt::print("no preference: paid by ach, remittance by clearinghouse\n");
  return kDone;
}

struct RouteOptions {
  std::string payee, program, pool, on, party, under, run;
};

void PrintResolution(const payments::Resolution& resolution) {
  const payments::Route& route = resolution.route;
  fmt::print("{}, remittance by {}{}\n", payments::PayoutMethodName(route.method),
             payments::RemittanceDeliveryName(route.delivery),
             route.payee ? fmt::format(", paid to {}", *route.payee) : "");
  if (!route.preference) fmt::print("  no preference fits: the default\n");
  for (const payments::RouteCandidate& candidate : resolution.candidates) {
    const bool wins = candidate.verdict == payments::RouteVerdict::kWins;
    fmt::print("  {} {}  {}: {}\n", wins ? "*" : " ", candidate.preference.id,
               payments::LevelsOf(candidate.preference.key), candidate.text);
  }
}

StatusOr<int> ExplainRoute(Session& session, const RouteOptions& options) {
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const payments::ProgramPayments settings,
                   PaymentsOf(session, program, options.pool));
  if (!options.run.empty()) {
    ASSIGN_OR_RETURN(const payments::RunId run, payments::RunId::Parse(options.run));
    ASSIGN_OR_RETURN(const auto lines, Office(session).ExplainRun(settings, run, payee));
    for (const payments::LineRoute& line : lines) {
      fmt::print("{} of {}: ", line.obligation, line.owner.party);
      PrintResolution(line.resolution);
    }
    if (lines.empty()) fmt::print("{} has no line in run {}\n", payee, run);
    return kDone;
  }
  Date on = session.Today();
  if (!options.on.empty()) {
    ASSIGN_OR_RETURN(on, ParseDate(options.on));
  }
  payments::ShareOwner owner;
  ASSIGN_OR_RETURN(owner.party, PartyOf(session, options.party));
  ASSIGN_OR_RETURN(owner.under, PartyOf(session, options.under));
  ASSIGN_OR_RETURN(const auto resolution, Office(session).Explain(settings, payee, owner, on));
  PrintResolution(resolution);
  return kDone;
}

}  // namespace

void AddPreferenceCommands(CommandLine line, CLI::App& payee) {
  CLI::App* prefer = payee.add_subcommand("prefer", "record how a payee wants to be paid");
  auto wish = std::make_shared<WishOptions>();
  prefer->add_option("payee", wish->payee, "id, TIN or exact name")->required();
  prefer->add_option("--method", wish->method, "ach (the default, free), check or card");
  prefer->add_option("--delivery", wish->delivery,
                     "of remittances: clearinghouse, sftp, portal, paper or pdf");
  prefer->add_option("--program", wish->program, "for this program alone");
  prefer->add_option("--location", wish->location, "for work at this place alone");
  prefer->add_option("--npi", wish->npi, "for this NPI alone");
  prefer->add_option("--pay-to", wish->pay_to, "another payee; a second person confirms it");
  prefer->add_option("--card-opt-in", wish->opt_in, "with card: who asked for it, and how");
  prefer->add_option("--from", wish->from, "first day; today without");
  prefer->add_flag("--withdraw", wish->withdraw, "end what was said for exactly these levels");
  prefer->add_option("--reason", wish->reason, "why")->required();
  prefer->add_option("--as", wish->user, "who records it")->required();
  OnPayer(line, *prefer, [wish](Session& session) { return RecordWish(session, *wish); });

  CLI::App* confirm = payee.add_subcommand("confirm", "confirm a preference that names a payee");
  auto confirmed = std::make_shared<ConfirmOptions>();
  confirm->add_option("preference", confirmed->preference, "its id")->required();
  confirm->add_option("--as", confirmed->user, "another person than who recorded it")->required();
  OnPayer(line, *confirm,
          [confirmed](Session& session) { return ConfirmWish(session, *confirmed); });

  CLI::App* list = payee.add_subcommand("preferences", "all that a taxpayer ever asked for");
  auto listed = std::make_shared<std::string>();
  list->add_option("payee", *listed, "id, TIN or exact name")->required();
  OnPayer(line, *list, [listed](Session& session) { return ListWishes(session, *listed); });

  CLI::App* route = payee.add_subcommand("route", "how a payment goes, and why");
  auto asked = std::make_shared<RouteOptions>();
  route->add_option("payee", asked->payee, "id, TIN or exact name")->required();
  route->add_option("--program", asked->program, "id or exact name")->required();
  route->add_option("--pool", asked->pool, "\"<program> pool\" without");
  route->add_option("--run", asked->run, "the lines of this run that pay the payee");
  route->add_option("--on", asked->on, "business date of a run; today without");
  route->add_option("--party", asked->party, "whose share; the payee's own without");
  route->add_option("--under", asked->under, "the party that it works under");
  OnPayer(line, *route, [asked](Session& session) { return ExplainRoute(session, *asked); });
}

}  // namespace sluice::api
