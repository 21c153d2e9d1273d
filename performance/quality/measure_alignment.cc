#include "performance/quality/measure_alignment.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/check.h"
#include "performance/quality/points.h"

namespace sluice::performance {
namespace {

// The words of a name in lower case, without signs and small words.
std::set<std::string> WordsOf(std::string_view name) {
  static const std::set<std::string, std::less<>> kSmall = {"of", "for", "the", "a",
                                                            "an", "and", "in",  "with"};
  std::set<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty() && !kSmall.contains(word)) words.insert(word);
    word.clear();
  };
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      finish();
    }
  }
  finish();
  return words;
}

bool NamesAreNear(const MeasureDefinition& a, const MeasureDefinition& b, const Ratio& least) {
  const std::set<std::string> words_a = WordsOf(a.name);
  const std::set<std::string> words_b = WordsOf(b.name);
  if (words_a.empty() || words_b.empty()) return false;
  std::int64_t shared = 0;
  for (const std::string& word : words_a) shared += words_b.contains(word) ? 1 : 0;
  const auto all = static_cast<std::int64_t>(words_a.size() + words_b.size()) - shared;
  return Ratio(shared, all) >= least;
}

bool SeemOne(const MeasureDefinition& a, const MeasureDefinition& b, const Ratio& least) {
  const bool same_number = !a.number.empty() && a.steward == b.steward && a.number == b.number;
  return same_number || NamesAreNear(a, b, least);
}

std::vector<std::string> Differences(const MeasureDefinition& a, const MeasureDefinition& b) {
  std::vector<std::string> differs;
  if (a.version != b.version) differs.emplace_back("version");
  if (a.numerator != b.numerator) differs.emplace_back("numerator");
  if (a.denominator != b.denominator) differs.emplace_back("denominator");
  if (a.lower_is_better != b.lower_is_better) differs.emplace_back("direction");
  return differs;
}

std::vector<std::string> Differences(const MeasureTerm& a, const MeasureTerm& b) {
  std::vector<std::string> differs;
  if (a.threshold != b.threshold) differs.emplace_back("threshold");
  if (a.target != b.target) differs.emplace_back("target");
  if (a.points != b.points || a.points_at_threshold != b.points_at_threshold ||
      a.points_unit != b.points_unit) {
    differs.emplace_back("points");
  }
  if (a.minimum_denominator != b.minimum_denominator) differs.emplace_back("minimum denominator");
  if (a.small != b.small || a.default_rate != b.default_rate) {
    differs.emplace_back("small denominator");
  }
  if (a.topped_out != b.topped_out) differs.emplace_back("topped out");
  if (a.evidence != b.evidence) differs.emplace_back("evidence");
  return differs;
}

struct Use {
  ContractId contract;
  const MeasureTerm* term = nullptr;
};
using Uses = std::map<std::string, std::vector<Use>>;

Uses CollectUses(std::span<const ContractMeasures> contracts) {
  Uses uses;
  for (const ContractMeasures& contract : contracts) {
    CHECK(contract.terms != nullptr);
    for (const Component& component : contract.terms->components) {
      const auto* score = std::get_if<Score>(&component.rule);
      if (score == nullptr) continue;
      for (const MeasureTerm& term : score->measures) {
        uses[term.id].push_back({contract.contract, &term});
      }
    }
  }
  for (auto& [id, list] : uses) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Use& a, const Use& b) { return a.contract < b.contract; });
  }
  return uses;
}

std::vector<ContractId> ContractsOf(const Uses& uses, const std::string& id) {
  std::vector<ContractId> contracts;
  const auto found = uses.find(id);
  if (found == uses.end()) return contracts;
  for (const Use& use : found->second) contracts.push_back(use.contract);
  contracts.erase(std::unique(contracts.begin(), contracts.end()), contracts.end());
  return contracts;
}

// What the contracts make of one measure.
void FindDrift(const std::string& id, const std::vector<Use>& list,
               const MeasureDefinition* definition, const Uses& uses, AlignmentReport& report) {
  if (definition == nullptr) {
    report.findings.push_back(
        {.kind = AlignmentKind::kUndefined, .measure = id, .contracts = ContractsOf(uses, id)});
  }
  std::set<std::string> differs;
  AlignmentFinding wrong{.kind = AlignmentKind::kWrongDirection, .measure = id};
  for (const Use& use : list) {
    for (std::string& field : Differences(*list.front().term, *use.term)) {
      differs.insert(std::move(field));
    }
    // Points for reporting have no direction.
    const bool directed = !std::holds_alternative<ReportingPoints>(use.term->points);
    if (definition != nullptr && directed &&
        LowerIsBetter(*use.term) != definition->lower_is_better) {
      wrong.contracts.push_back(use.contract);
    }
  }
  if (!wrong.contracts.empty()) report.findings.push_back(std::move(wrong));
  if (!differs.empty()) {
    report.findings.push_back({.kind = AlignmentKind::kDifferentTerms,
                               .measure = id,
                               .contracts = ContractsOf(uses, id),
                               .differs = {differs.begin(), differs.end()}});
  }
}

}  // namespace

std::string_view AlignmentName(AlignmentKind kind) {
  static constexpr std::string_view kNames[] = {"undefined", "wrong direction", "duplicate",
                                                "near duplicate", "different terms"};
  return kNames[static_cast<std::size_t>(kind)];
}

AlignmentReport AlignMeasures(std::span<const MeasureDefinition> definitions,
                              std::span<const ContractMeasures> contracts,
                              const Ratio& same_words) {
  AlignmentReport report;
  const Uses uses = CollectUses(contracts);
  std::map<std::string, const MeasureDefinition*> known;
  for (const MeasureDefinition& definition : definitions) {
    known[definition.id] = &definition;
    report.uses[definition.id] = ContractsOf(uses, definition.id);
  }
  for (const auto& [id, list] : uses) {
    report.uses[id] = ContractsOf(uses, id);
    const auto found = known.find(id);
    FindDrift(id, list, found == known.end() ? nullptr : found->second, uses, report);
  }
  for (auto a = known.begin(); a != known.end(); ++a) {
    for (auto b = std::next(a); b != known.end(); ++b) {
      if (!SeemOne(*a->second, *b->second, same_words)) continue;
      AlignmentFinding finding{.measure = a->first,
                               .other = b->first,
                               .contracts = ContractsOf(uses, a->first),
                               .differs = Differences(*a->second, *b->second)};
      finding.kind =
          finding.differs.empty() ? AlignmentKind::kDuplicate : AlignmentKind::kNearDuplicate;
      for (const ContractId contract : ContractsOf(uses, b->first)) {
        finding.contracts.push_back(contract);
      }
      std::sort(finding.contracts.begin(), finding.contracts.end());
      finding.contracts.erase(std::unique(finding.contracts.begin(), finding.contracts.end()),
                              finding.contracts.end());
      report.findings.push_back(std::move(finding));
    }
  }
  std::stable_sort(
      report.findings.begin(), report.findings.end(), [](const auto& x, const auto& y) {
        return std::tie(x.kind, x.measure, x.other) < std::tie(y.kind, y.measure, y.other);
      });
  return report;
}

}  // namespace sluice::performance
