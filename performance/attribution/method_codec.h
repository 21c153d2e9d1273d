// The canonical bytes of an attribution method, their hash, and JSON for people.
//
// The schema is proto/sluice/performance/v1/attribution.proto. One method has one byte form and one
// hash; a change of a byte is another method.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/status.h"
#include "performance/attribution/method.h"

namespace sluice::performance {

Bytes EncodeMethod(const AttributionMethod& method);
// InvalidArgument when the bytes are no method, not canonical, or break a rule of ValidateMethod.
StatusOr<AttributionMethod> DecodeMethod(ByteView bytes);
Digest HashMethod(const AttributionMethod& method);

std::string MethodToJson(const AttributionMethod& method);
StatusOr<AttributionMethod> MethodFromJson(std::string_view json);

}  // namespace sluice::performance
