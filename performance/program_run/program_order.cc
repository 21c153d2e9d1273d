#include "performance/program_run/program_order.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "performance/program_run/paid_in_episodes.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

using NeedsById = std::map<ProgramId, const ProgramNeeds*>;

// Of programs none of which can run: follows each to the first that it waits for, until one comes
// again.
std::string CircleOf(const NeedsById& waiting) {
  std::vector<ProgramId> path;
  ProgramId at = waiting.begin()->first;
  while (std::ranges::find(path, at) == path.end()) {
    path.push_back(at);
    for (const ProgramId next : waiting.at(at)->after) {
      if (waiting.contains(next)) {
        at = next;
        break;
      }
    }
  }
  std::string text;
  for (auto step = std::ranges::find(path, at); step != path.end(); ++step) {
    text += fmt::format("'{}' takes off what '", waiting.at(*step)->name);
    const auto next = std::next(step);
    text += waiting.at(next == path.end() ? at : *next)->name + "' paid, ";
  }
  return text;
}

// The programs whose bundles the contracts of a request take off.
Status AddNeeds(pg::Transaction& tx, const ProgramRunRequest& request, Instant now,
                ProgramNeeds& needs) {
  const DateRange& period = request.dates.period;
  std::vector<ContractId> ids;
  for (const Contract& contract :
       ContractsInPeriod(tx, request.program, period, request.contracts)) {
    ids.push_back(contract.id);
  }
  std::set<ContractId> bundles;
  for (const TermsRow& row : TermsOn(tx, ids, period.from, now)) {
    if (row.state != TermsState::kInForce) continue;
    ASSIGN_OR_RETURN(const Terms terms, DecodeTerms(row.content));
    for (const auto& [fact, bundle] : BundlesTakenOff(terms)) bundles.insert(bundle);
  }
  const std::vector<ContractId> wanted(bundles.begin(), bundles.end());
  for (const Contract& contract : FindContracts(tx, wanted)) needs.after.insert(contract.program);
  return OkStatus();
}

}  // namespace

StatusOr<std::vector<ProgramId>> OrderPrograms(std::span<const ProgramNeeds> programs) {
  NeedsById waiting;
  for (const ProgramNeeds& program : programs) waiting.emplace(program.program, &program);
  std::vector<ProgramId> order;
  while (!waiting.empty()) {
    const auto next = std::ranges::find_if(waiting, [&](const auto& entry) {
      return std::ranges::none_of(entry.second->after,
                                  [&](ProgramId id) { return waiting.contains(id); });
    });
    if (next == waiting.end()) {
      return FailedPrecondition(
          "no program of a circle can run first: {}so end one of these terms, or put the bundles "
          "into a program of their own",
          CircleOf(waiting));
    }
    order.push_back(next->first);
    waiting.erase(next);
  }
  return order;
}

StatusOr<std::vector<ProgramRunRequest>> InOrder(const pg::Database& database,
                                                 std::vector<ProgramRunRequest> requests,
                                                 Instant now) {
  std::map<ProgramId, ProgramNeeds> needs;
  RETURN_IF_ERROR(database.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    for (const ProgramRunRequest& request : requests) {
      const auto program = FindProgram(tx, request.program);
      if (!program) return NotFound("program {} is not known", request.program);
      ProgramNeeds& of_program = needs[request.program];
      of_program.program = request.program;
      of_program.name = program->name;
      RETURN_IF_ERROR(AddNeeds(tx, request, now, of_program));
    }
    return OkStatus();
  }));
  std::vector<ProgramNeeds> programs;
  for (auto& [id, of_program] : needs) programs.push_back(std::move(of_program));
  ASSIGN_OR_RETURN(const std::vector<ProgramId> order, OrderPrograms(programs));
  std::map<ProgramId, std::size_t> places;
  for (std::size_t i = 0; i < order.size(); ++i) places.emplace(order[i], i);
  std::ranges::stable_sort(requests, {}, [&](const ProgramRunRequest& request) {
    const DateRange& period = request.dates.period;
    return std::tuple(places.at(request.program), period.from, *period.to);
  });
  return requests;
}

}  // namespace sluice::performance
