// Contract terms for people: as a text, as data, and compared.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "api/commands.h"
#include "performance/contracts/contract_text.h"
#include "performance/contracts/redline.h"
#include "performance/package.h"
#include "performance/terms_codec.h"
#include "performance/terms_tree.h"

namespace sluice::api {

StatusOr<performance::Terms> LoadTerms(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && text[start] == '{') {
    auto terms = performance::TermsFromJson(text);
    if (!terms.ok()) return Annotate(terms.status(), path);
    return terms;
  }
  auto report = performance::ReplayPackage(text);
  if (!report.ok()) return Annotate(report.status(), path);
  if (!report->Matches()) {
    return FailedPrecondition("{} does not replay, so its terms cannot be trusted: {}", path,
                              report->differences.front());
  }
  if (!report->terms) return NotFound("{}: no terms were in force for this award", path);
  return *std::move(report->terms);
}

int RunTermsText(const std::string& file, bool index) {
  const auto terms = LoadTerms(file);
  if (!terms.ok()) return Fail(terms.status());
  const performance::ContractText text = performance::WriteContract(*terms);
  fmt::print("{}", index ? performance::ToIndexText(text) : performance::ToPlainText(text));
  return 0;
}

int RunTermsJson(const std::string& file) {
  const auto terms = LoadTerms(file);
  if (!terms.ok()) return Fail(terms.status());
  fmt::print("{}\n", performance::TermsToJson(*terms));
  return 0;
}

int RunTermsDiff(const std::string& before, const std::string& after) {
  const auto old_terms = LoadTerms(before);
  if (!old_terms.ok()) return Fail(old_terms.status());
  const auto new_terms = LoadTerms(after);
  if (!new_terms.ok()) return Fail(new_terms.status());
  const auto changes = performance::CompareTerms(performance::TermsToTree(*old_terms),
                                                 performance::TermsToTree(*new_terms));
  fmt::print("{}", performance::RedlineText(before + " against " + after, changes));
  return changes.empty() ? 0 : 1;
}

}  // namespace sluice::api
