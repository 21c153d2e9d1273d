#include "hierarchy/affiliation_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "hierarchy/change.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::hierarchy {

Status AffiliationService::End(PayerId payer, const AffiliationKey& which, Date end,
                               const std::string& source) const {
  pg::TransactOptions bounds;
  bounds.idle_timeout = std::chrono::seconds(60);
  return database_.ForPayer(payer).Transact(bounds, [&](pg::Transaction& tx) -> Status {
    const Head head = LockHead(tx, payer);
    std::optional<Affiliation> span = FindAffiliation(tx, payer, head.version, which);
    if (!span) {
      return NotFound("{} > {} as {}: nothing known starts on {}", which.parent, which.child,
                      which.role, FormatDate(which.from));
    }
    if (end <= which.from) {
      return InvalidArgument("the end {} is not after the first day {}; withdraw what never was",
                             FormatDate(end), FormatDate(which.from));
    }
    if (span->valid.to && *span->valid.to <= end) {
      return FailedPrecondition("{} > {} as {} ends already: {}", which.parent, which.child,
                                which.role, span->valid.ToString());
    }
    span->valid.to = end;
    ChangeSet change;
    change.affiliations.push_back(*span);
    const std::vector<Finding> findings =
        CheckChange(LoadKnowledge(tx, payer, head.version), change);
    if (!findings.empty()) return FindingsStatus(findings);
    InsertChange(tx, payer,
                 {.version = head.version + 1,
                  .recorded_at = std::max(clock_.Now(), head.recorded_at),
                  .source = source},
                 change);
    return OkStatus();
  });
}

}  // namespace sluice::hierarchy
