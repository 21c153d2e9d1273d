// Terms between their domain form, their published protobuf form, and text.
//
// Canonical form: the protobuf message of terms.proto, serialized deterministically. It holds no
// map and no unknown field, every list keeps its order, ratios are in lowest terms, and fields that
// equal their default are left out; so one Terms has one byte form. The hash is SHA-256 over a
// domain tag and these bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/status.h"
#include "performance/terms.h"

namespace sluice::performance {

// The canonical bytes.
Bytes EncodeTerms(const Terms& terms);
// Reads canonical bytes and validates the terms. InvalidArgument when they do not parse, hold
// something this version does not know, are not canonical, or break a rule of terms_validate.h.
StatusOr<Terms> DecodeTerms(ByteView bytes);
// Reads the bytes of a message that somebody else wrote, which may spell the same terms another
// way. InvalidArgument as DecodeTerms, but for the form.
StatusOr<Terms> ReadTerms(ByteView bytes);
// SHA-256 that names this version of the terms.
Digest HashTerms(const Terms& terms);

// JSON of the published message: for people and for the API. Not what is hashed.
std::string TermsToJson(const Terms& terms);
// The reverse; validates. InvalidArgument names what is wrong.
StatusOr<Terms> TermsFromJson(std::string_view json);

}  // namespace sluice::performance
