// The fields of a query or a form as text: "code=abc&state=d%20e"
// (application/x-www-form-urlencoded).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/status.h"

namespace sluice {

// What stands for itself in every part of a URI (RFC 3986, section 2.3) stays; everything else is
// %XX.
std::string PercentEncoded(std::string_view text);

std::string WriteQuery(const std::vector<std::pair<std::string_view, std::string>>& fields);
// InvalidArgument for an escape that is none, for a zero byte, and for a name that comes twice.
StatusOr<std::map<std::string, std::string>> ReadQuery(std::string_view text);

}  // namespace sluice
