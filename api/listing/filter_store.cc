#include "api/listing/filter_store.h"

#include <algorithm>
#include <charconv>

#include "core/check.h"

namespace sluice::api {

namespace {

std::string_view OperatorOf(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return "=";
    case Comparison::kNotEqual:
      return "IS DISTINCT FROM";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessOrEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterOrEqual:
      return ">=";
    case Comparison::kHas:
      break;
  }
  CHECK(false);
}

// Builds one condition; numbers its parameters.
class SqlWriter {
 public:
  explicit SqlWriter(int first) : next_(first) {}

  std::string Condition(const Filter& filter) {
    switch (filter.kind) {
      case Filter::Kind::kAll:
        return List(filter.children, " AND ", "TRUE");
      case Filter::Kind::kAny:
        return List(filter.children, " OR ", "FALSE");
      case Filter::Kind::kNot:
        return "NOT " + Condition(filter.children.front());
      case Filter::Kind::kComparison:
        return Compare(filter);
    }
    CHECK(false);
  }

  std::string Parameter(const FilterValue& value) {
    values_.push_back(value);
    return fmt::format("${}", next_++);
  }

  FilterSql Finish(std::string text) { return {std::move(text), std::move(values_)}; }

 private:
  std::string List(const std::vector<Filter>& parts, std::string_view between,
                   std::string_view none) {
    if (parts.empty()) return std::string(none);
    std::string text;
    for (const Filter& part : parts) {
      if (!text.empty()) text += between;
      text += Condition(part);
    }
    return "(" + text + ")";
  }

  // IS TRUE: a row without a value fulfills nothing, also under NOT, where NULL would stay NULL.
  std::string Compare(const Filter& leaf) {
    const std::string_view column = leaf.field->column;
    const std::string parameter = Parameter(leaf.value);
    if (leaf.comparison == Comparison::kHas) {
      return fmt::format("(strpos(lower({}), lower({})) > 0 IS TRUE)", column, parameter);
    }
    return fmt::format("(({} {} {}) IS TRUE)", column, OperatorOf(leaf.comparison), parameter);
  }

  int next_;
  std::vector<FilterValue> values_;
};

}  // namespace

FilterSql ConditionOf(const Filter& filter, int first) {
  CHECK(first >= 1);
  SqlWriter writer(first);
  std::string text = writer.Condition(filter);
  return writer.Finish(std::move(text));
}

std::vector<OrderItem> TotalOrder(std::vector<OrderItem> order, const ListField& id) {
  CHECK(id.sortable);
  if (std::ranges::find(order, &id, &OrderItem::field) == order.end()) {
    order.push_back({&id, !order.empty() && order.back().descending});
  }
  return order;
}

std::string OrderOf(const std::vector<OrderItem>& order) {
  std::vector<std::string> items;
  for (const OrderItem& item : order) {
    items.push_back(fmt::format("{} {}", item.field->column, item.descending ? "DESC" : "ASC"));
  }
  return fmt::format("{}", fmt::join(items, ", "));
}

// (a, b, id) behind (x, y, z), each in its own direction: a > x, or a = x and b > y, or ...
StatusOr<FilterSql> BehindOf(const std::vector<OrderItem>& order, const PageKey& key, int first) {
  CHECK(first >= 1);
  if (key.size() != order.size()) {
    return InvalidArgument("page_token is of another order");
  }
  SqlWriter writer(first);
  std::string text = "FALSE";
  // From the last item to the first, each around what stands behind it.
  for (std::size_t i = order.size(); i-- > 0;) {
    const ListField& field = *order[i].field;
    StatusOr<FilterValue> value = KeyValue(field.type, key[i]);
    if (!value.ok()) return InvalidArgument("page_token is of another order");
    const std::string parameter = writer.Parameter(*value);
    text = fmt::format("({0} {1} {2} OR ({0} = {2} AND {3}))", field.column,
                       order[i].descending ? "<" : ">", parameter, text);
  }
  return writer.Finish(std::move(text));
}

std::string KeyText(const FilterValue& value) {
  struct Writer {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(Date date) const { return FormatDate(date); }
    std::string operator()(Instant instant) const { return fmt::format("{}", instant.Micros()); }
  };
  return std::visit(Writer{}, value);
}

StatusOr<FilterValue> KeyValue(FieldType type, const std::string& text) {
  if (type == FieldType::kText) return FilterValue(text);
  if (type == FieldType::kBoolean) return FilterValue(text == "true");
  if (type == FieldType::kDate) {
    ASSIGN_OR_RETURN(const Date date, ParseDate(text));
    return FilterValue(date);
  }
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || rest != end) return InvalidArgument("not a number of a page key");
  if (type == FieldType::kInstant) return FilterValue(Instant::FromMicros(number));
  return FilterValue(number);
}

}  // namespace sluice::api
