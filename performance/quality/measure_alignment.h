// One definition of a measure for many contracts, and a report of where they drifted apart.
//
//   1. A measure is known by its id in the terms and facts. Its definition says what is counted;
//   the
//      contracts say what it is worth.
//   2. Two definitions are near duplicates when a measure steward calls them the same, or when
//      their names share most of their words. What differs between them is listed by field.
//
// Pure. Source: PRODUCT C23.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "performance/terms.h"

namespace sluice::performance {

struct MeasureDefinition {
  std::string id;         // as terms and facts name it
  std::string name;       // "Controlling High Blood Pressure"
  std::string steward;    // "NCQA"; may be empty
  std::string number;     // the steward's number for it: "CBP"; may be empty
  std::string version;    // "MY2026"
  std::string numerator;  // what is counted, in words
  std::string denominator;
  bool lower_is_better = false;

  friend bool operator==(const MeasureDefinition&, const MeasureDefinition&) = default;
};

struct ContractMeasures {
  ContractId contract;
  const Terms* terms = nullptr;  // not null
};

enum class AlignmentKind : std::uint8_t {
  kUndefined = 0,       // contracts use an id that nobody defined
  kWrongDirection = 1,  // a contract scores it the other way round than its definition
  kDuplicate = 2,       // two ids, one specification
  kNearDuplicate = 3,   // two ids for what seems one measure, with different specifications
  kDifferentTerms = 4,  // contracts score one measure by different terms
};
// "undefined", "wrong direction", ...
std::string_view AlignmentName(AlignmentKind kind);

struct AlignmentFinding {
  AlignmentKind kind{};
  std::string measure;
  std::string other;                  // the other id of a duplicate
  std::vector<ContractId> contracts;  // that use either
  std::vector<std::string> differs;   // fields, by name

  friend bool operator==(const AlignmentFinding&, const AlignmentFinding&) = default;
};

struct AlignmentReport {
  // Every defined or used id, and the contracts that score it, by id.
  std::map<std::string, std::vector<ContractId>> uses;
  // By kind, then measure, then the other.
  std::vector<AlignmentFinding> findings;
};

// `same_words` is the share of the words of two names, of all words in either, from which on the
// names are near.
AlignmentReport AlignMeasures(std::span<const MeasureDefinition> definitions,
                              std::span<const ContractMeasures> contracts,
                              const Ratio& same_words = Ratio(2, 3));

}  // namespace sluice::performance
