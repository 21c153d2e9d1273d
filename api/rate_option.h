// Shares and yearly rates as options of commands.
#pragma once

#include <string>
#include <string_view>

#include "core/money.h"
#include "core/status.h"

namespace sluice::api {

// "25%" or "0.25", from 0% to 100% with up to four decimals of a percent. InvalidArgument names the
// option.
StatusOr<Rate> ParseShare(std::string_view option, const std::string& text);
// "25%", "8.25%".
std::string ShareText(Rate share);

}  // namespace sluice::api
