#include "hierarchy/party.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

constexpr std::array<std::pair<PartyKind, std::string_view>, 9> kKinds = {{
    {PartyKind::kPayer, "payer"},
    {PartyKind::kAco, "aco"},
    {PartyKind::kIpa, "ipa"},
    {PartyKind::kPractice, "practice"},
    {PartyKind::kProvider, "provider"},
    {PartyKind::kLocation, "location"},
    {PartyKind::kOfficeEmployee, "office_employee"},
    {PartyKind::kCommunityOrganization, "community_organization"},
    {PartyKind::kEmployer, "employer"},
}};

constexpr std::size_t kMaxNameBytes = 200;

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsPostalCode(std::string_view text) {
  if (text.size() != 5 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 5 ? text[i] != '-' : !IsDigit(text[i])) return false;
  }
  return true;
}

}  // namespace

std::string_view PartyKindName(PartyKind kind) {
  const auto* const found = std::ranges::find(kKinds, kind, &decltype(kKinds)::value_type::first);
  CHECK(found != kKinds.end());
  return found->second;
}

StatusOr<PartyKind> ParsePartyKind(std::string_view name) {
  std::string known;
  for (const auto& [kind, text] : kKinds) {
    if (text == name) return kind;
    known += known.empty() ? "" : ", ";
    known += text;
  }
  return InvalidArgument("'{}' is not a kind of party; use one of {}", name, known);
}

PartyKind PartyKindFromNumber(std::int16_t number) {
  const auto kind = static_cast<PartyKind>(number);
  CHECK(std::ranges::count(kKinds, kind, &decltype(kKinds)::value_type::first) == 1);
  return kind;
}

bool NeedsNpi(PartyKind kind) { return kind == PartyKind::kProvider; }

bool MayContain(PartyKind parent, PartyKind child) {
  return child != PartyKind::kPayer && parent != PartyKind::kOfficeEmployee;
}

Status CheckPartyName(std::string_view name) {
  if (name.empty()) return InvalidArgument("the name is empty; every party has a name");
  if (name.size() > kMaxNameBytes) {
    return InvalidArgument("the name has {} bytes; at most {} are kept", name.size(),
                           kMaxNameBytes);
  }
  if (std::ranges::any_of(name, IsControl)) {
    return InvalidArgument("the name holds a control character; remove it");
  }
  if (name.front() == ' ' || name.back() == ' ') {
    return InvalidArgument("the name '{}' has a blank at one end; remove it", name);
  }
  return OkStatus();
}

Status CheckAddress(const Address& address) {
  for (const std::string* part : {&address.line1, &address.line2, &address.city}) {
    if (part->size() > kMaxNameBytes || std::ranges::any_of(*part, IsControl)) {
      return InvalidArgument(
          "a line of the address is longer than {} bytes or holds a control "
          "character",
          kMaxNameBytes);
    }
  }
  const std::string& state = address.state;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!state.empty() && (state.size() != 2 || !std::ranges::all_of(state, is_capital))) {
    return InvalidArgument("the state '{}' is not two capital letters", state);
  }
  if (!address.postal_code.empty() && !IsPostalCode(address.postal_code)) {
    return InvalidArgument("the postal code '{}' is not NNNNN or NNNNN-NNNN", address.postal_code);
  }
  return OkStatus();
}

}  // namespace sluice::hierarchy
