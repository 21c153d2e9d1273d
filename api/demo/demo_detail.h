// What a cycle's awards are made of, in a few lines for a finance person: member-months with the
// changes of earlier months by cause, events with what refused some of them, episodes.
#pragma once

#include <vector>

#include "api/demo/demo_report.h"
#include "api/demo/demo_source.h"

namespace sluice::demo {

// Of the newest awards of the cycle's period, which come to `awarded`. Empty for programs without
// such a detail.
StatusOr<std::vector<DetailLine>> DetailOf(const DemoContext& context, const DemoProgram& program,
                                           const DemoCycle& cycle, Money awarded);

}  // namespace sluice::demo
