#include "hierarchy/roster_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/config.h"
#include "hierarchy/affiliation.h"

namespace sluice::hierarchy {
namespace {

struct DateForm {
  RosterDateFormat format;
  std::string_view text;     // as a mapping writes it
  std::string_view pattern;  // 9 stands for a digit
};

constexpr std::array<DateForm, 3> kDateForms = {{
    {RosterDateFormat::kIso, "YYYY-MM-DD", "9999-99-99"},
    {RosterDateFormat::kUs, "MM/DD/YYYY", "99/99/9999"},
    {RosterDateFormat::kCompact, "YYYYMMDD", "99999999"},
}};

bool Matches(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(
      text, pattern, [](char c, char p) { return p == '9' ? c >= '0' && c <= '9' : c == p; });
}

void AddIdentifier(const ConfigSection& section, IdentifierType type,
                   std::vector<IdentifierColumn>& identifiers) {
  const std::string name(IdentifierTypeName(type));
  IdentifierColumn identifier{type, {}, section.Text(name + "_column", "")};
  if (HasScope(type)) identifier.scope = section.Text(name + "_scope", "");
  if (!identifier.column.empty()) identifiers.push_back(std::move(identifier));
}

PartyRule ReadParty(const ConfigSection& section) {
  PartyRule rule;
  rule.name = section.RequiredText("name");
  const auto kind = ParsePartyKind(section.RequiredText("kind"));
  if (kind.ok()) {
    rule.kind = *kind;
  } else if (section.Has("kind")) {
    section.Fault("kind", StatusMessage(kind.status()));
  }
  const auto key = ParseIdentifierType(section.RequiredText("key"));
  if (key.ok()) {
    rule.key.type = *key;
  } else if (section.Has("key")) {
    section.Fault("key", StatusMessage(key.status()));
  }
  rule.name_columns = section.Texts("name_columns");
  if (rule.name_columns.empty()) rule.name_columns = {section.RequiredText("name_column")};
  rule.when_column = section.Text("when_column", "");
  rule.when_value = section.Text("when_value", "");
  rule.key.column = section.Text("key_column", "");
  rule.key.scope = section.Text("key_scope", "");
  rule.key_within = section.Text("key_within", "");
  rule.optional = section.Boolean("optional", false);
  for (const IdentifierType type : {IdentifierType::kNpi, IdentifierType::kTin,
                                    IdentifierType::kCcn, IdentifierType::kPayerAssigned}) {
    AddIdentifier(section, type, rule.identifiers);
  }
  rule.address = {section.Text("line1_column", ""), section.Text("line2_column", ""),
                  section.Text("city_column", ""), section.Text("state_column", ""),
                  section.Text("postal_code_column", "")};
  return rule;
}

AffiliationRule ReadAffiliation(const ConfigSection& section) {
  AffiliationRule rule;
  rule.parent = section.RequiredText("parent");
  rule.child = section.RequiredText("child");
  rule.role = section.RequiredText("role");
  rule.from = section.OptionalDate("from");
  rule.from_column = section.Text("from_column", "");
  rule.to_column = section.Text("to_column", "");
  rule.to_is_last_day = section.Boolean("to_is_last_day", true);
  rule.complete = section.Boolean("complete", false);
  return rule;
}

StatusOr<RosterMapping> ReadMapping(const Config& config, const std::string& name) {
  const ConfigSection root = config.Root();
  RosterMapping mapping;
  mapping.name = root.RequiredText("name");
  mapping.ascii_only = root.Choice("encoding", {"utf-8", "ascii"}, "utf-8") == "ascii";
  mapping.ends_with_newline = root.Boolean("ends_with_newline", false);
  std::vector<std::string> formats;
  for (const DateForm& form : kDateForms) formats.emplace_back(form.text);
  const std::string format = root.Choice("date_format", formats, kDateForms[0].text);
  for (const DateForm& form : kDateForms) {
    if (form.text == format) mapping.date_format = form.format;
  }
  mapping.effective = root.OptionalDate("effective");
  for (const ConfigSection& section : root.Sections("party")) {
    mapping.parties.push_back(ReadParty(section));
  }
  for (const ConfigSection& section : root.Sections("affiliation")) {
    mapping.affiliations.push_back(ReadAffiliation(section));
  }
  RETURN_IF_ERROR(config.Finish());
  const Status status = CheckRosterMapping(mapping);
  if (!status.ok()) return Annotate(status, name);
  return mapping;
}

const PartyRule* FindRule(std::span<const PartyRule> rules, std::string_view name) {
  const auto found = std::ranges::find(rules, name, &PartyRule::name);
  return found == rules.end() ? nullptr : &*found;
}

// A scope is checked by making an identifier of it; the value only needs to be a good one.
Status CheckScope(const PartyRule& rule, const IdentifierColumn& identifier) {
  if (!HasScope(identifier.type) && identifier.scope.empty()) return OkStatus();
  const std::string_view sample = identifier.type == IdentifierType::kNameKey ? "A#1" : "1";
  const auto made = MakeIdentifier(identifier.type, identifier.scope, sample);
  if (made.ok()) return OkStatus();
  return Annotate(made.status(), fmt::format("party '{}'", rule.name));
}

// `above` holds the rules before it.
Status CheckParty(const PartyRule& rule, std::span<const PartyRule> above) {
  if (FindRule(above, rule.name) != nullptr) {
    return InvalidArgument("party '{}' is there twice; give each its own name", rule.name);
  }
  if (rule.name_columns.empty() || std::ranges::count(rule.name_columns, std::string()) > 0) {
    return InvalidArgument("party '{}' needs a name_column, or name_columns", rule.name);
  }
  if (rule.when_column.empty() != rule.when_value.empty()) {
    return InvalidArgument("party '{}': when_column and when_value go together; give both or none",
                           rule.name);
  }
  const bool by_name = rule.key.type == IdentifierType::kNameKey;
  if (by_name && rule.name_columns.size() > 1) {
    return InvalidArgument("party '{}' has the key name_key, which is made of one name_column",
                           rule.name);
  }
  if (by_name && !rule.key.column.empty()) {
    return InvalidArgument(
        "party '{}' has the key name_key, which is made of the name: leave "
        "key_column out",
        rule.name);
  }
  if (!by_name && rule.key.column.empty()) {
    return InvalidArgument("party '{}' needs a key_column", rule.name);
  }
  RETURN_IF_ERROR(CheckScope(rule, rule.key));
  for (const IdentifierColumn& identifier : rule.identifiers) {
    RETURN_IF_ERROR(CheckScope(rule, identifier));
    if (identifier.type == rule.key.type && identifier.scope == rule.key.scope) {
      return InvalidArgument("party '{}' has its key, a {}, in a second column; remove one",
                             rule.name, IdentifierTypeName(identifier.type));
    }
  }
  if (!by_name && !rule.key_within.empty()) {
    return InvalidArgument("party '{}' has a key_within, which only name_key uses", rule.name);
  }
  if (!by_name) return OkStatus();
  const PartyRule* const within = FindRule(above, rule.key_within);
  if (within != nullptr && !within->optional && within->key.type != IdentifierType::kNameKey) {
    return OkStatus();
  }
  return InvalidArgument(
      "party '{}': key_within '{}' must be a party above it that every row has "
      "and that is not known by name itself: occurrences are counted in it",
      rule.name, rule.key_within);
}

Status CheckAffiliation(const AffiliationRule& rule, std::span<const PartyRule> parties) {
  for (const std::string& end : {rule.parent, rule.child}) {
    if (FindRule(parties, end) == nullptr) {
      return InvalidArgument("an affiliation names '{}', which is no party of the mapping", end);
    }
  }
  if (rule.parent == rule.child) {
    return InvalidArgument("an affiliation has '{}' at both ends", rule.parent);
  }
  const PartyKind parent = FindRule(parties, rule.parent)->kind;
  const PartyKind child = FindRule(parties, rule.child)->kind;
  if (!MayContain(parent, child)) {
    return InvalidArgument(
        "affiliation of '{}' to '{}': a party of kind {} cannot belong to one "
        "of kind {}",
        rule.child, rule.parent, PartyKindName(child), PartyKindName(parent));
  }
  return CheckRole(rule.role);
}

}  // namespace

StatusOr<Date> ParseRosterDate(RosterDateFormat format, std::string_view text) {
  const auto form = std::ranges::find(kDateForms, format, &DateForm::format);
  if (Matches(text, form->pattern)) {
    auto date = ParseDate(text);
    if (date.ok()) return date;
  }
  return InvalidArgument("'{}' is not a date of the form {}", text, form->text);
}

std::vector<std::string> RosterMapping::Columns() const {
  std::vector<std::string> columns;
  const auto add = [&](const std::string& column) {
    if (!column.empty() && std::ranges::find(columns, column) == columns.end()) {
      columns.push_back(column);
    }
  };
  for (const PartyRule& rule : parties) {
    add(rule.key.column);
    for (const std::string& column : rule.name_columns) add(column);
    add(rule.when_column);
    for (const IdentifierColumn& identifier : rule.identifiers) add(identifier.column);
    for (const std::string& column : {rule.address.line1, rule.address.line2, rule.address.city,
                                      rule.address.state, rule.address.postal_code}) {
      add(column);
    }
  }
  for (const AffiliationRule& rule : affiliations) {
    add(rule.from_column);
    add(rule.to_column);
  }
  return columns;
}

Status CheckRosterMapping(const RosterMapping& mapping) {
  if (mapping.parties.empty()) {
    return InvalidArgument("the mapping has no [[party]]; a roster names parties");
  }
  const std::span<const PartyRule> parties = mapping.parties;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    RETURN_IF_ERROR(CheckParty(parties[i], parties.first(i)));
  }
  for (const AffiliationRule& rule : mapping.affiliations) {
    RETURN_IF_ERROR(CheckAffiliation(rule, parties));
  }
  return OkStatus();
}

StatusOr<RosterMapping> LoadRosterMapping(const std::string& path) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(path));
  return ReadMapping(config, path);
}

StatusOr<RosterMapping> ParseRosterMapping(std::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(const Config config, Config::FromText(text, name));
  return ReadMapping(config, name);
}

}  // namespace sluice::hierarchy
