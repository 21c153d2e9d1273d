// BankText(): what of a name survives into a bank file or an 835.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "payments/remittance/ach_writer.h"

namespace sluice::payments {
namespace {

// Latin-1 supplement and Latin extended-A, U+00C0 to U+017F, without accents, separated by '|'.
constexpr std::string_view kFolded =
    "A|A|A|A|A|A|AE|C|E|E|E|E|I|I|I|I|D|N|O|O|O|O|O| |O|U|U|U|U|Y|TH|SS|"
    "A|A|A|A|A|A|AE|C|E|E|E|E|I|I|I|I|D|N|O|O|O|O|O| |O|U|U|U|U|Y|TH|Y|"
    "A|A|A|A|A|A|C|C|C|C|C|C|C|C|D|D|D|D|E|E|E|E|E|E|E|E|E|E|G|G|G|G|"
    "G|G|G|G|H|H|H|H|I|I|I|I|I|I|I|I|I|I|IJ|IJ|J|J|K|K|K|L|L|L|L|L|L|L|"
    "L|L|L|N|N|N|N|N|N|N|N|N|O|O|O|O|O|O|OE|OE|R|R|R|R|R|R|S|S|S|S|S|S|"
    "S|S|T|T|T|T|T|T|U|U|U|U|U|U|U|U|U|U|U|U|W|W|Y|Y|Y|Z|Z|Z|Z|Z|Z|S|";

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 1;
};

std::uint32_t Low(char c, std::uint32_t mask) { return static_cast<std::uint8_t>(c) & mask; }

// The code point at the start of `text`; a broken sequence is one unknown character of one byte.
CodePoint Decode(std::string_view text) {
  const std::uint32_t lead = Low(text[0], 0xFF);
  std::size_t length = 1;
  std::uint32_t value = lead;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    value = lead & 0x1F;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    value = lead & 0x0F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    value = lead & 0x07;
  }
  if (length == 1 || text.size() < length) return {0, 1};
  for (std::size_t i = 1; i < length; ++i) {
    if (Low(text[i], 0xC0) != 0x80) return {0, 1};
    value = value << 6 | Low(text[i], 0x3F);
  }
  return {value, length};
}

std::string_view Fold(std::uint32_t code_point) {
  if (code_point == 0x2018 || code_point == 0x2019) return "'";
  if (code_point >= 0x2010 && code_point <= 0x2015) return "-";
  if (code_point < 0xC0 || code_point > 0x17F) return " ";
  std::string_view rest = kFolded;
  for (std::uint32_t skip = code_point - 0xC0; skip > 0; --skip) {
    rest.remove_prefix(rest.find('|') + 1);
  }
  return rest.substr(0, rest.find('|'));
}

// What becomes of each byte below 0x80; the others start or continue a longer code point.
constexpr std::array<char, 128> kPlain = [] {
  std::array<char, 128> plain{};
  plain.fill(' ');
  for (std::size_t c = '0'; c <= '9'; ++c) plain[c] = static_cast<char>(c);
  for (std::size_t c = 'A'; c <= 'Z'; ++c) {
    plain[c] = static_cast<char>(c);
    plain[c - 'A' + 'a'] = static_cast<char>(c);
  }
  for (const char c : std::string_view("&-.,/'()#+")) plain[static_cast<std::size_t>(c)] = c;
  return plain;
}();

}  // namespace

char* PutBankText(char* to, std::string_view text, std::size_t most) {
  char* const start = to;
  while (!text.empty()) {
    const auto byte = static_cast<std::uint8_t>(text[0]);
    if (byte < kPlain.size()) {
      // Blanks in front are left out as they come.
      if (kPlain[byte] != ' ' || to > start) *to++ = kPlain[byte];
      text.remove_prefix(1);
      continue;
    }
    const CodePoint code_point = Decode(text);
    const std::string_view folded = Fold(code_point.value);  // never longer than its code point
    if (folded != " " || to > start) to = std::copy(folded.begin(), folded.end(), to);
    text.remove_prefix(code_point.length);
  }
  while (to > start && to[-1] == ' ') --to;
  return start + std::min(static_cast<std::size_t>(to - start), most);
}

std::string BankText(std::string_view text) {
  std::string out(text.size(), ' ');
  out.resize(static_cast<std::size_t>(PutBankText(out.data(), text, out.size()) - out.data()));
  return out;
}

}  // namespace sluice::payments
