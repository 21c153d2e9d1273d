#include "api/award_session.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "payments/withheld_balance_source.h"
#include "performance/program_store.h"

namespace sluice::api {

using performance::Contract;
using performance::ProgramRecalculator;

void AddLedgerSources(performance::ProgramRun& run, BookId book) {
  run.AddSource(std::make_unique<payments::WithheldBalanceSource>(book));
}

StatusOr<std::unique_ptr<ProgramRecalculator>> MakeRecalculator(Session& session) {
  std::map<ProgramId, BookId> books;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    for (const performance::Program& program : performance::ListPrograms(tx)) {
      books[program.id] = program.book;
    }
    return OkStatus();
  }));
  const auto prepare = [books = std::move(books)](performance::ProgramRun& run, ProgramId program) {
    // A program that was added since has no award that could be run again.
    if (const auto book = books.find(program); book != books.end()) {
      AddLedgerSources(run, book->second);
    }
  };
  return std::make_unique<ProgramRecalculator>(session.Database(), session.Payer(), session.Clock(),
                                               session.Ids(), prepare);
}

StatusOr<Contract> FindContract(Session& session, std::string_view text) {
  ASSIGN_OR_RETURN(const ContractId id, ContractId::Parse(text));
  return session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<Contract> {
    const std::vector<Contract> found = performance::FindContracts(tx, {&id, 1});
    if (!found.empty()) return found.front();
    return NotFound("there is no contract {}; list them with: sluice contract list", id);
  });
}

StatusOr<ContractTitles> ContractTitles::Load(Session& session) {
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(session.Today()));
  return session.Database().Transact([&](pg::Transaction& tx) -> StatusOr<ContractTitles> {
    ContractTitles titles;
    for (const performance::Program& program : performance::ListPrograms(tx)) {
      for (const Contract& contract : performance::ContractsOfProgram(tx, program.id)) {
        titles.titles_[contract.id] =
            fmt::format("{}  {}", contract.id, hierarchy.NameOf(contract.party));
      }
    }
    return titles;
  });
}

std::string ContractTitles::Of(ContractId contract) const {
  const auto title = titles_.find(contract);
  return title == titles_.end() ? contract.ToString() : title->second;
}

}  // namespace sluice::api
