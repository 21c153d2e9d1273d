// What the columns of a payer's member file mean: a mapping that an operator writes once per file
// layout, in TOML. deploy/config holds two examples.
//
//   name = "tuva_medical_claim"       a name for the log
//   kind = "medical_claim"            or "eligibility", "pharmacy_claim", "provider_choice"
//   encoding = "utf-8"                or "ascii": then any other byte refuses the row
//   separator = ","                   one character
//   ends_with_newline = true          a file that does not was cut; false by default
//   date_format = "YYYY-MM-DD"        or "MM/DD/YYYY" or "YYYYMMDD"
//   contents = "changes"              the default: what the file leaves out stands; "full": an
//                                     eligibility file that states all coverage of its period
//   to_is_last_day = true             the default; false when an end is the first day after
//   amounts = "exact"                 more than two decimals refuse the row; "round": half away
//                                     from zero to the cent, with a warning
//   identifiers = "required_form"     a wrong NPI or TIN refuses the row; "drop": reads as empty,
//                                     with a warning
//   [columns]                         our field = the column of the file
//   member_number = "patient_id"
//   [fallback_columns]                where the first column is empty
//   service_from = "claim_start_date"
//   [constants]                       our field = one text for every row, where the cell is empty
//   line_of_business = "medicare"
//   [words.sex]                       a text of the file = our word; others must be our words
//   M = "male"
//
// The fields of each kind (* must be mapped, and a row must have it):
//   eligibility      member_number* valid_from* valid_to birth_date sex death_date zip region
//                    line_of_business product plan withdrawn retro_reason
//   medical_claim    member_number* claim_number* line_number kind* service_from* service_to
//                    procedure_code place_of_service revenue_code drg diagnosis_1 ... diagnosis_25
//                    rendering_npi billing_npi billing_tin allowed paid paid_on status
//   pharmacy_claim   member_number* claim_number* line_number dispensed_on* ndc* quantity
//                    days_supply prescriber_npi pharmacy_npi allowed paid paid_on status
//   provider_choice  member_number* kind* provider_npi* practice_tin valid_from* valid_to withdrawn
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "hierarchy/roster_mapping.h"

namespace sluice::performance {

enum class MemberFileKind : std::uint8_t {
  kEligibility,
  kMedicalClaim,
  kPharmacyClaim,
  kProviderChoice,
};

// "medical_claim".
std::string_view MemberFileKindName(MemberFileKind kind);

// Where one field comes from. A row takes the first of column, fallback and constant that is not
// empty.
struct FieldSource {
  std::string column;
  std::string fallback_column;
  std::string constant;
};

struct FileMapping {
  std::string name;
  MemberFileKind kind = MemberFileKind::kEligibility;
  bool ascii_only = false;
  char separator = ',';
  bool ends_with_newline = false;
  hierarchy::RosterDateFormat date_format = hierarchy::RosterDateFormat::kIso;
  bool to_is_last_day = true;
  bool full = false;  // coverage_refresh.h; of an eligibility file
  bool round_amounts = false;
  bool drop_wrong_identifiers = false;
  std::map<std::string, FieldSource, std::less<>> fields;
  // By field: what a text of the file stands for.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> words;
};

// The fields of a kind in the order above, and those a row must have.
std::span<const std::string_view> FieldsOf(MemberFileKind kind);
std::span<const std::string_view> RequiredFieldsOf(MemberFileKind kind);

// Reads a mapping file. InvalidArgument names file, line, key and what is expected.
StatusOr<FileMapping> LoadFileMapping(const std::string& path);
// The same from text; `name` stands for the file in messages.
StatusOr<FileMapping> ParseFileMapping(std::string_view text, const std::string& name);

}  // namespace sluice::performance
