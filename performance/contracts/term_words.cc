#include "performance/contracts/term_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "core/date.h"
#include "core/money.h"
#include "performance/contracts/redline.h"

namespace sluice::performance {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
char Upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
bool IsUpper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kMillionths = "_millionths";
constexpr std::string_view kCents = "_cents";

std::int64_t Number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool IsDateText(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && ParseDate(text).ok();
}

bool IsFraction(std::string_view text) {
  const std::size_t bar = text.find('/');
  if (bar == std::string_view::npos || bar == 0 || bar + 1 == text.size()) return false;
  if (text.front() == '-') text.remove_prefix(1);
  return std::ranges::all_of(text, [](char c) { return IsDigit(c) || c == '/'; });
}

// Prices are in dollars; every other number in millionths is a percentage.
std::string MillionthsWords(std::string_view field, std::int64_t value) {
  for (const std::string_view dollars : {"price", "point_value", "dollars", "fee", "pmpm"}) {
    if (field.find(dollars) != std::string_view::npos) {
      return "$" + UnitPrice::FromMillionths(value).ToString();
    }
  }
  return Rate::FromMillionths(value).ToString();
}

// "SIDE_GAIN" of a Side as "gain".
std::string ChoiceWords(const TermNode& leaf) {
  std::string prefix;
  for (const char c : leaf.type) {
    if (IsUpper(c) && !prefix.empty()) prefix += '_';
    prefix += Upper(c);
  }
  prefix += '_';
  std::string_view name = leaf.value;
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return Words(name);
}

}  // namespace

std::string Words(std::string_view name) {
  std::string words;
  for (const char c : name) words += c == '_' || c == '.' || c == '-' ? ' ' : Lower(c);
  return words;
}

std::string TitleWords(std::string_view name) {
  std::string words;
  bool first = true;
  for (const char c : name) {
    const bool gap = c == '_' || c == '.' || c == '-' || c == ' ';
    words += gap ? ' ' : first ? Upper(c) : c;
    first = gap;
  }
  return words;
}

std::string TypeWords(std::string_view type) {
  std::string words;
  for (const char c : type) {
    if (IsUpper(c) && !words.empty()) words += ' ';
    words += Lower(c);
  }
  return words;
}

std::string FieldWords(std::string_view field) {
  for (const std::string_view unit : {kMillionths, kCents}) {
    if (field.ends_with(unit)) field.remove_suffix(unit.size());
  }
  return Words(field);
}

std::string RatioWords(std::string_view text) {
  if (!IsFraction(text)) return std::string(text);
  const StatusOr<Ratio> ratio = Ratio::Parse(text);
  if (!ratio.ok()) return std::string(text);
  const std::string percent = ratio->ToPercentString();
  const StatusOr<Ratio> again = Ratio::Parse(percent);
  if (again.ok() && *again == *ratio) return percent;
  return fmt::format("{} (exactly {})", percent, text);
}

std::string ValueWords(const TermNode& leaf) {
  switch (leaf.kind) {
    case TermKind::kNumber:
      if (leaf.name.ends_with(kMillionths)) {
        return MillionthsWords(leaf.name, Number(leaf.value));
      }
      if (leaf.name.ends_with(kCents)) {
        return "$" + Money::FromCents(Number(leaf.value)).ToString();
      }
      return leaf.value;
    case TermKind::kFlag:
      return leaf.value == "true" ? "yes" : "no";
    case TermKind::kChoice:
      return ChoiceWords(leaf);
    default:
      if (IsDateText(leaf.value)) return FormatDateLong(ParseDate(leaf.value).value_or(Date{}));
      if (IsFraction(leaf.value)) return RatioWords(leaf.value);
      return leaf.value;
  }
}

std::string JoinWords(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? fmt::format(" {} ", last) : ", ";
    text += parts[i];
  }
  return text;
}

bool IsDefault(const TermNode& node) {
  switch (node.kind) {
    case TermKind::kMessage:
      return false;
    case TermKind::kList:
      return node.children.empty();
    case TermKind::kNumber:
      return node.value == "0" && !node.alternative;
    case TermKind::kFlag:
      return node.value == "false" && !node.alternative;
    default:
      return node.value.empty();
  }
}

std::string DisplayValue(const TermNode& node) {
  if (node.IsLeaf()) return node.value.empty() ? "(nothing)" : ValueWords(node);
  std::vector<std::string> parts;
  for (const TermNode& child : node.children) {
    if (IsDefault(child)) continue;
    const std::string value = DisplayValue(child);
    const std::string shown = child.IsLeaf() ? value : "{" + value + "}";
    parts.push_back(child.name.empty() ? shown : FieldWords(child.name) + " " + shown);
  }
  return parts.empty() ? "(nothing)" : fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace sluice::performance
