// The tokens and dictionaries of PDF syntax, for pdf_text.h.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::payments::pdf {

// One token of PDF syntax.
struct Token {
  enum class Kind { kEnd, kName, kNumber, kString, kOperator, kOpen, kClose };
  Kind kind = Kind::kEnd;
  std::string text;  // kOpen and kClose: "[", "<<", "]", ">>"
};

// Cuts text into tokens; comments and blanks are skipped.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::size_t Position() const { return at_; }
  void Seek(std::size_t at) { at_ = at; }
  // kEnd at the end, for ever.
  Token Next();

 private:
  void SkipSpace();
  Token Bracket(Token::Kind kind);
  std::string Word();
  std::string Literal();
  void Escape(std::string& out);
  std::string Hex();

  std::string_view text_;
  std::size_t at_ = 0;
};

// A dictionary flattened to what we need: the tokens of each value.
using Dictionary = std::map<std::string, std::vector<Token>>;

// Reads a dictionary after its "<<". Nested values keep their brackets.
Dictionary ReadDictionary(Lexer& lexer);

}  // namespace sluice::payments::pdf
