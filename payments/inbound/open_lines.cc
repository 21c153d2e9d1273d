#include "payments/inbound/open_lines.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/calendar.h"

namespace sluice::payments {

std::vector<std::int64_t> CheckNumbersOf(std::span<const BankLineRow> lines) {
  std::set<std::int64_t> numbers;
  for (const BankLineRow& line : lines) {
    if (!SaysCheckPaid(line.type_code)) continue;
    if (const auto number = CheckNumberOf(line.customer_reference)) numbers.insert(*number);
  }
  return {numbers.begin(), numbers.end()};
}

CheckRulings RuleOnChecks(std::vector<CheckAtBank> checks, std::span<const BankLineRow> lines) {
  std::vector<PaidCheckLine> paid;
  for (const BankLineRow& line : lines) paid.push_back({line.customer_reference, line.amount});
  CheckRulings ruled{.rulings = RulePaidChecks(paid, RegisteredChecksOf(checks))};
  ruled.checks = std::move(checks);
  return ruled;
}

std::vector<UnmatchedLine> UnmatchedOf(pg::Transaction& tx, BookId book, Date today) {
  std::vector<BankLineRow> lines = LoadOpenLines(tx, book);
  std::map<BankAccountId, std::vector<BankLineRow>> paid;
  for (const BankLineRow& line : lines) {
    if (SaysCheckPaid(line.type_code)) paid[line.account].push_back(line);
  }
  std::map<std::int64_t, PaidCheckRuling> rulings;
  for (const auto& [account, own] : paid) {
    const CheckRulings ruled =
        RuleOnChecks(FindChecks(tx, book, account, CheckNumbersOf(own)), own);
    for (std::size_t i = 0; i < own.size(); ++i) rulings.emplace(own[i].id, ruled.rulings[i]);
  }
  std::vector<UnmatchedLine> open;
  for (BankLineRow& line : lines) {
    UnmatchedLine row{.book = book,
                      .name = "UNMATCHED",
                      .what = "nothing that we expect of the bank explains it",
                      .banking_days_old = std::max(0, BankingDaysBetween(line.as_of, today))};
    if (const auto ruling = rulings.find(line.id); ruling != rulings.end()) {
      row.name = PaidCheckVerdictName(ruling->second.verdict);
      row.what = ruling->second.verdict == PaidCheckVerdict::kPaid
                     ? "it fits its check now: apply once more"
                     : ruling->second.reason;
    }
    row.line = std::move(line);
    open.push_back(std::move(row));
  }
  return open;
}

}  // namespace sluice::payments
