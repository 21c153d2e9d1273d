#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "api/demo/demo.h"
#include "core/progress.h"
#include "payments/ledger/verify.h"
#include "payments/remittance/verify_files.h"

namespace sluice::demo {

Status Demo::ComparePublished() {
  const std::vector<PublishedAward> published = source_.Published();
  if (published.empty()) return OkStatus();
  std::map<ContractId, Money> ours;
  for (const CycleWork& cycle : cycles_) {
    ASSIGN_OR_RETURN(
        const std::vector<performance::StoredAward> awards,
        programs_service_->Awards(cycle.program->plan.program.id, cycle.plan.period));
    for (const performance::StoredAward& award : awards) ours[award.contract] = award.amount;
  }
  const Exact dollar(Money::FromCents(100));
  for (const PublishedAward& award : published) {
    const auto found = ours.find(award.contract);
    if (found == ours.end()) continue;
    report_.compared += 1;
    const Exact difference = Abs(Exact(found->second) - award.earned);
    if (difference <= dollar) {
      report_.equal_to_a_dollar += 1;
      continue;
    }
    report_.differences.push_back({.holder = award.holder,
                                   .ours = found->second.ToString(),
                                   .published = award.earned.ToString(2),
                                   .allowed = award.tolerance.ToString(2)});
  }
  return OkStatus();
}

Status Demo::VerifyFiles() {
  Progress progress("verifying every file with the independent reader");
  ASSIGN_OR_RETURN(const payments::VerifyReport report, payments::VerifyDirectory(out_, {}));
  report_.files_line =
      fmt::format("{} ACH ({} entries, {}), {} 835 ({} payments, {}), {} PDF ({} statements); {}",
                  report.ach_files, report.ach_entries, report.ach_credits, report.x12_files,
                  report.x12_transactions, report.x12_total, report.pdf_files, report.statements,
                  report.Clean() ? "no findings: entry = 835 = statement = ledger, to the cent"
                                 : fmt::format("{} FINDINGS", report.findings.size()));
  if (!report.Clean()) {
    return FailedPrecondition("{} findings; the first: {}", report.findings.size(),
                              report.findings.front().ToString());
  }
  progress.Finish(fmt::format("{} files, no findings", report.ach_files + report.x12_files +
                                                           report.pdf_files + report.csv_files));
  return OkStatus();
}

Status Demo::VerifyLedger() {
  Progress progress("verifying the ledger from its first entry");
  ASSIGN_OR_RETURN(const payments::LedgerVerifyReport report,
                   payments::VerifyLedger(store_.Verify().ForPayer(payer_), {}));
  report_.ledger_line =
      fmt::format("{} books, {} journals, {} transfers replayed; {}", report.books, report.journals,
                  report.transfers,
                  report.Clean() ? "every balance, hold and hash agrees"
                                 : fmt::format("{} FINDINGS", report.findings.size()));
  if (!report.Clean()) return DataLoss("{}", report.findings.front().ToString());
  progress.Finish(report_.ledger_line);
  return OkStatus();
}

Status Demo::ExportPackages() {
  Progress progress("exporting replay packages");
  const std::string directory = out_ + "/packages";
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  std::filesystem::create_directories(directory, error);
  if (error) return FailedPrecondition("cannot make the folder {}: {}", directory, error.message());
  for (const auto& program : programs_) {
    std::set<Date> exported;
    for (const DemoCycle& cycle : program->plan.cycles) {
      if (!exported.insert(cycle.period.from).second) continue;
      RETURN_IF_ERROR(ExportAwards(*program, cycle.period));
    }
  }
  std::error_code ignored;
  std::vector<std::string> statements;
  for (const auto& entry : std::filesystem::directory_iterator(out_, ignored)) {
    if (entry.path().extension() == ".pdf") statements.push_back(entry.path().filename());
  }
  if (!statements.empty()) {
    report_.example_statement = *std::min_element(statements.begin(), statements.end());
  }
  progress.Finish(fmt::format("{} awards", report_.packages));
  return OkStatus();
}

// Every version: each was paid, or is what the next one is the difference to.
Status Demo::ExportAwards(const ProgramWork& program, const DateRange& period) {
  ASSIGN_OR_RETURN(const std::vector<performance::StoredAward> awards,
                   programs_service_->Awards(program.plan.program.id, period));
  // Of a program with several periods the name says which.
  const std::string of_period =
      program.plan.cycles.front().period == program.plan.cycles.back().period
          ? ""
          : "." + FormatDate(period.from).substr(0, 7);
  for (const performance::StoredAward& award : awards) {
    for (std::int32_t version = 1; version <= award.version; ++version) {
      ASSIGN_OR_RETURN(const std::string package,
                       programs_service_->Package({award.contract, award.award, version}));
      const std::string name = fmt::format("packages/{}.{}{}.v{}.package", program.plan.code,
                                           award.contract, of_period, version);
      std::ofstream out(out_ + "/" + name, std::ios::binary);
      out << package;
      if (!out.good()) return Unavailable("cannot write {}/{}: check the disk", out_, name);
      if (report_.example_package.empty() && award.amount > Money()) report_.example_package = name;
      report_.packages += 1;
    }
  }
  return OkStatus();
}

}  // namespace sluice::demo
