// Terms in words: how a value, a field and a fact are written for people.
//
// Two different values are never written alike, so that a text tells every change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "performance/terms_tree.h"

namespace sluice::performance {

// "member_months" as "member months".
std::string Words(std::string_view name);
// "member_months" as "Member Months", the way a contract writes a term that it defines.
std::string TitleWords(std::string_view name);
// "ActivityPrice" as "activity price".
std::string TypeWords(std::string_view type);
// The words of a field without its unit: "rate_millionths" as "rate".
std::string FieldWords(std::string_view field);

// An exact ratio: a whole number as it is, any other as a percentage, and as a fraction too where
// the percentage would be cut. Text that is no ratio stays as it is.
std::string RatioWords(std::string_view text);
// The value of a leaf by its field and kind: "$1,234.56", "40 %", "January 1, 2024", "gain".
std::string ValueWords(const TermNode& leaf);
// "a, b and c".
std::string JoinWords(const std::vector<std::string>& parts, std::string_view last);

// Whether a leaf says nothing: an empty text, a zero, no, the first choice.
bool IsDefault(const TermNode& node);

}  // namespace sluice::performance
