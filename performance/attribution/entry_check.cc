#include "performance/attribution/entry_check.h"

#include <algorithm>
#include <set>

#include "performance/members/party_lookup.h"

namespace sluice::performance {
namespace {

Status NotAffiliated(const ListEntry& entry, PartyId below, PartyId above, Date on) {
  return FailedPrecondition(
      "member {}: {} is not affiliated with {} on {}: the affiliation has ended or not begun; give "
      "the days on which it held, or correct the hierarchy",
      entry.member_id, below, above, FormatDate(on));
}

}  // namespace

Status CheckAffiliations(pg::Transaction& tx, const AttributedContract& contract,
                         const ListEntry& entry, Date today) {
  const std::optional<PartyId> place = entry.practice ? entry.practice : entry.provider;
  if (!place) return OkStatus();
  PartyLookup parties(tx, contract.payer);
  const Date first = entry.attributed.from;
  const Date last = std::max(first, std::min(*entry.attributed.to - Days(1), today));
  for (const Date on : std::set<Date>{first, last}) {
    if (entry.provider && entry.practice &&
        !parties.WorksAt(*entry.provider, *entry.practice, on)) {
      return NotAffiliated(entry, *entry.provider, *entry.practice, on);
    }
    if (!parties.IsWithin(*place, contract.party, on)) {
      return NotAffiliated(entry, *place, contract.party, on);
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
