#include "performance/members/file_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/config.h"

namespace sluice::performance {
namespace {

using hierarchy::RosterDateFormat;
using std::string_view_literals::operator""sv;

constexpr std::array kEligibilityFields = {
    "member_number"sv, "valid_from"sv,   "valid_to"sv, "birth_date"sv,       "sex"sv,
    "death_date"sv,    "zip"sv,          "region"sv,   "line_of_business"sv, "product"sv,
    "plan"sv,          "retro_reason"sv, "withdrawn"sv};
constexpr std::array kEligibilityRequired = {"member_number"sv, "valid_from"sv};

constexpr std::array kMedicalFields = {
    "member_number"sv,  "claim_number"sv,     "line_number"sv,   "kind"sv,
    "service_from"sv,   "service_to"sv,       "procedure_code"sv, "place_of_service"sv,
    "revenue_code"sv,   "drg"sv,              "rendering_npi"sv, "billing_npi"sv,
    "billing_tin"sv,    "allowed"sv,          "paid"sv,          "paid_on"sv,
    "status"sv,         "diagnosis_1"sv,      "diagnosis_2"sv,   "diagnosis_3"sv,
    "diagnosis_4"sv,    "diagnosis_5"sv,      "diagnosis_6"sv,   "diagnosis_7"sv,
    "diagnosis_8"sv,    "diagnosis_9"sv,      "diagnosis_10"sv,  "diagnosis_11"sv,
    "diagnosis_12"sv,   "diagnosis_13"sv,     "diagnosis_14"sv,  "diagnosis_15"sv,
    "diagnosis_16"sv,   "diagnosis_17"sv,     "diagnosis_18"sv,  "diagnosis_19"sv,
    "diagnosis_20"sv,   "diagnosis_21"sv,     "diagnosis_22"sv,  "diagnosis_23"sv,
    "diagnosis_24"sv,   "diagnosis_25"sv};
constexpr std::array kMedicalRequired = {"member_number"sv, "claim_number"sv, "kind"sv,
                                         "service_from"sv};

constexpr std::array kPharmacyFields = {
    "member_number"sv, "claim_number"sv,   "line_number"sv,  "dispensed_on"sv, "ndc"sv,
    "quantity"sv,      "days_supply"sv,    "prescriber_npi"sv, "pharmacy_npi"sv, "allowed"sv,
    "paid"sv,          "paid_on"sv,        "status"sv};
constexpr std::array kPharmacyRequired = {"member_number"sv, "claim_number"sv, "dispensed_on"sv,
                                          "ndc"sv};

constexpr std::array kChoiceFields = {"member_number"sv, "kind"sv,       "provider_npi"sv,
                                      "practice_tin"sv,  "valid_from"sv, "valid_to"sv,
                                      "withdrawn"sv};
constexpr std::array kChoiceRequired = {"member_number"sv, "kind"sv, "provider_npi"sv,
                                        "valid_from"sv};

constexpr std::array kKinds = {MemberFileKind::kEligibility, MemberFileKind::kMedicalClaim,
                               MemberFileKind::kPharmacyClaim, MemberFileKind::kProviderChoice};

// Reads a table whose keys are fields of the kind.
void ReadFields(const ConfigSection& section, FileMapping& mapping,
                std::string FieldSource::*part) {
  for (const std::string& field : section.Keys()) {
    const std::string text = section.RequiredText(field);
    if (std::ranges::find(FieldsOf(mapping.kind), field) == FieldsOf(mapping.kind).end()) {
      section.Fault(field, fmt::format("no field of a file of kind {}; its fields are {}",
                                       MemberFileKindName(mapping.kind),
                                       fmt::join(FieldsOf(mapping.kind), ", ")));
      continue;
    }
    mapping.fields[field].*part = text;
  }
}

Status CheckRequired(const FileMapping& mapping, const std::string& name) {
  for (const std::string_view field : RequiredFieldsOf(mapping.kind)) {
    const auto found = mapping.fields.find(field);
    if (found == mapping.fields.end() ||
        (found->second.column.empty() && found->second.constant.empty())) {
      return InvalidArgument("{}: a mapping of kind {} needs the field '{}' in [columns]", name,
                             MemberFileKindName(mapping.kind), field);
    }
  }
  for (const auto& [field, source] : mapping.fields) {
    if (source.column.empty() && !source.fallback_column.empty()) {
      return InvalidArgument("{}: the field '{}' has a fallback column but no column", name, field);
    }
  }
  return OkStatus();
}

StatusOr<FileMapping> ReadMapping(const Config& config, const std::string& name) {
  const ConfigSection root = config.Root();
  FileMapping mapping;
  mapping.name = root.RequiredText("name");
  std::vector<std::string> kinds;
  for (const MemberFileKind kind : kKinds) kinds.emplace_back(MemberFileKindName(kind));
  if (!root.Has("kind")) root.RequiredText("kind");
  const std::string kind_name = root.Choice("kind", kinds, kinds.front());
  for (const MemberFileKind kind : kKinds) {
    if (MemberFileKindName(kind) == kind_name) mapping.kind = kind;
  }
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
  mapping.full = root.Choice("contents", {"changes", "full"}, "changes") == "full";
  if (mapping.full && mapping.kind != MemberFileKind::kEligibility) {
    root.Fault("contents", "only an eligibility file can be full");
  }
  mapping.round_amounts = root.Choice("amounts", {"exact", "round"}, "exact") == "round";
  mapping.drop_wrong_identifiers =
      root.Choice("identifiers", {"required_form", "drop"}, "required_form") == "drop";
  ReadFields(root.RequiredSection("columns"), mapping, &FieldSource::column);
  ReadFields(root.Section("fallback_columns"), mapping, &FieldSource::fallback_column);
  ReadFields(root.Section("constants"), mapping, &FieldSource::constant);
  const ConfigSection words = root.Section("words");
  for (const std::string& field : words.Keys()) {
    const ConfigSection table = words.Section(field);
    for (const std::string& text : table.Keys()) {
      mapping.words[field][text] = table.RequiredText(text);
    }
  }
  RETURN_IF_ERROR(config.Finish());
  RETURN_IF_ERROR(CheckRequired(mapping, name));
  return mapping;
}

}  // namespace

std::string_view MemberFileKindName(MemberFileKind kind) {
  switch (kind) {
    case MemberFileKind::kEligibility:
      return "eligibility";
    case MemberFileKind::kMedicalClaim:
      return "medical_claim";
    case MemberFileKind::kPharmacyClaim:
      return "pharmacy_claim";
    case MemberFileKind::kProviderChoice:
      return "provider_choice";
  }
  CHECK(false);
  return {};
}

std::span<const std::string_view> FieldsOf(MemberFileKind kind) {
  switch (kind) {
    case MemberFileKind::kEligibility:
      return kEligibilityFields;
    case MemberFileKind::kMedicalClaim:
      return kMedicalFields;
    case MemberFileKind::kPharmacyClaim:
      return kPharmacyFields;
    case MemberFileKind::kProviderChoice:
      return kChoiceFields;
  }
  CHECK(false);
  return {};
}

std::span<const std::string_view> RequiredFieldsOf(MemberFileKind kind) {
  switch (kind) {
    case MemberFileKind::kEligibility:
      return kEligibilityRequired;
    case MemberFileKind::kMedicalClaim:
      return kMedicalRequired;
    case MemberFileKind::kPharmacyClaim:
      return kPharmacyRequired;
    case MemberFileKind::kProviderChoice:
      return kChoiceRequired;
  }
  CHECK(false);
  return {};
}

StatusOr<FileMapping> LoadFileMapping(const std::string& path) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(path));
  return ReadMapping(config, path);
}

StatusOr<FileMapping> ParseFileMapping(std::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(const Config config, Config::FromText(text, name));
  return ReadMapping(config, name);
}

}  // namespace sluice::performance
