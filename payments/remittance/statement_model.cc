#include "payments/remittance/statement_model.h"

#include <algorithm>

namespace sluice::payments {

void StatementSums::Add(LineKind kind, Money amount) {
  switch (ColumnOf(kind)) {
    case StatementColumn::kEarned:
      earned += amount;
      return;
    case StatementColumn::kWithheld:
      withheld += amount;
      return;
    case StatementColumn::kOffset:
      offsets += amount;
      return;
  }
}

std::vector<StatementGroup> GroupLines(const OutboundPayment& payment) {
  std::vector<StatementGroup> groups;
  for (const RemittanceLine& line : payment.lines) {
    auto group = std::ranges::find_if(groups, [&](const StatementGroup& candidate) {
      return candidate.program == line.program && candidate.contract == line.contract;
    });
    if (group == groups.end()) {
      groups.push_back({line.program, line.contract, line.contract_holder, {}, {}});
      group = groups.end() - 1;
    }
    group->sums.Add(line.kind, line.amount);
    group->lines.push_back(&line);
  }
  return groups;
}

StatementSums SumLines(const OutboundPayment& payment) {
  StatementSums sums;
  for (const RemittanceLine& line : payment.lines) sums.Add(line.kind, line.amount);
  return sums;
}

std::string Dollars(Money amount) {
  return amount < Money() ? "-$" + Abs(amount).ToString() : "$" + amount.ToString();
}

std::string AccountWords(const PayeeDetails& payee) {
  if (payee.account.IsEmpty()) return "No bank account";
  return fmt::format("{}, ending {}",
                     payee.account_kind == AccountKind::kSavings ? "Savings" : "Checking",
                     payee.account.LastFour());
}

std::vector<std::string> AddressLines(const PostalAddress& address) {
  std::vector<std::string> lines;
  if (!address.street.empty()) lines.push_back(address.street);
  std::string place = address.city;
  if (!place.empty() && !address.state.empty()) place += ", ";
  place += address.state;
  if (!address.zip.empty()) {
    if (!place.empty()) place += " ";
    place += address.zip.size() == 9 && address.zip.find('-') == std::string::npos
                 ? address.zip.substr(0, 5) + "-" + address.zip.substr(5)
                 : address.zip;
  }
  if (!place.empty()) lines.push_back(place);
  return lines;
}

std::string PhoneWords(const std::string& phone) {
  const bool ten_digits =
      phone.size() == 10 && std::ranges::all_of(phone, [](char c) { return c >= '0' && c <= '9'; });
  if (!ten_digits) return phone;
  return fmt::format("({}) {}-{}", phone.substr(0, 3), phone.substr(3, 3), phone.substr(6));
}

}  // namespace sluice::payments
