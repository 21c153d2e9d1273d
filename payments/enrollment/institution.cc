#include "payments/enrollment/institution.h"

#include <algorithm>
#include <set>
#include <utility>

#include "payments/remittance/bank_profile.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kRowLength = 155;
constexpr std::size_t kMostFaults = 10;

std::string_view WithoutBlanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Nine zeros have a right check digit, and are none.
bool IsRoutingNumber(std::string_view text) {
  return text.size() == 9 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         text.find_first_not_of('0') != std::string_view::npos &&
         RoutingCheckDigit(text.substr(0, 8)) == text[8];
}

// MMDDYY of this century; none for zeros or blanks.
StatusOr<std::optional<Date>> ReadChangeDate(std::string_view text) {
  if (text.find_first_not_of("0 ") == std::string_view::npos) return std::optional<Date>();
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return InvalidArgument("\"{}\" is not a date MMDDYY", text);
  }
  ASSIGN_OR_RETURN(const Date date, ParseDate(fmt::format("20{}-{}-{}", text.substr(4, 2),
                                                          text.substr(0, 2), text.substr(2, 2))));
  return std::optional<Date>(date);
}

StatusOr<Institution> ReadRow(std::string_view row) {
  if (row.size() != kRowLength) {
    return InvalidArgument("has {} characters, not {}", row.size(), kRowLength);
  }
  Institution read{.routing_number = std::string(row.substr(0, 9)),
                   .name = std::string(WithoutBlanks(row.substr(35, 36))),
                   .city = std::string(WithoutBlanks(row.substr(107, 20))),
                   .state = std::string(WithoutBlanks(row.substr(127, 2)))};
  if (!IsRoutingNumber(read.routing_number)) {
    return InvalidArgument(
        "positions 1-9: \"{}\" is no routing number: nine digits with a check "
        "digit",
        read.routing_number);
  }
  const char type = row[19];
  if (type < '0' || type > '2') {
    return InvalidArgument("position 20: record type '{}' is none of 0, 1, 2", type);
  }
  read.routing = static_cast<InstitutionRouting>(type - '0');
  auto changed = ReadChangeDate(row.substr(20, 6));
  if (!changed.ok()) return Annotate(changed.status(), "positions 21-26");
  read.changed_on = *changed;
  if (read.routing == InstitutionRouting::kElsewhere) {
    read.new_routing_number = std::string(row.substr(26, 9));
    if (!IsRoutingNumber(read.new_routing_number)) {
      return InvalidArgument("positions 27-35: type 2 needs the new routing number, not \"{}\"",
                             read.new_routing_number);
    }
  }
  if (read.name.empty()) return InvalidArgument("positions 36-71: the name is blank");
  return read;
}

}  // namespace

StatusOr<std::vector<Institution>> ReadInstitutions(std::string_view bytes) {
  std::vector<Institution> institutions;
  std::set<std::string> seen;
  std::string faults;
  std::size_t fault_count = 0;
  std::size_t line = 0;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view row = bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    ++line;
    if (row.empty() && bytes.empty()) break;
    auto read = ReadRow(row);
    std::string fault;
    if (!read.ok()) {
      fault = StatusMessage(read.status());
    } else if (!seen.insert(read->routing_number).second) {
      fault = fmt::format("routing number {} is there twice", read->routing_number);
    }
    if (fault.empty()) {
      institutions.push_back(*std::move(read));
    } else if (++fault_count <= kMostFaults) {
      faults += fmt::format("; line {}: {}", line, fault);
    }
  }
  if (fault_count > 0) {
    return InvalidArgument("the directory has {} faults and is not used{}", fault_count, faults);
  }
  if (institutions.empty()) return InvalidArgument("the directory is empty: get it again");
  return institutions;
}

Status CheckPayeeInstitution(const Institution& institution) {
  switch (institution.routing) {
    case InstitutionRouting::kHere:
      return OkStatus();
    case InstitutionRouting::kElsewhere:
      return InvalidArgument(
          "the routing number of {} was replaced by another: ask the payee for the new one",
          institution.name);
    case InstitutionRouting::kReserveBank:
      break;
  }
  return InvalidArgument("the routing number is that of {}, which keeps no payee's account",
                         institution.name);
}

}  // namespace sluice::payments
