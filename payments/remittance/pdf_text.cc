#include "payments/remittance/pdf_text.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "payments/remittance/pdf_syntax.h"

namespace sluice::payments {
namespace {

using pdf::Dictionary;
using pdf::Lexer;
using pdf::ReadDictionary;
using pdf::Token;

struct Object {
  Dictionary dictionary;
  std::string_view stream;  // raw
};

// Unicode text per character code.
struct Font {
  std::size_t code_bytes = 1;
  std::map<std::uint32_t, std::string> text;
};

class Document {
 public:
  explicit Document(std::string_view bytes) : bytes_(bytes) {}

  StatusOr<std::vector<PdfPage>> Read();

 private:
  Status ReadOffsets();
  StatusOr<Object> Load(int number);
  // The value of an object that is a whole number; negative when it is not.
  std::int64_t LoadNumber(int number) const;
  // The object number of "N 0 R" at the start of a value.
  static std::optional<int> Reference(const std::vector<Token>& value, std::size_t at = 0);
  static std::int64_t ToInt(const std::string& text);
  // A dictionary written in place or behind a reference.
  StatusOr<Dictionary> Resolve(const std::vector<Token>& value);
  StatusOr<std::string> Inflate(const Object& object) const;
  Status CollectPages(int node, int depth, std::vector<int>& pages);
  StatusOr<PdfPage> ReadPage(int number);
  StatusOr<const Font*> LoadFont(int number);

  std::string_view bytes_;
  std::map<int, std::size_t> offsets_;
  std::map<int, Font> fonts_;
  std::set<int> visited_;  // nodes of the page tree
  int root_ = 0;
};

std::int64_t Document::ToInt(const std::string& text) {
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || value > 1'000'000'000'000) return -1;
    value = value * 10 + (c - '0');
  }
  return text.empty() ? -1 : value;
}

std::optional<int> Document::Reference(const std::vector<Token>& value, std::size_t at) {
  if (value.size() < at + 3 || value[at + 2].text != "R") return std::nullopt;
  const std::int64_t number = ToInt(value[at].text);
  return number < 0 ? std::nullopt : std::optional(static_cast<int>(number));
}

Status Document::ReadOffsets() {
  const std::size_t start = bytes_.rfind("startxref");
  if (!bytes_.starts_with("%PDF-") || start == bytes_.npos) {
    return DataLoss("not a whole PDF: no header or no startxref");
  }
  Lexer lexer(bytes_);
  lexer.Seek(start);
  lexer.Next();
  const std::int64_t table = ToInt(lexer.Next().text);
  if (table < 0 || static_cast<std::size_t>(table) >= bytes_.size()) {
    return DataLoss("startxref points outside the file");
  }
  lexer.Seek(static_cast<std::size_t>(table));
  if (lexer.Next().text != "xref") return DataLoss("the cross-reference table is not a table");
  for (;;) {
    const Token first = lexer.Next();
    if (first.text == "trailer") break;
    const std::int64_t begin = ToInt(first.text);
    const std::int64_t count = ToInt(lexer.Next().text);
    if (begin < 0 || count < 0 || count > 10'000'000) return DataLoss("broken cross-reference");
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t offset = ToInt(lexer.Next().text);
      lexer.Next();
      const std::string use = lexer.Next().text;
      if (offset < 0 || (use != "n" && use != "f")) return DataLoss("broken cross-reference");
      if (use == "n") offsets_[static_cast<int>(begin + i)] = static_cast<std::size_t>(offset);
    }
  }
  lexer.Next();
  const Dictionary trailer = ReadDictionary(lexer);
  const auto root = trailer.find("Root");
  if (root == trailer.end() || !Reference(root->second)) return DataLoss("no document root");
  root_ = *Reference(root->second);
  return OkStatus();
}

std::int64_t Document::LoadNumber(int number) const {
  const auto found = offsets_.find(number);
  if (found == offsets_.end() || found->second >= bytes_.size()) return -1;
  Lexer lexer(bytes_);
  lexer.Seek(found->second);
  for (int skipped = 0; skipped < 3; ++skipped) lexer.Next();  // "N 0 obj"
  return ToInt(lexer.Next().text);
}

StatusOr<Object> Document::Load(int number) {
  const auto found = offsets_.find(number);
  if (found == offsets_.end() || found->second >= bytes_.size()) {
    return DataLoss("object {} is missing", number);
  }
  Lexer lexer(bytes_);
  lexer.Seek(found->second);
  if (ToInt(lexer.Next().text) != number) return DataLoss("object {} is not at its place", number);
  lexer.Next();
  lexer.Next();
  if (lexer.Next().text != "<<") return DataLoss("object {} is not a dictionary", number);
  Object object{ReadDictionary(lexer), {}};
  if (lexer.Next().text != "stream") return object;
  std::size_t start = lexer.Position();
  if (bytes_.substr(start, 2) == "\r\n") {
    start += 2;
  } else if (start < bytes_.size() && bytes_[start] == '\n') {
    start += 1;
  }
  const std::vector<Token>& length = object.dictionary["Length"];
  std::int64_t size = length.size() == 1 ? ToInt(length[0].text) : -1;
  if (const auto reference = Reference(length)) size = LoadNumber(*reference);
  if (size < 0 || start + static_cast<std::size_t>(size) > bytes_.size()) {
    return DataLoss("object {}: the stream has no length", number);
  }
  object.stream = bytes_.substr(start, static_cast<std::size_t>(size));
  return object;
}

StatusOr<Dictionary> Document::Resolve(const std::vector<Token>& value) {
  if (const auto reference = Reference(value)) {
    ASSIGN_OR_RETURN(Object object, Load(*reference));
    return object.dictionary;
  }
  // Written in place: the tokens between its brackets, split again into keys and values.
  Dictionary dictionary;
  std::string key;
  int depth = 0;
  for (const Token& token : value) {
    if (token.kind == Token::Kind::kClose) --depth;
    if (depth == 1 && token.kind == Token::Kind::kName &&
        (key.empty() || !dictionary[key].empty())) {
      key = token.text;
    } else if (depth >= 1) {
      dictionary[key].push_back(token);
    }
    if (token.kind == Token::Kind::kOpen) ++depth;
  }
  return dictionary;
}

StatusOr<std::string> Document::Inflate(const Object& object) const {
  const auto filter = object.dictionary.find("Filter");
  if (filter == object.dictionary.end()) return std::string(object.stream);
  if (filter->second.size() != 1 || filter->second[0].text != "FlateDecode") {
    return DataLoss("a stream has a filter other than FlateDecode");
  }
  constexpr std::size_t kMost = 64 << 20;
  std::string out(object.stream.size() * 6 + 4096, '\0');
  for (;;) {
    auto size = static_cast<uLongf>(out.size());
    const int result =
        uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(object.stream.data()), object.stream.size());
    if (result == Z_OK) {
      out.resize(size);
      return out;
    }
    if (result != Z_BUF_ERROR || out.size() > kMost) return DataLoss("a stream cannot be inflated");
    out.resize(out.size() * 2);
  }
}

Status Document::CollectPages(int node, int depth, std::vector<int>& pages) {
  if (depth > 32 || !visited_.insert(node).second) return DataLoss("the page tree is a loop");
  ASSIGN_OR_RETURN(const Object object, Load(node));
  const auto kids = object.dictionary.find("Kids");
  if (kids == object.dictionary.end()) {
    pages.push_back(node);
    return OkStatus();
  }
  for (std::size_t i = 1; i + 3 < kids->second.size() + 1; i += 3) {
    const auto kid = Reference(kids->second, i);
    if (!kid) break;
    RETURN_IF_ERROR(CollectPages(*kid, depth + 1, pages));
  }
  return OkStatus();
}

void AppendUtf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::uint32_t BigEndian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string FromUtf16(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t unit = BigEndian(bytes.substr(i, 2));
    if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.size()) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (BigEndian(bytes.substr(i + 2, 2)) - 0xDC00);
      i += 2;
    }
    AppendUtf8(out, unit);
  }
  return out;
}

// The ToUnicode map: bfchar and bfrange blocks.
Font ReadToUnicode(const std::string& cmap) {
  Font font;
  Lexer lexer(cmap);
  std::vector<std::string> strings;
  for (Token token = lexer.Next(); token.kind != Token::Kind::kEnd; token = lexer.Next()) {
    if (token.kind == Token::Kind::kString) {
      strings.push_back(token.text);
      continue;
    }
    if (token.text == "endcodespacerange" && !strings.empty()) {
      font.code_bytes = std::max<std::size_t>(1, strings[0].size());
    } else if (token.text == "endbfchar") {
      for (std::size_t i = 0; i + 1 < strings.size(); i += 2) {
        font.text[BigEndian(strings[i])] = FromUtf16(strings[i + 1]);
      }
    } else if (token.text == "endbfrange") {
      for (std::size_t i = 0; i + 2 < strings.size(); i += 3) {
        const std::uint32_t first = BigEndian(strings[i]);
        const std::uint32_t last = std::min<std::uint32_t>(BigEndian(strings[i + 1]), 0xFFFF);
        const std::uint32_t target = BigEndian(strings[i + 2]);
        for (std::uint32_t code = first; code <= last; ++code) {
          AppendUtf8(font.text[code] = "", target + (code - first));
        }
      }
    }
    if (token.kind == Token::Kind::kOperator) strings.clear();
  }
  return font;
}

StatusOr<const Font*> Document::LoadFont(int number) {
  if (const auto known = fonts_.find(number); known != fonts_.end()) return &known->second;
  ASSIGN_OR_RETURN(const Object object, Load(number));
  const auto map = object.dictionary.find("ToUnicode");
  if (map == object.dictionary.end() || !Reference(map->second)) {
    return DataLoss("font {} has no ToUnicode map", number);
  }
  ASSIGN_OR_RETURN(const Object cmap, Load(*Reference(map->second)));
  ASSIGN_OR_RETURN(const std::string text, Inflate(cmap));
  return &(fonts_[number] = ReadToUnicode(text));
}

// Follows the text operators of one content stream.
class Content {
 public:
  Content(const std::map<std::string, const Font*>& fonts, PdfPage& page)
      : fonts_(fonts), page_(page) {}

  Status Run(const std::string& text) {
    Lexer lexer(text);
    for (Token token = lexer.Next(); token.kind != Token::Kind::kEnd; token = lexer.Next()) {
      if (token.kind != Token::Kind::kOperator) {
        operands_.push_back(std::move(token));
        continue;
      }
      RETURN_IF_ERROR(Operator(token.text));
      operands_.clear();
    }
    Flush();
    return OkStatus();
  }

 private:
  Status Operator(const std::string& name) {
    if (name == "Tf" && operands_.size() >= 2) {
      const auto font = fonts_.find(operands_[operands_.size() - 2].text);
      font_ = font == fonts_.end() ? nullptr : font->second;
    } else if (name == "Tj" || name == "TJ" || name == "'" || name == "\"") {
      for (const Token& operand : operands_) {
        if (operand.kind == Token::Kind::kString) RETURN_IF_ERROR(Show(operand.text));
      }
    } else if (name == "Td" || name == "TD" || name == "T*" || name == "Tm" || name == "BT") {
      Move(name);
    } else if (name == "ET") {
      if (depth_ == 0) Flush();
    } else if (name == "BDC" || name == "BMC") {
      if (depth_++ == 0) Flush();
    } else if (name == "EMC") {
      if (depth_ > 0 && --depth_ == 0) Flush();
    }
    return OkStatus();
  }

  // A new line inside one element becomes a blank; a step along the line does not.
  void Move(const std::string& name) {
    if (name == "BT" || text_.empty()) return;
    const bool vertical =
        name == "T*" || name == "Tm" || (operands_.size() >= 2 && operands_.back().text != "0");
    if (vertical && text_.back() != ' ') text_ += ' ';
  }

  Status Show(const std::string& codes) {
    if (font_ == nullptr) return DataLoss("text is shown in an unknown font");
    for (std::size_t i = 0; i + font_->code_bytes <= codes.size(); i += font_->code_bytes) {
      const auto found =
          font_->text.find(BigEndian(std::string_view(codes).substr(i, font_->code_bytes)));
      if (found == font_->text.end()) return DataLoss("a character has no Unicode value");
      text_ += found->second;
    }
    return OkStatus();
  }

  void Flush() {
    const std::size_t last = text_.find_last_not_of(' ');
    if (last != text_.npos) page_.texts.push_back(text_.substr(0, last + 1));
    text_.clear();
  }

  const std::map<std::string, const Font*>& fonts_;
  PdfPage& page_;
  std::vector<Token> operands_;
  const Font* font_ = nullptr;
  int depth_ = 0;
  std::string text_;
};

StatusOr<PdfPage> Document::ReadPage(int number) {
  ASSIGN_OR_RETURN(Object object, Load(number));
  ASSIGN_OR_RETURN(Dictionary resources, Resolve(object.dictionary["Resources"]));
  ASSIGN_OR_RETURN(const Dictionary font_names, Resolve(resources["Font"]));
  std::map<std::string, const Font*> fonts;
  for (const auto& [name, value] : font_names) {
    const auto reference = Reference(value);
    if (!reference) return DataLoss("font {} is not an object", name);
    ASSIGN_OR_RETURN(fonts[name], LoadFont(*reference));
  }
  PdfPage page;
  const auto contents = Reference(object.dictionary["Contents"]);
  if (!contents) return DataLoss("page object {} has no single content stream", number);
  ASSIGN_OR_RETURN(const Object stream, Load(*contents));
  ASSIGN_OR_RETURN(const std::string text, Inflate(stream));
  RETURN_IF_ERROR(Content(fonts, page).Run(text));
  return page;
}

StatusOr<std::vector<PdfPage>> Document::Read() {
  RETURN_IF_ERROR(ReadOffsets());
  ASSIGN_OR_RETURN(Object root, Load(root_));
  const auto tree = Reference(root.dictionary["Pages"]);
  if (!tree) return DataLoss("the document has no page tree");
  std::vector<int> numbers;
  RETURN_IF_ERROR(CollectPages(*tree, 0, numbers));
  std::vector<PdfPage> pages;
  for (const int number : numbers) {
    ASSIGN_OR_RETURN(PdfPage page, ReadPage(number));
    pages.push_back(std::move(page));
  }
  return pages;
}

}  // namespace

StatusOr<std::vector<PdfPage>> ReadPdfText(std::string_view bytes) {
  return Document(bytes).Read();
}

}  // namespace sluice::payments
