// Parties: whoever a value-based contract names, pays or pays through.
//
//   1. A party is stored once, whatever the number of organizations it belongs to.
//   2. The kind of a party never changes; its name and address are dated (PartyDetail).
//   3. What identifies a party (NPI, TIN, ...) is in hierarchy/identifier.h; whom it belongs to is
//      in hierarchy/affiliation.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::hierarchy {

// The numbers are stored and never reused.
enum class PartyKind : std::int16_t {
  kPayer = 1,                  // a health plan or a line of it
  kAco = 2,                    // accountable care organization or clinically integrated network
  kIpa = 3,                    // association of independent practices contracting together
  kPractice = 4,               // a medical practice, group, facility or ACO participant
  kProvider = 5,               // a person who treats and has an NPI
  kLocation = 6,               // a place of service
  kOfficeEmployee = 7,         // a person who works for a practice and has no NPI
  kCommunityOrganization = 8,  // paid for services without an NPI
  kEmployer = 9,               // a client that funds a program
};

// The kind as files, screens and mappings write it, for instance "community_organization".
std::string_view PartyKindName(PartyKind kind);
// The reverse. InvalidArgument lists the names there are.
StatusOr<PartyKind> ParsePartyKind(std::string_view name);
// The reverse of the stored number; a number that no kind has is a bug.
PartyKind PartyKindFromNumber(std::int16_t number);

// Whether parties of this kind must have an NPI: treating persons only. Organizations without one
// are onboarded by TIN, and office employees by the payer's own id.
bool NeedsNpi(PartyKind kind);
// Whether a party of kind `child` may belong to one of kind `parent`. Nobody owns a payer, and
// nothing belongs to an office employee; networks may contain networks.
bool MayContain(PartyKind parent, PartyKind child);

struct Party {
  PartyId id;
  PartyKind kind = PartyKind::kPractice;

  friend bool operator==(const Party&, const Party&) = default;
};

// A postal address in the United States. Every part may be empty.
struct Address {
  std::string line1;
  std::string line2;
  std::string city;
  std::string state;        // two capital letters
  std::string postal_code;  // NNNNN or NNNNN-NNNN

  friend bool operator==(const Address&, const Address&) = default;
};

// Name and address of a party from a day on, until the next detail of it takes over. A detail
// recorded later for the same day corrects the earlier one.
struct PartyDetail {
  PartyId party;
  Date valid_from{};
  std::string name;
  Address address;

  friend bool operator==(const PartyDetail&, const PartyDetail&) = default;
};

// InvalidArgument unless the name has 1 to 200 bytes, no control character and no blank at
// either end.
Status CheckPartyName(std::string_view name);
// InvalidArgument names the part that has a wrong form.
Status CheckAddress(const Address& address);

}  // namespace sluice::hierarchy
