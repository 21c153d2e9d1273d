#include "hierarchy/contact.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/check.h"
#include "hierarchy/party.h"

namespace sluice::hierarchy {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"contract", "finance", "clinical",
                                                    "data",     "legal",   "executive"};

bool IsAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// RFC 5321's dot-string, which is all that people have.
bool IsLocalPart(std::string_view local) {
  constexpr std::string_view kMarks = "!#$%&'*+/=?^_`{|}~-.";
  if (local.empty() || local.size() > 64 || local.starts_with('.') || local.ends_with('.')) {
    return false;
  }
  return local.find("..") == std::string_view::npos && std::ranges::all_of(local, [&](char c) {
           return IsAlnum(c) || kMarks.find(c) != std::string_view::npos;
         });
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-') &&
         std::ranges::all_of(label, [](char c) { return IsAlnum(c) || c == '-'; });
}

bool IsHost(std::string_view host) {
  if (host.size() > 253) return false;
  int labels = 0;
  std::string_view last;
  while (true) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    last = host.substr(0, dot);
    if (!IsLabel(last)) return false;
    ++labels;
    if (dot == host.size()) break;
    host.remove_prefix(dot + 1);
  }
  return labels >= 2 && last.size() >= 2 && !std::ranges::all_of(last, IsDigit);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return lower;
}

// Cuts "x12", "ext 12" or "ext. 12" off the end; the digits are the result.
StatusOr<std::string> TakeExtension(std::string& number) {
  const std::size_t mark = Lower(number).find_first_of("ex");
  if (mark == std::string::npos) return std::string();
  std::string word = Lower(number.substr(mark));
  std::string digits;
  std::string letters;
  for (const char c : word) {
    if (IsDigit(c)) {
      digits += c;
    } else if (c != ' ' && c != '.') {
      letters += c;
    }
  }
  if ((letters != "x" && letters != "ext") || digits.empty() || digits.size() > 6) {
    return InvalidArgument("'{}' is no extension; write x and up to six digits", word);
  }
  number.resize(mark);
  return "x" + digits;
}

}  // namespace

std::string_view ContactKindName(ContactKind kind) {
  const auto at = static_cast<std::size_t>(kind) - 1;
  CHECK(at < kKinds.size());
  return kKinds[at];
}

StatusOr<ContactKind> ParseContactKind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name);
  if (found != kKinds.end()) {
    return static_cast<ContactKind>(found - kKinds.begin() + 1);
  }
  return InvalidArgument(
      "'{}' is no kind of contact; there are contract, finance, clinical, data, legal, executive",
      name);
}

StatusOr<std::string> ParseEmail(std::string_view text) {
  text = Trim(text);
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at != text.rfind('@')) {
    return InvalidArgument("'{}' is no e-mail address: it needs one '@'", text);
  }
  if (!IsLocalPart(text.substr(0, at))) {
    return InvalidArgument("'{}' is no e-mail address: the part before '@' is malformed", text);
  }
  if (!IsHost(text.substr(at + 1))) {
    return InvalidArgument("'{}' is no e-mail address: the part after '@' is no host name", text);
  }
  return std::string(text.substr(0, at + 1)) + Lower(text.substr(at + 1));
}

StatusOr<std::string> ParsePhone(std::string_view text) {
  std::string number(Trim(text));
  ASSIGN_OR_RETURN(const std::string extension, TakeExtension(number));
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const char c = number[i];
    if (IsDigit(c)) {
      digits += c;
    } else if (std::string_view(" ().-/").find(c) == std::string_view::npos &&
               !(c == '+' && i == 0)) {
      return InvalidArgument("'{}' is no telephone number: '{}' does not belong", text, c);
    }
  }
  const bool international = number.starts_with('+');
  if (international && !(digits.size() == 11 && digits.starts_with('1'))) {
    return InvalidArgument("'{}' is no telephone number of the United States", text);
  }
  if (digits.size() == 11 && digits.starts_with('1')) digits.erase(0, 1);
  if (digits.size() != 10) {
    return InvalidArgument("'{}' is no telephone number: it needs ten digits", text);
  }
  if (digits[0] < '2' || digits[3] < '2') {
    return InvalidArgument("'{}': an area code and an exchange begin with 2 to 9", text);
  }
  return "+1" + digits + extension;
}

StatusOr<Contact> CheckContact(Contact contact) {
  if (contact.id == ContactId()) return InvalidArgument("a contact needs an id");
  RETURN_IF_ERROR(CheckPartyName(contact.name));
  if (contact.email.empty() && contact.phone.empty()) {
    return InvalidArgument("{} cannot be reached; give an e-mail address or a telephone number",
                           contact.name);
  }
  if (!contact.email.empty()) {
    ASSIGN_OR_RETURN(contact.email, ParseEmail(contact.email));
  }
  if (!contact.phone.empty()) {
    ASSIGN_OR_RETURN(contact.phone, ParsePhone(contact.phone));
  }
  if (contact.valid.IsEmpty()) {
    return InvalidArgument("the days of contact {} are empty; the end follows the first day",
                           contact.name);
  }
  return contact;
}

std::vector<Contact> ActiveContacts(std::span<const Contact> contacts, PartyId party, Date on) {
  std::vector<Contact> active;
  for (const Contact& contact : contacts) {
    if (contact.party == party && contact.IsActive(on)) active.push_back(contact);
  }
  std::ranges::sort(active, {}, &Contact::id);
  return active;
}

}  // namespace sluice::hierarchy
