#include "api/program_payments.h"

#include <algorithm>

#include "payments/checks/check_store.h"
#include "payments/run_store.h"

namespace sluice::api {

StatusOr<payments::ProgramPayments> PaymentsOf(Session& session,
                                               const performance::Program& program,
                                               const std::string& pool_name) {
  const std::string name = pool_name.empty() ? program.name + " pool" : pool_name;
  payments::PlanSettings plan;
  ASSIGN_OR_RETURN(const std::optional<payments::Pool> pool,
                   session.Database().Transact(
                       [&](pg::Transaction& tx) -> StatusOr<std::optional<payments::Pool>> {
                         auto found = payments::FindPoolByName(tx, program.book, name);
                         // Numbers to print make a program one that can pay by check.
                         plan.pays_by_check =
                             found &&
                             std::ranges::any_of(payments::LoadCheckStocks(tx, program.book),
                                                 [&](const payments::CheckStock& stock) {
                                                   return stock.account == found->bank_account;
                                                 });
                         return found;
                       }));
  if (!pool) {
    return NotFound("program {} has no pool '{}'; name it with --pool", program.name, name);
  }
  return payments::ProgramPayments{.payer = session.Payer(),
                                   .program = program.id,
                                   .book = program.book,
                                   .payer_code = "",
                                   .program_code = "",
                                   .program_name = program.name,
                                   .pool = *pool,
                                   .plan = plan,
                                   .approval_tiers = {}};
}

}  // namespace sluice::api
