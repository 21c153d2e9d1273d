#include "payments/remittance/verify_files.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "payments/remittance/verify_parts.h"

namespace sluice::payments {
namespace {

StatusOr<std::string> ReadBytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return NotFound("{} cannot be opened", path.string());
  const auto size = static_cast<std::size_t>(in.tellg());
  std::string bytes(size, '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!in) return DataLoss("{} cannot be read to its end", path.string());
  return bytes;
}

bool IsOurs(const std::string& name) {
  return name.ends_with(".ach") || name.ends_with(".835") || name.ends_with(".pdf") ||
         name.ends_with(".csv") || name.ends_with(".checks");
}

StatusOr<std::vector<VerifiedFile>> Load(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file() && IsOurs(it->path().filename().string())) {
      paths.push_back(it->path());
    }
  }
  if (error) {
    return NotFound("directory {} cannot be read: {}", directory, error.message());
  }
  std::ranges::sort(paths);
  std::vector<VerifiedFile> files;
  for (const auto& path : paths) {
    ASSIGN_OR_RETURN(std::string bytes, ReadBytes(path));
    files.push_back({path.filename().string(), std::move(bytes)});
  }
  return files;
}

bool ExpectsStream(const VerifyOptions& options) {
  return options.profile && options.profile->line_end == LineEnd::kNone;
}

// Reads the files one by one and collects what the checks across them need.
class Verifier {
 public:
  Verifier(const VerifyOptions& options, std::vector<VerifiedFile> files) : options_(options) {
    directory_.files = std::move(files);
  }

  VerifyReport Run() {
    for (const VerifiedFile& file : directory_.files) {
      // The names of findings are viewed by entries, so they have to stay.
      Findings& findings = findings_.emplace_back(file.name);
      if (file.name.ends_with(".ach")) ReadAchFile(file, findings);
      if (file.name.ends_with(".835")) Read835(file, findings);
      if (file.name.ends_with(".pdf")) ReadPdf(file, findings);
      if (file.name.ends_with(".csv")) {
        ++report_.csv_files;
        ReadTable(file.name, file.bytes, directory_.tables, findings);
      }
    }
    for (const ReadControl& row : directory_.tables.controls) report_.ledger_total += row.disbursed;
    for (Findings& findings : findings_) Append(findings.Take());
    Append(CheckAcross(directory_));
    return std::move(report_);
  }

 private:
  void Append(const std::vector<Finding>& findings) {
    report_.findings.insert(report_.findings.end(), findings.begin(), findings.end());
  }

  void ReadAchFile(const VerifiedFile& file, Findings& findings) {
    ++report_.ach_files;
    const AchDocument document = ReadAch(file.bytes, findings);
    CheckAchContent(document, findings, ExpectsStream(options_));
    if (document.header.Exists()) {
      // Origin, creation date and time, modifier: the operator's duplicate key.
      const std::string key(document.header.text.substr(ach::kImmediateOrigin.position - 1, 21));
      if (!identities_.insert(key).second) {
        findings.Add(8, document.header.line,
                     "origin, creation date, time and modifier are those of another file");
      }
    }
    const bool repaired = !document.repaired.empty();
    if (repaired) return;  // its entries may view the repaired copies, which end here
    Money& day_credits =
        day_credits_[document.header.Exists() ? std::string(document.header.Get(ach::kCreationDate))
                                              : std::string()];
    for (VerifiedEntry& entry : CheckAchRelease(document, options_.profile, findings)) {
      if (!entry.offset) {
        ++report_.ach_entries;
        report_.ach_credits += entry.amount;
        day_credits += entry.amount;
      }
      entry.file = file.name;
      directory_.entries.push_back(entry);
    }
    if (options_.profile && day_credits > options_.profile->day_limit) {
      findings.Add(18, 0, "the files of this day carry {}, above the bank's limit {}", day_credits,
                   options_.profile->day_limit);
    }
  }

  void Read835(const VerifiedFile& file, Findings& findings) {
    ++report_.x12_files;
    const X12Document document = ReadX12(file.bytes, findings);
    if (document.segments.empty()) return;
    const X12Segment& isa = document.Isa();
    const std::string key = fmt::format("{}|{}|{}", isa.At(6), isa.At(8), isa.At(13));
    if (!control_numbers_.insert(key).second) {
      findings.Add(30, 1, "control number {} to this partner is also in another file", isa.At(13));
    }
    for (Remittance& remittance : Check835(document, findings)) {
      ++report_.x12_transactions;
      report_.x12_total += remittance.amount;
      directory_.remittances.push_back({file.name, std::move(remittance)});
    }
  }

  void ReadPdf(const VerifiedFile& file, Findings& findings) {
    ++report_.pdf_files;
    for (ReadStatement& statement : ReadStatementPdf(file.bytes, findings)) {
      ++report_.statements;
      report_.statement_total += statement.paid;
      directory_.pdf_statements.push_back(std::move(statement));
    }
  }

  const VerifyOptions& options_;
  VerifiedDirectory directory_;
  std::deque<Findings> findings_;
  std::set<std::string> identities_;
  std::map<std::string, Money> day_credits_;  // by creation date
  std::set<std::string> control_numbers_;
  VerifyReport report_;
};

}  // namespace

StatusOr<VerifyReport> VerifyDirectory(const std::string& directory, const VerifyOptions& options) {
  ASSIGN_OR_RETURN(std::vector<VerifiedFile> files, Load(directory));
  return Verifier(options, std::move(files)).Run();
}

std::vector<Finding> VerifyAch(std::string_view name, std::string_view bytes,
                               const VerifyOptions& options) {
  Findings findings{std::string(name)};
  const AchDocument document = ReadAch(bytes, findings);
  CheckAchContent(document, findings, ExpectsStream(options));
  CheckAchRelease(document, options.profile, findings);
  return findings.Take();
}

std::vector<Finding> Verify835(std::string_view name, std::string_view bytes) {
  Findings findings{std::string(name)};
  const X12Document document = ReadX12(bytes, findings);
  Check835(document, findings);
  return findings.Take();
}

}  // namespace sluice::payments
