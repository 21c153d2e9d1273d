// Templates: terms with places to fill in.
//
//   1. A template is whole: its terms are valid, and a contract made from it without any value has
//      exactly its terms.
//   2. A parameter is a value of the terms by its path, with a type and the range it may have. Only
//      parameters can be filled in; everything else is the template's.
//   3. What is wrong with the values is said all at once. The filled terms are validated.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "performance/contracts/contract_version.h"
#include "performance/terms.h"

namespace sluice::performance {

enum class ParameterKind : std::uint8_t {
  kText = 0,
  kNumber = 1,  // whole: "30"
  kMoney = 2,   // a path that ends in _cents: "1,250.00"
  kRate = 3,    // a path in millionths: "40 %" or "0.4"
  kPrice = 4,   // a path in millionths of a dollar: "12.50"
  kRatio = 5,   // a path to an exact ratio: "2 %", "0.02" or "1/50"
  kDate = 6,    // "2026-01-01"
};
std::string_view ParameterKindName(ParameterKind kind);
StatusOr<ParameterKind> ParseParameterKind(std::string_view name);

// The kind of the value at a path of the terms. InvalidArgument when no value stands there.
StatusOr<ParameterKind> ParameterKindAt(const Terms& terms, std::string_view path);

struct TemplateParameter {
  std::string name;   // "minimum_savings_rate"
  std::string label;  // for people
  std::string path;   // performance/terms_tree.h
  ParameterKind kind = ParameterKind::kText;
  // In the kind's own spelling, both included. Not of texts.
  std::optional<std::string> least;
  std::optional<std::string> most;
  friend bool operator==(const TemplateParameter&, const TemplateParameter&) = default;
};

struct TemplateVersion {
  TemplateRef ref;
  std::string name;  // of the template: "MSSP-like two-sided"
  Terms terms;
  std::vector<TemplateParameter> parameters;  // by name
  // What it was saved from; unset for none.
  ContractId source_contract;
  std::int32_t source_version = 0;
  UserId author;
  std::string comment;
  Instant recorded_at;
  friend bool operator==(const TemplateVersion&, const TemplateVersion&) = default;
};

// InvalidArgument names every parameter that has no place in the terms, is of another type than
// its place, is named twice, or has an empty range.
Status CheckParameters(const Terms& terms, std::span<const TemplateParameter> parameters);

// The terms with the values put in; a parameter without a value keeps the template's.
// InvalidArgument names every value that is not of its type or range, and every name that is no
// parameter; or the rule that the filled terms break.
StatusOr<Terms> FillTemplate(const TemplateVersion& from,
                             const std::map<std::string, std::string>& values);

// Parameters and values as text for storage: a line each, fields separated by tabs.
std::string ParametersToText(std::span<const TemplateParameter> parameters);
StatusOr<std::vector<TemplateParameter>> ParametersFromText(std::string_view text);
std::string ValuesToText(const std::map<std::string, std::string>& values);

}  // namespace sluice::performance
