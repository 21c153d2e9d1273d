// The independent reader of everything that a release wrote.
//
// It reads finished bytes, never the generator's memory, shares no code with the writers, and
// blocks the release on any finding. The check numbers are those of FORMATS section 11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/finding.h"

namespace sluice::payments {

struct VerifyOptions {
  // Adds the checks against the bank profile (7, 10, 15, 18, 27, 44).
  std::optional<BankProfile> profile;
};

struct VerifyReport {
  std::vector<Finding> findings;
  std::int64_t ach_files = 0, ach_entries = 0;
  std::int64_t x12_files = 0, x12_transactions = 0;
  std::int64_t pdf_files = 0, statements = 0;
  std::int64_t csv_files = 0;
  Money ach_credits, x12_total, statement_total, ledger_total;

  bool Clean() const { return findings.empty(); }
};

// Reads every .ach, .835, .pdf and .csv of the directory (not its subdirectories) and makes every
// check, within each file and across them; .checks, whose layout is the bank's, by size and hash.
// NotFound when the directory cannot be read.
StatusOr<VerifyReport> VerifyDirectory(const std::string& directory, const VerifyOptions& options);

// The checks of one file from its bytes: 1-28 for ACH, 29-42 for 835. `name` is for the messages.
std::vector<Finding> VerifyAch(std::string_view name, std::string_view bytes,
                               const VerifyOptions& options);
std::vector<Finding> Verify835(std::string_view name, std::string_view bytes);

}  // namespace sluice::payments
