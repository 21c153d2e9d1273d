// Lines of statements that nothing explains yet: what the register says of those that paid a check,
// and the list that people work through.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/database.h"
#include "payments/checks/check_store.h"
#include "payments/checks/paid_check.h"
#include "payments/inbound/statement_store.h"

namespace sluice::payments {

// The numbers that lines about paid checks name, each once.
std::vector<std::int64_t> CheckNumbersOf(std::span<const BankLineRow> lines);

// The register's checks that lines name, and what each line does to them.
struct CheckRulings {
  std::vector<CheckAtBank> checks;
  std::vector<PaidCheckRuling> rulings;  // by line
};
// Requires: every line says that a check was paid.
CheckRulings RuleOnChecks(std::vector<CheckAtBank> checks, std::span<const BankLineRow> lines);

// A line that nothing explains.
struct UnmatchedLine {
  BookId book;
  BankLineRow line;
  std::string_view name;  // "UNMATCHED", or what is wrong with a paid check: "CHECK_VOID"
  std::string what;       // in words, and what to do
  int banking_days_old = 0;
};
// Those of a book, by day and id.
std::vector<UnmatchedLine> UnmatchedOf(pg::Transaction& tx, BookId book, Date today);

}  // namespace sluice::payments
