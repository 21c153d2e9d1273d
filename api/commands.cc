#include "api/commands.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "api/session.h"
#include "hierarchy/identifier.h"
#include "hierarchy/payer_store.h"
#include "hierarchy/roster_mapping.h"
#include "hierarchy/roster_service.h"
#include "payments/remittance/verify_files.h"
#include "performance/package.h"

namespace sluice::api {
namespace {

Status AddPayer(const StoreOptions& options, const PayerAddOptions& command) {
  const StatusOr<std::string> tin = hierarchy::ParseTin(command.tin);
  if (!tin.ok()) return Annotate(tin.status(), "--tin");
  SystemClock clock;
  IdGenerator ids(clock, 0);
  ASSIGN_OR_RETURN(const Store store, Store::Open(options, clock));
  ASSIGN_OR_RETURN(const std::vector<hierarchy::PayerRecord> payers, AllPayers(store));
  for (const hierarchy::PayerRecord& known : payers) {
    if (known.tin == *tin) {
      return AlreadyExists("tax id {} is that of {} ({}): a payer is added once", *tin, known.name,
                           known.id);
    }
  }
  const hierarchy::PayerRecord payer{.id = ids.Next<PayerTag>(), .name = command.name, .tin = *tin};
  RETURN_IF_ERROR(store.App().ForPayer(payer.id).Transact([&](pg::Transaction& tx) -> Status {
    hierarchy::InsertPayer(tx, payer);
    return OkStatus();
  }));
  fmt::print("{}  {}\n", payer.id, payer.name);
  return OkStatus();
}

Status Import(const StoreOptions& options, const ImportCommand& command) {
  std::optional<Date> effective;
  if (!command.effective.empty()) {
    const StatusOr<Date> day = ParseDate(command.effective);
    if (!day.ok()) return Annotate(day.status(), "--effective");
    effective = *day;
  }
  ASSIGN_OR_RETURN(const hierarchy::RosterMapping mapping,
                   hierarchy::LoadRosterMapping(command.mapping));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(options, command.payer));
  const hierarchy::RosterService rosters(session->Database(), session->Clock(), session->Ids());
  ASSIGN_OR_RETURN(const hierarchy::ImportReport report,
                   rosters.Import(session->Payer(), command.file, mapping,
                                  {.dry_run = command.dry_run,
                                   .allow_rejects = command.allow_rejects,
                                   .effective = effective,
                                   .recorded_at = {}}));
  fmt::print("{}{}", report.ToText(), command.dry_run ? "Dry run: nothing was written.\n" : "");
  return OkStatus();
}

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    return NotFound("cannot read {}: name an existing file", path);
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Status WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.flush();
  if (!file.good()) return Unavailable("cannot write {}: check the folder and the disk", path);
  return OkStatus();
}

int Fail(const Status& status) {
  std::string message(StatusMessage(status));
  while (message.ends_with('\n')) message.pop_back();
  fmt::print(stderr, "sluice: {}\n", message);
  const bool environment = status.code() == absl::StatusCode::kUnavailable ||
                           status.code() == absl::StatusCode::kNotFound ||
                           status.code() == absl::StatusCode::kInternal;
  return environment ? 2 : 1;
}

int RunMigrate(const StoreOptions& options) {
  SystemClock clock;
  const StatusOr<Store> store = Store::Open(options, clock);
  if (!store.ok()) return Fail(store.status());
  fmt::print("The schema is up to date.\n");
  return 0;
}

int RunPayerAdd(const StoreOptions& options, const PayerAddOptions& command) {
  const Status status = AddPayer(options, command);
  return status.ok() ? 0 : Fail(status);
}

int RunImport(const StoreOptions& options, const ImportCommand& command) {
  const Status status = Import(options, command);
  return status.ok() ? 0 : Fail(status);
}

int RunVerifyFiles(const std::string& directory) {
  const StatusOr<payments::VerifyReport> report = payments::VerifyDirectory(directory, {});
  if (!report.ok()) return Fail(report.status());
  for (const payments::Finding& finding : report->findings) fmt::print("{}\n", finding.ToString());
  fmt::print(
      "{} ACH files with {} entries for {}; {} 835 files with {} transactions for {}; {} PDF "
      "files with {} statements for {}; ledger {}: {}\n",
      report->ach_files, report->ach_entries, report->ach_credits, report->x12_files,
      report->x12_transactions, report->x12_total, report->pdf_files, report->statements,
      report->statement_total, report->ledger_total,
      report->Clean() ? "no findings" : fmt::format("{} findings", report->findings.size()));
  return report->Clean() ? 0 : 1;
}

int RunReplay(const std::vector<std::string>& packages, bool show) {
  int exit_code = 0;
  for (const std::string& path : packages) {
    const StatusOr<std::string> text = ReadFile(path);
    if (!text.ok()) return Fail(text.status());
    const StatusOr<performance::ReplayReport> report = performance::ReplayPackage(*text);
    if (!report.ok()) return Fail(Annotate(report.status(), path));
    fmt::print("{}: {}", path, performance::ToText(*report));
    if (show) {
      fmt::print("{}{}", performance::ToText(report->settlement.award),
                 performance::SplitToText(report->settlement.shares));
    }
    if (!report->Matches()) exit_code = 1;
  }
  return exit_code;
}

}  // namespace sluice::api
