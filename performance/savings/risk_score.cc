#include "performance/savings/risk_score.h"

#include <algorithm>
#include <array>

#include "core/csv.h"

namespace sluice::performance {
namespace {

constexpr std::array kAgeBands = {
    std::pair{34, "0_34"},  std::pair{44, "35_44"}, std::pair{54, "45_54"}, std::pair{59, "55_59"},
    std::pair{64, "60_64"}, std::pair{69, "65_69"}, std::pair{74, "70_74"}, std::pair{79, "75_79"},
    std::pair{84, "80_84"}, std::pair{89, "85_89"}, std::pair{94, "90_94"}};

// The count of categories from which one coefficient stands for all larger counts: "D10P".
constexpr std::size_t kOpenCount = 10;

// Calls `row` for each record in which every `where` column has its value.
template <typename Use>
Status ReadRows(const std::string& path,
                const std::vector<std::pair<std::string, std::string>>& where,
                const std::vector<std::string>& wanted, Use use) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path));
  std::vector<std::pair<std::size_t, std::string>> filter;
  for (const auto& [column, value] : where) {
    ASSIGN_OR_RETURN(const std::size_t at, reader.Column(column));
    filter.emplace_back(at, value);
  }
  std::vector<std::size_t> columns;
  for (const std::string& column : wanted) {
    ASSIGN_OR_RETURN(columns.emplace_back(), reader.Column(column));
  }
  std::int64_t used = 0;
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    const bool matches = std::all_of(filter.begin(), filter.end(), [&](const auto& condition) {
      return reader[condition.first] == condition.second;
    });
    if (!matches) continue;
    ++used;
    for (const std::size_t column : columns) {
      if (reader[column].empty()) {
        return reader.BadValue(column, "must not be empty").ToStatus();
      }
    }
    if (auto error = use(reader, columns)) return error->ToStatus();
  }
  RETURN_IF_ERROR(reader.Outcome());
  if (used == 0) return NotFound("{} has no row of the model", path);
  return OkStatus();
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

class Scorer {
 public:
  Scorer(const RiskModel& model, const RiskPerson& person) : model_(model), person_(person) {}

  StatusOr<ScoredPerson> Run() {
    if (person_.sex == Sex::kUnknown) {
      return InvalidArgument("{} scores by sex, and the person's is unknown", model_.name);
    }
    const std::string cell = DemographicCell(person_.sex, person_.age);
    const Ratio* demographic = Find(cell);
    if (demographic == nullptr) {
      return NotFound("{} has no coefficient {}_{}", model_.name, person_.segment, cell);
    }
    Add(cell, *demographic,
        fmt::format("{}, {}", person_.sex == Sex::kFemale ? "female" : "male", person_.age));
    Map();
    Drop();
    for (const auto& [category, diagnosis] : found_) {
      const std::string name = "HCC" + category;
      if (const Ratio* value = Find(name)) {
        Add(name, *value, "diagnosis " + diagnosis);
        ++counted_;
      }
    }
    Interact();
    Count();
    score_.score = score_.raw / model_.normalization * model_.coding_factor;
    return std::move(score_);
  }

 private:
  const Ratio* Find(const std::string& name) const {
    const auto found = model_.coefficients.find(fmt::format("{}_{}", person_.segment, name));
    return found == model_.coefficients.end() ? nullptr : &found->second;
  }
  void Add(const std::string& name, const Ratio& value, std::string because) {
    score_.raw = score_.raw + value;
    score_.lines.push_back(
        {fmt::format("{}_{}", person_.segment, name), value, std::move(because)});
  }

  void Map() {
    const std::set<std::string> diagnoses(person_.diagnoses.begin(), person_.diagnoses.end());
    for (const std::string& diagnosis : diagnoses) {
      const auto categories = model_.categories.find(diagnosis);
      if (categories == model_.categories.end()) {
        score_.without_category.push_back(diagnosis);
        continue;
      }
      for (const std::string& category : categories->second) found_.emplace(category, diagnosis);
    }
  }

  // Every category that another found one stands above, whatever that one's own fate.
  void Drop() {
    std::map<std::string, std::string> dropped;
    for (const auto& [category, diagnosis] : found_) {
      const auto below = model_.below.find(category);
      if (below == model_.below.end()) continue;
      for (const std::string& child : below->second) {
        if (found_.contains(child)) dropped.emplace(child, category);
      }
    }
    for (const auto& [child, parent] : dropped) {
      found_.erase(child);
      score_.dropped.push_back({child, parent});
    }
  }

  void Interact() {
    for (const RiskInteraction& interaction : model_.interactions) {
      const bool all =
          std::all_of(interaction.groups.begin(), interaction.groups.end(), [&](const auto& group) {
            return std::any_of(group.begin(), group.end(),
                               [&](const auto& category) { return found_.contains(category); });
          });
      if (!all) continue;
      if (const Ratio* value = Find(interaction.coefficient)) {
        Add(interaction.coefficient, *value, "interaction");
      }
    }
  }

  void Count() {
    const std::string name =
        counted_ >= kOpenCount ? fmt::format("D{}P", kOpenCount) : fmt::format("D{}", counted_);
    const Ratio* value = Find(name);
    if (value != nullptr && !value->IsZero()) {
      Add(name, *value, fmt::format("{} payment categories", counted_));
    }
  }

  const RiskModel& model_;
  const RiskPerson& person_;
  ScoredPerson score_;
  std::map<std::string, std::string> found_;  // category to the diagnosis that gave it
  std::size_t counted_ = 0;
};

}  // namespace

std::string DemographicCell(Sex sex, int age) {
  CHECK(sex != Sex::kUnknown);
  const char letter = sex == Sex::kFemale ? 'F' : 'M';
  for (const auto& [last, name] : kAgeBands) {
    if (age <= last) return fmt::format("{}{}", letter, name);
  }
  return fmt::format("{}95_GT", letter);
}

StatusOr<RiskModel> LoadRiskModel(const RiskModelFiles& files) {
  RiskModel model{.name = files.name};
  using Columns = std::vector<std::size_t>;
  const Status diagnoses = ReadRows(
      files.diagnoses_path, {{"model_name", files.diagnoses_model}}, {"diagnosis_code", "cc"},
      [&](const CsvReader& row, const Columns& at) -> std::optional<CsvError> {
        model.categories[std::string(row[at[0]])].insert(std::string(row[at[1]]));
        return std::nullopt;
      });
  RETURN_IF_ERROR(diagnoses);
  const Status hierarchies =
      ReadRows(files.hierarchies_path,
               {{"model_domain", files.domain}, {"model_version", files.hierarchies_version}},
               {"cc_parent", "cc_child"},
               [&](const CsvReader& row, const Columns& at) -> std::optional<CsvError> {
                 if (row[at[0]] == row[at[1]])
                   return row.BadValue(at[1], "a category cannot drop itself");
                 model.below[std::string(row[at[0]])].insert(std::string(row[at[1]]));
                 return std::nullopt;
               });
  RETURN_IF_ERROR(hierarchies);
  const Status coefficients = ReadRows(
      files.coefficients_path,
      {{"model_domain", files.domain}, {"model_version", files.coefficients_version}},
      {"coefficient", "value"},
      [&](const CsvReader& row, const Columns& at) -> std::optional<CsvError> {
        const StatusOr<Ratio> value = Ratio::Parse(row[at[1]]);
        if (!value.ok()) return row.BadValue(at[1], "must be a number");
        const auto [known, fresh] = model.coefficients.emplace(Upper(row[at[0]]), *value);
        if (!fresh && known->second != *value) {
          return row.BadValue(at[0], "the coefficient is listed before with another value");
        }
        return std::nullopt;
      });
  RETURN_IF_ERROR(coefficients);
  return model;
}

Digest RiskModel::Hash() const {
  CanonicalWriter writer("risk-model-1");
  writer.Text(name);
  for (const auto& [diagnosis, of] : categories) {
    for (const std::string& category : of) writer.Text(diagnosis).Text(category);
  }
  writer.Text("below");
  for (const auto& [parent, children] : below) {
    for (const std::string& child : children) writer.Text(parent).Text(child);
  }
  writer.Text("coefficients");
  for (const auto& [key, value] : coefficients) writer.Text(key).Text(value.ToFractionString());
  writer.Text("interactions");
  for (const RiskInteraction& interaction : interactions) {
    writer.Text(interaction.coefficient);
    for (const auto& group : interaction.groups) {
      writer.U32(static_cast<std::uint32_t>(group.size()));
      for (const std::string& category : group) writer.Text(category);
    }
  }
  writer.Text(normalization.ToFractionString()).Text(coding_factor.ToFractionString());
  return writer.Hash();
}

std::string ScoredPerson::ToText() const {
  std::string text;
  for (const RiskLine& line : lines) {
    text +=
        fmt::format("  {:<24} {:>8}  {}\n", line.coefficient, line.value.ToString(), line.because);
  }
  for (const DroppedCategory& drop : dropped) {
    text += fmt::format("  HCC{} is dropped: HCC{} is above it\n", drop.category, drop.by);
  }
  for (const std::string& diagnosis : without_category) {
    text += fmt::format("  diagnosis {} has no category\n", diagnosis);
  }
  return text + fmt::format("  raw {}, score {}\n", raw.ToString(), score.ToString());
}

StatusOr<ScoredPerson> ScorePerson(const RiskModel& model, const RiskPerson& person) {
  return Scorer(model, person).Run();
}

}  // namespace sluice::performance
