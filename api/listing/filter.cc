#include "api/listing/filter.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/id.h"
#include "core/utf8.h"

namespace sluice::api {

namespace {

constexpr std::size_t kLongestFilter = 2000;
constexpr int kDeepest = 16;
constexpr int kMostComparisons = 50;

constexpr std::pair<std::string_view, Comparison> kSigns[] = {{"!=", Comparison::kNotEqual},
                                                              {"<=", Comparison::kLessOrEqual},
                                                              {">=", Comparison::kGreaterOrEqual},
                                                              {"=", Comparison::kEqual},
                                                              {"<", Comparison::kLess},
                                                              {">", Comparison::kGreater},
                                                              {":", Comparison::kHas}};

std::string_view SignOf(Comparison comparison) {
  return std::ranges::find(kSigns, comparison, &std::pair<std::string_view, Comparison>::second)
      ->first;
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/' || c == '+';
}

bool Allows(FieldType type, Comparison comparison) {
  switch (type) {
    case FieldType::kText:
      return true;
    case FieldType::kInteger:
    case FieldType::kDate:
    case FieldType::kInstant:
      return comparison != Comparison::kHas;
    case FieldType::kBoolean:
    case FieldType::kEnum:
    case FieldType::kId:
      return comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  }
  return false;
}

std::string FieldNames(std::span<const ListField> fields, bool sortable_only) {
  std::vector<std::string_view> names;
  for (const ListField& field : fields) {
    if (field.sortable || !sortable_only) names.push_back(field.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

StatusOr<FilterValue> EnumValue(const ListField& field, const std::string& text) {
  std::vector<std::string_view> names;
  for (const auto& [name, number] : field.names) {
    if (name == text) return FilterValue(number);
    names.push_back(name);
  }
  return InvalidArgument("{} is one of {}", field.name, fmt::join(names, ", "));
}

StatusOr<FilterValue> IntegerValue(const ListField& field, const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || rest != end) {
    return InvalidArgument("{} is a whole number", field.name);
  }
  return FilterValue(number);
}

StatusOr<FilterValue> ValueOf(const ListField& field, const std::string& text) {
  switch (field.type) {
    case FieldType::kText:
      return FilterValue(text);
    case FieldType::kInteger:
      return IntegerValue(field, text);
    case FieldType::kEnum:
      return EnumValue(field, text);
    case FieldType::kBoolean:
      if (text == "true" || text == "false") return FilterValue(text == "true");
      return InvalidArgument("{} is true or false", field.name);
    case FieldType::kDate: {
      const StatusOr<Date> date = ParseDate(text);
      // One form, not the three that files may have.
      if (date.ok() && FormatDate(*date) == text) return FilterValue(*date);
      return InvalidArgument("{} is a date like 2026-10-01", field.name);
    }
    case FieldType::kInstant: {
      const StatusOr<Instant> instant = Instant::Parse(text);
      if (instant.ok()) return FilterValue(*instant);
      return InvalidArgument("{} is a time like \"2026-10-01T12:00:00Z\"", field.name);
    }
    case FieldType::kId: {
      // The id alone, or the name that ends in it: "payers/pyr_1/parties/pty_2".
      const StatusOr<std::int64_t> id = ParseId(field.prefix, text.substr(text.rfind('/') + 1));
      if (id.ok()) return FilterValue(*id);
      return InvalidArgument("{} is an id that begins with {}_", field.name, field.prefix);
    }
  }
  return Internal("field {} has no type", field.name);
}

class Parser {
 public:
  Parser(std::string_view text, std::span<const ListField> fields) : text_(text), fields_(fields) {}

  StatusOr<Filter> Parse() {
    if (text_.size() > kLongestFilter) {
      return InvalidArgument("filter has {} bytes; {} is the most", text_.size(), kLongestFilter);
    }
    if (!IsUtf8(text_)) return InvalidArgument("filter is not UTF-8");
    SkipBlanks();
    if (AtEnd()) return Filter{};
    ASSIGN_OR_RETURN(Filter filter, ParseAll(0));
    if (!AtEnd()) return Fault("AND, OR or the end is expected");
    return filter;
  }

 private:
  bool AtEnd() const { return at_ == text_.size(); }
  void SkipBlanks() {
    while (!AtEnd() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  Status Fault(std::string_view what) const {
    return InvalidArgument("filter at character {}: {}", at_ + 1, what);
  }
  bool Take(std::string_view sign) {
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    SkipBlanks();
    return true;
  }
  // A keyword is a whole word.
  bool TakeWord(std::string_view word) {
    const std::size_t end = at_ + word.size();
    if (!text_.substr(at_).starts_with(word)) return false;
    if (end < text_.size() && (IsWordCharacter(text_[end]) || text_[end] == ':')) return false;
    at_ = end;
    SkipBlanks();
    return true;
  }

  StatusOr<Filter> ParseAll(int depth) {
    return ParseList(Filter::Kind::kAll, "AND", depth, [&] { return ParseAny(depth); });
  }
  StatusOr<Filter> ParseAny(int depth) {
    return ParseList(Filter::Kind::kAny, "OR", depth, [&] { return ParseTerm(depth); });
  }
  template <typename ParsePart>
  StatusOr<Filter> ParseList(Filter::Kind kind, std::string_view word, int depth,
                             const ParsePart& parse_part) {
    if (depth > kDeepest) return Fault("parentheses are too deep");
    Filter list{.kind = kind};
    do {
      ASSIGN_OR_RETURN(Filter part, parse_part());
      list.children.push_back(std::move(part));
    } while (TakeWord(word));
    if (list.children.size() == 1) return std::move(list.children.front());
    return list;
  }

  StatusOr<Filter> ParseTerm(int depth) {
    if (TakeWord("NOT") || Take("-")) {
      ASSIGN_OR_RETURN(Filter part, ParseSimple(depth));
      Filter negation{.kind = Filter::Kind::kNot};
      negation.children.push_back(std::move(part));
      return negation;
    }
    return ParseSimple(depth);
  }

  StatusOr<Filter> ParseSimple(int depth) {
    if (!Take("(")) return ParseComparison();
    ASSIGN_OR_RETURN(Filter inner, ParseAll(depth + 1));
    if (!Take(")")) return Fault("')' is expected");
    return inner;
  }

  StatusOr<Filter> ParseComparison() {
    if (++comparisons_ > kMostComparisons) return Fault("it has more than 50 comparisons");
    const std::size_t begin = at_;
    while (!AtEnd() && (IsWordCharacter(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.empty()) return Fault("a field is expected");
    const auto field = std::ranges::find(fields_, name, &ListField::name);
    if (field == fields_.end()) {
      at_ = begin;
      return Fault(fmt::format("'{}' is no field of this list; its fields are {}", name,
                               FieldNames(fields_, false)));
    }
    SkipBlanks();
    Filter leaf{.kind = Filter::Kind::kComparison, .field = &*field};
    ASSIGN_OR_RETURN(leaf.comparison, ParseSign(*field));
    const std::size_t value_at = at_;
    ASSIGN_OR_RETURN(const std::string text, ParseValueText());
    StatusOr<FilterValue> value = ValueOf(*field, text);
    if (!value.ok()) {
      at_ = value_at;
      return Fault(StatusMessage(value.status()));
    }
    leaf.value = *std::move(value);
    return leaf;
  }

  StatusOr<Comparison> ParseSign(const ListField& field) {
    for (const auto& [sign, comparison] : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      if (!Allows(field.type, comparison)) {
        return Fault(fmt::format("'{}' does not compare {}", sign, field.name));
      }
      Take(sign);
      return comparison;
    }
    return Fault("one of = != < <= > >= : is expected");
  }

  StatusOr<std::string> ParseValueText() {
    std::string value;
    if (!AtEnd() && text_[at_] == '"') {
      RETURN_IF_ERROR(ParseQuoted(value));
    } else {
      const std::size_t begin = at_;
      while (!AtEnd() && (IsWordCharacter(text_[at_]) || text_[at_] == ':')) ++at_;
      value = text_.substr(begin, at_ - begin);
      if (value.empty()) return Fault("a value is expected; put text with blanks into \"\"");
    }
    SkipBlanks();
    return value;
  }

  // \" and \\ stand for themselves; no other escape.
  Status ParseQuoted(std::string& value) {
    for (++at_; !AtEnd() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
        if (AtEnd() || (text_[at_] != '"' && text_[at_] != '\\')) {
          return Fault("after '\\' only '\"' or '\\' may stand");
        }
      } else if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return Fault("a value has no control character");
      }
      value += text_[at_];
    }
    if (AtEnd()) return Fault("the quoted value is not closed");
    ++at_;
    return OkStatus();
  }

  std::string_view text_;
  std::span<const ListField> fields_;
  std::size_t at_ = 0;
  int comparisons_ = 0;
};

std::string ValueText(const FilterValue& value) {
  struct Writer {
    std::string operator()(const std::string& text) const { return fmt::format("\"{}\"", text); }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(Date date) const { return FormatDate(date); }
    std::string operator()(Instant instant) const { return instant.ToString(); }
  };
  return std::visit(Writer{}, value);
}

std::vector<std::string_view> SplitBlanks(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

std::string Filter::ToString() const {
  if (kind == Kind::kComparison) {
    return fmt::format("{} {} {}", field->name, SignOf(comparison), ValueText(value));
  }
  if (kind == Kind::kNot) return fmt::format("NOT ({})", children.front().ToString());
  std::string text;
  for (const Filter& child : children) {
    if (!text.empty()) text += kind == Kind::kAll ? " AND " : " OR ";
    text += child.kind == Kind::kComparison ? child.ToString() : "(" + child.ToString() + ")";
  }
  return text;
}

StatusOr<Filter> ParseFilter(std::string_view text, std::span<const ListField> fields) {
  return Parser(text, fields).Parse();
}

StatusOr<std::vector<OrderItem>> ParseOrder(std::string_view text,
                                            std::span<const ListField> fields) {
  std::vector<OrderItem> order;
  if (SplitBlanks(text).empty()) return order;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::vector<std::string_view> words = SplitBlanks(text.substr(at, end - at));
    at = end + 1;
    if (words.empty() || words.size() > 2) {
      return InvalidArgument("order_by is a list like \"create_time desc, name\"");
    }
    const auto field = std::ranges::find(fields, words[0], &ListField::name);
    if (field == fields.end() || !field->sortable) {
      return InvalidArgument("order_by: '{}' cannot be sorted by; {} can", words[0],
                             FieldNames(fields, true));
    }
    if (words.size() == 2 && words[1] != "asc" && words[1] != "desc") {
      return InvalidArgument("order_by: '{}' is neither asc nor desc", words[1]);
    }
    if (std::ranges::find(order, &*field, &OrderItem::field) != order.end()) {
      return InvalidArgument("order_by names {} twice", words[0]);
    }
    order.push_back({&*field, words.size() == 2 && words[1] == "desc"});
  }
  return order;
}

}  // namespace sluice::api
