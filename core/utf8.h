// Recognizing text encodings in bytes that came from outside.
#pragma once

#include <string_view>

namespace sluice {

// Whether every byte is below 128.
bool IsAscii(std::string_view text);

// Whether the bytes are well-formed UTF-8 (Unicode standard, table 3-7): no overlong forms, no
// surrogates, nothing past U+10FFFF, nothing cut.
bool IsUtf8(std::string_view text);

}  // namespace sluice
