#include "hierarchy/identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

constexpr std::array<std::pair<IdentifierType, std::string_view>, 5> kTypes = {{
    {IdentifierType::kNpi, "npi"},
    {IdentifierType::kTin, "tin"},
    {IdentifierType::kCcn, "ccn"},
    {IdentifierType::kPayerAssigned, "payer_assigned"},
    {IdentifierType::kNameKey, "name_key"},
}};

// Long enough for a name (200 bytes) and its occurrence.
constexpr std::size_t kMaxNameKeyBytes = 212;
constexpr std::size_t kMaxPayerAssigned = 64;
constexpr std::size_t kMaxScope = 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool AllDigits(std::string_view text) { return std::ranges::all_of(text, IsDigit); }

// The Luhn sum of "80840" is 24 whatever follows, since the number of digits that follow is fixed.
bool NpiLuhnHolds(std::string_view digits) {
  int sum = 24;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

Status CheckScope(IdentifierType type, std::string_view scope) {
  if (!HasScope(type)) {
    if (scope.empty()) return OkStatus();
    return InvalidArgument("a {} has no scope, but '{}' is given", IdentifierTypeName(type), scope);
  }
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_'; };
  if (scope.empty() || scope.size() > kMaxScope || !std::ranges::all_of(scope, allowed)) {
    return InvalidArgument(
        "a {} needs a scope of 1 to {} lower-case letters, digits or '_'; "
        "'{}' is none",
        IdentifierTypeName(type), kMaxScope, scope);
  }
  return OkStatus();
}

StatusOr<std::string> ParseNameKey(std::string_view text) {
  const std::size_t mark = text.rfind('#');
  const bool has_occurrence = mark != std::string_view::npos && mark > 0 &&
                              mark + 1 < text.size() && AllDigits(text.substr(mark + 1)) &&
                              text[mark + 1] != '0';
  if (!has_occurrence || text.size() > kMaxNameKeyBytes ||
      FoldName(text.substr(0, mark)) != text.substr(0, mark)) {
    return InvalidArgument("'{}' is not a name key: NAME IN CAPITALS, '#', occurrence", text);
  }
  return std::string(text);
}

StatusOr<std::string> ParseValue(IdentifierType type, std::string_view text) {
  switch (type) {
    case IdentifierType::kNpi:
      return ParseNpi(text);
    case IdentifierType::kTin:
      return ParseTin(text);
    case IdentifierType::kCcn:
      return ParseCcn(text);
    case IdentifierType::kPayerAssigned:
      return ParsePayerAssigned(text);
    case IdentifierType::kNameKey:
      return ParseNameKey(text);
  }
  CHECK(false);
}

}  // namespace

std::string_view IdentifierTypeName(IdentifierType type) {
  const auto* const found = std::ranges::find(kTypes, type, &decltype(kTypes)::value_type::first);
  CHECK(found != kTypes.end());
  return found->second;
}

StatusOr<IdentifierType> ParseIdentifierType(std::string_view name) {
  for (const auto& [type, text] : kTypes) {
    if (text == name) return type;
  }
  return InvalidArgument(
      "'{}' is not a type of identifier; use npi, tin, ccn, payer_assigned or name_key", name);
}

IdentifierType IdentifierTypeFromNumber(std::int16_t number) {
  const auto type = static_cast<IdentifierType>(number);
  CHECK(std::ranges::count(kTypes, type, &decltype(kTypes)::value_type::first) == 1);
  return type;
}

bool HasScope(IdentifierType type) {
  return type == IdentifierType::kPayerAssigned || type == IdentifierType::kNameKey;
}

std::string Identifier::ToString() const {
  if (scope.empty()) return fmt::format("{} {}", IdentifierTypeName(type), value);
  return fmt::format("{} {} ({})", IdentifierTypeName(type), value, scope);
}

StatusOr<std::string> ParseNpi(std::string_view text) {
  const std::string_view npi = Trim(text);
  if (npi.size() != 10 || !AllDigits(npi)) {
    return InvalidArgument("'{}' is not an NPI: it must be 10 digits", npi);
  }
  if (npi[0] != '1' && npi[0] != '2') {
    return InvalidArgument("'{}' is not an NPI: it must begin with 1 or 2", npi);
  }
  if (!NpiLuhnHolds(npi)) {
    return InvalidArgument(
        "'{}' is not an NPI: the check digit is wrong; compare it with the "
        "source for a mistyped digit",
        npi);
  }
  return std::string(npi);
}

StatusOr<std::string> ParseTin(std::string_view text) {
  const std::string_view tin = Trim(text);
  // The form of a social security number: refused without repeating it.
  if (tin.size() == 11 && tin[3] == '-' && tin[6] == '-') {
    return InvalidArgument(
        "the TIN has the form of a social security number, which is kept in "
        "the payee's vault only; give the employer number NN-NNNNNNN");
  }
  std::string digits(tin);
  if (tin.size() == 10 && tin[2] == '-') digits.erase(2, 1);
  if (digits.size() != 9 || !AllDigits(digits)) {
    return InvalidArgument(
        "the TIN is not an employer number: it must be NN-NNNNNNN or 9 digits, "
        "and has {} characters",
        tin.size());
  }
  if (digits.starts_with("00")) {
    return InvalidArgument("the TIN is not an employer number: no prefix is 00");
  }
  return digits;
}

StatusOr<std::string> ParseCcn(std::string_view text) {
  std::string ccn(Trim(text));
  std::ranges::transform(ccn, ccn.begin(), Upper);
  const auto digits_but = [&](std::size_t letter) {
    for (std::size_t i = 0; i < ccn.size(); ++i) {
      if (!IsDigit(ccn[i]) && !(i == letter && IsLetter(ccn[i]))) return false;
    }
    return true;
  };
  // Providers: two digits of state, then four of which the first may be a letter (units of a
  // hospital) or the last (emergency hospitals). Suppliers: ten with a letter in the third place.
  if (ccn.size() == 6 && (digits_but(2) || digits_but(5))) return ccn;
  if (ccn.size() == 10 && IsLetter(ccn[2]) && digits_but(2)) return ccn;
  return InvalidArgument(
      "'{}' is not a CCN: it must be 6 characters, or 10 with a letter in the "
      "third place, all other characters digits",
      Trim(text));
}

StatusOr<std::string> ParsePayerAssigned(std::string_view text) {
  const std::string_view value = Trim(text);
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (value.empty() || value.size() > kMaxPayerAssigned || !std::ranges::all_of(value, printable)) {
    return InvalidArgument(
        "'{}' is not a payer's id: it must be 1 to {} printable ASCII "
        "characters",
        value, kMaxPayerAssigned);
  }
  return std::string(value);
}

std::string FoldName(std::string_view name) {
  std::string folded;
  folded.reserve(name.size());
  for (const char c : Trim(name)) {
    if (IsBlank(c) && folded.ends_with(' ')) continue;
    folded += IsBlank(c) ? ' ' : Upper(c);
  }
  return folded;
}

std::string NameKey(std::string_view name, int occurrence) {
  CHECK(occurrence >= 1);
  return fmt::format("{}#{}", FoldName(name), occurrence);
}

StatusOr<Identifier> MakeIdentifier(IdentifierType type, std::string_view scope,
                                    std::string_view text) {
  RETURN_IF_ERROR(CheckScope(type, scope));
  ASSIGN_OR_RETURN(std::string value, ParseValue(type, text));
  return Identifier{type, std::string(scope), std::move(value)};
}

}  // namespace sluice::hierarchy
