// The order and usage of segments in an 835 (FORMATS section 8.2).
#pragma once

#include <span>

#include "payments/remittance/finding.h"
#include "payments/remittance/x12_reader.h"

namespace sluice::payments {

// Walks the segments between ST and SE in the order of the guide; findings of check 32 for what is
// missing, too often, out of place or unknown.
void Check835Structure(std::span<const X12Segment> segments, Findings& findings);

}  // namespace sluice::payments
