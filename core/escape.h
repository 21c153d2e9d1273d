// Fields of text formats whose fields are separated by tabs and whose records end at a line feed.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

// Backslash, tab, line feed and carriage return as \\ \t \n \r; everything else as it is.
std::string EscapeField(std::string_view field);

}  // namespace sluice
