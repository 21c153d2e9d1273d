// A file of quality results member by member: who is in the denominator of which measure of a
// contract, and who met it. The rules are those of row_import.h; a member whom a restated file
// leaves out is no longer in the measure.
#pragma once

#include "performance/feeds/row_import.h"

namespace sluice::performance {

// Requires: the mapping is of kind member_measure.
StatusOr<RowImportResult> ImportMemberMeasures(pg::Transaction& tx, const RowImportRequest& request,
                                               const QuarantineSink& quarantine);

}  // namespace sluice::performance
