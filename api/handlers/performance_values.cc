#include "api/handlers/performance_values.h"

#include <vector>

#include "api/handlers/values.h"
#include "performance/program_store.h"

namespace sluice::api {

std::string ContractNameOf(PayerId payer, ContractId contract) {
  return fmt::format("payers/{}/contracts/{}", payer, contract);
}

std::string ProgramNameOf(PayerId payer, ProgramId program) {
  return fmt::format("payers/{}/programs/{}", payer, program);
}

void SetDays(core::v1::DateRange& to, const DateRange& days) {
  Set(*to.mutable_from(), days.from);
  if (days.to) Set(*to.mutable_to(), *days.to);
}

StatusOr<DateRange> ReadDays(const std::string& field, const core::v1::DateRange& days) {
  DateRange read;
  ASSIGN_OR_RETURN(read.from, ReadDate(field + ".from", days.from()));
  if (days.has_to()) {
    ASSIGN_OR_RETURN(read.to, ReadDate(field + ".to", days.to()));
  }
  if (read.IsEmpty()) return WrongFields({{field + ".to", "is later than from"}});
  return read;
}

StatusOr<DateRange> ReadPeriod(const std::string& field, const core::v1::DateRange& days) {
  if (!days.has_to()) return WrongFields({{field + ".to", "is required: the period has an end"}});
  return ReadDays(field, days);
}

StatusOr<performance::Contract> FindContractFor(pg::Transaction& tx, const Call& call,
                                                ContractId contract) {
  const std::vector<performance::Contract> found = performance::FindContracts(tx, {&contract, 1});
  const PartyId owner = found.empty() ? PartyId() : found.front().party;
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = owner, .path = {}, .funder = {}}));
  if (found.empty()) return NotFound("there is no contract {}", contract);
  return found.front();
}

}  // namespace sluice::api
