// A C++ source taken apart far enough to check it: code without comments and literals, and the
// literals by themselves. Line numbers stay true.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::structure {

struct Literal {
  int line = 1;  // on which it starts
  std::string text;
};

struct SourceText {
  // The source with comments and the insides of literals blanked; line ends stay.
  std::string code;
  std::vector<Literal> literals;  // strings, raw strings included; not characters

  // Takes a source apart. Understands // and /* */ comments, strings, raw strings, character
  // literals and digit separators.
  static SourceText Of(std::string_view source);
};

// A word of the code: letters, digits and underscores.
struct Word {
  int line = 1;
  std::string_view text;
  // The first character after the word and any blanks, 0 at the end: '(' for a call.
  char next = 0;
};

std::vector<Word> WordsOf(std::string_view code);
std::vector<std::string_view> LinesOf(std::string_view text);

}  // namespace sluice::structure
