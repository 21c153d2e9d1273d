#include "performance/quality/measure_service.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/check.h"
#include "performance/program_store.h"
#include "performance/quality/measure_counts.h"
#include "performance/quality/measure_store.h"

namespace sluice::performance {
namespace {

// Contracts that share a stream and a transaction.
constexpr std::size_t kGroup = 128;
constexpr std::string_view kSource = "measure results";

// The counts of one contract that differ from the facts known.
Facts NewCounts(const std::vector<MeasureTotal>& totals, const Facts& known,
                MeasureSummary& summary) {
  Facts changed;
  for (const MeasureTotal& total : totals) {
    ++summary.measures;
    summary.results += total.denominator;
    const MeasureResult result{.numerator = Ratio(total.numerator),
                               .denominator = Ratio(total.denominator)};
    if (known.FindMeasure(total.measure_id) == result) continue;
    ++summary.recorded;
    changed.SetMeasure(total.measure_id, result);
  }
  return changed;
}

// Contracts are in the order of their ids, as the stream is.
Status CountGroup(pg::Transaction& tx, std::span<const Contract> contracts,
                  const MeasureRequest& request, Instant known_at, Instant now, std::int64_t batch,
                  MeasureSummary& summary) {
  std::vector<ContractId> ids;
  for (const Contract& contract : contracts) ids.push_back(contract.id);
  // What was counted from fewer results may have been recorded after them.
  ASSIGN_OR_RETURN(auto known, LoadFacts(tx, ids, request.period, now));
  std::vector<FactSet> sets;
  {
    MeasureStream results(tx, ids, request.period.from, known_at);
    MeasureCounts counts;
    bool more = results.Next();
    for (const ContractId contract : ids) {
      ++summary.contracts;
      for (; more && results.Contract() == contract; more = results.Next()) {
        counts.Add(results.Member(), results.MeasureId(), results.Met());
      }
      Facts changed = NewCounts(counts.Take(), known[contract].own, summary);
      if (changed.Measures().empty()) continue;
      sets.push_back({.contract = contract, .period = request.period, .facts = std::move(changed)});
    }
    CHECK(!more);
  }
  if (!sets.empty()) InsertFacts(tx, sets, now, batch, std::string(kSource));
  return OkStatus();
}

}  // namespace

StatusOr<MeasureSummary> MeasureService::Count(const MeasureRequest& request) {
  const Instant now = clock_.Now();
  const Instant known_at = request.known_at.value_or(now);
  if (known_at > now) {
    return InvalidArgument("known_at {} is in the future", known_at.ToString());
  }
  if (!request.period.to || request.period.IsEmpty()) {
    return InvalidArgument("measures are counted for a closed period; {} is not",
                           request.period.ToString());
  }
  ASSIGN_OR_RETURN(const std::vector<Contract> contracts,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Contract>> {
                     if (!FindProgram(tx, request.program)) {
                       return NotFound("program {} is not known", request.program);
                     }
                     return ContractsInPeriod(tx, request.program, request.period,
                                              request.contracts);
                   }));

  MeasureSummary summary;
  // A group may have millions of results: its COPY is bounded by nothing but its rows.
  const pg::TransactOptions options{.statement_timeout = std::chrono::milliseconds(0),
                                    .idle_timeout = std::chrono::minutes(5)};
  for (std::size_t at = 0; at < contracts.size(); at += kGroup) {
    const std::span group =
        std::span<const Contract>(contracts).subspan(at, std::min(kGroup, contracts.size() - at));
    const std::int64_t batch = ids_.NextValue();
    MeasureSummary of_group;
    RETURN_IF_ERROR(database_.Transact(options, [&](pg::Transaction& tx) -> Status {
      of_group = summary;
      return CountGroup(tx, group, request, known_at, now, batch, of_group);
    }));
    summary = of_group;
    if (request.progress) {
      request.progress(static_cast<std::int64_t>(at + group.size()),
                       static_cast<std::int64_t>(contracts.size()));
    }
  }
  return summary;
}

}  // namespace sluice::performance
