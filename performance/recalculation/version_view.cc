#include "performance/recalculation/version_view.h"

namespace sluice::performance {

std::vector<VersionView> ViewVersions(const std::vector<StoredAward>& history) {
  std::vector<VersionView> views;
  bool computed_before = false;
  for (const StoredAward& award : history) {
    VersionView view{.award = award, .notes = award.notes};
    if (award.status == AwardStatus::kComputed) {
      if (computed_before) view.notes.push_back(ReasonCode::kRestated);
      view.due = award.payable;
      if (award.payable.IsZero()) {
        view.reason = award.zero_reason ? award.zero_reason : award.payable_zero_reason;
      } else if (computed_before && award.delta.IsZero()) {
        view.reason = ReasonCode::kNoChange;
      }
      computed_before = true;
    }
    views.push_back(std::move(view));
  }
  // A blocked version replaces nothing: what was computed before it still counts.
  bool newest = true;
  for (auto view = views.rbegin(); view != views.rend(); ++view) {
    if (view->award.status != AwardStatus::kComputed) continue;
    if (!newest) {
      view->due = Money();
      view->reason = ReasonCode::kSuperseded;
    }
    newest = false;
  }
  return views;
}

}  // namespace sluice::performance
