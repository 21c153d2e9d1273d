#include "performance/feeds/row_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/config.h"

namespace sluice::performance {
namespace {

using hierarchy::RosterDateFormat;
using std::string_view_literals::operator""sv;

constexpr std::array kActivityFields = {
    "contract"sv,     "event"sv,       "member_number"sv, "provider_npi"sv, "practice_tin"sv,
    "kind"sv,         "code"sv,        "service_date"sv,  "received_on"sv,  "channel"sv,
    "evidence"sv,     "evidence_status"sv, "voided"sv};
constexpr std::array kActivityRequired = {
    "contract"sv, "event"sv, "member_number"sv, "provider_npi"sv, "practice_tin"sv,
    "kind"sv,     "code"sv,  "service_date"sv};
constexpr std::array kMeasureFields = {
    "contract"sv,  "party_npi"sv, "party_tin"sv, "under_tin"sv,   "period_from"sv,
    "period_to"sv, "measure"sv,   "numerator"sv, "denominator"sv, "reported"sv};
constexpr std::array kMeasureRequired = {"contract"sv, "period_from"sv, "period_to"sv,
                                         "measure"sv};
constexpr std::array kMemberMeasureFields = {"contract"sv,  "member_number"sv, "period_from"sv,
                                             "period_to"sv, "measure"sv,       "met"sv};
constexpr std::array kFactFields = {"contract"sv,    "party_npi"sv, "party_tin"sv,
                                    "under_tin"sv,   "period_from"sv, "period_to"sv,
                                    "name"sv,        "type"sv,      "value"sv};
constexpr std::array kFactRequired = {"contract"sv, "period_from"sv, "period_to"sv,
                                      "name"sv,     "type"sv,        "value"sv};

void ReadFields(const ConfigSection& section, RowMapping& mapping,
                std::string RowMapping::Source::*part) {
  for (const std::string& field : section.Keys()) {
    const std::string text = section.RequiredText(field);
    const auto fields = RowFieldsOf(mapping.kind);
    if (std::ranges::find(fields, field) == fields.end()) {
      section.Fault(field, fmt::format("no field of a file of kind {}; its fields are {}",
                                       FeedKindName(mapping.kind), fmt::join(fields, ", ")));
      continue;
    }
    mapping.fields[field].*part = text;
  }
}

}  // namespace

std::span<const std::string_view> RowFieldsOf(FeedKind kind) {
  if (kind == FeedKind::kActivity) return kActivityFields;
  if (kind == FeedKind::kMeasure) return kMeasureFields;
  if (kind == FeedKind::kMemberMeasure) return kMemberMeasureFields;
  CHECK(kind == FeedKind::kFact);
  return kFactFields;
}

std::span<const std::string_view> RequiredRowFieldsOf(FeedKind kind) {
  if (kind == FeedKind::kActivity) return kActivityRequired;
  if (kind == FeedKind::kMeasure) return kMeasureRequired;
  if (kind == FeedKind::kMemberMeasure) return kMemberMeasureFields;
  CHECK(kind == FeedKind::kFact);
  return kFactRequired;
}

StatusOr<RowMapping> ParseRowMapping(std::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(const Config config, Config::FromText(text, name));
  const ConfigSection root = config.Root();
  RowMapping mapping;
  mapping.name = root.RequiredText("name");
  if (!root.Has("kind")) root.RequiredText("kind");
  const std::string kind =
      root.Choice("kind", {"activity", "measure", "member_measure", "fact"}, "fact");
  mapping.kind = kind == "activity"         ? FeedKind::kActivity
                 : kind == "measure"        ? FeedKind::kMeasure
                 : kind == "member_measure" ? FeedKind::kMemberMeasure
                                            : FeedKind::kFact;
  mapping.ascii_only = root.Choice("encoding", {"utf-8", "ascii"}, "utf-8") == "ascii";
  const std::string separator = root.Text("separator", ",");
  if (separator.size() == 1) {
    mapping.separator = separator.front();
  } else {
    root.Fault("separator", "expected one character");
  }
  mapping.ends_with_newline = root.Boolean("ends_with_newline", false);
  const std::string format =
      root.Choice("date_format", {"YYYY-MM-DD", "MM/DD/YYYY", "YYYYMMDD"}, "YYYY-MM-DD");
  mapping.date_format = format == "YYYY-MM-DD"   ? RosterDateFormat::kIso
                        : format == "MM/DD/YYYY" ? RosterDateFormat::kUs
                                                 : RosterDateFormat::kCompact;
  mapping.to_is_last_day = root.Boolean("to_is_last_day", true);
  if (mapping.kind == FeedKind::kMeasure) {
    mapping.zero_denominators = root.Boolean("zero_denominators", false);
  }
  ReadFields(root.RequiredSection("columns"), mapping, &RowMapping::Source::column);
  ReadFields(root.Section("constants"), mapping, &RowMapping::Source::constant);
  const ConfigSection words = root.Section("words");
  for (const std::string& field : words.Keys()) {
    const ConfigSection table = words.Section(field);
    for (const std::string& word : table.Keys()) {
      mapping.words[field][word] = table.RequiredText(word);
    }
  }
  RETURN_IF_ERROR(config.Finish());
  for (const std::string_view field : RequiredRowFieldsOf(mapping.kind)) {
    if (!mapping.fields.contains(field)) {
      return InvalidArgument("{}: a mapping of kind {} needs the field '{}'", name,
                             FeedKindName(mapping.kind), field);
    }
  }
  return mapping;
}

}  // namespace sluice::performance
