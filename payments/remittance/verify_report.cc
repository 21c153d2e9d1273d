// The checks of the cycle report: the manifest of the directory, and its amounts.
#include <algorithm>
#include <map>
#include <string>

#include "core/bytes.h"
#include "payments/remittance/cycle_files.h"
#include "payments/remittance/verify_parts.h"

namespace sluice::payments {
namespace {

class ReportChecks {
 public:
  explicit ReportChecks(const VerifiedDirectory& directory)
      : directory_(directory), tables_(directory.tables) {
    for (const ReadControl& row : tables_.controls) {
      disbursed_ += row.disbursed;
      by_key_[row.key] = row.disbursed;
    }
  }

  std::vector<Finding> Run() {
    const auto report = std::ranges::find(directory_.files, kCycleReportName, &VerifiedFile::name);
    if (report == directory_.files.end() || !tables_.has_report) {
      Add(28, 0,
          "the cycle report is missing or not readable: no file can be told to be the one that was "
          "released");
      return std::move(findings_);
    }
    CheckSeal(report->bytes);
    CheckFiles();
    CheckAmounts();
    return std::move(findings_);
  }

 private:
  template <typename... Args>
  void Add(int check, std::size_t line, fmt::format_string<Args...> format, Args&&... args) {
    findings_.push_back({check, std::string(kCycleReportName), line,
                         fmt::format(format, std::forward<Args>(args)...), false});
  }

  // The last row is the hash of all bytes above it, and nothing comes after it.
  void CheckSeal(std::string_view bytes) {
    const std::size_t at = bytes.rfind("\nSEAL,");
    if (at == bytes.npos) {
      Add(28, 0, "its last row is not its seal: rows were cut off or changed");
      return;
    }
    const std::string_view rows = bytes.substr(0, at + 1);
    const std::string seal = fmt::format("SEAL,{},SHA-256,{},,{}\n", kCycleReportName, rows.size(),
                                         ToHex(Sha256(AsBytes(rows))));
    if (bytes.substr(at + 1) != seal) {
      Add(28, 0, "its rows do not have the SHA-256 of its seal: the report was changed");
    }
  }

  void CheckFiles() {
    std::map<std::string_view, const ReportedFile*> listed;
    for (const ReportedFile& file : tables_.reported_files) listed[file.name] = &file;
    for (const VerifiedFile& file : directory_.files) {
      if (file.name == kCycleReportName) continue;
      const auto found = listed.find(file.name);
      if (found == listed.end()) {
        Add(28, 0, "{} is not listed: it is no file of this release", file.name);
        continue;
      }
      CheckFile(file, *found->second);
      listed.erase(found);
    }
    for (const auto& [name, file] : listed) {
      Add(28, file->line, "{} is listed but not there", name);
    }
  }

  void CheckFile(const VerifiedFile& file, const ReportedFile& listed) {
    if (listed.size != static_cast<std::int64_t>(file.bytes.size()) ||
        listed.sha256 != ToHex(Sha256(AsBytes(file.bytes)))) {
      Add(28, listed.line, "{} does not have the size and SHA-256 listed", file.name);
    }
    if (!listed.amount) return;
    const Money carried = file.name == kCycleControlName ? disbursed_ : AmountOf(file.name);
    const bool issued = file.name.ends_with(".checks") && !file.name.ends_with(".void.checks");
    const bool counted =
        file.name.ends_with(".ach") || file.name == kCycleControlName || issued;
    if (counted && *listed.amount != carried) {
      Add(27, listed.line, "{} carries {}, {} is listed", file.name, carried, *listed.amount);
    }
  }

  void CheckAmounts() {
    const auto same = [&](std::string_view what, Money reported, std::string_view other,
                          Money expected) {
      if (reported != expected) {
        Add(47, 0, "reports {} {}, {} {}", reported, what, other, expected);
      }
    };
    same("disbursed", tables_.reported_total.value_or(Money()), "the ledger", disbursed_);
    same("paid by program", tables_.reported_program_paid, "the ledger", disbursed_);
    const Money held = tables_.reported_held.value_or(Money());
    same("held", held, "its held lines carry", tables_.reported_held_lines);
    same("held by program", tables_.reported_program_held, "in total", held);
    for (const ReadStatement& payment : tables_.reported_payments) {
      const auto row = by_key_.find(payment.key);
      if (row == by_key_.end() || row->second != payment.paid) {
        Add(47, payment.place, "payment {} with {} is not what the ledger says", payment.key,
            payment.paid);
      }
    }
  }

  Money AmountOf(std::string_view file) const {
    Money sum;
    for (const VerifiedEntry& entry : directory_.entries) {
      if (entry.file == file && !entry.offset) sum += entry.amount;
    }
    for (const ReadControl& row : tables_.controls) {
      if (row.method == "CHK" && row.ach_file == file) sum += row.disbursed;
    }
    return sum;
  }

  const VerifiedDirectory& directory_;
  const ReadTables& tables_;
  Money disbursed_;
  std::map<std::string_view, Money> by_key_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> CheckReport(const VerifiedDirectory& directory) {
  return ReportChecks(directory).Run();
}

}  // namespace sluice::payments
