// sluice: the one program. Its commands are in api/commands.h; this file is the command line.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>

#include "api/commands.h"

namespace sluice::api {
namespace {

// Account numbers pass through this process; a crash must not leave them in a core file.
void ForbidCoreFiles() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

void AddStoreOptions(CLI::App& command, StoreOptions& store) {
  command.add_option("--data-dir", store.data_dir,
                     "data directory of the embedded database (default " + DefaultDataDir() + ")");
  command.add_option("--config", store.config_file,
                     "configuration file; its [database] section names a server to use instead");
}

int Main(int argc, char** argv) {
  CLI::App app{
      "Sluice administers value-based payments: hierarchies, awards, ledger, cycles, files."};
  app.require_subcommand(1);
  int exit_code = 0;
  StoreOptions store;

  CLI::App* demo = app.add_subcommand("demo", "run a whole payment cycle of a demo payer");
  DemoCommand demo_options;
  demo->add_option("--out", demo_options.out, "where the files go")->capture_default_str();
  demo->add_option(
      "--data", demo_options.data,
      "folder with CMS's published results and participants, instead of a synthetic plan");
  demo->add_option("--data-dir", demo_options.data_dir, "where the demo's database lives");
  demo->add_option("--members", demo_options.members, "members of the synthetic plan")
      ->check(CLI::Range(0, 5'000'000))
      ->capture_default_str();
  demo->add_option("--seed", demo_options.seed, "seed of everything invented")
      ->capture_default_str();
  demo->callback([&] { exit_code = RunDemo(demo_options); });

  CLI::App* migrate = app.add_subcommand("migrate", "bring the database's schema up to date");
  AddStoreOptions(*migrate, store);
  migrate->callback([&] { exit_code = RunMigrate(store); });

  CLI::App* payer = app.add_subcommand("payer", "the health plans that use the system");
  payer->require_subcommand(1);
  CLI::App* payer_add = payer->add_subcommand("add", "add a payer");
  PayerAddOptions payer_options;
  payer_add->add_option("--name", payer_options.name, "legal name")->required();
  payer_add->add_option("--tin", payer_options.tin, "tax id, 9 digits")->required();
  AddStoreOptions(*payer_add, store);
  payer_add->callback([&] { exit_code = RunPayerAdd(store, payer_options); });

  CLI::App* import = app.add_subcommand("import", "import a roster file into the hierarchy");
  ImportCommand import_options;
  import->add_option("file", import_options.file, "the CSV file")->required();
  import->add_option("--mapping", import_options.mapping, "which column is what (TOML)")
      ->required();
  import->add_option("--payer", import_options.payer, "payer id, when there are several");
  import->add_flag("--dry-run", import_options.dry_run,
                   "count adds, changes, ends and rejects only");
  import->add_flag("--allow-rejects", import_options.allow_rejects,
                   "apply the good rows although some are rejected");
  AddStoreOptions(*import, store);
  import->callback([&] { exit_code = RunImport(store, import_options);
});

CLI::App* ledger = app.add_subcommand("ledger", "the double-entry ledger");
ledger->require_subcommand(1);
CLI::App* verify = ledger->add_subcommand("verify", "replay every book and compare everything");
LedgerVerifyCommand verify_options;
verify->add_option("--book", verify_options.book, "one book only");
verify->add_option("--head", verify_options.head_files, "exported heads to compare with");
verify->add_flag("--json", verify_options.json, "findings as JSON");
AddStoreOptions(*verify, store);
verify->callback([&] { exit_code = RunLedgerVerify(store, verify_options); });
CLI::App* export_book = ledger->add_subcommand("export", "print a book as a plain-text journal");
std::string book;
export_book->add_option("--book", book, "the book's id")->required();
AddStoreOptions(*export_book, store);
export_book->callback([&] { exit_code = RunLedgerExport(store, book); });

CLI::App* verify_files = app.add_subcommand(
    "verify-files", "re-read ACH, 835, statement and control files and check them");
std::string directory;
verify_files->add_option("directory", directory, "where the files are")->required();
verify_files->callback([&] { exit_code = RunVerifyFiles(directory); });

CLI::App* replay = app.add_subcommand("replay", "recompute exported awards without a database");
std::vector<std::string> packages;
bool show = false;
replay->add_option("package", packages, "package files")->required();
replay->add_flag("--show", show, "print every step of the calculation");
replay->callback([&] { exit_code = RunReplay(packages, show); });

CLI11_PARSE(app, argc, argv);
return exit_code;
}  // namespace

}  // namespace sluice::api
}  // namespace sluice::api

int main(int argc, char** argv) {
  sluice::api::ForbidCoreFiles();
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return sluice::api::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sluice: %s\n", error.what());
    return 2;
  }
}
