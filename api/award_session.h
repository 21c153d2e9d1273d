// What the commands about calculated awards share. Internal to them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/session.h"
#include "performance/program_run/program_run.h"
#include "performance/recalculation/recalculator.h"

namespace sluice::api {

// Every run of a program, the first and each one again, reads what its book knows: what was
// withheld from payees.
void AddLedgerSources(performance::ProgramRun& run, BookId book);

// What runs calculations of any program of the payer again. The session outlives it.
StatusOr<std::unique_ptr<performance::ProgramRecalculator>> MakeRecalculator(Session& session);

// The contract with this id. NotFound says how to list them.
StatusOr<performance::Contract> FindContract(Session& session, std::string_view text);

// "ctr_...  Lakes ACO (pty_...)", with the party's name of today. One read for all it is asked.
class ContractTitles {
 public:
  static StatusOr<ContractTitles> Load(Session& session);
  std::string Of(ContractId contract) const;

 private:
  std::map<ContractId, std::string> titles_;
};

}  // namespace sluice::api
