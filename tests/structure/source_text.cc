#include "tests/structure/source_text.h"

#include <algorithm>
#include <cctype>

namespace sluice::structure {
namespace {

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks through a source once.
class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  SourceText Scan() {
    while (at_ < source_.size()) Step();
    return std::move(result_);
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void Keep() {
    if (Peek() == '\n') ++line_;
    result_.code += source_[at_++];
  }
  void Blank() {
    if (Peek() == '\n') ++line_;
    result_.code += Peek() == '\n' ? '\n' : ' ';
    ++at_;
  }
  void BlankTo(std::size_t end) {
    while (at_ < std::min(end, source_.size())) Blank();
  }

  void Step() {
    if (Peek() == '/' && Peek(1) == '/') {
      BlankTo(source_.find('\n', at_));
    } else if (Peek() == '/' && Peek(1) == '*') {
      const std::size_t end = source_.find("*/", at_ + 2);
      BlankTo(end == std::string_view::npos ? end : end + 2);
    } else if (Peek() == '"') {
      IsRaw() ? RawString() : String();
    } else if (Peek() == '\'' && !AfterWord()) {
      Character();
    } else {
      Keep();
    }
  }
  // 1'000: a quote after a digit separates digits. (u8'x' is not used here.)
  bool AfterWord() const { return at_ > 0 && IsWordCharacter(source_[at_ - 1]); }
  bool IsRaw() const { return at_ > 0 && source_[at_ - 1] == 'R'; }

  void String() {
    Literal literal{.line = line_, .text = ""};
    Keep();
    while (at_ < source_.size() && Peek() != '"' && Peek() != '\n') {
      if (Peek() == '\\') {
        literal.text += Peek();
        Blank();
      }
      literal.text += Peek();
      Blank();
    }
    if (Peek() == '"') Keep();
    result_.literals.push_back(std::move(literal));
  }
  void RawString() {
    const std::size_t open = source_.find('(', at_);
    if (open == std::string_view::npos) return Keep();
    std::string closing = ")";
    closing += source_.substr(at_ + 1, open - at_ - 1);
    closing += '"';
    const std::size_t close = std::min(source_.find(closing, open), source_.size());
    result_.literals.push_back(
        {.line = line_, .text = std::string(source_.substr(open + 1, close - open - 1))});
    Keep();
    BlankTo(close + closing.size() - 1);
    if (Peek() == '"') Keep();
  }
  void Character() {
    Keep();
    while (at_ < source_.size() && Peek() != '\'' && Peek() != '\n') {
      if (Peek() == '\\') Blank();
      Blank();
    }
    if (Peek() == '\'') Keep();
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int line_ = 1;
  SourceText result_;
};

}  // namespace

SourceText SourceText::Of(std::string_view source) { return Scanner(source).Scan(); }

std::vector<Word> WordsOf(std::string_view code) {
  std::vector<Word> words;
  int line = 1;
  std::size_t at = 0;
  while (at < code.size()) {
    if (!IsWordCharacter(code[at])) {
      if (code[at] == '\n') ++line;
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < code.size() && IsWordCharacter(code[at])) ++at;
    const std::size_t next = code.find_first_not_of(" \t\n", at);
    words.push_back({.line = line,
                     .text = code.substr(begin, at - begin),
                     .next = next == std::string_view::npos ? '\0' : code[next]});
  }
  return words;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace sluice::structure
