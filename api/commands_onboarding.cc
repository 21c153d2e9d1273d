// Parties: find one, record whom to reach at it, and take it through onboarding until it is paid.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "hierarchy/contact.h"
#include "hierarchy/network_service.h"
#include "hierarchy/onboarding_service.h"

namespace sluice::api {
namespace {

using hierarchy::Contact;
using hierarchy::HierarchySnapshot;
using hierarchy::OnboardingCommand;
using hierarchy::OnboardingEvent;
using hierarchy::OnboardingService;
using hierarchy::OnboardingState;
using hierarchy::SnapshotParty;

// More than a person reads.
constexpr std::size_t kMostParties = 50;

std::string OneLine(const SnapshotParty& party) {
  std::string text =
      fmt::format("{}  {}  {}", party.id, hierarchy::PartyKindName(party.kind), party.name);
  for (const hierarchy::Identifier& identifier : party.identifiers) {
    text += "  " + identifier.ToString();
  }
  return text;
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The parties whose name or one of whose numbers holds the text.
StatusOr<int> Find(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const HierarchySnapshot hierarchy, session.HierarchyOn(session.Today()));
  const std::string wanted = Lower(text);
  std::size_t found = 0;
  for (const SnapshotParty& party : hierarchy.Parties()) {
    const bool matches =
        Lower(party.name).find(wanted) != std::string::npos || party.id.ToString() == text ||
        std::ranges::any_of(party.identifiers, [&](const hierarchy::Identifier& identifier) {
          return Lower(identifier.value) == wanted;
        });
    if (!matches) continue;
    ++found;
    if (found > kMostParties) continue;
    fmt::print("{}\n", OneLine(party));
    for (const hierarchy::SnapshotEdge& edge : hierarchy.Parents(party.id)) {
      fmt::print("  {} of {}, {}\n", edge.role, hierarchy.NameOf(edge.parent),
                 edge.valid.ToString());
    }
  }
  if (found > kMostParties) fmt::print("... and {} more; ask for less\n", found - kMostParties);
  if (found == 0) {
    return NotFound("nobody in the hierarchy is called '{}'; add parties with: sluice import",
                    text);
  }
  return kDone;
}

// Who is meant; "payer" is the payer itself.
StatusOr<PartyId> WhoseContact(Session& session, const std::string& text) {
  if (text == "payer") return PartyId();
  ASSIGN_OR_RETURN(const HierarchySnapshot hierarchy, session.HierarchyOn(session.Today()));
  return FindParty(hierarchy, text);
}

struct ContactOptions {
  std::string party;
  std::string kind = "contract";
  std::string name;
  std::string email;
  std::string phone;
  std::string days;
  std::string user;
};

StatusOr<int> AddContact(Session& session, const ContactOptions& options) {
  Contact contact{.id = session.Ids().Next<hierarchy::ContactTag>(),
                  .name = options.name,
                  .email = options.email,
                  .phone = options.phone,
                  .valid = DateRange::From(session.Today())};
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(contact.party, WhoseContact(session, options.party));
  ASSIGN_OR_RETURN(contact.kind, hierarchy::ParseContactKind(options.kind));
  if (!options.days.empty()) {
    ASSIGN_OR_RETURN(contact.valid, ParseDays(options.days));
  }
  const hierarchy::NetworkService service(session.Database(), session.Payer(), session.Clock());
  RETURN_IF_ERROR(service.RecordContact(user, contact));
  fmt::print("{}  {} contact {}, {}\n", contact.id, options.kind, contact.name,
             contact.valid.ToString());
  return kDone;
}

StatusOr<int> ListContacts(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const PartyId party, WhoseContact(session, text));
  const hierarchy::NetworkService service(session.Database(), session.Payer(), session.Clock());
  ASSIGN_OR_RETURN(const std::vector<Contact> contacts, service.ContactsOn(party, session.Today()));
  for (const Contact& contact : contacts) {
    fmt::print("{}  {}  {}  {}  {}  {}\n", contact.id, hierarchy::ContactKindName(contact.kind),
               contact.name, contact.email, contact.phone, contact.valid.ToString());
  }
  if (contacts.empty()) fmt::print("nobody is named for {} today\n", text);
  return kDone;
}

struct CaseOptions {
  std::string party;
  std::string user;
  std::string reason;
};

std::string NextStep(OnboardingState state) {
  switch (state) {
    case OnboardingState::kDraft:
      return "submit";
    case OnboardingState::kSubmitted:
      return "validate";
    case OnboardingState::kValidated:
      return "approve, by somebody else than who submitted";
    case OnboardingState::kApproved:
      return "activate";
    case OnboardingState::kActive:
      return "";
  }
  return "";
}

void PrintState(const std::string& name, OnboardingState state) {
  const std::string next = NextStep(state);
  fmt::print("{} is {}{}\n", name, hierarchy::OnboardingStateName(state),
             next.empty() ? " and may be paid" : "; not paid yet; next: " + next);
}

StatusOr<int> MoveCase(Session& session, OnboardingCommand command, const CaseOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.user));
  ASSIGN_OR_RETURN(const HierarchySnapshot hierarchy, session.HierarchyOn(session.Today()));
  ASSIGN_OR_RETURN(const PartyId party, FindParty(hierarchy, options.party));
  const OnboardingService service(session.Database(), session.Clock());
  OnboardingState state = OnboardingState::kDraft;
  if (command == OnboardingCommand::kOpen) {
    RETURN_IF_ERROR(service.Open(session.Payer(), party, user));
    ASSIGN_OR_RETURN(const auto now, service.State(session.Payer(), party));
    state = now.value_or(OnboardingState::kDraft);
  } else {
    ASSIGN_OR_RETURN(state, service.Move(session.Payer(), party, command, session.Today(), user,
                                         options.reason));
  }
  PrintState(hierarchy.NameOf(party), state);
  return kDone;
}

StatusOr<int> ShowCase(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const HierarchySnapshot hierarchy, session.HierarchyOn(session.Today()));
  ASSIGN_OR_RETURN(const PartyId party, FindParty(hierarchy, text));
  const OnboardingService service(session.Database(), session.Clock());
  ASSIGN_OR_RETURN(const auto state, service.State(session.Payer(), party));
  if (!state) {
    fmt::print(
        "{} has no case: it came with a roster that the payer vouches for, and may be paid by "
        "every "
        "program that does not require one\n",
        hierarchy.NameOf(party));
    return kDone;
  }
  ASSIGN_OR_RETURN(const std::vector<OnboardingEvent> events,
                   service.History(session.Payer(), party));
  for (const OnboardingEvent& event : events) {
    fmt::print("{}  {} by {} -> {}{}\n", event.recorded_at.ToString(),
               hierarchy::OnboardingCommandName(event.command), event.actor,
               hierarchy::OnboardingStateName(event.state),
               event.reason.empty() ? "" : ": " + event.reason);
  }
  PrintState(hierarchy.NameOf(party), *state);
  return kDone;
}

void AddPartyCommands(CommandLine line) {
  CLI::App* party = line.app.add_subcommand("party", "who is in the hierarchy");
  party->require_subcommand(1);
  CLI::App* find = party->add_subcommand("find", "parties by a part of the name, NPI, TIN or id");
  auto text = std::make_shared<std::string>();
  find->add_option("text", *text, "what to look for")->required();
  OnPayer(line, *find, [text](Session& session) { return Find(session, *text); });

  CLI::App* contact = line.app.add_subcommand("contact", "whom to reach at a party");
  contact->require_subcommand(1);
  CLI::App* add = contact->add_subcommand("add", "record a contact");
  auto added = std::make_shared<ContactOptions>();
  add->add_option("party", added->party, "id, NPI, TIN or name; 'payer' for the payer itself")
      ->required();
  add->add_option("--name", added->name, "of the person or desk")->required();
  add->add_option("--kind", added->kind, "contract, finance, clinical, data, legal, executive")
      ->capture_default_str();
  add->add_option("--email", added->email, "e-mail address");
  add->add_option("--phone", added->phone, "telephone");
  add->add_option("--days", added->days, "when they may be reached; from today on without");
  add->add_option("--as", added->user, "who records it")->required();
  OnPayer(line, *add, [added](Session& session) { return AddContact(session, *added); });

  CLI::App* list = contact->add_subcommand("list", "the contacts of a party today");
  auto listed = std::make_shared<std::string>();
  list->add_option("party", *listed, "id, NPI, TIN or name; 'payer' for the payer itself")
      ->required();
  OnPayer(line, *list, [listed](Session& session) { return ListContacts(session, *listed); });
}

}  // namespace

void AddOnboardingCommands(CommandLine line) {
  AddPartyCommands(line);
  CLI::App* onboarding =
      line.app.add_subcommand("onboarding", "a party's case from draft until it may be paid");
  onboarding->require_subcommand(1);
  const std::vector<std::tuple<const char*, OnboardingCommand, const char*>> moves = {
      {"open", OnboardingCommand::kOpen, "open a case: the party is not paid until it is active"},
      {"submit", OnboardingCommand::kSubmit, "its papers are complete"},
      {"validate", OnboardingCommand::kValidate, "check that it has what its kind needs"},
      {"approve", OnboardingCommand::kApprove, "by another person than who submitted"},
      {"activate", OnboardingCommand::kActivate, "from now on it may be paid"},
      {"return", OnboardingCommand::kReturn, "back to draft, with a reason"}};
  for (const auto& [name, command, help] : moves) {
    CLI::App* move = onboarding->add_subcommand(name, help);
    auto options = std::make_shared<CaseOptions>();
    move->add_option("party", options->party, "id, NPI, TIN or name")->required();
    move->add_option("--as", options->user, "who does it")->required();
    CLI::Option* reason = move->add_option("--reason", options->reason, "why");
    if (command == OnboardingCommand::kReturn) reason->required();
    OnPayer(line, *move, [options, command = command](Session& session) {
      return MoveCase(session, command, *options);
    });
  }
  CLI::App* show =
      onboarding->add_subcommand("show", "the state of a party's case, and its history");
  auto party = std::make_shared<std::string>();
  show->add_option("party", *party, "id, NPI, TIN or name")->required();
  OnPayer(line, *show, [party](Session& session) { return ShowCase(session, *party); });
}

}  // namespace sluice::api
