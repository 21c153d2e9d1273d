#include "api/handlers/member_names.h"

#include <algorithm>
#include <optional>

#include "api/service/reason.h"
#include "performance/members/member_store.h"

namespace sluice::api {
namespace {

constexpr std::string_view kMemberPrefix = "mbr";

bool StandsForItself(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// The number in a member's name; none when it is no name of a member of the payer.
std::optional<std::string> NumberIn(PayerId payer, std::string_view name) {
  const std::string before = MemberName(payer, "");
  if (!name.starts_with(before) || name.size() == before.size()) return std::nullopt;
  std::string number;
  for (std::size_t i = before.size(); i < name.size(); ++i) {
    if (name[i] != '%') {
      number += name[i];
      continue;
    }
    const auto high = i + 2 < name.size() ? HexDigit(name[i + 1]) : std::nullopt;
    const auto low = i + 2 < name.size() ? HexDigit(name[i + 2]) : std::nullopt;
    if (!high || !low) return std::nullopt;
    number += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return number;
}

}  // namespace

std::string MemberName(PayerId payer, std::string_view number) {
  std::string name = fmt::format("payers/{}/members/", payer);
  for (const char c : number) {
    if (StandsForItself(c)) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return name;
}

MemberNames MemberNames::Load(pg::Transaction& tx, PayerId payer,
                              std::vector<std::int64_t> members) {
  MemberNames names(payer);
  std::ranges::sort(members);
  members.erase(std::ranges::unique(members).begin(), members.end());
  for (performance::Member& member : performance::MembersById(tx, payer, members)) {
    names.numbers_.emplace(member.id, std::move(member.number));
  }
  return names;
}

std::string MemberNames::Of(std::int64_t member) const {
  const auto found = numbers_.find(member);
  return MemberName(payer_,
                    found == numbers_.end() ? FormatId(kMemberPrefix, member) : found->second);
}

std::string MemberNames::NumberOf(std::int64_t member) const {
  const auto found = numbers_.find(member);
  return found == numbers_.end() ? "" : found->second;
}

StatusOr<std::vector<NamedMember>> ReadMembers(
    pg::Transaction& tx, PayerId payer,
    const std::vector<std::pair<std::string, std::string>>& names_by_field) {
  std::vector<std::string> numbers;
  for (const auto& [field, name] : names_by_field) {
    numbers.push_back(NumberIn(payer, name).value_or(""));
  }
  std::map<std::string, std::int64_t> known;
  for (const performance::Member& member : performance::FindMembers(tx, payer, numbers)) {
    known.emplace(member.number, member.id);
  }
  std::vector<NamedMember> members;
  std::vector<std::pair<std::string, std::string>> faults;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto found = known.find(numbers[i]);
    if (found == known.end()) {
      faults.emplace_back(names_by_field[i].first,
                          "names no member whom the payer knows; it is written "
                          "payers/{payer}/members/{the payer's own number}");
      continue;
    }
    members.push_back({found->second, numbers[i]});
  }
  if (!faults.empty()) return WrongFields(faults);
  return members;
}

}  // namespace sluice::api
