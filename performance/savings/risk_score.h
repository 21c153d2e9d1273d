// Risk scores by hierarchical condition categories, from tables that the operator gives.
//
//   1. Diagnoses map to categories; a category is dropped when one above it in the hierarchy is
//      there; the score is the demographic coefficient plus one for each category that is left,
//      plus the interactions and the count of categories that the model has.
//   2. Coefficients are exact. The raw score is not normalized: normalization and coding factor are
//      parameters, applied once to the sum.
//   3. A model is named by the digest of everything in it. No table is shipped.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/members/member.h"

namespace sluice::performance {

// Added when the person has at least one category of each group.
struct RiskInteraction {
  std::string coefficient;  // without the segment: "DIABETES_HF_V28"
  std::vector<std::set<std::string>> groups;
};

struct RiskModel {
  std::string name;  // for people: "CMS-HCC V28, payment year 2026"
  std::map<std::string, std::set<std::string>, std::less<>> categories;  // by diagnosis code
  std::map<std::string, std::set<std::string>, std::less<>> below;  // categories a category drops
  std::map<std::string, Ratio, std::less<>> coefficients;           // by name: "CNA_HCC37"
  std::vector<RiskInteraction> interactions;
  Ratio normalization = Ratio(1);  // the raw score is divided by it
  Ratio coding_factor = Ratio(1);  // and multiplied by it

  Digest Hash() const;
};

// Which rows of the tables make the model. Files have the columns of the published tables:
// diagnosis_code, cc, model_name; cc_parent, cc_child, model_domain, model_version; coefficient,
// value, model_domain, model_version.
struct RiskModelFiles {
  std::string name;
  std::string diagnoses_path;
  std::string diagnoses_model;  // "CMS-HCC Model V28"
  std::string hierarchies_path;
  std::string hierarchies_version;  // "V28"
  std::string coefficients_path;
  std::string coefficients_version;  // "C28"
  std::string domain;                // "CMS-HCC"
};
// InvalidArgument names the file and row of a value that cannot be read or contradicts another row;
// NotFound when a table has no row of the model.
StatusOr<RiskModel> LoadRiskModel(const RiskModelFiles& files);

struct RiskPerson {
  std::string segment;  // prefix of the coefficients: "CNA" (community, non-dual, aged)
  Sex sex = Sex::kUnknown;
  int age = 0;                         // on the day that the model names
  std::vector<std::string> diagnoses;  // codes without a dot; order and repeats do not matter
};

// "F65_69", "M0_34", "F95_GT". Requires: the sex is known.
std::string DemographicCell(Sex sex, int age);

struct RiskLine {
  std::string coefficient;
  Ratio value;
  std::string because;  // "diagnosis E1122", "female, 67"
};
struct DroppedCategory {
  std::string category;
  std::string by;  // the category above it
};
struct ScoredPerson {
  Ratio raw;
  Ratio score;  // raw / normalization x coding factor
  std::vector<RiskLine> lines;
  std::vector<DroppedCategory> dropped;
  std::vector<std::string> without_category;  // diagnoses that the model does not know
  std::string ToText() const;
};
// InvalidArgument when the sex is unknown; NotFound when the model has no coefficient for the
// person's segment, sex and age: there is no score then, not a low one.
StatusOr<ScoredPerson> ScorePerson(const RiskModel& model, const RiskPerson& person);

}  // namespace sluice::performance
