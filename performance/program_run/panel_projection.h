// What a published attribution list and the known details of its members make of a panel: the spans
// that capitation pays by.
//
//   1. A span is attribution and coverage together. Attribution counts whole months, by its own day
//      of coverage; capitation has its own month rule and needs the days. So where coverage begins
//      or ends inside the month next to the attributed ones, and attribution did not count that
//      month as covered, the span reaches to the day of the coverage: a newborn is on the panel
//      from its birth, a late joiner from the day it joined.
//   2. Nobody is on a panel after death. A span is cut where region, product, plan or risk score
//      change.
//   3. Spans of a projection have ids of their own, by their first day. Those that people or files
//      recorded are never touched.
//
// Pure: no database, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/status.h"
#include "performance/attribution/list.h"
#include "performance/attribution/method.h"
#include "performance/capitation/panel.h"
#include "performance/members/member_stream.h"

namespace sluice::performance {

// Ids from here on are of projected spans.
inline constexpr std::int64_t kFirstProjectedSpan = std::int64_t{1} << 40;

struct PanelRules {
  ContractId contract;
  const AttributionMethod& method;
  bool with_risk = false;  // the terms read risk scores
  Date learned_on{};
};

// The payee of an entry: FailedPrecondition when none or several can be it.
using PayeeOfEntry = std::function<StatusOr<PartyId>(const ListEntry&)>;

// The spans of one member, by id. `entries` are the member's active ones of all published lists of
// the contract; `scores` those of one model. FailedPrecondition names the member's birth date when
// it is not known, or what the payee lacks.
StatusOr<std::vector<NewPanelSpan>> ProjectSpans(const PanelRules& rules,
                                                 const MemberRecord& record,
                                                 std::span<const ListEntry> entries,
                                                 std::span<const RiskScore> scores,
                                                 const PayeeOfEntry& payee_of);

// What to record so that the newest versions say what `projected` says: new and changed spans, and
// a retracted version of each that is gone; none when they say it already. `known` are the newest
// versions of the member's projected spans. Reasons tell the retro rule what happened.
std::vector<NewPanelSpan> SpansToRecord(std::span<const NewPanelSpan> projected,
                                        std::span<const NewPanelSpan> known,
                                        const MemberRecord& record, Date learned_on);

}  // namespace sluice::performance
