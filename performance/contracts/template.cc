#include "performance/contracts/template.h"

#include <algorithm>
#include <array>
#include <set>

#include "performance/terms_tree.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 7> kKinds = {"text",  "number", "money", "rate",
                                                    "price", "ratio",  "date"};

// A value as the terms hold it, and as a number to compare; texts have none.
struct Parsed {
  std::string stored;
  Ratio order;
};

StatusOr<Parsed> Scaled(std::string_view text, std::int64_t scale) {
  ASSIGN_OR_RETURN(const Ratio value, Ratio::Parse(text));
  const Ratio whole = value * Ratio(scale);
  if (whole.Denominator() != 1) {
    return InvalidArgument("'{}' has more decimals than the terms can hold", text);
  }
  return Parsed{whole.Numerator().get_str(), value};
}

StatusOr<Parsed> ParseValue(ParameterKind kind, std::string_view text) {
  switch (kind) {
    case ParameterKind::kText:
      if (text.empty()) return InvalidArgument("the text is empty");
      return Parsed{std::string(text), Ratio()};
    case ParameterKind::kNumber: {
      ASSIGN_OR_RETURN(const Ratio value, Ratio::Parse(text));
      if (value.Denominator() != 1) return InvalidArgument("'{}' is no whole number", text);
      return Parsed{value.Numerator().get_str(), value};
    }
    case ParameterKind::kMoney: {
      ASSIGN_OR_RETURN(const Money money, Money::Parse(text));
      return Parsed{std::to_string(money.Cents()), Ratio(money.Cents())};
    }
    case ParameterKind::kRate:
    case ParameterKind::kPrice:
      return Scaled(text, 1'000'000);
    case ParameterKind::kRatio: {
      ASSIGN_OR_RETURN(const Ratio value, Ratio::Parse(text));
      return Parsed{value.ToFractionString(), value};
    }
    case ParameterKind::kDate: {
      ASSIGN_OR_RETURN(const Date date, ParseDate(text));
      return Parsed{FormatDate(date), Ratio(date.time_since_epoch().count())};
    }
  }
  return InvalidArgument("no such kind of parameter");
}

bool Fits(ParameterKind kind, const TermNode& leaf) {
  switch (kind) {
    case ParameterKind::kNumber:
      return leaf.kind == TermKind::kNumber;
    case ParameterKind::kMoney:
      return leaf.kind == TermKind::kNumber && leaf.name.ends_with("_cents");
    case ParameterKind::kRate:
    case ParameterKind::kPrice:
      return leaf.kind == TermKind::kNumber && leaf.name.ends_with("_millionths");
    case ParameterKind::kRatio:
      return leaf.kind == TermKind::kText && Ratio::Parse(leaf.value).ok();
    case ParameterKind::kDate:
      return leaf.kind == TermKind::kText && ParseDate(leaf.value).ok();
    case ParameterKind::kText:
      return leaf.kind == TermKind::kText;
  }
  return false;
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Status CheckRange(const TemplateParameter& parameter) {
  std::optional<Ratio> least;
  std::optional<Ratio> most;
  if ((parameter.least || parameter.most) && parameter.kind == ParameterKind::kText) {
    return InvalidArgument("a text has no range");
  }
  if (parameter.least) {
    ASSIGN_OR_RETURN(const Parsed parsed, ParseValue(parameter.kind, *parameter.least));
    least = parsed.order;
  }
  if (parameter.most) {
    ASSIGN_OR_RETURN(const Parsed parsed, ParseValue(parameter.kind, *parameter.most));
    most = parsed.order;
  }
  if (least && most && *most < *least) {
    return InvalidArgument("its range from {} to {} is empty", *parameter.least, *parameter.most);
  }
  return OkStatus();
}

Status CheckParameter(const TermNode& tree, const TemplateParameter& parameter) {
  if (!IsWord(parameter.name)) {
    return InvalidArgument("a name is lower-case letters, digits and '_'");
  }
  if (parameter.label.find_first_of("\t\n") != std::string::npos) {
    return InvalidArgument("a label is one line without tabs");
  }
  const TermNode* leaf = FindTerm(tree, parameter.path);
  if (leaf == nullptr || !leaf->IsLeaf()) {
    return InvalidArgument("the terms have no value at {}", parameter.path);
  }
  if (!Fits(parameter.kind, *leaf)) {
    return InvalidArgument("{} does not hold a {}", parameter.path,
                           ParameterKindName(parameter.kind));
  }
  return CheckRange(parameter);
}

StatusOr<std::string> CheckValue(const TemplateParameter& parameter, const std::string& text) {
  ASSIGN_OR_RETURN(const Parsed value, ParseValue(parameter.kind, text));
  if (parameter.kind == ParameterKind::kText) return value.stored;
  if (parameter.least) {
    ASSIGN_OR_RETURN(const Parsed least, ParseValue(parameter.kind, *parameter.least));
    if (value.order < least.order) {
      return InvalidArgument("{} is below the least, {}", text, *parameter.least);
    }
  }
  if (parameter.most) {
    ASSIGN_OR_RETURN(const Parsed most, ParseValue(parameter.kind, *parameter.most));
    if (most.order < value.order) {
      return InvalidArgument("{} is above the most, {}", text, *parameter.most);
    }
  }
  return value.stored;
}

Status AllOf(const std::vector<std::string>& wrong) {
  if (wrong.empty()) return OkStatus();
  return InvalidArgument("{}", fmt::join(wrong, "; "));
}

std::vector<std::string> Cut(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t end = std::min(line.find('\t'), line.size());
    fields.emplace_back(line.substr(0, end));
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view ParameterKindName(ParameterKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

StatusOr<ParameterKind> ParseParameterKind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name);
  if (found != kKinds.end()) return static_cast<ParameterKind>(found - kKinds.begin());
  return InvalidArgument("'{}' is no kind of parameter; there are {}", name,
                         fmt::join(kKinds, ", "));
}

StatusOr<ParameterKind> ParameterKindAt(const Terms& terms, std::string_view path) {
  const TermNode tree = TermsToTree(terms);
  const TermNode* const leaf = FindTerm(tree, path);
  if (leaf == nullptr || !leaf->IsLeaf()) {
    return InvalidArgument("the terms have no value at {}", path);
  }
  using enum ParameterKind;
  const bool is_price = leaf->name.find("price") != std::string::npos;
  for (const ParameterKind kind :
       {kMoney, is_price ? kPrice : kRate, kNumber, kRatio, kDate, kText}) {
    if (Fits(kind, *leaf)) return kind;
  }
  return InvalidArgument("{} holds nothing that can be filled in", path);
}

Status CheckParameters(const Terms& terms, std::span<const TemplateParameter> parameters) {
  const TermNode tree = TermsToTree(terms);
  std::vector<std::string> wrong;
  std::set<std::string> names;
  std::set<std::string> paths;
  for (const TemplateParameter& parameter : parameters) {
    const Status status = CheckParameter(tree, parameter);
    if (!status.ok()) {
      wrong.push_back(fmt::format("parameter {}: {}", parameter.name, StatusMessage(status)));
    }
    if (!names.insert(parameter.name).second || !paths.insert(parameter.path).second) {
      wrong.push_back(
          fmt::format("parameter {}: its name or place is another's too", parameter.name));
    }
  }
  return AllOf(wrong);
}

StatusOr<Terms> FillTemplate(const TemplateVersion& from,
                             const std::map<std::string, std::string>& values) {
  TermNode tree = TermsToTree(from.terms);
  std::vector<std::string> wrong;
  for (const auto& [name, text] : values) {
    const auto found = std::ranges::find(from.parameters, name, &TemplateParameter::name);
    if (found == from.parameters.end()) {
      wrong.push_back(fmt::format("the template has no parameter {}", name));
      continue;
    }
    const StatusOr<std::string> value = CheckValue(*found, text);
    if (!value.ok()) {
      wrong.push_back(fmt::format("{}: {}", name, StatusMessage(value.status())));
      continue;
    }
    TermNode* leaf = FindTerm(tree, found->path);
    if (leaf == nullptr) return DataLoss("the template has nothing at {}", found->path);
    leaf->value = *value;
  }
  RETURN_IF_ERROR(AllOf(wrong));
  return TermsFromTree(tree);
}

std::string ParametersToText(std::span<const TemplateParameter> parameters) {
  std::string text;
  for (const TemplateParameter& p : parameters) {
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", p.name, p.label, p.path,
                        ParameterKindName(p.kind), p.least.value_or(""), p.most.value_or(""));
  }
  return text;
}

StatusOr<std::vector<TemplateParameter>> ParametersFromText(std::string_view text) {
  std::vector<TemplateParameter> parameters;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::vector<std::string> fields = Cut(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (fields.size() != 6) return DataLoss("a parameter has {} fields, not 6", fields.size());
    TemplateParameter parameter{.name = fields[0], .label = fields[1], .path = fields[2]};
    ASSIGN_OR_RETURN(parameter.kind, ParseParameterKind(fields[3]));
    if (!fields[4].empty()) parameter.least = fields[4];
    if (!fields[5].empty()) parameter.most = fields[5];
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::string ValuesToText(const std::map<std::string, std::string>& values) {
  std::string text;
  for (const auto& [name, value] : values) text += fmt::format("{}={}\n", name, value);
  return text;
}

}  // namespace sluice::performance
