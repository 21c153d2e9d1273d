#include "payments/remittance/pdf_syntax.h"

#include <utility>

namespace sluice::payments::pdf {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}
bool IsDelimiter(char c) {
  return std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Token Lexer::Next() {
  SkipSpace();
  if (at_ >= text_.size()) return {};
  const char c = text_[at_];
  if (c == '(') return {Token::Kind::kString, Literal()};
  if (text_.substr(at_, 2) == "<<" || c == '[') return Bracket(Token::Kind::kOpen);
  if (text_.substr(at_, 2) == ">>" || c == ']') return Bracket(Token::Kind::kClose);
  if (c == '<') return {Token::Kind::kString, Hex()};
  if (c == '/') {
    ++at_;
    return {Token::Kind::kName, Word()};
  }
  std::string word = Word();
  if (word.empty()) {
    ++at_;
    return {Token::Kind::kOperator, std::string(1, c)};
  }
  const bool number = word.find_first_not_of("+-.0123456789") == word.npos;
  return {number ? Token::Kind::kNumber : Token::Kind::kOperator, std::move(word)};
}

void Lexer::SkipSpace() {
  while (at_ < text_.size()) {
    if (text_[at_] == '%') {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    } else if (IsSpace(text_[at_])) {
      ++at_;
    } else {
      return;
    }
  }
}

Token Lexer::Bracket(Token::Kind kind) {
  const std::size_t length = text_[at_] == '[' || text_[at_] == ']' ? 1 : 2;
  Token token{kind, std::string(text_.substr(at_, length))};
  at_ += length;
  return token;
}

std::string Lexer::Word() {
  const std::size_t start = at_;
  while (at_ < text_.size() && !IsSpace(text_[at_]) && !IsDelimiter(text_[at_])) ++at_;
  return std::string(text_.substr(start, at_ - start));
}

std::string Lexer::Literal() {
  std::string out;
  int depth = 0;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      Escape(out);
      continue;
    }
    if (c == '(' && depth++ == 0) continue;
    if (c == ')' && --depth == 0) {
      ++at_;
      return out;
    }
    out += c;
  }
  return out;
}

void Lexer::Escape(std::string& out) {
  const char c = text_[++at_];
  if (c >= '0' && c <= '7') {
    int value = 0;
    std::size_t digits = 0;
    while (digits < 3 && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '7') {
      value = value * 8 + (text_[at_++] - '0');
      ++digits;
    }
    --at_;
    out += static_cast<char>(value & 0xFF);
    return;
  }
  constexpr std::string_view kFrom = "nrtbf";
  constexpr std::string_view kTo = "\n\r\t\b\f";
  const std::size_t known = kFrom.find(c);
  if (known != kFrom.npos) {
    out += kTo[known];
  } else if (c != '\n') {
    out += c;
  }
}

std::string Lexer::Hex() {
  std::string out;
  int high = -1;
  for (++at_; at_ < text_.size() && text_[at_] != '>'; ++at_) {
    const int digit = HexDigit(text_[at_]);
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  if (high >= 0) out += static_cast<char>(high * 16);
  ++at_;
  return out;
}

Dictionary ReadDictionary(Lexer& lexer) {
  Dictionary dictionary;
  std::string key;
  int depth = 0;
  for (;;) {
    Token token = lexer.Next();
    if (token.kind == Token::Kind::kEnd) return dictionary;
    if (token.kind == Token::Kind::kClose && depth == 0) return dictionary;
    if (token.kind == Token::Kind::kName && depth == 0 &&
        (key.empty() || !dictionary[key].empty())) {
      key = token.text;
      continue;
    }
    if (token.kind == Token::Kind::kOpen) ++depth;
    if (token.kind == Token::Kind::kClose) --depth;
    dictionary[key].push_back(std::move(token));
  }
}

}  // namespace sluice::payments::pdf
