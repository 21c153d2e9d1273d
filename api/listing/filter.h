// The filter language of lists: a parsed subset of AIP-160.
//
// clang-format off
//   filter      = condition { "AND" condition }          an empty filter takes every row
//   condition   = term { "OR" term }                     OR binds closer than AND (AIP-160)
//   term        = [ "NOT" | "-" ] ( comparison | "(" filter ")" )
//   comparison  = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" | ":" ) value
//   value       = "quoted text" | word of letters, digits and _ - . / +, and : inside
// clang-format on
//
//   1. A list says which fields it has, of which type and in which column. Another field, a
//      comparison that its type does not have, and a value that is not of its type are
//      InvalidArgument and name the place.
//   2. Words between two comparisons (AIP-160's implied AND), functions and wildcards are not
//      taken: what a filter means must be plain from reading it.
//   3. No text of the caller enters SQL. Columns come from the list, values go as parameters.
//   4. A row without a value fulfills no comparison but "!=".
//
// The SQL of a filter is made in listing/filter_store.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/date.h"
#include "core/status.h"

namespace sluice::api {

enum class FieldType {
  kText,     // all comparisons; ":" is "contains", without regard to case
  kInteger,  // all but ":"; also cents
  kBoolean,  // = and !=, with true and false
  kDate,     // all but ":"; 2026-10-01
  kInstant,  // all but ":"; "2026-10-01T12:00:00Z"
  kEnum,     // = and !=, by the names of the field's `names`
  kId,       // = and !=, a resource's id with the field's prefix
};

// A field of a list.
struct ListField {
  std::string_view name;  // as the API writes it: "create_time"
  FieldType type = FieldType::kText;
  std::string_view column;  // an expression over the list's query: "r.recorded_at"
  // Of kEnum: the names of the API and the numbers that are stored.
  std::span<const std::pair<std::string_view, std::int64_t>> names = {};
  std::string_view prefix = {};  // of kId: "run"
  bool sortable = false;         // never NULL, so that a page can begin behind any row
};

using FilterValue = std::variant<std::string, std::int64_t, bool, Date, Instant>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kHas };

// A tree of a filter. `all` and `any` have children; a comparison has a field of the list and a
// value of its type.
struct Filter {
  enum class Kind { kAll, kAny, kNot, kComparison };
  Kind kind = Kind::kAll;
  std::vector<Filter> children;
  const ListField* field = nullptr;
  Comparison comparison = Comparison::kEqual;
  FilterValue value;

  // In the language itself, with every parenthesis: for tests and messages.
  std::string ToString() const;
};

// The filter in `text` over these fields, which outlive it. An empty text is `all` of nothing.
StatusOr<Filter> ParseFilter(std::string_view text, std::span<const ListField> fields);

struct OrderItem {
  const ListField* field = nullptr;
  bool descending = false;
};

// "create_time desc, name" over the sortable fields. Empty text: empty. InvalidArgument for an
// unknown or repeated field and for a word that is neither asc nor desc.
StatusOr<std::vector<OrderItem>> ParseOrder(std::string_view text,
                                            std::span<const ListField> fields);

}  // namespace sluice::api
