// A synthetic health plan: who belongs to whom, which contracts they hold, and how their members
// did.
//
// Pure: everything is a function of the options, so that the same seed gives the same plan. Three
// yearly programs run side by side, over one hierarchy (synthetic_models.h adds those by month and
// event):
//
//   1. Medicare ACO shared savings and losses: a contract per ACO, one- and two-sided.
//   2. Medicare Advantage quality incentive with withhold and earn-back: a contract per practice.
//   3. Commercial shared savings, one-sided: a contract per ACO.
//
// One practice in twelve belongs to two ACOs, one provider in ten works in two practices, every
// fourth practice pays its office manager a share, and each ACO has a community organization.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/demo/invented.h"
#include "core/date.h"
#include "core/money.h"
#include "hierarchy/party.h"

namespace sluice::demo {

struct SyntheticOptions {
  std::uint64_t seed = 2026;
  std::int64_t acos = 12;
  std::int64_t practices = 300;
  std::int64_t providers = 3'000;
  std::int64_t members = 100'000;
};

enum class SyntheticKind : std::uint8_t {
  kAco,
  kPractice,
  kProvider,
  kOfficeEmployee,
  kCommunityOrganization,
};

// The kind of party in the hierarchy, and the role in which it belongs to the party above it.
hierarchy::PartyKind KindOf(SyntheticKind kind);
std::string_view RoleOf(SyntheticKind child);

struct SyntheticParty {
  SyntheticKind kind{};
  std::string name;
  std::string npi;  // empty for employees and community organizations
  std::string tin;
  PostalAddress address;
  std::string routing_number;
  std::string account_number;  // empty: the party has no bank account yet
};

// `child` belongs to `parent`; both are positions in SyntheticPayer::parties.
struct SyntheticEdge {
  std::size_t parent = 0;
  std::size_t child = 0;
  DateRange effective;
};

enum class SyntheticProgram : std::uint8_t {
  kMedicareAco = 0,
  kQualityIncentive = 1,
  kCommercial = 2
};
inline constexpr std::size_t kSyntheticMeasures = 5;

// What one contract's members did in the performance year, summed over its members.
struct SyntheticResults {
  std::int64_t members = 0;
  std::int64_t member_months = 0;
  Money benchmark;    // expected cost of these members
  Money expenditure;  // what they cost
  std::array<std::int64_t, kSyntheticMeasures> numerators{};
  std::array<std::int64_t, kSyntheticMeasures> denominators{};
};

struct SyntheticContract {
  SyntheticProgram program{};
  std::size_t party = 0;
  std::int64_t number = 0;  // from 0 within its program; picks the track
  Money quarterly_base;     // quality program: what was paid each quarter before the withhold
  SyntheticResults results;
};

struct SyntheticMember {
  std::int64_t number = 0;
  std::size_t contract = 0;
  std::size_t practice = 0;
  std::int32_t member_months = 0;
  Money benchmark;
  Money expenditure;
  std::uint8_t eligible = 0;  // bit m: in the denominator of measure m
  std::uint8_t met = 0;       // bit m: in the numerator of measure m
};

struct SyntheticPayer {
  std::string name;
  std::vector<SyntheticParty> parties;
  std::vector<SyntheticEdge> edges;
  std::vector<SyntheticContract> contracts;
  std::vector<SyntheticMember> members;
};

// Requires: acos, practices and providers >= 1, members >= 0.
SyntheticPayer MakeSyntheticPayer(const SyntheticOptions& options);

}  // namespace sluice::demo
