// Base 64 for URLs (RFC 4648, section 5): '-' and '_', without padding.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/status.h"

namespace sluice {

std::string ToBase64Url(ByteView bytes);
// One text for one value: InvalidArgument for padding, a foreign character, a length that no bytes
// have, and for bits that are left over and not zero.
StatusOr<Bytes> FromBase64Url(std::string_view text);

}  // namespace sluice
