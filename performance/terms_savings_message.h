// Shared-savings terms to and from their protobuf messages. Internal to performance/terms_codec.
#pragma once

#include "core/status.h"
#include "performance/terms_savings.h"
#include "sluice/performance/v1/terms_savings.pb.h"

namespace sluice::performance {

void WriteSavings(const BenchmarkMinusActual& basis, v1::BenchmarkMinusActual& out);
void WriteSavings(const InContractYear& condition, v1::InContractYear& out);
void WriteSavings(const Interim& rule, v1::Interim& out);
void WriteSavings(const Delta& rule, v1::Delta& out);
void WriteSavings(const CarryForward& rule, v1::CarryForward& out);

// InvalidArgument when a oneof is not set, or a ratio or an enum value is not known.
StatusOr<BenchmarkMinusActual> ReadSavings(const v1::BenchmarkMinusActual& message);
InContractYear ReadSavings(const v1::InContractYear& message);
Interim ReadSavings(const v1::Interim& message);
Delta ReadSavings(const v1::Delta& message);
CarryForward ReadSavings(const v1::CarryForward& message);

}  // namespace sluice::performance
