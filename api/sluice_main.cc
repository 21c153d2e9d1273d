// sluice: the one program. Its commands are in api/commands.h; this file is the command line.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/commands_check.h"
#include "api/commands_inbound.h"
#include "api/commands_pool.h"
#include "core/failpoint.h"

namespace sluice::api {
namespace {

// Account numbers pass through this process; a crash must not leave them in a core file.
void ForbidCoreFiles() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

void AddDemo(CLI::App& app, DemoCommand& options, int& exit_code) {
  CLI::App* demo = app.add_subcommand("demo", "run a whole payment cycle of a demo payer");
  demo->add_option("--out", options.out, "where the files go")->capture_default_str();
  demo->add_option(
      "--data", options.data,
      "folder with CMS's published results and participants, instead of a synthetic plan");
  demo->add_option("--data-dir", options.data_dir, "where the demo's database lives");
  const auto count = [demo](const char* name, std::int64_t& value, int least, int most,
                            const char* help) {
    demo->add_option(name, value, help)->check(CLI::Range(least, most))->capture_default_str();
  };
  count("--acos", options.acos, 1, 200, "ACOs of the synthetic plan");
  count("--practices", options.practices, 1, 20'000, "practices of the synthetic plan");
  count("--providers", options.providers, 1, 200'000, "providers of the synthetic plan");
  count("--members", options.members, 0, 5'000'000, "members of the synthetic plan");
  demo->add_option("--seed", options.seed, "seed of everything invented")->capture_default_str();
  demo->callback([&] { exit_code = RunDemo(options); });
}

void AddPayer(CLI::App& app, StoreOptions& store, PayerAddOptions& options, int& exit_code) {
  CLI::App* payer = app.add_subcommand("payer", "the health plans that use the system");
  payer->require_subcommand(1);
  CLI::App* add = payer->add_subcommand("add", "add a payer");
  add->add_option("--name", options.name, "legal name")->required();
  add->add_option("--tin", options.tin, "tax id, 9 digits")->required();
  AddStoreOptions(*add, store);
  add->callback([&] { exit_code = RunPayerAdd(store, options); });
}

void AddImport(CLI::App& app, StoreOptions& store, ImportCommand& options, int& exit_code) {
  CLI::App* roster = app.add_subcommand("import", "import a roster file into the hierarchy");
  roster->add_option("file", options.file, "the CSV file")->required();
  roster->add_option("--mapping", options.mapping, "which column is what (TOML)")->required();
  roster->add_option("--payer", options.payer, "payer id, when there are several");
  roster->add_option("--effective", options.effective,
                     "the day the file speaks of (default: the mapping's, or today)");
  roster->add_flag("--dry-run", options.dry_run, "count adds, changes, ends and rejects only");
  roster->add_flag("--allow-rejects", options.allow_rejects,
                   "apply the good rows although some are rejected");
  AddStoreOptions(*roster, store);
  roster->callback([&] { exit_code = RunImport(store, options); });
}

void AddLedger(CLI::App& app, StoreOptions& store, LedgerVerifyCommand& options, std::string& book,
               int& exit_code) {
  CLI::App* ledger = app.add_subcommand("ledger", "the double-entry ledger");
  ledger->require_subcommand(1);
  CLI::App* verify = ledger->add_subcommand("verify", "replay every book and compare everything");
  verify->add_option("--book", options.book, "one book only");
  verify->add_option("--head", options.head_files, "exported heads to compare with");
  verify->add_flag("--json", options.json, "findings as JSON");
  AddStoreOptions(*verify, store);
  verify->callback([&] { exit_code = RunLedgerVerify(store, options); });
  CLI::App* export_book = ledger->add_subcommand("export", "print a book as a plain-text journal");
  export_book->add_option("--book", book, "the book's id")->required();
  AddStoreOptions(*export_book, store);
  export_book->callback([&] { exit_code = RunLedgerExport(store, book); });
}

struct TermsFiles {
  std::string file;
  std::string after;
  bool index = false;
};

void AddTerms(CLI::App& app, TermsFiles& files, int& exit_code) {
  CLI::App* terms = app.add_subcommand("terms", "contract terms: as a text, as data, compared");
  terms->require_subcommand(1);
  const std::string what = "terms as JSON, or a replay package";
  CLI::App* text = terms->add_subcommand("text", "the contract in plain English");
  text->add_option("file", files.file, what)->required();
  text->add_flag("--index", files.index, "the term behind each clause instead");
  text->callback([&] { exit_code = RunTermsText(files.file, files.index); });
  CLI::App* json = terms->add_subcommand("json", "the terms as JSON of the published message");
  json->add_option("file", files.file, what)->required();
  json->callback([&] { exit_code = RunTermsJson(files.file); });
  CLI::App* diff = terms->add_subcommand("diff", "what changed, field by field; exits 1 if it did");
  diff->add_option("before", files.file, what)->required();
  diff->add_option("after", files.after, what)->required();
  diff->callback([&] { exit_code = RunTermsDiff(files.file, files.after); });
}

// Names the command that was begun, what is wrong with it, and where it is explained.
int Misread(CLI::App& app, const CLI::ParseError& error) {
  CLI::App* at = &app;
  std::string name;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    name += (name.empty() ? "" : " ") + at->get_name();
  }
  const std::vector<std::string> left = at->remaining();
  const bool unknown =
      !left.empty() && !left.front().starts_with("-") && !at->get_subcommands({}).empty();
  const std::string space = name.empty() ? "" : " ";
  fmt::print(stderr, "sluice: {}; see: sluice {}{}--help\n",
             unknown        ? fmt::format("there is no command '{}{}{}'", name, space, left.front())
             : name.empty() ? std::string(error.what())
                            : fmt::format("{}: {}", name, error.what()),
             name, space);
  return 2;
}

// What the options of one call are read into; the callbacks run while the line is parsed.
struct Line {
  StoreOptions store;
  DemoCommand demo;
  PayerAddOptions payer;
  ImportCommand import;
  LedgerVerifyCommand verify;
  std::string book;
  std::string directory;
  std::vector<std::string> packages;
  bool show = false;
  TermsFiles terms;
};

int Main(int argc, char** argv) {
  CLI::App app{
      "Sluice administers value-based payments: hierarchies, awards, ledger, cycles, files."};
  app.require_subcommand(1);
  int exit_code = 0;
  Line line;

  AddDemo(app, line.demo, exit_code);
  CLI::App* migrate = app.add_subcommand("migrate", "bring the database's schema up to date");
  AddStoreOptions(*migrate, line.store);
  migrate->callback([&] { exit_code = RunMigrate(line.store); });
  AddPayer(app, line.store, line.payer, exit_code);
  AddImport(app, line.store, line.import, exit_code);
  AddLedger(app, line.store, line.verify, line.book, exit_code);

  CLI::App* verify_files = app.add_subcommand(
      "verify-files", "re-read ACH, 835, statement and control files and check them");
  verify_files->add_option("directory", line.directory, "where the files are")->required();
  verify_files->callback([&] { exit_code = RunVerifyFiles(line.directory); });

  CLI::App* replay = app.add_subcommand("replay", "recompute exported awards without a database");
  replay->add_option("package", line.packages, "package files")->required();
  replay->add_flag("--show", line.show, "print every step of the calculation");
  replay->callback([&] { exit_code = RunReplay(line.packages, line.show); });

  AddTerms(app, line.terms, exit_code);
  AddInboundCommands(app, exit_code);
  const CommandLine groups{.app = app, .store = line.store, .exit_code = exit_code};
  AddProgramCommands(groups);
  AddOnboardingCommands(groups);
  AddContractCommands(groups);
  AddFeedCommands(groups);
  AddGateCommands(groups);
  AddAttributionCommands(groups);
  AddDisputeCommands(groups);
  AddChangeCommands(groups);
  AddOverrideCommands(groups);
  AddPayeeCommands(groups);
  AddTaxCommands(groups);
  AddWithholdCommands(groups);
  AddCycleCommands(groups);
  AddDeliveryCommands(groups);
  AddNoticeCommands(groups);
  AddPoolCommands(groups);
  AddCheckCommands(groups);
  AddReversalCommands(groups);
  AddReconcileCommands(groups);
  AddUnclaimedCommands(groups);
  AddScreeningCommands(groups);
  AddServeCommands(groups);
  AddAuditCommands(groups);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : Misread(app, error);
  }
  return exit_code;
}

}  // namespace
}  // namespace sluice::api

int main(int argc, char** argv) {
  sluice::api::ForbidCoreFiles();
  std::signal(SIGPIPE, SIG_IGN);
  if (const sluice::Status armed = sluice::ArmFailpointsOfEnvironment(); !armed.ok()) {
    std::fprintf(stderr, "sluice: %s\n", sluice::StatusMessage(armed).c_str());
    return 2;
  }
  try {
    return sluice::api::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sluice: %s\n", error.what());
    return 2;
  }
}
