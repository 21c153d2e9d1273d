#include "performance/recalculation/change_event.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::performance {
namespace {

using enum EditKind;

struct KindName {
  EditKind kind;
  std::string_view name;
};

constexpr std::array kKinds = {
    KindName{kMemberDetail, "member_detail"},
    KindName{kCoverage, "coverage"},
    KindName{kProviderChoice, "provider_choice"},
    KindName{kAttributionList, "attribution_list"},
    KindName{kDispute, "dispute"},
    KindName{kAffiliation, "affiliation"},
    KindName{kIdentifier, "identifier"},
    KindName{kPartyDetail, "party_detail"},
    KindName{kTerms, "terms"},
    KindName{kContractLife, "contract_life"},
    KindName{kFact, "fact"},
    KindName{kOverride, "override"},
    KindName{kPanel, "panel"},
    KindName{kPremium, "premium"},
    KindName{kRiskMean, "risk_mean"},
    KindName{kRiskScore, "risk_score"},
    KindName{kActivity, "activity"},
    KindName{kActivityVoid, "activity_void"},
    KindName{kClaim, "claim"},
    KindName{kDeficit, "deficit"},
    KindName{kDelivery, "delivery"},
    KindName{kMeasureResult, "measure_result"},
};

// The days that a calculation looks at in the hierarchy: its period, the day of its snapshot, and
// until the pay date whoever must be in standing then.
DateRange HierarchyDays(const KnownCalculation& calculation) {
  DateRange days = calculation.period;
  CHECK(days.to.has_value());
  days.from = std::min(days.from, calculation.hierarchy_as_of);
  days.to = std::max({*days.to, calculation.hierarchy_as_of + Days(1),
                      calculation.pay_date + Days(1)});
  return days;
}

// The days of members and claims that a calculation looks at. An episode may begin before the
// period or end after it, and an earlier one may stand in its way: as far as bundles reach.
DateRange MemberDays(const KnownCalculation& calculation) {
  constexpr Days kReach{3 * 366};
  DateRange days = calculation.period;
  CHECK(days.to.has_value());
  if (calculation.by_episodes) days = {days.from - kReach, *days.to + kReach};
  return days;
}

}  // namespace

std::string_view EditKindName(EditKind kind) {
  for (const KindName& entry : kKinds) {
    if (entry.kind == kind) return entry.name;
  }
  CHECK(false);
}

StatusOr<EditKind> ParseEditKind(std::string_view name) {
  std::string known;
  for (const KindName& entry : kKinds) {
    if (entry.name == name) return entry.kind;
    known += known.empty() ? "" : ", ";
    known += entry.name;
  }
  return InvalidArgument("'{}' is no kind of change: use one of {}", name, known);
}

const std::vector<EditKind>& AllEditKinds() {
  static const std::vector<EditKind> kinds = [] {
    std::vector<EditKind> all;
    for (const KindName& entry : kKinds) all.push_back(entry.kind);
    return all;
  }();
  return kinds;
}

bool Touches(const ChangeEvent& event, const KnownCalculation& calculation) {
  if (event.recorded_at <= calculation.first_known_at) return false;
  switch (event.kind) {
    case kFact:
    case kOverride:
      return event.affected == calculation.period;
    case kTerms:
    case kContractLife:
      return event.affected.Contains(calculation.period.from);
    case kAffiliation:
    case kIdentifier:
    case kPartyDetail:
      return event.affected.Overlaps(HierarchyDays(calculation));
    case kMeasureResult:
      return event.affected.from == calculation.period.from;
    case kDeficit:
      return event.affected.Contains(calculation.pay_date);
    case kMemberDetail:
    case kCoverage:
    case kAttributionList:
    case kRiskScore:
    case kClaim:
      return event.affected.Overlaps(MemberDays(calculation));
    case kProviderChoice:
    case kDispute:
    case kPanel:
    case kPremium:
    case kRiskMean:
    case kActivity:
    case kActivityVoid:
    case kDelivery:
      return event.affected.Overlaps(calculation.period);
  }
  CHECK(false);
}

}  // namespace sluice::performance
