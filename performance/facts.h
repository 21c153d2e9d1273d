// The dated facts that one calculation takes, by name.
//
//   1. A fact that is absent is missing: the calculation blocks. It is never read as zero.
//   2. Amounts are exact dollars (a published balance may carry fractions of a cent); they become
//      Money only where a component rounds or posts.
//   3. The set is ordered by name, so the same facts have one text and one hash whatever the order
//      in which they were set.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// An amount in dollars, a ratio, a count, a flag, a date or a text.
using FactValue = std::variant<Exact, Ratio, std::int64_t, bool, Date, std::string>;

// "amount", "ratio", "count", "flag", "date" or "text".
std::string_view FactKindName(const FactValue& value);
// The value alone, as Facts::ToText() writes it: "600514210", "3/200", "true", "2024-01-01". Text
// is escaped so that it holds no line break or control character.
std::string FormatFactValue(const FactValue& value);
// The reverse. InvalidArgument names the kind and the text.
StatusOr<FactValue> ParseFactValue(std::string_view kind, std::string_view text);

// The result of one quality measure. Numerator and denominator may be fractions (observed to
// expected). A measure that was not reported has neither.
struct MeasureResult {
  Ratio numerator;
  Ratio denominator;
  bool reported = true;

  friend bool operator==(const MeasureResult&, const MeasureResult&) = default;
};

class Facts {
 public:
  // Sets or replaces a fact. Requires: the name is not empty and holds only letters, digits, '_',
  // '.' and '-'.
  Facts& Set(std::string_view name, FactValue value);
  Facts& SetAmount(std::string_view name, Money amount) { return Set(name, Exact(amount)); }
  Facts& SetRatio(std::string_view name, Ratio ratio) { return Set(name, std::move(ratio)); }
  Facts& SetCount(std::string_view name, std::int64_t count) { return Set(name, count); }
  Facts& SetFlag(std::string_view name, bool flag) { return Set(name, flag); }
  Facts& SetDate(std::string_view name, Date date) { return Set(name, date); }
  Facts& SetText(std::string_view name, std::string text) { return Set(name, std::move(text)); }
  Facts& SetMeasure(std::string_view id, MeasureResult result);
  void Remove(std::string_view name) { values_.erase(std::string(name)); }

  bool Has(std::string_view name) const { return values_.find(name) != values_.end(); }
  // Nothing when the fact is absent. InvalidArgument when it is of another kind.
  StatusOr<std::optional<Exact>> Amount(std::string_view name) const;
  // A count is read as a ratio.
  StatusOr<std::optional<Ratio>> RatioOf(std::string_view name) const;
  StatusOr<std::optional<std::int64_t>> Count(std::string_view name) const;
  StatusOr<std::optional<bool>> Flag(std::string_view name) const;
  StatusOr<std::optional<Date>> DateOf(std::string_view name) const;
  StatusOr<std::optional<std::string>> Text(std::string_view name) const;
  std::optional<MeasureResult> FindMeasure(std::string_view id) const;

  const std::map<std::string, FactValue, std::less<>>& Values() const { return values_; }
  const std::map<std::string, MeasureResult, std::less<>>& Measures() const { return measures_; }

  // Canonical text: a version line, one line per fact ("fact <name> <kind> <value>"), one per
  // measure ("measure <id> <numerator> <denominator>" or "measure <id> not-reported"), by name.
  std::string ToText() const;
  // Reads canonical text, and only that: text in another order or form is InvalidArgument.
  static StatusOr<Facts> Parse(std::string_view text);
  // SHA-256 over the canonical text.
  Digest Hash() const;

  friend bool operator==(const Facts&, const Facts&) = default;

 private:
  std::map<std::string, FactValue, std::less<>> values_;
  std::map<std::string, MeasureResult, std::less<>> measures_;
};

}  // namespace sluice::performance
