// An edit of something that a calculation may have read, as one event.
//
//   1. An event is of one edit: what was recorded, by its source and key. It becomes an event once,
//      however often it is looked for.
//   2. `affected` are the days about which something else is known than before; not the days that
//      stay as they were.
//   3. Which calculations an event touches follows from its kind: facts are about one period, terms
//      about the periods that begin in their range, a deficit about what is paid later, everything
//      else about the days it affects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "performance/program.h"

namespace sluice::performance {

struct ChangeEventTag { static constexpr std::string_view kPrefix = "chg"; };
using ChangeEventId = Id<ChangeEventTag>;

// The numbers are stored and never reused.
enum class EditKind : std::int16_t {
  kMemberDetail = 1,    // birth, sex, death, place
  kCoverage = 2,        // eligibility
  kProviderChoice = 3,  // chosen, assigned, aligned
  kAttributionList = 4,
  kDispute = 5,       // accepted
  kAffiliation = 6,   // who belongs to whom
  kIdentifier = 7,    // NPI, TIN, ... of a party
  kPartyDetail = 8,   // name and address of a party
  kTerms = 9,         // a version of the terms, rates included
  kContractLife = 10,  // settled, renewed, ended, active again
  kFact = 11,
  kOverride = 12,
  kPanel = 13,    // who is on whose panel
  kPremium = 14,
  kRiskMean = 15,  // of a panel and the plan: a factor of the rates
  kRiskScore = 16,
  kActivity = 17,
  kActivityVoid = 18,
  kClaim = 19,
  kDeficit = 20,   // what other awards of the party booked into its deficit account
  kDelivery = 21,  // of data that somebody owes
  kMeasureResult = 22,  // of members
};
// "member_detail"; of the reverse, InvalidArgument lists the names.
std::string_view EditKindName(EditKind kind);
StatusOr<EditKind> ParseEditKind(std::string_view name);
const std::vector<EditKind>& AllEditKinds();

struct ChangeEvent {
  ChangeEventId id;
  EditKind kind = EditKind::kFact;
  std::string source;      // "fact", "panel_span", ... or whoever records it
  std::string source_key;  // which row; unique in the source
  std::optional<ContractId> contract;
  std::optional<std::int64_t> member;
  std::optional<PartyId> party;
  DateRange affected;
  std::string cause;    // for people: "2 facts from claims.csv: actual, benchmark"
  Instant recorded_at;  // the edit
  Instant noticed_at;   // the event

  friend bool operator==(const ChangeEvent&, const ChangeEvent&) = default;
};

// A calculation that was made: the newest version of its award.
struct KnownCalculation {
  ContractId contract;
  ProgramId program;
  std::string stream;
  PartyId party;
  DateRange period;  // closed
  AwardId award;
  std::int32_t version = 0;
  Date pay_date{};
  Date hierarchy_as_of{};
  Instant first_known_at;  // of its first version: earlier edits were never unknown to it
  Instant known_at;        // of its newest version
  // A run of it that came to the same result saw what was recorded by then.
  std::optional<Instant> checked_at;

  // Its episodes are found in the claims of everybody, and reach over the ends of the period.
  bool by_episodes = false;

  // Edits recorded later were not seen.
  Instant SeenUntil() const {
    return checked_at && *checked_at > known_at ? *checked_at : known_at;
  }
};

// Whether the edit may change the calculation, by rule 3 and the time at which it was recorded.
// Whose contract it is, is not asked.
bool Touches(const ChangeEvent& event, const KnownCalculation& calculation);

}  // namespace sluice::performance
