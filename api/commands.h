// The commands of the `sluice` program. Each gives the process's exit code: 0 all is well, 1 there
// are findings or the work was refused, 2 it could not be done (no database, no file).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/store.h"
#include "performance/terms.h"

namespace sluice::api {

// Prints "sluice: <message>" on standard error and gives the exit code of the status.
int Fail(const Status& status);
// The bytes of a file. NotFound names it.
StatusOr<std::string> ReadFile(const std::string& path);
// Unavailable names the file.
Status WriteFile(const std::string& path, std::string_view bytes);

// Terms of a file: JSON, or those in force of a replay package, which must replay.
StatusOr<performance::Terms> LoadTerms(const std::string& path);

// Brings the schema up to date and says what was done.
int RunMigrate(const StoreOptions& store);

struct PayerAddOptions {
  std::string name;
  std::string tin;
};
int RunPayerAdd(const StoreOptions& store, const PayerAddOptions& options);

struct ImportCommand {
  std::string file;
  std::string mapping;
  std::string payer;      // id; empty when there is exactly one payer
  std::string effective;  // the day the file speaks of; empty: the mapping's, or today
  bool dry_run = false;
  bool allow_rejects = false;
};
int RunImport(const StoreOptions& store, const ImportCommand& options);

struct LedgerVerifyCommand {
  std::string book;                     // id; empty for all books of all payers
  std::vector<std::string> head_files;  // exported heads to compare the chains with
  bool json = false;
};
int RunLedgerVerify(const StoreOptions& store, const LedgerVerifyCommand& options);
// Writes a book as a plain-text journal (hledger) to standard output.
int RunLedgerExport(const StoreOptions& store, const std::string& book);

// Re-reads every payment file of a directory and checks it.
int RunVerifyFiles(const std::string& directory);

// Replays packages without a database; --show prints every step.
int RunReplay(const std::vector<std::string>& packages, bool show);

// Prints the contract in plain English. `file` holds terms as JSON, or is a replay package. With
// `index`, the path of the term behind each clause instead.
int RunTermsText(const std::string& file, bool index);
// Prints terms as JSON of the published message.
int RunTermsJson(const std::string& file);
// Prints what changed from one to the other, field by field; 1 when anything did.
int RunTermsDiff(const std::string& before, const std::string& after);

struct DemoCommand {
  std::string out = "out";
  std::string data;      // a folder with CMS's published files; empty: the synthetic plan
  std::string data_dir;  // of the demo's own embedded server; empty: <default>/demo
  // The size of the synthetic plan; of no effect with `data`.
  std::int64_t acos = 12;
  std::int64_t practices = 300;
  std::int64_t providers = 3'000;
  std::int64_t members = 100'000;
  std::int64_t seed = 2026;
};
int RunDemo(const DemoCommand& options);

}  // namespace sluice::api
