#include "api/handlers/money_names.h"

#include <charconv>
#include <vector>

#include "api/handlers/cycle_list_store.h"
#include "api/handlers/run_messages.h"
#include "api/service/resource_path.h"
#include "payments/run_store.h"
#include "performance/program_store.h"

namespace sluice::api {

StatusOr<performance::Program> FindProgramAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const ProgramId id, path.Get<ProgramTag>("programs"));
  auto program = performance::FindProgram(tx, id);
  if (!program) return NotFound("there is no program {}", id);
  return *std::move(program);
}

StatusOr<payments::ProgramPayments> PaymentsOfProgram(pg::Transaction& tx,
                                                      const performance::Program& program) {
  const std::vector<payments::PoolId> pools = LoadPoolIds(tx, program.book);
  const auto pool = pools.size() == 1
                        ? payments::FindPool(tx, program.book, pools.front())
                        : payments::FindPoolByName(tx, program.book, program.name + " pool");
  if (pool) return PaymentsWith(tx, program, *pool);
  return FailedPrecondition("program {} has {} pools, and none is '{} pool': make or name one",
                            program.name, pools.size(), program.name);
}

StatusOr<std::int64_t> NumberIn(std::string_view name, std::string_view collection) {
  const std::string behind = fmt::format("/{}/", collection);
  const std::size_t at = name.rfind(behind);
  const std::string_view text =
      at == std::string_view::npos ? std::string_view() : name.substr(at + behind.size());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 1) {
    return InvalidArgument("{} are known by their numbers, from 1 on", collection);
  }
  return number;
}

Object ObjectOf(PayerId payer, const PaymentParties& parties) {
  Object object{.payer = payer, .owner = parties.party, .path = {}, .funder = {}};
  if (parties.contract_parties.size() == 1) object.path.push_back(parties.contract_parties.front());
  if (parties.under != PartyId()) object.path.push_back(parties.under);
  object.path.push_back(parties.party);
  return object;
}

std::string ProgramName(PayerId payer, ProgramId program) {
  return fmt::format("payers/{}/programs/{}", payer, program);
}

}  // namespace sluice::api
