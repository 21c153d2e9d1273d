#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "api/demo/demo.h"
#include "core/progress.h"
#include "payments/ledger/verify.h"

namespace sluice::demo {

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
  for (const ProgramRun& program : programs_) {
    ASSIGN_OR_RETURN(const std::vector<performance::StoredAward> awards,
                     programs_service_->Awards(program.plan.program.id, program.plan.period));
    for (const performance::StoredAward& award : awards) {
      ASSIGN_OR_RETURN(const std::string package,
                       programs_service_->Package({award.contract, award.award, award.version}));
      const std::string name = fmt::format("packages/{}.{}.v{}.package", program.plan.code,
                                           award.contract, award.version);
      std::ofstream out(out_ + "/" + name, std::ios::binary);
      out << package;
      if (!out.good()) return Unavailable("cannot write {}/{}: check the disk", out_, name);
      if (report_.example_package.empty() && award.amount > Money()) report_.example_package = name;
      report_.packages += 1;
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

}  // namespace sluice::demo
