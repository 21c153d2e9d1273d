#include "performance/facts.h"

#include <array>
#include <charconv>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kVersionLine = "sluice-facts 1";
constexpr std::array<std::string_view, 6> kKinds = {"amount", "ratio", "count",
                                                    "flag",   "date",  "text"};

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

bool IsName(std::string_view name) {
  for (const char c : name) {
    if (!IsNameCharacter(c)) return false;
  }
  return !name.empty();
}

// Text keeps its printable bytes; '%', blanks at will and control bytes become %XX, so that a
// value is one run without line breaks.
std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '%') {
      out += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    } else {
      out += c;
    }
  }
  return out;
}

StatusOr<std::string> Unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* const from = text.data() + i + 1;
    if (i + 2 >= text.size() || std::from_chars(from, from + 2, value, 16).ptr != from + 2) {
      return InvalidArgument("'{}' has a '%' that two hexadecimal digits do not follow", text);
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return out;
}

template <typename T>
StatusOr<std::optional<T>> As(const std::map<std::string, FactValue, std::less<>>& values,
                              std::string_view name, std::string_view kind) {
  const auto found = values.find(name);
  if (found == values.end()) return std::optional<T>();
  if (const T* value = std::get_if<T>(&found->second)) return std::optional<T>(*value);
  return InvalidArgument("fact {} is of kind {}; the terms need kind {}: record it so", name,
                         FactKindName(found->second), kind);
}

// The next word of `line`, which is cut off; the rest begins after one blank.
std::string_view TakeWord(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
  return word;
}

Status ParseLine(std::string_view line, Facts& facts) {
  const std::string_view original = line;
  const std::string_view head = TakeWord(line);
  const std::string_view name = TakeWord(line);
  if (!IsName(name)) return InvalidArgument("'{}' does not name a fact or measure", original);
  if (head == "fact") {
    const std::string_view kind = TakeWord(line);
    ASSIGN_OR_RETURN(FactValue value, ParseFactValue(kind, line));
    facts.Set(name, std::move(value));
    return OkStatus();
  }
  if (head == "measure") {
    if (line == "not-reported") {
      facts.SetMeasure(name, MeasureResult{.reported = false});
      return OkStatus();
    }
    const std::string_view numerator = TakeWord(line);
    ASSIGN_OR_RETURN(const Ratio top, Ratio::Parse(numerator));
    ASSIGN_OR_RETURN(const Ratio bottom, Ratio::Parse(line));
    facts.SetMeasure(name, MeasureResult{.numerator = top, .denominator = bottom});
    return OkStatus();
  }
  return InvalidArgument("'{}' is neither a fact nor a measure line", original);
}

}  // namespace

std::string_view FactKindName(const FactValue& value) { return kKinds.at(value.index()); }

std::string FormatFactValue(const FactValue& value) {
  struct Formatter {
    std::string operator()(const Exact& amount) const { return amount.ToFractionString(); }
    std::string operator()(const Ratio& ratio) const { return ratio.ToFractionString(); }
    std::string operator()(std::int64_t count) const { return fmt::format("{}", count); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(Date date) const { return FormatDate(date); }
    std::string operator()(const std::string& text) const { return Escape(text); }
  };
  return std::visit(Formatter{}, value);
}

StatusOr<FactValue> ParseFactValue(std::string_view kind, std::string_view text) {
  if (kind == "amount") {
    ASSIGN_OR_RETURN(Exact amount, Exact::Parse(text));
    return FactValue(std::move(amount));
  }
  if (kind == "ratio") {
    ASSIGN_OR_RETURN(Ratio ratio, Ratio::Parse(text));
    return FactValue(std::move(ratio));
  }
  if (kind == "count") {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size()) {
      return InvalidArgument("'{}' is not a count: write a whole number", text);
    }
    return FactValue(count);
  }
  if (kind == "flag") {
    if (text == "true") return FactValue(true);
    if (text == "false") return FactValue(false);
    return InvalidArgument("'{}' is not a flag: write true or false", text);
  }
  if (kind == "date") {
    ASSIGN_OR_RETURN(const Date date, ParseDate(text));
    return FactValue(date);
  }
  if (kind == "text") {
    ASSIGN_OR_RETURN(std::string plain, Unescape(text));
    return FactValue(std::move(plain));
  }
  return InvalidArgument("'{}' is not a kind of fact: amount, ratio, count, flag, date or text",
                         kind);
}

Facts& Facts::Set(std::string_view name, FactValue value) {
  CHECK(IsName(name));
  values_.insert_or_assign(std::string(name), std::move(value));
  return *this;
}

Facts& Facts::SetMeasure(std::string_view id, MeasureResult result) {
  CHECK(IsName(id));
  measures_.insert_or_assign(std::string(id), std::move(result));
  return *this;
}

StatusOr<std::optional<Exact>> Facts::Amount(std::string_view name) const {
  return As<Exact>(values_, name, "amount");
}

StatusOr<std::optional<Ratio>> Facts::RatioOf(std::string_view name) const {
  const auto found = values_.find(name);
  if (found != values_.end()) {
    if (const std::int64_t* count = std::get_if<std::int64_t>(&found->second)) {
      return std::optional<Ratio>(Ratio(*count));
    }
  }
  return As<Ratio>(values_, name, "ratio");
}

StatusOr<std::optional<std::int64_t>> Facts::Count(std::string_view name) const {
  return As<std::int64_t>(values_, name, "count");
}

StatusOr<std::optional<bool>> Facts::Flag(std::string_view name) const {
  return As<bool>(values_, name, "flag");
}

StatusOr<std::optional<Date>> Facts::DateOf(std::string_view name) const {
  return As<Date>(values_, name, "date");
}

StatusOr<std::optional<std::string>> Facts::Text(std::string_view name) const {
  return As<std::string>(values_, name, "text");
}

std::optional<MeasureResult> Facts::FindMeasure(std::string_view id) const {
  const auto found = measures_.find(id);
  if (found == measures_.end()) return std::nullopt;
  return found->second;
}

std::string Facts::ToText() const {
  std::string out = fmt::format("{}\n", kVersionLine);
  for (const auto& [name, value] : values_) {
    out += fmt::format("fact {} {} {}\n", name, FactKindName(value), FormatFactValue(value));
  }
  for (const auto& [id, result] : measures_) {
    out += result.reported
               ? fmt::format("measure {} {} {}\n", id, result.numerator.ToFractionString(),
                             result.denominator.ToFractionString())
               : fmt::format("measure {} not-reported\n", id);
  }
  return out;
}

StatusOr<Facts> Facts::Parse(std::string_view text) {
  Facts facts;
  std::string_view rest = text;
  bool first = true;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      return InvalidArgument("facts end in the middle of the line '{}'", rest);
    }
    const std::string_view line = rest.substr(0, end);
    rest = rest.substr(end + 1);
    if (first) {
      if (line != kVersionLine) {
        return InvalidArgument("facts begin with '{}'; this version reads '{}'", line,
                               kVersionLine);
      }
      first = false;
      continue;
    }
    RETURN_IF_ERROR(ParseLine(line, facts));
  }
  if (facts.ToText() != text) {
    return InvalidArgument(
        "facts are not in canonical form: order the lines by name, write "
        "fractions in lowest terms, name each fact once");
  }
  return facts;
}

Digest Facts::Hash() const { return Sha256(AsBytes(ToText())); }

}  // namespace sluice::performance
