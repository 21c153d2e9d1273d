// Contacts: whom to write to or call at a party, by kind and over time.
//
//   1. A contact belongs to one party, or to the payer itself where no party is named.
//   2. It can be reached: an e-mail address, a telephone number, or both, each in one spelling.
//   3. Nothing is edited. A contact recorded again is its next revision; withdrawn, it never was.
//   4. A contract becomes active only when each of its sides has an active contact.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::hierarchy {

struct ContactTag {
  static constexpr std::string_view kPrefix = "con";
};
using ContactId = Id<ContactTag>;

// The numbers are stored and never reused.
enum class ContactKind : std::int16_t {
  kContract = 1,   // who may be written to about the contract itself
  kFinance = 2,    // payments, statements, bank data
  kClinical = 3,   // quality and care
  kData = 4,       // feeds and files
  kLegal = 5,      // notices
  kExecutive = 6,  // escalation
};
// "contract", "finance", ...
std::string_view ContactKindName(ContactKind kind);
// The reverse. InvalidArgument lists the names there are.
StatusOr<ContactKind> ParseContactKind(std::string_view name);

struct Contact {
  ContactId id;
  std::int32_t revision = 0;  // from 1; the store counts
  PartyId party;              // unset: the payer itself
  ContactKind kind = ContactKind::kContract;
  std::string name;
  std::string email;  // empty, or canonical
  std::string phone;  // empty, or "+12065550100" with "x12" for an extension
  DateRange valid;
  bool withdrawn = false;

  bool IsActive(Date on) const { return !withdrawn && valid.Contains(on); }
  friend bool operator==(const Contact&, const Contact&) = default;
};

// One address as mail is sent to it: printable ASCII without blanks, one '@', a local part of 1 to
// 64 characters without leading, trailing or doubled dots, and a host name of two labels or more;
// the host in lower case. InvalidArgument says which part is wrong.
StatusOr<std::string> ParseEmail(std::string_view text);
// A telephone number of the North American plan: ten digits, area code and exchange from 2 on,
// with or without +1, punctuation, and an extension ("x12", "ext. 12"). InvalidArgument otherwise.
StatusOr<std::string> ParsePhone(std::string_view text);
// The contact in its one spelling, or what is wrong with it.
StatusOr<Contact> CheckContact(Contact contact);

// The active ones of a party (unset: the payer) on a day, by id.
std::vector<Contact> ActiveContacts(std::span<const Contact> contacts, PartyId party, Date on);

}  // namespace sluice::hierarchy
