// Files on their way, and remittances: where each file stands, unknown deliveries, payees' drops,
// what people bring to payees, and the remittance clock.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "api/command_line.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "api/release_profile.h"
#include "payments/delivery/remittance_service.h"
#include "payments/disbursement_store.h"

namespace sluice::api {
namespace {

using payments::FileState;
using payments::PaymentFile;
using payments::RemittanceService;

struct DeliveryOptions {
  std::string program, pool, run, file, evidence, user, second, profile, out;
  std::string payee, server, folder, receiver, qualifier = "ZZ", reason;
  std::string payment, how, on;
  bool all = false, end = false;
};

StatusOr<payments::ProgramPayments> PaymentsNamed(Session& session,
                                                  const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  return PaymentsOf(session, program, options.pool);
}

RemittanceService Remittances(Session& session) {
  return {session.Database(), session.Payer(), session.Clock()};
}

StatusOr<std::vector<PaymentFile>> FilesOfRun(Session& session, BookId book, payments::RunId run) {
  return session.Database().Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
        std::vector<PaymentFile> files = payments::LoadFiles(tx, book, run);
        if (files.empty()) return NotFound("run {} has no files in this book", run);
        return files;
      });
}

// Whether somebody has to do something about the file.
bool NeedsSomebody(FileState state) {
  return state == FileState::kSentUnknown || state == FileState::kRejected;
}

std::string Receiver(const PaymentFile& file) {
  if (!file.to) return "";
  if (file.to->server.empty()) return ", kept";
  return fmt::format(", to {} on {}", file.to->receiver_id, file.to->server);
}

StatusOr<int> ListFiles(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const auto files, FilesOfRun(session, program.book, run));
  bool open = false;
  for (const PaymentFile& file : files) {
    fmt::print("  {}  {}: {}, {}{}\n", payments::FileStateName(file.state), file.name,
               Counted(file.entry_count, "payment"), file.total, Receiver(file));
    if (file.state == FileState::kSentUnknown) {
      fmt::print("    ask who takes it; then: sluice delivery confirm, or not-delivered\n");
    }
    open = open || NeedsSomebody(file.state);
  }
  return open ? kFindings : kDone;
}

StatusOr<int> ResumeDelivery(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(auto profile, ReadReleaseProfile(options.profile, options.out));
  ASSIGN_OR_RETURN(const auto desk,
                   ReleaseDesk::Open(session, std::move(program), std::move(profile)));
  RETURN_IF_ERROR(desk->Releases().Resume(run, actor));
  return ListFiles(session, options);
}

StatusOr<PaymentFile> FileNamed(Session& session, BookId book, payments::RunId run,
                                const std::string& name) {
  ASSIGN_OR_RETURN(const auto files, FilesOfRun(session, book, run));
  const auto found = std::ranges::find(files, name, &PaymentFile::name);
  if (found == files.end()) {
    return NotFound("run {} has no file {}: sluice delivery files lists them", run, name);
  }
  return *found;
}

enum class Verdict { kDelivered, kNotDelivered };

StatusOr<int> Decide(Session& session, const DeliveryOptions& options, Verdict verdict) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const PaymentFile file, FileNamed(session, program.book, run, options.file));
  ASSIGN_OR_RETURN(const auto desk, ReleaseDesk::Open(session, std::move(program), {}));
  if (verdict == Verdict::kDelivered) {
    RETURN_IF_ERROR(desk->Releases().ConfirmDelivered(run, file.id, options.evidence, actor));
    fmt::print("{}: delivered: {}\n", file.name, options.evidence);
    return kDone;
  }
  ASSIGN_OR_RETURN(const payments::Actor second, ParseActor(options.second));
  RETURN_IF_ERROR(
      desk->Releases().DeclareNotDelivered(run, file.id, options.evidence, {actor, second}));
  fmt::print("{}: not delivered: {}. It is sent again by: sluice delivery resume\n", file.name,
             options.evidence);
  return kDone;
}

StatusOr<int> TakeBack(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor first, ParseActor(options.user));
  ASSIGN_OR_RETURN(const payments::Actor second, ParseActor(options.second));
  ASSIGN_OR_RETURN(auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const PaymentFile file, FileNamed(session, program.book, run, options.file));
  ASSIGN_OR_RETURN(auto profile, ReadReleaseProfile(options.profile, options.out));
  ASSIGN_OR_RETURN(const auto desk,
                   ReleaseDesk::Open(session, std::move(program), std::move(profile)));
  RETURN_IF_ERROR(desk->Releases().VoidFile(run, file.id, options.reason, {first, second}));
  fmt::print("{}: taken back; its payees are owed the money again, for a later run\n", file.name);
  return ListFiles(session, options);
}

std::string Words(const payments::RemittanceDrop& drop) {
  if (drop.ended) return fmt::format("{}: none any more: {}", drop.number, drop.reason);
  return fmt::format("{}: {} on {}{}{}: {}", drop.number, drop.to.receiver_id, drop.to.server,
                     drop.to.directory.empty() ? "" : ", in ", drop.to.directory, drop.reason);
}

StatusOr<int> RecordDrop(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  if (options.end) {
    ASSIGN_OR_RETURN(const auto ended, Remittances(session).EndDrop(payee, options.reason, actor));
    fmt::print("{}\n", Words(ended));
    return kDone;
  }
  const payments::RemittanceDrop wanted{.payee = payee,
                                        .to = {.receiver_qualifier = options.qualifier,
                                               .receiver_id = options.receiver,
                                               .server = options.server,
                                               .directory = options.folder},
                                        .reason = options.reason};
  ASSIGN_OR_RETURN(const auto recorded, Remittances(session).RegisterDrop(wanted, actor));
  fmt::print("{}\nit is used where the payee asks for it: sluice payee prefer --delivery sftp\n",
             Words(recorded));
  return kDone;
}

StatusOr<int> ListDrops(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const auto drops, Remittances(session).Drops(payee));
  for (const auto& drop : drops) fmt::print("{}\n", Words(drop));
  if (drops.empty()) fmt::print("no drop\n");
  return kDone;
}

StatusOr<int> ListQueue(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto queue, Remittances(session).Queue(program.book, options.all));
  fmt::print("{}: {}\n", program.program_name, Counted(std::ssize(queue), "remittance"));
  for (const payments::QueuedRemittance& row : queue) {
    fmt::print("  {}  {}, {} to {} ({}), settles {}{}{}\n", row.payment_key,
               payments::RemittanceDeliveryName(row.errand.way), row.amount, row.payee_name,
               row.payee, FormatDate(row.effective_date), row.errand.note.empty() ? "" : ": ",
               row.errand.note);
    if (row.delivered) {
      fmt::print("    brought on {} by {}\n", FormatDate(*row.delivered_on), row.how);
    }
  }
  return kDone;
}

StatusOr<int> MarkBrought(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const Date on, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto row, Remittances(session).MarkDelivered(program.book, options.payment,
                                                                      on, options.how, actor));
  fmt::print("{}: brought to {} on {} by {}\n", row.payment_key, row.payee_name, FormatDate(on),
             row.how);
  return kDone;
}

StatusOr<int> ShowClock(Session& session, const DeliveryOptions& options) {
  ASSIGN_OR_RETURN(const auto program, PaymentsNamed(session, options));
  ASSIGN_OR_RETURN(const auto run, payments::RunId::Parse(options.run));
  ASSIGN_OR_RETURN(const Date today, session.DayOrToday("--on", options.on));
  ASSIGN_OR_RETURN(const auto times, Remittances(session).TimesOf(program.book, run, today));
  const auto exceptions = std::ranges::count_if(
      times, [](const auto& timed) { return payments::IsException(timed.verdict); });
  fmt::print("{}: {}, {} outside {} business days\n", run, Counted(std::ssize(times), "remittance"),
             exceptions, payments::kRemittanceDays);
  for (const payments::TimedRemittance& timed : times) {
    if (!options.all && !payments::IsException(timed.verdict)) continue;
    fmt::print("  {}  {}  {} to {} by {}: {}\n", payments::RemittanceVerdictName(timed.verdict),
               timed.remittance.payment_key, timed.remittance.amount, timed.remittance.payee_name,
               payments::RemittanceDeliveryName(timed.remittance.way), timed.text);
  }
  return exceptions > 0 ? kFindings : kDone;
}

using Chosen = std::shared_ptr<DeliveryOptions>;
using DeliveryWork = StatusOr<int> (*)(Session&, const DeliveryOptions&);

struct DeliveryCommand {
  CLI::App* app;
  Chosen options;
};

DeliveryCommand AddCommand(CommandLine line, CLI::App& group, const char* name, const char* help,
                           DeliveryWork work) {
  auto options = std::make_shared<DeliveryOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  OnPayer(line, *command, [options, work](Session& session) { return work(session, *options); });
  return {command, options};
}

void AddProgram(const DeliveryCommand& command) {
  command.app->add_option("program", command.options->program, "id or exact name")->required();
  command.app->add_option("--pool", command.options->pool, "the program's own without");
}

void AddRun(const DeliveryCommand& command) {
  AddProgram(command);
  command.app->add_option("run", command.options->run, "id")->required();
}

void AddWho(const DeliveryCommand& command) {
  command.app->add_option("--as", command.options->user, "who does it")->required();
}

void AddFileCommands(CommandLine line, CLI::App& delivery) {
  AddRun(AddCommand(line, delivery, "files", "where the files of a run stand", ListFiles));

  const DeliveryCommand resume =
      AddCommand(line, delivery, "resume", "deliver what is not delivered yet", ResumeDelivery);
  AddRun(resume);
  const DeliveryCommand take_back = AddCommand(
      line, delivery, "void", "take a bank's file back before it leaves, by two people", TakeBack);
  AddRun(take_back);
  take_back.app->add_option("file", take_back.options->file, "its name")->required();
  take_back.app->add_option("--reason", take_back.options->reason, "why")->required();
  take_back.app->add_option("--second", take_back.options->second, "the other person")->required();
  for (const DeliveryCommand& command : {resume, take_back}) {
    command.app
        ->add_option("--profile", command.options->profile,
                     "TOML: receiver_id, undo_minutes, check_layout, [payer], [bank], [plb], "
                     "[sftp.<name>]")
        ->required();
    command.app->add_option("--out", command.options->out, "the outbox folder")->required();
    AddWho(command);
  }

  const DeliveryCommand confirm =
      AddCommand(line, delivery, "confirm", "a file whose delivery was unknown is there",
                 [](Session& session, const DeliveryOptions& options) {
                   return Decide(session, options, Verdict::kDelivered);
                 });
  const DeliveryCommand lost =
      AddCommand(line, delivery, "not-delivered", "it is not there: two people say so",
                 [](Session& session, const DeliveryOptions& options) {
                   return Decide(session, options, Verdict::kNotDelivered);
                 });
  for (const DeliveryCommand& command : {confirm, lost}) {
    AddRun(command);
    command.app->add_option("file", command.options->file, "its name")->required();
    command.app->add_option("--evidence", command.options->evidence, "what was answered, by whom")
        ->required();
    AddWho(command);
  }
  lost.app->add_option("--second", lost.options->second, "the other person")->required();
}

void AddDropCommands(CommandLine line, CLI::App& delivery) {
  const DeliveryCommand drop =
      AddCommand(line, delivery, "drop", "a payee's own drop for its 835 files", RecordDrop);
  drop.app->add_option("payee", drop.options->payee, "id, TIN or exact name")->required();
  drop.app->add_option("--server", drop.options->server, "its name in the profile");
  drop.app->add_option("--folder", drop.options->folder, "below the folder of the server");
  drop.app->add_option("--receiver", drop.options->receiver, "interchange receiver (ISA08)");
  drop.app->add_option("--qualifier", drop.options->qualifier, "of the receiver (ISA07)")
      ->capture_default_str();
  drop.app->add_flag("--end", drop.options->end, "it has none from here on");
  drop.app->add_option("--reason", drop.options->reason, "why")->required();
  AddWho(drop);
  const DeliveryCommand drops =
      AddCommand(line, delivery, "drops", "all drops that a payee ever had", ListDrops);
  drops.app->add_option("payee", drops.options->payee, "id, TIN or exact name")->required();
}

}  // namespace

void AddDeliveryCommands(CommandLine line) {
  CLI::App* delivery =
      line.app.add_subcommand("delivery", "files on their way, and remittances to payees");
  delivery->require_subcommand(1);
  AddFileCommands(line, *delivery);
  AddDropCommands(line, *delivery);

  const DeliveryCommand queue =
      AddCommand(line, *delivery, "queue", "remittances that people bring to payees", ListQueue);
  AddProgram(queue);
  queue.app->add_flag("--all", queue.options->all, "those that were brought, too");
  const DeliveryCommand done =
      AddCommand(line, *delivery, "done", "record that one was brought", MarkBrought);
  AddProgram(done);
  done.app->add_option("payment", done.options->payment, "its number")->required();
  done.app->add_option("--how", done.options->how, "by what: a letter")->required();
  done.app->add_option("--on", done.options->on, "the day; today without");
  AddWho(done);
  const DeliveryCommand timing =
      AddCommand(line, *delivery, "clock", "the days between money and remittance", ShowClock);
  AddRun(timing);
  timing.app->add_option("--on", timing.options->on, "the day; today without");
  timing.app->add_flag("--all", timing.options->all, "those on time, too");
}

}  // namespace sluice::api
