// Ending an affiliation by its name. Every other change of the hierarchy is in hierarchy_service.h.
#pragma once

#include <string>
#include <utility>

#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/affiliation_store.h"

namespace sluice::hierarchy {

class AffiliationService {
 public:
  // The clock outlives the service.
  AffiliationService(pg::Database database, Clock& clock)
      : database_(std::move(database)), clock_(clock) {}

  // Records that the span does not hold from `end` on, as the next change of the payer; `source`
  // says so, in 1 to 200 bytes. NotFound when nothing known starts on its first day;
  // InvalidArgument when the end is not after that: what never was is withdrawn; FailedPrecondition
  // when it ends on that day or before already.
  Status End(PayerId payer, const AffiliationKey& which, Date end, const std::string& source) const;

 private:
  pg::Database database_;
  Clock& clock_;
};

}  // namespace sluice::hierarchy
