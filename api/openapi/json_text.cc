#include "api/openapi/json_text.h"

#include <fmt/format.h>

namespace sluice::api {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

// Copies a text in quotes and leaves `at` behind it.
void CopyText(const std::string& from, std::size_t& at, std::string& to) {
  do {
    if (from[at] == '\\') to += from[at++];
    to += from[at++];
  } while (from[at] != '"');
  to += from[at++];
}

}  // namespace

Json Json::Text(std::string_view text) { return Json(Quoted(text)); }

Json Json::Number(std::int64_t number) { return Json(fmt::format("{}", number)); }

Json Json::Flag(bool flag) { return Json(flag ? "true" : "false"); }

Json Json::Object(const Members& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    text += Quoted(name) + ':' + value.text_;
  }
  return Json(text + '}');
}

Json Json::List(const std::vector<Json>& items) {
  std::string text = "[";
  for (const Json& item : items) {
    if (text.size() > 1) text += ',';
    text += item.text_;
  }
  return Json(text + ']');
}

std::string Json::Indented() const {
  std::string indented;
  std::size_t level = 0;
  const auto line = [&] {
    indented += '\n';
    indented.append(2 * level, ' ');
  };
  for (std::size_t at = 0; at < text_.size();) {
    const char c = text_[at];
    if (c == '"') {
      CopyText(text_, at, indented);
      continue;
    }
    const bool empty = (c == '{' && text_[at + 1] == '}') || (c == '[' && text_[at + 1] == ']');
    if (empty) {
      indented += text_.substr(at, 2);
      at += 2;
      continue;
    }
    ++at;
    if (c == '}' || c == ']') {
      --level;
      line();
    }
    indented += c;
    if (c == '{' || c == '[') ++level;
    if (c == '{' || c == '[' || c == ',') line();
    if (c == ':') indented += ' ';
  }
  return indented + '\n';
}

}  // namespace sluice::api
