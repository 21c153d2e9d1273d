#include "performance/attribution/method.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 8> kStepNames = {
    "",        "voluntary",   "member_selected", "auto_assigned", "plurality_of_dollars",
    "plurality_of_visits", "most_recent_service", "geography"};
constexpr std::array<std::string_view, 6> kTieNames = {
    "", "dollars", "visits", "most_recent", "provider_class", "lowest_key"};

// Ascending by `key` and each once.
template <typename T, typename Key>
bool IsOrdered(const std::vector<T>& items, Key key) {
  return std::ranges::adjacent_find(items, std::ranges::greater_equal(), key) == items.end();
}

Status CheckStep(const AttributionMethod& method, std::size_t index) {
  const AttributionStep& step = method.steps[index];
  const auto place = fmt::format("step {} ({})", index + 1, StepKindName(step.kind));
  if (!IsClaimStep(step.kind)) {
    if (!step.classes.empty() || !step.code_list.empty() || !step.winner_needs.empty()) {
      return InvalidArgument(
          "{} reads no claims, so it has neither classes, nor a code list, nor needs", place);
    }
    for (std::size_t other = 0; other < index; ++other) {
      if (method.steps[other].kind == step.kind) {
        return InvalidArgument("{} is there twice; the second could never decide", place);
      }
    }
    if (step.kind == StepKind::kGeography && method.areas.empty()) {
      return InvalidArgument("{} needs service areas", place);
    }
    return OkStatus();
  }
  if (step.look_back_months < 1 || step.look_back_months > 60) {
    return InvalidArgument("{} looks back {} months; use 1 to 60", place, step.look_back_months);
  }
  if (!IsOrdered(step.classes, std::identity()) ||
      !IsOrdered(step.winner_needs, std::identity())) {
    return InvalidArgument("{}: provider classes must ascend, each once", place);
  }
  if ((!step.classes.empty() || !step.winner_needs.empty()) && method.taxonomies.empty()) {
    return InvalidArgument("{} counts provider classes, but the method has no taxonomies", place);
  }
  if (!step.code_list.empty() &&
      std::ranges::find(method.code_lists, step.code_list, &CodeList::name) ==
          method.code_lists.end()) {
    return InvalidArgument("{} names the code list '{}', which the method does not have", place,
                           step.code_list);
  }
  return OkStatus();
}

Status CheckTies(const AttributionMethod& method) {
  const std::set<TieBreak> distinct(method.ties.begin(), method.ties.end());
  if (distinct.size() != method.ties.size()) {
    return InvalidArgument("the tie chain has a link twice");
  }
  if (method.ties.empty() || method.ties.back() != TieBreak::kLowestKey) {
    return InvalidArgument(
        "the tie chain must end with lowest_key: without it two candidates could stay equal and "
        "the result would be chance");
  }
  return OkStatus();
}

Status CheckTables(const AttributionMethod& method) {
  if (!IsOrdered(method.code_lists, &CodeList::name)) {
    return InvalidArgument("code lists must ascend by name, each once");
  }
  for (const CodeList& list : method.code_lists) {
    if (list.name.empty() || list.codes.empty()) {
      return InvalidArgument("code list '{}' needs a name and codes", list.name);
    }
    if (!IsOrdered(list.codes, std::identity())) {
      return InvalidArgument("the codes of list '{}' must ascend, each once", list.name);
    }
  }
  if (!IsOrdered(method.taxonomies, &TaxonomyClass::taxonomy)) {
    return InvalidArgument("taxonomies must ascend, each once");
  }
  if (!IsOrdered(method.areas, &ServiceArea::area)) {
    return InvalidArgument("service areas must ascend, each once");
  }
  if (!IsOrdered(method.lines_of_business, std::identity())) {
    return InvalidArgument("lines of business must ascend, each once");
  }
  return OkStatus();
}

}  // namespace

std::string_view StepKindName(StepKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  CHECK(number > 0 && number < kStepNames.size());
  return kStepNames[number];
}

std::string_view TieBreakName(TieBreak link) {
  const auto number = static_cast<std::size_t>(link);
  CHECK(number > 0 && number < kTieNames.size());
  return kTieNames[number];
}

bool IsClaimStep(StepKind kind) {
  return kind == StepKind::kDollars || kind == StepKind::kVisits || kind == StepKind::kMostRecent;
}

Status ValidateMethod(const AttributionMethod& method) {
  if (method.title.empty()) return InvalidArgument("the attribution method needs a title");
  if (method.steps.empty()) return InvalidArgument("the attribution method has no step");
  for (std::size_t i = 0; i < method.steps.size(); ++i) RETURN_IF_ERROR(CheckStep(method, i));
  RETURN_IF_ERROR(CheckTies(method));
  RETURN_IF_ERROR(CheckTables(method));
  if (method.eligibility_months < 1 || method.eligibility_months > 60) {
    return InvalidArgument("eligibility_months is {}; use 1 to 60", method.eligibility_months);
  }
  if (method.minimum_months < 0 || method.minimum_months > method.eligibility_months) {
    return InvalidArgument("minimum_months is {}; use 0 to eligibility_months ({})",
                           method.minimum_months, method.eligibility_months);
  }
  if (method.new_member_months < 0 || method.new_member_months > 60) {
    return InvalidArgument("new_member_months is {}; use 0 to 60", method.new_member_months);
  }
  if ((method.new_member_months > 0) != (method.new_members != NewMemberRule::kAsOthers)) {
    return InvalidArgument(
        "new_member_months and a rule for new members go together: give both or neither");
  }
  return OkStatus();
}

StatusOr<std::vector<std::string>> ExpandCodes(const std::vector<std::string>& codes) {
  std::set<std::string> expanded;
  for (const std::string& code : codes) {
    const std::size_t dash = code.find('-');
    if (dash == std::string::npos) {
      expanded.insert(code);
      continue;
    }
    const std::string first = code.substr(0, dash), last = code.substr(dash + 1);
    const auto read = [](const std::string& text, int& value) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc() && end == text.data() + text.size();
    };
    int low = 0, high = 0;
    if (first.size() != last.size() || !read(first, low) || !read(last, high) || low > high ||
        high - low > 10'000) {
      return InvalidArgument("'{}' is no range of codes such as 99202-99205", code);
    }
    for (int value = low; value <= high; ++value) {
      expanded.insert(fmt::format("{:0{}}", value, first.size()));
    }
  }
  return std::vector<std::string>(expanded.begin(), expanded.end());
}

}  // namespace sluice::performance
