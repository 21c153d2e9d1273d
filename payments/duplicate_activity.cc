#include "payments/duplicate_activity.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice::payments {
namespace {

using ActivityKey = std::tuple<std::int64_t, std::int16_t, std::string>;

ActivityKey KeyOf(const PaidActivity& activity) {
  return {activity.member, activity.kind, activity.code};
}

}  // namespace

std::string DuplicateActivity::ToString(const std::string& member_number) const {
  return fmt::format("member {}, {} in {} also earned {} in {} ({}), on {}", member_number,
                     here.code, here.period.ToString(), there.earned, there.program, there.contract,
                     FormatDate(there.service_date));
}

std::vector<DuplicateActivity> FindDuplicates(std::span<const PaidActivity> here,
                                              std::span<const PaidActivity> there) {
  std::map<ActivityKey, std::vector<const PaidActivity*>> others;
  for (const PaidActivity& activity : there) others[KeyOf(activity)].push_back(&activity);
  std::vector<DuplicateActivity> duplicates;
  for (const PaidActivity& activity : here) {
    const auto same = others.find(KeyOf(activity));
    if (same == others.end()) continue;
    const auto other = std::ranges::find_if(same->second, [&](const PaidActivity* candidate) {
      return candidate->contract != activity.contract &&
             candidate->period.Overlaps(activity.period);
    });
    if (other != same->second.end()) duplicates.push_back({activity, **other});
  }
  return duplicates;
}

}  // namespace sluice::payments
