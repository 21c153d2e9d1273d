// The monthly audit of a list, and what changes of attribution do to cost.
//
//   1. The audit compares a list with the one before, with the lists of the program's other
//      contracts, with what is known of its members, and with the hierarchy as of the month's
//      end. Each finding names a member and a kind.
//   2. Added, dropped and changed findings are exactly the difference of the two lists.
//   3. Pure; members come in any order and one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "hierarchy/graph.h"
#include "performance/attribution/list.h"
#include "performance/members/member_stream.h"

namespace sluice::performance {

// The numbers are stored and never reused.
enum class FindingKind : std::int16_t {
  kAdded = 1,
  kDropped = 2,
  kChanged = 3,
  kClosedLocation = 4,     // attributed there on or after the day it closed
  kDeceased = 5,           // died before the month ended, still listed in it
  kTerminated = 6,         // listed, but without a day of coverage in the month
  kDuplicate = 7,          // twice with one provider at one time, under two plans
  kNoClaims = 8,           // listed, without a claim in the look-back
  // With two providers at one time: under two plans of the list, or on the list of another
  // contract of the program, whose party it names.
  kTwoProviders = 9,
  kEndedAffiliation = 10,  // the provider is not at the practice, or it not under the contract
};

// "closed_location".
std::string_view FindingKindName(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::kAdded;
  std::int64_t member_id = 0;
  std::optional<PartyId> party;  // the location, provider or practice it is about
  std::string detail;

  friend auto operator<=>(const Finding&, const Finding&) = default;
};

// A location, or a whole practice, that closed: its first day without patients.
struct Closure {
  PartyId party;
  Date closed_on{};
};

// The locations whose last affiliation ends by the end of the month, by id, from the hierarchy as
// of the month's first day: a clinic is closed when it belongs to nobody any more.
std::vector<Closure> ClosuresIn(const hierarchy::HierarchySnapshot& at_start, Month month);

// An entry of a member on the list of another contract of the program.
struct ListedElsewhere {
  std::int64_t member_id = 0;
  DateRange attributed;  // closed
  ContractId contract;
  PartyId party;  // of that contract

  friend bool operator==(const ListedElsewhere&, const ListedElsewhere&) = default;
};

struct AuditOptions {
  Month month;
  PartyId contract_party;
  std::vector<Closure> closures;
  std::vector<ListedElsewhere> elsewhere = {};
  std::int32_t no_claims_months = 12;  // look-back that ends with the month
};

class ListAudit {
 public:
  // `previous` may be null. All outlive the audit. `hierarchy` is as of the month's last day.
  ListAudit(const AttributionList* previous, const AttributionList& current,
            const hierarchy::HierarchySnapshot& hierarchy, AuditOptions options);

  // The services to load per member.
  DateRange ClaimsWindow() const;
  // What is known of a member; members that are not on the list are ignored.
  void Add(const MemberRecord& record);
  // Every finding once, by kind, member and party. A listed member of whom nothing was added is
  // terminated: the payer does not know them. A dropped one who died before the month's end, or
  // has no coverage in it, has that as its detail; without one the member was lost.
  std::vector<Finding> Finish();

 private:
  void CheckPlace(const ListEntry& entry);
  void CheckOverlaps();
  void CheckOtherLists();
  bool HoldsInMonth(const ListEntry& entry) const;
  std::string WhyGone(const MemberRecord& record) const;

  const AttributionList* previous_;
  const AttributionList& current_;
  const hierarchy::HierarchySnapshot& hierarchy_;
  AuditOptions options_;
  std::set<PartyId> under_contract_;
  std::map<std::int64_t, std::vector<const ListEntry*>> active_;
  std::set<std::int64_t> seen_;
  std::set<std::int64_t> before_;             // active in the list before
  std::map<std::int64_t, std::string> gone_;  // why a member need not be listed any more
  std::set<Finding> findings_;
};

// What members cost in the look-back: for the erosion metric.
struct MemberSpending {
  std::int64_t member_months = 0;
  Money paid;
};

// The effect of a change of list on the cost per member per month, exactly. A PMPM is absent when
// there are no member-months; so is an effect that needs it.
struct Erosion {
  std::int64_t members_before = 0, members_after = 0, added = 0, dropped = 0;
  std::optional<Exact> pmpm_before;
  std::optional<Exact> pmpm_kept;  // of those on both lists
  std::optional<Exact> pmpm_after;
  std::optional<Exact> from_dropped;  // kept - before
  std::optional<Exact> from_added;    // after - kept
  std::optional<Exact> effect;        // after - before = from_dropped + from_added
};

// The two steps and the whole from the three PMPM; absent where one that it needs is.
void ComputeEffects(Erosion& erosion);

// `costs` by member; a member without one has neither months nor cost. `before` may be null.
Erosion MeasureErosion(const AttributionList* before, const AttributionList& after,
                       const std::map<std::int64_t, MemberSpending>& costs);

}  // namespace sluice::performance
