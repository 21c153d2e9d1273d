// Money that nobody took: rules of states, the list, letters to owners, what is set aside by two
// people and what is claimed after all.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <tuple>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "api/release_profile.h"
#include "payments/remittance/statement_model.h"
#include "payments/unclaimed/unclaimed_service.h"

namespace sluice::api {
namespace {

using payments::DormancyStage;
using payments::UnclaimedEventKind;
using payments::UnclaimedService;
using payments::UntakenOfPayee;

struct UnclaimedOptions {
  std::string program, payee, file, profile, out, note, on, user, second;
};

StatusOr<UnclaimedService> OfficeOf(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  return UnclaimedService(session.Database(), session.Payer(), program.book, session.Clock());
}

StatusOr<int> LoadRules(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(std::string text, ReadFile(options.file));
  ASSIGN_OR_RETURN(const auto rules, payments::ReadDormancyRules(std::move(text), options.file));
  ASSIGN_OR_RETURN(const std::int64_t added, office.LoadRules(rules, actor));
  fmt::print("{}: {}, {} of them new\n", options.file, Counted(std::ssize(rules), "rule"), added);
  return kDone;
}

StatusOr<int> ListUntaken(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto list, office.List(on));
  if (!options.out.empty()) {
    RETURN_IF_ERROR(WriteFile(options.out, payments::WriteUnclaimedCsv(list)));
    fmt::print("{}: {}\n", options.out, Counted(std::ssize(list), "owner"));
    return kDone;
  }
  for (const UntakenOfPayee& row : list) {
    fmt::print("{}  {}  {}  {}  {}", row.payee.id, row.payee.name, row.payee.address.state,
               row.amount, payments::DormancyStageName(row.clock.stage));
    if (row.clock.stage == DormancyStage::kNoRule) {
      fmt::print(": no rule of this state is loaded\n");
      continue;
    }
    fmt::print(": letter from {}, dormant on {}, reported by {} ({})\n",
               FormatDate(row.clock.letter_from), FormatDate(row.clock.dormant_on),
               FormatDate(row.clock.report_by), row.clock.source);
  }
  fmt::print("{}\n", Counted(std::ssize(list), "owner"));
  return kDone;
}

payments::DueDiligenceLetter LetterTo(const UntakenOfPayee& row,
                                      const payments::PayerProfile& payer, Date on) {
  payments::DueDiligenceLetter letter{.payer = payer.name,
                                      .payer_phone = payments::PhoneWords(payer.service_phone),
                                      .owner = row.payee.name,
                                      .owner_address = payments::AddressLines(row.payee.address),
                                      .amount = row.amount,
                                      .state = row.payee.address.state,
                                      .written_on = on,
                                      .answer_by = row.clock.dormant_on};
  for (const std::string& line : payments::AddressLines(payer.address)) {
    letter.payer_address += (letter.payer_address.empty() ? "" : "\n") + line;
  }
  for (const payments::UntakenPayment& payment : row.payments) {
    letter.payments.push_back(fmt::format("{} {} of {}, ${}", payment.check ? "check" : "payment",
                                          payment.key, FormatDateLong(payment.paid_on),
                                          payment.amount));
  }
  return letter;
}

StatusOr<int> WriteLetters(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto profile, ReadReleaseProfile(options.profile, options.out));
  ASSIGN_OR_RETURN(const auto list, office.List(on));
  std::int64_t written = 0;
  for (const UntakenOfPayee& row : list) {
    if (row.clock.stage != DormancyStage::kLetterDue) continue;
    const std::string path = fmt::format("{}/{}.{}.txt", options.out, row.payee.id, FormatDate(on));
    RETURN_IF_ERROR(WriteFile(path, WriteDueDiligenceLetter(LetterTo(row, profile.payer, on))));
    RETURN_IF_ERROR(office.Note(row.payee.id, UnclaimedEventKind::kLetter, on, path, actor));
    fmt::print("{}\n", path);
    ++written;
  }
  fmt::print("{}\n", Counted(written, "letter"));
  return kDone;
}

StatusOr<int> HeardOf(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  RETURN_IF_ERROR(office.Note(payee, UnclaimedEventKind::kHeardOf, on, options.note, actor));
  fmt::print("{}: its clock runs anew from {}\n", payee, FormatDate(on));
  return kDone;
}

StatusOr<UnclaimedService::Request> RequestOf(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor first, ParseActor(options.user));
  ASSIGN_OR_RETURN(const payments::Actor second, ParseActor(options.second));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  return UnclaimedService::Request{
      .payee = payee, .note = options.note, .today = on, .first = first, .second = second};
}

StatusOr<int> SetAside(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto request, RequestOf(session, options));
  ASSIGN_OR_RETURN(const Money amount, office.SetAside(request));
  fmt::print("{}: {} set aside for the state\n", request.payee, amount);
  return kDone;
}

StatusOr<int> Claim(Session& session, const UnclaimedOptions& options) {
  ASSIGN_OR_RETURN(UnclaimedService office, OfficeOf(session, options));
  ASSIGN_OR_RETURN(const auto request, RequestOf(session, options));
  ASSIGN_OR_RETURN(const Money amount, office.Claim(request));
  fmt::print("{}: {} claimed, the next run pays it\n", request.payee, amount);
  return kDone;
}

using UnclaimedWork = StatusOr<int> (*)(Session&, const UnclaimedOptions&);

struct UnclaimedCommand {
  CLI::App* app;
  std::shared_ptr<UnclaimedOptions> options;

  const UnclaimedCommand& Needs(const char* name, std::string UnclaimedOptions::*value,
                                const char* help) const {
    app->add_option(name, (*options).*value, help)->required();
    return *this;
  }
};

UnclaimedCommand AddUnclaimed(CommandLine line, CLI::App& group, const char* name, const char* help,
                              UnclaimedWork work) {
  auto options = std::make_shared<UnclaimedOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  command->add_option("--on", options->on, "the day; today without");
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

}  // namespace

void AddUnclaimedCommands(CommandLine line) {
  CLI::App* group = line.app.add_subcommand("unclaimed", "money that nobody took");
  group->require_subcommand(1);
  using Options = UnclaimedOptions;
  constexpr const char* kActor = "who does it";

  AddUnclaimed(line, *group, "rules", "load rules of states about dormant money", LoadRules)
      .Needs("file", &Options::file, "CSV: state,from,months,letter_days,report_by,source")
      .Needs("--as", &Options::user, kActor);
  const UnclaimedCommand list =
      AddUnclaimed(line, *group, "list", "what waits, by owner, and its clock", ListUntaken);
  list.app->add_option("--out", list.options->out, "a CSV file to write instead");
  AddUnclaimed(line, *group, "letters", "write to the owners whose letter is due", WriteLetters)
      .Needs("--profile", &Options::profile, "TOML: receiver_id, [payer], [bank], [plb]")
      .Needs("--out", &Options::out, "the folder that the letters go to")
      .Needs("--as", &Options::user, kActor);
  AddUnclaimed(line, *group, "heard", "the owner wrote or called", HeardOf)
      .Needs("payee", &Options::payee, "id, TIN or exact name")
      .Needs("--note", &Options::note, "how")
      .Needs("--as", &Options::user, kActor);
  for (const auto& [name, help, work] :
       {std::tuple("set-aside", "set dormant money aside for the state, by two people", &SetAside),
        std::tuple("claim", "give it back to its owner, by two people", &Claim)}) {
    AddUnclaimed(line, *group, name, help, work)
        .Needs("payee", &Options::payee, "id, TIN or exact name")
        .Needs("--note", &Options::note, "how it is known")
        .Needs("--second", &Options::second, "the second person")
        .Needs("--as", &Options::user, kActor);
  }
}

}  // namespace sluice::api
