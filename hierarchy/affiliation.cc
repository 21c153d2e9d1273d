#include "hierarchy/affiliation.h"

#include <algorithm>

namespace sluice::hierarchy {

Status CheckRole(std::string_view role) {
  constexpr std::size_t kMaxRole = 40;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (role.empty() || role.size() > kMaxRole || !is_letter(role.front()) ||
      !std::ranges::all_of(role, allowed)) {
    return InvalidArgument(
        "'{}' is not a role: it must be 1 to {} lower-case letters, digits or "
        "'_', a letter first",
        role, kMaxRole);
  }
  return OkStatus();
}

}  // namespace sluice::hierarchy
