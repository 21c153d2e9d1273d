// Serving over gRPC and HTTPS, and the people who may sign in.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "api/audit/audit_sealer.h"
#include "api/command_line.h"
#include "api/commands.h"
#include "api/configuration.h"
#include "api/demo_users.h"
#include "api/handlers/program_calculation.h"
#include "api/handlers/roster_jobs.h"
#include "api/handlers/run_jobs.h"
#include "api/handlers/run_rounds.h"
#include "api/identity/accounts.h"
#include "api/mail_profile.h"
#include "api/operations/operation_worker.h"
#include "api/operations/schedule.h"
#include "api/payee_lookup.h"
#include "api/release_profile.h"
#include "api/server/serve.h"
#include "core/log.h"
#include "payments/notices/notice_service.h"

namespace sluice::api {
namespace {

// How long running calls may take once the server is told to stop.
constexpr std::chrono::seconds kDrain{30};
constexpr std::chrono::seconds kSealEvery{5};
// How often runs are looked at that go on by themselves, and messages that wait.
constexpr std::chrono::seconds kRoundEvery{60};
constexpr std::chrono::seconds kLookEvery{5};
constexpr int kMostWorkers = 64;

// Options that were given; the configuration has the others.
struct ServeCommand {
  bool demo = false;
  std::string payer;
  std::optional<std::string> listen;
  std::optional<std::uint16_t> https_port;
  std::optional<std::uint16_t> grpc_port;
  std::optional<std::string> certificate;
  std::optional<std::string> certificate_key;
  std::optional<std::string> key;
  std::optional<std::string> portal;
  int workers = 2;
  std::string release_profile;
  std::string out;
  std::string mail_profile;
  std::string service = "sluice";
};

ServeConfiguration Merged(ServeConfiguration serve, const ServeCommand& given) {
  serve.listen = given.listen.value_or(serve.listen);
  serve.https_port = given.https_port.value_or(serve.https_port);
  serve.grpc_port = given.grpc_port.value_or(serve.grpc_port);
  if (given.certificate) {
    serve.certificate = *given.certificate;
    serve.certificate_key = given.certificate_key.value_or("");
  }
  serve.key_file = given.key.value_or(serve.key_file);
  serve.portal = given.portal.value_or(serve.portal);
  return serve;
}

// Without a certificate only this machine is served, by one that is made for the trial.
StatusOr<TlsIdentity> IdentityOf(const ServeConfiguration& options) {
  if (!options.certificate.empty()) {
    return ReadTlsIdentity(options.certificate, options.certificate_key);
  }
  if (options.listen != "127.0.0.1") {
    return FailedPrecondition(
        "serving at {} needs a certificate: name it with --certificate and --certificate-key, or "
        "in the configuration",
        options.listen);
  }
  return MakeTrialIdentity();
}

// Blocks the signals that end the program, for every thread that is started afterward.
sigset_t HoldSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// What somebody needs to look around in the demo. The passwords are of this start only.
Status PrintDemoUsers(Session& session) {
  ASSIGN_OR_RETURN(const std::vector<DemoUser> users, AddDemoUsers(session));
  fmt::print("\nsign in to payer {} as\n", session.Payer());
  for (const DemoUser& user : users) {
    fmt::print("  {:<8} {}  {}\n", user.name, user.password.Reveal(), RoleName(user.role));
  }
  fmt::print("\n");
  return OkStatus();
}

// "host/4711", for people who look at who has a lease.
std::string HolderName() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return fmt::format("{}/{}", host.data(), getpid());
}

// What a server does beside its calls: operations, runs that go on by themselves, messages.
class Background {
 public:
  static StatusOr<std::unique_ptr<Background>> Start(Session& session, const ServeCommand& options,
                                                     const SecretKey& key) {
    std::unique_ptr<Background> made(new Background);
    std::optional<ReleaseDeskParts> desk;
    if (!options.release_profile.empty()) {
      ASSIGN_OR_RETURN(auto settings, ReadReleaseProfile(options.release_profile, options.out));
      ASSIGN_OR_RETURN(auto keys, OpenKeys(session));
      made->keys_.emplace(std::move(keys));
      desk.emplace(ReleaseDeskParts{session.Data().Files(), std::move(settings), *made->keys_});
    }
    ASSIGN_OR_RETURN(const UserId service, ParseUser(options.service));
    ASSIGN_OR_RETURN(std::vector<Schedule> schedules,
                     made->SchedulesOf(session, options, desk, service));
    made->schedules_ = std::make_unique<Schedules>(std::move(schedules), kLookEvery);
    Jobs jobs = RunJobs(desk);
    jobs.merge(ProgramJobs());
    jobs.merge(RosterJobs(UploadKeyOf(key)));
    made->workers_ = std::make_unique<OperationWorkers>(
        WorkerParts{.database = session.Data().App(),
                    .payer = session.Payer(),
                    .clock = session.Clock(),
                    .ids = session.Ids(),
                    .lease = {.holder = HolderName()}},
        jobs, OperationWorkers::Options{.threads = options.workers});
    return made;
  }

 private:
  StatusOr<std::vector<Schedule>> SchedulesOf(Session& session, const ServeCommand& options,
                                              const std::optional<ReleaseDeskParts>& desk,
                                              UserId service) {
    std::vector<Schedule> schedules;
    const auto add = [&](const char* name, std::function<Status(const pg::Database&)> work) {
      schedules.emplace_back(Schedule::Parts{.database = session.Data().App(),
                                             .payer = session.Payer(),
                                             .clock = session.Clock(),
                                             .name = name,
                                             .holder = HolderName(),
                                             .every = kRoundEvery,
                                             .work = std::move(work)});
    };
    if (desk) {
      const RunRoundParts parts{session.Payer(), service, session.Clock(), session.Ids(), *desk};
      add("cycles",
          [parts](const pg::Database& database) { return RunRound(database, parts).status(); });
    }
    if (!options.mail_profile.empty()) {
      ASSIGN_OR_RETURN(mail_, ReadMailProfile(options.mail_profile));
      add("notices", [this, &session, service](const pg::Database& database) {
        return payments::NoticeService(database, session.Payer(), session.Clock())
            .Send(*mail_, {.user = service, .human = false})
            .status();
      });
    }
    return schedules;
  }

  std::optional<payments::FileKeyProvider> keys_;
  std::unique_ptr<payments::MailChannel> mail_;
  // Last: they end before what they use.
  std::unique_ptr<Schedules> schedules_;
  std::unique_ptr<OperationWorkers> workers_;
};

StatusOr<ServerOptions> OptionsOf(const Session& session, const ServeConfiguration& serve,
                                  const IdentityConfiguration& identity) {
  ServerOptions server{.address = serve.listen,
                       .https_port = serve.https_port,
                       .grpc_port = serve.grpc_port,
                       .certificate_file = serve.certificate,
                       .certificate_key_file = serve.certificate_key,
                       .client_ca_file = identity.client_ca_file,
                       .portal = serve.portal};
  server.https.most_connections = serve.connections;
  server.https.most_connections_of_address = serve.connections_of_address;
  ASSIGN_OR_RETURN(server.tls, IdentityOf(serve));
  ASSIGN_OR_RETURN(server.key,
                   ReadOrMakeKey(serve.key_file.empty() ? session.Data().DataDir() + "/service.key"
                                                        : serve.key_file));
  ASSIGN_OR_RETURN(server.identity, ReadIdentity(identity));
  return server;
}

// Until a signal ends it. Where there is something to read again, SIGHUP asks for that; elsewhere
// it ends the program, as it does when a terminal closes.
void ServeUntilTold(Server& running, const sigset_t& signals, bool has_files) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGHUP || !has_files) return;
    const Status reloaded = running.Reload();
    if (reloaded.ok()) {
      LogInfo("certificate and portal read again");
    } else {
      LogError("not read again; what was there stays", {{"status", reloaded}});
    }
  }
}

StatusOr<int> Serve(Session& session, const ServeCommand& options,
                    const Configuration& configuration) {
  if (options.demo) RETURN_IF_ERROR(PrintDemoUsers(session));
  const ServeConfiguration serve = Merged(configuration.serve, options);
  ASSIGN_OR_RETURN(ServerOptions server, OptionsOf(session, serve, configuration.identity));
  ASSIGN_OR_RETURN(const payments::FileKeyProvider sealing, OpenKeys(session));
  server.sealing = &sealing;
  const sigset_t signals = HoldSignals();
  ASSIGN_OR_RETURN(const auto running,
                   Server::Start(session.Data().App(), session.Clock(), session.Ids(), server));
  const AuditSealer sealer(session.Data().App(), session.Payer(), session.Clock(), kSealEvery);
  ASSIGN_OR_RETURN(const auto background, Background::Start(session, options, server.key));
  fmt::print("serving HTTPS at https://{}:{} and gRPC at {}:{}\n", serve.listen,
             running->HttpsPort(), serve.listen, running->GrpcPort());
  if (options.release_profile.empty()) {
    fmt::print("without --release-profile: releases wait for a server that has one\n");
  }
  if (serve.certificate.empty()) {
    fmt::print("with a self-signed certificate that is made anew with every start, for trials\n");
  }
  std::fflush(stdout);
  ServeUntilTold(*running, signals, !serve.certificate.empty() || !serve.portal.empty());
  fmt::print("finishing the calls that run\n");
  running->Stop(kDrain);
  return kDone;
}

// The demo payer after a small demo, in a directory of its own, from which nobody is paid.
StatusOr<StoreOptions> MakeDemo(const StoreOptions& store) {
  DemoCommand demo{.acos = 4, .practices = 40, .providers = 200, .members = 2'000};
  demo.data_dir = store.data_dir.empty() ? DefaultDataDir() + "/demo" : store.data_dir;
  demo.out = demo.data_dir + "/out";
  if (RunDemo(demo) != 0) return FailedPrecondition("the demo did not run");
  return StoreOptions{.data_dir = demo.data_dir, .config_file = "", .start_over = false};
}

StatusOr<int> RunServe(StoreOptions store, const ServeCommand& options) {
  if (options.demo) {
    if (!store.config_file.empty()) {
      return InvalidArgument("the demo has a database of its own: leave --config out");
    }
    ASSIGN_OR_RETURN(store, MakeDemo(store));
  }
  Configuration configuration;
  if (!store.config_file.empty()) {
    ASSIGN_OR_RETURN(configuration, ReadConfiguration(store.config_file));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(store, options.payer));
  return Serve(*session, options, configuration);
}

struct UserCommand {
  std::string name;
  std::string display_name;
  std::vector<std::string> roles;
  std::string root;
  std::string password_file;
  std::string by;
  std::string approved_by;
  std::string reason;
};

StatusOr<Password> ReadPassword(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line))
    return FailedPrecondition("cannot read a password from {}", file);
  return Password(std::move(line));
}

StatusOr<int> AddUser(Session& session, const UserCommand& options) {
  NewAccount account{
      .sign_in_name = options.name,
      .display_name = options.display_name.empty() ? options.name : options.display_name,
      .reason = options.reason};
  ASSIGN_OR_RETURN(account.user, ParseUser(options.name));
  ASSIGN_OR_RETURN(account.proposed_by, ParseUser(options.by));
  ASSIGN_OR_RETURN(account.approved_by, ParseUser(options.approved_by));
  for (const std::string& code : options.roles) {
    ASSIGN_OR_RETURN(const Role role, ParseRole(code));
    account.roles.push_back(role);
  }
  if (!options.root.empty()) {
    ASSIGN_OR_RETURN(const auto hierarchy, session.HierarchyOn(session.Today()));
    ASSIGN_OR_RETURN(account.root, FindParty(hierarchy, options.root));
  }
  ASSIGN_OR_RETURN(const Password password, ReadPassword(options.password_file));
  RETURN_IF_ERROR(AddAccount(session.Data().App(), session.Payer(), account, password,
                             session.Clock(), session.Ids()));
  fmt::print("{} may sign in at payer {} as '{}' with the roles {}\n", account.user,
             session.Payer(), options.name, fmt::join(options.roles, ", "));
  return kDone;
}

void AddUserAdd(CommandLine line, CLI::App& group) {
  auto options = std::make_shared<UserCommand>();
  CLI::App* add = group.add_subcommand("add", "let a person sign in, with roles from today on");
  add->add_option("name", options->name, "the sign-in name")->required();
  add->add_option("--display-name", options->display_name, "how screens call the person");
  add->add_option("--role", options->roles, "a role's code, such as FM; may be repeated")
      ->required();
  add->add_option("--under", options->root,
                  "the party in whose part of the hierarchy the roles hold (default: the payer)");
  add->add_option("--password-file", options->password_file,
                  "a file whose first line is the password, 12 to 128 bytes")
      ->required();
  add->add_option("--by", options->by, "who proposes the roles")->required();
  add->add_option("--approved-by", options->approved_by, "the second person")->required();
  add->add_option("--reason", options->reason, "why")->required();
  OnPayer(line, *add, [options](Session& session) { return AddUser(session, *options); });
}

}  // namespace

void AddServeCommands(CommandLine line) {
  auto options = std::make_shared<ServeCommand>();
  CLI::App* serve = line.app.add_subcommand("serve", "serve the API over HTTPS and gRPC");
  serve->add_option("--listen", options->listen, "the address to listen at (default 127.0.0.1)");
  serve->add_option("--https-port", options->https_port, "0: one that is free (default 8443)");
  serve->add_option("--grpc-port", options->grpc_port, "0: one that is free (default 8444)");
  CLI::Option* certificate =
      serve->add_option("--certificate", options->certificate, "the certificate chain (PEM)");
  serve->add_option("--certificate-key", options->certificate_key, "its private key (PEM)")
      ->needs(certificate);
  serve->add_option("--key", options->key,
                    "the key of page tokens and request ids, the same for all servers of one "
                    "database (default: service.key in the data directory, made at first)");
  serve->add_option("--portal", options->portal, "the folder of the portal's files");
  serve->add_option("--workers", options->workers, "threads for operations, such as calculations")
      ->check(CLI::Range(0, kMostWorkers))
      ->capture_default_str();
  CLI::Option* out =
      serve->add_option("--out", options->out, "the directory that the bank's files go to");
  serve
      ->add_option("--release-profile", options->release_profile,
                   "TOML, as for `cycle tick`: this server releases runs, those that are asked for "
                   "and those that are due")
      ->needs(out);
  serve->add_option("--mail-profile", options->mail_profile,
                    "TOML, as for `notices send`: this server sends notices");
  serve->add_option("--as", options->service, "the name of the service, for what goes by itself")
      ->capture_default_str();
  serve->add_flag("--demo", options->demo,
                  "run a small demo first, and serve it with one user of each role");
  AddStoreOptions(*serve, line.store);
  serve->add_option("--payer", options->payer, "payer id, when there are several");
  serve->callback([line, options] {
    const StatusOr<int> code = RunServe(line.store, *options);
    line.exit_code = code.ok() ? *code : Fail(code.status());
  });

  CLI::App* user = line.app.add_subcommand("user", "people who may sign in");
  user->require_subcommand(1);
  AddUserAdd(line, *user);
  AddUserAccountCommands(line, *user);
}

}  // namespace sluice::api
