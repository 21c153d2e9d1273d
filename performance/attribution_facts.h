// The name of the fact through which an attribution list reaches an award.
#pragma once

#include <string_view>

namespace sluice::performance {

// Of the contract (count): members of its published list with a month in the period. Where it is
// known to be 0, a comparison of their cost with a target is nothing, and any basis that comes to
// zero says NO_ATTRIBUTED_MEMBERS.
inline constexpr std::string_view kAttributedMembersFact = "attributed_members";

}  // namespace sluice::performance
