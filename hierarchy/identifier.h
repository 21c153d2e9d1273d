// What identifies a party, by type and scope.
//
//   1. A value is kept in its canonical form: digits only for NPI and TIN, capitals for CCN.
//   2. Within a payer, one value of one type in one scope belongs to one party at a time, and a
//      party has one value per type and scope at a time. Two are a conflict that people decide;
//      the system never merges parties by itself.
//   3. A person's social security number is not an identifier here. It belongs to the payee's
//      vault, and nothing in this file repeats a text that looks like one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::hierarchy {

// The numbers are stored and never reused.
enum class IdentifierType : std::int16_t {
  kNpi = 1,            // national provider identifier, 45 CFR 162.406
  kTin = 2,            // employer identification number of a legal entity
  kCcn = 3,            // CMS certification number of a facility
  kPayerAssigned = 4,  // the payer's own id; the scope names the numbering
  kNameKey = 5,        // a name and its occurrence, for files without any id; see NameKey
};

std::string_view IdentifierTypeName(IdentifierType type);  // "npi", "tin", "payer_assigned", ...
StatusOr<IdentifierType> ParseIdentifierType(std::string_view name);
// The reverse of the stored number; a number that no type has is a bug.
IdentifierType IdentifierTypeFromNumber(std::int16_t number);
// Whether identifiers of this type say in which numbering they count. The others are national.
bool HasScope(IdentifierType type);

struct Identifier {
  IdentifierType type = IdentifierType::kNpi;
  std::string scope;  // empty unless HasScope(type)
  std::string value;  // canonical

  // "npi 1234567893", or "payer_assigned A1001 (cms_aco)".
  std::string ToString() const;

  friend auto operator<=>(const Identifier&, const Identifier&) = default;
};

// An identifier of a party over a range of days. The span of a value that starts on a day is one
// thing: recorded again later, for the same start, it replaces what was known of it (another end,
// another party, or withdrawn: it was never so).
struct PartyIdentifier {
  PartyId party;
  Identifier identifier;
  DateRange valid;
  bool withdrawn = false;

  friend bool operator==(const PartyIdentifier&, const PartyIdentifier&) = default;
};

// Ten digits, the first 1 or 2, and the Luhn check digit over "80840" and the number
// (CMS, "NPI: check digit"). Blanks around are ignored. InvalidArgument says which rule failed.
StatusOr<std::string> ParseNpi(std::string_view text);
// "NN-NNNNNNN" or nine digits; the result is nine digits. InvalidArgument for another form, for
// the prefix 00, and for the form of a social security number.
StatusOr<std::string> ParseTin(std::string_view text);
// Six characters, digits but for a letter (in the third place, or the sixth of an emergency
// hospital), or ten ("NNXNNNNNNN"); the result is in capitals (CMS State Operations Manual,
// section 2779A).
StatusOr<std::string> ParseCcn(std::string_view text);
// 1 to 64 printable ASCII characters without blanks at the ends.
StatusOr<std::string> ParsePayerAssigned(std::string_view text);
// The key of a party known by name only: the name in ASCII capitals with each run of blanks made
// one, then "#" and the occurrence. So names differ without regard to case, and the n-th party of
// one name under one parent is the n-th party of that name anywhere.
// Requires: occurrence >= 1.
std::string NameKey(std::string_view name, int occurrence);
// The name's part of NameKey.
std::string FoldName(std::string_view name);

// The checks above by type; a name key must already be in its form.
StatusOr<Identifier> MakeIdentifier(IdentifierType type, std::string_view scope,
                                    std::string_view text);

}  // namespace sluice::hierarchy
