// Bank accounts of payees: enrolled, tested, proved, approved; alerts, the directory.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "api/program_payments.h"
#include "api/release_profile.h"
#include "core/config.h"
#include "payments/enrollment/account_test_service.h"
#include "payments/enrollment/enrollment_service.h"
#include "payments/payee_service.h"
#include "payments/remittance/profile_config.h"

namespace sluice::api {
namespace {

using payments::AccountTest;
using payments::AccountTestService;
using payments::AccountVersion;
using payments::BankAccount;
using payments::BankAccountCommand;
using payments::PayeeService;

struct Options {
  std::string payee, account, user, on, reason, form, file, kind, detail, program, pool, bank, out;
  std::int64_t number = 0;
  std::string note;
  bool failed = false;
};
using Shared = std::shared_ptr<Options>;

// What the services of a command live by.
struct Desk {
  Session& session;
  payments::FileKeyProvider keys;
  payments::Actor actor;
  Date on;

  PayeeService Payees() {
    return {session.Database(), session.Payer(), keys, session.Clock(), session.Ids()};
  }
  AccountTestService Tests() {
    return {session.Database(), session.Data().Files(), session.Payer(), keys,
            session.Clock(),    session.Ids()};
  }
};

StatusOr<std::unique_ptr<Desk>> OpenDesk(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(payments::FileKeyProvider keys, OpenKeys(session));
  auto desk = std::make_unique<Desk>(Desk{session, std::move(keys), {}, session.Today()});
  if (!options.user.empty()) {
    ASSIGN_OR_RETURN(desk->actor.user, ParseUser(options.user));
  }
  if (!options.on.empty()) {
    ASSIGN_OR_RETURN(desk->on, ParseDate(options.on));
  }
  return desk;
}

// "bac_.../2", as `payee accounts` prints it.
StatusOr<AccountVersion> ParseVersion(std::string_view text) {
  const std::size_t slash = text.find('/');
  AccountVersion version;
  const std::string_view number = slash == text.npos ? "" : text.substr(slash + 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), version.version);
  const auto id = payments::BankAccountId::Parse(text.substr(0, slash));
  if (!id.ok() || number.empty() || read.ptr != number.data() + number.size()) {
    return InvalidArgument(
        "a version of an account is written bac_.../2; see: sluice payee "
        "accounts");
  }
  version.account = *id;
  return version;
}

StatusOr<int> Enroll(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const std::string form, ReadFile(options.form));
  payments::EnrollmentService service(session.Database(), session.Payer(), desk->keys,
                                      session.Clock(), session.Ids());
  ASSIGN_OR_RETURN(const auto record, service.Enroll(payee, form, desk->on, desk->actor));
  fmt::print("{} enrollment of {}: account {}/{}\n", payments::EnrollmentReasonName(record.reason),
             payee, record.account.account, record.account.version);
  return kDone;
}

StatusOr<int> ListAccounts(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const auto accounts, desk->Payees().Accounts(payee));
  for (const BankAccount& account : accounts) {
    fmt::print("{}/{}  {}  ending {}{}, held by {}, from {}\n", account.id, account.version,
               payments::BankAccountStateName(account.state), account.last4,
               account.institution_name.empty() ? "" : " at " + account.institution_name,
               account.holder_name, FormatDate(account.effective_from));
    fmt::print("  {}, {}, {}\n", account.proof_no ? "proved" : "not proved",
               account.needs_second ? "a second person approves it" : "no second person needed",
               account.risk_reasons.empty()
                   ? "nothing speaks against it"
                   : fmt::format("risk {}: {}", account.risk_score, account.risk_reasons));
    if (account.hold_until) {
      fmt::print("  a change: used from {} at the earliest\n", FormatDate(*account.hold_until));
    }
  }
  if (accounts.empty()) fmt::print("{} has no bank account\n", payee);
  return kDone;
}

StatusOr<int> Move(Session& session, const Options& options, BankAccountCommand command) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const AccountVersion version, ParseVersion(options.account));
  RETURN_IF_ERROR(desk->Payees().ChangeBankAccounts(
      std::span(&version, 1), {.command = command, .reason = options.reason, .today = desk->on},
      desk->actor));
  fmt::print("{}: done\n", options.account);
  return kDone;
}

StatusOr<int> Prove(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const AccountVersion version, ParseVersion(options.account));
  ASSIGN_OR_RETURN(const auto kind, payments::ParseRecordedProof(options.kind));
  RETURN_IF_ERROR(desk->Payees().RecordProof(
      std::span(&version, 1), {.kind = kind, .detail = options.detail, .today = desk->on},
      desk->actor));
  fmt::print("{}: proved by {}\n", options.account, payments::AccountProofKindName(kind));
  return kDone;
}

void Print(const AccountTest& test) {
  fmt::print("{}/{}  {}  {}{}{}\n", test.account, test.version,
             payments::AccountTestKindName(test.kind), payments::AccountTestStateName(test.state),
             test.passes_on && test.kind == payments::AccountTestKind::kPrenote &&
                     test.state == payments::AccountTestState::kSent
                 ? fmt::format(", passes on {}", FormatDate(*test.passes_on))
                 : "",
             test.result.empty() ? "" : ": " + test.result);
}

StatusOr<int> AskTest(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const AccountVersion version, ParseVersion(options.account));
  ASSIGN_OR_RETURN(const auto kind, payments::ParseAccountTestKind(options.kind));
  ASSIGN_OR_RETURN(const auto tests,
                   desk->Tests().Request(std::span(&version, 1), kind, desk->actor));
  for (const AccountTest& test : tests) Print(test);
  return kDone;
}

StatusOr<int> SendTests(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(payments::ProgramPayments settings, PaymentsOf(session, program, options.pool));
  settings.payer_code = "sluice";
  payments::ReleaseSettings release;
  ASSIGN_OR_RETURN(const Config config, Config::Load(options.bank));
  release.bank = payments::ReadBankProfile(config.Root().RequiredSection("bank"));
  ReadServers(config.Root(), release);
  RETURN_IF_ERROR(config.Finish());
  release.directory = options.out;
  ASSIGN_OR_RETURN(const auto sent, desk->Tests().Send(settings, release, desk->on, desk->actor));
  if (!sent) {
    fmt::print("no test waits\n");
    return kDone;
  }
  fmt::print("{}/{}: {}, settling on {}\n",
             release.bank_server.empty() ? options.out : release.bank_server, sent->file_name,
             Counted(sent->tests, "test entry"), FormatDate(sent->effective_date));
  return kDone;
}

StatusOr<int> SettleTests(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const auto passed, desk->Tests().Settle(desk->on, desk->actor));
  for (const AccountTest& test : passed) Print(test);
  fmt::print("{} passed\n", Counted(static_cast<std::int64_t>(passed.size()), "prenote"));
  return kDone;
}

// Two amounts, in a file: not on the command line, where everybody on the machine would see them.
StatusOr<payments::MicroAmounts> ReadAmounts(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::vector<Money> amounts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n,;", at), text.size());
    if (end > at) {
      const auto amount = Money::Parse(text.substr(at, end - at));
      if (!amount.ok()) return InvalidArgument("{} holds no two amounts of dollars", path);
      amounts.push_back(*amount);
    }
    at = end + 1;
  }
  if (amounts.size() != 2) return InvalidArgument("{} holds no two amounts of dollars", path);
  return payments::MicroAnswer(amounts[0], amounts[1]);
}

StatusOr<int> ConfirmTest(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const AccountVersion version, ParseVersion(options.account));
  ASSIGN_OR_RETURN(const payments::MicroAmounts answer, ReadAmounts(options.file));
  ASSIGN_OR_RETURN(const AccountTest test,
                   desk->Tests().Confirm(version, answer, desk->on, desk->actor));
  Print(test);
  return test.state == payments::AccountTestState::kPassed ? kDone : kFindings;
}

StatusOr<int> ListTests(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const auto tests, desk->Tests().List());
  for (const AccountTest& test : tests) Print(test);
  if (tests.empty()) fmt::print("no bank account is tested\n");
  return kDone;
}

StatusOr<int> ListAlerts(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const auto alerts, desk->Payees().Alerts());
  for (const payments::AccountAlert& alert : alerts) {
    fmt::print("{}  {}  payee {}, account {}/{}: {}\n", alert.id,
               payments::AccountAlertKindName(alert.kind), alert.payee, alert.account,
               alert.version, alert.detail);
  }
  if (alerts.empty()) fmt::print("no alert is open\n");
  return alerts.empty() ? kDone : kFindings;
}

StatusOr<int> ClearAlert(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  RETURN_IF_ERROR(desk->Payees().ClearAlert(options.number, options.note, desk->actor));
  fmt::print("alert {} is cleared\n", options.number);
  return kDone;
}

StatusOr<int> ImportDirectory(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const auto desk, OpenDesk(session, options));
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(options.file));
  ASSIGN_OR_RETURN(const std::int64_t rows,
                   desk->Payees().ImportInstitutions(options.file, bytes, desk->on, desk->actor));
  fmt::print("{} of {}\n", Counted(rows, "institution"), FormatDate(desk->on));
  return kDone;
}

using Work = StatusOr<int> (*)(Session&, const Options&);

void On(CommandLine line, CLI::App& command, const Shared& options, Work work) {
  OnPayer(line, command, [options, work](Session& session) { return work(session, *options); });
}

CLI::App* AddActed(CLI::App& group, const std::string& name, const std::string& what,
                   const Shared& options) {
  CLI::App* command = group.add_subcommand(name, what);
  command->add_option("--as", options->user, "who does it")->required();
  command->add_option("--on", options->on, "business date; today without");
  return command;
}

void AddAccountCommands(CommandLine line, CLI::App& payee) {
  CLI::App* account = payee.add_subcommand("account", "move a version of an account");
  account->require_subcommand(1);
  struct Step {
    const char* name;
    const char* what;
    BankAccountCommand command;
  };
  for (const Step& step :
       {Step{"validate", "begin to check it", BankAccountCommand::kStartValidation},
        Step{"approve", "once it is proved", BankAccountCommand::kApprove},
        Step{"activate", "pay to it, from its day on", BankAccountCommand::kActivate},
        Step{"suspend", "stop it; it is proved again before it is used",
             BankAccountCommand::kSuspend},
        Step{"reject", "refuse it", BankAccountCommand::kReject}}) {
    auto options = std::make_shared<Options>();
    CLI::App* command = AddActed(*account, step.name, step.what, options);
    command->add_option("account", options->account, "bac_.../version")->required();
    command->add_option("--reason", options->reason, "why")->required();
    OnPayer(line, *command, [options, command_of = step.command](Session& session) {
      return Move(session, *options, command_of);
    });
  }
  auto options = std::make_shared<Options>();
  CLI::App* prove = AddActed(*account, "prove", "by a bank letter, or as converted", options);
  prove->add_option("account", options->account, "bac_.../version")->required();
  prove->add_option("--by", options->kind, "bank-letter or conversion")->required();
  prove->add_option("--detail", options->detail, "what was seen, who was called back")->required();
  On(line, *prove, options, Prove);
}

void AddTestCommands(CommandLine line, CLI::App& payee) {
  CLI::App* test = payee.add_subcommand("test", "prenotes and micro-deposits");
  test->require_subcommand(1);
  auto asked = std::make_shared<Options>();
  CLI::App* ask = AddActed(*test, "ask", "test a version with the next file", asked);
  ask->add_option("account", asked->account, "bac_.../version")->required();
  ask->add_option("--kind", asked->kind, "prenote or micro-deposits")->required();
  On(line, *ask, asked, AskTest);
  auto sent = std::make_shared<Options>();
  CLI::App* send = AddActed(*test, "send", "write and deliver what waits", sent);
  send->add_option("--program", sent->program, "whose bank and pool; id or name")->required();
  send->add_option("--pool", sent->pool, "\"<program> pool\" without");
  send->add_option("--bank", sent->bank, "a TOML file with the table [bank]")->required();
  send->add_option("--out", sent->out, "the folder of the bank's files")->required();
  On(line, *send, sent, SendTests);
  auto settled = std::make_shared<Options>();
  On(line, *AddActed(*test, "settle", "pass prenotes whose days are over", settled), settled,
     SettleTests);
  auto confirmed = std::make_shared<Options>();
  CLI::App* confirm = AddActed(*test, "confirm", "compare what the payee says it got", confirmed);
  confirm->add_option("account", confirmed->account, "bac_.../version")->required();
  confirm->add_option("--amounts-file", confirmed->file, "a file with the two amounts")->required();
  On(line, *confirm, confirmed, ConfirmTest);
  auto listed = std::make_shared<Options>();
  On(line, *test->add_subcommand("list", "every test"), listed, ListTests);
}

void AddMessageCommands(CommandLine line, CLI::App& payee) {
  auto shown = std::make_shared<Options>();
  CLI::App* alerts = payee.add_subcommand("alerts", "what somebody has to look at");
  On(line, *alerts, shown, ListAlerts);
  auto cleared = std::make_shared<Options>();
  CLI::App* clear = AddActed(payee, "clear-alert", "close an alert", cleared);
  clear->add_option("alert", cleared->number, "its number")->required();
  clear->add_option("--note", cleared->note, "what was found")->required();
  On(line, *clear, cleared, ClearAlert);
}

}  // namespace

void AddPayeeCommands(CommandLine line) {
  CLI::App* payee = line.app.add_subcommand("payee", "how payees are paid, and to which account");
  payee->require_subcommand(1);
  AddPreferenceCommands(line, *payee);
  auto enrolled = std::make_shared<Options>();
  CLI::App* enroll = AddActed(*payee, "enroll", "take an EFT and ERA enrollment form", enrolled);
  enroll->add_option("payee", enrolled->payee, "id, TIN or exact name")->required();
  enroll->add_option("--form", enrolled->form, "a file of \"element = value\" lines")->required();
  On(line, *enroll, enrolled, Enroll);
  auto listed = std::make_shared<Options>();
  CLI::App* accounts = payee->add_subcommand("accounts", "every version of a payee's accounts");
  accounts->add_option("payee", listed->payee, "id, TIN or exact name")->required();
  On(line, *accounts, listed, ListAccounts);
  AddAccountCommands(line, *payee);
  AddTestCommands(line, *payee);
  AddMessageCommands(line, *payee);
  auto imported = std::make_shared<Options>();
  CLI::App* directory =
      AddActed(*payee, "directory", "take the directory of institutions", imported);
  directory->add_option("file", imported->file, "FedACH participants, 155 characters a row")
      ->required();
  On(line, *directory, imported, ImportDirectory);
}

}  // namespace sluice::api
