// Builds BAI2 balance reports for tests: counts and totals are right unless a test breaks them.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::payments::testing {

// An account as its records stand, without 49. `total` is what its amounts add up to.
struct SampleAccount {
  std::vector<std::string> records;  // physical records
  std::int64_t total = 0;
};

struct SampleDebit {
  std::string type = "466";
  std::int64_t cents = 0;
  std::string bank_reference, customer_reference, text;
};

// An account of prior-day lines with balances and totals: credits are types below 400.
inline SampleAccount AccountOf(const std::string& number, std::int64_t opening,
                               const std::vector<SampleDebit>& lines) {
  SampleAccount account;
  std::int64_t credits = 0, debits = 0;
  for (const SampleDebit& line : lines) (line.type < "400" ? credits : debits) += line.cents;
  const std::int64_t closing = opening + credits - debits;
  account.records.push_back(fmt::format("03,{},USD,010,{},,,015,{},,/", number, opening, closing));
  account.records.push_back(fmt::format("88,100,{},,,400,{},,/", credits, debits));
  account.total = opening + closing + credits + debits;
  for (const SampleDebit& line : lines) {
    account.records.push_back(fmt::format("16,{},{},0,{},{},{}/", line.type, line.cents,
                                          line.bank_reference, line.customer_reference, line.text));
    account.total += line.cents;
  }
  return account;
}

inline std::string WriteBai2(const std::vector<SampleAccount>& accounts,
                             const std::string& as_of = "261002", char status = '1',
                             const std::string& modifier = "2") {
  std::vector<std::string> records = {
      fmt::format("01,091000019,1123456789,{},0600,1,,,2/", as_of),
      fmt::format("02,1123456789,091000019,{},{},,USD,{}/", status, as_of, modifier)};
  std::int64_t group = 0;
  for (const SampleAccount& account : accounts) {
    records.insert(records.end(), account.records.begin(), account.records.end());
    records.push_back(fmt::format("49,{},{}/", account.total, account.records.size() + 1));
    group += account.total;
  }
  records.push_back(fmt::format("98,{},{},{}/", group, accounts.size(), records.size()));
  records.push_back(fmt::format("99,{},1,{}/", group, records.size() + 1));
  std::string bytes;
  for (const std::string& record : records) bytes += record + "\n";
  return bytes;
}

}  // namespace sluice::payments::testing
