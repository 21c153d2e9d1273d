// sluice.performance.v1.ProgramService: facts of contracts and of parties under them.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "performance/program_service.h"
#include "performance/program_store.h"
#include "sluice/performance/v1/program.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::FactSet;
using performance::FactValue;

constexpr int kMostSets = 1'000;
// The result of a measure is two facts: "measure.hba1c.numerator" and "measure.hba1c.denominator".
constexpr std::string_view kMeasure = "measure.";
constexpr std::string_view kNumerator = ".numerator";
constexpr std::string_view kDenominator = ".denominator";

Status WrongFact(const std::string& field, const std::string& rule) {
  return WrongFields({{field, rule}});
}

bool IsFactName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

// The measure that the name is of; nothing for another fact.
std::optional<std::string> MeasureOf(std::string_view name, std::string_view part) {
  if (!name.starts_with(kMeasure) || !name.ends_with(part)) return std::nullopt;
  if (name.size() <= kMeasure.size() + part.size()) return std::nullopt;
  name.remove_prefix(kMeasure.size());
  name.remove_suffix(part.size());
  return std::string(name);
}

StatusOr<FactValue> ReadValue(const std::string& field, const v1::Fact& fact) {
  switch (fact.value_case()) {
    case v1::Fact::kAmount:
      return FactValue(Exact(Money::FromCents(fact.amount().cents())));
    case v1::Fact::kCount:
      return FactValue(fact.count());
    case v1::Fact::kRatio: {
      const StatusOr<Ratio> ratio = Ratio::Parse(fact.ratio());
      if (ratio.ok()) return FactValue(*ratio);
      return WrongFact(field + ".ratio", "is a fraction or a decimal: 3/200 or 0.015");
    }
    case v1::Fact::kFlag:
      return FactValue(fact.flag());
    case v1::Fact::kText:
      return FactValue(fact.text());
    case v1::Fact::kDate: {
      ASSIGN_OR_RETURN(const Date date, ReadDate(field + ".date", fact.date()));
      return FactValue(date);
    }
    case v1::Fact::VALUE_NOT_SET:
      break;
  }
  return WrongFact(field, "has exactly one value");
}

StatusOr<Ratio> AsRatio(const std::string& field, const FactValue& value) {
  if (const auto* const ratio = std::get_if<Ratio>(&value)) return *ratio;
  if (const auto* const count = std::get_if<std::int64_t>(&value)) return Ratio(*count);
  return WrongFact(field, "of a measure is a count or a ratio");
}

struct MeasureParts {
  std::optional<Ratio> numerator;
  std::optional<Ratio> denominator;
};

Status AddFacts(const std::string& field, const v1::FactSet& from, performance::Facts& to) {
  std::map<std::string, MeasureParts> measures;
  for (int i = 0; i < from.facts_size(); ++i) {
    const std::string place = fmt::format("{}.facts[{}]", field, i);
    const std::string& name = from.facts(i).fact_name();
    if (!IsFactName(name)) {
      return WrongFact(place + ".fact_name", "is letters, digits, '_', '.' and '-'");
    }
    ASSIGN_OR_RETURN(FactValue value, ReadValue(place, from.facts(i)));
    if (const auto measure = MeasureOf(name, kNumerator)) {
      ASSIGN_OR_RETURN(measures[*measure].numerator, AsRatio(place, value));
    } else if (const auto under = MeasureOf(name, kDenominator)) {
      ASSIGN_OR_RETURN(measures[*under].denominator, AsRatio(place, value));
    } else if (name.starts_with(kMeasure)) {
      return WrongFact(place + ".fact_name", "of a measure ends in .numerator or .denominator");
    } else if (to.Has(name)) {
      return WrongFact(place + ".fact_name", "is given twice");
    } else {
      to.Set(name, std::move(value));
    }
  }
  for (const auto& [id, parts] : measures) {
    if (!parts.numerator || !parts.denominator) {
      return WrongFact(field + ".facts",
                       fmt::format("measure {} needs both numerator and denominator", id));
    }
    to.SetMeasure(id, {.numerator = *parts.numerator, .denominator = *parts.denominator});
  }
  return OkStatus();
}

// Of which contract, period and party; without the facts themselves.
StatusOr<FactSet> ReadSubject(const Call& call, const std::string& field, const v1::FactSet& from) {
  FactSet set;
  ASSIGN_OR_RETURN(set.contract, ReadReference<ContractTag>(call, field + ".contract",
                                                            from.contract(), "contracts"));
  ASSIGN_OR_RETURN(set.period, ReadPeriod(field + ".period", from.period()));
  if (!from.party().empty()) {
    ASSIGN_OR_RETURN(set.party,
                     ReadReference<PartyTag>(call, field + ".party", from.party(), "parties"));
  }
  if (!from.under().empty()) {
    ASSIGN_OR_RETURN(set.under,
                     ReadReference<PartyTag>(call, field + ".under", from.under(), "parties"));
  }
  return set;
}

v1::RecordFactsResponse Recorded(std::int64_t count, Instant at) {
  v1::RecordFactsResponse response;
  response.set_recorded(count);
  Set(*response.mutable_record_time(), at);
  return response;
}

StatusOr<v1::RecordFactsResponse> RecordFacts(Call& call, const v1::RecordFactsRequest& request) {
  if (request.fact_sets_size() > kMostSets) {
    return WrongFact("fact_sets", fmt::format("are {} at most; send the others apart", kMostSets));
  }
  std::vector<FactSet> sets;
  for (int i = 0; i < request.fact_sets_size(); ++i) {
    const std::string field = fmt::format("fact_sets[{}]", i);
    ASSIGN_OR_RETURN(FactSet set, ReadSubject(call, field, request.fact_sets(i)));
    RETURN_IF_ERROR(AddFacts(field, request.fact_sets(i), set.facts));
    sets.push_back(std::move(set));
  }
  std::int64_t recorded = 0;
  return call.Change<v1::RecordFactsResponse>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         performance::ProgramService programs(database, call.Clock(), call.Ids());
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(recorded,
                            programs.RecordNewFacts(tx, sets, request.source(), call.Now()));
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::RecordFactsResponse> {
         return Recorded(recorded, call.Now());
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.source()});
}

// "measure.hba1c" is the result of a measure.
std::string StoredName(const std::string& fact) {
  for (const std::string_view part : {kNumerator, kDenominator, std::string_view()}) {
    if (const auto measure = MeasureOf(fact, part)) return performance::MeasureFactName(*measure);
  }
  return fact;
}

StatusOr<v1::RecordFactsResponse> RetractFact(Call& call, const v1::RetractFactRequest& request) {
  ASSIGN_OR_RETURN(const FactSet which, ReadSubject(call, "from", request.from()));
  if (!IsFactName(request.fact())) {
    return WrongFact("fact", "is letters, digits, '_', '.' and '-'");
  }
  return call.Change<v1::RecordFactsResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return performance::ProgramService(database, call.Clock(), call.Ids())
                 .RetractFact(which, StoredName(request.fact()), request.source());
           },
       .after = [&](pg::Transaction&) -> StatusOr<v1::RecordFactsResponse> {
         return Recorded(1, call.Now());
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.source()});
}

}  // namespace

void ServeFacts(Methods& methods) {
  const std::string service = "sluice.performance.v1.ProgramService.";
  methods.Serve<v1::RecordFactsRequest, v1::RecordFactsResponse>(service + "RecordFacts",
                                                                 RecordFacts);
  methods.Serve<v1::RetractFactRequest, v1::RecordFactsResponse>(service + "RetractFact",
                                                                 RetractFact);
}

}  // namespace sluice::api
