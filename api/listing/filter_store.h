// The SQL of a filter, an order and a page: text made of the list's own columns, and the caller's
// values as parameters beside it.
#pragma once

#include <string>
#include <vector>

#include "api/listing/filter.h"
#include "api/listing/page_token.h"

namespace sluice::api {

// A condition with "$n" for each value, in order.
struct FilterSql {
  std::string text;  // "TRUE" where nothing is asked
  std::vector<FilterValue> values;
};

// The condition of a filter; its first parameter is $`first`. Requires: first >= 1.
FilterSql ConditionOf(const Filter& filter, int first);

// The order with the field that makes it total behind it, where it is not in it: "r.name ASC, r.id
// ASC". Requires: `id` is sortable.
std::vector<OrderItem> TotalOrder(std::vector<OrderItem> order, const ListField& id);
std::string OrderOf(const std::vector<OrderItem>& order);

// The condition that a row stands behind the last one of a page. The key has one text for each item
// of the order, as KeyText writes it. InvalidArgument when it has not, or one is not of its type.
StatusOr<FilterSql> BehindOf(const std::vector<OrderItem>& order, const PageKey& key, int first);

// A value in the form in which a page key holds it, and back.
std::string KeyText(const FilterValue& value);
StatusOr<FilterValue> KeyValue(FieldType type, const std::string& text);

}  // namespace sluice::api
