// Invented identities for the demo payer: names, addresses, identifiers, bank accounts.
//
// Everything is a function of a seed and an index, so that two runs give the same people. The
// identifiers are well-formed (check digits hold) and belong to nobody in particular: EINs use the
// prefix 97, which the IRS does not assign, and account numbers are digits of a hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::demo {

// SplitMix64: the same numbers on every machine and standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  // A whole number from `low` to `high`, both included. Requires: low <= high.
  std::int64_t Between(std::int64_t low, std::int64_t high);
  // True in `percent` of a hundred draws.
  bool Percent(std::int64_t percent) { return Between(1, 100) <= percent; }

 private:
  std::uint64_t state_;
};

struct PostalAddress {
  std::string street;
  std::string city;
  std::string state;
  std::string zip;
};

// Ten digits that pass the NPI check (Luhn over 80840 + NPI). Requires: 0 <= index < 100,000,000.
std::string InventedNpi(std::int64_t index);
// Nine digits, prefix 97. Requires: 0 <= index < 10,000,000.
std::string InventedTin(std::int64_t index);
// Nine digits that pass the ABA check, with a prefix that ACH accepts. One of a few dozen banks.
std::string InventedRoutingNumber(std::uint64_t seed, std::int64_t index);
// 9 to 12 digits.
std::string InventedAccountNumber(std::uint64_t seed, std::int64_t index);

std::string InventedAcoName(std::int64_t index);
std::string InventedPracticeName(std::uint64_t seed, std::int64_t index);
std::string InventedCommunityOrganizationName(std::int64_t index);
// "Okafor, Maria T": family name first, as payee files print it.
std::string InventedPersonName(std::uint64_t seed, std::int64_t index);
PostalAddress InventedAddress(std::uint64_t seed, std::int64_t index);

}  // namespace sluice::demo
