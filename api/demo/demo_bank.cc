#include "api/demo/demo_bank.h"

#include <fmt/format.h>

#include <sstream>

namespace sluice::demo {
namespace {

constexpr std::size_t kAchColumns = 94;
constexpr std::size_t kAchBlock = 10;

std::string Record(std::string text) {
  text.resize(kAchColumns, ' ');
  return text;
}

std::string Joined(const std::vector<std::string>& records) {
  std::string bytes;
  for (const std::string& record : records) bytes += record + "\n";
  return bytes;
}

bool IsCredit(const DemoBankLine& line) { return line.type < "400"; }

}  // namespace

void DemoBank::Book(Date day, const std::string& account_number, DemoBankLine line) {
  days_[day][account_number].push_back(std::move(line));
}

std::string DemoBank::Statement(Date day) {
  const auto found = days_.find(day);
  if (found == days_.end()) return {};
  const std::string as_of = FormatDateSixDigits(day);
  std::vector<std::string> records = {fmt::format("01,041299993,DEMOPAYER,{},0600,1,,,2/", as_of),
                                      fmt::format("02,DEMOPAYER,041299993,1,{},,USD,2/", as_of)};
  std::int64_t group = 0;
  for (const auto& [account, lines] : found->second) {
    Money credits, debits;
    for (const DemoBankLine& line : lines) (IsCredit(line) ? credits : debits) += line.amount;
    const Money opening = balances_[account];
    const Money closing = opening + credits - debits;
    balances_[account] = closing;
    std::int64_t total = (opening + closing + credits + debits).Cents();
    const std::size_t first = records.size();
    records.push_back(
        fmt::format("03,{},USD,010,{},,,015,{},,/", account, opening.Cents(), closing.Cents()));
    records.push_back(fmt::format("88,100,{},,,400,{},,/", credits.Cents(), debits.Cents()));
    for (const DemoBankLine& line : lines) {
      records.push_back(fmt::format("16,{},{},0,{},{},{}/", line.type, line.amount.Cents(),
                                    line.bank_reference, line.customer_reference, line.text));
      total += line.amount.Cents();
    }
    records.push_back(fmt::format("49,{},{}/", total, records.size() - first + 1));
    group += total;
  }
  records.push_back(fmt::format("98,{},{},{}/", group, found->second.size(), records.size()));
  records.push_back(fmt::format("99,{},1,{}/", group, records.size() + 1));
  return Joined(records);
}

// FORMATS 6: the batch header and the entry as they came, one addenda 99, and new totals.
StatusOr<std::string> ReturnOf(std::string_view ach, std::string_view payment_key,
                               std::string_view code, Date day) {
  std::istringstream in{std::string(ach)};
  std::string file_header, batch_header, entry;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('1')) file_header = line;
    if (line.starts_with('5')) batch_header = line;
    if (!line.starts_with('6') || !line.substr(39, 15).starts_with(payment_key)) continue;
    entry = line;
    break;
  }
  if (entry.empty()) return NotFound("the file has no entry of payment {}", payment_key);
  const std::string odfi = batch_header.substr(79, 8);
  const std::string rdfi = entry.substr(3, 8);
  const std::string amount = entry.substr(29, 10);
  const std::string own_trace = rdfi + "0000001";
  const std::string company = batch_header.substr(40, 10);
  std::vector<std::string> records;
  // To us from the bank: destination and origin change places.
  records.push_back(Record("101" + file_header.substr(13, 10) + file_header.substr(3, 10) +
                           FormatDateSixDigits(day) + "0830A094101" + file_header.substr(63, 23) +
                           file_header.substr(40, 23)));
  records.push_back("5200" + batch_header.substr(4, 75) + rdfi + "0000001");
  const auto check_digit = file_header.substr(12, 1);
  records.push_back(Record("6" + entry.substr(1, 1) + "1" + odfi + check_digit +
                           entry.substr(12, 66) + "1" + own_trace));
  records.push_back(Record(
      fmt::format("799{}{}{:6}{}{:44}{}", code, entry.substr(79, 15), "", rdfi, "", own_trace)));
  records.push_back(Record(fmt::format("8200{:06}{:010}{:012}{:0>12}{}{:25}{}0000001", 2,
                                       std::stoll(odfi), 0, amount, company, "", rdfi)));
  records.push_back(Record(
      fmt::format("9{:06}{:06}{:08}{:010}{:012}{:0>12}", 1, 1, 2, std::stoll(odfi), 0, amount)));
  while (records.size() % kAchBlock != 0) records.emplace_back(kAchColumns, '9');
  return Joined(records);
}

}  // namespace sluice::demo
